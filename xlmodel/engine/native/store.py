"""The cells of a workbook as the engine keeps them: flat arrays, each sheet a matrix of the rows and columns it uses.

A place is an index into the arrays; place 0 is a blank that stands for every cell no sheet has. Rows and columns that a
sheet does not use take no room, so a cell in the last corner of a sheet costs one row and one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book
from xlmodel.engine.references import Region
from xlmodel.errors import EngineError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["MAX_ARRAY", "MAX_PLACES", "PENDING", "REFUSED", "SETTLED", "Axis", "Cells", "Grid", "Ints"]

Ints = NDArray[np.int64]

#: Places in the matrices of all sheets together, blanks included.
MAX_PLACES = 40_000_000
#: The largest array that a formula may read or make.
MAX_ARRAY = 1 << 24

SETTLED, PENDING, REFUSED = 0, 1, 2

_EMPTY = ""
_NUMBER, _TEXT, _BOOLEAN, _ERROR = int(Kind.NUMBER), int(Kind.TEXT), int(Kind.BOOLEAN), int(Kind.ERROR)


class Axis:
    """The rows, or the columns, that a sheet uses, in order."""

    def __init__(self, used: NDArray[np.int32]) -> None:
        self.used = used
        self.count = len(used)
        self.first = int(used[0]) if self.count else 1
        self.last = int(used[-1]) if self.count else 0
        self.solid = self.last - self.first + 1 == self.count
        self._table: NDArray[np.int32] | None = None
        if not self.solid and self.last <= 4 * self.count + 1_000:  # few gaps: a table is quicker than a search
            self._table = np.full(self.last + 2, -1, np.int32)
            self._table[used] = np.arange(self.count, dtype=np.int32)

    def index(self, coordinate: int) -> int:
        """Return the place of a row or column on the axis; -1 where it is not used."""
        if self.solid:
            return coordinate - self.first if self.first <= coordinate <= self.last else -1
        if self._table is not None:
            return int(self._table[coordinate]) if coordinate <= self.last else -1
        at = int(np.searchsorted(self.used, coordinate))
        return at if at < self.count and self.used[at] == coordinate else -1

    def indices(self, coordinates: NDArray[np.integer]) -> Ints:
        """Return the places of many."""
        if self.solid:
            return np.where((coordinates >= self.first) & (coordinates <= self.last), coordinates - self.first, -1)
        if self._table is not None:
            found: Ints = self._table[np.minimum(coordinates, self.last + 1)].astype(np.int64)
            return found
        at = np.minimum(np.searchsorted(self.used, coordinates), self.count - 1)
        return np.where(self.used[at] == coordinates, at, -1)

    def within(self, low: int, high: int) -> tuple[int, int]:
        """Return where the used ones between two bounds begin and end."""
        if self.solid:
            return max(low - self.first, 0), max(min(high - self.first + 1, self.count), 0)
        return int(np.searchsorted(self.used, low)), int(np.searchsorted(self.used, high, "right"))


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the cells of one sheet lie."""

    base: int
    rows: Axis
    cols: Axis

    def place(self, row: int, col: int) -> int:
        """Return the place of a cell, 0 where the sheet has none."""
        r = self.rows.index(row)
        c = self.cols.index(col)
        return 0 if r < 0 or c < 0 else self.base + r * self.cols.count + c

    def places(self, rows: NDArray[np.integer], cols: NDArray[np.integer]) -> Ints:
        """Return the places of cells given by rows and columns that broadcast together."""
        r, c = self.rows.indices(rows), self.cols.indices(cols)
        return np.where((r < 0) | (c < 0), 0, self.base + r * self.cols.count + c)

    def window(self, rect: Rect) -> Ints:
        """Return the places of the used rows and columns of a rectangle."""
        r0, r1 = self.rows.within(rect.top, rect.bottom)
        c0, c1 = self.cols.within(rect.left, rect.right)
        rows = self.base + np.arange(r0, max(r1, r0), dtype=np.int64) * self.cols.count
        return rows[:, None] + np.arange(c0, max(c1, c0), dtype=np.int64)[None, :]

    def cells(self, places: Ints) -> tuple[Ints, Ints]:
        """Return the rows and columns of places."""
        r, c = np.divmod(places - self.base, max(self.cols.count, 1))
        return self.rows.used[r].astype(np.int64), self.cols.used[c].astype(np.int64)


class Cells:
    """The values of all cells, for one or more scenarios of the inputs.

    Attributes
    ----------
    values : Values, shape (scenarios, places)
    formula : int32 array, shape (places,)
        Into `Book.formulas`; -1 for a constant.
    state : uint8 array, shape (places,)
        SETTLED, PENDING until it is calculated, REFUSED where it could not be.
    """

    def __init__(self, book: Book, extents: Iterable[Region] = ()) -> None:
        wanted: dict[int, list[Rect]] = {}
        for region in extents:
            wanted.setdefault(region.sheet, []).append(region.rect)
        self.grids: list[Grid] = []
        base = 1
        for number, sheet in enumerate(book.sheets):
            rects = wanted.get(number, [])
            rows = _axis(sheet.row, [(r.top, r.bottom) for r in rects])
            cols = _axis(sheet.col, [(r.left, r.right) for r in rects])
            self.grids.append(Grid(base, rows, cols))
            base += rows.count * cols.count
            if base > MAX_PLACES:
                raise EngineError(
                    f"the cells of sheet {sheet.name!r} are scattered over {rows.count:,} rows by {cols.count:,} "
                    f"columns, more than the limit of {MAX_PLACES:,} places"
                )
        self.deepest = max((g.rows.last for g in self.grids), default=1) or 1
        self.widest = max((g.cols.last for g in self.grids), default=1) or 1
        self.bases = np.array([g.base for g in self.grids], np.int64)
        self.formula = np.full(base, -1, np.int32)
        self.state = np.zeros(base, np.uint8)
        text = np.empty((1, base), object)
        text[:] = _EMPTY
        self.values = Values(np.zeros((1, base), np.uint8), np.zeros((1, base)), text)
        for grid, sheet in zip(self.grids, book.sheets, strict=True):
            at = grid.places(sheet.row, sheet.col)
            self.values.kind[0, at] = sheet.values.kind
            self.values.num[0, at] = sheet.values.num
            self.values.text[0, at] = sheet.values.text
            self.formula[at] = sheet.formula
        #: whether any formula cell may hold a value of a calculation before, and whether one could not be calculated
        self.filled = self.refused = False
        #: which places differ between scenarios; None where there is one
        self.varying: NDArray[np.bool_] | None = None
        self.look_at(0)

    @property
    def scenarios(self) -> int:
        """How many scenarios of the inputs are calculated at once."""
        return len(self.values.kind)

    def look_at(self, scenario: int) -> None:
        """Let `scalar` and `block` read one scenario."""
        self.scenario = scenario
        self.kind, self.num, self.text = (
            self.values.kind[scenario],
            self.values.num[scenario],
            self.values.text[scenario],
        )

    def texts_in(self, places: Ints) -> bool:
        """Tell whether places may hold texts of a calculation before."""
        return self.filled and bool((self.kind[places] >= _TEXT).any())

    def scalar(self, place: int) -> Scalar:
        """Return what one place holds."""
        kind = self.kind[place]
        if kind == _NUMBER:
            return float(self.num[place])
        if kind == 0:
            return None
        if kind == _TEXT:
            return str(self.text[place])
        if kind == _BOOLEAN:
            return bool(self.num[place])
        return ErrorValue(str(self.text[place]))

    def put(self, place: int, content: Scalar) -> None:
        """Set one place in the scenario looked at."""
        self.text[place] = _EMPTY
        self.num[place] = 0.0
        if type(content) is float:
            self.kind[place], self.num[place] = _NUMBER, content
        elif content is None:
            self.kind[place] = 0
        elif isinstance(content, bool):
            self.kind[place], self.num[place] = _BOOLEAN, content
        elif isinstance(content, str):
            self.kind[place], self.text[place] = _TEXT, content
        elif isinstance(content, ErrorValue):
            self.kind[place], self.text[place] = _ERROR, content.code
        else:
            self.kind[place], self.num[place] = _NUMBER, float(content)

    def copy(self) -> Cells:
        """Return the same cells, to be changed apart from these."""
        other = copy(self)
        other.values = self.values.copy()
        other.state = self.state.copy()
        other.look_at(self.scenario)
        return other

    def repeated(self, count: int) -> Cells:
        """Return the same cells for so many scenarios."""
        other = copy(self)
        # the scenarios of one cell lie side by side: a part of a formula is calculated for all of them at once
        other.values = self.values.map(lambda a: np.repeat(a[0], count).reshape(-1, count).T)
        other.state = self.state.copy()
        other.look_at(0)
        return other

    def place(self, sheet: int, row: int, col: int) -> int:
        """Return the place of a cell."""
        return self.grids[sheet].place(row, col)

    def cell(self, place: int) -> tuple[int, int, int]:
        """Return the sheet, row and column of a place."""
        sheet = int(np.searchsorted(self.bases, place, "right")) - 1
        while not self.grids[sheet].rows.count * self.grids[sheet].cols.count:
            sheet -= 1
        rows, cols = self.grids[sheet].cells(np.array([place]))
        return sheet, int(rows[0]), int(cols[0])

    def cut(self, rect: Rect) -> Rect:
        """Cut whole columns and rows to as many cells as any sheet uses, so that equal shapes stay equal."""
        bottom, right = rect.bottom, rect.right
        if bottom == MAX_ROW:
            bottom = min(bottom, rect.top + self.deepest - 1)
        if right == MAX_COL:
            right = min(right, rect.left + self.widest - 1)
        return Rect(rect.top, rect.left, bottom, right)

    def window(self, region: Region) -> Ints:
        """Return the places that a region uses, rows by columns; rows and columns without any cell are left out."""
        return self.grids[region.sheet].window(region.rect)

    def block(self, region: Region) -> Values:
        """Return the cells of a region in its own shape, cut as `cut` does."""
        rect = self.cut(region.rect)
        shape = rect.shape
        if shape[0] * shape[1] > MAX_ARRAY:
            raise MemoryError
        grid = self.grids[region.sheet]
        rows, cols = grid.rows, grid.cols
        if rows.solid and cols.solid:
            used = self.window(Region(region.sheet, rect))
            if used.shape == shape:
                return self.gather(used)
            out = Values.blank(shape)
            if used.size:
                top, left = max(rows.first - rect.top, 0), max(cols.first - rect.left, 0)
                out.set((slice(top, top + used.shape[0]), slice(left, left + used.shape[1])), self.gather(used))
            return out
        r = np.arange(rect.top, rect.bottom + 1)[:, None]
        c = np.arange(rect.left, rect.right + 1)[None, :]
        return self.gather(grid.places(r, c))

    def gather(self, places: Ints) -> Values:
        """Return the cells at places, in their shape, of the scenario looked at."""
        return Values(self.kind[places], self.num[places], self.text[places])


def _axis(used: NDArray[np.int32], extents: Sequence[tuple[int, int]]) -> Axis:
    parts = [used, *(np.arange(low, high + 1, dtype=np.int32) for low, high in extents)]
    every = np.concatenate(parts) if len(parts) > 1 else used
    if len(every) and int(every.max()) <= max(4 * len(every), 1_000):  # a table of marks is quicker than a sort
        marks = np.zeros(int(every.max()) + 1, np.bool_)
        marks[every] = True
        return Axis(np.flatnonzero(marks).astype(np.int32))
    return Axis(np.unique(every))


def whole_rows(rect: Rect) -> bool:
    """Tell whether a rectangle reaches over all columns."""
    return rect.left == 1 and rect.right == MAX_COL


def whole_columns(rect: Rect) -> bool:
    """Tell whether a rectangle reaches over all rows."""
    return rect.top == 1 and rect.bottom == MAX_ROW
