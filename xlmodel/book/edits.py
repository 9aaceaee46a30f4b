"""The edits a workbook can take without anything else being touched, and the reasons why a cell cannot."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.book.xstring import formula_markup
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, TokenKind, cell_name, tokens
from xlmodel.values import ErrorValue, Scalar

__all__ = ["Areas", "Edit", "SetFormula", "SetSaved", "SetValue", "as_stored", "check", "unwritable"]

MAX_TEXT = 32_767
MAX_FORMULA = 8_192
MAX_FORMAT = 255
#: errors that a file may hold as plain text; the newer ones need parts of their own
PLAIN_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"))
_CLOSED_BY = {"(": ")", "{": "}"}
_OPERATORS = frozenset("+-*/^&=<>,;:")
_WHOLE = (int, np.integer)


@dataclass(frozen=True, slots=True)
class SetValue:
    """Put a constant into a cell; a formula that was there goes."""

    sheet: str
    row: int
    col: int
    value: Scalar
    #: the cell gets it where it has another, and all else of its format stays; None keeps the cell's own
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class SetFormula:
    """Put a formula into a cell, with the result that is shown until it is recalculated."""

    sheet: str
    row: int
    col: int
    #: in A1 notation, without the equals sign, as a file stores it: English, newer functions as _xlfn.XLOOKUP
    formula: str
    saved: Scalar


@dataclass(frozen=True, slots=True)
class SetSaved:
    """Replace the saved result of a formula cell, or of a cell that an array formula or a data table fills."""

    sheet: str
    row: int
    col: int
    value: Scalar


Edit = SetValue | SetFormula | SetSaved


def as_stored(content: Scalar) -> Scalar:
    """Return a cell's content as a file holds it: an error newer than the format stands there as #VALUE!.

    >>> as_stored(ErrorValue("#SPILL!")), as_stored(ErrorValue("#N/A"))
    (ErrorValue(code='#VALUE!'), ErrorValue(code='#N/A'))
    """
    newer = isinstance(content, ErrorValue) and content.code not in PLAIN_ERRORS
    return ErrorValue("#VALUE!") if newer else content


def refuse(book: Book, edit: Edit, reason: str) -> UnsupportedEditError:
    """Return the error that says which cell cannot be edited, and why."""
    place = isinstance(edit.row, _WHOLE) and isinstance(edit.col, _WHOLE) and edit.row > 0 and edit.col > 0
    where = f"{edit.sheet}!{cell_name(edit.row, edit.col)}" if place else edit.sheet
    return UnsupportedEditError(f"{book.path.name}, {where}: {type(edit).__name__} refused, {reason}")


class Ranges:
    """Rectangles of a sheet, asked for the one that holds a cell."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        self._rects = list(rects)
        self._corners = np.array(self._rects, np.int64).reshape(-1, 4).T

    def around(self, cell: tuple[int, int]) -> Rect | None:
        """Return the rectangle that holds a cell."""
        if not self._rects:
            return None
        top, left, bottom, right = self._corners
        found = np.flatnonzero((top <= cell[0]) & (cell[0] <= bottom) & (left <= cell[1]) & (cell[1] <= right))
        return self._rects[found[0]] if found.size else None


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """What stretches over several cells of a sheet."""

    arrays: Ranges
    data_tables: Ranges
    merged: Ranges

    @classmethod
    def of(cls, sheet: Sheet, merged: Iterable[Rect]) -> Areas:
        """Gather the areas of a sheet; the merged cells are not part of what was read."""
        return cls(Ranges(sheet.arrays.values()), Ranges(sheet.data_tables.values()), Ranges(merged))


def check(book: Book, sheet: Sheet, edit: Edit, areas: Areas) -> None:
    """Raise UnsupportedEditError where an edit would break something beside its cell."""
    row, col = cell = edit.row, edit.col
    if not (isinstance(row, _WHOLE) and isinstance(col, _WHOLE)):
        raise refuse(book, edit, f"row and column must be whole numbers; they are {row!r} and {col!r}")
    if not (1 <= row <= MAX_ROW and 1 <= col <= MAX_COL):
        raise refuse(book, edit, f"row {row}, column {col} lies outside a sheet")
    value = edit.saved if isinstance(edit, SetFormula) else edit.value
    problem = unwritable(value, constant=isinstance(edit, SetValue))
    if isinstance(edit, SetValue) and edit.number_format is not None:
        problem = problem or _unwritable_format(edit.number_format)
    if problem:
        raise refuse(book, edit, problem)
    at = sheet.find(row, col)
    if isinstance(edit, SetSaved) and at >= 0 and sheet.formula[at] >= 0:
        return
    array, data_table = areas.arrays.around(cell), areas.data_tables.around(cell)
    if isinstance(edit, SetSaved):
        if array is None and data_table is None:
            raise refuse(book, edit, "the cell holds no formula")
        return
    if data_table is not None:
        raise refuse(book, edit, f"the cell belongs to a data table over {data_table.name}")
    if array is not None and array.shape != (1, 1):
        raise refuse(book, edit, f"the cell belongs to an array formula over {array.name}")
    for pivot in book.pivots:
        if pivot.sheet == sheet.name and pivot.fills(row, col):
            raise refuse(
                book,
                edit,
                f"the cell belongs to pivot table {pivot.name}, which Excel fills; change what it summarises",
            )
    for table in book.tables:
        if table.sheet == sheet.name and _within(table.rect, cell):
            if row < table.rect.top + table.header_rows:
                raise refuse(
                    book, edit, f"the cell is a header of table {table.name}, whose part names its columns as well"
                )
            if row > table.rect.bottom - table.totals_rows:
                raise refuse(
                    book, edit, f"the cell is in the totals row of table {table.name}, whose part keeps it as well"
                )
    area = areas.merged.around(cell)
    if area is not None and cell != (area.top, area.left):
        raise refuse(book, edit, f"the cell is hidden under the merged cells {area.name}")
    if isinstance(edit, SetFormula):
        problem = _unwritable_formula(edit.formula)
        if problem:
            raise refuse(book, edit, problem)


def _within(rect: Rect, cell: tuple[int, int]) -> bool:
    return rect.top <= cell[0] <= rect.bottom and rect.left <= cell[1] <= rect.right


def unwritable(value: object, *, constant: bool) -> str:
    """Return why a value cannot be stored; "" where it can."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        if not _encodable(value):
            return "the text holds half of a surrogate pair"
        length = len(value.encode("utf-16-le")) // 2
        return f"a text must have <= {MAX_TEXT} characters; it has {length}" if length > MAX_TEXT else ""
    if isinstance(value, ErrorValue):
        return f"{value} cannot be stored as a constant" if constant and value.code not in PLAIN_ERRORS else ""
    if isinstance(value, (int, float)):
        try:
            return "" if math.isfinite(value) else f"a number must be finite; it is {value}"
        except OverflowError:
            return "a number must be < 1.8E+308; it is larger"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return "a date or time must be given as its serial number"
    return f"a {type(value).__name__} is no cell content"


def _unwritable_format(code: str) -> str:
    if not 0 < len(code) <= MAX_FORMAT:
        return f"a number format must have 1 to {MAX_FORMAT} characters; it has {len(code)}"
    writable = _encodable(code) and min(code) >= " "
    return "" if writable else f"a number format must not hold a control character; it is {code!r}"


def _unwritable_formula(formula: str) -> str:
    if not formula or formula.startswith("="):
        return f"a formula is its text without the equals sign; it is {formula[:20]!r}"
    if len(formula) > MAX_FORMULA:
        return f"a formula must have <= {MAX_FORMULA} characters; it has {len(formula)}"
    if not _encodable(formula):
        return "the formula holds half of a surrogate pair"
    try:
        formula_markup(formula)
    except ValueError as error:
        return str(error)
    return _unfinished(formula)


def _unfinished(formula: str) -> str:
    """Return what a formula lacks that Excel would call the file damaged for; "" where nothing is seen."""
    opened: list[str] = []
    last = ""
    for token in tokens(formula):
        text = token.text
        if text.strip():
            last = text
        if token.kind is not TokenKind.OTHER:
            continue
        if text in _CLOSED_BY:
            opened.append(_CLOSED_BY[text])
        elif text in _CLOSED_BY.values() and (not opened or opened.pop() != text):
            return f"the formula closes a {text} that is not open"
        elif text in ('"', "'", "[", "]"):
            return f"the formula has a {text} without its other half"
    if opened:
        return f"the formula lacks a {opened[-1]}"
    return f"the formula ends with {last}" if last in _OPERATORS else ""


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
