"""Random numbers."""

from __future__ import annotations

import math

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Logical, Number, Whole, excel
from xlmodel.engine.native.operands import CALC, NUM, VALUE, ExcelError, UnsupportedError
from xlmodel.values import Values

_MOST_CELLS = 2**24


@excel("RAND", volatile=True)
def rand(context: Context) -> float:
    """Return a number from 0 to below 1."""
    return float(context.random(1)[0])


@excel("RANDBETWEEN", volatile=True)
def randbetween(context: Context, bottom: Number, top: Number) -> float:
    """Return a whole number between two, both included."""
    low, high = math.ceil(bottom), math.floor(top)
    if bottom > top:
        raise ExcelError(NUM)
    return float(low + math.floor(float(context.random(1)[0]) * max(high - low + 1, 1)))


@excel("RANDARRAY", empty_is_default=True, volatile=True)
def randarray(
    context: Context,
    rows: Whole = 1,
    columns: Whole = 1,
    min_: Number = 0.0,
    max_: Number = 1.0,
    integer: Logical = False,
) -> Values:
    """Return an array of numbers between two, or of whole numbers, both ends included."""
    if rows < 0 or columns < 0 or min_ > max_ or (integer and not (min_.is_integer() and max_.is_integer())):
        raise ExcelError(VALUE)
    if not rows or not columns:
        raise ExcelError(CALC)
    if rows * columns > _MOST_CELLS:
        raise UnsupportedError("an array of this size", "limit")
    drawn = context.random(rows * columns).reshape(rows, columns)
    return Values.numbers(min_ + np.floor(drawn * (max_ - min_ + 1)) if integer else min_ + drawn * (max_ - min_))
