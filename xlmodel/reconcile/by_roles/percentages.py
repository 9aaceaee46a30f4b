"""A percentage, and what it is of: the base it should have been divided by, or another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from xlmodel.reconcile.bounds import enclosure, ends
from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.expressions import Constant, Expression, Figure, Operation, figures
from xlmodel.reconcile.finding import Finding, finding
from xlmodel.reconcile.intervals import Interval, NoResultError
from xlmodel.reconcile.roles import FigureSet, interval
from xlmodel.reconcile.verdicts import Verdict
from xlmodel.reconcile.wording import amount
from xlmodel.registry import Registry

__all__ = ["percentage_bases"]

_PER_CENT = Constant(Fraction(100))
_PLACES = 1
_NONE = Registry()
#: A way to divide, and what it does in words.
Way = tuple[Expression, str]


def percentage_bases(sets: Iterable[FigureSet]) -> Iterator[Finding | None]:
    """Yield, for each percentage, a finding where it is not of its base; the base that it is of is named.

    A fall may be printed as a plain number ("a fall of 52%"): a change of the right size is a matter of reading.
    """
    for figures_of_set in sets:
        for period, percentage in figures_of_set.series("percentage").items():
            share, base = (figures_of_set.beside(role, period) for role in ("share", "base"))
            if share is not None and base is not None:
                yield from _judged(_item(figures_of_set, period), percentage, share, base, _of_base)
        for period, percentage in figures_of_set.series("percentage change").items():
            before, after = figures_of_set.before(period), figures_of_set.beside("after", period)
            if before is not None and after is not None:
                yield from _judged(_item(figures_of_set, period), percentage, before, after, _of_before)


def _item(figures_of_set: FigureSet, period: str) -> str:
    return f"{figures_of_set.name}, {period}".rstrip(", ")


def _of_base(share: Claim, base: Claim) -> tuple[Way, ...]:
    a, b = Figure(share.id), Figure(base.id)
    return (
        (_percent(a, b), f"{_shown(share)} of {_shown(base)}"),
        (_percent(a, Operation("-", (b, a))), f"{_shown(share)} divided by what is left of {_shown(base)} without it"),
        (_percent(a, Operation("+", (b, a))), f"{_shown(share)} divided by {_shown(base)} with it added"),
        (_percent(b, a), f"{_shown(base)} divided by {_shown(share)}"),
    )


def _of_before(before: Claim, after: Claim) -> tuple[Way, ...]:
    a, b = Figure(before.id), Figure(after.id)
    change = Operation("-", (b, a))
    return (
        (_percent(change, a), f"the change from {_shown(before)} to {_shown(after)}, divided by the figure before it"),
        (_percent(change, b), f"the change divided by the new figure, {_shown(after)}, instead of the old one"),
        (_percent(b, a), "the new figure in per cent of the old one, not the change"),
    )


def _percent(above: Expression, below: Expression) -> Expression:
    return Operation("*", (Operation("/", (above, below)), _PER_CENT))


def _shown(claim: Claim) -> str:
    assert claim.value is not None
    return amount(claim.value, claim.unit, max(claim.decimal_places or 0, 0), fixed=True)


def _judged(
    item: str, percentage: Claim, first: Claim, second: Claim, ways: Callable[[Claim, Claim], tuple[Way, ...]]
) -> Iterator[Finding | None]:
    """Yield what becomes of a percentage; nothing where its base is zero."""
    box = {Figure(claim.id): interval(claim) for claim in (first, second)}
    middles = {Figure(claim.id): Interval.of(claim.value or Fraction(0)) for claim in (first, second)}
    (right, words), *wrong = ways(first, second)
    printed = interval(percentage)
    try:
        possible = _range(right, box)
        exact = enclosure(right, middles, _NONE).low
    except NoResultError:
        return
    if possible.meets(printed):
        yield None
        return
    said = f"{_shown(percentage)} is printed; {words}, is {amount(exact, '%', _PLACES)}."
    about = [first, second, percentage]
    unsigned = ways is _of_before and (exact < 0 or middles[Figure(first.id)].low < 0)
    if unsigned and (-possible).meets(printed):
        said = f"{said} The size is right, and a fall may be printed without its sign."
        yield finding("percentage base", Verdict.READING, item, said, about, percentage, said)
        return
    either = (printed, -printed) if unsigned else (printed,)
    other = next((what for way, what in wrong if any(_fits(way, box, as_read) for as_read in either)), None)
    beyond = f"{_shown(percentage)} is {other}." if other else ""
    said = f"{said} {beyond}".rstrip()
    yield finding("percentage base", Verdict.DOES_NOT_TIE, item, said, about, percentage, beyond)


def _fits(way: Expression, box: dict[Figure, Interval], printed: Interval) -> bool:
    try:
        return _range(way, box).meets(printed)
    except NoResultError:
        return False


def _range(tree: Expression, box: dict[Figure, Interval]) -> Interval:
    low, high = ends(tree, box, _NONE)

    def at(end: Expression) -> Interval:
        sides = {
            figure: Interval.of(getattr(box[Figure(figure.id)], "low" if figure.part == "lowest" else "high"))
            if figure.part != "value"
            else box[figure]
            for figure in figures(end)
        }
        return enclosure(end, sides, _NONE)

    return Interval(at(low).low, at(high).high)
