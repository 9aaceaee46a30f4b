"""Bitwise operations on whole numbers from 0 to 2^48 - 1."""

from __future__ import annotations

from xlmodel.engine.native.declaration import Number, Whole, excel
from xlmodel.engine.native.operands import NUM, ExcelError

_END = 2.0**48
_MOST_SHIFT = 53


def _bits(number: float) -> int:
    if not 0 <= number < _END or number != int(number):
        raise ExcelError(NUM)
    return int(number)


def _shifted(number: float, shift: int) -> int:
    """Return a number's bits moved to the left, or to the right where `shift` is negative."""
    bits = _bits(number)
    if abs(shift) > _MOST_SHIFT:
        raise ExcelError(NUM)
    bits = bits << shift if shift > 0 else bits >> -shift
    if bits >= _END:
        raise ExcelError(NUM)
    return bits


@excel("BITAND")
def bitand(number1: Number, number2: Number) -> int:
    """Return the bits that both numbers have."""
    return _bits(number1) & _bits(number2)


@excel("BITOR")
def bitor(number1: Number, number2: Number) -> int:
    """Return the bits that either number has."""
    return _bits(number1) | _bits(number2)


@excel("BITXOR")
def bitxor(number1: Number, number2: Number) -> int:
    """Return the bits that only one of two numbers has."""
    return _bits(number1) ^ _bits(number2)


@excel("BITLSHIFT")
def bitlshift(number: Number, shift_amount: Whole) -> int:
    """Return a number with its bits moved to the left."""
    return _shifted(number, shift_amount)


@excel("BITRSHIFT")
def bitrshift(number: Number, shift_amount: Whole) -> int:
    """Return a number with its bits moved to the right."""
    return _shifted(number, -shift_amount)
