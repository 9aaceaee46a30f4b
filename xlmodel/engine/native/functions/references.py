"""References: made, taken apart and asked where they are."""

from __future__ import annotations

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import (
    Any_,
    Array,
    ArrayValue,
    Logical,
    Number,
    Reference,
    Text,
    Value,
    Whole,
    excel,
)
from xlmodel.engine.native.operands import NA, REF, VALUE, ExcelError, Operand, array
from xlmodel.engine.native.operands import Reference as Areas
from xlmodel.engine.references import Region
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, column_letters, quote_sheet
from xlmodel.values import ErrorValue, Scalar, Values

__all__: list[str] = []


# ------------------------------------------------------------------------------------------------------- made


@excel("ADDRESS", empty_is_default=True)
def address(
    row_num: Whole, column_num: Whole, abs_num: Whole = 1, a1: Logical = True, sheet_text: Text | None = None
) -> str:
    """Return the name of a cell."""
    if abs_num not in (1, 2, 3, 4):
        raise ExcelError(VALUE)
    fixed_row, fixed_col = abs_num in (1, 2), abs_num in (1, 3)
    if a1:
        if not (1 <= row_num <= MAX_ROW and 1 <= column_num <= MAX_COL):
            raise ExcelError(VALUE)
        name = f"{'$' * fixed_col}{column_letters(column_num)}{'$' * fixed_row}{row_num}"
    else:
        if not (_within(row_num, fixed_row, MAX_ROW) and _within(column_num, fixed_col, MAX_COL)):
            raise ExcelError(VALUE)
        name = _r1c1("R", row_num, fixed_row) + _r1c1("C", column_num, fixed_col)
    if sheet_text is None:
        return name
    return (quote_sheet(sheet_text) if sheet_text else "") + "!" + name


def _within(number: int, fixed: bool, most: int) -> bool:
    return 1 <= number <= most if fixed else abs(number) < most


def _r1c1(letter: str, number: int, fixed: bool) -> str:
    return f"{letter}{number}" if fixed else f"{letter}[{number}]" if number else letter


@excel("INDEX", reference=True)
def index(array: ArrayValue, row_num: Whole, column_num: Whole | None = None, area_num: Whole = 1) -> Operand:
    """Return a cell, a row or a column of an area or an array; number 0 takes all rows or columns."""
    if isinstance(array, Areas):
        if area_num < 1 or row_num < 0 or (column_num or 0) < 0:
            raise ExcelError(VALUE)
        if area_num > len(array.areas):
            raise ExcelError(REF)
        sheet, rect = array.areas[area_num - 1]
        if column_num is None and min(rect.shape) > 1:
            raise ExcelError(REF)
        top, bottom, left, right = _part(rect.shape, row_num, column_num)
        return Areas((Region(sheet, Rect(rect.top + top, rect.left + left, rect.top + bottom, rect.left + right)),))
    cells = _cells(array)
    if area_num < 1 or row_num < 0 or (column_num or 0) < 0:
        raise ExcelError(VALUE)
    if area_num > 1:
        raise ExcelError(REF)
    rows, cols = cells.shape
    top, bottom, left, right = _part((rows, cols), row_num, column_num)
    return cells[top : bottom + 1, left : right + 1]


def _part(shape: tuple[int, int], row: int, col: int | None) -> tuple[int, int, int, int]:
    """Return first and last row, first and last column, from 0; in a single row one number is a column's."""
    if col is None:
        row, col = (0, row) if shape[0] == 1 else (row, 0)
    if row > shape[0] or col > shape[1]:
        raise ExcelError(REF)
    rows = (row - 1, row - 1) if row else (0, shape[0] - 1)
    cols = (col - 1, col - 1) if col else (0, shape[1] - 1)
    return *rows, *cols


@excel("OFFSET", reference=True, volatile=True, empty_is_default=True)
def offset(
    reference: Reference, rows: Whole, cols: Whole, height: Number | None = None, width: Number | None = None
) -> Areas:
    """Return an area moved and sized anew; a negative size reaches up or to the left."""
    if len(reference.areas) > 1:
        raise ExcelError(VALUE)
    sheet, rect = reference.areas[0]
    top, bottom = _span(rect.top + rows, rect.shape[0] if height is None else height, MAX_ROW)
    left, right = _span(rect.left + cols, rect.shape[1] if width is None else width, MAX_COL)
    return Areas((Region(sheet, Rect(top, left, bottom, right)),))


def _span(first: int, size: float, most: int) -> tuple[int, int]:
    """Return the first and last row, or column, of so many; a part of one counts as one."""
    if size == 0:
        raise ExcelError(REF)
    count = max(int(abs(size)), 1)
    low, high = (first, first + count - 1) if size > 0 else (first - count + 1, first)
    if low < 1 or high > most:
        raise ExcelError(REF)
    return low, high


@excel("INDIRECT", reference=True, volatile=True)
def indirect(context: Context, ref_text: Text, a1: Logical = True) -> Areas:
    """Return the reference a text writes."""
    if not ref_text.strip():
        raise ExcelError(REF)
    return context.reference(ref_text, r1c1=not a1)


@excel("TRANSPOSE")
def transpose(array: Array) -> Values:
    """Return rows as columns."""
    return array.map(np.transpose)


@excel("HYPERLINK")
def hyperlink(link_location: Text, friendly_name: Any_ = None) -> Scalar:
    """Return what the cell of a link shows."""
    return link_location if friendly_name is None else friendly_name


# ------------------------------------------------------------------------------------------------------- asked


@excel("AREAS")
def areas(reference: Reference) -> int:
    """Return how many areas a reference has."""
    return len(reference.areas)


@excel("ROWS")
def rows(array: Value) -> int:
    """Return how many rows there are."""
    return _shape(array)[0]


@excel("COLUMNS")
def columns(array: Value) -> int:
    """Return how many columns there are."""
    return _shape(array)[1]


def _shape(operand: Operand) -> tuple[int, ...]:
    if isinstance(operand, Areas):
        if len(operand.areas) > 1:
            raise ExcelError(REF)
        return operand.shape
    return _cells(operand).shape


def _cells(operand: Operand) -> Values:
    """Return an operand that is no reference as rows and columns."""
    if isinstance(operand, Values):
        return operand if len(operand.shape) == 2 else operand.reshape((1, operand.size))
    if isinstance(operand, ErrorValue):
        raise ExcelError(operand)
    if operand is None or isinstance(operand, (bool, float, int, str)):
        return array([[operand]])
    raise ExcelError(VALUE)


@excel("ROW")
def row(context: Context, reference: Reference | None = None) -> float | Values:
    """Return the row numbers of an area, of the formula's own cell when none is given."""
    if reference is None:
        return float(context.row)
    region = _area(reference)
    rect = region.rect
    bottom = rect.bottom
    if rect.top == 1 and bottom == MAX_ROW:  # whole columns: as many rows as their cells arrive with
        bottom = len(context.hidden_rows(region))
    if bottom == rect.top:
        return float(rect.top)
    return Values.numbers(np.arange(rect.top, bottom + 1, dtype=np.float64)[:, None])


@excel("COLUMN")
def column(context: Context, reference: Reference | None = None) -> float | Values:
    """Return the column numbers of an area, of the formula's own cell when none is given."""
    if reference is None:
        return float(context.col)
    rect = _area(reference).rect
    if rect.left == rect.right:
        return float(rect.left)
    return Values.numbers(np.arange(rect.left, rect.right + 1, dtype=np.float64)[None, :])


def _area(reference: Areas) -> Region:
    if len(reference.areas) > 1:
        raise ExcelError(REF)
    return reference.areas[0]


@excel("SHEET")
def sheet(context: Context, value: Value = None) -> float:
    """Return the place of a sheet among all: of a reference's, of one named by a text, or of the formula's own."""
    if value is None:
        return context.sheet + 1.0
    if isinstance(value, Areas):
        return value.areas[0].sheet + 1.0
    if isinstance(value, ErrorValue):
        raise ExcelError(value)
    number = context.sheet_number(value) if isinstance(value, str) else None
    if number is None:
        raise ExcelError(NA)
    return number + 1.0


@excel("SHEETS")
def sheets(context: Context, reference: Reference | None = None) -> int:
    """Return how many sheets a reference spans, how many there are when none is given."""
    if reference is not None:
        return len({region.sheet for region in reference.areas})
    count = 0
    while True:
        try:
            context.sheet_name(count)
        except IndexError:
            return count
        count += 1


@excel("FORMULATEXT")
def formulatext(context: Context, reference: Reference) -> str:
    """Return the formula of a cell as it is written."""
    sheet_at, rect = reference.areas[0]
    formula = context.formula(sheet_at, rect.top, rect.left)
    if formula is None:
        raise ExcelError(NA)
    return "=" + formula.removeprefix("=").replace("_xlfn.", "").replace("_xlws.", "").replace("_xlpm.", "")
