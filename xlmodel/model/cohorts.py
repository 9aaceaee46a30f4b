"""Child-years of many cohorts at once, whatever their survival is given as: a hazard or a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ShapeError
from xlmodel.model.domain import FloatArray, aligned, not_negative, real, refuse
from xlmodel.model.stays import (
    exponential_area,
    exponential_double_area,
    falling_steps,
    known_until,
    whole_years,
)

__all__ = ["cohort_child_years", "hazard_or_table"]

_CHILDHOOD = 18.0  #: years; a table that goes further is one in months


def cohort_child_years(
    entrants: ArrayLike,
    survival: ArrayLike,
    year_no: ArrayLike,
    start_fraction: ArrayLike = 0.0,
    limit: ArrayLike = np.nan,
) -> FloatArray:
    """Return the child-years of cohorts, with survival as one hazard or as a table.

    Parameters
    ----------
    entrants : array_like, children
        Children who enter in year 0, evenly over it or over its rest; negative for growth.
    survival : array_like, a scalar or shape (..., 1, 1), per year; or shape (..., times, 2), years and fraction
        A constant hazard, or a table of times since entry and of the shares still in care.
    year_no : array_like
        The year asked for: 0 is the year of entry, 1 the next; before 0 there are none.
    start_fraction : array_like, fraction
        Part of year 0 that has passed when the entries begin, from 0 up to but not 1.
    limit : array_like, years
        Time since entry after which nobody is in care; NaN for none.

    Returns
    -------
    ndarray, child-years

    Raises
    ------
    DomainError
        A negative hazard; a share outside 0 to 1 or rising; times negative, out of order or above 18 years; `year_no`
        not whole; `start_fraction` outside [0, 1). Excel: #NUM!.
    NoDataError
        The year reaches beyond the end of the table, which is named. Excel: #N/A.
    ShapeError
        `survival` is neither one value nor two columns. Excel: #VALUE!.

    Examples
    --------
    >>> cohort_child_years(40, 0, [0, 1, 2])
    array([20., 40., 40.])
    >>> cohort_child_years(40, [[0.5, 0.75], [1, 0.5], [2, 0]], [0, 1, 2])
    array([18.75, 26.25, 10.  ])

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    given = hazard_or_table(survival)
    scalars = {"entrants": entrants, "year_no": year_no, "start_fraction": start_fraction}
    if given.shape[-2:] == (1, 1):
        n, k, s, hazard, last = aligned({**scalars, "survival": given[..., 0, 0], "limit": limit})
        not_negative(survival=hazard)
        whole_years(k, s)
        return n * _exponential_years(hazard, k, 1 - s, np.where(np.isnan(last), np.inf, last)) + 0.0
    columns = {"survival times": given[..., 0], "survival shares": given[..., 1]}
    n, k, s, last, times, shares = aligned({**scalars, "limit": limit}, columns)
    falling_steps(times, shares)
    last = np.where(np.isnan(last), np.inf, last)
    end = np.where(shares[..., -1] > 0, times[..., -1], np.inf)
    whole_years(k, s)
    known_until(np.where(k < 0, 0.0, k + 1 - s), np.where(last <= end, np.inf, end))
    return n * _table_years(times, shares, k, 1 - s, last) + 0.0  # a cell has no -0


def hazard_or_table(survival: ArrayLike) -> FloatArray:
    """Return survival as an array of which the last two axes are one hazard or the two columns of a table."""
    given = real("survival", survival)
    given = given.reshape(1, 1) if given.ndim == 0 else given
    if given.ndim < 2 or (given.shape[-2:] != (1, 1) and (given.shape[-1] != 2 or given.size == 0)):
        requirement = "survival must be one rate of leaving per year, or two columns: time and share still in care"
        raise ShapeError(requirement, argument="survival")
    if given.shape[-1] == 2:
        times = given[..., 0]
        refuse(times > _CHILDHOOD, "survival times must be <= 18 years; divide months by 12", "survival", times, core=1)
    return given


def _exponential_years(hazard: FloatArray, year: FloatArray, span: FloatArray, limit: float | FloatArray) -> FloatArray:
    """Return what `child_years` gives for one entrant, for many hazards and limits at once."""
    before = np.maximum(year - 1, 0.0)
    rest = np.maximum(limit - before, 0.0)

    def double_area(t: FloatArray) -> FloatArray:
        within = np.minimum(t, rest)
        return exponential_double_area(hazard, within) + exponential_area(hazard, within) * (t - within)

    uncut = exponential_area(hazard, np.ones_like(span)) * exponential_area(hazard, span)
    cut = double_area(1 + span) - double_area(np.ones_like(span)) - double_area(span)
    later = np.exp(-hazard * before) * np.where(rest >= 1 + span, uncut, cut)
    return np.asarray(np.where(year < 0, 0.0, np.where(year == 0, double_area(span), later)) / span)


def _table_years(
    times: FloatArray, shares: FloatArray, year: FloatArray, span: FloatArray, limit: FloatArray
) -> FloatArray:
    """Return the same for tables: each step's share by the time that entrants are in the year and on that step."""
    edges = np.concatenate([np.zeros_like(times[..., :1]), times, np.full_like(times[..., :1], np.inf)], axis=-1)
    steps = np.concatenate([np.ones_like(shares[..., :1]), shares], axis=-1)
    after = np.minimum(edges, limit[..., None]) - (year[..., None] - 1)
    in_year = np.diff(_time_in_year(after, span[..., None]), axis=-1)
    return np.asarray((steps * in_year).sum(axis=-1) / span)


def _time_in_year(after: FloatArray, span: FloatArray) -> FloatArray:
    """Return the time that entrants spend in a year up to so long after entry, counted from a year before it starts.

    They enter evenly over a span that ends one year before the year's end, so the time they add rises for the span,
    stays level, and falls for the span again.
    """

    def ramp(x: FloatArray) -> FloatArray:
        return np.maximum(x, 0.0) ** 2 / 2

    x = np.minimum(after, 1 + span)
    return ramp(x) - ramp(x - span) - ramp(x - 1) + ramp(x - 1 - span)
