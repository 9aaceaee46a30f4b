"""Excel's operators on two scalars. Their forms over arrays stand in `vectors`, held to these by tests."""

from __future__ import annotations

import math
from collections.abc import Callable

from xlmodel.engine.native.coercion import Reading, to_number, to_text
from xlmodel.engine.native.comparison import compare, equal
from xlmodel.engine.native.operands import DIV0, NUM, VALUE, ExcelError
from xlmodel.values import ErrorValue, Scalar

__all__ = ["COMPARISONS", "MAX_TEXT", "SNAP", "binary", "percent", "plus_or_minus", "power", "snapped", "unary"]

MAX_TEXT = 32_767  #: characters in a cell
#: A last sum or difference this much smaller than its operands is noise, and Excel makes it 0.
SNAP = 2.0**-50

_TINY = 2.2250738585072014e-308  # Excel has no denormal numbers


def finite(number: float) -> float:
    """Return a result as a cell holds it: overflow is #NUM!, what is below the smallest normal number is 0."""
    if -_TINY < number < _TINY:
        return 0.0
    if math.isinf(number) or number != number:
        raise ExcelError(NUM)
    return number


def snapped(result: float, a: float, b: float) -> float:
    """Return the result of a formula's last sum or difference, 0 where it is noise.

    >>> snapped(0.5 - 0.4 - 0.1, 0.5 - 0.4, 0.1), snapped(0.25, 0.5, 0.25)
    (0.0, 0.25)
    """
    return 0.0 if abs(result) <= SNAP * max(abs(a), abs(b)) else result


def plus_or_minus(operator: str, a: float, b: float, last: bool) -> float:
    """Return a sum or a difference; `last` when it is the formula's last step."""
    result = a + b if operator == "+" else a - b
    return snapped(finite(result), a, b) if last else finite(result)


def power(base: float, exponent: float) -> float:
    """Return a power: 0^0 is #NUM!, an odd root of a negative number is real.

    >>> power(-8.0, 1 / 3), power(2.0, 0.5) == 2**0.5
    (-2.0, True)
    """
    if base == 0 and exponent <= 0:
        raise ExcelError(NUM if exponent == 0 else DIV0)
    if base < 0 and not exponent.is_integer():
        root = 1 / exponent
        odd = round(root) if abs(root) < 1e15 else 0
        if odd % 2 and 1 / odd == exponent:
            return finite(-((-base) ** exponent))
        raise ExcelError(NUM)
    try:
        return finite(base**exponent)
    except OverflowError:
        raise ExcelError(NUM) from None


def _divided(a: float, b: float) -> float:
    if b == 0:
        raise ExcelError(DIV0)
    return finite(a / b)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "*": lambda a, b: finite(a * b),
    "/": _divided,
    "^": power,
}

#: What each comparison wants of -1, 0 or 1.
COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def binary(operator: str, a: Scalar, b: Scalar, reading: Reading, last: bool = False) -> Scalar:
    """Return what an operator makes of two scalars; the first error met wins."""
    if isinstance(a, ErrorValue):
        raise ExcelError(a)
    if isinstance(b, ErrorValue):
        raise ExcelError(b)
    if operator in "+-":
        return plus_or_minus(operator, to_number(a, reading), to_number(b, reading), last)
    if operator in _ARITHMETIC:
        return _ARITHMETIC[operator](to_number(a, reading), to_number(b, reading))
    if operator == "&":
        text = to_text(a) + to_text(b)
        if len(text) > MAX_TEXT:
            raise ExcelError(VALUE)
        return text
    if operator in ("=", "<>"):
        return equal(a, b) == (operator == "=")
    return COMPARISONS[operator](compare(a, b))


def unary(operator: str, x: Scalar, reading: Reading) -> Scalar:
    """Return a signed operand: a plus changes nothing, not even text."""
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    if operator != "-":
        return x
    number = -to_number(x, reading)
    return number if number else 0.0


def percent(x: Scalar, reading: Reading) -> Scalar:
    """Return a hundredth."""
    return finite(to_number(x, reading) / 100)
