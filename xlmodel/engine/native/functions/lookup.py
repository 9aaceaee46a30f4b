"""Lookup: where a value stands in a line of cells, and what stands beside it."""

from __future__ import annotations

import math

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Array, Cell, Logical, Number, Range, Value, Whole, excel
from xlmodel.engine.native.functions.regular_expressions import fits
from xlmodel.engine.native.index import MISSING, Index, indexed
from xlmodel.engine.native.operands import NA, REF, VALUE, ExcelError, Lambda, Operand, Reference, UnsupportedError
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar, Values

__all__: list[str] = []

#: A longer text is no value to look up in the older functions.
_LONGEST = 255


def _sought(x: Scalar) -> Scalar:
    if isinstance(x, str) and len(x) > _LONGEST:
        raise ExcelError(VALUE)
    return x


def _found(position: int) -> int:
    if position == MISSING:
        raise ExcelError(NA)
    return position


def _line(cells: Values) -> Index:
    """Return the one row or column of cells; #N/A where there are several of both."""
    if min(cells.shape) > 1:
        raise ExcelError(NA)
    return indexed(cells)


@excel("MATCH")
def match(lookup_value: Cell, lookup_array: Range, match_type: Number = 1.0) -> int:
    """Return the place of a value in a line: 1 the last no greater, 0 the first alike, -1 the last no smaller."""
    line, x = _line(lookup_array), _sought(lookup_value)
    if match_type == 0:
        if x is None:
            x = 0.0
        return _found(line.like(x)) + 1
    return _found(line.ascending(x) if match_type > 0 else line.descending(x)) + 1


def _in_table(x: Scalar, line: Index, near: bool) -> int:
    x = 0.0 if x is None else _sought(x)
    return _found(line.ascending(x) if near else line.like(x))


def _chosen(number: int, count: int) -> int:
    """Return a row or column of a table, from 0, by its number."""
    if number < 1:
        raise ExcelError(VALUE)
    if number > count:
        raise ExcelError(REF)
    return number - 1


def _table(context: Context, operand: Operand) -> Values:
    """Return the cells of a table; a text is no table, not even one of a single cell."""
    if isinstance(operand, ErrorValue):
        raise ExcelError(operand)
    if isinstance(operand, str):
        raise ExcelError(VALUE)
    return _grid(context, operand)[1]


@excel("VLOOKUP")
def vlookup(
    context: Context, lookup_value: Cell, table_array: Value, col_index_num: Whole, range_lookup: Logical = True
) -> Scalar:
    """Return what stands in a column of a table, in the row where the first column holds a value."""
    table_array = _table(context, table_array)
    row = _in_table(lookup_value, indexed(table_array, 0), range_lookup)
    return table_array.item((row, _chosen(col_index_num, table_array.shape[1])))


@excel("HLOOKUP")
def hlookup(
    context: Context, lookup_value: Cell, table_array: Value, row_index_num: Whole, range_lookup: Logical = True
) -> Scalar:
    """Return what stands in a row of a table, in the column where the first row holds a value."""
    table_array = _table(context, table_array)
    col = _in_table(lookup_value, indexed(table_array, 0, across=True), range_lookup)
    return table_array.item((_chosen(row_index_num, table_array.shape[0]), col))


@excel("LOOKUP")
def lookup(lookup_value: Cell, lookup_vector: Array, result_vector: Array | None = None) -> Scalar:
    """Return what stands beside the last value no greater: in a second line, or at the far side of the first block."""
    rows, cols = lookup_vector.shape
    across = cols > rows
    line = indexed(lookup_vector, 0, across)
    if result_vector is None:
        at = _found(line.ascending(_sought(lookup_value)))
        return lookup_vector.item((rows - 1, at) if across else (at, cols - 1))
    if min(result_vector.shape) > 1:
        raise ExcelError(NA)
    at = _found(line.ascending(_sought(lookup_value)))
    if at >= result_vector.size:
        raise ExcelError(NA)
    return result_vector.reshape((result_vector.size,)).item(at)


def _grid(context: Context, operand: Operand) -> tuple[tuple[int, int], Values]:
    """Return the full shape of an operand and its cells, which may be cut to those in use."""
    if isinstance(operand, Reference):
        return operand.shape, context.values(operand)
    if isinstance(operand, Lambda):
        raise ExcelError(VALUE)
    cells = operand if isinstance(operand, Values) else Values.of([[operand]])
    return (cells.shape[0], cells.shape[1]), cells


def _place(x: Scalar, cells: Values, count: int, match_mode: float, search_mode: float) -> int:
    """Return where XLOOKUP and XMATCH find a value in a line of so many cells."""
    match, search = math.floor(match_mode), math.floor(search_mode)
    if match not in (-1, 0, 1, 2, 3) or search not in (1, -1, 2, -2) or (match >= 2 and abs(search) == 2):
        raise ExcelError(VALUE)
    line, last, larger = indexed(cells), search == -1, None if match == 0 else match > 0
    if match == 3 and isinstance(x, str):
        return _by_pattern(x, cells, last)
    if match >= 2:
        return line.like(x, last)
    if abs(search) == 2:
        return line.halving(x, search == -2, larger)
    found = line.same(x, last, folded=True) if larger is None else line.nearest(x, larger, last)
    # the blank cells below the last one in use are not among those given
    return len(line) if x is None and found == MISSING and len(line) < count else found


def _by_pattern(pattern: str, cells: Values, last: bool) -> int:
    """Return where a text first fits a regular expression, or last, if that is so in part as well as in whole."""
    texts = [(at, x) for at, x in enumerate(cells.scalars()) if isinstance(x, str)]
    found = []
    for whole in (False, True):
        wanted = f"^(?:{pattern})$" if whole else pattern
        places = [at for at, x in texts if fits(x, wanted)]
        found.append((places[-1] if last else places[0]) if places else MISSING)
    if found[0] != found[1]:
        raise UnsupportedError("a lookup by a regular expression that fits a part of a text")
    return found[0]


@excel("XMATCH", empty_is_default=True)
def xmatch(
    context: Context, lookup_value: Cell, lookup_array: Value, match_mode: Number = 0.0, search_mode: Number = 1.0
) -> int:
    """Return the place of a value in a line."""
    shape, cells = _grid(context, lookup_array)
    if min(shape) > 1:
        raise ExcelError(VALUE)
    return _found(_place(lookup_value, cells, max(shape), match_mode, search_mode)) + 1


@excel("XLOOKUP", empty_is_default=True, reference=True)
def xlookup(
    context: Context,
    lookup_value: Cell,
    lookup_array: Value,
    return_array: Value,
    if_not_found: Value | None = None,
    match_mode: Number = 0.0,
    search_mode: Number = 1.0,
) -> Operand:
    """Return what stands beside a value: a cell, or the row or column of a block."""
    shape, cells = _grid(context, lookup_array)
    beside = return_array.shape if isinstance(return_array, Reference) else _grid(context, return_array)[0]
    down = shape[1] == 1 and beside[0] == shape[0]
    if not down and not (shape[0] == 1 and beside[1] == shape[1]):
        raise ExcelError(VALUE)
    at = _place(lookup_value, cells, max(shape), match_mode, search_mode)
    if at == MISSING:
        return NA if if_not_found is None else if_not_found
    if isinstance(return_array, Reference):
        return _slice(return_array, at, down)
    block = _grid(context, return_array)[1]
    return block[at : at + 1] if down else block[:, at : at + 1]


def _slice(reference: Reference, at: int, down: bool) -> Reference:
    sheet, rect = reference.areas[0]
    if down:
        return Reference((Region(sheet, rect._replace(top=rect.top + at, bottom=rect.top + at)),))
    return Reference((Region(sheet, Rect(rect.top, rect.left + at, rect.bottom, rect.left + at)),))
