"""Sums, products and roundings that come out as they do on paper.

A double stands for the decimal of 15 significant digits that Excel shows. Those decimals are added, exactly, and the
result is the double nearest to the 15 digits of the exact result: 6 - 1 - 3.2 is 1.8, and 0.3 - 0.1 - 0.2 is 0 and not
a little less, which would be a negative stock.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context

import numpy as np
from numpy.typing import NDArray

from xlmodel.model.domain import FloatArray
from xlmodel.model.pairs import running_dot_in_pairs
from xlmodel.values import decimal15, round_half_away

__all__ = ["difference", "exact_dot", "exact_sum", "quotient", "rounded", "running_dot", "running_sum"]

_TEN_TO = np.array([float(10**k) for k in range(23)])  # exact doubles, which a power function does not promise
_SCALES = (0, 2, 4, 7, 11)  # two of them add up to 22 at most
_DIGITS15 = 1e15
_WIDE = Context(prec=60, traps=[])
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP, traps=[])


def running_dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the sums of products up to each place of the last axis.

    >>> running_dot(np.array([1, 2.75, 1.9]), np.array([0.1, 0.1, 0.1]))
    array([0.1  , 0.375, 0.565])
    """
    n = a.shape[-1]
    left, right = a.reshape(-1, n), b.reshape(-1, n)
    with np.errstate(over="ignore", invalid="ignore"):
        whole_left, scale_left, fits_left = _scaled(left)
        whole_right, scale_right, fits_right = _scaled(right)
        products = whole_left * whole_right
        fits = fits_left & fits_right & (np.nansum(np.abs(products), axis=-1) < _DIGITS15)
        unit = _TEN_TO[scale_left + scale_right]
        out: FloatArray = np.cumsum(products, axis=-1) / unit[:, None] + 0.0
    rest = np.flatnonzero(~fits)
    if len(rest):
        out[rest], sure = running_dot_in_pairs(left[rest], right[rest])
        for row in rest[~sure]:
            out[row] = _decimal_running_dot(left[row].tolist(), right[row].tolist())
    lost = np.isnan(out)
    if lost.any():  # only a missing number makes a missing sum: infinite terms make one too large
        out[lost & ~np.logical_or.accumulate(np.isnan(left) | np.isnan(right), axis=-1)] = np.inf
    return out.reshape(a.shape)


def _scaled(terms: FloatArray) -> tuple[FloatArray, NDArray[np.intp], NDArray[np.bool_]]:
    """Return each row as whole numbers of a power of ten, the power, and whether the row is exactly that."""
    whole = np.zeros_like(terms)
    scale = np.zeros(len(terms), np.intp)
    done = np.zeros(len(terms), np.bool_)
    finest = _TEN_TO[_SCALES[-1]]  # what is no whole number of the finest unit is none of a coarser one
    left = np.flatnonzero(((np.rint(terms * finest) / finest == terms) | np.isnan(terms)).all(axis=-1))
    for k in _SCALES:
        part = terms[left]
        candidate = np.rint(part * _TEN_TO[k])
        same = (candidate / _TEN_TO[k] == part) & (np.abs(candidate) < _DIGITS15) | np.isnan(part)
        new = same.all(axis=-1)
        at = left[new]
        whole[at], scale[at], done[at] = candidate[new], k, True
        left = left[~new]
        if not len(left):
            break
    return whole, scale, done


def _decimal_running_dot(a: list[float], b: list[float]) -> list[float]:
    total = decimal15(0.0)
    out = []
    for x, y in zip(a, b, strict=True):
        product = decimal15(x) if y == 1.0 else _WIDE.multiply(decimal15(x), decimal15(y))
        total = _WIDE.add(total, product)
        out.append(float(_FIFTEEN.plus(total)) + 0.0)
    return out


def running_sum(terms: FloatArray) -> FloatArray:
    """Return the sums up to each place of the last axis.

    >>> running_sum(np.array([0.3, -0.1, -0.2]))
    array([0.3, 0.2, 0. ])
    """
    return running_dot(terms, np.ones_like(terms))


def exact_dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the sum of products along the last axis.

    >>> float(exact_dot(np.array([1.1, 2.2]), np.array([3.0, -1.5])))
    0.0
    """
    return running_dot(a, b)[..., -1]


def exact_sum(*terms: FloatArray) -> FloatArray:
    """Return the sum of arguments of one shape, place by place.

    >>> float(exact_sum(np.array(0.1), np.array(0.2)))
    0.3
    """
    return running_sum(np.stack(terms, axis=-1))[..., -1]


def difference(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a - b.

    >>> float(difference(np.array(71.3), np.array(63.6)))
    7.7
    """
    return exact_sum(a, -b)


def quotient(a: FloatArray, b: FloatArray, *, times: float | FloatArray = 1.0) -> FloatArray:
    """Return a * times / b, of the decimals where they are short enough to divide as whole numbers.

    Too large a result is infinite, which a cell shows as #NUM!.

    >>> 42 / 0.7, float(quotient(np.array(42.0), np.array(0.7)))
    (60.00000000000001, 60.0)
    """
    lead = np.broadcast_shapes(a.shape, b.shape)
    above, below = (np.broadcast_to(x, lead).reshape(-1, 1) for x in (a, b))
    factor = np.broadcast_to(times, lead).reshape(-1)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        whole_above, scale_above, fits_above = _scaled(above)
        whole_below, scale_below, fits_below = _scaled(below)
        shift = scale_below - scale_above
        m = whole_above[:, 0] * factor * _TEN_TO[np.maximum(shift, 0)]
        n = whole_below[:, 0] * _TEN_TO[np.maximum(-shift, 0)]
        out = np.where(fits_above & fits_below, m / n, above[:, 0] * factor / below[:, 0]) + 0.0  # a cell has no -0
    return np.asarray(out.reshape(lead))


def rounded(x: FloatArray, dp: FloatArray) -> FloatArray:
    """Round half away from zero on the 15-digit decimal, as Excel's ROUND; where `dp` is NaN, leave unrounded.

    >>> rounded(np.array([82.5, 1.005, 1250.0, 2 / 3]), np.array([0, 2, -2, np.nan])).tolist()
    [83.0, 1.01, 1300.0, 0.6666666666666666]
    """
    blank = np.isnan(dp)
    places = np.where(blank, 0, dp).astype(np.intp)
    unit = _TEN_TO[np.abs(places)]
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = np.where(places >= 0, x * unit, x / unit)
        whole = np.rint(scaled)
        out = np.where(places >= 0, whole / unit, whole * unit) + 0.0
        # Near a half, and beyond 15 digits, only the decimal itself can tell.
        unsure = (np.abs(np.abs(scaled - whole) - 0.5) <= 1e-14 * np.abs(scaled)) | (np.abs(scaled) >= _DIGITS15)
    out = np.where(blank, x, out)
    for place in np.argwhere(unsure & ~blank & np.isfinite(x)):
        i = tuple(place)
        out[i] = round_half_away(float(x[i]), int(places[i])) + 0.0
    return out
