"""Decimals as pairs of doubles: sums of products for many rows at once, to 30 digits.

A decimal of 15 digits is no double, but to 32 digits it is the sum of two. What is so near a tie that 30 digits do not
tell is left to the decimals themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.model.domain import FloatArray

__all__ = ["running_dot_in_pairs"]

_TEN_TO = np.array([float(10**k) for k in range(23)])  # all exact
_SPLIT = 134_217_729.0  # 2^27 + 1
_LOST = 1e-29  #: of the size of the terms: more than rounding can have lost
_Mask = NDArray[np.bool_]
_Pair = tuple[FloatArray, FloatArray]


def running_dot_in_pairs(a: FloatArray, b: FloatArray) -> tuple[FloatArray, _Mask]:
    """Return the sums of products up to each place of a row, and which rows are known to be right.

    The operands are taken as decimals of 15 digits, and the sums rounded to 15, half away from zero.
    """
    out = np.zeros(a.shape)
    with np.errstate(all="ignore"):
        (high, low), known_a = _decimals(a)
        (factor_high, factor_low), known_b = _decimals(b)
        sure: _Mask = np.all(known_a & known_b, axis=1)
        total: _Pair = np.zeros(len(a)), np.zeros(len(a))
        size = np.zeros(len(a))
        for k in range(a.shape[1]):
            product = _product((high[:, k], low[:, k]), (factor_high[:, k], factor_low[:, k]))
            total = _sum(total, product)
            size += np.abs(product[0])
            out[:, k], known = _rounded(total, size)
            sure &= known
    return out, sure


def _two_sum(a: FloatArray, b: FloatArray) -> _Pair:
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _two_product(a: FloatArray, b: FloatArray) -> _Pair:
    p = a * b
    x, y = a * _SPLIT, b * _SPLIT
    ah, bh = x - (x - a), y - (y - b)
    al, bl = a - ah, b - bh
    return p, ((ah * bh - p) + ah * bl + al * bh) + al * bl


def _sum(a: _Pair, b: _Pair) -> _Pair:
    s, e = _two_sum(a[0], b[0])
    t, f = _two_sum(a[1], b[1])
    s, e = _two_sum(s, e + t)
    return _two_sum(s, e + f)


def _product(a: _Pair, b: _Pair) -> _Pair:
    p, e = _two_product(a[0], b[0])
    return _two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


def _exponent(x: FloatArray) -> NDArray[np.intp]:
    """Return the power of ten by which a number has 15 digits before the point."""
    size = np.abs(x)
    power = 14 - np.floor(np.log10(np.where(size > 0, size, 1.0))).astype(np.intp)
    scale = np.clip(power, 0, 22)
    scaled = size * _TEN_TO[scale]
    found: NDArray[np.intp] = power + (scaled < 1e14) - (scaled >= 1e15)
    return found


def _whole(x: _Pair) -> tuple[FloatArray, FloatArray]:
    """Return a pair rounded to a whole number, and how far from a tie it was."""
    nearest = np.rint(x[0])
    rest = (x[0] - nearest) + x[1]
    step = np.where(rest > 0.5, 1.0, np.where(rest < -0.5, -1.0, 0.0))
    return nearest + step, np.abs(np.abs(rest) - 0.5)


def _decimals(x: FloatArray) -> tuple[_Pair, _Mask]:
    """Return numbers as the decimals of 15 digits they show, and where that is certain."""
    power = _exponent(x)
    unit = _TEN_TO[np.clip(power, 0, 22)]
    digits, margin = _whole(_two_product(x, unit))
    high = digits / unit
    p, e = _two_product(high, unit)
    low = ((digits - p) - e) / unit
    known = (power >= 0) & (power <= 22) & (margin > 1e-9) & np.isfinite(x)
    return (high, low), known | (x == 0)


def _rounded(x: _Pair, size: FloatArray) -> tuple[FloatArray, _Mask]:
    """Return pairs rounded to 15 digits, and where that is certain; `size` is that of the terms they are sums of."""
    power = _exponent(x[0])
    unit = _TEN_TO[np.clip(power, 0, 22)]
    p, e = _two_product(x[0], unit)
    digits, margin = _whole(_two_sum(p, e + x[1] * unit))
    known = (power >= 0) & (power <= 22) & (margin > 1e-9 + _LOST * size * unit) & (np.abs(x[0]) > 1e-9 * size)
    return digits / unit + 0.0, known | (size == 0)
