"""Functions of a database: a range with a row of field names, and a table of criteria under such names.

Criteria in one row must all be met, and one row of them is enough. A text asks for the texts that begin with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.coercion import to_text
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.criteria import Criterion
from xlmodel.engine.native.declaration import Reference, Value, excel
from xlmodel.engine.native.functions import statistics, totals
from xlmodel.engine.native.functions.samples import Floats, numbers
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError, Lambda, Operand, UnsupportedError
from xlmodel.engine.native.operands import Reference as Cells
from xlmodel.refs import TokenKind, tokens
from xlmodel.values import ErrorValue, Kind, Scalar, Values

Mask = NDArray[np.bool_]

_VARIABLE = {TokenKind.AREA, TokenKind.CALL, TokenKind.NAME, TokenKind.STRUCTURED}


@excel("DSUM")
def dsum(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the sum of a field in the records that meet the criteria."""
    return totals.sum_(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DPRODUCT")
def dproduct(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the product of a field in the records that meet the criteria."""
    return totals.product(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DAVERAGE")
def daverage(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the mean of a field in the records that meet the criteria."""
    return statistics.average(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DMAX")
def dmax(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the largest number of a field in the records that meet the criteria."""
    return statistics.max_(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DMIN")
def dmin(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the smallest number of a field in the records that meet the criteria."""
    return statistics.min_(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DSTDEV")
def dstdev(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the standard deviation of a field in a sample of records."""
    return statistics.stdev_s(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DSTDEVP")
def dstdevp(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the standard deviation of a field in all records that meet the criteria."""
    return statistics.stdev_p(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DVAR")
def dvar(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the variance of a field in a sample of records."""
    return statistics.var_s(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DVARP")
def dvarp(context: Context, database: Reference, field: Value, criteria: Reference) -> float:
    """Return the variance of a field in all records that meet the criteria."""
    return statistics.var_p(_numbers(context, database, field, criteria))  # type: ignore[no-any-return]


@excel("DCOUNT")
def dcount(context: Context, database: Reference, field: Value, criteria: Reference) -> int:
    """Return how many records that meet the criteria have a number in a field; without a field, how many there are."""
    kinds = _chosen(context, database, field, criteria, 1.0).kind
    return int(kinds.size if field is None else np.count_nonzero(kinds == Kind.NUMBER))


@excel("DCOUNTA")
def dcounta(context: Context, database: Reference, field: Value, criteria: Reference) -> int:
    """Return how many records that meet the criteria have a field filled; without a field, how many there are."""
    kinds = _chosen(context, database, field, criteria, 1.0).kind
    return int(kinds.size if field is None else np.count_nonzero(kinds != Kind.BLANK))


@excel("DGET")
def dget(context: Context, database: Reference, field: Value, criteria: Reference) -> Scalar:
    """Return a field of the one record that meets the criteria."""
    chosen = _chosen(context, database, field, criteria)
    if chosen.size != 1:
        raise ExcelError(NUM if chosen.size else VALUE)
    return chosen.item(0)


def _numbers(context: Context, database: Cells, field: Operand, criteria: Cells) -> Floats:
    return numbers(_chosen(context, database, field, criteria))


def _chosen(
    context: Context, database: Cells, field: Operand, criteria: Cells, without_field: float | None = None
) -> Values:
    """Return a field's cells in the records that meet the criteria; another field's where none is given."""
    table = context.values(database)
    if len(table) < 2:
        raise ExcelError(VALUE)
    names, records = [_name(x) for x in table[0].scalars()], table[1:]
    column = _column(context, without_field if field is None else field, names)
    return records[:, column][_met(context, names, records, criteria)]


def _name(x: Scalar) -> str | None:
    """Return a field's name in the form in which names are compared; an error is none."""
    return None if x is None or isinstance(x, ErrorValue) else to_text(x).lower()


def _column(context: Context, field: Operand, names: Sequence[str | None]) -> int:
    """Return the column that a name, or a number from 1, means."""
    if isinstance(field, Cells):
        field = context.values(field)
    if isinstance(field, Values):
        if field.size != 1:
            raise ExcelError(VALUE)
        field = field.scalars()[0]
    if isinstance(field, ErrorValue):
        raise ExcelError(field)
    if isinstance(field, str):
        if field.lower() in names:
            return names.index(field.lower())
    elif field is not None and not isinstance(field, Lambda) and 1 <= field < len(names) + 1:
        return int(field) - 1
    raise ExcelError(VALUE)


def _met(context: Context, names: Sequence[str | None], records: Values, criteria: Cells) -> Mask:
    """Tell of each record whether it meets one row of criteria."""
    asked = context.values(criteria)
    sheet, rect = criteria.areas[0]
    fields = [_name(x) for x in asked[0].scalars()]
    met = np.zeros(len(records), np.bool_)
    for row in range(1, len(asked)):
        all_met = np.ones(len(records), np.bool_)
        for column, name in enumerate(fields):
            content = asked.item((row, column))
            if content is None:
                continue
            if name is not None and name in names:
                all_met &= _meets(context, records[:, names.index(name)], content)
            else:
                all_met &= _is_true(content, context.formula(sheet, rect.top + row, rect.left + column))
        met |= all_met
    return met


def _meets(context: Context, cells: Values, content: Scalar) -> Mask:
    criterion = Criterion.of(content, context.locale, context.date1904)
    found = criterion.matches(cells)
    if criterion.kind != Kind.TEXT or criterion.relation not in ("=", "<>") or criterion.doubtful:
        return found
    beginning = Criterion.of(f"{criterion.relation}{criterion.text}*").matches(cells)
    if criterion.relation == "<>" and (beginning != found).any():
        raise UnsupportedError(f"the criterion <>{criterion.text} where texts begin with it", "unsupported-syntax")
    return beginning if criterion.bare else found


def _is_true(content: Scalar, formula: str | None) -> bool:
    """Tell whether a criterion under no field's name holds: it is the value of a formula about the first record."""
    if formula is not None and any(t.kind in _VARIABLE for t in tokens(formula)):
        raise UnsupportedError("a computed criterion of a database function", "unsupported-syntax")
    return isinstance(content, (bool, float)) and bool(content)
