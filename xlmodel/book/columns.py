"""The cells of one sheet as they come from its XML, gathered into columns."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.data_tables import formula_text
from xlmodel.book.dates import serial
from xlmodel.book.formulas import FormulaTable
from xlmodel.book.sheet_frame import Frame
from xlmodel.book.styles import NumberFormats
from xlmodel.book.workbook import Sheet
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError, BookLimitError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, ReferenceSyntaxError, cell_name, parse_rect
from xlmodel.values import Kind, Values

__all__ = ["Columns", "Context"]

_BLANK, _NUMBER, _TEXT, _BOOLEAN, _ERROR = (int(k) for k in Kind)


@dataclass(eq=False)
class Context:
    """What the cells of all sheets share."""

    book: str  #: the file's name, for messages
    strings: Sequence[str]
    formats: NumberFormats
    formulas: FormulaTable
    dynamic: frozenset[str] | None  #: the values of `cm` that mean a dynamic array; None where all do
    date1904: bool
    cells_left: int


@dataclass(eq=False)
class Columns:
    """Collects cells one by one."""

    context: Context
    sheet: str
    row: array[int] = field(default_factory=lambda: array("i"))
    col: array[int] = field(default_factory=lambda: array("i"))
    kind: array[int] = field(default_factory=lambda: array("B"))
    num: array[float] = field(default_factory=lambda: array("d"))
    text: list[str] = field(default_factory=list)
    formula: array[int] = field(default_factory=lambda: array("i"))
    style: array[int] = field(default_factory=lambda: array("i"))
    arrays: dict[int, Rect] = field(default_factory=dict)
    data_tables: dict[int, Rect] = field(default_factory=dict)
    dynamic: list[int] = field(default_factory=list)
    hidden_rows: array[int] = field(default_factory=lambda: array("i"))
    frame: Frame = field(default_factory=Frame)
    _masters: dict[str, int] = field(default_factory=dict)
    _orphans: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.formulas.start_sheet()

    def put(
        self,
        row: int,
        col: int,
        style: int,
        kind: str,
        value: str | None,
        formula: str | None = None,
        about: dict[str, str] | None = None,
        cm: str | None = None,
    ) -> None:
        """Add one cell, all of it as it stands in the XML; `about` are the attributes of its formula."""
        text = "" if formula is None else formula_text(formula, about or {})
        index = len(self.row)
        self.room(1, row, row, col)
        self.row.append(row)
        self.col.append(col)
        self.style.append(style)
        self.formula.append(-1)
        self.kind.append(_BLANK)
        self.num.append(0.0)
        self.text.append("")
        number = self.context.formulas.number(text, row, col) if text else -1
        self.fill(index, kind, value, number, None if formula is None else about or {}, cm)

    def extend(
        self,
        row: NDArray[np.int32],
        col: NDArray[np.int32],
        style: NDArray[np.int32],
        formula: NDArray[np.int32],
        kind: NDArray[np.uint8],
        num: NDArray[np.float64],
        text: list[str],
    ) -> None:
        """Add many cells; `room` has been asked."""
        for mine, more in (
            (self.row, row), (self.col, col), (self.style, style), (self.formula, formula), (self.kind, kind),
        ):  # fmt: skip
            mine.frombytes(more.tobytes())
        self.num.frombytes(num.tobytes())
        self.text += text

    def fill(
        self, index: int, kind: str, value: str | None, formula: int, about: Mapping[str, str] | None, cm: str | None
    ) -> None:
        """Set the content of a cell that has its place already; `formula` is the number of its own formula, or -1."""
        row, col = self.row[index], self.col[index]
        if about is not None:
            self._formula(index, row, col, formula, about)
        if cm is not None and (self.context.dynamic is None or cm in self.context.dynamic):
            self.dynamic.append(index)
        self._value(index, row, col, kind, value)

    def share(self, indices: NDArray[np.intp], shared: NDArray[np.int64]) -> None:
        """Give cells the formulas they share with cells that came before."""
        if not len(indices):
            return
        which, places = np.unique(shared, return_inverse=True)
        numbers = np.array([self._masters.get(str(si), -1) for si in which.tolist()], np.int32)[places]
        # the view is gone with the statement: an array that is looked at cannot grow
        np.frombuffer(self.formula, np.int32)[indices] = numbers
        self._orphans += [(int(indices[i]), str(shared[i])) for i in np.flatnonzero(numbers < 0)]

    def open_row(self, row: int, attributes: Mapping[str, str]) -> None:
        """Take note of what a row says of itself."""
        if attributes.get("hidden") in ("1", "true") or _is_zero(attributes.get("ht", "")):
            self.hidden_rows.append(row)

    def room(self, count: int, first: int, last: int, col: int) -> None:
        """Refuse cells that would pass the limit or lie outside a sheet."""
        if len(self.row) + count > self.context.cells_left:
            raise BookLimitError(
                f"{self.context.book}: cells must not exceed the limit; passed in sheet {self.sheet!r}, row {first}"
            )
        if not (first > 0 and last <= MAX_ROW and 0 < col <= MAX_COL):
            raise BookError(f"{self.context.book}, sheet {self.sheet!r}: row {last}, column {col} lies outside a sheet")

    def name(self, row: int, col: int) -> str:
        """Return a cell's name for messages."""
        return f"{self.sheet}!{cell_name(row, col)}" if row > 0 and col > 0 else self.sheet

    def _value(self, index: int, row: int, col: int, kind: str, value: str | None) -> None:
        what, number, text = _BLANK, 0.0, ""
        if kind == "n":
            if value is not None and value.strip():
                try:
                    number, what = _finite(value), _NUMBER
                except ValueError:
                    text, what = value, _TEXT
        elif kind == "s":
            if value is not None:
                try:
                    text, what = self.context.strings[_natural(value)], _TEXT
                except (ValueError, IndexError):
                    raise BookError(
                        f"{self.context.book}, {self.name(row, col)}: shared string {value!r} is not among the "
                        f"{len(self.context.strings)} of the file"
                    ) from None
        elif kind in ("str", "inlineStr"):
            if value is not None or kind == "inlineStr" or self.formula[index] >= 0:
                text, what = plain(value or ""), _TEXT
        elif kind == "b":
            if value is not None:
                number, what = float(value.strip() in ("1", "true")), _BOOLEAN
        elif kind == "e":
            if value is not None:
                text, what = value, _ERROR
        elif kind == "d":
            if value is not None:
                try:
                    number, what = serial(value, self.context.date1904), _NUMBER
                except ValueError:
                    text, what = value, _TEXT
        else:
            raise BookError(f"{self.context.book}, {self.name(row, col)}: unknown cell type {kind!r}")
        self.kind[index], self.num[index], self.text[index] = what, number, text

    def _formula(self, index: int, row: int, col: int, number: int, about: Mapping[str, str]) -> None:
        self.formula[index] = number
        kind, si = about.get("t", "normal"), about.get("si")
        if kind == "dataTable":
            self.data_tables[index] = self._rect(about.get("ref", cell_name(row, col)), row, col)
        elif kind == "array" and number >= 0:
            self.arrays[index] = self._rect(about.get("ref", cell_name(row, col)), row, col)
        elif kind == "shared" and number < 0:
            self.formula[index] = self._masters.get(si or "", -1)
            if self.formula[index] < 0:
                self._orphans.append((index, si or ""))
        elif kind == "shared" and si is not None:
            self._masters[si] = number
            if self._orphans:
                self._adopt(si, number)

    def _adopt(self, si: str, number: int) -> None:
        for index, wanted in self._orphans:
            if wanted == si:
                self.formula[index] = number
        self._orphans = [orphan for orphan in self._orphans if orphan[1] != si]

    def _rect(self, ref: str, row: int, col: int) -> Rect:
        try:
            return parse_rect(ref)
        except ReferenceSyntaxError as error:
            raise BookError(f"{self.context.book}, {self.name(row, col)}: {error}") from error

    def finish(self, part: str, state: str, filters: Sequence[Rect] = ()) -> Sheet:
        """Return the sheet, its cells sorted by row and column; `filters` are ranges in which rows may be filtered."""
        if self._orphans:
            index, si = self._orphans[0]
            where = self.name(self.row[index], self.col[index])
            raise BookError(f"{self.context.book}, {where}: shared formula {si!r} has no master, its text is lost")
        self.context.cells_left -= len(self.row)
        row, col = np.frombuffer(self.row, np.int32), np.frombuffer(self.col, np.int32)
        text = np.empty(len(self.text), object)
        text[:] = self.text
        values = Values(np.frombuffer(self.kind, np.uint8), np.frombuffer(self.num, np.float64), text)
        formula, style = np.frombuffer(self.formula, np.int32), np.frombuffer(self.style, np.int32)
        step = np.diff(row.astype(np.int64) * (MAX_COL + 1) + col)
        arrays, tables, dynamic = self.arrays, self.data_tables, frozenset(self.dynamic)
        if (step <= 0).any():
            order = np.lexsort((col, row))
            row, col, values, formula, style = row[order], col[order], values[order], formula[order], style[order]
            self._refuse_twice(row, col)
            place: NDArray[np.int64] = np.argsort(order)
            arrays = {int(place[i]): rect for i, rect in arrays.items()}
            tables = {int(place[i]): rect for i, rect in tables.items()}
            dynamic = frozenset(int(place[i]) for i in dynamic)
        hidden = np.unique(np.frombuffer(self.hidden_rows, np.int32))
        return Sheet(
            self.sheet,
            part,
            state,
            row,
            col,
            values,
            formula,
            style,
            arrays,
            dynamic,
            tables,
            merged=tuple(self.frame.merged),
            hidden_rows=hidden,
            filtered_rows=hidden[_below_headings(hidden, filters)],
            hidden_columns=self.frame.hidden_columns,
            validations=self.frame.validations,
        )

    def _refuse_twice(self, row: NDArray[np.int32], col: NDArray[np.int32]) -> None:
        twice = np.flatnonzero((np.diff(row) == 0) & (np.diff(col) == 0))
        if twice.size:
            where = self.name(int(row[twice[0]]), int(col[twice[0]]))
            raise BookError(f"{self.context.book}: cell {where} stands twice in its sheet")


def _below_headings(rows: NDArray[np.int32], ranges: Sequence[Rect]) -> NDArray[np.bool_]:
    found = np.zeros(len(rows), np.bool_)
    for rect in ranges:
        found |= (rows > rect.top) & (rows <= rect.bottom)
    return found


def _finite(text: str) -> float:
    number = float(text)
    # float() also takes 1_000, inf and nan, which are no numbers of a workbook
    if "_" in text or not text.isascii() or not math.isfinite(number):
        raise ValueError(text)
    return number


def _natural(text: str) -> int:
    number = int(text)
    if number < 0 or "_" in text or not text.isascii():
        raise ValueError(text)
    return number


def _is_zero(text: str) -> bool:
    try:
        return text.startswith("0") and float(text) == 0
    except ValueError:
        return False
