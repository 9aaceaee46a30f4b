"""Products, determinants and inverses of matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.declaration import Array, Whole, excel
from xlmodel.engine.native.functions.samples import raise_errors
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError, UnsupportedError
from xlmodel.values import Kind, Values

Matrix = NDArray[np.float64]

_MOST_CELLS = 2**24
_MOST_STEPS = 2**30
_LARGEST_SQUARE = 1000


def _matrix(cells: Values) -> Matrix:
    """Return cells as a matrix; anything but a number, a blank too, is #VALUE!."""
    raise_errors(cells)
    if not (cells.kind == Kind.NUMBER).all():
        raise ExcelError(VALUE)
    return cells.num


def _square(cells: Values) -> Matrix:
    matrix = _matrix(cells)
    if matrix.shape[0] != matrix.shape[1]:
        raise ExcelError(VALUE)
    if len(matrix) > _LARGEST_SQUARE:
        raise UnsupportedError(f"a matrix of more than {_LARGEST_SQUARE} rows", "limit")
    return matrix


@excel("MMULT")
def mmult(array1: Array, array2: Array) -> Values:
    """Return the product of two matrices."""
    left, right = _matrix(array1), _matrix(array2)
    (rows, inner), (height, cols) = left.shape, right.shape
    if inner != height:
        raise ExcelError(VALUE)
    if rows * cols > _MOST_CELLS or rows * cols * inner > _MOST_STEPS:
        raise UnsupportedError("a product of matrices of this size", "limit")
    product = np.zeros((rows, cols))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(inner):  # added in this order, as in Excel
            product += left[:, k, None] * right[k]
    if not np.isfinite(product).all():
        raise ExcelError(NUM)
    return Values.numbers(product)


@excel("MDETERM")
def mdeterm(array: Array) -> float:
    """Return the determinant of a matrix."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.linalg.det(_square(array)))


@excel("MINVERSE")
def minverse(array: Array) -> Values:
    """Return the inverse of a matrix."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return Values.numbers(np.linalg.inv(_square(array)))
    except np.linalg.LinAlgError:
        raise ExcelError(NUM) from None


@excel("MUNIT")
def munit(dimension: Whole) -> Values:
    """Return the unit matrix."""
    if dimension < 1:
        raise ExcelError(VALUE)
    if dimension * dimension > _MOST_CELLS:
        raise UnsupportedError("a unit matrix of this size", "limit")
    return Values.numbers(np.eye(dimension))
