"""A total is what its parts add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount, apart, places_for

__all__ = ["totals"]


def totals(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each total, a finding where rounding cannot explain that it is not the sum of its parts."""
    for figures in sets:
        for period, total in figures.series("total").items():
            parts = figures.all("part", period)
            if not parts:
                continue
            added = reduce(Interval.__add__, (interval(part) for part in parts))
            if added.meets(interval(total)):
                yield None
                continue
            exact = sum(part.value or 0 for part in parts)
            assert total.value is not None
            difference = exact - total.value
            places = max(places_for(exact), places_for(total.value))
            said = (
                f"The {len(parts)} parts add up to {amount(exact, total.unit, places)}, "
                f"{apart(difference, total.unit, places)} than the printed total of "
                f"{amount(total.value, total.unit, places)}; rounding cannot hide that."
            )
            item = f"{figures.name}, {period}".rstrip(", ")
            yield finding("total", Verdict.DOES_NOT_TIE, item, said, [*parts, total], total)
