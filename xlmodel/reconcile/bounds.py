"""What a formula's result can be: its lowest and highest value, given how each figure in it is printed.

Where a result rises or falls steadily with a figure, which the sign of its slope over the whole interval proves, the end
of the result is reached at an end of the figure. What is left is bounded part by part, which can only be too wide. Both
ends come out as expressions, so that a workbook can hold them as formulas and they cannot differ from what is judged here.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial, reduce
from itertools import product
from math import isinf

from xlmodel.reconcile.expressions import Constant, Expression, Figure, Operation, figures, replaced
from xlmodel.reconcile.intervals import End, Interval
from xlmodel.reconcile.slopes import FLAT, RULES, Box, Sloped, UnboundedError, sloped, with_slots
from xlmodel.registry import Registry

__all__ = ["Box", "UnboundedError", "enclosure", "ends"]

_MOST_PIECES = 256  #: of a box whose slopes are looked at
_STEADY = frozenset(("SUM", "AVERAGE", "MIN", "MAX", "EXP", "LN"))  #: rise with each argument, or stay


def enclosure(tree: Expression, box: Box, registry: Registry) -> Interval:
    """Return an interval that has the result in it; one number where each figure is one.

    Raises
    ------
    NoResultError
        There is no result, such as after a division by 0.
    UnboundedError
        A function that is not worked out here rises and falls within its arguments' intervals.
    """
    return sloped(tree, box, registry).value


def ends(tree: Expression, box: Box, registry: Registry) -> tuple[Expression, Expression]:
    """Return the lowest and the highest result as expressions over the lowest and highest of the figures.

    Parameters
    ----------
    tree : Expression
        Over printed figures.
    box : mapping of Figure to Interval
        What each of them can be.
    registry : Registry
        The functions there are beside Excel's.

    Raises
    ------
    NoResultError, UnboundedError
        As `enclosure`.

    Examples
    --------
    >>> from xlmodel.reconcile.expressions import excel_text, parse
    >>> tree = parse("=(new-old)/old", ["new", "old"], Registry())
    >>> box = {Figure("new"): Interval(Fraction(65), Fraction(67)), Figure("old"): Interval(Fraction(43), Fraction(45))}
    >>> [excel_text(end, lambda name, part: f"{name}_{part}") for end in ends(tree, box, Registry())]
    ['(new_lowest-old_highest)/old_highest', '(new_highest-old_lowest)/old_lowest']
    """
    if _unlimited(tree, box, registry):
        return _part_by_part(tree, box, registry, -1), _part_by_part(tree, box, registry, 1)
    steady = _steady(tree, box, registry)
    return _end(tree, dict(box), registry, -1, steady), _end(tree, dict(box), registry, 1, steady)


def _end(
    tree: Expression, box: dict[Figure, Interval], registry: Registry, side: int, steady: Mapping[Figure, bool]
) -> Expression:
    """Return the lowest (side -1) or highest (1) result; `steady` has the figures with which it only rises or falls."""
    chosen: dict[Figure, Figure] = {}
    while steady:
        for figure, rises in steady.items():
            high = rises == (side > 0)
            chosen[figure] = Figure(figure.id, "highest" if high else "lowest")
            box[figure] = Interval.of(box[figure].high if high else box[figure].low)
        steady = _steady(tree, box, registry)
    fixed = replaced(tree, lambda figure: chosen.get(figure, figure))
    box |= {end: box[figure] for figure, end in chosen.items()}
    return fixed if all(box[f].point for f in figures(fixed)) else _part_by_part(fixed, box, registry, side)


def _steady(tree: Expression, box: Box, registry: Registry) -> dict[Figure, bool]:
    """Return the figures with which the result only rises (True), or only falls (False).

    Where the slopes over the whole box do not tell, the box is cut into ever smaller pieces: the smaller they are, the
    closer the slopes found are to the true ones. Pieces are worked out in doubles: a slope that those cannot tell from
    0 makes no difference that could be seen.
    """
    figures_left = sorted({f for f in figures(tree) if not box[f].point}, key=lambda figure: figure.id)
    # what the engine calculates has no slopes that smaller pieces would make closer
    most = 1 if _calls_engine(tree) else _MOST_PIECES
    pieces = 1
    while figures_left and pieces ** len(figures_left) <= most:
        if pieces == 2:
            box = {figure: Interval(float(interval.low), float(interval.high)) for figure, interval in box.items()}
        cuts = [[(figure, part) for part in _cut(box[figure], pieces)] for figure in figures_left]
        ways = {(figure, up) for figure in figures_left for up in (True, False)}
        for piece in product(*cuts):
            slopes = sloped(tree, {**box, **dict(piece)}, registry).slopes
            ways = {(f, up) for f, up in ways if _goes(slopes.get(f, FLAT), up)}
            if not ways:
                break
        if ways:
            return {figure: (figure, True) in ways for figure, _ in ways}
        pieces *= 2
    return {}


def _unlimited(tree: Expression, box: Box, registry: Registry) -> bool:
    """Whether a part can be without limit, as where a divisor may be 0: across that, no slope tells where ends are."""
    parts: dict[int, Sloped] = {}
    sloped(tree, box, registry, parts)
    return any(isinf(end) for part in parts.values() for end in part.value)


def _goes(slope: Interval, up: bool) -> bool:
    return slope.low >= 0 if up else slope.high <= 0


def _calls_engine(tree: Expression) -> bool:
    return isinstance(tree, Operation) and (tree.name not in RULES or any(map(_calls_engine, tree.arguments)))


def _cut(interval: Interval, pieces: int) -> list[Interval]:
    low, step = interval.low, (interval.high - interval.low) / pieces
    return [Interval(low + i * step, low + (i + 1) * step) for i in range(pieces)]


# --- part by part -----------------------------------------------------------------------------------------------------


def _part_by_part(tree: Expression, box: Box, registry: Registry, side: int) -> Expression:
    """Return an end of the result from the ends of its parts, as if each time a figure stands it could be another."""
    if isinstance(tree, Constant):
        return tree
    if isinstance(tree, Figure):
        return tree if box[tree].point else Figure(tree.id, "highest" if side > 0 else "lowest")
    assert isinstance(tree, Operation)
    if not any(not box[figure].point for figure in figures(tree)):
        return tree
    at = partial(_part_by_part, box=box, registry=registry)
    within = enclosure(tree, box, registry)
    limit: End = within.high if side > 0 else within.low
    if isinf(limit):
        return Constant(float(limit))
    match tree.name:
        case "neg":
            return Operation("neg", (at(tree.arguments[0], side=-side),))
        case "+":
            return Operation("+", tuple(at(argument, side=side) for argument in tree.arguments))
        case "-":
            left, right = tree.arguments
            return Operation("-", (at(left, side=side), at(right, side=-side)))
        case "PRODUCT":
            chain = reduce(lambda a, b: Operation("*", (a, b)), tree.arguments)
            return at(chain, side=side)
        case name if name in _STEADY:
            return Operation(name, tuple(at(argument, side=side) for argument in tree.arguments))
        case "*" | "/" | "^":
            return _corner(tree, box, registry, side)
        case "ABS":
            return _size_end(tree, box, registry, side)
    return _call_end(tree, box, registry, side)


def _corner(tree: Operation, box: Box, registry: Registry, side: int) -> Expression:
    """Return the smallest or largest of the results at the four corners of two arguments' intervals."""
    at = partial(_part_by_part, box=box, registry=registry)
    left, right = tree.arguments
    base = enclosure(left, box, registry)
    if tree.name == "^":
        whole = enclosure(tree, box, registry)
        if base.low < 0 < base.high and (whole.high if side > 0 else whole.low) == 0:
            return Constant(Fraction(0))
        sides = list(product((-1, 1), (-1, 1)))
    else:
        sides = _extreme_sides(base, enclosure(right, box, registry), side, divides=tree.name == "/")
    corners = tuple(dict.fromkeys(Operation(tree.name, (at(left, side=a), at(right, side=b))) for a, b in sides))
    return corners[0] if len(corners) == 1 else Operation("MAX" if side > 0 else "MIN", corners)


def _extreme_sides(a: Interval, b: Interval, side: int, *, divides: bool) -> list[tuple[int, int]]:
    """Return the sides of two factors that can make their product lowest (-1) or highest (1)."""
    flip = -1 if divides else 1  # a quotient falls where a product with the same signs would rise
    if b.low >= 0 or b.high <= 0:
        of_a = side if b.low >= 0 else -side
        end = a.low if of_a < 0 else a.high
        return [(of_a, flip * (side if end >= 0 else -side))]
    if a.low >= 0 or a.high <= 0:
        of_b = side if a.low >= 0 else -side
        end = b.low if of_b < 0 else b.high
        return [(side if end >= 0 else -side, of_b)]
    return list(product((-1, 1), (-1, 1)))


def _size_end(tree: Operation, box: Box, registry: Registry, side: int) -> Expression:
    (inside,) = tree.arguments
    within = enclosure(inside, box, registry)
    if side < 0 and within.low < 0 < within.high:
        return Constant(Fraction(0))
    sizes = tuple(Operation("ABS", (_part_by_part(inside, box=box, registry=registry, side=way),)) for way in (-1, 1))
    return Operation("MAX" if side > 0 else "MIN", sizes)


def _call_end(tree: Operation, box: Box, registry: Registry, side: int) -> Expression:
    """Return a call at the ends of its arguments that make its result lowest or highest."""
    _, inner = with_slots(tree)
    named = {part: Figure(f"_{i}") for i, part in enumerate(inner)}

    def renamed(part: Expression) -> Expression:
        if part in named:
            return named[part]
        if isinstance(part, Operation):
            return Operation(part.name, tuple(renamed(argument) for argument in part.arguments))
        return part

    call = Operation(tree.name, tuple(renamed(argument) for argument in tree.arguments))
    parts = {name: enclosure(part, box, registry) for part, name in named.items()}
    end = ends(call, parts, registry)[side > 0]
    back = {name: part for part, name in named.items()}

    def given(name: Figure) -> Expression:
        part = back[Figure(name.id)]
        return part if name.part == "value" else _part_by_part(part, box, registry, 1 if name.part == "highest" else -1)

    return replaced(end, given)
