"""A savings plan: whether its rows add up to its total, and what its amounts mean from year to year."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import KindError, NoDataError, ShapeError
from xlmodel.model.decimals import difference, running_sum
from xlmodel.model.domain import FloatArray, TextArray, aligned, refuse, whole_places
from xlmodel.model.precision import half_unit, verdict

__all__ = ["BASES", "plan_basis", "plan_total"]

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
    start, end = _rank("from_basis", from_basis), _rank("to_basis", to_basis)
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


def _rank(argument: str, words: ArrayLike) -> NDArray[np.int64]:
    given = np.asarray(words, dtype=object)
    names = np.array([x.strip().lower() if isinstance(x, str) else "" for x in given.flat], dtype=object)
    rank = np.array([BASES.index(x) if x in BASES else -1 for x in names], dtype=np.int64).reshape(given.shape)
    requirement = f"{argument} must be level, new_in_year or running_total"
    refuse(rank < 0, requirement, argument, given, error=KindError)
    return cast("NDArray[np.int64]", rank)
