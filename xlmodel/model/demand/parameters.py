"""Parameters that change on dates: a rate, an index, a threshold, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xlmodel.errors import KindError, NoDataError
from xlmodel.model.domain import FloatArray

__all__ = [
    "DISCOUNT_RATE",
    "GDP_DEFLATOR",
    "STEADY_STATE_CHANGE",
    "USUAL_STEADY_STATE_CHANGE",
    "Dated",
    "DatedValue",
]

DISCOUNT_RATE = "discount_rate"  #: a year, real
GDP_DEFLATOR = "gdp_deflator"  #: an index by financial year
STEADY_STATE_CHANGE = "steady_state_change"  #: the most a year of a steady state changes the stock by, as a share of it

#: What counts where `STEADY_STATE_CHANGE` is not given.
USUAL_STEADY_STATE_CHANGE = 0.05

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value, the day it holds from, and where it comes from."""

    start: np.datetime64
    value: float  #: NaN where it is not known
    source: str
    end: np.datetime64 | None = None  #: the last day it holds; None until the next value

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise KindError(f"end must not be before {self.start}", argument="end", offender=self.end)


@dataclass(frozen=True)
class Dated:
    """A parameter by date. A date without a value is an error, never the nearest value.

    >>> rate = Dated("discount_rate", (DatedValue(np.datetime64("2020-04-01"), 0.035, "HM Treasury"),))
    >>> rate.at(np.datetime64("2024-04-01"))
    0.035
    >>> rate.known
    'known from 2020-04-01 on'
    """

    name: str
    values: tuple[DatedValue, ...]  #: in the order of their days, whatever order they are given in
    unit: str = ""

    def __post_init__(self) -> None:
        values = tuple(sorted(self.values, key=lambda v: v.start))
        object.__setattr__(self, "values", values)
        for before, after in pairwise(values):
            if after.start == before.start or (before.end is not None and before.end >= after.start):
                requirement = f"{self.name} must have one value a day; two hold on {after.start}"
                raise KindError(requirement, argument=self.name)

    def held(self, day: np.datetime64) -> DatedValue | None:
        """Return what holds on a day, with its source; None where nothing does."""
        begun = [v for v in self.values if v.start <= day]
        return begun[-1] if begun and (begun[-1].end is None or day <= begun[-1].end) else None

    def at(self, day: np.datetime64) -> float:
        """Return the value on a day.

        Raises
        ------
        NoDataError
            None is known: the parameter, the day and the days that have one are named.
        """
        found = self.held(day)
        if found is None or np.isnan(found.value):
            raise NoDataError(f"{self.name} must have a value on {day}; {self.known}", argument=self.name)
        return found.value

    def over(self, days: Iterable[np.datetime64]) -> FloatArray:
        """Return the values on several days; NoDataError at the first day without one."""
        return np.array([self.at(day) for day in days], dtype=np.float64)

    @property
    def known(self) -> str:
        """The days that have a value, in words."""
        spans: list[tuple[np.datetime64, np.datetime64 | None]] = []
        for v, after in zip(self.values, (*self.values[1:], None), strict=False):
            end = after.start - _DAY if v.end is None and after is not None else v.end
            if np.isnan(v.value):
                continue
            if spans and spans[-1][1] == v.start - _DAY:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((v.start, end))
        if not spans:
            return "none is known"
        said = [f"from {start} on" if end is None else f"from {start} to {end}" for start, end in spans]
        return f"known {', '.join(said)}"
