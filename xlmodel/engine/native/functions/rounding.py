"""Rounding, on the 15 digits that Excel sees of a number."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Logical, Number, Whole, excel
from xlmodel.engine.native.operands import DIV0, NUM, ExcelError
from xlmodel.values import decimal15, round_half_away

_ALL_DIGITS = 20  #: from so many digits before the place on, nothing is left to round
_NO_DIGITS = -400  #: so far before the first digit no float has a place
_HALF_A_DIGIT = 1e-14  #: a number differs by less than this part from its first 15 digits
#: half away from zero, where formatting would take a half to the even digit
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)


def floor15(x: float) -> float:
    """Return the largest whole number that is not above a number's first 15 digits.

    >>> floor15(4.35 * 100), floor15(4.349 * 100), floor15(-0.5), floor15(1e14 + 0.5) - 1e14
    (435.0, 434.0, -1.0, 1.0)
    """
    low = math.floor(x)
    close = low != x and low + 1 - x <= _HALF_A_DIGIT * abs(x)
    return float(low + 1) if close and _FIFTEEN.create_decimal_from_float(x) >= low + 1 else float(low)


def ceil15(x: float) -> float:
    """Return the smallest whole number that is not below a number's first 15 digits."""
    return 0.0 - floor15(-x)


def _cut(number: float, places: int) -> tuple[float, float]:
    """Return a number without the digits after a place, and a unit of that place where digits were lost."""
    exact = decimal15(number)
    if exact.adjusted() + places > _ALL_DIGITS or not number:
        return number, 0.0
    if exact.adjusted() + places < _NO_DIGITS:
        return 0.0, math.copysign(math.inf, number)
    unit = Decimal(1).scaleb(-places)
    kept = exact.quantize(unit, rounding=ROUND_DOWN)
    return float(kept), 0.0 if kept == exact else math.copysign(float(unit), number)


@excel("ROUND")
def round_(number: Number, num_digits: Whole) -> float:
    """Round half away from zero."""
    return round_half_away(number, num_digits)


@excel("ROUNDDOWN")
def rounddown(number: Number, num_digits: Whole) -> float:
    """Round towards zero."""
    return _cut(number, num_digits)[0]


@excel("ROUNDUP")
def roundup(number: Number, num_digits: Whole) -> float:
    """Round away from zero."""
    kept, unit = _cut(number, num_digits)
    return kept + unit  # a sum of floats, as in Excel: of 7.123 it makes 7.1 + 0.1, which is not 7.2 to the last bit


@excel("TRUNC")
def trunc(number: Number, num_digits: Whole = 0) -> float:
    """Cut digits off."""
    return _cut(number, num_digits)[0]


@excel("INT")
def int_(number: Number) -> float:
    """Round down to a whole number."""
    return floor15(number)


@excel("EVEN")
def even(number: Number) -> float:
    """Round away from zero to an even number."""
    return math.copysign(2.0 * ceil15(abs(number) / 2.0), number)


@excel("ODD")
def odd(number: Number) -> float:
    """Round away from zero to an odd number."""
    size = ceil15(abs(number))
    return math.copysign(size if size % 2 else size + 1.0, number)


@excel("CEILING")
def ceiling(number: Number, significance: Number) -> float:
    """Round up to a multiple; away from zero where both are negative."""
    if number == 0 or significance == 0:
        return 0.0
    if number > 0 > significance:
        raise ExcelError(NUM)
    return ceil15(number / significance) * significance


@excel("FLOOR")
def floor(number: Number, significance: Number) -> float:
    """Round down to a multiple; towards zero where both are negative."""
    if number == 0:
        return 0.0
    if significance == 0:
        raise ExcelError(DIV0)
    if number > 0 > significance:
        raise ExcelError(NUM)
    return floor15(number / significance) * significance


@excel("CEILING.MATH", empty_is_default=True)
def ceiling_math(number: Number, significance: Number = 1.0, mode: Logical = False) -> float:
    """Round up to a multiple; with a mode, negative numbers away from zero."""
    if mode and number < 0:
        return -ceiling_precise(-number, significance)  # type: ignore[no-any-return]
    return ceiling_precise(number, significance)  # type: ignore[no-any-return]


@excel("FLOOR.MATH", empty_is_default=True)
def floor_math(number: Number, significance: Number = 1.0, mode: Logical = False) -> float:
    """Round down to a multiple; with a mode, negative numbers towards zero."""
    if mode and number < 0:
        return -floor_precise(-number, significance)  # type: ignore[no-any-return]
    return floor_precise(number, significance)  # type: ignore[no-any-return]


@excel("CEILING.PRECISE", "ISO.CEILING")
def ceiling_precise(number: Number, significance: Number = 1.0) -> float:
    """Round up to a multiple, whatever the signs."""
    step = abs(significance)
    return ceil15(number / step) * step if step else 0.0


@excel("FLOOR.PRECISE")
def floor_precise(number: Number, significance: Number = 1.0) -> float:
    """Round down to a multiple, whatever the signs."""
    step = abs(significance)
    return floor15(number / step) * step if step else 0.0


@add_in("MROUND")
def mround(number: Number, multiple: Number) -> float:
    """Round to the nearest multiple; here the quotient is not cut to 15 digits."""
    if number == 0 or multiple == 0:
        return 0.0
    if (number < 0) != (multiple < 0):
        raise ExcelError(NUM)
    return math.floor(number / multiple + 0.5) * multiple
