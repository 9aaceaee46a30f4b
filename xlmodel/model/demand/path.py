"""The children of one scenario, month by month: the result that cost, comparison and reports are made from."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.model.demand.ages import Ages
from xlmodel.model.demand.months import Months
from xlmodel.model.domain import FloatArray

__all__ = ["Path"]


@dataclass(frozen=True)
class Path:
    """Stocks and flows by month T, placement P and age band A, shape (T, P, A) unless another is given.

    opening + starts + moves_in - moves_out + aged_in - aged_out - ceases = closing in every cell. A child who turns 18
    ceases in the last band; `aged_out` of that band is 0.
    """

    scenario: str
    months: Months
    placements: tuple[str, ...]
    ages: Ages
    reasons: tuple[str, ...]
    opening: FloatArray
    starts: FloatArray
    moves_in: FloatArray
    moves_out: FloatArray
    aged_in: FloatArray
    aged_out: FloatArray
    ceases: FloatArray
    closing: FloatArray
    care_days: FloatArray
    ceases_by_reason: FloatArray  #: (T, P, R)
    moves: FloatArray  #: (T, P, P), children moved from one placement to another; the diagonal is 0
    exit_chance: FloatArray  #: (T, P), chance that a child of the month's opening stock ceases in it
    entrant_exit_chance: FloatArray  #: (T, P), chance that a child who starts in the month ceases in it
    move_chance: FloatArray  #: (T, P, P), where a child who stays in care is at the month's end; rows sum to 1
    exit_factor: FloatArray  #: (Y,), the factor on the chance of leaving that the year came out with
    cohort_child_years: FloatArray  #: (Y + 1, Y), by year of entry, the opening stock first, and year of care

    @property
    def stock(self) -> FloatArray:
        """Children looked after at the end of each month, shape (T,)."""
        total: FloatArray = self.closing.sum(axis=(1, 2))
        return total
