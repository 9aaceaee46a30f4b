"""A workbook as this engine holds it: each distinct formula read once."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.book.workbook import Book
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.expression import Node, build
from xlmodel.engine.formulas.functions import recognise
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.refs import Rect
from xlmodel.registry import Registry

__all__ = ["MAX_FILL", "Loaded"]

#: Array formulas that fill more cells than this are not calculated.
MAX_FILL = 200_000


class Loaded:
    """A workbook without its saved results, the functions its cells call, and the trees of its formulas."""

    def __init__(self, book: Book, registry: Registry) -> None:
        self.book = book.stripped()
        self.registry = registry.without(n.name for n in book.names)
        self.scope = Scope(self.book)
        self.graph = Dependencies(self.book, self.scope)
        self.arrays = {
            CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i])): rect
            for sheet in self.book.sheets
            for i, rect in sheet.arrays.items()
        }
        self._nodes: dict[tuple[int, int], Node | Reason] = {}

    def sheet(self, key: CellKey) -> int:
        """Return the position of a cell's sheet."""
        found = self.scope.sheet(key.sheet)
        if found is None:
            raise EngineError(f"the workbook has no sheet {key.sheet!r}")
        return found

    def filled(self, key: CellKey) -> Rect:
        """Return the range that a cell's formula fills: the cell alone, but for an array formula."""
        rect = self.arrays.get(key)
        if rect is None or rect.shape[0] * rect.shape[1] > MAX_FILL:
            return Rect(key.row, key.col, key.row, key.col)
        return rect

    def children(self) -> Iterator[tuple[int, int, int]]:
        """Yield every cell that an array formula fills, as sheet, row and column."""
        for key in self.arrays:
            rect, sheet = self.filled(key), self.sheet(key)
            for row in range(rect.top, rect.bottom + 1):
                for col in range(rect.left, rect.right + 1):
                    yield sheet, row, col

    def node(self, which: int, home: int) -> Node:
        """Return the tree of a distinct formula on a sheet; RefusedError where it cannot be calculated."""
        key = which, home
        if key not in self._nodes:
            self._nodes[key] = self._build(self.book.formulas[which], home)
        node = self._nodes[key]
        if isinstance(node, Reason):
            raise RefusedError(node.code, node.text)
        return node

    def _build(self, formula: str, home: int) -> Node | Reason:
        if not self.book.calc.full_precision:
            return Reason("unsupported-syntax", "the workbook calculates with precision as displayed")
        try:
            return build(
                self.scope.read(formula, home),
                lambda stored: recognise(
                    stored,
                    self.registry,
                    date1904=self.book.date1904,
                    named=self.scope.function(stored, home) is not None,
                ),
            )
        except RefusedError as refused:
            return refused.reason
        except EngineError as failed:
            return Reason("unsupported-syntax", str(failed))
        except RecursionError:
            return Reason("unsupported-syntax", "the formula is nested too deeply")
