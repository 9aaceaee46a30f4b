"""Run rates: what is counted so far, and the full year it would make, say how much of the year has passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount

__all__ = ["shared_periods"]

_MONTHS = Fraction(12)


class _RunRate(NamedTuple):
    """A run rate, and the months that it says have passed."""

    name: str
    so_far: Claim
    full_year: Claim
    months: Interval


def shared_periods(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for every two run rates of one year, a finding where no one day fits both; and whether any exceeds a year.

    The counts may be of different days, so that it is a matter of reading.
    """
    rates = [rate for figures in sets for rate in _run_rates(figures)]
    for rate in rates:
        yield _beyond_a_year(rate)
    for first, second in combinations(rates, 2):
        if first.full_year.when == second.full_year.when:
            yield _compared(first, second)


def _run_rates(figures: FigureSet) -> Iterator[_RunRate]:
    for period, full_year in figures.series("full year").items():
        so_far = figures.one("to date", period)
        if so_far is not None and interval(full_year).low > 0:
            months = interval(so_far) / interval(full_year) * Interval.of(_MONTHS)
            yield _RunRate(figures.name, so_far, full_year, months)


def _beyond_a_year(rate: _RunRate) -> Finding | None:
    if rate.months.low <= _MONTHS:
        return None
    said = f"{_counted(rate)}: more has been counted so far than the full year is said to come to."
    about = [rate.so_far, rate.full_year]
    item = f"{rate.name}, {rate.full_year.when}".rstrip(", ")
    return finding("run rates", Verdict.UNEXPLAINED, item, said, about, rate.full_year)


def _compared(first: _RunRate, second: _RunRate) -> Finding | None:
    if first.months.meets(second.months):
        return None
    said = (
        f"{_counted(first)} means {_months(first)}; {_counted(second)} means {_months(second)}. If both were counted "
        "on one day, one of the two full years is not a continuation of the count."
    )
    about = [claim for rate in (first, second) for claim in (rate.so_far, rate.full_year)]
    item = f"{first.name} and {second.name}, {first.full_year.when}".rstrip(", ")
    return finding("run rates", Verdict.READING, item, said, about, beyond=said)


def _counted(rate: _RunRate) -> str:
    so_far, full_year = rate.so_far.value or Fraction(0), rate.full_year.value or Fraction(0)
    return f"{rate.name}: {amount(so_far, '', 1)} so far and {amount(full_year, '', 1)} in the full year"


def _months(rate: _RunRate) -> str:
    low, high = (amount(end, "", 1) for end in rate.months)
    return f"{low} months" if low == high else f"{low} to {high} months"
