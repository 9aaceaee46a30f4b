"""Angles, circular and hyperbolic functions.

Excel takes quarter turns off an angle with a pi of 64 bits before it looks for a sine. Near the zeros of the functions
this shows: SIN(PI()) is 1.22514845490862E-16, not 1.22464679914735E-16.
"""

from __future__ import annotations

import math

from xlmodel.engine.native.declaration import Number, excel
from xlmodel.engine.native.operands import DIV0, NUM, ExcelError

_LARGEST_ANGLE = 2.0**27  #: beyond it the circular functions are #NUM!
_LARGEST_POWER = 710  #: of e: hyperbolic sines overflow there
#: half of the pi of 64 bits in three parts, of which a float holds any multiple that is needed
_QUARTER_TURN = tuple(math.ldexp(bits, places) for bits, places in ((0x3243F6, -21), (0x15110B, -42), (0x8C235, -63)))


def _sine(angle: float, turned: int) -> float:
    """Return the sine of an angle and some quarter turns."""
    if abs(angle) >= _LARGEST_ANGLE:
        raise ExcelError(NUM)
    turns = round(angle / _QUARTER_TURN[0])
    for part in _QUARTER_TURN:
        angle -= turns * part
    turned += turns
    sine = math.cos(angle) if turned % 2 else math.sin(angle)
    return -sine if turned % 4 > 1 else sine


def _inverse(x: float) -> float:
    if x == 0:
        raise ExcelError(DIV0)
    return 1.0 / x


def _within_one(x: float) -> float:
    if not -1 <= x <= 1:
        raise ExcelError(NUM)
    return x


@excel("PI")
def pi() -> float:
    """Return the circumference of a circle of diameter 1."""
    return math.pi


@excel("DEGREES")
def degrees(angle: Number) -> float:
    """Return an angle in degrees."""
    return angle * (180.0 / math.pi)


@excel("RADIANS")
def radians(angle: Number) -> float:
    """Return an angle in radians."""
    return angle * (math.pi / 180.0)


@excel("SIN")
def sin(number: Number) -> float:
    """Return the sine."""
    return _sine(number, 0)


@excel("COS")
def cos(number: Number) -> float:
    """Return the cosine."""
    return _sine(number, 1)


@excel("TAN")
def tan(number: Number) -> float:
    """Return the tangent."""
    return _sine(number, 0) / _sine(number, 1)


@excel("COT")
def cot(number: Number) -> float:
    """Return the cotangent."""
    return _inverse(_sine(number, 0) / _sine(number, 1))


@excel("SEC")
def sec(number: Number) -> float:
    """Return the secant."""
    return _inverse(_sine(number, 1))


@excel("CSC")
def csc(number: Number) -> float:
    """Return the cosecant."""
    return _inverse(_sine(number, 0))


@excel("ASIN")
def asin(number: Number) -> float:
    """Return the angle of a sine."""
    return math.asin(_within_one(number))


@excel("ACOS")
def acos(number: Number) -> float:
    """Return the angle of a cosine."""
    return math.acos(_within_one(number))


@excel("ATAN")
def atan(number: Number) -> float:
    """Return the angle of a tangent."""
    return math.atan(number)


@excel("ATAN2")
def atan2(x_num: Number, y_num: Number) -> float:
    """Return the angle of a point seen from the origin; x comes first."""
    if x_num == y_num == 0:
        raise ExcelError(DIV0)
    return math.atan2(y_num, x_num)


@excel("ACOT")
def acot(number: Number) -> float:
    """Return the angle of a cotangent, between 0 and pi."""
    return math.atan2(1.0, number)


@excel("SINH")
def sinh(number: Number) -> float:
    """Return the hyperbolic sine."""
    return math.sinh(number)


@excel("COSH")
def cosh(number: Number) -> float:
    """Return the hyperbolic cosine."""
    return math.cosh(number)


@excel("TANH")
def tanh(number: Number) -> float:
    """Return the hyperbolic tangent."""
    return math.tanh(number)


@excel("COTH")
def coth(number: Number) -> float:
    """Return the hyperbolic cotangent."""
    return _inverse(math.tanh(number))


@excel("SECH")
def sech(number: Number) -> float:
    """Return the hyperbolic secant."""
    return 1.0 / math.cosh(number) if abs(number) < _LARGEST_POWER else 0.0


@excel("CSCH")
def csch(number: Number) -> float:
    """Return the hyperbolic cosecant."""
    return _inverse(math.sinh(number)) if abs(number) < _LARGEST_POWER else 0.0


@excel("ASINH")
def asinh(number: Number) -> float:
    """Return the number whose hyperbolic sine is given."""
    return math.asinh(number)


@excel("ACOSH")
def acosh(number: Number) -> float:
    """Return the number whose hyperbolic cosine is given."""
    if number < 1:
        raise ExcelError(NUM)
    return math.acosh(number)


@excel("ATANH")
def atanh(number: Number) -> float:
    """Return the number whose hyperbolic tangent is given."""
    if not -1 < number < 1:
        raise ExcelError(NUM)
    return math.atanh(number)


@excel("ACOTH")
def acoth(number: Number) -> float:
    """Return the number whose hyperbolic cotangent is given."""
    if -1 <= number <= 1:
        raise ExcelError(NUM)
    return math.atanh(1.0 / number)
