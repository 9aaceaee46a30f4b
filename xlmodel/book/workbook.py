"""A workbook as read from disk: columns of cells, not cell objects.

Formulas are kept once, in R1C1 notation: a formula filled down ten thousand rows is one text and ten thousand numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.pivots import Pivot
from xlmodel.book.validations import Validation
from xlmodel.errors import BookError
from xlmodel.refs import Rect, cell_name, to_a1
from xlmodel.values import Scalar, Values

__all__ = ["Book", "CalcSettings", "DefinedName", "ExternalBook", "Sheet", "Table"]


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name for a formula: usually a range, sometimes a constant, a formula or a LAMBDA."""

    name: str
    formula: str  #: in A1 notation, relative to A1, without the equals sign
    sheet: str | None  #: the sheet it belongs to; None for the whole workbook
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An Excel table."""

    name: str
    sheet: str
    rect: Rect  #: headers and totals included
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0
    filter: Rect | None = None  #: the range of its filter, headings included, where that has a criterion

    @property
    def body(self) -> Rect:
        """The rows of data: all but headings and totals."""
        return self.rect._replace(top=self.rect.top + self.header_rows, bottom=self.rect.bottom - self.totals_rows)


@dataclass(frozen=True, slots=True)
class CalcSettings:
    """How Excel calculates the workbook."""

    mode: str = "auto"  #: auto, autoNoTable or manual
    full_calc_on_load: bool = False
    iterate: bool = False
    iterate_count: int = 100
    iterate_delta: float = 0.001
    full_precision: bool = True  #: False is "precision as displayed"
    r1c1: bool = False
    calc_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExternalBook:
    """Another workbook that formulas refer to, with the values it had when this one was saved."""

    index: int  #: the n of [n]Sheet!A1
    target: str
    sheets: Mapping[str, Mapping[tuple[int, int], Scalar]]  #: in their order; cells that are not there are blank
    names: tuple[DefinedName, ...] = ()  #: its names that formulas refer to
    unread: frozenset[str] = frozenset()  #: sheets of which no value was saved, or none that could be read again


def _no_places() -> NDArray[np.int32]:
    return np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Sheet:
    """The cells of one worksheet, sorted by row, then column."""

    name: str
    part: str  #: the zip member
    state: str  #: visible, hidden or veryHidden
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    values: Values  #: as saved; for a formula cell the result that was saved with it
    formula: NDArray[np.int32]  #: into Book.formulas; -1 where the cell holds no formula
    style: NDArray[np.int32]  #: into Book.number_formats
    arrays: Mapping[int, Rect] = field(default_factory=dict)  #: cell index -> range an array formula fills
    dynamic: frozenset[int] = frozenset()  #: indices of cells with the dynamic-array flag (cm)
    data_tables: Mapping[int, Rect] = field(default_factory=dict)  #: cell index -> range a data table fills
    merged: tuple[Rect, ...] = ()
    hidden_rows: NDArray[np.int32] = field(default_factory=_no_places)  #: for any reason: by hand, outline or filter
    filtered_rows: NDArray[np.int32] = field(default_factory=_no_places)  #: those of them that a filter may have hidden
    hidden_columns: NDArray[np.int32] = field(default_factory=_no_places)
    validations: tuple[Validation, ...] = ()

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def _key(self) -> NDArray[np.int64]:
        return self.row.astype(np.int64) * 16_385 + self.col

    def find(self, row: int, col: int) -> int:
        """Return the index of a cell, or -1 where the sheet has none."""
        key = row * 16_385 + col
        at = int(np.searchsorted(self._key, key))
        return at if at < len(self._key) and self._key[at] == key else -1

    def value(self, row: int, col: int) -> Scalar:
        """Return the saved content of a cell."""
        at = self.find(row, col)
        return None if at < 0 else self.values.item(at)

    def block(self, rect: Rect) -> Values:
        """Return the saved contents of a rectangle, blanks filled in."""
        out = Values.blank(rect.shape)
        low, high = np.searchsorted(self.row, (rect.top, rect.bottom + 1))
        picked = np.flatnonzero((self.col[low:high] >= rect.left) & (self.col[low:high] <= rect.right)) + low
        r, c = self.row[picked] - rect.top, self.col[picked] - rect.left
        for mine, theirs in ((out.kind, self.values.kind), (out.num, self.values.num), (out.text, self.values.text)):
            mine[r, c] = theirs[picked]
        return out

    @cached_property
    def used(self) -> Rect:
        """The smallest rectangle from A1 that holds every cell."""
        return Rect(1, 1, int(self.row.max(initial=1)), int(self.col.max(initial=1)))


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook."""

    path: Path
    sha256: str
    sheets: tuple[Sheet, ...]
    formulas: tuple[str, ...]  #: distinct formulas in R1C1 notation, without the equals sign
    names: tuple[DefinedName, ...] = ()
    tables: tuple[Table, ...] = ()
    date1904: bool = False
    calc: CalcSettings = CalcSettings()
    externals: tuple[ExternalBook, ...] = ()
    hosts: frozenset[str] = frozenset()  #: which kinds of host wrote function names: officejs, xll, addin
    number_formats: tuple[str, ...] = ("General",)
    application: str = ""  #: the program that saved the file, as it says itself
    saved_at: datetime.datetime | None = None  #: when it was saved last, in universal time
    properties: Mapping[str, str] = field(default_factory=dict)  #: its custom properties that hold a text
    read_pivots: Callable[[], tuple[Pivot, ...]] = tuple

    @cached_property
    def pivots(self) -> tuple[Pivot, ...]:
        """The pivot tables, read from the file's content when first asked for.

        Raises
        ------
        BookError
            A part of them is damaged.
        """
        return self.read_pivots()

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by its name, in any case of letters."""
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        raise BookError(f"{self.path.name} has no sheet {name!r}; it has {', '.join(s.name for s in self.sheets)}")

    def formula_a1(self, sheet: Sheet, index: int) -> str:
        """Return a cell's formula in A1 notation, without the equals sign; "" for a cell without one."""
        which = int(sheet.formula[index])
        return "" if which < 0 else to_a1(self.formulas[which], int(sheet.row[index]), int(sheet.col[index]))

    def formula_cells(self) -> Iterator[tuple[Sheet, int]]:
        """Yield each formula cell as its sheet and its index there."""
        for sheet in self.sheets:
            for index in np.flatnonzero(sheet.formula >= 0):
                yield sheet, int(index)

    def stripped(self) -> Book:
        """Return the workbook without any saved formula result or array child: what an engine may see.

        An engine that is never shown a result cannot echo it.
        """
        return replace(self, sheets=tuple(_stripped(s) for s in self.sheets))

    def __repr__(self) -> str:
        return f"Book({self.path.name!r}, {len(self.sheets)} sheets, {sum(map(len, self.sheets))} cells)"


def _stripped(sheet: Sheet) -> Sheet:
    erase = sheet.formula >= 0
    for rect in (*sheet.arrays.values(), *sheet.data_tables.values()):
        low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
        erase[low:high] |= (sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)
    values = sheet.values.copy()
    values.kind[erase], values.num[erase], values.text[erase] = 0, 0.0, ""
    return replace(sheet, values=values)


def address(sheet: str, row: int, col: int) -> str:
    """Return a cell's full name for people and reports.

    >>> address("Cohort flows", 5, 3)
    'Cohort flows!C5'
    """
    return f"{sheet}!{cell_name(row, col)}"
