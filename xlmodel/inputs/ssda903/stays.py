"""How long children stay in care, by age at entry, from the periods of care whose beginning the returns say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from xlmodel.errors import DomainError, NoDataError
from xlmodel.inputs.ssda903.fields import DayNumbers
from xlmodel.inputs.ssda903.history import CareHistory, Periods
from xlmodel.inputs.ssda903.segments import bands_on
from xlmodel.model.demand.ages import ADULT, Ages
from xlmodel.model.domain import BoolArray, FloatArray
from xlmodel.model.survival import kaplan_meier
from xlmodel.model.years import first_day

__all__ = ["DAYS_A_YEAR", "LEAST_AT_RISK", "ObservedStays", "TailHazard", "observed_stays"]

#: Days over years of any length.
DAYS_A_YEAR = 365.25

#: A survival table ends where fewer children than this are observed.
LEAST_AT_RISK = 10


@dataclass(frozen=True)
class TailHazard:
    """The rate at which children who have been in care for long leave it before 18."""

    value: float  #: per year: ceases over child-years
    low: float  #: 95 % limits, by the Poisson distribution of the ceases
    high: float
    ceases: int
    child_years: float
    after: float  #: years in care


@dataclass(frozen=True, eq=False)
class ObservedStays:
    """Survival in care by age band at entry, and the hazard beyond."""

    survival: pd.DataFrame  #: age, years, share: a row for each day on which somebody ceased, and one at the end
    entrants: dict[str, int]  #: periods behind each band's table
    pooled: tuple[str, ...]  #: bands with too few children, which have the table of all ages
    tail: TailHazard | None  #: None where nobody was observed that long


@dataclass(frozen=True, eq=False)
class _Observed:
    """Days in care from which and to which periods are observed, and whether they then ceased before 18."""

    entered: DayNumbers
    stayed: DayNumbers
    ceased: BoolArray
    band: NDArray[np.intp]


def observed_stays(history: CareHistory, ages: Ages, since: int | None = None) -> ObservedStays:
    """Return how long children stay, by age band at entry.

    Parameters
    ----------
    history : CareHistory
        Periods of care.
    ages : Ages
        Bands by age at entry.
    since : int, year, optional
        The start of a financial year of the returns: only what happened from its 1 April on counts, and children who
        were in care by then are observed from the days in care they had (left truncation). All years by default.

    Returns
    -------
    ObservedStays
        Years are days over 365.25. A period that goes on, or ends at 18, is censored there. The table of a band
        ends where fewer than 10 children are observed, at a row with the share of then.

    Raises
    ------
    DomainError
        `since` is not a year of the returns.
    NoDataError
        No period of care begins within the returns, or nobody is observed at some time before a table's end.

    Notes
    -----
    A period that began before the first return is left out of the tables. The return has the beginning of such a
    period only for a child without a new episode since, and they are the settled ones. It counts for the hazard
    beyond, from when the child has surely been in care that long.

    References
    ----------
    docs/ssda903.md, "How long children stay".
    """
    start = history.first_day if since is None else _day(history, since)
    observed = _observed(history, ages, start)
    if not len(observed.stayed):
        raise NoDataError("a period of care must begin within the returns; none does", argument="history")
    everybody = _table(observed)
    tables: dict[str, FloatArray] = {}
    entrants: dict[str, int] = {}
    pooled: list[str] = []
    for band, label in enumerate(ages.labels):
        of_band = observed.band == band
        entrants[label] = int(of_band.sum())
        if of_band.sum() < LEAST_AT_RISK:
            pooled.append(label)
            tables[label] = everybody
        else:
            tables[label] = _table(_Observed(*(x[of_band] for x in vars(observed).values())))
    survival = pd.concat(
        [pd.DataFrame({"age": label, "years": t[:, 0], "share": t[:, 1]}) for label, t in tables.items()],
        ignore_index=True,
    )
    ends = [float(table[-1, 0]) for table in tables.values()]
    return ObservedStays(survival, entrants, tuple(pooled), _tail(history, start, _long(history, ages, ends)))


def _long(history: CareHistory, ages: Ages, ends: list[float]) -> float:
    """Return the years in care from which the hazard beyond the tables is taken.

    That is half the years of the returns, or where the first table ends of a band whose children may be in care for
    more than a year after it.
    """
    goes_on = [end for end, age in zip(ends, ages.edges[:-1], strict=True) if ADULT - age > end + 1]
    return min([*goes_on, history.months.years / 2])


def _day(history: CareHistory, since: int) -> int:
    day = int(first_day(since).astype(np.int64))
    if not history.first_day <= day <= history.last_day:
        labels = history.months.labels
        raise DomainError(f"since must be a year from {labels[0]} to {labels[-1]}", argument="since", offender=since)
    return day


def _observed(history: CareHistory, ages: Ages, start: int) -> _Observed:
    periods = history.periods
    end, ceased = _observed_end(periods, history.last_day)
    counts = (periods.begin >= history.first_day) & periods.begun & (end >= start)
    begin = periods.begin[counts]
    return _Observed(
        np.maximum(start - begin, 0),
        end[counts] - begin,
        ceased[counts],
        bands_on(ages, periods.birth[counts], begin),
    )


def _observed_end(periods: Periods, last_day: int) -> tuple[DayNumbers, BoolArray]:
    """Return the day to which each period is observed, and whether it then ceased before 18."""
    end = np.minimum(np.minimum(periods.end, last_day), np.maximum(periods.adult, periods.begin))
    ceased = (periods.end <= last_day) & ~periods.turned_18
    return np.where(ceased, periods.end, end), ceased


def _table(observed: _Observed) -> FloatArray:
    """Return years and share in care, to where fewer than LEAST_AT_RISK are observed."""
    # a day more for all, so that who ceases on the day of entry is at risk on it
    stayed, entered = observed.stayed + 1, observed.entered
    days = np.unique(stayed)
    at_risk = len(stayed) - np.searchsorted(np.sort(stayed), days)
    at_risk -= len(entered) - np.searchsorted(np.sort(entered), days)
    enough = days[at_risk >= LEAST_AT_RISK]
    cut = int(enough[-1]) if len(enough) else int(days[-1])
    seen = entered < cut
    late = entered[seen].astype(np.float64) if entered.any() else None
    times, shares = kaplan_meier(
        np.minimum(stayed, cut)[seen].astype(np.float64),
        (observed.ceased & (stayed <= cut))[seen],
        late,
        to_end=True,
    )
    return np.column_stack([(times - 1) / DAYS_A_YEAR, shares])


def _tail(history: CareHistory, start: int, after: float) -> TailHazard | None:
    """Return the hazard of children who have been in care for `after` years, whatever their age at entry."""
    periods, days = history.periods, int(np.ceil(after * DAYS_A_YEAR))
    end, ceased = _observed_end(periods, history.last_day)
    surely = np.where(periods.begun & (periods.begin >= history.first_day), periods.begin, history.first_day)
    at_risk = np.maximum(surely + days, start)
    there = end > at_risk
    child_years = float((end - at_risk)[there].sum()) / DAYS_A_YEAR
    if not child_years:
        return None
    ceases = int((there & ceased).sum())
    low = chi2.ppf(0.025, 2 * ceases) / 2 if ceases else 0.0
    high = chi2.ppf(0.975, 2 * ceases + 2) / 2
    return TailHazard(ceases / child_years, low / child_years, high / child_years, ceases, child_years, after)
