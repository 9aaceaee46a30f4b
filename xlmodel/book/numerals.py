"""Numbers as they are written in XML, read many at a time and to the last bit as `float` reads them.

A text such as ``-12.345`` or ``1.5E-3`` is a whole number of at most 18 digits, divided by a power of ten. The division
is carried to twice the precision of a double, which decides the rounding of all but the odd tie; those, and every other
way of writing a number, are left to `float`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["read_numbers"]

Places = NDArray[np.intp]

_WIDTH = 24
_DIGITS = 18
#: to 10**22 the powers of ten are doubles
_POWERS = np.array([10.0**n for n in range(23)])
_PLACES = np.arange(_WIDTH, dtype=np.uint8)[:, None]
_SPLIT = 134_217_729.0  # 2**27 + 1 cuts a double in two halves whose products are exact


def read_numbers(content: bytes, start: Places, stop: Places) -> NDArray[np.float64]:
    """Return the numbers written in some stretches of a text.

    Raises
    ------
    ValueError
        A stretch holds no finite number, or one that only Python would read, such as 1_000.
    """
    numbers = np.empty(len(start))
    # as many bytes are taken of every stretch, so the last ones may not have enough behind them
    sure = start + _WIDTH <= len(content)
    if sure.any():
        numbers[sure], sure[sure] = _decimals(content, start[sure], stop[sure])
    rest = np.flatnonzero(~sure)
    numbers[rest] = [_number(content[a:b]) for a, b in zip(start[rest].tolist(), stop[rest].tolist(), strict=True)]
    return numbers


def _number(text: bytes) -> float:
    number = float(text)
    # float() also takes 1_000, inf and nan, which are no numbers of a workbook
    if b"_" in text or not math.isfinite(number):
        raise ValueError(text)
    return number


def _decimals(content: bytes, start: Places, stop: Places) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the numbers, and which of them are to be relied on."""
    width = min(int((stop - start).max()), _WIDTH)
    # one row for each place in the texts
    texts = np.ndarray((len(content) - width + 1,), f"S{width}", content, strides=(1,))[start]
    marks = np.ascontiguousarray(texts.view(np.uint8).reshape(-1, width).T)
    places = _PLACES[:width]
    marks *= places < np.minimum(stop - start, _WIDTH).astype(np.uint8)
    length, exponent, sure = _exponents(marks, stop - start)
    marks *= places < length.astype(np.uint8)
    digits = marks - np.uint8(ord("0"))
    is_digit, is_point = (digits < 10).view(np.uint8), (marks == ord(".")).view(np.uint8)
    digits *= is_digit
    factors = is_digit * np.uint8(9) + np.uint8(1)
    whole = np.zeros(len(start), np.uint64)
    for factor, digit in zip(factors, digits, strict=True):
        whole *= factor
        whole += digit
    count, points = is_digit.sum(0, np.uint8), is_point.sum(0, np.uint8)
    negative = marks[0] == ord("-")
    power = points * (length - 1 - (is_point * places).sum(0, np.uint8)) - exponent
    sure &= (count > 0) & (count <= _DIGITS) & (points <= 1) & (count + points + negative == length)
    sure &= (power >= 0) & (power < len(_POWERS))
    numbers, clear = _quotient(whole, _POWERS[np.where(sure, power, 0)])
    return np.where(negative, -numbers, numbers), sure & clear


def _exponents(marks: NDArray[np.uint8], length: Places) -> tuple[Places, Places, NDArray[np.bool_]]:
    """Return the length of each text up to its E, the power of ten behind it, and whether that is understood."""
    exponent, sure = np.zeros(len(length), np.intp), length <= _WIDTH
    is_e = (marks | 0x20) == ord("e")
    at = np.flatnonzero(is_e.any(0))
    length = np.minimum(length, _WIDTH)
    if not len(at):
        return length, exponent, sure
    # the E is followed by a sign and one or two digits
    place, end = is_e[:, at].argmax(0), length[at]
    size = end - place - 2
    sign, tens, ones = (marks[np.clip(x, 0, len(marks) - 1), at] for x in (place + 1, place + 2, end - 1))
    known = ((sign == ord("-")) | (sign == ord("+"))) & (size >= 1) & (size <= 2)
    tens, ones = (x.astype(np.intp) - ord("0") for x in (tens, ones))
    known &= (tens >= 0) & (tens <= 9) & (ones >= 0) & (ones <= 9)
    power = np.where(size == 2, 10 * tens + ones, ones)
    exponent[at] = np.where(sign == ord("-"), -power, power)
    sure[at] &= known
    length[at] = place
    return length, exponent, sure


def _quotient(whole: NDArray[np.uint64], power: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Divide, rounding once; tell where the rounding is clear.

    The dividend is taken as a double and an exact rest. The remainder of a division of doubles is a double, so the
    quotient comes as the sum of two doubles, true to some 100 bits.
    """
    low = whole & np.uint64(0xFF)
    high, rest = (whole - low).astype(np.float64), low.astype(np.float64)
    first = high / power
    product, error = _product(first, power)
    second = (((high - product) - error) + rest) / power
    number = first + second
    off = np.abs(second - (number - first)) / np.spacing(number)
    # halfway to the next double; a quarter where it is a power of two, below which doubles lie twice as close
    return number, (np.abs(off - 0.5) > 1e-9) & (np.abs(off - 0.25) > 1e-9)


def _product(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a product and what its rounding left out."""
    product = a * b
    a_high, b_high = _half(a), _half(b)
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _half(x: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled = x * _SPLIT
    return scaled - (scaled - x)
