"""Totals of a list: hidden rows, errors and the subtotals among the cells left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import ArrayValue, Reference, Value, Whole, excel
from xlmodel.engine.native.functions import ranks, statistics, totals
from xlmodel.engine.native.functions.samples import Floats, numbers, pooled, raise_errors
from xlmodel.engine.native.operands import VALUE, ExcelError, Lambda, Operand
from xlmodel.engine.native.operands import Reference as Cells
from xlmodel.engine.references import Region
from xlmodel.values import ErrorValue, Kind, Values

_COUNT, _COUNTA = 2, 3
#: what is made of the numbers, by the function's number; SUBTOTAL knows the first eleven
_SUMMARIES: dict[int, Callable[[Floats], float]] = {
    1: statistics.average,
    4: statistics.max_,
    5: statistics.min_,
    6: totals.product,
    7: statistics.stdev_s,
    8: statistics.stdev_p,
    9: totals.sum_,
    10: statistics.var_s,
    11: statistics.var_p,
    12: statistics.median,
    13: lambda x: statistics.mode_sngl(Values.numbers(x[:, None])),
}
_SUBTOTALS = 11
#: what is made of an array and one more number
_QUANTILES: dict[int, Callable[[Context, Values, float], float]] = {
    14: ranks.large,
    15: ranks.small,
    16: ranks.percentile_inc,
    17: lambda context, cells, quart: ranks.quartile_inc(context, cells, int(quart)),
    18: ranks.percentile_exc,
    19: lambda context, cells, quart: ranks.quartile_exc(context, cells, int(quart)),
}
#: the options of AGGREGATE that leave out nested totals, hidden rows and errors
_WITHOUT_NESTED, _WITHOUT_HIDDEN, _WITHOUT_ERRORS = {0, 1, 2, 3}, {1, 3, 5, 7}, {2, 3, 6, 7}
_OPTIONS = range(8)
_MANUALLY_TOO = 100  #: added to the number of a function to leave out rows hidden by hand


@excel("SUBTOTAL")
def subtotal(context: Context, function_num: Whole, *references: Reference) -> float:
    """Return a total of a list without its subtotals and filtered rows; 101 to 111 leave out all hidden rows."""
    by_hand = function_num > _MANUALLY_TOO
    summary = function_num - _MANUALLY_TOO if by_hand else function_num
    if not 1 <= summary <= _SUBTOTALS:
        raise ExcelError(VALUE)
    cells = [_listed(context, area, by_hand, True, not by_hand) for area in _areas(references)]
    return _summary(summary, cells)


@excel("AGGREGATE")
def aggregate(context: Context, function_num: Whole, options: Whole, array: ArrayValue, *more: Value) -> float | Values:
    """Return a total of a list, or a quantile of an array; the options say what is left out."""
    if options not in _OPTIONS:
        raise ExcelError(VALUE)
    if function_num in _QUANTILES:
        if len(more) != 1:
            raise ExcelError(VALUE)
        cells = Values.concat([_flat(part) for part in _aggregated(context, [array], options)])
        raise_errors(cells)
        return _each(more[0], context, lambda k: _QUANTILES[function_num](context, cells, k))
    if function_num not in (_COUNT, _COUNTA, *_SUMMARIES):
        raise ExcelError(VALUE)
    if not all(isinstance(operand, Cells) for operand in (array, *more)):
        raise ExcelError(next((x for x in (array, *more) if isinstance(x, ErrorValue)), VALUE))
    return _summary(function_num, _aggregated(context, [array, *more], options))


def _summary(function_num: int, cells: Sequence[Values]) -> float:
    if function_num == _COUNT:
        return float(sum(np.count_nonzero(part.kind == Kind.NUMBER) for part in cells))
    if function_num == _COUNTA:
        return float(sum(np.count_nonzero(part.kind != Kind.BLANK) for part in cells))
    return _SUMMARIES[function_num](pooled([numbers(part) for part in cells]))


def _areas(references: Sequence[Cells]) -> list[Region]:
    """Return the areas of references, none of which goes through several sheets."""
    if any(len({area.sheet for area in reference.areas}) > 1 for reference in references):
        raise ExcelError(VALUE)
    return [area for reference in references for area in reference.areas]


def _aggregated(context: Context, operands: Sequence[Operand], options: int) -> list[Values]:
    """Return the cells that the options of AGGREGATE leave."""
    found: list[Values] = []
    for operand in operands:
        if isinstance(operand, Cells):
            hidden, nested = options in _WITHOUT_HIDDEN, options in _WITHOUT_NESTED
            found += [_listed(context, area, hidden, nested) for area in _areas([operand])]
        elif isinstance(operand, Lambda):
            raise ExcelError(VALUE)
        else:
            found.append(_flat(operand if isinstance(operand, Values) else Values.of([operand])))
    if options in _WITHOUT_ERRORS:
        found = [cells[cells.kind != Kind.ERROR] for cells in found]
    return found


def _listed(
    context: Context, area: Region, without_hidden: bool, without_nested: bool, without_filtered: bool = False
) -> Values:
    """Return the cells of an area in one line, some left out."""
    cells = context.read(area)
    keep = np.ones(cells.shape, np.bool_)
    if without_hidden or without_filtered:
        keep &= ~context.hidden_rows(area, filtered_only=not without_hidden)[:, None]
    if without_nested:
        for row, col in np.argwhere(keep & (cells.kind != Kind.BLANK)).tolist():
            keep[row, col] = not _is_total(context.formula(area.sheet, area.rect.top + row, area.rect.left + col))
    return cells[keep]


def _is_total(formula: str | None) -> bool:
    """Tell whether a formula calls SUBTOTAL or AGGREGATE."""
    return formula is not None and any(name in formula.upper() for name in ("SUBTOTAL(", "AGGREGATE("))


def _flat(cells: Values) -> Values:
    return cells.reshape((cells.size,))


def _each(operand: Operand, context: Context, f: Callable[[float], float]) -> float | Values:
    """Call with a number, or with each of an array of numbers."""
    reading = Reading(context.locale, context.date1904)
    if not isinstance(operand, Values):
        return f(to_number(context.scalar(operand), reading))
    out = Values.blank(operand.size)
    for i, x in enumerate(operand.scalars()):
        try:
            out.put(i, f(to_number(x, reading)))
        except ExcelError as problem:
            out.put(i, problem.value)
    return out.reshape(operand.shape)
