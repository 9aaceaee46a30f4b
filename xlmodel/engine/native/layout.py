"""What is where in a workbook, before anything is calculated: formulas, array formulas, data tables and their cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine.native.store import PENDING, Cells, Ints
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Region
from xlmodel.refs import Rect

__all__ = ["MAX_FILLED", "ArrayFormula", "Layout"]

#: The largest range that one array formula or data table may fill.
MAX_FILLED = 1_000_000


class ArrayFormula(NamedTuple):
    """An array formula: what it fills, and whether it chooses that itself."""

    region: Region
    dynamic: bool


class Layout:
    """The formulas of a workbook by the places of their cells.

    Attributes
    ----------
    places : int array
        The formula cells, sheet by sheet, by row, then column.
    filled : int array
        Those, and the cells that array formulas and data tables fill.
    arrays : mapping of place to ArrayFormula
        Array formulas, of the old kind and dynamic ones.
    tables : mapping of place to Region
        What-if data tables.
    oversized : mapping of place to Region
        Those that fill more than the limit; they are not calculated.
    """

    def __init__(self, book: Book, grown: Mapping[CellKey, Rect], saved: bool = False) -> None:
        self.book = book
        regions: list[tuple[int, int, int, Region, bool | None]] = []
        self._oversized: list[tuple[int, int, int]] = []
        for number, sheet in enumerate(book.sheets):
            for dynamic, index, rect in (
                *((index in sheet.dynamic, index, rect) for index, rect in sheet.arrays.items()),
                *((None, index, rect) for index, rect in sheet.data_tables.items()),
            ):
                row, col = int(sheet.row[index]), int(sheet.col[index])
                rect = grown.get(CellKey(sheet.name, row, col), rect)
                if rect.shape[0] * rect.shape[1] > MAX_FILLED:
                    self._oversized.append((number, row, col))
                    rect = Rect(row, col, row, col)
                regions.append((number, row, col, Region(number, rect), dynamic))
        self.cells = Cells(book, [region for *_, region, _ in regions])
        cells = self.cells
        self.arrays: dict[int, ArrayFormula] = {}
        self.tables: dict[int, Region] = {}
        self.oversized = {cells.place(*where) for where in self._oversized}
        self._owner: dict[int, int] = {}
        for number, row, col, region, dynamic in regions:
            place = cells.place(number, row, col)
            if dynamic is None:
                self.tables[place] = region
            else:
                self.arrays[place] = ArrayFormula(region, dynamic)
            self._own(place, region, dynamic and not saved)
        for number, sheet in enumerate(book.sheets):  # a dynamic array of one cell may have no range in the file
            for index in sheet.dynamic:
                if sheet.formula[index] >= 0 and index not in sheet.arrays:
                    row, col = int(sheet.row[index]), int(sheet.col[index])
                    rect = grown.get(CellKey(sheet.name, row, col), Rect(row, col, row, col))
                    self.arrays.setdefault(cells.place(number, row, col), ArrayFormula(Region(number, rect), True))
        self.places: Ints = np.flatnonzero(cells.formula >= 0)
        self.filled: Ints = np.concatenate([self.places, np.fromiter(self._owner, np.int64, len(self._owner))])
        cells.state[self.filled] = PENDING

    def _own(self, place: int, region: Region, dynamic: bool | None) -> None:
        for p in self.cells.window(region).ravel().tolist():
            if p != place and self.cells.formula[p] < 0 and (not dynamic or self.cells.kind[p] == 0):
                self._owner[p] = place

    def owner(self, place: int) -> int:
        """Return the cell whose formula fills a place: itself, or the anchor of an array."""
        return self._owner.get(place, place)

    def filled_by(self, place: int) -> Ints:
        """Return the other cells that an array formula or a data table fills."""
        region = self.tables.get(place) or self.arrays[place].region
        places = self.cells.window(region).ravel()
        return places[[self._owner.get(p, p) == place and p != place for p in places.tolist()]]

    def name(self, place: int) -> str:
        """Return a cell's full name."""
        return str(self.key(place))

    def key(self, place: int) -> CellKey:
        """Return the cell at a place."""
        sheet, row, col = self.cells.cell(place)
        return CellKey(self.book.sheets[sheet].name, row, col)

    def number_format(self, place: int) -> str:
        """Return a cell's number format."""
        number, row, col = self.cells.cell(place)
        sheet = self.book.sheets[number]
        index = sheet.find(row, col)
        return "General" if index < 0 else self.book.number_formats[sheet.style[index]]

    def table_areas(self, sheet: int) -> list[Rect]:
        """Return the ranges of the Excel tables on a sheet, into which nothing spills."""
        name = self.book.sheets[sheet].name
        return [table.rect for table in self.book.tables if table.sheet == name]
