"""What a formula used when it was calculated: the cells it names, and those it found by looking them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlmodel.engine.native.calling import call
from xlmodel.engine.native.coercion import to_logical
from xlmodel.engine.native.evaluator import Evaluator, PendingError, RefusedError
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.operands import ExcelError, Operand, Reference, UnsupportedError
from xlmodel.engine.native.syntax import Call, External, Name, Node, RangeOf, Ref, Spill, children
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Values

__all__ = ["Used", "used"]

_FAILURES = (ExcelError, UnsupportedError, PendingError, RefusedError)
_TABLE_LOOKUPS = ("VLOOKUP", "HLOOKUP")


class Used(NamedTuple):
    """Cells that a formula used."""

    region: Region | None  #: None for cells of another workbook
    via: str = ""  #: how it came to them, where its text does not say
    text: str = ""  #: what the formula names, for cells of another workbook


def used(evaluator: Evaluator, sheet: int, row: int, col: int, *, array: bool) -> list[Used]:
    """Return what the formula of a cell used, in the order of the formula, each once.

    Of IF and CHOOSE only the branch taken counts. Of INDEX, OFFSET, XLOOKUP and the like, the cells found do, and the
    single cells that say what to look for; not the ranges that were searched.
    """
    book = evaluator.book
    at = book.sheets[sheet].find(row, col)
    tree = evaluator.tree(book.formulas[int(book.sheets[sheet].formula[at])], sheet)
    found: dict[tuple[Region | None, str], Used] = {}
    for one in _Walk(evaluator).node(tree, Frame(evaluator, sheet, row, col, array), ""):
        found.setdefault((one.region, one.text), one)
    return list(found.values())


class _Walk:
    """Goes through the parts of one formula."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def node(self, node: Node, frame: Frame, via: str) -> Iterator[Used]:
        match node:
            case Ref():
                yield from _regions(self._operand(node, frame), via)
            case External():
                yield Used(None, via, node.name or f"{node.prefix.first} of another workbook")
            case Name():
                yield from self.node(self.evaluator.meaning(node), Frame(self.evaluator, node.home, 1, 1, True), via)
            case Call() if node.name == "IF" and len(node.arguments) > 1:
                yield from self._if(node, frame, via)
            case Call() if node.name == "CHOOSE" and len(node.arguments) > 1:
                yield from self._choose(node, frame, via)
            case Call() if node.name in _TABLE_LOOKUPS and len(node.arguments) > 2:
                yield from self._looked_up(node, frame, via)
            case Call() if self._finds(node):
                yield from self._found(node, node, node.name, frame, via)
            case RangeOf() | Spill():
                finder = next((n for n in children(node) if isinstance(n, Call)), None)
                name = "#" if finder is None else finder.name
                yield from self._found(node, finder, name, frame, via)
            case _:
                for part in children(node):
                    yield from self.node(part, frame, via)

    def _finds(self, node: Call) -> bool:
        function = self.evaluator.functions.get(node.name)
        return function is not None and function.reference

    def _operand(self, node: Node, frame: Frame) -> Operand:
        try:
            return self.evaluator.operand(node, frame)
        except _FAILURES:
            return None

    def _if(self, node: Call, frame: Frame, via: str) -> Iterator[Used]:
        condition, *branches = node.arguments
        yield from self.node(condition, frame, via)
        try:
            holds = to_logical(frame.scalar(self.evaluator.operand(condition, frame)), self.evaluator.reading)
        except _FAILURES:
            taken: Sequence[Node] = branches
        else:
            taken = branches[:1] if holds else branches[1:]
        for part in taken:
            yield from self.node(part, frame, via)

    def _choose(self, node: Call, frame: Frame, via: str) -> Iterator[Used]:
        index, *choices = node.arguments
        yield from self.node(index, frame, via)
        number = frame.scalar(self._operand(index, frame))
        known = isinstance(number, float) and 1 <= number < len(choices) + 1
        for part in [choices[int(number) - 1]] if known and isinstance(number, float) else choices:
            yield from self.node(part, frame, via)

    def _found(self, node: Node, finder: Call | None, name: str, frame: Frame, via: str) -> Iterator[Used]:
        """Yield what a lookup gave, then what it looked for."""
        result = self._operand(node, frame)
        if not isinstance(result, Reference):
            for part in children(node):
                yield from self.node(part, frame, via)
            return
        yield from _regions(result, via or f"found by {name}")
        for part in () if finder is None else finder.arguments:
            yield from self._asked_for(part, frame)

    def _asked_for(self, node: Node, frame: Frame) -> Iterator[Used]:
        for one in self.node(node, frame, "what it is looked up by"):
            if one.region is not None and one.region.rect.shape == (1, 1):
                yield one

    def _looked_up(self, node: Call, frame: Frame, via: str) -> Iterator[Used]:
        """Yield the cell that VLOOKUP or HLOOKUP took: they give a value, not where it stands."""
        taken = self._taken(node, frame)
        if taken is None:
            for part in children(node):
                yield from self.node(part, frame, via)
            return
        yield Used(taken, via or f"found by {node.name}")
        yield from self._asked_for(node.arguments[0], frame)

    def _taken(self, node: Call, frame: Frame) -> Region | None:
        key, table, number = (self._operand(n, frame) for n in node.arguments[:3])
        step = frame.scalar(number)
        if not isinstance(table, Reference) or not isinstance(step, float):
            return None
        (sheet, rect), down = table.areas[0], node.name == "VLOOKUP"
        line = Rect(rect.top, rect.left, rect.bottom, rect.left) if down else Rect(
            rect.top, rect.left, rect.top, rect.right
        )  # fmt: skip
        near = self._operand(node.arguments[3], frame) if len(node.arguments) > 3 else True
        try:
            sorted_keys = to_logical(frame.scalar(near), self.evaluator.reading)
            match = self.evaluator.functions["MATCH"]
            at = call(match, [key, Reference((Region(sheet, line),)), 1.0 if sorted_keys else 0.0], frame)
        except _FAILURES:
            return None
        if not isinstance(at, float) or isinstance(at, ErrorValue | Values):
            return None
        row, col = (rect.top + int(at) - 1, rect.left + int(step) - 1) if down else (
            rect.top + int(step) - 1, rect.left + int(at) - 1
        )  # fmt: skip
        return Region(sheet, Rect(row, col, row, col))


def _regions(operand: Operand, via: str) -> Iterator[Used]:
    if isinstance(operand, Reference):
        for region in operand.areas:
            yield Used(region, via)
