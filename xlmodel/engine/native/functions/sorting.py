"""Rows and columns of an array in order, once each, or those that a condition keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from xlmodel.engine.native.comparison import text_key
from xlmodel.engine.native.declaration import Array, Logical, Value, excel
from xlmodel.engine.native.operands import CALC, VALUE, ExcelError, Operand, UnsupportedError
from xlmodel.values import ErrorValue, Kind, Values

__all__: list[str] = []

#: The order of errors among themselves; others come after these.
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


@excel("FILTER")
def filter_(array: Array, include: Array, if_empty: Value = None) -> Operand:
    """Return the rows, or columns, for which a condition holds."""
    rows, cols = array.shape
    down = include.shape == (rows, 1)
    if not down and include.shape != (1, cols):
        raise ExcelError(VALUE)
    errors = include.kind == Kind.ERROR
    if errors.any():
        raise ExcelError(ErrorValue(str(include.text[errors][0])))
    if (include.kind == Kind.TEXT).any():
        raise ExcelError(VALUE)
    keep = (include.num != 0).reshape(-1)
    if not keep.any():
        if if_empty is None:
            raise ExcelError(CALC)
        return if_empty
    return array[keep] if down else array[:, keep]


@excel("SORT", empty_is_default=True)
def sort(
    array: Array, sort_index: Array | None = None, sort_order: Array | None = None, by_col: Logical = False
) -> Values:
    """Return rows, or columns, in the order of one of their columns, or of several."""
    cells = array.map(np.transpose) if by_col else array
    keys = [1.0] if sort_index is None else _numbers(sort_index)
    orders = [1.0] if sort_order is None else _numbers(sort_order)
    if len(orders) == 1:
        orders *= len(keys)
    if len(keys) != len(orders):
        raise ExcelError(VALUE)
    columns = [math.trunc(key) for key in keys]
    if not all(1 <= column <= cells.shape[1] for column in columns):
        raise ExcelError(VALUE)
    places = _ordered([cells[:, column - 1] for column in columns], [_descends(order) for order in orders])
    return array[:, places] if by_col else array[places]


@excel("SORTBY")
def sortby(array: Array, by_array: Array, *sort_order_and_arrays: Array) -> Values:
    """Return rows, or columns, in the order of other lines of cells: array, order, array, order."""
    lines = [by_array, *sort_order_and_arrays[1::2]]
    orders = [1.0 if (x.kind == Kind.BLANK).all() else _one(x) for x in sort_order_and_arrays[::2]]
    orders += [1.0] * (len(lines) - len(orders))
    down = by_array.shape == (array.shape[0], 1)
    if not down and by_array.shape != (1, array.shape[1]):
        raise ExcelError(VALUE)
    if any(line.shape != by_array.shape for line in lines):
        raise ExcelError(VALUE)
    flat = [line.reshape((line.size,)) for line in lines]
    places = _ordered(flat, [_descends(order) for order in orders])
    return array[places] if down else array[:, places]


def _numbers(cells: Values) -> list[float]:
    """Return a line of cells as numbers."""
    errors = cells.kind == Kind.ERROR
    if errors.any():
        raise ExcelError(ErrorValue(str(cells.text[errors][0])))
    if min(cells.shape) > 1 or (cells.kind == Kind.TEXT).any():
        raise ExcelError(VALUE)
    return [float(x) for x in cells.num.reshape(-1)]


def _one(cells: Values) -> float:
    numbers = _numbers(cells)
    if len(numbers) != 1:
        raise ExcelError(VALUE)
    return numbers[0]


def _descends(order: float) -> bool:
    if math.trunc(order) not in (1, -1):
        raise ExcelError(VALUE)
    return order < 0


def _ordered(keys: Sequence[Values], descending: Sequence[bool]) -> list[int]:
    """Return the places of cells in order, of the first key first; what is equal stays as it stood, blanks are last."""
    places = list(range(keys[0].size))
    for key, down in reversed(list(zip(keys, descending, strict=True))):
        rank = _ranks(key)
        filled = sorted((i for i in places if key.kind[i] != Kind.BLANK), key=rank, reverse=down)
        places = filled + [i for i in places if key.kind[i] == Kind.BLANK]
    return places


def _ranks(cells: Values) -> Callable[[int], Any]:
    """Return what cells sort by: their kind, then numbers, texts, booleans, errors among themselves."""
    kind, num, text = cells.kind.tolist(), cells.num.tolist(), cells.text
    if set(kind) <= {Kind.NUMBER, Kind.BLANK}:
        return lambda i: num[i]

    def rank(i: int) -> Any:
        if kind[i] == Kind.TEXT:
            return kind[i], text_key(text[i])
        if kind[i] == Kind.ERROR:
            return kind[i], _ERRORS.index(text[i]) if text[i] in _ERRORS else len(_ERRORS)
        return kind[i], num[i]

    return rank


@excel("UNIQUE", empty_is_default=True)
def unique(array: Array, by_col: Array | None = None, exactly_once: Array | None = None) -> Values:
    """Return each row, or column, once; or only those that stand there exactly once."""
    across, once = _flag(by_col), _flag(exactly_once)
    cells = array.map(np.transpose) if across else array
    counts: dict[Any, int] = {}
    first: dict[Any, int] = {}
    for i, row in enumerate(zip(*(_marks(cells[:, j]) for j in range(cells.shape[1])), strict=True)):
        counts[row] = counts.get(row, 0) + 1
        first.setdefault(row, i)
    places = [i for row, i in first.items() if not once or counts[row] == 1]
    if not places:
        raise ExcelError(CALC)
    return array[:, places] if across else array[places]


def _flag(cells: Values | None) -> bool:
    if cells is None:
        return False
    if cells.size > 1:
        raise UnsupportedError("UNIQUE with an array for a condition")
    return _one(cells) != 0


def _marks(cells: Values) -> list[Any]:
    """Return what two cells that count as one have in common."""
    text = [t.lower() if k == Kind.TEXT else t for k, t in zip(cells.kind.tolist(), cells.text.tolist(), strict=True)]
    return list(zip(cells.kind.tolist(), cells.num.tolist(), text, strict=True))
