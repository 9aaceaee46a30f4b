"""The error function and the step functions."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Number


@add_in("ERF")
def erf(lower_limit: Number, upper_limit: Number | None = None) -> float:
    """Return the error function, integrated from 0 or between two limits."""
    if upper_limit is None:
        return math.erf(lower_limit)
    if lower_limit > 0 and upper_limit > 0:
        return math.erfc(lower_limit) - math.erfc(upper_limit)
    return math.erf(upper_limit) - math.erf(lower_limit)


@add_in("ERF.PRECISE")
def erf_precise(x: Number) -> float:
    """Return the error function integrated from 0."""
    return math.erf(x)


@add_in("ERFC", "ERFC.PRECISE")
def erfc(x: Number) -> float:
    """Return the complementary error function."""
    return math.erfc(x)


@add_in("DELTA")
def delta(number1: Number, number2: Number = 0.0) -> int:
    """Return 1 where two numbers are equal, else 0."""
    return int(number1 == number2)


@add_in("GESTEP")
def gestep(number: Number, step: Number = 0.0) -> int:
    """Return 1 where a number reaches a threshold, else 0."""
    return int(number >= step)
