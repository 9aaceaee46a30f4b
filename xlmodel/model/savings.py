"""Savings: how much of an annual amount falls in its first year, and which part of a claim is cash."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ShapeError
from xlmodel.model.decimals import difference, quotient
from xlmodel.model.domain import FloatArray, aligned, not_negative
from xlmodel.model.parts import to_last_place_of
from xlmodel.model.years import dates, days_in_year, first_day, start_years

__all__ = ["full_year_roll", "part_year", "saving_class"]


def part_year(annual: ArrayLike, start_date: ArrayLike, fy: ArrayLike) -> FloatArray:
    """Return the part-year effect: what of an annual amount falls in a financial year, from its start date on.

    Parameters
    ----------
    annual : array_like, pounds a year
        The amount of a full year.
    start_date : array_like of datetime64[D]
        The first day on which it counts.
    fy : array_like of int
        The financial year, as the calendar year it starts in.

    Returns
    -------
    ndarray, pounds
        The whole amount where it starts before the year, 0 where it starts after.

    Raises
    ------
    DomainError
        `fy` is no year. Excel: #NUM!.
    KindError
        `start_date` is not a date. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(part_year(1_600_000, "2024-07-01", 2024)), 2)
    1201095.89

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    day, year = dates("start_date", start_date), start_years(fy)
    try:
        day, year = np.broadcast_arrays(day, year)
    except ValueError:
        raise ShapeError("start_date must have as many rows as fy, or one", argument="start_date") from None
    before = np.where(np.isnat(day), np.nan, (day - first_day(year)).astype(np.int64))
    amount, passed, length = aligned({"annual": annual, "start_date": before, "fy": days_in_year(year)})
    return to_last_place_of(amount, quotient(amount, length, times=np.clip(length - passed, 0, length)))


def full_year_roll(annual: ArrayLike, start_date: ArrayLike, fy: ArrayLike) -> FloatArray:
    """Return what of an annual amount is still to come after a financial year: the full-year effect.

    Parameters
    ----------
    annual : array_like, pounds a year
        The amount of a full year.
    start_date : array_like of datetime64[D]
        The first day on which it counts.
    fy : array_like of int
        The financial year of the part-year effect, as the calendar year it starts in.

    Returns
    -------
    ndarray, pounds
        `annual` less `part_year`: 0 where it starts before the year, all of it where it starts after, in whichever
        later year that is.

    Raises
    ------
    DomainError
        `fy` is no year. Excel: #NUM!.
    KindError
        `start_date` is not a date. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(full_year_roll(1_600_000, "2024-07-01", 2024)), 2)
    398904.11

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    first = part_year(annual, start_date, fy)
    (amount,) = aligned({"annual": annual})
    return difference(np.broadcast_to(amount, first.shape), first)


def saving_class(
    claimed: ArrayLike, budget_reduction: ArrayLike, growth_avoided: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what of a claimed saving is cashable, what is cost avoided, and what is neither.

    Parameters
    ----------
    claimed : array_like, pounds
        The saving claimed, >= 0.
    budget_reduction : array_like, pounds
        By how much the budget goes down, >= 0.
    growth_avoided : array_like, pounds
        Growth that the plan had and that is not needed now, >= 0.

    Returns
    -------
    cashable, avoided, neither : ndarray, pounds
        They add up to `claimed`.

    Raises
    ------
    DomainError
        A negative amount. Excel: #NUM!.

    Examples
    --------
    >>> [float(x) for x in saving_class(1_660_000, 664_000, 500_000)]
    [664000.0, 500000.0, 496000.0]

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    names = ("claimed", "budget_reduction", "growth_avoided")
    claim, cut, growth = aligned(dict(zip(names, (claimed, budget_reduction, growth_avoided), strict=True)))
    not_negative(claimed=claim, budget_reduction=cut, growth_avoided=growth)
    cashable = np.minimum(claim, cut)
    rest = difference(claim, cashable)
    avoided = np.minimum(rest, growth)
    return cashable, avoided, difference(rest, avoided)
