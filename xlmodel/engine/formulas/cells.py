"""The cells an evaluation reads and writes: columns of the library's objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book
from xlmodel.engine.formulas.objects import EMPTY, Grid, Object, filled, from_values, to_object
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import Scalar

__all__ = ["Cells", "RefusedError", "Uncalculated", "unsupported"]

#: A formula that reads more cells at once than this is refused.
MAX_CELLS = 5_000_000


class RefusedError(Exception):
    """A formula, or a cell, that is not calculated, with the reason."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.reason = Reason(code, text)


def unsupported(what: str) -> RefusedError:
    """Return the refusal of a way of writing that this engine does not calculate."""
    return RefusedError("unsupported-syntax", what)


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """What stands in a cell without a value: the cell at the root of it, and the reason there."""

    root: CellKey
    reason: Reason


class _Column:
    __slots__ = ("objects", "rows")

    def __init__(self, rows: NDArray[np.int64], objects: Grid) -> None:
        self.rows = rows
        self.objects = objects


class Cells:
    """The contents of a book by sheet and column; blank where nothing is held.

    Parameters
    ----------
    book : Book
        The cells and what they hold.
    more : iterable of (sheet, row, column)
        Cells to be written that the book does not list.
    """

    def __init__(self, book: Book, more: Iterable[tuple[int, int, int]] = ()) -> None:
        self._columns: list[dict[int, _Column]] = []
        self._partial = False  #: whether any cell may hold Uncalculated
        self._shut: dict[int, list[tuple[Rect, Uncalculated]]] = {}
        extra: dict[int, list[tuple[int, int]]] = {}
        for number, *place in more:
            extra.setdefault(number, []).append((place[0], place[1]))
        bottom = right = 1
        for i, sheet in enumerate(book.sheets):
            row, col, objects = sheet.row.astype(np.int64), sheet.col.astype(np.int64), from_values(sheet.values)
            if i in extra:
                new = np.array(sorted({p for p in extra[i] if sheet.find(*p) < 0}), np.int64).reshape(-1, 2)
                row, col = np.append(row, new[:, 0]), np.append(col, new[:, 1])
                objects = np.append(objects, filled(len(new), EMPTY))
            order = np.lexsort((row, col))
            row, col, objects = row[order], col[order], objects[order]
            cuts = np.flatnonzero(np.diff(col)) + 1
            columns = {}
            for r, o, c in zip(np.split(row, cuts), np.split(objects, cuts), np.split(col, cuts), strict=True):
                if len(c):
                    columns[int(c[0])] = _Column(r, o)
            self._columns.append(columns)
            bottom, right = max(bottom, int(row.max(initial=1))), max(right, int(col.max(initial=1)))
        self.bottom, self.right = bottom, right

    def clip(self, rect: Rect) -> Rect:
        """Cut whole columns and rows down to what any sheet uses and one blank cell; equal ones stay of equal size."""
        bottom = max(min(rect.bottom, self.bottom + 1), rect.top) if rect.bottom == MAX_ROW else rect.bottom
        right = max(min(rect.right, self.right + 1), rect.left) if rect.right == MAX_COL else rect.right
        return Rect(rect.top, rect.left, bottom, right)

    def shut(self, sheet: int, rect: Rect, what: Uncalculated) -> None:
        """Let nothing be read from a rectangle, listed or not: a cell that is not there would pass for a blank one."""
        self._shut.setdefault(sheet, []).append((rect, what))
        self._partial = True

    def get(self, sheet: int, row: int, col: int) -> Object:
        """Return one cell's object, or an Uncalculated."""
        for rect, what in self._shut.get(sheet, ()):
            if rect.top <= row <= rect.bottom and rect.left <= col <= rect.right:
                return what
        column = self._columns[sheet].get(col)
        if column is None:
            return EMPTY
        at = int(np.searchsorted(column.rows, row))
        return column.objects[at] if at < len(column.rows) and column.rows[at] == row else EMPTY

    def put(self, sheet: int, row: int, col: int, x: Object | Uncalculated) -> None:
        """Write one cell that is listed; another is left alone."""
        column = self._columns[sheet].get(col)
        if column is not None:
            at = int(np.searchsorted(column.rows, row))
            if at < len(column.rows) and column.rows[at] == row:
                column.objects[at] = x
                self._partial |= isinstance(x, Uncalculated)

    def put_scalar(self, sheet: int, row: int, col: int, content: Scalar) -> None:
        """Write an input cell."""
        self.put(sheet, row, col, to_object(content))

    def block(self, sheet: int, rect: Rect) -> tuple[Grid, Uncalculated | None]:
        """Return the objects of a rectangle, and the first uncalculated one among them."""
        rect = self.clip(rect)
        rows, cols = rect.shape
        if rows * cols > MAX_CELLS:
            raise unsupported(f"{rect.name} has more than {MAX_CELLS:,} cells")
        out = filled((rows, cols), EMPTY)
        columns = self._columns[sheet]
        for col in range(rect.left, rect.right + 1) if cols < len(columns) else sorted(columns):
            column = columns.get(col)
            if column is None or not rect.left <= col <= rect.right:
                continue
            low, high = np.searchsorted(column.rows, (rect.top, rect.bottom + 1))
            out[column.rows[low:high] - rect.top, col - rect.left] = column.objects[low:high]
        for shut, what in self._shut.get(sheet, ()):
            top, left = max(shut.top, rect.top), max(shut.left, rect.left)
            bottom, right = min(shut.bottom, rect.bottom), min(shut.right, rect.right)
            if top <= bottom and left <= right:
                out[top - rect.top : bottom - rect.top + 1, left - rect.left : right - rect.left + 1] = what
        if self._partial:
            for x in out.ravel().tolist():
                if type(x) is Uncalculated:
                    return out, x
        return out, None
