"""The months of a forecast: whole financial years from 1 April, in real days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import DomainError
from xlmodel.model.domain import FloatArray
from xlmodel.model.years import Days, days_in_year, first_day, year_label

__all__ = ["DAYS_A_WEEK", "MONTHS_A_YEAR", "Months"]

MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Months:
    """The months of `years` financial years, the first of which starts on 1 April of `first`.

    Time is counted in financial years, so that a year has length 1 whether it has 365 days or 366.

    >>> months = Months(2024, 2)
    >>> months.count, str(months.starts[0]), months.days[:3].tolist(), months.edges[[0, 12, 24]].tolist()
    (24, '2024-04-01', [30.0, 31.0, 30.0], [0.0, 1.0, 2.0])
    """

    first: int
    years: int

    def __post_init__(self) -> None:
        if self.years < 1:
            raise DomainError("years must be >= 1", argument="years", offender=self.years)
        first_day(np.array([self.first, self.first + self.years]))

    @property
    def count(self) -> int:
        """How many months there are."""
        return self.years * MONTHS_A_YEAR

    @cached_property
    def starts(self) -> Days:
        """The first day of each month, shape (months,)."""
        april = np.datetime64(f"{self.first}-04", "M")
        return np.asarray((april + np.arange(self.count)).astype("datetime64[D]"))

    @cached_property
    def days(self) -> FloatArray:
        """The days of each month, shape (months,)."""
        after = (self.starts[-1].astype("datetime64[M]") + 1).astype("datetime64[D]")
        return np.diff(np.append(self.starts, after)).astype(np.float64)

    @cached_property
    def year(self) -> NDArray[np.intp]:
        """The financial year of each month, 0 for the first, shape (months,)."""
        return np.arange(self.count) // MONTHS_A_YEAR

    @cached_property
    def year_days(self) -> FloatArray:
        """The days of each financial year, shape (years,)."""
        return days_in_year(self.first + np.arange(self.years)).astype(np.float64)

    @property
    def year_starts(self) -> Days:
        """The 1 April of each financial year, shape (years,)."""
        return self.starts[::MONTHS_A_YEAR]

    @cached_property
    def edges(self) -> FloatArray:
        """The times at which months begin and the last one ends, in financial years, shape (months + 1,)."""
        by_year = self.days.reshape(self.years, MONTHS_A_YEAR)
        passed = np.cumsum(by_year, axis=1) / self.year_days[:, None]
        return np.concatenate([[0.0], (np.arange(self.years)[:, None] + passed).ravel()])

    @cached_property
    def lengths(self) -> FloatArray:
        """The length of each month in financial years, shape (months,)."""
        return self.days / self.year_days[self.year]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The financial years as text, shape (years,)."""
        return tuple(year_label(y) for y in range(self.first, self.first + self.years))

    def by_year(self, monthly: FloatArray) -> FloatArray:
        """Return the sums over each financial year of an array whose first axis is months."""
        return np.asarray(monthly.reshape(self.years, MONTHS_A_YEAR, *monthly.shape[1:]).sum(axis=1))

    def at_year_end(self, monthly: FloatArray) -> FloatArray:
        """Return the last month of each financial year: a stock at 31 March."""
        return monthly[MONTHS_A_YEAR - 1 :: MONTHS_A_YEAR]

    def spread(self, yearly: FloatArray) -> FloatArray:
        """Return yearly totals as months, in proportion to their days; the first axis of `yearly` is years."""
        share = self.lengths.reshape(-1, *[1] * (yearly.ndim - 1))
        return np.asarray(np.repeat(yearly, MONTHS_A_YEAR, axis=0) * share)
