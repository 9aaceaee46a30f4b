"""One formula at one cell, part by part: the plain evaluator, which can do everything and which others must equal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine.native import operators, vectors
from xlmodel.engine.native.calling import call, spread
from xlmodel.engine.native.coercion import Reading
from xlmodel.engine.native.declaration import Function, Takes
from xlmodel.engine.native.externals import external_cells
from xlmodel.engine.native.forms import FORMS
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.functions import worksheet_functions
from xlmodel.engine.native.operands import (
    CALC,
    EMPTY,
    NAME,
    NULL,
    REF,
    VALUE,
    Empty,
    ExcelError,
    Lambda,
    Operand,
    Reference,
    UnsupportedError,
)
from xlmodel.engine.native.parser import parse
from xlmodel.engine.native.registered import call_registered
from xlmodel.engine.native.store import PENDING, REFUSED, Cells, Ints
from xlmodel.engine.native.syntax import (
    ArrayLiteral,
    Binary,
    Call,
    External,
    Intersection,
    Invoke,
    Literal,
    Local,
    Missing,
    Name,
    Node,
    Percent,
    RangeOf,
    Ref,
    Single,
    Spill,
    Unary,
    Union,
    Unknown,
)
from xlmodel.engine.references import Region, Scope
from xlmodel.refs import Rect, to_r1c1
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["Evaluator", "PendingError", "RefusedError"]

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[1-9])")
_WORTH_KEEPING, _KEPT = 8, 10_000_000  #: cells of one range, of all
#: parameters in whose place an expression is computed as an array, even in a plain formula
_WHOLE = frozenset((Takes.ARRAY, Takes.ARRAY_VALUE))
#: Functions of Excel that ask for what a file does not hold: other programs, services, a data model.
NOT_HERE = frozenset(
    """CALL CUBEKPIMEMBER CUBEMEMBER CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBESETCOUNT CUBEVALUE DETECTLANGUAGE
    EUROCONVERT FILTERXML IMAGE PHONETIC PY REGISTER.ID RTD SQL.REQUEST STOCKHISTORY TRANSLATE WEBSERVICE
    COPILOT""".split()
)
MAX_DEPTH = 200  #: names within names, LAMBDAs within LAMBDAs


class PendingError(Exception):
    """Cells are needed that have not been calculated yet."""

    def __init__(self, places: Ints) -> None:
        self.places = places
        super().__init__("not calculated yet")


class RefusedError(Exception):
    """A cell is needed that was not calculated."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__("not calculated")


class Evaluator:
    """Evaluates formulas over the cells of a workbook.

    Attributes
    ----------
    cells : Cells
        What the cells hold now.
    spills : mapping of place to Region
        What each dynamic array fills.
    """

    def __init__(
        self,
        book: Book,
        scope: Scope,
        cells: Cells,
        registry: Registry,
        reading: Reading,
        clock: Callable[[], float],
        random: np.random.Generator,
    ) -> None:
        self.book = book
        self.scope = scope
        self.cells = cells
        self.registry = registry
        self.reading = reading
        self.clock = clock
        self.random = random
        self.functions = worksheet_functions()
        self.spills: dict[int, Region] = {}
        self.trees: dict[tuple[str, int], Node] = {}
        self._meanings: dict[tuple[str, int], Node] = {}
        #: large ranges as they were read, one object each: functions keep what they know of one by its identity
        self.blocks: dict[tuple[Region, int], Values] = {}
        self._kept = 0
        self._evaluate: dict[type[Node], Callable[[Any, Frame], Operand]] = {
            Literal: self._literal,
            ArrayLiteral: lambda node, frame: node.values,
            Missing: lambda node, frame: None,
            Ref: self._ref,
            External: self._external,
            Name: self._name,
            Local: self._local,
            Unknown: self._unknown,
            Unary: self._unary,
            Percent: self._percent,
            Binary: self._binary,
            RangeOf: self._range,
            Union: self._union,
            Intersection: self._intersection,
            Spill: self._spill,
            Single: self._single,
            Call: self._call,
            Invoke: self._invoke,
        }

    # --- reading cells -----------------------------------------------------------------------------------------------

    def scalar(self, sheet: int, row: int, col: int) -> Scalar:
        """Return what a cell holds."""
        place = self.cells.grids[sheet].place(row, col)
        state = self.cells.state[place]
        if state:
            raise PendingError(np.array([place])) if state == PENDING else RefusedError(place)
        return self.cells.scalar(place)

    def block(self, region: Region) -> Values:
        """Return the cells of a region in its shape, cut to what the workbook uses."""
        key = region, self.cells.scenario
        found = self.blocks.get(key)
        if found is None:
            self.settled(region)
            found = self.cells.block(region)
            if found.size >= _WORTH_KEEPING:
                if self._kept > _KEPT:
                    self.forget()
                self.blocks[key] = found
                self._kept += found.size
        return found

    def forget(self) -> None:
        """Let go of what was read: cells change."""
        self.blocks.clear()
        self._kept = 0

    def used(self, region: Region) -> Values:
        """Return the cells of a region, unused rows and columns left out."""
        return self.cells.gather(self.settled(region))

    def settled(self, region: Region) -> Ints:
        """Return the places of a region once all of them are calculated."""
        places = self.cells.window(region)
        state = self.cells.state[places]
        if state.any():
            waiting = state == PENDING
            if waiting.any():
                raise PendingError(places[waiting])
            raise RefusedError(int(places[state == REFUSED][0]))
        return places

    def formula_text(self, sheet: int, row: int, col: int) -> str | None:
        """Return a cell's formula in A1 notation."""
        at = self.book.sheets[sheet]
        index = at.find(row, col)
        return self.book.formula_a1(at, index) or None if index >= 0 else None

    # --- evaluation --------------------------------------------------------------------------------------------------

    def tree(self, formula: str, home: int) -> Node:
        """Return the tree of an R1C1 formula, parsed once."""
        key = formula, home
        if key not in self.trees:
            self.trees[key] = parse(formula, home, self.scope)
        return self.trees[key]

    def evaluate(self, node: Node, frame: Frame) -> Operand:
        """Return what a part of a formula gives; raises ExcelError where that is an error."""
        return self._evaluate[type(node)](node, frame)

    def operand(self, node: Node, frame: Frame) -> Operand:
        """Return what a part of a formula gives, an error as a value."""
        try:
            return self._evaluate[type(node)](node, frame)
        except ExcelError as problem:
            return problem.value

    def value(self, node: Node, frame: Frame) -> Scalar | Values:
        """Return a part of a formula as an operator takes it."""
        return frame.value(self.operand(node, frame))

    def formula(self, node: Node, frame: Frame) -> Operand:
        """Return what a whole formula gives: its last sum or difference snaps to zero."""
        if isinstance(node, Binary) and node.operator in "+-":
            try:
                return self._binary(node, frame, last=True)
            except ExcelError as problem:
                return problem.value
        return self.operand(node, frame)

    # --- leaves ------------------------------------------------------------------------------------------------------

    def _literal(self, node: Literal, frame: Frame) -> Operand:
        if isinstance(node.value, ErrorValue):
            raise ExcelError(node.value)
        return node.value

    def _ref(self, node: Ref, frame: Frame) -> Operand:
        areas = []
        for span in node.spans:
            rect = span.at(frame.row, frame.col)
            if rect is None:  # a table has no such row
                raise ExcelError(VALUE)
            areas.append(Region(span.sheet, rect))
        return Reference(tuple(areas))

    def _external(self, node: External, frame: Frame) -> Operand:
        return external_cells(self.book, node, frame.row, frame.col)

    def _unknown(self, node: Unknown, frame: Frame) -> Operand:
        stored = node.text.upper()
        function = self.functions.get(stored.removeprefix("_XLETA.")) if stored.startswith("_XLETA.") else None
        if function is not None:  # a function handed to MAP or GROUPBY by its name
            return Lambda(("_xlpm.eta",), frozenset(), function, None)
        raise ExcelError(NAME)

    def _local(self, node: Local, frame: Frame) -> Operand:
        if node.name not in frame.variables:
            raise ExcelError(NAME)
        found = frame.variables[node.name]
        if isinstance(found, ErrorValue):
            raise ExcelError(found)
        return None if isinstance(found, Empty) else found

    def _name(self, node: Name, frame: Frame) -> Operand:
        key = id(node.defined)
        if key not in frame.named:
            inner = Frame(self, node.home, frame.row, frame.col, True, within=frame)
            inner.variables, inner.depth = {}, frame.depth + 1
            if inner.depth > MAX_DEPTH:
                raise UnsupportedError(f"the name {node.defined.name!r} needs its own meaning", "circular")
            frame.named[key] = self.operand(self.meaning(node), inner)
        found = frame.named[key]
        if isinstance(found, ErrorValue):
            raise ExcelError(found)
        return found

    def meaning(self, node: Name) -> Node:
        """Return the tree of a name's formula, parsed once however many cells call it."""
        key = node.defined.formula, node.home
        if key not in self._meanings:
            self._meanings[key] = self.tree(to_r1c1(node.defined.formula.removeprefix("="), 1, 1), node.home)
        return self._meanings[key]

    # --- operators ---------------------------------------------------------------------------------------------------

    def _unary(self, node: Unary, frame: Frame) -> Operand:
        if node.operator == "()":
            return self.evaluate(node.operand, frame)
        x = self.value(node.operand, frame)
        if isinstance(x, Values):
            return vectors.unary(node.operator, x, self.reading)
        return operators.unary(node.operator, x, self.reading)

    def _percent(self, node: Percent, frame: Frame) -> Operand:
        x = self.value(node.operand, frame)
        return vectors.percent(x, self.reading) if isinstance(x, Values) else operators.percent(x, self.reading)

    def _binary(self, node: Binary, frame: Frame, last: bool = False) -> Operand:
        chain = [node]
        left: Node = node.left
        while isinstance(left, Binary):  # a sum of thousands of terms must not be thousands of calls deep
            chain.append(left)
            left = left.left
        result: Scalar | Values = self.value(left, frame)
        for step in reversed(chain):
            right = self.value(step.right, frame)
            final = last and step is node
            if isinstance(result, Values) or isinstance(right, Values):
                result = self._over_arrays(step.operator, result, right, final)
            else:
                try:
                    result = operators.binary(step.operator, result, right, self.reading, final)
                except ExcelError as problem:
                    result = problem.value
        if isinstance(result, ErrorValue):
            raise ExcelError(result)
        return result

    def _over_arrays(self, operator: str, a: Scalar | Values, b: Scalar | Values, last: bool) -> Values:
        one, two = (x if isinstance(x, Values) else Values.of([[x]]) for x in (a, b))
        if one.shape != two.shape and one.size > 1 and two.size > 1:
            _, (one, two) = spread([one, two])
        return vectors.binary(operator, one, two, self.reading, last)

    # --- references --------------------------------------------------------------------------------------------------

    def _as_reference(self, node: Node, frame: Frame) -> Reference:
        found = self.evaluate(node, frame)
        if not isinstance(found, Reference):
            raise ExcelError(found if isinstance(found, ErrorValue) else VALUE)
        return found

    def _range(self, node: RangeOf, frame: Frame) -> Operand:
        one, two = self._as_reference(node.left, frame), self._as_reference(node.right, frame)
        areas = (*one.areas, *two.areas)
        if len({a.sheet for a in areas}) > 1:
            raise ExcelError(VALUE)
        rects = [a.rect for a in areas]
        rect = Rect(
            min(r.top for r in rects), min(r.left for r in rects),
            max(r.bottom for r in rects), max(r.right for r in rects),
        )  # fmt: skip
        return Reference((Region(areas[0].sheet, rect),))

    def _union(self, node: Union, frame: Frame) -> Operand:
        return Reference(tuple(a for part in node.parts for a in self._as_reference(part, frame).areas))

    def _intersection(self, node: Intersection, frame: Frame) -> Operand:
        one, two = self._as_reference(node.left, frame), self._as_reference(node.right, frame)
        shared = []
        for a in one.areas:
            for b in two.areas:
                if a.sheet != b.sheet:
                    raise ExcelError(VALUE)
                top, left = max(a.rect.top, b.rect.top), max(a.rect.left, b.rect.left)
                bottom, right = min(a.rect.bottom, b.rect.bottom), min(a.rect.right, b.rect.right)
                if top <= bottom and left <= right:
                    shared.append(Region(a.sheet, Rect(top, left, bottom, right)))
        if not shared:
            raise ExcelError(NULL)
        return Reference(tuple(shared))

    def _spill(self, node: Spill, frame: Frame) -> Operand:
        found = self._as_reference(node.operand, frame)
        sheet, rect = found.areas[0]
        content = self.scalar(sheet, rect.top, rect.left)  # raises where it is not calculated yet
        region = self.spills.get(self.cells.place(sheet, rect.top, rect.left))
        if region is None:
            raise ExcelError(content if isinstance(content, ErrorValue) else REF)
        return Reference((region,))

    def _single(self, node: Single, frame: Frame) -> Operand:
        found = self.evaluate(node.operand, frame)
        if isinstance(found, Reference) and not found.is_cell:
            result = frame.intersection(found)
        elif isinstance(found, Values):
            result = frame.first(found)
        else:
            return found
        if isinstance(result, ErrorValue):
            raise ExcelError(result)
        return result

    def reference_in(self, text: str, r1c1: bool, frame: Frame) -> Reference:
        """Return what a text refers to; #REF! where it is no reference of this workbook."""
        sheet, mark, cells = text.strip().rpartition("!")
        text = sheet + mark + _LEADING_ZEROS.sub("", cells)
        try:
            formula = text if r1c1 else to_r1c1(text, frame.row, frame.col)
            tree = parse(formula, frame.sheet, self.scope)
        except UnsupportedError:
            raise ExcelError(REF) from None
        if isinstance(tree, (Call, Invoke, Union)):
            raise ExcelError(REF)
        found = self.operand(tree, frame)
        if isinstance(found, Reference):
            return found
        raise ExcelError(REF)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: Call, frame: Frame) -> Operand:
        form = FORMS.get(node.name)
        if form is not None:
            return form(self, node, frame)
        function = self.functions.get(node.name)
        if function is not None:
            return call(function, self.arguments(function, node.arguments, frame), frame)
        if self.registry.resolve(node.stored) is not None:
            return call_registered(self, node, frame)
        return self._named_function(node, frame)

    def arguments(self, function: Function, nodes: Sequence[Node], frame: Frame) -> list[Any]:
        """Return the operands of a call, each evaluated in the mode that its parameter asks for."""
        out: list[Any] = []
        for at, node in enumerate(nodes):
            if isinstance(node, Missing):
                out.append(EMPTY)
                continue
            whole = not frame.array and at < function.most and function.parameter(at).takes in _WHOLE
            out.append(self.operand(node, frame.in_mode(True) if whole else frame))
        return out

    def _named_function(self, node: Call, frame: Frame) -> Operand:
        named = self.scope.name(node.stored.rpartition("!")[2], frame.sheet)
        if named is None:
            known = node.stored.casefold().startswith("_xlfn")
            if known:
                raise UnsupportedError(node.name)
            raise UnsupportedError(f"unknown function: {node.name}", "unknown-function")
        home = frame.sheet if named.sheet is None else self.scope.sheet(named.sheet)
        found = self._name(Name(named, frame.sheet if home is None else home), frame)
        return self._invoked(found, node.arguments, frame)

    def _invoke(self, node: Invoke, frame: Frame) -> Operand:
        return self._invoked(self.evaluate(node.function, frame), node.arguments, frame)

    def _invoked(self, function: Operand, nodes: Sequence[Node], frame: Frame) -> Operand:
        if not isinstance(function, Lambda):
            raise ExcelError(VALUE if nodes else REF)
        operands = [EMPTY if isinstance(n, Missing) else self.operand(n, frame) for n in nodes]
        return self.invoke(function, operands, frame)

    def invoke(self, function: Lambda, arguments: Sequence[Any], frame: Frame) -> Operand:
        """Call a LAMBDA, or a worksheet function that was handed on by its name."""
        if isinstance(function.body, Function):
            return call(function.body, arguments, frame)
        required = len(function.parameters) - len(function.optional)
        if not required <= len(arguments) <= len(function.parameters):
            raise ExcelError(VALUE)
        bound: Frame = function.bound
        inner = bound.in_mode(True).knowing(
            {
                **bound.variables,
                **dict.fromkeys(function.parameters, EMPTY),
                **dict(zip(function.parameters, arguments, strict=False)),
            }
        )
        inner.depth = frame.depth + 1
        inner.named = frame.named
        frame.budget.spend()
        if inner.depth > MAX_DEPTH * 5:
            raise UnsupportedError("a LAMBDA calls itself too deeply", "limit")
        return self.evaluate(function.body, inner)

    def result(self, operand: Operand, frame: Frame) -> Scalar | Values:
        """Return what a whole formula puts into its cell: a blank becomes 0, a plain formula gives one value."""
        if isinstance(operand, Reference):
            if not frame.array:
                operand = frame.intersection(operand)
            elif len(operand.areas) > 1:
                operand = VALUE
            else:
                operand = self.block(operand.areas[0])
        if isinstance(operand, Lambda):
            operand = CALC
        if isinstance(operand, Values) and not frame.array:
            operand = frame.first(operand)
        return 0.0 if operand is None else operand
