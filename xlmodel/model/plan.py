"""A savings plan: what its rows add up to, what they mean from year to year, and what can be relied on."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import ArgumentError, DomainError, KindError, NoDataError, ShapeError
from xlmodel.model.decimals import difference, exact_dot, running_sum
from xlmodel.model.domain import FloatArray, TextArray, aligned, flags, not_negative, real, refuse, whole_places
from xlmodel.model.precision import half_unit, verdict
from xlmodel.model.words import choice, texts

__all__ = ["BASES", "overlap_check", "plan_basis", "plan_total", "rag", "risk_adjusted"]

#: What an amount can mean, each the running sum of the one before it.
BASES = ("new_in_year", "level", "running_total")


def plan_total(
    amounts: ArrayLike, stated: ArrayLike, dp: ArrayLike, dp_total: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, TextArray]:
    """Return the sum of a plan's rows, its distance from the stated total, and whether rounding explains it.

    Parameters
    ----------
    amounts : array_like, shape (..., rows)
        The rows as printed.
    stated : array_like, same unit
        The total as printed.
    dp : array_like, shape (..., rows), decimal places
        Places each row is printed to; 0 for "5", negative for tens and thousands.
    dp_total : array_like, decimal places
        Places the total is printed to.

    Returns
    -------
    total, gap, bound : ndarray, same unit
        The exact decimal sum; the sum less the stated total; the most that rounding of all the figures can hide.
    verdict : ndarray of str
        ``TIES``, ``ROUNDING`` or ``DOES NOT TIE``.

    Raises
    ------
    DomainError
        `dp` or `dp_total` is not a whole number from -15 to 15. Excel: #NUM!.
    NoDataError
        A figure is missing: there is nothing to judge. Excel: #N/A.
    ShapeError
        `amounts` and `dp` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> total, gap, bound, word = plan_total([1.0, 0.4, 0.0, 1.2, 0.38], 3.08, [1, 1, 1, 1, 2], 2)
    >>> float(total), float(gap), float(bound), str(word)
    (2.98, -0.1, 0.21, 'ROUNDING')

    References
    ----------
    docs/model.md, "Savings plan".
    """
    end, places_total, rows, places = aligned({"stated": stated, "dp_total": dp_total}, {"amounts": amounts, "dp": dp})
    for name, x in (("amounts", rows), ("stated", end), ("dp", places), ("dp_total", places_total)):
        refuse(np.isnan(x), f"{name} must not be missing", name, core=x.ndim - end.ndim, error=NoDataError)
    whole_places(core=1, dp=places)
    whole_places(dp_total=places_total)
    halves = np.concatenate([half_unit(places), half_unit(places_total)[..., None]], axis=-1)
    total, bound = running_sum(rows)[..., -1], running_sum(halves)[..., -1]
    gap = running_sum(np.concatenate([rows, -end[..., None]], axis=-1))[..., -1]
    return total, gap, bound, verdict(gap, bound)


def plan_basis(amounts: ArrayLike, from_basis: ArrayLike, to_basis: ArrayLike) -> FloatArray:
    """Return a plan's amounts on another basis.

    Parameters
    ----------
    amounts : array_like, shape (..., years)
        One amount a year, the years in order from the first of the plan.
    from_basis : array_like of str
        What the amounts are: ``level``, the saving in each year; ``new_in_year``, what each year adds to the level;
        ``running_total``, all saved since the start. Capitals do not matter.
    to_basis : array_like of str
        What they are to become, in the same words.

    Returns
    -------
    ndarray, shape (..., years), unit of `amounts`

    Raises
    ------
    KindError
        A basis is none of the three words. Excel: #VALUE!.

    Examples
    --------
    >>> plan_basis([1, 4.2, 6], "level", "new_in_year")
    array([1. , 3.2, 1.8])
    >>> plan_basis([1, 4.2, 6], "level", "running_total")
    array([ 1. ,  5.2, 11.2])

    References
    ----------
    docs/model.md, "Savings plan".
    """
    (out,) = aligned({}, {"amounts": amounts})
    start, end = choice("from_basis", from_basis, BASES), choice("to_basis", to_basis, BASES)
    try:
        lead = np.broadcast_shapes(out.shape[:-1], start.shape, end.shape)
    except ValueError:
        raise ShapeError("the arguments must have the same number of rows, or one") from None
    steps = np.broadcast_to(end - start, lead)[..., None]
    out = np.broadcast_to(out, lead + out.shape[-1:])
    for level in (1, 2):
        out = np.where(steps >= level, running_sum(out), np.where(steps <= -level, _steps(out), out))
    return out


def _steps(amounts: FloatArray) -> FloatArray:
    """Return what each amount adds to the one before: the inverse of a running sum."""
    before = np.concatenate([np.zeros_like(amounts[..., :1]), amounts[..., :-1]], axis=-1)
    return difference(amounts, before)


def risk_adjusted(
    amount: ArrayLike, confidence: ArrayLike, risk: ArrayLike, table: object
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return a saving weighted by a signed-off table of confidence and risk.

    Parameters
    ----------
    amount : array_like, pounds
        The saving as planned, >= 0.
    confidence, risk : array_like of str
        How sure the saving is and how risky, in the words of the table; capitals and blanks around do not matter.
    table : array_like, shape (..., rows, 5)
        A row for each pair of words: confidence, risk, and the low, expected and high weight, fractions >= 0 in order
        of size. A weight above 1 expects more than is planned.

    Returns
    -------
    low, expected, high : ndarray, pounds

    Raises
    ------
    DomainError
        `amount` < 0, or weights that are negative or not in order of size. Excel: #NUM!.
    NoDataError
        The table has no row for the two words, or a blank one. Excel: #N/A.
    KindError
        Text for a weight, a number for a word, or two rows for the same pair of words. Excel: #VALUE!.
    ShapeError
        `table` has not five columns. Excel: #VALUE!.

    Examples
    --------
    >>> low, expected, high = risk_adjusted(2.98, "Medium", "high", [["medium", "high", 0.4, 0.6, 0.8]])
    >>> float(low), float(expected), float(high)
    (1.192, 1.788, 2.384)

    References
    ----------
    docs/model.md, "Savings plan".
    """
    pairs, weights = _weights(table)
    named = [_folded(name, words) for name, words in (("confidence", confidence), ("risk", risk))]
    (a,) = aligned({"amount": amount})
    try:
        a, sure, risky = np.broadcast_arrays(a, *named)
        shape = np.broadcast_shapes(a.shape, pairs.shape[:-2])
    except ValueError:
        raise ShapeError("the arguments must have the same number of rows, or one") from None
    a, sure, risky = (np.broadcast_to(x, shape) for x in (a, sure, risky))
    not_negative(amount=a)
    for name, words in (("confidence", sure), ("risk", risky)):
        refuse(np.asarray(words == ""), f"{name} must not be missing", name, error=NoDataError)
    found = (pairs[..., 0] == sure[..., None]) & (pairs[..., 1] == risky[..., None])
    unknown = ~found.any(axis=-1)
    if unknown.any():
        first = sure[unknown].flat[0], risky[unknown].flat[0]
        same = unknown & (sure == first[0]) & (risky == first[1])
        requirement = f'table must have a row for confidence "{first[0]}" and risk "{first[1]}"'
        refuse(np.asarray(same), requirement, "table", error=NoDataError)
    row = np.broadcast_to(weights, (*shape, *weights.shape[-2:]))
    chosen = np.take_along_axis(row, found.argmax(axis=-1)[..., None, None], axis=-2)[..., 0, :]
    low, expected, high = (exact_dot(a[..., None], chosen[..., i, None]) for i in range(3))
    return low, expected, high


def _folded(argument: str, words: object, core: int = 0) -> TextArray:
    given = texts(argument, words, core=core)  # type: ignore[arg-type]
    out = np.empty(given.size, dtype=object)
    out[:] = [str(word).casefold() for word in given.flat]
    return out.reshape(given.shape)


def _weights(table: object) -> tuple[TextArray, FloatArray]:
    """Return a table's pairs of words and their weights; a table in which a pair is not one row is refused."""
    cells = np.asarray(table, dtype=object)
    if cells.ndim < 2 or cells.shape[-1] != 5:
        requirement = "table must have five columns: confidence, risk, low, expected and high weight"
        raise ShapeError(requirement, argument="table")
    pairs, weights = _folded("table", cells[..., :2], core=2), real("table", cells[..., 2:])
    missing = np.asarray(pairs == "").any(axis=-1) | np.isnan(weights).any(axis=-1)
    _refuse_rows(missing, "table must not have blank cells", error=NoDataError)
    inside = (weights >= 0) & np.isfinite(weights)
    ordered = inside.all(axis=-1) & (np.diff(weights, axis=-1) >= 0).all(axis=-1)
    _refuse_rows(~ordered, "table must have weights of 0 <= low <= expected <= high")
    alike = (pairs[..., :, None, :] == pairs[..., None, :, :]).all(axis=-1)
    again = np.tril(alike, k=-1).any(axis=-1)
    _refuse_rows(again, "table must have one row for each confidence and risk", error=KindError)
    return pairs, weights


def _refuse_rows(
    bad: NDArray[np.bool_] | np.bool_, requirement: str, *, error: type[ArgumentError] = DomainError
) -> None:
    """Refuse a table for its rows, naming the first one."""
    marked = np.asarray(bad)
    if marked.any():
        row = int(np.argwhere(marked)[0, -1]) + 1
        refuse(marked, requirement, "table", np.full(marked.shape, f"row {row}"), core=1, error=error)


def rag(value: ArrayLike, target: ArrayLike, amber: ArrayLike, higher_is_better: ArrayLike = False) -> TextArray:
    """Return GREEN, AMBER or RED for a value against its target.

    Parameters
    ----------
    value, target : array_like
        What is measured, and what it should be.
    amber : array_like, same unit
        How far on the wrong side of the target is still amber, >= 0; exactly that far is amber.
    higher_is_better : array_like of bool
        Where false, a value below the target is a good one, as for cost or children in care.

    Returns
    -------
    ndarray of str

    Raises
    ------
    DomainError
        `amber` < 0. Excel: #NUM!.
    NoDataError
        A figure is missing. Excel: #N/A.

    Examples
    --------
    >>> rag([13, 16, 17], 13, 3).tolist()
    ['GREEN', 'AMBER', 'RED']

    References
    ----------
    docs/model.md, "Savings plan".
    """
    names = ("value", "target", "amber")
    given = aligned(dict(zip(names, (value, target, amber), strict=True)))
    for name, x in zip(names, given, strict=True):
        refuse(np.isnan(x), f"{name} must not be missing", name, error=NoDataError)
    v, t, margin = given
    not_negative(amber=margin)
    upwards = flags("higher_is_better", higher_is_better)
    try:
        upwards, v, t, margin = np.broadcast_arrays(upwards, v, t, margin)
    except ValueError:
        raise ShapeError("the arguments must have the same number of rows, or one") from None
    short = difference(np.where(upwards, t, v), np.where(upwards, v, t))
    words = np.array(["GREEN", "AMBER", "RED"], dtype=object)
    return np.asarray(words[np.where(short <= 0, 0, np.where(short <= margin, 1, 2))], dtype=object)


def overlap_check(claimed: ArrayLike, baseline_starts: ArrayLike, plan_starts: ArrayLike) -> FloatArray:
    """Return how many children several savings lines claim beyond those that one counterfactual has to give.

    Parameters
    ----------
    claimed : array_like, shape (..., lines), children
        The avoided starts that each line of the plan counts on, >= 0.
    baseline_starts : array_like, children
        Starts in the same period without the plan, >= 0.
    plan_starts : array_like, children
        Starts with it, >= 0 and no more than `baseline_starts`.

    Returns
    -------
    ndarray, children
        0 where the lines together claim no more than there is to avoid.

    Raises
    ------
    DomainError
        A negative number, or `plan_starts` > `baseline_starts`: there is nothing to avoid. Excel: #NUM!.

    Examples
    --------
    >>> float(overlap_check([48, 40, 24], 180, 140))
    72.0

    References
    ----------
    docs/model.md, "Savings plan".
    """
    baseline, plan, lines = aligned(
        {"baseline_starts": baseline_starts, "plan_starts": plan_starts}, {"claimed": claimed}
    )
    not_negative(core=1, claimed=lines)
    not_negative(baseline_starts=baseline, plan_starts=plan)
    refuse(plan > baseline, "plan_starts must be <= baseline_starts", "plan_starts", plan)
    terms = np.concatenate([lines, plan[..., None], -baseline[..., None]], axis=-1)
    return np.maximum(running_sum(terms)[..., -1], 0.0)
