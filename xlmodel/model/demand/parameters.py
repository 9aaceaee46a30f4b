"""Parameters that change on dates: a population, a price, a rate, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlmodel.errors import KindError, NoDataError

__all__ = ["Dated", "DatedValue"]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value, the day it holds from, and where it comes from."""

    start: np.datetime64
    value: float
    source: str
    end: np.datetime64 | None = None  #: the last day it holds; None until the next value


class Dated:
    """A parameter by date. A date without a value is an error, never the nearest value.

    >>> rate = Dated("discount_rate", [DatedValue(np.datetime64("2020-04-01"), 0.035, "HM Treasury")])
    >>> rate.at(np.datetime64("2024-04-01"))
    0.035
    """

    def __init__(self, name: str, values: Sequence[DatedValue]) -> None:
        self.name = name
        self.values = sorted(values, key=lambda v: v.start)
        for before, after in zip(self.values, self.values[1:], strict=False):
            if after.start == before.start or (before.end is not None and before.end >= after.start):
                raise KindError(f"{name} must have one value a day; two hold on {after.start}", argument=name)

    def at(self, day: np.datetime64) -> float:
        """Return the value that holds on a day; NoDataError where none does."""
        return self.entry(day).value

    def entry(self, day: np.datetime64) -> DatedValue:
        """Return the value that holds on a day, with its source."""
        held = [v for v in self.values if v.start <= day and (v.end is None or day <= v.end)]
        if not held:
            known = f"; the first holds from {self.values[0].start}" if self.values else "; it has none"
            raise NoDataError(f"{self.name} must have a value on {day}{known}", argument=self.name)
        return held[-1]
