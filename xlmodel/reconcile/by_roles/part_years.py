"""A first, part year: its share of a whole year says when something starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount

__all__ = ["part_year_shares"]

_MONTHS = Interval.of(Fraction(12))


def part_year_shares(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each first year, the months of the whole year's amount it is; more than twelve is unexplained."""
    for figures in sets:
        for period, first in figures.series("first year").items():
            whole = next(iter(figures.series("whole year").values()), None)
            if whole is not None and not interval(whole).holds(Fraction(0)):
                yield _share(f"{figures.name}, {period}".rstrip(", "), first, whole)


def _share(item: str, first: Claim, whole: Claim) -> Finding | None:
    assert first.value is not None
    assert whole.value is not None
    months = interval(first) / interval(whole) * _MONTHS
    places = max(first.decimal_places or 0, whole.decimal_places or 0)
    shown = f"{amount(first.value, first.unit, places)} of {amount(whole.value, whole.unit, places)}"
    if months.low > _MONTHS.low:
        said = f"The first year's amount is more than a whole year's: {shown}."
        return finding("part-year share", Verdict.UNEXPLAINED, item, said, [first, whole], first)
    if months.high < 0:
        said = f"The first year's amount has another sign than a whole year's: {shown}."
        return finding("part-year share", Verdict.UNEXPLAINED, item, said, [first, whole], first)
    low, high = (amount(end, "", 1) for end in (max(months.low, Fraction(0)), min(months.high, _MONTHS.high)))
    said = (
        f"The first year is {shown}: {amount(first.value / whole.value * 12, '', 1)} months of a whole year, between "
        f"{low} and {high} as they are printed."
    )
    return finding("part-year share", Verdict.IMPLIED, item, said, [first, whole], first, said)
