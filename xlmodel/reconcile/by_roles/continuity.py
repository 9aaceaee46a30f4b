"""Stocks and flows: what is there at the end is what was there at the start, more those who start, less those who cease."""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.periods import follows
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount, places_for

__all__ = ["stock_continuity"]

#: A figure, and whether it is added or taken away.
Term = tuple[int, Claim | None]


def stock_continuity(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each period, whether net, closing and the next opening are what the others make them.

    An opening figure beside the closing one of the period before is a second figure for one thing, which a revision may
    explain: a difference there accuses nobody. Nor does a net fall printed as a plain number.
    """
    for figures in sets:
        yield from _set(figures)


def _set(figures: FigureSet) -> Iterator[Finding | None]:
    stocks, openings = figures.series("stock"), figures.series("opening")
    for period in dict.fromkeys(period for _, period in figures.figures):
        starts, ceases, net = (figures.one(role, period) for role in ("starts", "ceases", "net"))
        before = next((stock for other, stock in stocks.items() if follows(period, other)), None)
        opening = openings.get(period)
        item = f"{figures.name}, {period}"
        yield from _same(item, net, "net change", ((1, starts), (-1, ceases)), "starts less ceases")
        if starts and ceases:
            flows: tuple[Term, ...] = ((1, starts), (-1, ceases))
            words = "the number at the start, more starts, less ceases,"
        else:
            flows, words = ((1, net),), "the number at the start and the net change"
        first: Term = (1, opening or before)
        yield from _same(item, stocks.get(period), "number at the end", (first, *flows), words)
        yield from _same(
            item,
            opening,
            "number at the start",
            ((1, before),),
            "the number at the end of the period before",
            Verdict.UNEXPLAINED,
        )


def _same(
    item: str,
    stated: Claim | None,
    name: str,
    terms: tuple[Term, ...],
    words: str,
    verdict: Verdict = Verdict.DOES_NOT_TIE,
) -> Iterator[Finding | None]:
    """Yield a finding where a figure cannot be the sum of others, None where it can, nothing where one is missing."""
    known = [(sign, claim) for sign, claim in terms if claim is not None]
    if stated is None or len(known) < len(terms):
        return
    total, exact = Interval.of(Fraction(0)), Fraction(0)
    for sign, claim in known:
        assert claim.value is not None
        total = total + (interval(claim) if sign > 0 else -interval(claim))
        exact += sign * claim.value
    if total.meets(interval(stated)):
        yield None
        return
    without_sign = next((claim for _, claim in (*known, (1, stated)) if _fits_as_a_fall(known, stated, claim)), None)
    assert stated.value is not None
    places = max(places_for(exact), places_for(stated.value))
    verb = "is" if len(known) == 1 else "give" if words.endswith("change") else "gives" if "," in words else "is"
    said = (
        f"The {name} is printed as {amount(stated.value, stated.unit, places)}, but {words} {verb} "
        f"{amount(exact, stated.unit, places)}."
    )
    if without_sign:
        verdict = Verdict.READING
        said = f"{said} Read as a fall, the net change of {amount(without_sign.value or 0, stated.unit, places)} fits."
    yield finding("stock continuity", verdict, item, said, [*(claim for _, claim in known), stated], stated)


def _fits_as_a_fall(known: list[tuple[int, Claim]], stated: Claim, net: Claim) -> bool:
    """Whether all figures agree if a net change, and no other, is taken with its sign turned."""
    if not any(role.role == "net" for role in net.roles) or interval(net).low < 0:
        return False
    gap = -interval(stated) if net is not stated else interval(stated)
    for sign, claim in known:
        turned = (sign < 0) != (claim is net)
        gap = gap + (-interval(claim) if turned else interval(claim))
    return gap.holds(Fraction(0))
