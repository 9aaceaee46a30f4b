"""Rates per 10,000 children, the populations they imply, and change in per cent."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import NoDataError, ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient, rounded
from xlmodel.model.domain import FloatArray, aligned, not_negative, refuse, whole_places
from xlmodel.model.precision import half_unit

__all__ = ["common_population", "count_from_rate", "implied_population", "pct_change", "rate_per_10k"]

_PER = 10_000.0


def rate_per_10k(count: ArrayLike, population: ArrayLike, dp: ArrayLike | None = None) -> FloatArray:
    """Return children per 10,000 of the population.

    Parameters
    ----------
    count : array_like, children
        Children counted, >= 0 and no more than `population`.
    population : array_like, children
        Children aged 0 to 17, > 0.
    dp : array_like, decimal places, optional
        Places to round to, half away from zero; None or NaN leaves the rate unrounded.

    Returns
    -------
    ndarray, per 10,000

    Raises
    ------
    ZeroDenominatorError
        `population` is 0. Excel: #DIV/0!.
    DomainError
        `population` or `count` < 0, `count` > `population`, or `dp` is not a whole number from -15 to 15.
        Excel: #NUM!.

    Examples
    --------
    >>> float(rate_per_10k(412, 49756.1, 2))
    82.8

    References
    ----------
    docs/model.md, "Rates".
    """
    places = np.nan if dp is None else dp
    n, p, places = aligned({"count": count, "population": population, "dp": places})
    refuse(p < 0, "population must be > 0", "population", p)
    refuse(p == 0, "population must be > 0", "population", p, error=ZeroDenominatorError)
    not_negative(count=n)
    refuse(n > p, "count must be <= population", "count", n)
    whole_places(dp=places)
    return rounded(quotient(n, p, times=_PER), places)


def implied_population(
    count: ArrayLike, rate: ArrayLike, dp: ArrayLike = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the population that a count and a printed rate imply, and the interval the rate's rounding leaves.

    Parameters
    ----------
    count : array_like, children
        Children counted, > 0; taken as exact.
    rate : array_like, per 10,000
        The rate as printed, > 0.
    dp : array_like, decimal places
        Places the rate is printed to.

    Returns
    -------
    point, low, high : ndarray, children
        The population is above `low` and no more than `high`. `high` is NaN where the rate is within half a printed
        unit of 0, so that no population is too large.

    Raises
    ------
    ZeroDenominatorError
        `rate` is 0. Excel: #DIV/0!.
    DomainError
        `rate` < 0, `count` < 0, `count` is 0 at a rate above 0, or `dp` is not a whole number from -15 to 15.
        Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 1) for x in implied_population(539, 108)]
    [49907.4, 49677.4, 50139.5]

    References
    ----------
    docs/model.md, "Rates".
    """
    n, r, places = aligned({"count": count, "rate": rate, "dp": dp})
    point, low, high = _interval(n, r, places, core=0, names=("count", "rate"))
    return point, low, np.where(np.isinf(high), np.nan, high)


def _interval(
    n: FloatArray, r: FloatArray, places: FloatArray, *, core: int, names: tuple[str, str]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return point, low and high, which is infinite where the rate is within half a unit of 0."""
    count, rate = names
    not_negative(core=core, **{count: n, rate: r})
    refuse(r == 0, f"{rate} must be > 0", rate, r, core=core, error=ZeroDenominatorError)
    refuse(n == 0, f"{count} must be > 0 at a rate above 0", count, n, core=core)
    whole_places(core=core, dp=places)
    half = half_unit(places)
    least = difference(r, half)
    high = np.where(least <= 0, np.inf, quotient(n, least, times=_PER))
    return quotient(n, r, times=_PER), quotient(n, exact_sum(r, half), times=_PER), high


def common_population(counts: ArrayLike, rates: ArrayLike, dp: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the populations that several counts and printed rates can share.

    Parameters
    ----------
    counts : array_like, shape (..., rates), children
        Children counted, > 0; taken as exact.
    rates : array_like, shape (..., rates), per 10,000
        The rates as printed, > 0.
    dp : array_like, shape (..., rates), decimal places
        Places each rate is printed to.

    Returns
    -------
    low, high : ndarray, children
        The population is above `low` and no more than `high`; `high` is NaN where no rate sets a limit.

    Raises
    ------
    NoDataError
        No population gives all the rates; the two rows that are furthest apart are named. Excel: #N/A.
    ZeroDenominatorError
        A rate is 0. Excel: #DIV/0!.
    DomainError
        A rate or a count < 0, a count of 0, or `dp` is not a whole number from -15 to 15. Excel: #NUM!.
    ShapeError
        The vectors have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> low, high = common_population([539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1])
    >>> round(float(low), 1), round(float(high), 1)
    (49677.4, 49877.8)

    References
    ----------
    docs/model.md, "Rates".
    """
    n, r, places = aligned({}, {"counts": counts, "rates": rates, "dp": dp})
    _, lows, highs = _interval(n, r, places, core=1, names=("counts", "rates"))
    low, high = lows.max(axis=-1), highs.min(axis=-1)
    rows = np.stack([lows.argmax(axis=-1), highs.argmin(axis=-1)], axis=-1)
    # An interval is open at its low end, so that touching is clashing.
    none = np.asarray((low >= high) & (rows[..., 0] != rows[..., 1]))
    if none.any():
        clash = rows[none][0]
        first, second = sorted(int(x) + 1 for x in clash)
        requirement = f"rates must have one population in common; rows {first} and {second} clash"
        refuse(none & (rows == clash).all(axis=-1), requirement, "rates", error=NoDataError)
    return low, np.where(np.isinf(high), np.nan, high)


def count_from_rate(rate: ArrayLike, population: ArrayLike) -> FloatArray:
    """Return the children that a rate means in a population.

    Parameters
    ----------
    rate : array_like, per 10,000
        The rate, >= 0.
    population : array_like, children
        Children aged 0 to 17, >= 0.

    Returns
    -------
    ndarray, children
        Unrounded; from a printed rate it is no count to price.

    Raises
    ------
    DomainError
        `rate` or `population` < 0. Excel: #NUM!.

    Examples
    --------
    >>> float(count_from_rate(85, 49756.1))
    422.92685

    References
    ----------
    docs/model.md, "Rates".
    """
    r, p = aligned({"rate": rate, "population": population})
    not_negative(rate=r, population=p)
    return quotient(exact_dot(r[..., None], p[..., None]), np.asarray(_PER))


def pct_change(old: ArrayLike, new: ArrayLike) -> FloatArray:
    """Return the change from an old to a new figure as a fraction of the old one's size.

    Parameters
    ----------
    old : array_like
        The figure before, not 0.
    new : array_like, same unit
        The figure after.

    Returns
    -------
    ndarray, fraction
        0.5 is 50 %; positive where the figure rose, from a negative one too.

    Raises
    ------
    ZeroDenominatorError
        `old` is 0. Excel: #DIV/0!.

    Examples
    --------
    >>> float(pct_change(44, 66))
    0.5

    References
    ----------
    docs/model.md, "Rates".
    """
    before, after = aligned({"old": old, "new": new})
    refuse(before == 0, "old must not be 0", "old", before, error=ZeroDenominatorError)
    return quotient(difference(after, before), np.abs(before))
