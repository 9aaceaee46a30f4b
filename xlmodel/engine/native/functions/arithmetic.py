"""Signs, powers, roots, logarithms and division with a remainder."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number, Value, excel
from xlmodel.engine.native.functions.samples import raise_errors
from xlmodel.engine.native.operands import DIV0, NUM, VALUE, ExcelError, Lambda, Operand, Reference
from xlmodel.engine.native.operators import power
from xlmodel.values import Kind, Values

_LARGEST_QUOTIENT = 1_125_900_000_000.0  #: MOD is #NUM! from here on


@excel("ABS")
def abs_(number: Number) -> float:
    """Return a number without its sign."""
    return abs(number)


@excel("SIGN")
def sign(number: Number) -> float:
    """Return -1, 0 or 1 as a number is below, at or above 0."""
    return float((number > 0) - (number < 0))


@excel("SQRT")
def sqrt(number: Number) -> float:
    """Return the square root."""
    if number < 0:
        raise ExcelError(NUM)
    return math.sqrt(number)


@add_in("SQRTPI")
def sqrtpi(number: Number) -> float:
    """Return the square root of a number times pi."""
    return sqrt(number * math.pi)  # type: ignore[no-any-return]


@excel("POWER")
def power_(number: Number, power_: Number) -> float:
    """Return a number raised to a power."""
    return power(number, power_)


@excel("EXP")
def exp(number: Number) -> float:
    """Return e raised to a power."""
    return math.exp(number)


@excel("LN")
def ln(number: Number) -> float:
    """Return the natural logarithm."""
    if number <= 0:
        raise ExcelError(NUM)
    return math.log(number)


@excel("LOG10")
def log10(number: Number) -> float:
    """Return the logarithm to base 10."""
    if number <= 0:
        raise ExcelError(NUM)
    return math.log10(number)


@excel("LOG")
def log(number: Number, base: Number = 10.0) -> float:
    """Return the logarithm to a base."""
    if number <= 0 or base <= 0:
        raise ExcelError(NUM)
    return math.log10(number) if base == 10 else math.log(number) / math.log(base)


@excel("MOD")
def mod(number: Number, divisor: Number) -> float:
    """Return the remainder of a division, with the divisor's sign; to the last bit, where a quotient would round."""
    if divisor == 0:
        raise ExcelError(DIV0)
    if abs(number / divisor) >= _LARGEST_QUOTIENT:
        raise ExcelError(NUM)
    rest = math.fmod(number, divisor)
    return rest + divisor if rest * divisor < 0 else rest


@add_in("QUOTIENT")
def quotient(numerator: Number, denominator: Number) -> float:
    """Return the whole part of a division."""
    return float(math.trunc(numerator / denominator))


@add_in("SERIESSUM")
def seriessum(context: Context, x: Number, n: Number, m: Number, coefficients: Value) -> float:
    """Return a power series: coefficients times powers of x from n on, in steps of m."""
    total = 0.0
    for i, coefficient in enumerate(_coefficients(context, coefficients)):
        total += coefficient * power(x, n + i * m)
    return total


def _coefficients(context: Context, operand: Operand) -> list[float]:
    if isinstance(operand, Lambda):
        raise ExcelError(VALUE)
    if isinstance(operand, Reference):
        operand = context.values(operand)
    cells = operand if isinstance(operand, Values) else Values.of([[operand]])
    raise_errors(cells)
    if ((cells.kind == Kind.TEXT) | (cells.kind == Kind.BOOLEAN)).any():
        raise ExcelError(VALUE)
    return cells.num.ravel().tolist()
