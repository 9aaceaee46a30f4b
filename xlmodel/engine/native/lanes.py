"""One formula at many cells at once: each part is calculated for all cells of a block, and for all scenarios.

What a part gives is `Values` of shape (scenarios, cells), either of them 1 where all are alike. A formula that holds
anything this module does not know raises `NotInLanesError`, and its cells are calculated one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native import vectors
from xlmodel.engine.native.calling import coerced, normal
from xlmodel.engine.native.declaration import SCALAR_KINDS, Function, Takes
from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.operands import ExcelError, Operand, UnsupportedError
from xlmodel.engine.native.store import Cells, Ints
from xlmodel.engine.native.syntax import Binary, Call, Literal, Missing, Node, Percent, Ref, Unary
from xlmodel.engine.references import Span
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["Batch", "LaneForm", "Lanes", "NotInLanesError", "Rects"]

_NUMBER = np.uint8(Kind.NUMBER)
_NOTHING = np.array("", object)


class NotInLanesError(Exception):
    """The formula is calculated cell by cell."""


class Rects:
    """The rectangle that a range means at each cell."""

    def __init__(self, sheet: NDArray[np.integer], edges: Ints) -> None:
        self.sheet = sheet
        self.top, self.left, self.bottom, self.right = edges.T
        self.height = self.bottom - self.top + 1
        self.width = self.right - self.left + 1

    @cached_property
    def sheets(self) -> list[int]:
        """The sheets on which the rectangles lie."""
        if len(self.sheet) and (self.sheet == self.sheet[0]).all():
            return [int(self.sheet[0])]
        return np.unique(self.sheet).tolist()  # type: ignore[no-any-return]

    @cached_property
    def one(self) -> bool:
        """Whether all cells mean the same rectangle."""
        return all(bool((a == a[0]).all()) for a in (self.sheet, self.top, self.left, self.bottom, self.right))


class Batch:
    """Cells that hold one formula, and where the references of each of them lie.

    Attributes
    ----------
    tree : Node
    home : int
        The sheet on which the tree was read; a reference without a sheet means that of each cell.
    sheet, row, col, places : int arrays, shape (cells,)
    """

    def __init__(self, cells: Cells, tree: Node, home: int, sheet: Ints, row: Ints, col: Ints, places: Ints) -> None:
        self.cells = cells
        self.tree = tree
        self.home = home
        self.sheet, self.row, self.col, self.places = sheet, row, col, places
        self._spots: dict[int, NDArray[np.int32]] = {}
        self._rects: dict[int, Rects] = {}
        #: parts that hang on nothing that this batch's own stage calculates: for cells that need each other
        self.outer: frozenset[int] = frozenset()
        self.hoisted: dict[int, Values] = {}
        #: what was found out about the references of all cells together
        self.memory: dict[tuple[Any, ...], Any] = {}

    def __len__(self) -> int:
        return len(self.places)

    def without_levels(self) -> Batch:
        """Return the same cells as if none of them needed another."""
        plain = copy(self)
        plain.outer = frozenset()
        return plain

    def spots(self, span: Span) -> NDArray[np.int32]:
        """Return the place of a single cell that a span means at each cell."""
        key = id(span)
        if key not in self._spots:
            self._spots[key] = self._find(span).astype(np.int32)
        return self._spots[key]

    def _find(self, span: Span) -> Ints:
        edges = span.place(self.row, self.col)
        if span.within is not None and (edges[:, 0] == 0).any():
            raise NotInLanesError
        return self.places_at(self.sheets(span), edges[:, 0], edges[:, 1])

    def places_at(self, sheet: Ints, row: Ints, col: Ints) -> Ints:
        """Return the places of cells."""
        first = int(sheet[0]) if len(sheet) else 0
        if (sheet == first).all():
            return self.cells.grids[first].places(row, col)
        out = np.zeros(len(row), np.int64)
        for number in np.unique(sheet).tolist():
            here = sheet == number
            out[here] = self.cells.grids[number].places(row[here], col[here])
        return out

    def rects(self, span: Span) -> Rects:
        """Return the rectangle that a span means at each cell."""
        key = id(span)
        if key not in self._rects:
            edges = span.place(self.row, self.col)
            if (edges[:, 0] == 0).any():
                raise NotInLanesError
            self._rects[key] = Rects(self.sheets(span), edges)
        return self._rects[key]

    def sheets(self, span: Span) -> Ints:
        """Return the sheet a span means at each cell."""
        return self.sheet if span.sheet == self.home and not span.area.prefix else np.full(len(self), span.sheet)


LaneForm = Callable[["Lanes", Call], Values]


class Lanes:
    """Evaluates one batch, or a slice of it."""

    def __init__(
        self, evaluator: Evaluator, batch: Batch, span: slice | NDArray[np.intp], forms: dict[str, LaneForm]
    ) -> None:
        self.evaluator = evaluator
        self.cells = evaluator.cells
        self.reading = evaluator.reading
        self.batch = batch
        self.slice = span
        self.count = len(range(*span.indices(len(batch)))) if isinstance(span, slice) else len(span)
        self.forms = forms
        self.messages: dict[int, str] = {}

    def remembered(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what depends on nothing but where the references of all cells lie: it is found out once."""
        if not (isinstance(self.slice, slice) and self.count == len(self.batch)):
            return make()
        if key not in self.batch.memory:
            self.batch.memory[key] = make()
        return self.batch.memory[key]

    def lane(self, number: int) -> int:
        """Return the place in the batch of the cell that is the so-manyth here."""
        return (self.slice.start or 0) + number if isinstance(self.slice, slice) else int(self.slice[number])

    def formula(self) -> Values:
        """Return what the formula gives at each cell; a blank becomes 0."""
        tree = self.batch.tree
        if isinstance(tree, Binary) and tree.operator in "+-":
            values = self._binary(tree, last=True)
        else:
            values = self.evaluate(tree)
        blank = values.kind == Kind.BLANK
        if blank.any():
            values = Values(np.where(blank, _NUMBER, values.kind), values.num, values.text)
        return values

    def evaluate(self, node: Node) -> Values:
        """Return what a part gives at each cell."""
        if self.batch.outer and id(node) in self.batch.outer and not isinstance(node, Literal):
            return self._hoisted(node)
        return self._part(node)

    def _hoisted(self, node: Node) -> Values:
        """Return a part that was calculated for all cells of the batch at once."""
        batch = self.batch
        if id(node) not in batch.hoisted:
            whole = Lanes(self.evaluator, batch, slice(0, len(batch)), self.forms)
            whole.batch = batch.without_levels()
            batch.hoisted[id(node)] = whole.evaluate(node)
        values = batch.hoisted[id(node)]
        return values if values.shape[1] == 1 else values[:, self.slice]

    def _part(self, node: Node) -> Values:
        match node:
            case Literal():
                return _one(node.value)
            case Missing():
                return _one(None)
            case Ref():
                return self.cell(node)
            case Binary():
                return self._binary(node)
            case Unary():
                inner = self.evaluate(node.operand)
                return inner if node.operator == "()" else vectors.unary(node.operator, inner, self.reading)
            case Percent():
                return vectors.percent(self.evaluate(node.operand), self.reading)
            case Call():
                return self._call(node)
            case _:
                raise NotInLanesError

    # --- cells -------------------------------------------------------------------------------------------------------

    def cell(self, node: Ref) -> Values:
        """Return a reference to one cell."""
        if len(node.spans) != 1 or not is_cell(node.spans[0]):
            raise NotInLanesError
        return self.gather(self.batch.spots(node.spans[0])[self.slice])

    def gather(self, places: NDArray[np.integer]) -> Values:
        """Return what places hold: an axis of scenarios, 1 where all are alike, then the shape of the places."""
        if self.cells.state[places].any():
            raise NotInLanesError
        source = self.cells.values
        if self.cells.varying is not None and not self.cells.varying[places].any():
            source = source[:1]
        kind = source.kind[:, places]
        if (kind == _NUMBER).all():
            num = source.num[:, places]
            return Values(np.broadcast_to(_NUMBER, num.shape), num, np.broadcast_to(_NOTHING, num.shape))
        texts = (kind == Kind.TEXT) | (kind == Kind.ERROR)
        text = source.text[:, places] if texts.any() else np.broadcast_to(_NOTHING, kind.shape)
        return Values(kind, source.num[:, places], text)

    # --- operators ---------------------------------------------------------------------------------------------------

    def _binary(self, node: Binary, last: bool = False) -> Values:
        chain = [node]
        left: Node = node.left
        while isinstance(left, Binary):
            chain.append(left)
            left = left.left
        result = self.evaluate(left)
        for step in reversed(chain):
            right = self.evaluate(step.right)
            result = vectors.binary(step.operator, result, right, self.reading, last and step is node)
        return result

    # --- functions ---------------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Values:
        form = self.forms.get(node.name)
        if form is not None:
            return form(self, node)
        function = self.evaluator.functions.get(node.name)
        if function is not None:
            return self.each(function, node.arguments)
        if self.evaluator.registry.resolve(node.stored) is not None and "" in self.forms:
            return self.forms[""](self, node)
        raise NotInLanesError

    def each(self, function: Function, nodes: Sequence[Node]) -> Values:
        """Call a function of scalars cell by cell."""
        wanted = [function.parameter(at) if at < function.most else None for at in range(len(nodes))]
        if (
            not function.least <= len(nodes) <= function.most
            or function.volatile
            or function.add_in
            or function.reference
            or (function.empty_is_default and any(isinstance(n, Missing) for n in nodes))
            or any(p is None or p.takes not in SCALAR_KINDS for p in wanted)
        ):
            raise NotInLanesError
        arguments = [self.evaluate(n) for n in nodes]
        own: tuple[int, ...] = (1, self.count if function.context else 1)  # with the workbook's side asked, each cell
        shape = np.broadcast_shapes(own, *(a.shape for a in arguments))
        defaults = [p.default for p in function.parameters[len(nodes) :]]
        python = function.call
        plain = all(
            vectors.all_numbers(a) and p is not None and p.takes is Takes.NUMBER
            for a, p in zip(arguments, wanted, strict=True)
        )
        out = Values.blank(shape)
        columns = [np.broadcast_to(a.num, shape).ravel().tolist() for a in arguments] if plain else [
            a.broadcast_to(shape).scalars() for a in arguments
        ]  # fmt: skip
        flat = out.reshape((out.size,))
        frame = Frame(self.evaluator, self.batch.home, 1, 1, False)
        rows, cols, sheets = (a[self.slice].tolist() for a in (self.batch.row, self.batch.col, self.batch.sheet))
        for i, given in enumerate(zip(*columns, strict=True) if columns else [()] * out.size):
            try:
                if function.context:
                    lane = i % shape[1]
                    frame.sheet, frame.row, frame.col = sheets[lane], rows[lane], cols[lane]
                if not plain:
                    given = tuple(coerced(x, p, frame) for x, p in zip(given, wanted, strict=True))  # type: ignore[arg-type]
                result: Operand = normal(
                    python(frame, *given, *defaults) if function.context else python(*given, *defaults)
                )
                flat.put(i, _scalar(result))
            except ExcelError as problem:
                _put_error(flat, i, problem.value)
            except OverflowError:
                _put_error(flat, i, ErrorValue("#NUM!"))
            except ZeroDivisionError:
                _put_error(flat, i, ErrorValue("#DIV/0!"))
            except UnsupportedError:
                raise NotInLanesError from None
        return out


def is_cell(span: Span) -> bool:
    """Tell whether a span means one cell wherever it stands."""
    area = span.area
    return area.single or (
        area.top is not None and area.left is not None and area.top == area.bottom and area.left == area.right
    )


def _one(content: Scalar) -> Values:
    return Values.of([[content]])


def _scalar(x: Any) -> Scalar:
    if x is None or isinstance(x, (float, str, bool, ErrorValue)):
        return x
    raise NotInLanesError


def _put_error(out: Values, at: int, error: ErrorValue) -> None:
    out.kind[at], out.num[at], out.text[at] = Kind.ERROR, 0.0, error.code
