"""Several rates share one population: each count and its printed rate leave a range of populations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations
from math import inf, isinf
from typing import NamedTuple

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import End, Interval
from xlmodel.reconcile.roles import FigureSet, interval, per
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount

__all__ = ["shared_populations"]


class _Implied(NamedTuple):
    """The population that a count and its rate allow."""

    counted: Claim
    rate: Claim
    population: Interval


def shared_populations(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each set, whether the rates of one year can share a population, and then those of different years.

    Two rates of one year that cannot are an error. Between years the population may change, so that a rate which fits
    none of the others' is a matter of reading.
    """
    for figures in sets:
        rates = [*_implied(figures, "stock"), *_implied(figures, "starts")]
        for period in dict.fromkeys(implied.rate.when for implied in rates):
            for pair in combinations([implied for implied in rates if implied.rate.when == period], 2):
                yield _one_year(figures.name, period, *pair)
        yield from _all_years(figures.name, rates)


def _implied(figures: FigureSet, role: str) -> Iterator[_Implied]:
    for period, rate in figures.series(f"rate of {role}").items():
        count, refers_to = figures.one(role, period), per(rate)
        if count is None or refers_to is None or interval(rate).high <= 0:
            continue
        yield _Implied(count, rate, interval(count) / _above_zero(rate) * Interval.of(refers_to))


def _above_zero(rate: Claim) -> Interval:
    low, high = interval(rate)
    return Interval(max(low, Fraction(0)), high)


def _one_year(name: str, period: str, first: _Implied, second: _Implied) -> Finding | None:
    if first.population.meets(second.population):
        return None
    smaller, larger = sorted((first, second), key=lambda implied: implied.population.high)
    said = (
        f"A {_rate(smaller)} needs a population of at most {_people(smaller.population.high)}; a {_rate(larger)} of "
        f"the same year needs at least {_people(larger.population.low)}. No population fits both."
    )
    about = [first.counted, first.rate, second.counted, second.rate]
    return finding("one population", Verdict.DOES_NOT_TIE, f"{name}, {period}", said, about, beyond=said)


def _all_years(name: str, rates: list[_Implied]) -> Iterator[Finding | None]:
    """Yield what becomes of each rate against the population that most of them share."""
    if len({implied.rate.when for implied in rates}) < 2:
        return
    sharing = max(
        ([other for other in rates if other.population.holds(end)] for end in (r.population.low for r in rates)),
        key=len,
    )
    if len(sharing) < 2:
        return
    common = Interval(max(r.population.low for r in sharing), min(r.population.high for r in sharing))
    for implied in rates:
        if implied in sharing:
            yield None
            continue
        below = implied.population.high < common.low
        needs = (
            f"of at most {_people(implied.population.high)}"
            if below
            else f"of {_people(implied.population.low)} or more"
        )
        said = (
            f"A {_rate(implied)} needs a population {needs}; {len(sharing)} of the other rates share one between "
            f"{_people(common.low)} and {_people(common.high)}. Either the population {'falls' if below else 'rises'}, "
            "which the document would have to say, or the rate belongs to another count."
        )
        about = [claim for r in (*sharing, implied) for claim in (r.counted, r.rate)]
        item = f"{name}, {implied.rate.when}"
        yield finding("one population", Verdict.READING, item, said, about, implied.rate, said)


def _rate(implied: _Implied) -> str:
    count, rate = implied.counted, implied.rate
    assert count.value is not None
    assert rate.value is not None
    return f"rate of {amount(rate.value, rate.unit, 3)} for {amount(count.value, count.unit)}"


def _people(number: End) -> str:
    return "any size" if isinf(number) or number == inf else amount(number, "")
