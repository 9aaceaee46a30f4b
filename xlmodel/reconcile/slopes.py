"""The interval of a result, and of its slope along each figure: which way the result goes when a figure does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from itertools import product
from math import inf

from xlmodel.reconcile.engine_functions import calculated
from xlmodel.reconcile.expressions import Constant, Expression, Figure, Operation, excel_text
from xlmodel.reconcile.intervals import Interval, NoResultError, absolute, exponential, logarithm, power
from xlmodel.refs import column_letters
from xlmodel.registry import Registry

__all__ = ["FLAT", "RULES", "Box", "Sloped", "UnboundedError", "sloped", "with_slots"]

#: The interval of each figure.
Box = Mapping[Figure, Interval]

FLAT = Interval.of(Fraction(0))
_RISES, _FALLS = Interval(Fraction(0), inf), Interval(-inf, Fraction(0))
#: At how many values each argument of a function is tried, by how many arguments are not one number.
_TRIED = (2, 17, 9, 5, 3, 3)


class UnboundedError(ArithmeticError):
    """What rounding can do to a function's result cannot be told."""


@dataclass(frozen=True, slots=True)
class Sloped:
    """The interval of a result, and of its slope along each figure."""

    value: Interval
    slopes: Mapping[Figure, Interval]

    def scaled(self, by: Interval) -> dict[Figure, Interval]:
        """Return the slopes multiplied by what the result is multiplied by."""
        return {figure: slope * by for figure, slope in self.slopes.items()}


def sloped(tree: Expression, box: Box, registry: Registry, known: dict[int, Sloped] | None = None) -> Sloped:
    """Return the interval of a result and of its slopes; a part that stands in several places is worked out once."""
    known = {} if known is None else known
    if id(tree) not in known:
        known[id(tree)] = _worked_out(tree, box, registry, known)
    return known[id(tree)]


def _worked_out(tree: Expression, box: Box, registry: Registry, known: dict[int, Sloped]) -> Sloped:
    if isinstance(tree, Constant):
        if isinstance(tree.value, str):
            raise NoResultError("has a text where a number is needed")
        return Sloped(Interval.of(tree.value), {})
    if isinstance(tree, Figure):
        interval = box[tree]
        return Sloped(interval, {} if interval.point else {tree: Interval.of(Fraction(1))})
    assert isinstance(tree, Operation)
    if tree.name in RULES:
        return RULES[tree.name]([sloped(argument, box, registry, known) for argument in tree.arguments])
    return _called(tree, box, registry)


def _added(*parts: Mapping[Figure, Interval]) -> dict[Figure, Interval]:
    out: dict[Figure, Interval] = {}
    for part in parts:
        for figure, slope in part.items():
            out[figure] = out[figure] + slope if figure in out else slope
    return out


def _sum(parts: list[Sloped]) -> Sloped:
    return Sloped(reduce(Interval.__add__, (p.value for p in parts)), _added(*(p.slopes for p in parts)))


def _negative(parts: list[Sloped]) -> Sloped:
    (part,) = parts
    return Sloped(-part.value, part.scaled(Interval.of(Fraction(-1))))


def _difference(parts: list[Sloped]) -> Sloped:
    return _sum([parts[0], _negative(parts[1:])])


def _product(parts: list[Sloped]) -> Sloped:
    def two(a: Sloped, b: Sloped) -> Sloped:
        return Sloped(a.value * b.value, _added(a.scaled(b.value), b.scaled(a.value)))

    return reduce(two, parts)


def _quotient(parts: list[Sloped]) -> Sloped:
    above, below = parts
    value = above.value / below.value
    return Sloped(
        value, _added(above.scaled(Interval.of(Fraction(1)) / below.value), below.scaled(-value / below.value))
    )


def _power(parts: list[Sloped]) -> Sloped:
    base, exponent = parts
    value = power(base.value, exponent.value)
    slopes: list[dict[Figure, Interval]] = []
    if base.slopes:
        less = power(base.value, exponent.value - Interval.of(Fraction(1)))
        slopes.append(base.scaled(exponent.value * less))
    if exponent.slopes:
        slopes.append(exponent.scaled(value * logarithm(base.value)))
    return Sloped(value, _added(*slopes))


def _average(parts: list[Sloped]) -> Sloped:
    return _quotient([_sum(parts), Sloped(Interval.of(Fraction(len(parts))), {})])


def _of_all(parts: list[Sloped], side: int) -> Sloped:
    """Return the largest of several (side 1), or the smallest (-1)."""
    take = max if side > 0 else min
    value = Interval(take(p.value.low for p in parts), take(p.value.high for p in parts))
    # one that can never be the largest has no say
    rivals = [p for p in parts if (p.value.high >= value.low if side > 0 else p.value.low <= value.high)]
    known = {figure for p in rivals for figure in p.slopes}
    return Sloped(
        value, {f: reduce(Interval.joined, (p.slopes.get(f, FLAT) for p in rivals)) for f in sorted(known, key=str)}
    )


def _size(parts: list[Sloped]) -> Sloped:
    (part,) = parts
    if part.value.low >= 0:
        return part
    turned = _negative([part])
    if part.value.high <= 0:
        return turned
    return Sloped(absolute(part.value), {f: s.joined(turned.slopes[f]) for f, s in part.slopes.items()})


def _exponential(parts: list[Sloped]) -> Sloped:
    (part,) = parts
    value = exponential(part.value)
    return Sloped(value, part.scaled(value))


def _logarithm(parts: list[Sloped]) -> Sloped:
    (part,) = parts
    return Sloped(logarithm(part.value), part.scaled(Interval.of(Fraction(1)) / part.value))


RULES: Mapping[str, Callable[[list[Sloped]], Sloped]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
    "^": _power,
    "neg": _negative,
    "SUM": _sum,
    "PRODUCT": _product,
    "AVERAGE": _average,
    "MIN": partial(_of_all, side=-1),
    "MAX": partial(_of_all, side=1),
    "ABS": _size,
    "EXP": _exponential,
    "LN": _logarithm,
}


# --- functions that only the engine knows -----------------------------------------------------------------------------


def _called(tree: Operation, box: Box, registry: Registry) -> Sloped:
    """Return what a function gives where it is tried, and along which of its arguments it rises or falls there."""
    formula, inner = with_slots(tree)
    parts = [sloped(argument, box, registry) for argument in inner]
    wide = [i for i, part in enumerate(parts) if not part.value.point]
    if len(wide) >= len(_TRIED):
        raise UnboundedError(f"{tree.name} is given more than {len(_TRIED) - 1} rounded figures")
    count = _TRIED[len(wide)]
    grid = list(product(range(count), repeat=len(wide)))
    tried = []
    for steps in grid:
        point = [part.value.low for part in parts]
        for i, step in zip(wide, steps, strict=True):
            low, high = parts[i].value
            point[i] = low + (high - low) * step / (count - 1)
        tried.append([Fraction(x) for x in point])
    results = dict(zip(grid, calculated(formula, tried, registry), strict=True))
    slopes = [parts[i].scaled(_direction(results, axis, tree.name)) for axis, i in enumerate(wide)]
    return Sloped(Interval(min(results.values()), max(results.values())), _added(*slopes))


def _direction(results: Mapping[tuple[int, ...], Fraction], axis: int, name: str) -> Interval:
    following = {at: (*at[:axis], at[axis] + 1, *at[axis + 1 :]) for at in results}
    steps = [results[following[at]] - result for at, result in results.items() if following[at] in results]
    if all(step >= 0 for step in steps):
        return _RISES
    if all(step <= 0 for step in steps):
        return _FALLS
    raise UnboundedError(f"{name} rises and falls within what the printed figures allow")


def with_slots(tree: Operation) -> tuple[str, list[Expression]]:
    """Return a call with cells A1, B1, … for its arguments, and those arguments; a text stays where it is."""
    inner: list[Expression] = []

    def slot(part: Expression) -> Expression:
        if isinstance(part, Constant) and isinstance(part.value, str):
            return part
        if isinstance(part, Operation) and part.name not in RULES:
            return Operation(part.name, tuple(slot(argument) for argument in part.arguments))
        if part not in inner:  # an argument given twice is one figure both times
            inner.append(part)
        return Figure(f"{column_letters(inner.index(part) + 1)}1")

    call = Operation(tree.name, tuple(slot(argument) for argument in tree.arguments))
    return excel_text(call, lambda name, _: name), inner
