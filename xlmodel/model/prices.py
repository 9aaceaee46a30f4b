"""Prices over the years: uplift on 1 April, real terms, and present value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import NoDataError, ShapeError
from xlmodel.model.decimals import exact_dot, quotient
from xlmodel.model.domain import FloatArray, aligned, refuse
from xlmodel.model.words import choice
from xlmodel.model.years import start_years

__all__ = ["GREEN_BOOK_RATES", "TIMINGS", "present_value", "price_levels", "real_terms", "uplift"]

TIMINGS = ("start", "mid", "end")

#: The Green Book's real discount rates of 2022: the last year each is for, and the rate. Under review in 2026.
GREEN_BOOK_RATES = ((30, 0.035), (75, 0.03), (10**6, 0.025))


def price_levels(rates: ArrayLike, years: int) -> FloatArray:
    """Return the level of prices in each of several years, from their rises on 1 April; the prices start at 1.

    Parameters
    ----------
    rates : array_like, shape (..., 1) or (..., years), fraction, > -1
        One rate: the rise on every 1 April after the first year. Else the rise on the 1 April that starts each year,
        the first included.
    years : int
        Number of years.

    Returns
    -------
    ndarray, shape (..., years)

    Raises
    ------
    DomainError
        A rate <= -1. Excel: #NUM!.
    ShapeError
        Neither one rate nor one for each year. Excel: #VALUE!.

    Examples
    --------
    >>> price_levels([0.05], 3)
    array([1.    , 1.05  , 1.1025])
    >>> price_levels([0, 0.05, 0.02], 3)
    array([1.   , 1.05 , 1.071])

    References
    ----------
    docs/model.md, "Unit cost".
    """
    (rises,) = aligned({}, {"uplift": rates})
    if rises.shape[-1] not in (1, years):
        requirement = f"uplift must be one rate or {years}, one for each year"
        raise ShapeError(requirement, argument="uplift", offender=rises.shape[-1])
    refuse(rises <= -1, "uplift must be > -1", "uplift", rises, core=1)
    level = np.ones(rises.shape[:-1])
    out = np.empty((*level.shape, years))
    for year in range(years):
        if year or rises.shape[-1] == years > 1:
            level = _raised(level, rises[..., min(year, rises.shape[-1] - 1)])
        out[..., year] = level
    return out


def _raised(level: FloatArray, rate: FloatArray) -> FloatArray:
    return exact_dot(np.stack([level, level], axis=-1), np.stack([np.ones_like(rate), rate], axis=-1))


def uplift(amount: ArrayLike, rates: ArrayLike, from_fy: ArrayLike, to_fy: ArrayLike) -> FloatArray:
    """Return an amount at the prices of one year in those of another; prices rise on 1 April.

    Parameters
    ----------
    amount : array_like, pounds
        At the prices of `from_fy`.
    rates : array_like, shape (..., n), fraction, > -1
        Rise of each 1 April in order, the first being the one a year after the start of the earlier of the two
        years; those past the later year are not used. NaN is a missing rate.
    from_fy, to_fy : array_like of int
        The financial years, as the calendar years they start in; back in time the amount is divided.

    Returns
    -------
    ndarray, pounds
        At the prices of `to_fy`.

    Raises
    ------
    NoDataError
        A rate between the two years is missing: it is named. Excel: #N/A.
    DomainError
        A rate <= -1, or no financial year. Excel: #NUM!.

    Examples
    --------
    >>> float(uplift(1000, [0.05, 0.05], 2024, 2026)), float(uplift(1102.5, [0.05, 0.05], 2026, 2024))
    (1102.5, 1000.0)

    References
    ----------
    docs/model.md, "Unit cost".
    """
    price, start, end, rises = aligned(
        {"amount": amount, "from_fy": start_years(from_fy), "to_fy": start_years(to_fy)}, {"rates": rates}
    )
    refuse(rises <= -1, "rates must be > -1", "rates", rises, core=1)
    steps = np.abs(end - start)
    level = np.ones_like(price)
    for step in range(int(steps.max(initial=0))):
        needed = steps > step
        rise = rises[..., step] if step < rises.shape[-1] else np.full_like(price, np.nan)
        year = np.minimum(start, end) + step + 1
        gap = needed & np.isnan(rise)
        if gap.any():
            first = int(year[gap].flat[0])
            requirement = f"rates must have the rise of 1 April {first}, item {step + 1}"
            refuse(gap & (year == first), requirement, "rates", error=NoDataError)
        level = np.where(needed, _raised(level, rise), level)
    raised = exact_dot(price[..., None], level[..., None])
    return np.where(end >= start, raised, quotient(price, level))


def real_terms(nominal: ArrayLike, index_then: ArrayLike, index_base: ArrayLike) -> FloatArray:
    """Return an amount in the prices of a base year.

    Parameters
    ----------
    nominal : array_like, pounds
        The amount in the money of its own year.
    index_then : array_like
        Price index of that year, such as the GDP deflator, > 0.
    index_base : array_like
        The same index of the base year, > 0.

    Returns
    -------
    ndarray, pounds at base-year prices

    Raises
    ------
    DomainError
        An index <= 0. Excel: #NUM!.

    Examples
    --------
    >>> float(real_terms(1030, 103, 100))
    1000.0

    References
    ----------
    docs/model.md, "Unit cost".
    """
    amount, then, base = aligned({"nominal": nominal, "index_then": index_then, "index_base": index_base})
    refuse(then <= 0, "index_then must be > 0", "index_then", then)
    refuse(base <= 0, "index_base must be > 0", "index_base", base)
    return quotient(exact_dot(amount[..., None], base[..., None]), then)


def present_value(real_flows: ArrayLike, rate: ArrayLike | None = None, timing: ArrayLike = "start") -> FloatArray:
    """Return what a series of yearly amounts is worth at the start of its first year.

    Parameters
    ----------
    real_flows : array_like, shape (..., years), pounds
        One amount a year in the prices of one year, from the first year on.
    rate : array_like, fraction a year, > -1, optional
        Real discount rate of all years; None or NaN takes `GREEN_BOOK_RATES`: 3.5 % to year 30, then less.
    timing : array_like of str
        When in its year an amount falls: ``start``, ``mid`` or ``end``. Capitals do not matter.

    Returns
    -------
    ndarray, pounds

    Raises
    ------
    DomainError
        `rate` <= -1. Excel: #NUM!.
    KindError
        `timing` is none of the three words. Excel: #VALUE!.

    Examples
    --------
    >>> [round(float(present_value([1, 4.2, 6], timing=t)), 4) for t in TIMINGS]
    [10.659, 10.4773, 10.2986]

    References
    ----------
    HM Treasury, The Green Book (2022), annex 6. docs/model.md, "Unit cost".
    """
    given, later, flows = aligned(
        {"rate": np.nan if rate is None else rate, "timing": choice("timing", timing, TIMINGS)},
        {"real_flows": real_flows},
    )
    refuse(given <= -1, "rate must be > -1", "rate", given)
    years = flows.shape[-1]
    growth = 1 + np.where(np.isnan(given)[..., None], _schedule(years), given[..., None])
    ends = np.cumprod(growth, axis=-1)  # of each year; its start is the end of the one before
    starts = np.concatenate([np.ones_like(ends[..., :1]), ends[..., :-1]], axis=-1)
    when = later[..., None]
    factors = np.where(when == 0, starts, np.where(when == 1, starts * np.sqrt(growth), ends))
    return exact_dot(flows, 1 / factors)


def _schedule(years: int) -> FloatArray:
    last, rates = zip(*GREEN_BOOK_RATES, strict=True)
    return np.array(rates)[np.searchsorted(last, np.arange(1, years + 1))]
