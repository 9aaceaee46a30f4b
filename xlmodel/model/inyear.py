"""The year in progress: run rates, forecast against budget, and what mitigation leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ShapeError, ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient
from xlmodel.model.domain import FloatArray, aligned, not_negative, real, refuse, whole_places
from xlmodel.model.precision import half_unit
from xlmodel.model.years import dates, days_in_year, first_day, start_years

__all__ = ["after_mitigation", "outturn", "period_implied", "run_rate", "variance"]

#: No year has more.
MOST_DAYS = 366


def run_rate(ytd: ArrayLike, as_at: ArrayLike, fy: ArrayLike, profile: ArrayLike | None = None) -> FloatArray:
    """Return the full-year figure that a year-to-date figure runs to.

    Parameters
    ----------
    ytd : array_like
        The figure from 1 April to the end of `as_at`.
    as_at : array_like of datetime64[D]
        The last day that `ytd` counts.
    fy : array_like of int
        The financial year, as the calendar year it starts in.
    profile : array_like, fraction, optional
        Share of the year's total expected by `as_at`, above 0 and no more than 1; None or NaN spreads it by days.

    Returns
    -------
    ndarray, unit of `ytd`
        From 31 March of the year on it is `ytd` itself.

    Raises
    ------
    ZeroDenominatorError
        `as_at` lies before the year: no day has passed; or `profile` is 0. Excel: #DIV/0!.
    DomainError
        `profile` outside 0 to 1, or `fy` is no year. Excel: #NUM!.
    KindError
        `as_at` is not a date. Excel: #VALUE!.

    Examples
    --------
    >>> float(run_rate(28, "2023-11-30", 2023))
    42.0

    References
    ----------
    docs/model.md, "In-year".
    """
    day, year = dates("as_at", as_at), start_years(fy)
    try:
        day, year = np.broadcast_arrays(day, year)
    except ValueError:
        raise ShapeError("as_at must have as many rows as fy, or one", argument="as_at") from None
    elapsed = np.where(np.isnat(day), np.nan, (day - first_day(year)).astype(np.int64) + 1)
    y, passed, length, share = aligned(
        {"ytd": ytd, "as_at": elapsed, "fy": days_in_year(year), "profile": np.nan if profile is None else profile}
    )
    days = np.broadcast_to(day, passed.shape)
    refuse(passed <= 0, "as_at must be 1 April of fy or later", "as_at", days, error=ZeroDenominatorError)
    required = "profile must be > 0 and <= 1"
    refuse((share < 0) | (share > 1), required, "profile", share)
    refuse(share == 0, required, "profile", share, error=ZeroDenominatorError)
    straight = quotient(y, passed, times=length)
    return np.where(passed >= length, y, np.where(np.isnan(share), straight, quotient(y, share)))


def period_implied(
    ytd: ArrayLike, full_year: ArrayLike, dp: ArrayLike = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the months that a year-to-date figure and a printed full-year figure imply have passed.

    Parameters
    ----------
    ytd : array_like
        The year-to-date figure, >= 0; taken as exact.
    full_year : array_like, same unit
        The full-year figure as printed, > 0.
    dp : array_like, decimal places
        Places the full-year figure is printed to.

    Returns
    -------
    point, low, high : ndarray, months
        `high` is NaN where the full-year figure is within half a printed unit of 0.

    Raises
    ------
    ZeroDenominatorError
        `full_year` is 0. Excel: #DIV/0!.
    DomainError
        `full_year` or `ytd` < 0, or `dp` is not a whole number from -15 to 15. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 3) for x in period_implied(28, 40)]
    [8.4, 8.296, 8.506]

    References
    ----------
    docs/model.md, "In-year".
    """
    y, full, places = aligned({"ytd": ytd, "full_year": full_year, "dp": dp})
    not_negative(ytd=y, full_year=full)
    refuse(full == 0, "full_year must be > 0", "full_year", full, error=ZeroDenominatorError)
    whole_places(dp=places)
    half = half_unit(places)
    least = difference(full, half)
    high = np.where(least <= 0, np.nan, quotient(y, least, times=12))
    return quotient(y, full, times=12), quotient(y, exact_sum(full, half), times=12), high


def outturn(
    actual_to_date: ArrayLike,
    days_left: ArrayLike,
    price_day: ArrayLike,
    net_new: ArrayLike = 0,
    new_days: ArrayLike = 0,
    new_price_day: ArrayLike = 0,
) -> FloatArray:
    """Return the outturn of a placement budget: what is spent, what those in placements will cost, and net new ones.

    Parameters
    ----------
    actual_to_date : array_like, pounds
        Spent so far, all of it for days before those in `days_left`.
    days_left : array_like, shape (..., placements), days
        Days that each placement still runs in the year, 0 to 366: to its end or to 31 March.
    price_day : array_like, shape (..., placements), pounds a day
        What each costs a day, >= 0.
    net_new : array_like, children
        Children still expected to come, less those expected to leave earlier than `days_left` says.
    new_days : array_like, days
        Days that each of them is in care this year, 0 to 366.
    new_price_day : array_like, pounds a day
        What each of them costs a day, >= 0.

    Returns
    -------
    ndarray, pounds

    Raises
    ------
    DomainError
        More than 366 days or fewer than 0, or a negative price. Excel: #NUM!.
    ShapeError
        `days_left` and `price_day` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(outturn(1_000_000, [90, 30], [122, 700], 2, 45, 122))
    1042960.0

    References
    ----------
    docs/model.md, "In-year".
    """
    spent, new, each, cost, left, price = aligned(
        {"actual_to_date": actual_to_date, "net_new": net_new, "new_days": new_days, "new_price_day": new_price_day},
        {"days_left": days_left, "price_day": price_day},
    )
    for name, days, core in (("days_left", left, 1), ("new_days", each, 0)):
        refuse((days < 0) | (days > MOST_DAYS), f"{name} must be >= 0 and <= {MOST_DAYS}", name, days, core=core)
    not_negative(core=1, price_day=price)
    not_negative(new_price_day=cost)
    new_child_days = exact_dot(new[..., None], each[..., None])
    return exact_dot(
        np.concatenate([spent[..., None], left, new_child_days[..., None]], axis=-1),
        np.concatenate([np.ones_like(spent)[..., None], price, cost[..., None]], axis=-1),
    )


def variance(budget: ArrayLike, forecast: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return by how much a forecast exceeds its budget, in money and as a fraction of the budget.

    Parameters
    ----------
    budget : array_like, pounds
        Current budget, not 0.
    forecast : array_like, pounds
        Forecast outturn.

    Returns
    -------
    difference : ndarray, pounds
        Positive for an overspend.
    fraction : ndarray, fraction
        Of the budget.

    Raises
    ------
    ZeroDenominatorError
        `budget` is 0. The difference exists then, but a row half an error cannot be told from a whole one, so the
        row is refused. Excel: #DIV/0!.

    Examples
    --------
    >>> gap, fraction = variance(63.6, 71.3)
    >>> float(gap), round(float(fraction), 5)
    (7.7, 0.12107)

    References
    ----------
    docs/model.md, "In-year".
    """
    b, f = aligned({"budget": budget, "forecast": forecast})
    refuse(b == 0, "budget must not be 0", "budget", b, error=ZeroDenominatorError)
    gap = difference(f, b)
    return gap, quotient(gap, b)


def after_mitigation(gross: ArrayLike, mitigations: ArrayLike, delivery: ArrayLike | None = None) -> FloatArray:
    """Return the overspend that is left after mitigations, each as far as it is delivered.

    Parameters
    ----------
    gross : array_like, pounds
        Overspend before mitigation, positive.
    mitigations : array_like, shape (..., mitigations), pounds
        What each mitigation takes off, positive.
    delivery : array_like, shape (..., mitigations), fraction, optional
        Share of each mitigation that is delivered, 0 to 1; None delivers all of it.

    Returns
    -------
    ndarray, pounds
        Negative where the mitigations exceed the overspend: an underspend.

    Raises
    ------
    DomainError
        `delivery` outside 0 to 1. Excel: #NUM!.
    ShapeError
        `mitigations` and `delivery` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(after_mitigation(1.4, [0.7]))
    0.7
    >>> float(after_mitigation(1.4, [0.7, 0.5], [0.5, 1]))
    0.55

    References
    ----------
    docs/model.md, "In-year".
    """
    amounts = real("mitigations", mitigations)
    shares = np.ones(amounts.shape) if delivery is None else delivery
    g, m, p = aligned({"gross": gross}, {"mitigations": amounts, "delivery": shares})
    refuse((p < 0) | (p > 1), "delivery must be >= 0 and <= 1", "delivery", p, core=1)
    signed = np.concatenate([g[..., None], -m], axis=-1)
    return exact_dot(signed, np.concatenate([np.ones_like(g)[..., None], p], axis=-1))
