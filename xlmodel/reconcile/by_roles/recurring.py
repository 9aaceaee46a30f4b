"""Acting every year adds up the effects of acting once: each year's cohort, and those of the years before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.periods import follows
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount, apart, places_for

__all__ = ["recurring_series"]


def recurring_series(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each year of a recurring effect, a finding where it is not the sum of the one-off effects so far.

    It is one only where every year's action has the effect of the first, so that a difference is a matter of reading.
    """
    for figures in sets:
        one_off = figures.series("one-off")
        so_far: list[Claim] = []
        for period, recurring in figures.series("recurring").items():
            effect = one_off.get(period)
            if effect is None or (so_far and not follows(period, so_far[-1].when)):
                break
            so_far.append(effect)
            yield _year(figures.name, so_far, recurring)


def _year(name: str, so_far: list[Claim], recurring: Claim) -> Finding | None:
    if reduce(Interval.__add__, map(interval, so_far)).meets(interval(recurring)):
        return None
    assert recurring.value is not None
    exact = sum(claim.value or 0 for claim in so_far)
    places, unit = max(places_for(exact), places_for(recurring.value)), recurring.unit
    more = apart(exact - recurring.value, unit, places)
    added = " + ".join(amount(claim.value or 0, unit, places) for claim in so_far)
    said = (
        f"Acting every year is printed as {amount(recurring.value, unit, places)}; the effects of acting once, added "
        f"up year on year ({added}), are {amount(exact, unit, places)}, {more}. "
        "Either the two were forecast in different ways, or one of them is not what it says."
    )
    item = f"{name}, {recurring.when}"
    return finding("recurring series", Verdict.READING, item, said, [*so_far, recurring], recurring)
