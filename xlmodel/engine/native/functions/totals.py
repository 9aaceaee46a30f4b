"""Sums and products."""

from __future__ import annotations

import math

import numpy as np

from xlmodel.engine.native.declaration import Array, Numbers, excel
from xlmodel.engine.native.functions.samples import Floats, pooled, raise_errors, total
from xlmodel.engine.native.operands import NA, VALUE, ExcelError, UnsupportedError
from xlmodel.values import Kind, Values


def _overflowing() -> np.errstate:
    """Let what is too large for a float become an infinity, of which the caller makes #NUM!."""
    return np.errstate(over="ignore", invalid="ignore")


@excel("SUM")
def sum_(*values: Numbers) -> float:
    """Return the sum of numbers."""
    with _overflowing():
        return total(pooled(values))


@excel("PRODUCT")
def product(*values: Numbers) -> float:
    """Return the product of numbers; 0 where there is none."""
    numbers = pooled(values)
    return math.prod(numbers.tolist()) if numbers.size else 0.0


@excel("SUMSQ")
def sumsq(*values: Numbers) -> float:
    """Return the sum of squares."""
    numbers = pooled(values)
    with _overflowing():
        return total(numbers * numbers)


@excel("PERCENTOF")
def percentof(data_subset: Numbers, data_all: Numbers) -> float:
    """Return the share that some numbers have in the sum of all."""
    return total(data_subset) / total(data_all)


@excel("SUMPRODUCT")
def sumproduct(*arrays: Array) -> float:
    """Return the sum of the products of cells in the same place; what is not a number counts as 0."""
    products = np.ones(arrays[0].size)
    with _overflowing():
        for cells in arrays:
            raise_errors(cells)
            if cells.shape != arrays[0].shape:
                raise ExcelError(VALUE)
            products = products * np.where(cells.kind == Kind.NUMBER, cells.num, 0.0).ravel()
        return total(products)


@excel("SUMX2MY2")
def sumx2my2(array_x: Array, array_y: Array) -> float:
    """Return the sum of the differences of squares."""
    x, y = _pairs(array_x, array_y)
    with _overflowing():
        return total(x * x - y * y)


@excel("SUMX2PY2")
def sumx2py2(array_x: Array, array_y: Array) -> float:
    """Return the sum of the sums of squares."""
    x, y = _pairs(array_x, array_y)
    with _overflowing():
        return total(x * x + y * y)


@excel("SUMXMY2")
def sumxmy2(array_x: Array, array_y: Array) -> float:
    """Return the sum of the squares of differences."""
    x, y = _pairs(array_x, array_y)
    with _overflowing():
        return total((x - y) * (x - y))


def _pairs(array_x: Values, array_y: Values) -> tuple[Floats, Floats]:
    """Return the numbers of the places where both arrays, taken row by row, have one."""
    if array_x.size != array_y.size:
        raise ExcelError(NA)
    raise_errors(array_x)
    raise_errors(array_y)
    both = (array_x.kind.ravel() == Kind.NUMBER) & (array_y.kind.ravel() == Kind.NUMBER)
    if not both.any():
        raise UnsupportedError("sums of squares without a pair of numbers")
    return array_x.num.ravel()[both], array_y.num.ravel()[both]
