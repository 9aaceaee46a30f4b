"""Lookups and conditional totals over many cells at once: each range is made ready once, each question asked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native import vectors
from xlmodel.engine.native.calling import call
from xlmodel.engine.native.criteria import Criterion
from xlmodel.engine.native.declaration import SCALAR_KINDS, Function
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.functions.samples import mean, numbers, total
from xlmodel.engine.native.lane_registry import registered_arrays
from xlmodel.engine.native.lanes import LaneForm, Lanes, NotInLanesError, Rects
from xlmodel.engine.native.operands import REF, ExcelError, Operand, Reference, UnsupportedError
from xlmodel.engine.native.syntax import Call, Missing, Node, Ref
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import Kind, Scalar, Values

__all__ = ["LOOKUPS", "index"]

#: Functions of ranges and scalars whose result depends on nothing else: neither on the cell nor on hidden rows.
_PURE = """
    MATCH XMATCH VLOOKUP HLOOKUP LOOKUP XLOOKUP COUNTIF COUNTIFS SUMIF SUMIFS AVERAGEIF AVERAGEIFS MAXIFS
    MINIFS COUNTBLANK LARGE SMALL RANK RANK.EQ RANK.AVG PERCENTILE PERCENTILE.INC PERCENTILE.EXC QUARTILE
    QUARTILE.INC PERCENTRANK PERCENTRANK.INC NPV MEDIAN STDEV STDEV.S STDEV.P VAR VAR.S VAR.P
""".split()
#: More different ranges than this among the cells of a block, and each cell is better calculated by itself.
MAX_GROUPS = 64


class _Group(NamedTuple):
    """Cells for which every range argument means the same."""

    at: NDArray[np.intp]
    operands: dict[int, Reference]  #: by position


def _is_range(function: Function, at: int, node: Node) -> bool:
    takes = function.parameter(at).takes if at < function.most else None
    return isinstance(node, Ref) and takes not in SCALAR_KINDS


def _groups(lanes: Lanes, nodes: dict[int, Ref]) -> list[_Group]:
    """Divide the cells by what their ranges mean."""
    key = ("groups", *((at, id(n)) for at, n in nodes.items()))
    found: list[_Group] = lanes.remembered(key, lambda: list(_divided(lanes, nodes)))
    return found


def _divided(lanes: Lanes, nodes: dict[int, Ref]) -> Iterator[_Group]:
    if any(len(n.spans) != 1 for n in nodes.values()):
        raise NotInLanesError
    found = {at: _cut(lanes.batch.rects(n.spans[0]), lanes) for at, n in nodes.items()}
    keys = np.concatenate(list(found.values()), axis=1) if found else np.zeros((lanes.count, 0), np.int64)
    if len(keys) and (keys == keys[0]).all():
        parts = [np.arange(len(keys))]
    else:
        _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        if len(first) > MAX_GROUPS and len(first) * 8 > len(keys):
            raise NotInLanesError
        order = np.argsort(which.ravel(), kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1)
    for at in parts:
        operands = {}
        for position, edges in found.items():
            sheet, top, left, bottom, right = (int(x) for x in edges[at[0]])
            operands[position] = Reference((Region(sheet, Rect(top, left, bottom, right)),))
        yield _Group(at, operands)


def _cut(rects: Rects, lanes: Lanes) -> NDArray[np.int64]:
    here = lanes.slice
    return np.stack([a[here] for a in (rects.sheet, rects.top, rects.left, rects.bottom, rects.right)], 1)


def _varies(lanes: Lanes, operands: dict[int, Reference]) -> bool:
    """Tell whether ranges differ between scenarios."""
    varying = lanes.cells.varying
    return varying is not None and any(
        varying[lanes.cells.window(region)].any() for r in operands.values() for region in r.areas
    )


def _over_scenarios(name: str, lanes: Lanes, group: _Group, scalars: dict[int, Values]) -> Values:
    """Return COUNTIFS and SUMIFS of ranges that differ between scenarios, by criteria that do not."""
    first = {"SUMIFS": 1, "COUNTIFS": 0, "COUNTIF": 0}.get(name)
    if first is None or len(group.at) != lanes.count or set(scalars) != set(range(first + 1, 99, 2)) & set(scalars):
        raise NotInLanesError
    cells = {at: _cells_of(lanes, r) for at, r in group.operands.items()}
    if len({v.shape[1] for v in cells.values()}) != 1 or not all(map(_alike, scalars.values())):
        raise NotInLanesError
    columns = []
    for lane in range(lanes.count):
        met: NDArray[np.bool_] | None = None
        for at, values in scalars.items():
            content = values[0, lane if values.shape[1] > 1 else 0].item()
            mask = Criterion.of(content, lanes.reading.locale, lanes.reading.date1904).matches(cells[at - 1])
            met = mask if met is None else met & mask
        assert met is not None
        if first == 0:
            columns.append(met.sum(axis=1).astype(np.float64))
            continue
        wanted = cells[0]
        if (met & (wanted.kind == Kind.ERROR)).any():
            raise NotInLanesError
        chosen = np.where(met & (wanted.kind == Kind.NUMBER), wanted.num, 0.0)
        columns.append(np.add.accumulate(chosen, axis=1)[:, -1])
    return vectors.numbers(np.stack(columns, 1))


def _alike(values: Values) -> bool:
    """Tell whether values are the same in every scenario."""
    return all(bool((a == a[:1]).all()) for a in (values.kind, values.num, values.text))


def _cells_of(lanes: Lanes, reference: Reference) -> Values:
    """Return the cells of a range in every scenario; NotInLanesError where some are not used at all."""
    (region,) = reference.areas
    places = lanes.cells.window(region)
    height, width = region.rect.shape
    if places.size != height * width:
        raise NotInLanesError
    return lanes.gather(places.ravel())


def _asked(name: str, lanes: Lanes, node: Call) -> Values:
    """Return a pure function of ranges and scalars, each different question asked once."""
    function = lanes.evaluator.functions.get(name)
    if function is None or not function.least <= len(node.arguments) <= function.most:
        raise NotInLanesError
    ranges = {at: n for at, n in enumerate(node.arguments) if isinstance(n, Ref) and _is_range(function, at, n)}
    scalars: dict[int, Values] = {}
    for at, n in enumerate(node.arguments):
        if at in ranges:
            continue
        if isinstance(n, Missing) or function.parameter(at).takes not in SCALAR_KINDS:
            raise NotInLanesError
        scalars[at] = lanes.evaluate(n)
    shape = np.broadcast_shapes((1, lanes.count), *(v.shape for v in scalars.values()))
    answers_at = np.zeros(shape, np.intp)
    known_all: list[Scalar] = []
    spread = {at: v.broadcast_to(shape) for at, v in scalars.items()}
    answer_all = _CONDITIONAL.get(name)
    for group in _groups(lanes, ranges):
        if _varies(lanes, group.operands):
            return _over_scenarios(name, lanes, group, scalars)
        lane = lanes.lane(int(group.at[0]))
        sheet, row, col = (int(a[lane]) for a in (lanes.batch.sheet, lanes.batch.row, lanes.batch.col))
        frame = Frame(lanes.evaluator, sheet, row, col, False)
        answers = answer_all(frame, group.operands, len(node.arguments)) if answer_all else None
        for scenario in range(shape[0]):
            which, questions = _questions([v[scenario][group.at] for v in spread.values()], len(group.at))
            first = len(known_all)
            known_all += [
                _answer(function, group.operands, dict(zip(spread, given, strict=True)), frame, answers)
                for given in questions
            ]
            answers_at[scenario, group.at] = which + first
    return Values.of(known_all)[answers_at]


def _questions(columns: Sequence[Values], count: int) -> tuple[NDArray[np.intp], list[tuple[Scalar, ...]]]:
    """Return the different combinations that stand side by side, and for each cell which of them it has."""
    which = np.zeros(count, np.intp)
    questions: list[tuple[Scalar, ...]] = [()]
    for column in columns:
        codes, contents = _coded(column)
        if len(contents) == 1:
            questions = [(*q, contents[0]) for q in questions]
            continue
        pairs, which = np.unique(which * len(contents) + codes, return_inverse=True)
        questions = [(*questions[p // len(contents)], contents[p % len(contents)]) for p in pairs.tolist()]
    return which, questions


def _coded(column: Values) -> tuple[NDArray[np.intp], list[Scalar]]:
    """Return the different scalars of a column, and for each cell the number of its own."""
    if vectors.all_numbers(column):
        found, codes = np.unique(column.num, return_inverse=True)
        return codes.ravel(), list(found.tolist())
    kind, num, text = column.kind, column.num, column.text
    differs = (kind[1:] != kind[:-1]) | (num[1:] != num[:-1]) | (text[1:] != text[:-1])
    heads = np.concatenate([[0], np.flatnonzero(differs) + 1])  # equal neighbours are looked at once
    known: dict[tuple[type, Scalar], int] = {}
    codes = np.array([known.setdefault((type(x), x), len(known)) for x in column[heads].scalars()], np.intp)
    return np.repeat(codes, np.diff(np.append(heads, len(kind)))), [x for _, x in known]


def _answer(
    function: Function,
    ranges: dict[int, Reference],
    scalars: dict[int, Scalar],
    frame: Frame,
    conditional: _Conditional | None,
) -> Scalar:
    try:
        if conditional is not None:
            return conditional.answer(scalars)
        operands: list[Operand] = [
            ranges[at] if at in ranges else scalars[at] for at in range(len(ranges) + len(scalars))
        ]
        found = call(function, operands, frame)
        if isinstance(found, Values) and found.size != 1:
            raise NotInLanesError
        return frame.first(found)
    except ExcelError as problem:
        return problem.value
    except UnsupportedError:
        raise NotInLanesError from None


class _Conditional:
    """SUMIFS and its like over fixed ranges: what meets a criterion is found once for each criterion."""

    def __init__(self, frame: Frame, name: str, wanted: Region | None, ranges: dict[int, Region]) -> None:
        self.frame = frame
        self.name = name
        self.cells = {at: frame.read(region) for at, region in ranges.items()}
        self.wanted = frame.read(wanted) if wanted is not None else None
        shapes = {v.shape for v in (*self.cells.values(), *([self.wanted] if self.wanted is not None else []))}
        regions = {r.rect.shape for r in (*ranges.values(), *([wanted] if wanted is not None else []))}
        if len(shapes) != 1 or len(regions) != 1:
            raise NotInLanesError
        self.unused = regions.pop() != next(iter(shapes))
        self.known: dict[tuple[int, Criterion], NDArray[np.intp]] = {}
        self.equal: dict[int, dict[float, NDArray[np.intp]]] = {}

    def answer(self, scalars: dict[int, Scalar]) -> Scalar:
        """Return the total of the places where all criteria are met."""
        met: NDArray[np.intp] | None = None
        found = [(at, Criterion.of(x, self.frame.locale, self.frame.date1904)) for at, x in scalars.items()]
        if self.unused and self.wanted is None and all(c.takes_blanks for _, c in found):
            raise NotInLanesError
        for places in sorted((self._places(at - 1, c) for at, c in found), key=len):
            met = places if met is None else met[_contained(met, places)]
        assert met is not None
        if self.wanted is None:
            return float(len(met))
        chosen = numbers(self.wanted.reshape((self.wanted.size,))[met])
        if self.name.startswith("SUM"):
            return total(chosen)
        return mean(chosen)

    def _places(self, at: int, criterion: Criterion) -> NDArray[np.intp]:
        key = at, criterion
        if key not in self.known:
            self.known[key] = self._find(at, criterion)
        return self.known[key]

    def _find(self, at: int, criterion: Criterion) -> NDArray[np.intp]:
        cells = self.cells[at]
        if criterion.relation == "=" and criterion.kind == Kind.NUMBER and vectors.all_numbers(cells):
            if at not in self.equal:
                self.equal[at] = _by_number(cells.num.ravel())
            return self.equal[at].get(criterion.number, np.zeros(0, np.intp))
        return np.flatnonzero(criterion.matches(cells).ravel())


def _by_number(num: NDArray[np.float64]) -> dict[float, NDArray[np.intp]]:
    order = np.argsort(num, kind="stable")
    cuts = np.flatnonzero(np.diff(num[order])) + 1
    return {float(num[part[0]]): part for part in np.split(order, cuts)} if len(num) else {}


def _contained(some: NDArray[np.intp], sorted_others: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which of some places are among others."""
    if not len(sorted_others):
        return np.zeros(len(some), np.bool_)
    at = np.minimum(np.searchsorted(sorted_others, some), len(sorted_others) - 1)
    same: NDArray[np.bool_] = sorted_others[at] == some
    return same


def _conditional(
    name: str, totals: bool, frame: Frame, operands: dict[int, Reference], count: int
) -> _Conditional | None:
    """Make the ranges of SUMIFS(total, range, criterion, ...) or COUNTIFS(range, criterion, ...) ready."""
    first = 1 if totals else 0
    wanted = operands.get(0) if totals else None
    expected = set(range(first, count, 2))
    ranges = {at: r.areas[0] for at, r in operands.items() if at in expected}
    if set(ranges) != expected or (count - first) % 2 or set(operands) - expected - ({0} if totals else set()):
        return None
    return _Conditional(frame, name, wanted.areas[0] if wanted else None, ranges)


_CONDITIONAL = {
    "SUMIFS": partial(_conditional, "SUMIFS", True),
    "AVERAGEIFS": partial(_conditional, "AVERAGEIFS", True),
    "COUNTIFS": partial(_conditional, "COUNTIFS", False),
    "COUNTIF": partial(_conditional, "COUNTIF", False),
}


def index(lanes: Lanes, node: Call) -> Values:
    """Return INDEX of a range, or of the results of a registry function."""
    if not 2 <= len(node.arguments) <= 3 or any(isinstance(n, Missing) for n in node.arguments):
        raise NotInLanesError
    source, *where = node.arguments
    numbers_of = [vectors.numeric(lanes.evaluate(n), lanes.reading) for n in where]
    if any(x.bad is not None for x in numbers_of):
        return _index_with_errors(lanes, source, numbers_of)
    first, *second = (np.trunc(x.num).astype(np.int64) for x in numbers_of)
    if isinstance(source, Call):
        return _of_results(registered_arrays(lanes, source), first, second)
    return _of_range(lanes, source, first, second)


def _index_with_errors(lanes: Lanes, source: Node, numbers_of: Sequence[vectors.Numeric]) -> Values:
    """Return INDEX where some numbers are errors: they are the result there."""
    shape = np.broadcast_shapes(*(x.num.shape for x in numbers_of), (1, lanes.count))
    bad, codes = np.zeros(shape, np.bool_), np.full(shape, "", object)
    cleaned = []
    for x in numbers_of:
        whole = np.trunc(x.num).astype(np.int64)
        if x.bad is not None and x.codes is not None:
            codes = np.where(bad, codes, np.where(x.bad, np.broadcast_to(x.codes, x.num.shape), ""))
            bad = bad | x.bad
            whole = np.where(x.bad, 1, whole)
        cleaned.append(whole)
    first, *second = cleaned
    good = _of_range(lanes, source, first, second)
    error = np.uint8(Kind.ERROR)
    return Values(np.where(bad, error, good.kind), np.where(bad, 0.0, good.num), np.where(bad, codes, good.text))


def _of_range(lanes: Lanes, source: Node, first: NDArray[np.int64], second: Sequence[NDArray[np.int64]]) -> Values:
    if not isinstance(source, Ref) or len(source.spans) != 1:
        raise NotInLanesError
    edges = _cut(lanes.batch.rects(source.spans[0]), lanes)
    sheet, top, left, bottom, right = edges.T
    if second:
        row, col = first, second[0]
    elif (bottom == top).all():
        row, col = np.ones_like(first), first
    elif (right == left).all():
        row, col = first, np.ones_like(first)
    else:
        raise NotInLanesError
    if (row <= 0).any() or (col <= 0).any():
        raise NotInLanesError
    beyond = (row > bottom - top + 1) | (col > right - left + 1)
    r, c = top + row - 1, left + col - 1
    shape = np.broadcast_shapes(r.shape, c.shape, (1, lanes.count))
    if shape[0] > 1 and len(lanes.cells.values.kind) > 1:
        raise NotInLanesError  # the place differs between scenarios
    flat_sheet = np.broadcast_to(sheet, shape).ravel()
    places = lanes.batch.places_at(
        flat_sheet, np.broadcast_to(r, shape).ravel(), np.broadcast_to(c, shape).ravel()
    ).reshape(shape)
    if beyond.any():
        places = np.where(beyond, 0, places)
    values = lanes.gather(places[0])
    if not beyond.any():
        return values
    beyond = np.broadcast_to(beyond, values.shape)
    return Values(
        np.where(beyond, np.uint8(Kind.ERROR), values.kind), np.where(beyond, 0.0, values.num),
        np.where(beyond, REF.code, values.text),
    )  # fmt: skip


def _of_results(results: Values, first: NDArray[np.int64], second: Sequence[NDArray[np.int64]]) -> Values:
    """Return one of several results of each call: `results` is scenarios by cells by results, or rows and columns."""
    if len(second) != len(results.shape) - 3 or any(x.size != 1 for x in (first, *second)):
        raise NotInLanesError
    if second:
        row, col = int(first.flat[0]), int(second[0].flat[0])
        if not (1 <= row <= results.shape[2] and 1 <= col <= results.shape[3]):
            raise NotInLanesError
        return results.map(lambda a: a[..., row - 1, col - 1])
    at = int(first.flat[0])
    if results.shape[-1] == 1 and (results.kind == Kind.ERROR).all():
        at = 1  # every call failed: whichever result is asked for, it is the error
    if not 1 <= at <= results.shape[-1]:
        raise NotInLanesError
    return results.map(lambda a: a[..., at - 1])


LOOKUPS: dict[str, LaneForm] = {name: partial(_asked, name) for name in _PURE}
