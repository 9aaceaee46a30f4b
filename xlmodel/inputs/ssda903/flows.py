"""Stocks and flows of the children of some returns, counted month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.inputs.ssda903.fields import DayNumbers
from xlmodel.inputs.ssda903.history import GROUPS, TYPES, CareHistory
from xlmodel.inputs.ssda903.rows import OPEN
from xlmodel.inputs.ssda903.segments import Segments
from xlmodel.model.demand.ages import Ages
from xlmodel.model.demand.months import Months
from xlmodel.model.domain import BoolArray

__all__ = ["CareFlows", "care_flows"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CareFlows:
    """Children counted by month T, placement type P and age band A, shape (T, P, A) unless another is given.

    opening + starts + moves_in - moves_out + aged_in - aged_out - ceases = closing in every cell, exactly. A child
    who moves on a birthday grows older first. The day a child starts is a day in care, the day it ceases is not.
    """

    months: Months
    ages: Ages
    opening: Counts
    starts: Counts
    moves_in: Counts
    moves_out: Counts
    aged_in: Counts
    aged_out: Counts
    ceases: Counts
    closing: Counts
    care_days: Counts
    ceases_by_reason: Counts  #: (Y, R), by group of exits; turning 18 is part of independence
    turned_18: Counts  #: (Y,), of the ceases, those because of the 18th birthday

    def by_month(self) -> pd.DataFrame:
        """Return all counts by month, placement and age, without the rows in which there is nobody."""
        labels = [np.datetime_as_string(self.months.starts, "M"), np.array(TYPES), np.array(self.ages.labels)]
        grid = np.meshgrid(*labels, indexing="ij")
        table = pd.DataFrame(
            dict(zip(("month", "placement", "age"), (axis.ravel() for axis in grid), strict=True))
            | {name: getattr(self, name).ravel() for name in _COUNTS}
        )
        return table.loc[table[list(_COUNTS)].any(axis=1)].reset_index(drop=True)

    def by_year(self) -> pd.DataFrame:
        """Return opening stock, starts, ceases, closing stock on 31 March and child-years by financial year."""
        months, day_count = self.months, self.months.year_days
        closing = months.at_year_end(self.closing.sum(axis=(1, 2)))
        starts, ceases, days = (months.by_year(x.sum(axis=(1, 2))) for x in (self.starts, self.ceases, self.care_days))
        columns = {"opening": closing - starts + ceases, "starts": starts, "ceases": ceases, "closing": closing}
        return pd.DataFrame({"year": months.labels} | columns | {"child_years": days / day_count})

    def exits_by_year(self) -> pd.DataFrame:
        """Return the children who ceased by financial year and group of reasons."""
        years, groups = np.meshgrid(self.months.labels, GROUPS, indexing="ij")
        return pd.DataFrame({"year": years.ravel(), "reason": groups.ravel(), "ceases": self.ceases_by_reason.ravel()})


_COUNTS = (
    "opening",
    "starts",
    "moves_in",
    "moves_out",
    "aged_in",
    "aged_out",
    "ceases",
    "closing",
    "care_days",
)


def care_flows(history: CareHistory, ages: Ages) -> CareFlows:
    """Return the stocks and flows of the years of the returns.

    Parameters
    ----------
    history : CareHistory
        Periods of care, without series of short breaks.
    ages : Ages
        Bands between whole birthdays.

    Returns
    -------
    CareFlows
        Whole children and days.

    Raises
    ------
    DomainError
        An edge of `ages` is no whole year.

    References
    ----------
    docs/ssda903.md, "What is counted".
    """
    segments = Segments.of(history, ages)
    count = _Counter(history, ages)
    p, a = segments.placement, segments.band
    ends = segments.last & (segments.end != OPEN)
    # from one segment to the next of the same period: first the birthday, then the move
    on = np.flatnonzero(~segments.last)
    day, old_p, old_a, new_p, new_a = segments.begin[on + 1], p[on], a[on], p[on + 1], a[on + 1]
    aged, moved = old_a != new_a, old_p != new_p
    stock, care_days = count.stocks(segments)
    periods = history.periods
    ended = periods.group >= 0
    return CareFlows(
        months=history.months,
        ages=ages,
        opening=stock[:-1],
        starts=count.events(segments.begin, p, a, segments.first),
        moves_in=count.events(day, new_p, new_a, moved),
        moves_out=count.events(day, old_p, new_a, moved),
        aged_in=count.events(day, old_p, new_a, aged),
        aged_out=count.events(day, old_p, old_a, aged),
        ceases=count.events(segments.end, p, a, ends),
        closing=stock[1:],
        care_days=care_days,
        ceases_by_reason=count.years(periods.end, periods.group, len(GROUPS), ended),
        turned_18=count.years(periods.end, np.zeros_like(periods.group), 1, periods.turned_18)[:, 0],
    )


class _Counter:
    """Counts what happens on days by month, placement and band."""

    def __init__(self, history: CareHistory, ages: Ages) -> None:
        self.first, self.last = history.first_day, history.last_day
        self.months = history.months
        self.cells = (len(TYPES), ages.count)
        days = history.months.days.astype(np.int64)
        self.month_of = np.repeat(np.arange(len(days)), days)
        self.month_starts = np.cumsum(days) - days

    def events(self, day: DayNumbers, placement: NDArray[np.intp], band: NDArray[np.intp], where: BoolArray) -> Counts:
        """Return how many of the events `where` holds fall into each month, by placement and band."""
        inside = where & (day >= self.first) & (day <= self.last)
        month = self.month_of[day[inside] - self.first]
        shape = (self.months.count, *self.cells)
        cell = np.ravel_multi_index((month, placement[inside], band[inside]), shape)
        return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)

    def years(self, day: DayNumbers, group: NDArray[np.intp], groups: int, where: BoolArray) -> Counts:
        """Return how many of the events `where` holds fall into each financial year, by group."""
        inside = where & (day >= self.first) & (day <= self.last)
        year = self.months.year[self.month_of[day[inside] - self.first]]
        cell = year * groups + group[inside]
        return np.bincount(cell, minlength=self.months.years * groups).reshape(self.months.years, groups)

    def stocks(self, segments: Segments) -> tuple[Counts, Counts]:
        """Return the stock before the first month and at the end of each, (T + 1, P, A), and care days, (T, P, A)."""
        days = self.last - self.first + 2  # the close of the day before the first, and of each day
        cell = np.ravel_multi_index((segments.placement, segments.band), self.cells)
        change = np.zeros((days + 1, int(np.prod(self.cells))), np.int64)
        for when, by in ((segments.begin, 1), (segments.end, -1)):
            np.add.at(change, (np.clip(when - (self.first - 1), 0, days), cell), by)
        daily = np.cumsum(change, axis=0)[:-1]
        ends = np.append(self.month_starts, days - 1)
        stock = daily[ends].reshape(-1, *self.cells)
        care_days = np.add.reduceat(daily[1:], self.month_starts, axis=0).reshape(-1, *self.cells)
        return stock, care_days
