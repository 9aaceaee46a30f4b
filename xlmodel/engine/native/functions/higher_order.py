"""Functions that call a LAMBDA for each cell, row or column of an array."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Callback, Number, Value, excel
from xlmodel.engine.native.operands import CALC, NA, VALUE, ExcelError, Lambda, Operand, Reference, UnsupportedError
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar, Values

__all__: list[str] = []

MOST_CALLS = 2**18


class _Array:
    """An array whose parts are handed to a LAMBDA: of a reference they are references."""

    def __init__(self, operand: Operand) -> None:
        if isinstance(operand, Lambda) or (isinstance(operand, Reference) and len(operand.areas) > 1):
            raise ExcelError(VALUE)
        if not isinstance(operand, (Values, Reference)):
            operand = Values.of([[operand]])
        self._operand = operand
        self.rows, self.cols = operand.shape[0], operand.shape[1]

    def part(self, top: int, left: int, rows: int, cols: int) -> Operand:
        """Return a part, from 0."""
        if isinstance(self._operand, Reference):
            sheet, rect = self._operand.areas[0]
            corner = rect.top + top, rect.left + left
            return Reference((Region(sheet, Rect(*corner, corner[0] + rows - 1, corner[1] + cols - 1)),))
        if rows == cols == 1:
            return self._operand.item((top, left))
        return self._operand[top : top + rows, left : left + cols]

    def cell(self, row: int, col: int) -> Operand:
        """Return a cell; #N/A outside."""
        return self.part(row, col, 1, 1) if row < self.rows and col < self.cols else NA

    def cells(self) -> Iterator[Operand]:
        """Yield the cells row by row."""
        _affordable(self.rows * self.cols)
        for row in range(self.rows):
            for col in range(self.cols):
                yield self.cell(row, col)


def _affordable(calls: int) -> int:
    if calls > MOST_CALLS:
        raise UnsupportedError(f"more than {MOST_CALLS:,} calls of a LAMBDA", "limit")
    return calls


def _called(context: Context, function: Lambda, arguments: list[Operand]) -> Operand:
    try:
        return context.call(function, arguments)
    except ExcelError as problem:
        return problem.value


def _single(context: Context, result: Operand) -> Scalar:
    """Return a result as one cell of an array; an array of several cells is #CALC!."""
    if isinstance(result, Reference):
        if not result.is_cell:
            return CALC
        result = context.values(result)
    if isinstance(result, Values):
        return result.reshape((1,)).item(0) if result.size == 1 else CALC
    return CALC if isinstance(result, Lambda) else result


def _table(context: Context, function: Lambda, rows: int, cols: int, arguments: Iterator[list[Operand]]) -> Values:
    out = Values.blank(_affordable(rows * cols))
    for i, given in enumerate(arguments):
        out.put(i, _single(context, _called(context, function, given)))
    return out.reshape((rows, cols))


@excel("MAP")
def map_(context: Context, array: Value, *arrays_and_function: Value) -> Values:
    """Return what a LAMBDA makes of the cells of arrays, place by place."""
    *more, function = arrays_and_function
    arrays = [_Array(operand) for operand in (array, *more)]
    if not isinstance(function, Lambda):
        raise ExcelError(function if isinstance(function, ErrorValue) else VALUE)
    rows, cols = max(a.rows for a in arrays), max(a.cols for a in arrays)
    places = ((row, col) for row in range(rows) for col in range(cols))
    return _table(context, function, rows, cols, ([a.cell(*place) for a in arrays] for place in places))


@excel("BYROW")
def byrow(context: Context, array: Value, function: Callback) -> Values:
    """Return what a LAMBDA makes of each row."""
    cells = _Array(array)
    parts = ([cells.part(row, 0, 1, cells.cols)] for row in range(cells.rows))
    return _table(context, function, cells.rows, 1, parts)


@excel("BYCOL")
def bycol(context: Context, array: Value, function: Callback) -> Values:
    """Return what a LAMBDA makes of each column."""
    cells = _Array(array)
    parts = ([cells.part(0, col, cells.rows, 1)] for col in range(cells.cols))
    return _table(context, function, 1, cells.cols, parts)


@excel("MAKEARRAY")
def makearray(context: Context, rows: Number, cols: Number, function: Callback) -> Values:
    """Return an array of what a LAMBDA makes of each row and column number."""
    if rows < 1 or cols < 1 or not rows.is_integer() or not cols.is_integer():
        raise ExcelError(VALUE)
    height, width = int(rows), int(cols)
    numbers = ([float(row), float(col)] for row in range(1, height + 1) for col in range(1, width + 1))
    return _table(context, function, height, width, (list(pair) for pair in numbers))


@excel("REDUCE")
def reduce(context: Context, initial_value: Value, array: Value, function: Callback) -> Operand:
    """Return what a LAMBDA makes of a value and each cell in turn; without a value the first cell is the start."""
    cells = _Array(array).cells()
    result = next(cells) if initial_value is None else initial_value
    for cell in cells:
        result = _called(context, function, [result, cell])
    return result


@excel("SCAN")
def scan(context: Context, initial_value: Value, array: Value, function: Callback) -> Values:
    """Return each value on the way of REDUCE."""
    block = _Array(array)
    cells = block.cells()
    found: list[Scalar] = []
    result = initial_value
    if initial_value is None:
        result = next(cells)
        found.append(_single(context, result))
    for cell in cells:
        result = _called(context, function, [result, cell])
        found.append(_single(context, result))
    return Values.of(found).reshape((block.rows, block.cols))
