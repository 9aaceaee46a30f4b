"""Avoided cost: entrants avoided, what one cohort avoids, a recurring programme, and what a claim implies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ShapeError, ZeroDenominatorError
from xlmodel.model.cohorts import cohort_child_years, hazard_or_table
from xlmodel.model.decimals import difference, exact_dot, quotient
from xlmodel.model.domain import FloatArray, aligned, flags, not_negative, real, refuse
from xlmodel.model.parts import to_last_place_of
from xlmodel.model.prices import price_levels

__all__ = [
    "avoided_cost_cohort",
    "avoided_cost_recurring",
    "avoided_entrants",
    "cohort_profile",
    "implied_unit_cost",
    "legal_avoided",
]

#: Nobody is looked after from the 18th birthday on.
AGE_OUT = 18.0
MOST_YEARS = 100


def avoided_entrants(baseline: ArrayLike, plan: ArrayLike, attribution: ArrayLike = 1.0) -> FloatArray:
    """Return the entries to care that a plan avoids in each year, against a fixed baseline.

    Parameters
    ----------
    baseline : array_like, shape (..., years), children
        Entrants of each year without the programme, >= 0.
    plan : array_like, shape (..., years), children
        Entrants of each year with it, >= 0.
    attribution : array_like, fraction
        Share of the difference that is due to the programme, 0 to 1.

    Returns
    -------
    ndarray, shape (..., years), children
        Negative where the plan has more entrants than the baseline.

    Raises
    ------
    DomainError
        A number of children < 0, or `attribution` outside 0 to 1. Excel: #NUM!.
    ShapeError
        `baseline` and `plan` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_entrants([180, 180, 180], [140, 102, 70])
    array([ 40.,  78., 110.])

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    share, without, with_plan = aligned({"attribution": attribution}, {"baseline": baseline, "plan": plan})
    not_negative(core=1, baseline=without, plan=with_plan)
    refuse((share < 0) | (share > 1), "attribution must be >= 0 and <= 1", "attribution", share)
    return _times(difference(without, with_plan), share[..., None])


def _times(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a * b, of the decimals."""
    pair = np.broadcast_arrays(a, b)
    return exact_dot(pair[0][..., None], pair[1][..., None])


def avoided_cost_cohort(
    entrants: ArrayLike,
    survival: ArrayLike,
    mix: ArrayLike,
    unit_cost: ArrayLike,
    uplift: ArrayLike,
    years: ArrayLike,
    alt_support: ArrayLike = 0.0,
    age_in: ArrayLike | None = None,
) -> FloatArray:
    """Return the cost that one year's avoided entrants avoid in each year from then on.

    Parameters
    ----------
    entrants : array_like, children
        Entries avoided, evenly over the first year; negative for growth.
    survival : array_like, a scalar or shape (..., 1, 1), per year; or shape (..., times, 2), years and fraction
        How long they would have stayed: a constant hazard, or a table of times since entry and shares still in care.
    mix : array_like, shape (..., placements), fraction
        Share of their child-years in each placement type, >= 0; they add up to 1.
    unit_cost : array_like, shape (..., placements), pounds a child-year
        Of each placement type, at the prices of the first year, >= 0.
    uplift : array_like, shape (..., 1) or (..., years), fraction, > -1
        As in `price_levels`: one rate for every 1 April after the first year, or one for each year.
    years : array_like of int
        Number of years, 1 to 100, the same for all rows.
    alt_support : array_like, pounds a child-year
        Cost of the support that replaces care, at the prices of the first year and uplifted alike, >= 0.
    age_in : array_like, years, optional
        Age at entry, from 0 up to but not 18: no child is in care from 18 on. None or NaN sets no limit.

    Returns
    -------
    ndarray, shape (..., years), pounds a year

    Raises
    ------
    DomainError
        `mix` does not add up to 1 within 1E-9; a negative share or cost; `years` or `age_in` outside its range; a
        hazard or a table that cannot be. Excel: #NUM!.
    NoDataError
        The years reach beyond the end of the survival table. Excel: #N/A.
    ShapeError
        `mix` and `unit_cost` have different lengths; `uplift` has neither 1 rate nor `years`. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_cohort(40, 0.36975, [1], [44535.60], [0], 3).round(-3)
    array([ 790000., 1245000.,  860000.])

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    horizon = _horizon(years)
    scalars = {"entrants": entrants, "alt_support": alt_support, "age_in": np.nan if age_in is None else age_in}
    n, support, age, share, cost, rises = aligned(scalars, {"mix": mix, "unit_cost": unit_cost}, {"uplift": uplift})
    not_negative(alt_support=support)
    not_negative(core=1, mix=share, unit_cost=cost)
    total = exact_dot(share, np.ones_like(share))
    refuse(np.abs(difference(total, np.ones_like(total))) > 1e-9, "mix must add up to 1", "mix", total)
    refuse((age < 0) | (age >= AGE_OUT), f"age_in must be >= 0 and < {AGE_OUT:g}", "age_in", age)
    stays = hazard_or_table(survival)[..., None, :, :]
    limit = (AGE_OUT - age)[..., None]
    child_years = cohort_child_years(n[..., None], stays, np.arange(horizon), limit=limit)
    price = difference(exact_dot(share, cost), support)
    return _times(_times(child_years, price[..., None]), price_levels(rises, horizon))


def _horizon(years: ArrayLike) -> int:
    given = real("years", years)
    bad = ~((given >= 1) & (given <= MOST_YEARS) & (given == np.rint(given)))
    refuse(bad, f"years must be a whole number from 1 to {MOST_YEARS}", "years", given)
    if (given != given.flat[0]).any():
        raise ShapeError("years must be the same in one call", argument="years")
    return int(given.flat[0])


def avoided_cost_recurring(
    one_off: ArrayLike, cohorts: ArrayLike, tail_is_zero: ArrayLike = False, uplift: ArrayLike | None = None
) -> FloatArray:
    """Return the cost avoided each year by a programme that avoids a cohort every year.

    Parameters
    ----------
    one_off : array_like, shape (..., profile years), pounds a year
        What one cohort avoids in its first year, its second and so on.
    cohorts : array_like, shape (..., years)
        Size of each year's cohort relative to the cohort of `one_off`; 1 is the same size.
    tail_is_zero : array_like of bool
        True declares that a cohort avoids nothing after the years of `one_off`.
    uplift : array_like, shape (..., 1) or (..., years), fraction, > -1, optional
        As in `price_levels`, by the programme's years, with `one_off` at the prices of the first; None for no uplift.

    Returns
    -------
    ndarray, shape (..., years), pounds a year
        NaN in years that need a cohort's later years while `tail_is_zero` is False.

    Raises
    ------
    DomainError
        A rate <= -1. Excel: #NUM!.
    KindError
        `tail_is_zero` is not true or false. Excel: #VALUE!.
    ShapeError
        `uplift` is neither one rate nor one for each year. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_recurring([1, 2.75, 1.9], [1, 1, 1])
    array([1.  , 3.75, 5.65])
    >>> avoided_cost_recurring([1, 2.75, 1.9], [1, 1, 1], uplift=[0.1])
    array([1.    , 4.125 , 6.8365])

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
    return out if uplift is None else _times(out, price_levels(uplift, c.shape[-1]))


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


def legal_avoided(
    entrants: ArrayLike, p_proceedings: ArrayLike, cost: ArrayLike, lag_months: ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return the cost of care proceedings that avoided entries avoid, in the year of entry and in the next.

    Parameters
    ----------
    entrants : array_like, children
        Entries avoided in the year, evenly over it; negative for growth.
    p_proceedings : array_like, fraction
        Share of entries that would have led to proceedings, 0 to 1.
    cost : array_like, pounds
        Of one case, >= 0.
    lag_months : array_like, months
        From entry to the issue of proceedings, 0 to 12.

    Returns
    -------
    in_year, next_year : ndarray, pounds
        They add up to the whole.

    Raises
    ------
    DomainError
        A share, cost or lag outside its range. Excel: #NUM!.

    Examples
    --------
    >>> [float(x) for x in legal_avoided(40, 1, 12500, 3)]
    [375000.0, 125000.0]

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    n, p, each, lag = aligned(
        {"entrants": entrants, "p_proceedings": p_proceedings, "cost": cost, "lag_months": lag_months}
    )
    refuse((p < 0) | (p > 1), "p_proceedings must be >= 0 and <= 1", "p_proceedings", p)
    not_negative(cost=each)
    refuse((lag < 0) | (lag > 12), "lag_months must be >= 0 and <= 12", "lag_months", lag)
    whole = _times(_times(n, p), each)
    twelve = np.full_like(whole, 12.0)
    in_year = to_last_place_of(whole, quotient(whole, twelve, times=difference(twelve, lag)))
    return in_year, difference(whole, in_year)
