"""Arrays taken apart and put together: parts, rows and columns chosen, stacked, wrapped."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Array, Logical, Number, Value, Whole, excel
from xlmodel.engine.native.operands import (
    CALC,
    NA,
    NUM,
    REF,
    VALUE,
    ExcelError,
    Lambda,
    Operand,
    Reference,
    UnsupportedError,
)
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__: list[str] = []

MAX_CELLS = 2**24


def _bounded(rows: int, cols: int) -> tuple[int, int]:
    if rows * cols > MAX_CELLS:
        raise UnsupportedError(f"an array of {rows:,} by {cols:,}", "limit")
    return rows, cols


def _filled(rows: int, cols: int, content: Scalar) -> Values:
    return Values.of(content).broadcast_to(_bounded(rows, cols)).copy()


def _shape(cells: Values) -> tuple[int, int]:
    return cells.shape[0], cells.shape[1]


# ------------------------------------------------------------------------------------------------------- made


@excel("SEQUENCE", empty_is_default=True)
def sequence(rows: Whole = 1, columns: Whole = 1, start: Number = 1.0, step: Number = 1.0) -> Values:
    """Return numbers that follow one another, row by row."""
    if rows < 0 or columns < 0:
        raise ExcelError(VALUE)
    if not rows or not columns:
        raise ExcelError(CALC)
    shape = _bounded(rows, columns)
    return Values.numbers((start + step * np.arange(rows * columns, dtype=np.float64)).reshape(shape))


@excel("EXPAND", empty_is_default=True)
def expand(array: Array, rows: Whole | None = None, columns: Whole | None = None, pad_with: Any_ = NA) -> Values:
    """Return an array made larger."""
    height, width = _shape(array)
    rows, columns = height if rows is None else rows, width if columns is None else columns
    if rows < height or columns < width:
        raise ExcelError(VALUE)
    out = _filled(rows, columns, pad_with)
    out.set((slice(0, height), slice(0, width)), array)
    return out


# ------------------------------------------------------------------------------------------------------- parts


@excel("TAKE", empty_is_default=True)
def take(array: Array, rows: Whole | None = None, columns: Whole | None = None) -> Values:
    """Return so many rows and columns from the start, or from the end where negative."""
    return _part(array, _taken(rows, array.shape[0]), _taken(columns, array.shape[1]))


@excel("DROP", empty_is_default=True)
def drop(array: Array, rows: Whole | None = None, columns: Whole | None = None) -> Values:
    """Return an array without so many rows and columns at the start, or at the end where negative."""
    return _part(array, _left(rows, array.shape[0]), _left(columns, array.shape[1]))


def _taken(count: int | None, size: int) -> slice:
    if count is None:
        return slice(0, size)
    return slice(0, min(count, size)) if count >= 0 else slice(max(size + count, 0), size)


def _left(count: int | None, size: int) -> slice:
    if count is None or count >= 0:
        return slice(min(count or 0, size), size)
    return slice(0, max(size + count, 0))


def _part(cells: Values, rows: slice, cols: slice) -> Values:
    out = cells[rows, cols]
    if not out.size:
        raise ExcelError(CALC)
    return out


@excel("CHOOSECOLS")
def choosecols(context: Context, array: Array, *col_num: Array) -> Values:
    """Return some of an array's columns, counted from the end where negative."""
    return array[:, _chosen(context, col_num, array.shape[1])]


@excel("CHOOSEROWS")
def chooserows(context: Context, array: Array, *row_num: Array) -> Values:
    """Return some of an array's rows, counted from the end where negative."""
    return array[_chosen(context, row_num, array.shape[0])]


def _chosen(context: Context, numbers: Sequence[Values], size: int) -> list[int]:
    reading = Reading(context.locale, context.date1904)
    out = []
    for cells in numbers:
        if min(cells.shape) > 1:
            raise ExcelError(VALUE)
        for x in cells.scalars():
            number = math.trunc(to_number(x, reading))
            if not 1 <= abs(number) <= size:
                raise ExcelError(VALUE)
            out.append(number - 1 if number > 0 else size + number)
    if not out:
        raise ExcelError(VALUE)
    return out


@excel("TRIMRANGE", empty_is_default=True, reference=True)
def trimrange(
    context: Context, range_: Value, trim_rows: Array | None = None, trim_cols: Array | None = None
) -> Operand:
    """Return an area without the empty rows and columns before it (1), after it (2), or both (3)."""
    rows, cols = _ends(context, trim_rows), _ends(context, trim_cols)
    if isinstance(range_, Reference):
        cells = context.values(range_)
        full = range_.shape
    elif isinstance(range_, Values):
        cells, full = range_, _shape(range_)
    elif isinstance(range_, ErrorValue):
        raise ExcelError(range_)
    else:
        return range_
    used = cells.kind != Kind.BLANK
    if not used.any():
        raise ExcelError(REF)
    top, bottom = _trimmed(used.any(1), full[0], rows)
    left, right = _trimmed(used.any(0), full[1], cols)
    if not isinstance(range_, Reference):
        return cells[top : bottom + 1, left : right + 1]
    sheet, rect = range_.areas[0]
    return Reference((Region(sheet, Rect(rect.top + top, rect.left + left, rect.top + bottom, rect.left + right)),))


def _ends(context: Context, cells: Values | None) -> int:
    if cells is None:
        return 3
    if cells.size > 1:
        raise ExcelError(VALUE)
    number = to_number(cells.item((0, 0)), Reading(context.locale, context.date1904))
    if number not in (0, 1, 2, 3):
        raise ExcelError(VALUE)
    return int(number)


def _trimmed(used: np.ndarray, size: int, ends: int) -> tuple[int, int]:
    """Return the first and the last place kept."""
    places = np.flatnonzero(used)
    return (int(places[0]) if ends & 1 else 0), (int(places[-1]) if ends & 2 else size - 1)


# ------------------------------------------------------------------------------------------------------- rearranged


@excel("HSTACK")
def hstack(context: Context, *array: Value) -> Values:
    """Return arrays side by side."""
    return _stacked(context, array, 1)


@excel("VSTACK")
def vstack(context: Context, *array: Value) -> Values:
    """Return arrays one below the other."""
    return _stacked(context, array, 0)


def _stacked(context: Context, operands: Sequence[Operand], axis: int) -> Values:
    """Join arrays along an axis; what is missing across it is #N/A, and an error is a cell like any other."""
    parts = [_cells(context, operand) for operand in operands]
    across = max(part.shape[1 - axis] for part in parts)
    along = sum(part.shape[axis] for part in parts)
    out = _filled(along, across, NA) if axis == 0 else _filled(across, along, NA)
    at = 0
    for part in parts:
        rows, cols = _shape(part)
        out.set((slice(at, at + rows), slice(0, cols)) if axis == 0 else (slice(0, rows), slice(at, at + cols)), part)
        at += part.shape[axis]
    return out


def _cells(context: Context, operand: Operand) -> Values:
    if isinstance(operand, Reference):
        return context.values(operand)
    if isinstance(operand, Values):
        return operand if len(operand.shape) == 2 else operand.reshape((1, operand.size))
    if isinstance(operand, Lambda):
        raise ExcelError(VALUE)
    return Values.of([[operand]])


@excel("TOCOL", empty_is_default=True)
def tocol(array: Array, ignore: Number = 0.0, scan_by_column: Logical = False) -> Values:
    """Return all cells in one column, without blanks (1), errors (2) or both (3)."""
    line = _flat(array, ignore, scan_by_column)
    return line.reshape((line.size, 1))


@excel("TOROW", empty_is_default=True)
def torow(array: Array, ignore: Number = 0.0, scan_by_column: Logical = False) -> Values:
    """Return all cells in one row, without blanks (1), errors (2) or both (3)."""
    line = _flat(array, ignore, scan_by_column)
    return line.reshape((1, line.size))


def _flat(cells: Values, ignore: float, by_column: bool) -> Values:
    left_out = math.trunc(ignore)
    if left_out not in (0, 1, 2, 3):
        raise ExcelError(VALUE)
    line = cells.map(np.transpose if by_column else np.asarray).reshape((cells.size,))
    keep = np.ones(line.size, np.bool_)
    if left_out & 1:
        keep &= line.kind != Kind.BLANK
    if left_out & 2:
        keep &= line.kind != Kind.ERROR
    if not keep.any():
        raise ExcelError(CALC)
    return line[keep]


@excel("WRAPROWS", empty_is_default=True)
def wraprows(vector: Array, wrap_count: Whole, pad_with: Any_ = NA) -> Values:
    """Return a line of cells in rows of so many."""
    return _wrapped(vector, wrap_count, pad_with)


@excel("WRAPCOLS", empty_is_default=True)
def wrapcols(vector: Array, wrap_count: Whole, pad_with: Any_ = NA) -> Values:
    """Return a line of cells in columns of so many."""
    return _wrapped(vector, wrap_count, pad_with).map(np.transpose)


def _wrapped(vector: Values, count: int, pad_with: Scalar) -> Values:
    if min(vector.shape) > 1:
        raise ExcelError(VALUE)
    if count < 1:
        raise ExcelError(NUM)
    width = min(count, vector.size)
    rows = -(-vector.size // width)
    out = _filled(rows, width, pad_with).reshape((rows * width,))
    out.set(slice(0, vector.size), vector.reshape((vector.size,)))
    return out.reshape((rows, width))
