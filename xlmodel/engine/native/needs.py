"""What a formula refers to, read off its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlmodel.engine.native.declaration import Function
from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.syntax import Call, Invoke, Local, Name, Node, RangeOf, Ref, Spill, Unknown, children
from xlmodel.engine.references import Span
from xlmodel.refs import MAX_COL, MAX_ROW, Area, Rect

__all__ = ["Needs", "needs_of", "reach"]

#: Functions that look at a reference and not into it: `=ROWS(A$1:A1)` in A1 is no cycle.
LOOK_AT = frozenset(
    "ROW COLUMN ROWS COLUMNS AREAS SHEET SHEETS ISREF FORMULATEXT ISFORMULA OFFSET CELL ISOMITTED".split()
)
#: Functions that make references of their own while calculating.
#: Functions that read beyond a range that is smaller than another.
_STRETCHED = frozenset({"SUMIF", "AVERAGEIF"})
Edge = tuple[bool, int] | None
DYNAMIC = frozenset({"OFFSET", "INDIRECT", "GETPIVOTDATA"})
MAX_SPANS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """The references of one formula."""

    spans: tuple[Span, ...]
    dynamic: bool  #: it may read more than `spans`, made at run time
    volatile: bool
    portable: bool  #: the same tree serves the same formula on another sheet


def needs_of(tree: Node, evaluator: Evaluator) -> Needs:
    """Return what a formula refers to, its names looked into."""
    spans: dict[int, Span] = {}
    found = _Found()
    seen: set[int] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if len(spans) > MAX_SPANS:
            raise UnsupportedError(f"a formula with more than {MAX_SPANS:,} references", "limit")
        if isinstance(node, Ref):
            for span in node.spans:
                spans[id(span)] = span
            found.portable = found.portable and not node.text.startswith("[")  # of the table on the formula's own sheet
        elif isinstance(node, Name):
            found.portable = False
            if id(node.defined) not in seen:
                seen.add(id(node.defined))
                stack.append(_meaning(node, evaluator, found))
        elif isinstance(node, (Spill, RangeOf, Invoke, Unknown)):
            found.dynamic = found.dynamic or isinstance(node, RangeOf)
            found.portable = False
            stack.extend(children(node))
        elif isinstance(node, Call):
            found.call(node, evaluator)
            if node.name in _STRETCHED and len(node.arguments) == 3:
                _stretch(node, spans, found)
            stack.extend(_looked_into(node))
            if node.name not in evaluator.functions and evaluator.registry.resolve(node.stored) is None:
                named = evaluator.scope.name(node.stored.rpartition("!")[2], 0)
                if named is not None:
                    stack.append(Name(named, 0))
        else:
            found.portable = found.portable and not isinstance(node, Local)
            stack.extend(children(node))
    return Needs(tuple(spans.values()), found.dynamic, found.volatile, found.portable)


def _stretch(node: Call, spans: dict[int, Span], found: _Found) -> None:
    """Add the cells that SUMIF adds up beyond its third range, where that is smaller than the first."""
    first, _, third = node.arguments
    if not (isinstance(first, Ref) and isinstance(third, Ref) and len(first.spans) == len(third.spans) == 1):
        found.dynamic = True
        return
    tall, start = first.spans[0].area, third.spans[0].area
    bottom = _stretched(start.top, tall.top, tall.bottom, start.bottom)
    right = _stretched(start.left, tall.left, tall.right, start.right)
    area = Area(start.prefix, start.top, start.left, bottom, right, single=False)
    wider = Span(third.spans[0].sheet, area, third.spans[0].within)
    spans[id(wider)] = wider


def _stretched(start: Edge, low: Edge, high: Edge, otherwise: Edge) -> Edge:
    if start is None or low is None or high is None or low[0] != high[0]:
        return otherwise
    return start[0], start[1] + high[1] - low[1]


class _Found:
    def __init__(self) -> None:
        self.dynamic = self.volatile = False
        self.portable = True

    def call(self, node: Call, evaluator: Evaluator) -> None:
        function: Function | None = evaluator.functions.get(node.name)
        if node.name in DYNAMIC:  # calculated again each time, and the same each time: neither clock nor chance
            self.dynamic = True
        else:
            self.volatile = self.volatile or (function is not None and function.volatile)


def _looked_into(node: Call) -> Iterator[Node]:
    for at, argument in enumerate(node.arguments):
        if not (node.name in LOOK_AT and isinstance(argument, Ref) and (node.name != "CELL" or at > 0)):
            yield argument


def _meaning(node: Name, evaluator: Evaluator, found: _Found) -> Node:
    try:
        return evaluator.meaning(node)
    except UnsupportedError:
        found.dynamic = True
        return Unknown(node.defined.name)


def reach(span: Span, block: Rect) -> Rect:
    """Return the smallest rectangle that holds what a span means at any cell of a block."""
    area = span.area
    top, bottom = _edge(area.top, area.bottom, block.top, block.bottom, MAX_ROW)
    left, right = _edge(area.left, area.right, block.left, block.right, MAX_COL)
    return Rect(top, left, bottom, right)


def _edge(
    first: tuple[bool, int] | None, last: tuple[bool, int] | None, low: int, high: int, limit: int
) -> tuple[int, int]:
    if first is None or last is None:
        return 1, limit
    ends = []
    for absolute, number in (first, last):
        for origin in (low, high):
            at = number if absolute else origin + number
            if not 1 <= at <= limit:  # it wraps round the sheet
                return 1, limit
            ends.append(at)
    return min(ends), max(ends)
