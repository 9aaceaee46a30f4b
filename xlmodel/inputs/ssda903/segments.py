"""Episodes cut at birthdays, so that each piece is in one placement type and one age band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import DomainError
from xlmodel.inputs.ssda903.fields import DayNumbers, birthdays
from xlmodel.inputs.ssda903.history import CareHistory
from xlmodel.model.demand.ages import Ages
from xlmodel.model.domain import BoolArray

__all__ = ["Segments", "bands_on"]


@dataclass(frozen=True, eq=False)
class Segments:
    """Pieces of episodes by period and day, each array of shape (segments,)."""

    period: NDArray[np.intp]
    begin: DayNumbers
    end: DayNumbers
    placement: NDArray[np.intp]
    band: NDArray[np.intp]

    @classmethod
    def of(cls, history: CareHistory, ages: Ages) -> Segments:
        """Return the episodes of a history, cut where a child passes from one age band into the next."""
        birth = history.periods.birth[history.period]
        episode, begins = np.arange(len(history.begin)), history.begin
        pieces, days = [episode], [begins]
        for edge in _whole_years(ages)[1:-1]:
            birthday = birthdays(birth, edge)
            within = (begins < birthday) & (birthday < history.end)
            pieces.append(episode[within])
            days.append(birthday[within])
        at, begin = np.concatenate(pieces), np.concatenate(days)
        order = np.lexsort((begin, at))
        at, begin = at[order], begin[order]
        more = np.append(at[1:] == at[:-1], False)
        end = np.where(more, np.append(begin[1:], 0), history.end[at])
        return cls(history.period[at], begin, end, history.placement[at], bands_on(ages, birth[at], begin))

    @property
    def first(self) -> BoolArray:
        """Which segments begin their period of care."""
        return np.concatenate([[True], self.period[1:] != self.period[:-1]])

    @property
    def last(self) -> BoolArray:
        """Which segments end their period of care, or are the latest that is known of it."""
        return np.append(self.period[1:] != self.period[:-1], True)


def bands_on(ages: Ages, birth: DayNumbers, day: DayNumbers) -> NDArray[np.intp]:
    """Return the age band of each child on a day; who is 18 by a date of birth that was found wrong is in the last."""
    edges = _whole_years(ages)[1:-1]
    return np.asarray(
        sum((birthdays(birth, edge) <= day for edge in edges), np.zeros(len(day), np.intp)), dtype=np.intp
    )


def _whole_years(ages: Ages) -> list[int]:
    if any(edge != int(edge) for edge in ages.edges):
        raise DomainError("the edges of ages must be whole years: they are birthdays", argument="ages")
    return [int(edge) for edge in ages.edges]
