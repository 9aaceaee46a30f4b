"""Functions over many cells at once: conditions, rounding, totals of ranges. Each equals the plain function."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native import vectors
from xlmodel.engine.native.functions.rounding import floor15
from xlmodel.engine.native.lane_arrays import sumproduct
from xlmodel.engine.native.lane_lookups import LOOKUPS, index
from xlmodel.engine.native.lane_ranges import added, sliced, window
from xlmodel.engine.native.lane_registry import registered
from xlmodel.engine.native.lanes import LaneForm, Lanes, NotInLanesError, is_cell
from xlmodel.engine.native.operands import DIV0, NA
from xlmodel.engine.native.store import Ints
from xlmodel.engine.native.syntax import Call, Missing, Node, Ref
from xlmodel.refs import MAX_COL, MAX_ROW
from xlmodel.values import Kind, Values, round_half_away

__all__ = ["LANE_FORMS", "rounded", "select"]

_NUMBER, _ERROR = np.uint8(Kind.NUMBER), np.uint8(Kind.ERROR)


def select(chosen: NDArray[np.bool_], a: Values, b: Values) -> Values:
    """Return one of two at each cell."""
    if chosen.all():
        return a.broadcast_to(np.broadcast_shapes(chosen.shape, a.shape))
    if not chosen.any():
        return b.broadcast_to(np.broadcast_shapes(chosen.shape, b.shape))
    if vectors.all_numbers(a) and vectors.all_numbers(b):
        return vectors.numbers(np.where(chosen, a.num, b.num))
    return Values(np.where(chosen, a.kind, b.kind), np.where(chosen, a.num, b.num), np.where(chosen, a.text, b.text))


def _with_errors(values: Values, bad: NDArray[np.bool_] | None, codes: NDArray[np.object_] | None) -> Values:
    if bad is None or codes is None or not bad.any():
        return values
    shape = np.broadcast_shapes(values.shape, bad.shape)
    error = Values(np.broadcast_to(_ERROR, shape), np.zeros(shape), np.broadcast_to(codes, shape))
    return select(np.broadcast_to(bad, shape), error, values)


# --- conditions ------------------------------------------------------------------------------------------------------


def _branch(lanes: Lanes, node: Node, taken: NDArray[np.bool_]) -> Values:
    """Return a branch; what a registry function says in it counts only at the cells that take it."""
    if isinstance(node, Missing):
        return Values.of([[0.0]])
    before, lanes.messages = lanes.messages, {}
    try:
        values = lanes.evaluate(node)
    finally:
        said, lanes.messages = lanes.messages, before
    if said:
        here = np.broadcast_to(taken[0], (lanes.count,))
        lanes.messages = {**{lane: text for lane, text in said.items() if here[lane]}, **before}
    return values


def _if(lanes: Lanes, node: Call) -> Values:
    if not 2 <= len(node.arguments) <= 3:
        raise NotInLanesError
    condition = vectors.logical(lanes.evaluate(node.arguments[0]), lanes.reading)
    true = condition.num != 0
    good = np.True_ if condition.bad is None else ~condition.bad
    if condition.bad is None and true.all():
        return _branch(lanes, node.arguments[1], true)
    other = _branch(lanes, node.arguments[2], good & ~true) if len(node.arguments) > 2 else Values.of([[False]])
    if condition.bad is None and not true.any():
        return other
    chosen = select(true, _branch(lanes, node.arguments[1], good & true), other)
    return _with_errors(chosen, condition.bad, condition.codes)


def _otherwise(only_na: bool) -> LaneForm:
    def form(lanes: Lanes, node: Call) -> Values:
        if len(node.arguments) != 2 or any(isinstance(n, Missing) for n in node.arguments):
            raise NotInLanesError
        before = dict(lanes.messages)
        values = lanes.evaluate(node.arguments[0])
        caught = values.kind == _ERROR
        if only_na and caught.any():
            caught = caught & (values.text == NA.code)
        if not caught.any():
            return values
        if lanes.messages:  # nobody hears of an error that is caught
            here = np.broadcast_to(caught[0], (lanes.count,))
            lanes.messages = {lane: text for lane, text in lanes.messages.items() if not here[lane] or lane in before}
        return select(~caught, values, _branch(lanes, node.arguments[1], caught))

    return form


def _not(lanes: Lanes, node: Call) -> Values:
    if len(node.arguments) != 1:
        raise NotInLanesError
    x = vectors.logical(lanes.evaluate(node.arguments[0]), lanes.reading)
    return _with_errors(vectors.booleans(x.num == 0), x.bad, x.codes)


def _is(wanted: Callable[[Values], NDArray[np.bool_]]) -> LaneForm:
    """Return the form of a question about the kind of a cell."""

    def form(lanes: Lanes, node: Call) -> Values:
        if len(node.arguments) != 1:
            raise NotInLanesError
        return vectors.booleans(wanted(lanes.evaluate(node.arguments[0])))

    return form


def _all_or_any(every: bool) -> LaneForm:
    def form(lanes: Lanes, node: Call) -> Values:
        found: list[vectors.Numeric] = []
        for argument in node.arguments:
            if isinstance(argument, Missing) or not node.arguments:
                raise NotInLanesError
            values = lanes.evaluate(argument)
            # text and blanks in a cell are passed over, in an expression they are not: leave both to the plain function
            if not np.isin(values.kind, (Kind.NUMBER, Kind.BOOLEAN, Kind.ERROR)).all():
                raise NotInLanesError
            found.append(vectors.logical(values, lanes.reading))
        if not found:
            raise NotInLanesError
        flags = found[0].num != 0
        for x in found[1:]:
            flags = flags & (x.num != 0) if every else flags | (x.num != 0)
        out = vectors.booleans(flags)
        for x in reversed(found):  # the first error wins
            out = _with_errors(out, x.bad, x.codes)
        return out

    return form


# --- numbers ---------------------------------------------------------------------------------------------------------


def rounded(num: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Return numbers rounded as `round_half_away` rounds them, to the last bit.

    What lies near the middle between two results, or is large, goes through the decimal; for the rest a whole number
    and a power of ten are both exact, so that their quotient is the float nearest to the decimal.
    """
    if not -15 <= digits <= 15:
        return _each(num, lambda x: round_half_away(x, digits)) + 0.0
    power = 10.0 ** abs(digits)
    with np.errstate(all="ignore"):
        scaled = np.abs(num) * power if digits >= 0 else np.abs(num) / power
        whole = np.floor(scaled)
        part = scaled - whole
        up = part > 0.5
        whole = whole + up
        out = np.copysign(whole / power if digits >= 0 else whole * power, num)
    doubtful = (np.abs(part - 0.5) < 1e-4) | ~(scaled < 1e10)
    if doubtful.any():
        out[doubtful] = _each(num[doubtful], lambda x: round_half_away(x, digits))
    return out + 0.0  # no negative zero


def _each(num: NDArray[np.float64], function: Callable[[float], float]) -> NDArray[np.float64]:
    return np.array([function(x) for x in num.ravel().tolist()]).reshape(num.shape)


def _round(lanes: Lanes, node: Call) -> Values:
    if len(node.arguments) != 2:
        raise NotInLanesError
    number, digits = (lanes.evaluate(n) for n in node.arguments)
    if digits.size != 1 or not vectors.all_numbers(digits):
        raise NotInLanesError
    x = vectors.numeric(number, lanes.reading)
    return _with_errors(vectors.numbers(vectors.normal(rounded(x.num, int(digits.num.flat[0])))), x.bad, x.codes)


def _numeric(function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> LaneForm:
    def form(lanes: Lanes, node: Call) -> Values:
        if len(node.arguments) != 1:
            raise NotInLanesError
        x = vectors.numeric(lanes.evaluate(node.arguments[0]), lanes.reading)
        return _with_errors(vectors.numbers(vectors.normal(function(x.num))), x.bad, x.codes)

    return form


def _floored(num: NDArray[np.float64]) -> NDArray[np.float64]:
    low = np.floor(num)
    doubtful = (low != num) & (low + 1 - num <= 2e-14 * np.abs(num))
    if doubtful.any():
        low[doubtful] = _each(num[doubtful], floor15)
    return low + 0.0


# --- totals ----------------------------------------------------------------------------------------------------------


class _Sample(NamedTuple):
    """The numbers one argument gives at each cell: shape (scenarios, cells, numbers)."""

    num: NDArray[np.float64]
    counts: NDArray[np.bool_]  #: what is a number
    codes: NDArray[np.object_] | None  #: the code of what is an error, "" elsewhere


def _sampled(values: Values) -> _Sample:
    error = values.kind == _ERROR
    return _Sample(values.num, values.kind == _NUMBER, np.where(error, values.text, "") if error.any() else None)


def _argument(lanes: Lanes, node: Node) -> _Sample:
    if isinstance(node, Ref):
        if len(node.spans) != 1:
            raise NotInLanesError
        if is_cell(node.spans[0]):
            return _sampled(_deeper(lanes.cell(node)))
        return _sampled(lanes.gather(window(lanes, lanes.batch.rects(node.spans[0]))[0]))
    values = _deeper(lanes.evaluate(node))
    if isinstance(node, Call) and not np.isin(values.kind, (Kind.NUMBER, Kind.ERROR)).all():
        raise NotInLanesError  # a function may give a reference, whose texts and blanks do not count
    x = vectors.numeric(values, lanes.reading)
    if x.bad is None:
        return _Sample(x.num, np.ones(values.shape, np.bool_), None)
    bad = np.broadcast_to(x.bad, values.shape)
    return _Sample(x.num, ~bad, np.where(bad, x.codes, ""))  # type: ignore[arg-type]


def _deeper(values: Values) -> Values:
    return values.map(lambda a: a[..., None])


def _sum(s: _Sample) -> Values:
    return vectors.numbers(added(np.where(s.counts, s.num, 0.0)))


def _count(s: _Sample) -> Values:
    return vectors.numbers(s.counts.sum(axis=-1).astype(np.float64))


def _mean(s: _Sample) -> Values:
    count = s.counts.sum(axis=-1)
    with np.errstate(all="ignore"):
        out = vectors.numbers(np.where(count > 0, added(np.where(s.counts, s.num, 0.0)) / np.maximum(count, 1), 0.0))
    none = count == 0
    return _with_errors(out, none, np.where(none, DIV0.code, "").astype(object)) if none.any() else out


def _extreme(largest: bool) -> Callable[[_Sample], Values]:
    def extreme(s: _Sample) -> Values:
        if not s.num.shape[-1]:
            return vectors.numbers(np.zeros(s.num.shape[:-1]))
        beyond = -np.inf if largest else np.inf
        found = np.where(s.counts, s.num, beyond)
        out = found.max(axis=-1) if largest else found.min(axis=-1)
        return vectors.numbers(np.where(s.counts.any(axis=-1), out, 0.0))

    return extreme


def _total(reduce: Callable[[_Sample], Values], errors: bool = True) -> LaneForm:
    """Return the form of an aggregate of numbers."""

    def form(lanes: Lanes, node: Call) -> Values:
        if not node.arguments or any(isinstance(n, Missing) for n in node.arguments):
            raise NotInLanesError
        if len(node.arguments) == 1 and reduce is _sum and isinstance(node.arguments[0], Ref):
            running = _running_sum(lanes, node.arguments[0])
            if running is not None:
                return running
        parts = [_argument(lanes, n) for n in node.arguments]
        lead = np.broadcast_shapes(*(p.num.shape[:-1] for p in parts))
        sample = _Sample(
            np.concatenate([np.broadcast_to(p.num, (*lead, p.num.shape[-1])) for p in parts], -1),
            np.concatenate([np.broadcast_to(p.counts, (*lead, p.num.shape[-1])) for p in parts], -1),
            None,
        )
        out = reduce(sample)
        if not np.isfinite(out.num).all():
            raise NotInLanesError
        out = Values(out.kind, vectors.normal(out.num), out.text)
        if not errors:
            return out
        for p in reversed(parts):
            if p.codes is not None:
                bad = p.codes != ""
                first = np.take_along_axis(p.codes, bad.argmax(axis=-1)[..., None], -1)[..., 0]
                out = _with_errors(out, bad.any(axis=-1), first)
        return out

    return form


def _counta(lanes: Lanes, node: Call) -> Values:
    """Return how many cells are not blank."""
    count: NDArray[np.int64] | int = 0
    for argument in node.arguments:
        if not isinstance(argument, Ref) or len(argument.spans) != 1:
            raise NotInLanesError
        cells = (
            _deeper(lanes.cell(argument)) if is_cell(argument.spans[0])
            else lanes.gather(window(lanes, lanes.batch.rects(argument.spans[0]))[0])
        )  # fmt: skip
        count = count + (cells.kind != Kind.BLANK).sum(axis=-1)
    return vectors.numbers(np.asarray(count, np.float64))


def _running_sum(lanes: Lanes, node: Ref) -> Values | None:
    """Return sums of ranges that begin at one cell and grow row by row: all of them from one pass."""
    if len(node.spans) != 1 or is_cell(node.spans[0]):
        return None
    runs = lanes.remembered(("runs", id(node.spans[0])), lambda: _runs(lanes, node))
    if runs is None:
        return None
    out = np.zeros((lanes.cells.scenarios, lanes.count))
    for here, places, last in runs:
        values = lanes.gather(places)
        if (values.kind == _ERROR).any():
            return None
        sums = np.add.accumulate(np.where(values.kind == _NUMBER, values.num, 0.0), axis=-1)
        out[:, here] = sums[:, last]
    return vectors.numbers(vectors.normal(out)) if np.isfinite(out).all() else None


def _runs(lanes: Lanes, node: Ref) -> list[tuple[Ints, Ints, Ints]] | None:
    """Divide cells by where their ranges begin: which cells, the places of the longest range, and where each ends."""
    r = sliced(lanes.batch.rects(node.spans[0]), lanes)
    if len(r.top) < 2 or r.one:
        return None
    down = bool((r.width == 1).all() and (r.height != r.height[0]).any())
    across = bool((r.height == 1).all() and (r.width != r.width[0]).any())
    if not (down or across):
        return None
    start = (r.sheet * (MAX_ROW + 1) + r.top) * (MAX_COL + 1) + r.left
    starts, group = np.unique(start, return_inverse=True)
    if len(starts) * 4 > len(r.top):
        return None
    length = r.height if down else r.width
    found = []
    order = np.argsort(group, kind="stable")
    for here in np.split(order, np.cumsum(np.bincount(group))[:-1]):
        sheet, top, left = int(r.sheet[here[0]]), int(r.top[here[0]]), int(r.left[here[0]])
        longest = np.arange(int(length[here].max()))
        grid = lanes.cells.grids[sheet]
        places = grid.places(top + longest, np.full(1, left)) if down else grid.places(np.full(1, top), left + longest)
        found.append((here, places, length[here] - 1))
    return found


LANE_FORMS: dict[str, LaneForm] = {
    "": registered,
    "IF": _if,
    "IFERROR": _otherwise(only_na=False),
    "IFNA": _otherwise(only_na=True),
    "NOT": _not,
    "AND": _all_or_any(every=True),
    "OR": _all_or_any(every=False),
    "ISERROR": _is(lambda x: x.kind == Kind.ERROR),
    "ISERR": _is(lambda x: (x.kind == Kind.ERROR) & (x.text != NA.code)),
    "ISNA": _is(lambda x: (x.kind == Kind.ERROR) & (x.text == NA.code)),
    "ISNUMBER": _is(lambda x: x.kind == Kind.NUMBER),
    "ISTEXT": _is(lambda x: x.kind == Kind.TEXT),
    "ISNONTEXT": _is(lambda x: x.kind != Kind.TEXT),
    "ISLOGICAL": _is(lambda x: x.kind == Kind.BOOLEAN),
    "ISBLANK": _is(lambda x: x.kind == Kind.BLANK),
    "ROUND": _round,
    "ABS": _numeric(np.abs),
    "INT": _numeric(_floored),
    "SUM": _total(_sum),
    "COUNT": _total(_count, errors=False),
    "AVERAGE": _total(_mean),
    "MAX": _total(_extreme(largest=True)),
    "MIN": _total(_extreme(largest=False)),
    "INDEX": index,
    **LOOKUPS,
    "COUNTA": _counta,
    "SUMPRODUCT": sumproduct,
}
