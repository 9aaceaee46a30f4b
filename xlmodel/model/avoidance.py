"""Avoided cost: one cohort's profile, a recurring programme, and what a claimed saving implies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, quotient
from xlmodel.model.domain import FloatArray, aligned, flags, refuse

__all__ = ["avoided_cost_recurring", "cohort_profile", "implied_unit_cost"]


def avoided_cost_recurring(one_off: ArrayLike, cohorts: ArrayLike, tail_is_zero: ArrayLike = False) -> FloatArray:
    """Return the cost avoided each year by a programme that avoids a cohort every year.

    Parameters
    ----------
    one_off : array_like, shape (..., profile years), pounds a year
        What one cohort avoids in its first year, its second and so on.
    cohorts : array_like, shape (..., years)
        Size of each year's cohort relative to the cohort of `one_off`; 1 is the same size.
    tail_is_zero : array_like of bool
        True declares that a cohort avoids nothing after the years of `one_off`.

    Returns
    -------
    ndarray, shape (..., years), pounds a year
        NaN in years that need a cohort's later years while `tail_is_zero` is False.

    Raises
    ------
    KindError
        `tail_is_zero` is not true or false. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_recurring([1, 2.75, 1.9], [1, 1, 1])
    array([1.  , 3.75, 5.65])

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    closed, f, c = aligned(
        {"tail_is_zero": flags("tail_is_zero", tail_is_zero)}, {"one_off": one_off}, {"cohorts": cohorts}
    )
    known = f.shape[-1]
    out = np.empty(c.shape)
    for year in range(c.shape[-1]):
        first = max(0, year - known + 1)
        recent = c[..., first : year + 1][..., ::-1]
        needs_tail = (c[..., :first] != 0).any(axis=-1) & (closed == 0)
        out[..., year] = np.where(needs_tail, np.nan, exact_dot(f[..., : year + 1 - first], recent))
    return out


def cohort_profile(recurring: ArrayLike, cohorts: ArrayLike) -> FloatArray:
    """Return the profile of one cohort that a recurring series implies: `avoided_cost_recurring` undone.

    Parameters
    ----------
    recurring : array_like, shape (..., years), pounds a year
        Cost avoided in each year by all cohorts so far.
    cohorts : array_like, shape (..., years)
        Size of each year's cohort relative to the cohort of the profile; the first must not be 0.

    Returns
    -------
    ndarray, shape (..., years), pounds a year
        What one cohort avoids in its first year, its second and so on; a negative year is a reason to doubt the series.

    Raises
    ------
    ZeroDenominatorError
        The first of `cohorts` is 0. Excel: #DIV/0!.
    ShapeError
        `recurring` and `cohorts` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> cohort_profile([1, 4.2, 6], [1, 1, 1])
    array([1. , 3.2, 1.8])

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    y, c = aligned({}, {"recurring": recurring, "cohorts": cohorts})
    first = c[..., 0]
    refuse(first == 0, "the first of cohorts must not be 0", "cohorts", first, error=ZeroDenominatorError)
    out = np.empty(y.shape)
    for year in range(y.shape[-1]):
        earlier = exact_dot(out[..., :year], c[..., year:0:-1]) if year else np.zeros(first.shape)
        out[..., year] = quotient(difference(y[..., year], earlier), first)
    return out


def implied_unit_cost(saving: ArrayLike, child_months: ArrayLike) -> FloatArray:
    """Return the cost of a child's year in care that a claimed saving implies.

    Parameters
    ----------
    saving : array_like, pounds
        The saving claimed.
    child_months : array_like, child-months
        Months in care avoided, > 0.

    Returns
    -------
    ndarray, pounds a year

    Raises
    ------
    ZeroDenominatorError
        `child_months` is 0. Excel: #DIV/0!.
    DomainError
        `child_months` < 0. Excel: #NUM!.

    Examples
    --------
    >>> float(implied_unit_cost(516000, 144))
    43000.0

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    s, months = aligned({"saving": saving, "child_months": child_months})
    refuse(months < 0, "child_months must be > 0", "child_months", months)
    refuse(months == 0, "child_months must be > 0", "child_months", months, error=ZeroDenominatorError)
    return quotient(s, months, times=12)
