"""Children in care by their dates: days in care, and who turns 18."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.model.domain import FloatArray, aligned, refuse
from xlmodel.model.vectors import refuse_element
from xlmodel.model.years import Days, dates

__all__ = ["age_out", "care_days"]

_MONTHS_TO_18 = 18 * 12


def care_days(decom: ArrayLike, dec: ArrayLike, from_date: ArrayLike, to_date: ArrayLike) -> FloatArray:
    """Return the days in care that episodes have within a period.

    The day an episode starts is a day in care, the day it ceases is not. Episodes of one child that overlap count
    twice: merge them first.

    Parameters
    ----------
    decom : array_like of datetime64[D], shape (..., episodes)
        The day each episode started.
    dec : array_like of datetime64[D], shape (..., episodes)
        The day each episode ceased; NaT or None where it is open.
    from_date : array_like of datetime64[D]
        First day of the period.
    to_date : array_like of datetime64[D]
        Last day of the period, which counts.

    Returns
    -------
    ndarray, days
        Of all episodes together; NaN where a start is missing.

    Raises
    ------
    DomainError
        An episode that ceases before it starts, whose row is named, or `to_date` before `from_date`. Excel: #NUM!.
    KindError
        Not a date. Excel: #VALUE!.
    ShapeError
        `decom` and `dec` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(care_days(["2024-01-01", "2025-03-01"], ["2024-04-11", None], "2024-04-01", "2025-03-31"))
    41.0

    References
    ----------
    docs/model.md, "Care".
    """
    first, last, start, end = aligned(
        {"from_date": _day("from_date", from_date), "to_date": _day("to_date", to_date)},
        {"decom": _day("decom", decom), "dec": _day("dec", dec)},
    )
    refuse(last < first, "to_date must be on or after from_date", "to_date", _date(last))
    refuse_element(end < start, "dec must be on or after decom in row {}", "dec", _date(end))
    after = last[..., None] + 1
    until = np.where(np.isnan(end), after, np.minimum(end, after))
    within = until - np.maximum(start, first[..., None])
    return np.asarray(np.maximum(within, 0.0).sum(axis=-1))


def age_out(dob: ArrayLike, from_date: ArrayLike, to_date: ArrayLike) -> FloatArray:
    """Return how many children turn 18 in a period.

    Parameters
    ----------
    dob : array_like of datetime64[D], shape (..., children)
        Dates of birth. Who was born on 29 February turns 18 on 1 March: 18 years later is never a leap year.
    from_date : array_like of datetime64[D]
        First day of the period, which counts.
    to_date : array_like of datetime64[D]
        Last day of the period, which counts.

    Returns
    -------
    ndarray, children
        NaN where a date of birth is missing.

    Raises
    ------
    DomainError
        `to_date` before `from_date`. Excel: #NUM!.
    KindError
        Not a date. Excel: #VALUE!.

    Examples
    --------
    >>> float(age_out(["2006-05-01", "2006-12-25", "2008-02-29"], "2024-04-01", "2025-03-31"))
    2.0

    References
    ----------
    docs/model.md, "Care".
    """
    born = dates("dob", dob)
    month = born.astype("datetime64[M]")
    eighteen = (month + _MONTHS_TO_18).astype("datetime64[D]") + (born - month.astype("datetime64[D]"))
    first, last, birthday = aligned(
        {"from_date": _day("from_date", from_date), "to_date": _day("to_date", to_date)},
        {"dob": _day("dob", eighteen)},
    )
    refuse(last < first, "to_date must be on or after from_date", "to_date", _date(last))
    known = ~np.isnan(birthday).any(axis=-1) & ~np.isnan(first) & ~np.isnan(last)
    within = (birthday >= first[..., None]) & (birthday <= last[..., None])
    return np.where(known, within.sum(axis=-1), np.nan)


def _day(argument: str, value: ArrayLike) -> FloatArray:
    """Return dates as day numbers, NaN for none."""
    days = dates(argument, value)
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))


def _date(day: FloatArray) -> Days:
    return np.where(np.isnan(day), np.datetime64("NaT"), np.nan_to_num(day).astype("datetime64[D]"))
