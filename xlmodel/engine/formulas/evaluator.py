"""The value of one cell: a walk over its formula's tree, with the library's functions at the nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from formulas.errors import BroadcastError, FoundError

from xlmodel.book.workbook import Book, address
from xlmodel.engine.formulas import expression as tree
from xlmodel.engine.formulas.areas import Areas, combined, saved_block
from xlmodel.engine.formulas.cells import Cells, RefusedError, Uncalculated, unsupported
from xlmodel.engine.formulas.coercion import as_number, joined, power
from xlmodel.engine.formulas.comparison import COMPARISON
from xlmodel.engine.formulas.corrections import CORRECTED
from xlmodel.engine.formulas.forms import FORMS
from xlmodel.engine.formulas.functions import TEXTS, Builtin, Registered, argument_class, library, operator
from xlmodel.engine.formulas.objects import (
    EMPTY,
    Grid,
    Object,
    as_grid,
    each,
    error,
    from_values,
    grid_has,
    is_error,
    is_text,
    plain,
    to_values,
)
from xlmodel.engine.formulas.tails import check_direct, check_tail
from xlmodel.engine.references import Region
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.registry import Registry
from xlmodel.values import Values

__all__ = ["Evaluator", "NeedsError", "Place"]


class NeedsError(Exception):
    """A formula reads a cell that was not calculated."""

    def __init__(self, cell: Uncalculated) -> None:
        super().__init__(cell.root)
        self.cell = cell


@dataclass(frozen=True, slots=True)
class Place:
    """Where a formula stands, and whether it is an array formula."""

    sheet: int
    row: int
    col: int
    array: bool = False


#: Excel makes 0 of a formula's last addition or subtraction where so little of its operands is left. Held by
#: corpora/numerics.csv and by the corpus, where results at 2**-51 were saved as 0 and one at 2**-44 was not.
SNAP = 2.0**-50
_ARITHMETIC = frozenset("+-*/^%") | {"u-"}


class Evaluator:
    """Evaluates trees over cells.

    Parameters
    ----------
    book : Book
        For its externals, its array ranges and its date system.
    cells : Cells
        What is read.
    registry : Registry
        The model's functions.
    """

    def __init__(self, book: Book, cells: Cells, registry: Registry) -> None:
        self.book = book
        self.cells = cells
        self.registry = registry
        self.message: str | None = None
        self.place = Place(0, 1, 1)
        self.array = False  #: ranges are taken whole where one value is wanted
        self.cut: frozenset[int] = frozenset()  #: axes along which an array at hand lacks blank cells of the sheet
        self.outermost: tuple[tree.Node, ...] | None = None  #: the arguments of a formula that is one call
        self._last: tuple[tree.Node, ...] = ()
        self.locals: dict[str, Any] = {}
        self.extents: dict[tuple[int, int, int], Rect] = {}
        for i, sheet in enumerate(book.sheets):
            for index, rect in sheet.arrays.items():
                self.extents[i, int(sheet.row[index]), int(sheet.col[index])] = rect

    def evaluate(self, node: tree.Node, place: Place) -> Object | Grid:
        """Return what a formula gives where it stands; an array formula gives its whole array.

        A plain formula that ends in a reference takes the cell in its own row or column; one that ends in an array
        takes the first item, as Excel does. `message` holds what a registry function said of an error.
        """
        self.place, self.array, self.locals, self.message = place, place.array, {}, None
        self._last = node.operands if isinstance(node, tree.Operation) else ()
        self.outermost = node.arguments if isinstance(node, tree.Call) else None
        self.cut = frozenset()
        result = self.value(node)
        if self.cut and place.array and isinstance(result, np.ndarray):
            raise unsupported("an array from whole columns or rows")
        if isinstance(result, np.ndarray):
            if not place.array:
                result = result.ravel()[0]
            else:
                result = result.copy()
                result[[[x is EMPTY for x in row] for row in result.tolist()]] = 0.0
        return 0.0 if result is EMPTY else result

    # --- references --------------------------------------------------------------------------------------------------

    def read(self, areas: Areas) -> Object | Grid:
        """Return what stands in a reference: an object for one cell, else an array."""
        parts = []
        for sheet, rect in areas:
            if rect.top == rect.bottom and rect.left == rect.right:
                x = self.cells.get(sheet, rect.top, rect.left)
                if type(x) is Uncalculated:
                    raise NeedsError(x)
                if len(areas) == 1:
                    return x
                parts.append(as_grid(x))
                continue
            grid, missing = self.cells.block(sheet, rect)
            if missing is not None:
                raise NeedsError(missing)
            parts.append(grid)
        if not parts:
            return error("#NULL!")
        return parts[0] if len(parts) == 1 else np.concatenate([p.reshape(-1, 1) for p in parts])

    def meet(self, areas: Areas) -> Object | Grid:
        """Take one cell of a reference by implicit intersection: the one in the formula's own row or column."""
        if len(areas) != 1:
            return error("#VALUE!")
        sheet, rect = areas[0]
        row, col = rect.top, rect.left
        if rect.top != rect.bottom and rect.left != rect.right:
            return error("#VALUE!")
        if rect.top != rect.bottom:
            row = self.place.row
        elif rect.left != rect.right:
            col = self.place.col
        if not (rect.top <= row <= rect.bottom and rect.left <= col <= rect.right):
            return error("#VALUE!")
        return self.read(Areas((Region(sheet, Rect(row, col, row, col)),)))

    def value(self, node: tree.Node) -> Object | Grid:
        """Return a value where one is wanted: a range is intersected, but for an array formula."""
        x = self.run(node)
        if isinstance(x, Areas):
            return self._whole_array(x) if self.array else self.meet(x)
        return x

    def _cut(self, areas: Areas) -> frozenset[int]:
        pairs = [(region.rect, self.cells.clip(region.rect)) for region in areas]
        return frozenset(axis for axis in (0, 1) if any(a.shape[axis] != b.shape[axis] for a, b in pairs))

    def _whole_array(self, areas: Areas) -> Object | Grid:
        self.cut |= self._cut(areas)
        return self.read(areas)

    def argument(self, node: tree.Node, kind: str) -> Any:
        """Return an argument as a function takes it: a value, a reference or an array."""
        if kind == "V":
            return self.value(node)
        if kind == "A" and not self.array:
            self.array = True
            try:
                return self.run(node)
            finally:
                self.array = False
        return self.run(node)

    # --- nodes -------------------------------------------------------------------------------------------------------

    def run(self, node: tree.Node) -> Any:
        """Return what a node gives: an object, an array or a reference."""
        match node:
            case tree.Constant(value):
                return value
            case tree.Reference(spans):
                rects = [(s.sheet, s.at(self.place.row, self.place.col)) for s in spans]
                if any(rect is None for _, rect in rects):
                    return error("#VALUE!")
                return Areas(Region(sheet, rect) for sheet, rect in rects if rect is not None)
            case tree.Operation(symbol, operands):
                return self._operation(symbol, operands)
            case tree.Call(Registered() as function, arguments):
                return self._registered(function, arguments)
            case tree.Call(Builtin(name, None), arguments):
                return FORMS[name](self, arguments)
            case tree.Call(function, arguments):
                return self._builtin(function, arguments)
            case tree.Local(name):
                if name not in self.locals:
                    raise unsupported(f"{name} is not a variable here")
                return self.locals[name]
            case tree.External():
                return self._external(node)
            case _:
                return 0.0  # an argument left out

    def _operation(self, symbol: str, operands: tuple[tree.Node, ...]) -> Any:
        if symbol in ":, ":
            return combined(symbol, [self.run(o) for o in operands])
        if symbol == "()":
            return self.run(operands[0])
        if symbol == "@":
            return FORMS["SINGLE"](self, operands)
        args = [self.value(o) for o in operands]
        if symbol == "u+":
            return args[0]
        if symbol in "+-*" and type(args[0]) is float and type(args[-1]) is float and len(args) == 2:
            a, b = args
            number = a + b if symbol == "+" else a - b if symbol == "-" else a * b
            if operands is self._last and symbol != "*" and abs(number) <= SNAP * max(abs(a), abs(b)):
                return 0.0
            return number if math.isfinite(number) else error("#NUM!")
        if symbol in _ARITHMETIC:
            args = [each(as_number, a) for a in args]
            if symbol == "^":
                return plain(each(power, *args))
        elif symbol in COMPARISON:
            return plain(each(COMPARISON[symbol], *args))
        elif symbol == "&":
            return plain(each(joined, *args))
        return self._safely(symbol, operator(symbol.upper()), args)

    def _external(self, node: tree.External) -> Any:
        rect = node.area.at(self.place.row, self.place.col)
        for book in self.book.externals:
            if node.prefix.book not in (str(book.index), book.target):
                continue
            for name, saved in book.sheets.items():
                named = name.casefold() == node.prefix.first.casefold() and node.prefix.first == node.prefix.last
                if named and saved:
                    self.cut |= {axis for axis, last in ((0, MAX_ROW), (1, MAX_COL)) if rect.shape[axis] == last}
                    return saved_block(saved, rect)
        raise RefusedError("external", f"the file holds no values of {node.text[:80]}")

    # --- calls -------------------------------------------------------------------------------------------------------

    def _builtin(self, function: Builtin, nodes: tuple[tree.Node, ...]) -> Any:
        blank = EMPTY if function.name in TEXTS else None if function.name == "XLOOKUP" else 0.0
        args = [
            blank if isinstance(n, tree.Missing) else self.argument(n, argument_class(function.name, i))
            for i, n in enumerate(nodes)
        ]
        several = any(isinstance(a, Areas) and len(a) > 1 for a in args)
        if several and argument_class(function.name, 0) != "R":
            raise unsupported(f"{function.name} of several areas")
        direct = any(self._cut(a) for a in args if isinstance(a, Areas))
        if direct:
            check_direct(function.name)
        read = [
            a
            if not isinstance(a, Areas)
            else as_grid(self.read(a))
            if argument_class(function.name, i) != "V"
            else self.read(a)
            for i, a in enumerate(args)
        ]
        assert function.run is not None
        result = self._safely(function.name, function.run, read)
        if direct and function.name in ("COUNTIF", "COUNTIFS"):
            blank = [as_grid(EMPTY) if isinstance(a, Areas) else x for a, x in zip(args, read, strict=True)]
            if grid_has(self._safely(function.name, function.run, blank), bool):
                raise unsupported("blank cells counted in whole columns or rows")
        if self.cut and not isinstance(result, np.ndarray) and any(isinstance(a, np.ndarray) for a in args):
            check_tail(function.name, read, self.cut)
            self.cut = frozenset()
        return result

    def _safely(self, name: str, run: Any, args: list[Any]) -> Any:
        """Call a function; what the library fails on without a text or an error among the arguments is no #VALUE!."""
        own = name in CORRECTED
        excused = not own and any(grid_has(a, lambda x: is_text(x) or is_error(x)) for a in args)
        try:
            result = plain(run(*args))
        except BroadcastError:
            return error("#N/A")
        except FoundError as found:
            result = found.err
        except (MemoryError, RecursionError, RefusedError):
            raise
        except Exception as failed:
            if excused:
                return error("#VALUE!")
            raise RefusedError("engine-error", f"{name} failed in the library: {type(failed).__name__}") from failed
        suspect, unknown = error("#VALUE!"), error("#NAME?")
        if not own and not excused and grid_has(result, lambda x: x is suspect):
            raise RefusedError("engine-error", f"{name} failed on numbers in the library")
        if grid_has(result, lambda x: x is unknown) and not any(grid_has(a, lambda x: x is unknown) for a in args):
            raise RefusedError("unsupported-function", name)
        return result

    def _registered(self, function: Registered, nodes: tuple[tree.Node, ...]) -> Any:
        given = [None if isinstance(n, tree.Missing) else self.argument(n, "R") for n in nodes]
        values: list[Values | None] = []
        for x in given:
            if isinstance(x, Areas) and len(x) > 1:
                raise unsupported(f"{function.name} of several areas")
            if isinstance(x, Areas) and self._cut(x):
                raise unsupported(f"{function.name} of whole columns or rows")
            values.append(None if x is None else to_values(self.read(x) if isinstance(x, Areas) else x))
        called = self.registry.call(function.stored, values, date1904=self.book.date1904)
        for problem in called.problems.values():
            self.message = problem.message(where=self._where(given, problem.position, problem.index))
            break
        result = from_values(called.values)
        return result.item() if result.shape == () else plain(result)

    def _where(self, given: list[Any], position: int | None, index: tuple[int, int] | None) -> str | None:
        x = given[position] if position is not None and position < len(given) else None
        if not isinstance(x, Areas):
            return None
        sheet, rect = x[0]
        row, col = index or (0, 0)
        if index is None and rect.shape != (1, 1):
            return f"{self.book.sheets[sheet].name}!{rect.name}"
        return address(self.book.sheets[sheet].name, rect.top + row, rect.left + col)

    def whole(self, name: str, nodes: tuple[tree.Node, ...]) -> Any:
        """Call the library's own version of a form, with every argument evaluated."""
        return self._safely(name, library()[name], [self.value(n) for n in nodes])
