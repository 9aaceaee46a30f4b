"""GROUPBY and PIVOTBY: summaries of data by its fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Function, Number, Range, Value, excel
from xlmodel.engine.native.functions.grouping import Axis, Group, Order, Rows, axis, order
from xlmodel.engine.native.functions.samples import raise_errors
from xlmodel.engine.native.operands import VALUE, ExcelError, Lambda, Operand, UnsupportedError, array
from xlmodel.values import ErrorValue, Kind, Scalar, Values

_MOST_CELLS = 1_000_000


class Relative(IntEnum):
    """What a share is a share of."""

    COLUMN = 0
    ROW = 1
    ALL = 2
    PARENT_COLUMN = 3
    PARENT_ROW = 4


class Headers(NamedTuple):
    """The names of the fields in the first row."""

    given: bool
    shown: bool

    @classmethod
    def of(cls, field_headers: float | None, values: Values) -> Headers:
        """Read the argument; left out, a text above a number is a name."""
        if field_headers is None:
            return cls(values.shape[0] > 1 and values.kind[:2, 0].tolist() == [Kind.TEXT, Kind.NUMBER], shown=False)
        if field_headers not in (0, 1, 3):
            raise UnsupportedError("generated field headers")
        return cls(field_headers != 0, field_headers == 3)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of data that count, without their headers, and what aggregates them."""

    context: Context
    function: Lambda
    values: Values
    rows: Rows
    headers: Headers

    @property
    def columns(self) -> int:
        """The number of columns to aggregate."""
        return self.values.shape[1]

    @property
    def names(self) -> list[Scalar]:
        """The names of the columns to aggregate."""
        return self.values[0].scalars()

    def aggregates(self, rows: Rows, whole: Rows) -> list[Scalar]:
        """Return the aggregate of each column."""
        return [self.aggregate(column, rows, whole) for column in range(self.columns)]

    def aggregate(self, column: int, rows: Rows, whole: Rows) -> Scalar:
        """Return what the function makes of some rows of a column, beside the rows of which they are a part."""
        arguments: list[Operand] = [self.values[rows, column : column + 1]]
        if _takes_whole(self.function):
            arguments.append(self.values[whole, column : column + 1])
        try:
            result = self.context.call(self.function, arguments)
        except ExcelError as problem:
            return problem.value
        if isinstance(result, Values) and result.size > 1:
            return VALUE
        return self.context.scalar(result)

    def order(self, sort: Values | None, fields: int) -> Order:
        """Read the order asked for."""
        if sort is None:
            return order([], fields, self.columns)
        raise_errors(sort)
        if (sort.kind != Kind.NUMBER).any() or not np.fix(sort.num).all():
            raise UnsupportedError("an order of groups that is not made of field numbers")
        return order(sort.num.ravel().tolist(), fields, self.columns)

    def axis(self, fields: Values, depth: float, sort: Values | None, flat: bool = False) -> Axis:
        """Return the groups by some fields, in order."""
        by = self.order(sort, fields.shape[1])
        value = by.value or 0
        return axis(fields, self.rows, int(depth), by, lambda g: self.aggregate(value, g.rows, self.rows), flat)


def _takes_whole(function: Lambda) -> bool:
    """Tell whether a function also wants the values of which it is given a part, as PERCENTOF does."""
    if isinstance(function.body, Function):
        return function.body.least == 2
    return len(function.parameters) > 1


def _function(context: Context, operand: Operand) -> Lambda:
    if isinstance(operand, Lambda):
        return operand
    given = context.scalar(operand)
    raise ExcelError(given if isinstance(given, ErrorValue) else VALUE)


def _kept(height: int, headers: Headers, keep: Values | None) -> Rows:
    """Return the rows below the headers that a filter keeps; of several columns in a filter Excel reads the first."""
    first = int(headers.given)
    rows = np.arange(first, height)
    if keep is not None:
        if keep.shape[0] != height:
            raise ExcelError(VALUE)
        flags = keep[first:, 0]
        if ((flags.kind == Kind.ERROR) | (flags.kind == Kind.TEXT)).any():
            raise ExcelError(VALUE)
        rows = rows[flags.num != 0]
    if not rows.size:
        raise UnsupportedError("a summary of no rows")
    return rows


@excel("GROUPBY", empty_is_default=True)
def groupby(
    context: Context,
    row_fields: Range,
    values: Range,
    function: Value,
    field_headers: Number | None = None,
    total_depth: Number = 1.0,
    sort_order: Range | None = None,
    filter_array: Range | None = None,
    field_relationship: Number = 0.0,
) -> Values:
    """Return the values aggregated by groups of rows."""
    if row_fields.shape[0] != values.shape[0]:
        raise ExcelError(VALUE)
    headers = Headers.of(field_headers, values)
    rows = _kept(values.shape[0], headers, filter_array)
    table = Table(context, _function(context, function), values, rows, headers)
    down = table.axis(row_fields, total_depth, sort_order, flat=field_relationship == 1)
    above = [[*row_fields[0].scalars(), *table.names]] if headers.shown else []
    return array(above + [[*down.heading(group), *table.aggregates(group.rows, rows)] for group in down.groups])


@excel("PIVOTBY", empty_is_default=True)
def pivotby(
    context: Context,
    row_fields: Range,
    col_fields: Range,
    values: Range,
    function: Value,
    field_headers: Number | None = None,
    row_total_depth: Number = 1.0,
    row_sort_order: Range | None = None,
    col_total_depth: Number = 1.0,
    col_sort_order: Range | None = None,
    filter_array: Range | None = None,
    relative_to: Number = 0.0,
) -> Values:
    """Return the values aggregated where groups of rows meet groups of columns."""
    if relative_to not in tuple(Relative):
        raise ExcelError(VALUE)
    if not row_fields.shape[0] == col_fields.shape[0] == values.shape[0]:
        raise ExcelError(VALUE)
    headers = Headers.of(field_headers, values)
    if field_headers is None and headers.given and (row_fields.shape[1] > 1 or col_fields.shape[1] > 1):
        raise UnsupportedError("whether PIVOTBY shows the names of nested fields that it found itself")
    rows = _kept(values.shape[0], headers, filter_array)
    table = Table(context, _function(context, function), values, rows, headers)
    down = table.axis(row_fields, row_total_depth, row_sort_order)
    across = table.axis(col_fields, col_total_depth, col_sort_order)
    if len(down.groups) * len(across.groups) * table.columns > _MOST_CELLS:
        raise UnsupportedError(f"a PIVOTBY of more than {_MOST_CELLS:,} cells", "limit")
    out = _column_headings(table, row_fields, col_fields, across)
    for row in down.groups:
        line = down.heading(row)
        for col in across.groups:
            line += _crossing(table, row, col, Relative(int(relative_to)))
        out.append(line)
    return array(out)


def _column_headings(table: Table, row_fields: Values, col_fields: Values, across: Axis) -> list[list[Scalar]]:
    """Return the rows above the data: the fields' labels, and where they are wanted all names."""
    margin: list[Scalar] = [""] * row_fields.shape[1]
    headings = [across.heading(group) for group in across.groups for _ in range(table.columns)]
    labels = [[*margin, *level] for level in zip(*headings, strict=True)]
    if not table.headers.shown:
        return labels
    names = ", ".join(str(name) for name in col_fields[0].scalars())
    above: list[Scalar] = [*margin, names, *[""] * (len(headings) - 1)]
    below: list[Scalar] = [*row_fields[0].scalars(), *table.names * len(across.groups)]
    return [above, *labels, below]


def _crossing(table: Table, row: Group, col: Group, relative: Relative) -> list[Scalar]:
    """Return the aggregates of the rows that two groups share; nothing is shown where they share none."""
    rows = np.intersect1d(row.rows, col.rows, assume_unique=True)
    if not rows.size:
        return [""] * table.columns
    wholes = {
        Relative.COLUMN: (table.rows, col.rows),
        Relative.ROW: (row.rows, table.rows),
        Relative.ALL: (table.rows, table.rows),
        Relative.PARENT_COLUMN: (row.rows, (col.parent or col).rows),
        Relative.PARENT_ROW: ((row.parent or row).rows, col.rows),
    }
    return table.aggregates(rows, np.intersect1d(*wholes[relative], assume_unique=True))
