"""What a child's care costs: unit costs, and why a bill changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import NoDataError, ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient
from xlmodel.model.domain import BoolArray, FloatArray, aligned, not_negative, refuse
from xlmodel.model.parts import to_last_place_of
from xlmodel.model.vectors import refuse_element
from xlmodel.model.years import days_in_year

__all__ = ["cost_per_child_week", "price_volume_mix", "unit_cost_week", "week_to_year"]

_SURE = 100  #: the smaller part of what is left of two bills goes without the last two of their 15 digits


def unit_cost_week(spend: ArrayLike, care_days: ArrayLike, income: ArrayLike = 0.0) -> FloatArray:
    """Return the cost of a child-week from a period's spend and the days of care it bought.

    Parameters
    ----------
    spend : array_like, pounds
        Spend of the period.
    care_days : array_like, days
        Days of care of the same period, all children together, > 0.
    income : array_like, pounds
        Income to be taken off the spend, >= 0: contributions from health, other councils and grants.

    Returns
    -------
    ndarray, pounds per child-week

    Raises
    ------
    ZeroDenominatorError
        `care_days` is 0. Excel: #DIV/0!.
    DomainError
        `care_days` < 0 or `income` < 0. Excel: #NUM!.

    Examples
    --------
    >>> float(unit_cost_week(318000, 366 * 7, 10200))
    840.983606557377

    References
    ----------
    docs/model.md, "Unit cost".
    """
    s, days, off = aligned({"spend": spend, "care_days": care_days, "income": income})
    not_negative(care_days=days, income=off)
    refuse(days == 0, "care_days must be > 0", "care_days", days, error=ZeroDenominatorError)
    return quotient(difference(s, off), days, times=7)


def cost_per_child_week(weekly_spend: ArrayLike, children: ArrayLike) -> FloatArray:
    """Return the weekly spend for each child.

    Parameters
    ----------
    weekly_spend : array_like, pounds a week
        Spend of a week.
    children : array_like, children
        Children in care in that week, > 0.

    Returns
    -------
    ndarray, pounds per child-week

    Raises
    ------
    ZeroDenominatorError
        `children` is 0. Excel: #DIV/0!.
    DomainError
        `children` < 0. Excel: #NUM!.

    Examples
    --------
    >>> round(float(cost_per_child_week(413388, 484)), 2)
    854.11

    References
    ----------
    docs/model.md, "Unit cost".
    """
    spend, n = aligned({"weekly_spend": weekly_spend, "children": children})
    not_negative(children=n)
    refuse(n == 0, "children must be > 0", "children", n, error=ZeroDenominatorError)
    return quotient(spend, n)


def week_to_year(weekly: ArrayLike, fy: ArrayLike) -> FloatArray:
    """Return what a weekly amount comes to in a financial year.

    Parameters
    ----------
    weekly : array_like, pounds a week
        The weekly amount, unchanged through the year.
    fy : array_like of int
        The financial year, as the calendar year it starts in.

    Returns
    -------
    ndarray, pounds a year
        Of 365 or 366 days.

    Raises
    ------
    DomainError
        `fy` is no year. Excel: #NUM!.

    Examples
    --------
    >>> week_to_year(854.1074, [2023, 2024]).round(2)
    array([44657.62, 44535.6 ])

    References
    ----------
    docs/model.md, "Unit cost".
    """
    amount, days = aligned({"weekly": weekly, "fy": days_in_year(fy)})
    return quotient(exact_dot(amount[..., None], days[..., None]), np.full(amount.shape, 7.0))


def price_volume_mix(
    n0: ArrayLike, n1: ArrayLike, p0: ArrayLike, p1: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return why a bill changed: the number of children, the mix of their placements, the prices.

    Parameters
    ----------
    n0, n1 : array_like, shape (..., placements), children
        Children, or child-weeks, by placement type before and after, >= 0.
    p0, p1 : array_like, shape (..., placements), pounds
        Price of each placement type before and after; NaN is taken for a type without children on that side, but a
        type that has children after needs a price before: a reference price where it is new.

    Returns
    -------
    volume, mix, price : ndarray, pounds
        They add up to the change of the bill.

    Raises
    ------
    ZeroDenominatorError
        No children before: there is no average price. Excel: #DIV/0!.
    DomainError
        A number of children < 0. Excel: #NUM!.
    NoDataError
        A price that is needed is missing; its row is named. Excel: #N/A.
    ShapeError
        The vectors have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> [float(x) for x in price_volume_mix([300, 100], [280, 120], [400, 5000], [420, 5100])]
    [0.0, 92000.0, 17600.0]

    References
    ----------
    docs/model.md, "Unit cost".
    """
    before, after, old, new = aligned({}, {"n0": n0, "n1": n1, "p0": p0, "p1": p1})
    not_negative(core=1, n0=before, n1=after)
    _priced("p0", old, (before > 0) | (after > 0))
    _priced("p1", new, after > 0)
    old, new = (np.where((before == 0) & (after == 0), 0.0, x) for x in (old, new))
    new = np.where(after == 0, 0.0, new)
    total = _total(before)
    refuse(total == 0, "n0 must add up to > 0", "n0", total, error=ZeroDenominatorError)
    n0_all, n1_all = (np.broadcast_to(x[..., None], before.shape) for x in (total, _total(after)))
    shift = exact_dot(np.stack([after, -before], axis=-1), np.stack([n0_all, n1_all], axis=-1))
    price = _change(after, new, after, old)
    change = _change(after, new, before, old)
    mix = quotient(exact_dot(shift, old), total)
    moved = exact_sum(change, -price)
    sure = _SURE * (exact_dot(before, np.abs(old)) + exact_dot(after, np.abs(new)))
    return (*_parted(moved, mix, sure), price)


def _parted(moved: FloatArray, mix: FloatArray, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return volume and mix, which add up to what moved: the smaller one rounded, the larger one what then remains."""
    mix = to_last_place_of(whole, mix)
    volume = to_last_place_of(whole, exact_sum(moved, -mix))
    moved = np.where((volume == 0) & (mix == 0), 0.0, moved)
    larger = np.abs(volume) >= np.abs(mix)
    return np.where(larger, exact_sum(moved, -mix), volume), np.where(larger, mix, exact_sum(moved, -volume))


def _priced(name: str, price: FloatArray, needed: BoolArray) -> None:
    reference = ": give a reference price" if name == "p0" else ""
    requirement = f"{name} must be given for row {{}}, which has children{reference}"
    refuse_element(np.isnan(price) & needed, requirement, name, error=NoDataError)


def _total(children: FloatArray) -> FloatArray:
    return exact_dot(children, np.ones_like(children))


def _change(n1: FloatArray, p1: FloatArray, n0: FloatArray, p0: FloatArray) -> FloatArray:
    """Return the bill of n1 at p1 less that of n0 at p0."""
    return exact_dot(np.concatenate([n1, -n0], axis=-1), np.concatenate([p1, p0], axis=-1))
