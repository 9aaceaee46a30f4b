"""Counts, sums and extremes of the cells of which other cells meet criteria."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.criteria import Criterion
from xlmodel.engine.native.declaration import Any_, Value, excel
from xlmodel.engine.native.functions.samples import Floats, mean, numbers, total
from xlmodel.engine.native.operands import VALUE, ExcelError, Operand, Reference
from xlmodel.engine.references import Region
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import ErrorValue, Scalar

Mask = NDArray[np.bool_]
#: a range, a criterion, a range, a criterion, ...
Pairs = Sequence[Operand | Scalar]


@excel("COUNTIF")
def countif(context: Context, cells: Value, criterion: Any_) -> float:
    """Return how many cells meet a criterion."""
    return _count(context, (cells, criterion))


@excel("COUNTIFS", repeats=2)
def countifs(context: Context, cells: Value, *pairs: Any_) -> float:
    """Return in how many places all criteria are met."""
    return _count(context, (cells, *pairs))


@excel("SUMIF")
def sumif(context: Context, cells: Value, criterion: Any_, sum_range: Value | None = None) -> float:
    """Return the sum of the cells of which others meet a criterion."""
    return total(_chosen_beside(context, cells, criterion, sum_range))


@excel("SUMIFS", repeats=2)
def sumifs(context: Context, sum_range: Value, cells: Value, *pairs: Any_) -> float:
    """Return the sum of the cells in the places where all criteria are met."""
    return total(_chosen(context, sum_range, (cells, *pairs)))


@excel("AVERAGEIF")
def averageif(context: Context, cells: Value, criterion: Any_, average_range: Value | None = None) -> float:
    """Return the mean of the cells of which others meet a criterion."""
    return mean(_chosen_beside(context, cells, criterion, average_range))


@excel("AVERAGEIFS", repeats=2)
def averageifs(context: Context, average_range: Value, cells: Value, *pairs: Any_) -> float:
    """Return the mean of the cells in the places where all criteria are met."""
    return mean(_chosen(context, average_range, (cells, *pairs)))


@excel("MAXIFS", repeats=2)
def maxifs(context: Context, max_range: Value, cells: Value, *pairs: Any_) -> float:
    """Return the largest number in the places where all criteria are met; 0 where there is none."""
    chosen = _chosen(context, max_range, (cells, *pairs))
    return float(chosen.max()) if chosen.size else 0.0


@excel("MINIFS", repeats=2)
def minifs(context: Context, min_range: Value, cells: Value, *pairs: Any_) -> float:
    """Return the smallest number in the places where all criteria are met; 0 where there is none."""
    chosen = _chosen(context, min_range, (cells, *pairs))
    return float(chosen.min()) if chosen.size else 0.0


@excel("COUNTBLANK")
def countblank(context: Context, cells: Value) -> float:
    """Return how many cells are blank or hold a text of no characters."""
    return _count(context, (cells, ""))


def _area(operand: Operand) -> Region:
    """Return the one area that a range must be."""
    if isinstance(operand, ErrorValue):
        raise ExcelError(operand)
    if not isinstance(operand, Reference) or len(operand.areas) > 1:
        raise ExcelError(VALUE)
    return operand.areas[0]


def _criteria(context: Context, pairs: Pairs) -> list[tuple[Region, Criterion]]:
    """Return each range with its criterion; all ranges have one shape."""
    if len(pairs) % 2:
        raise ExcelError(VALUE)
    asked = [
        (_area(cells), Criterion.of(content, context.locale, context.date1904))  # type: ignore[arg-type]
        for cells, content in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    if len({area.rect.shape for area, _ in asked}) > 1:
        raise ExcelError(VALUE)
    return asked


def _met(context: Context, asked: Sequence[tuple[Region, Criterion]]) -> Mask:
    """Tell for each place of the ranges, as far as they are used, whether all criteria are met."""
    return reduce(and_, (criterion.matches(context.read(area)) for area, criterion in asked))


def _count(context: Context, pairs: Pairs) -> float:
    asked = _criteria(context, pairs)
    met = _met(context, asked)
    count = int(np.count_nonzero(met))
    rows, columns = asked[0][0].rect.shape
    unused = rows * columns - met.size
    if unused and all(criterion.takes_blanks for _, criterion in asked):
        count += unused
    return float(count)


def _chosen(context: Context, wanted: Operand, pairs: Pairs) -> Floats:
    """Return the numbers of a range in the places where all criteria are met."""
    area, asked = _area(wanted), _criteria(context, pairs)
    if area.rect.shape != asked[0][0].rect.shape:
        raise ExcelError(VALUE)
    return numbers(context.read(area)[_met(context, asked)])


def _chosen_beside(context: Context, cells: Operand, criterion: Scalar, wanted: Operand) -> Floats:
    """Return the numbers beside the cells that meet a criterion, in a range stretched to the size of theirs."""
    asked = _criteria(context, (cells, criterion))
    area = asked[0][0] if wanted is None else _stretched(_area(wanted), asked[0][0].rect.shape)
    values, met = context.read(area), _met(context, asked)
    height, width = values.shape  # less than that of the criteria where the range leaves the sheet
    return numbers(values[met[:height, :width]])


def _stretched(area: Region, shape: tuple[int, int]) -> Region:
    """Return the area of a shape that has the same top left cell, as far as the sheet goes."""
    top, left = area.rect.top, area.rect.left
    bottom, right = min(top + shape[0] - 1, MAX_ROW), min(left + shape[1] - 1, MAX_COL)
    return Region(area.sheet, Rect(top, left, bottom, right))
