"""Bessel functions of whole order, by the approximations that Excel uses: they are right to about 1e-8.

Orders 0 and 1 are rational functions and polynomials in x (Hart, Computer Approximations; Abramowitz and Stegun 9.8),
other orders follow by recurrence, upwards where that is stable and by Miller's downward method where it is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Number, Whole
from xlmodel.engine.native.operands import NUM, ExcelError, UnsupportedError

_MOST_ORDER = 100_000  #: recurrences take a step for each order
_LARGE = 1e10  #: where a downward recurrence is scaled down
_GUARD = 40  #: how far above the order a downward recurrence starts, as the square root of this times the order
_TWO_OVER_PI = 0.636619772

# Coefficients, lowest power first.
_J0_ABOVE = (57568490574.0, -13362590354.0, 651619640.7, -11214424.18, 77392.33017, -184.9052456)
_J0_BELOW = (57568490411.0, 1029532985.0, 9494680.718, 59272.64853, 267.8532712, 1.0)
_J1_ABOVE = (72362614232.0, -7895059235.0, 242396853.1, -2972611.439, 15704.48260, -30.16036606)
_J1_BELOW = (144725228442.0, 2300535178.0, 18583304.74, 99447.43394, 376.9991397, 1.0)
_Y0_ABOVE = (-2957821389.0, 7062834065.0, -512359803.6, 10879881.29, -86327.92757, 228.4622733)
_Y0_BELOW = (40076544269.0, 745249964.8, 7189466.438, 47447.26470, 226.1030244, 1.0)
_Y1_ABOVE = (-4.900604943e12, 1.275274390e12, -5.153438139e10, 7.349264551e8, -4.237922726e6, 8.511937935e3)
_Y1_BELOW = (2.499580570e13, 4.244419664e11, 3.733650367e9, 2.245904002e7, 1.020426050e5, 3.549632885e2, 1.0)
_COSINE_0 = (1.0, -0.1098628627e-2, 0.2734510407e-4, -0.2073370639e-5, 0.2093887211e-6)
_SINE_0 = (-0.1562499995e-1, 0.1430488765e-3, -0.6911147651e-5, 0.7621095161e-6, -0.934945152e-7)
_COSINE_1 = (1.0, 0.183105e-2, -0.3516396496e-4, 0.2457520174e-5, -0.240337019e-6)
_SINE_1 = (0.04687499995, -0.2002690873e-3, 0.8449199096e-5, -0.88228987e-6, 0.105787412e-6)
_PHASE_0, _PHASE_1 = 0.785398164, 2.356194491  #: a quarter and three quarters of pi

_I0_SMALL = (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2)
_I0_LARGE = (
    0.39894228, 0.1328592e-1, 0.225319e-2, -0.157565e-2, 0.916281e-2, -0.2057706e-1, 0.2635537e-1, -0.1647633e-1,
    0.392377e-2,
)  # fmt: skip
_I1_SMALL = (0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3)
_I1_LARGE = (
    0.39894228, -0.3988024e-1, -0.362018e-2, 0.163801e-2, -0.1031555e-1, 0.2282967e-1, -0.2895312e-1, 0.1787654e-1,
    -0.420059e-2,
)  # fmt: skip
_K0_SMALL = (-0.57721566, 0.42278420, 0.23069756, 0.3488590e-1, 0.262698e-2, 0.10750e-3, 0.74e-5)
_K0_LARGE = (1.25331414, -0.7832358e-1, 0.2189568e-1, -0.1062446e-1, 0.587872e-2, -0.251540e-2, 0.53208e-3)
_K1_SMALL = (1.0, 0.15443144, -0.67278579, -0.18156897, -0.1919402e-1, -0.110404e-2, -0.4686e-4)
_K1_LARGE = (1.25331414, 0.23498619, -0.3655620e-1, 0.1504268e-1, -0.780353e-2, 0.325614e-2, -0.68245e-3)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    return reduce(lambda total, c: c + x * total, reversed(coefficients))


def _order(n: int) -> int:
    if n < 0:
        raise ExcelError(NUM)
    return n


def _check_steps(order: int) -> None:
    if order > _MOST_ORDER:
        raise UnsupportedError(f"a Bessel function of order {order:,}", "limit")


def _wave(x: float, cosine: tuple[float, ...], sine: tuple[float, ...], phase: float) -> tuple[float, float]:
    """Return J and Y of a large argument, which is a damped wave."""
    z = 8 / x
    a, b = _polynomial(cosine, z * z), _polynomial(sine, z * z)
    size, cos, sin = math.sqrt(_TWO_OVER_PI / x), math.cos(x - phase), math.sin(x - phase)
    return size * (cos * a - z * sin * b), size * (sin * a + z * cos * b)


def _j0(x: float) -> float:
    x = abs(x)
    if x >= 8:
        return _wave(x, _COSINE_0, _SINE_0, _PHASE_0)[0]
    return _polynomial(_J0_ABOVE, x * x) / _polynomial(_J0_BELOW, x * x)


def _j1(x: float) -> float:
    if abs(x) >= 8:
        return math.copysign(1.0, x) * _wave(abs(x), _COSINE_1, _SINE_1, _PHASE_1)[0]
    return x * _polynomial(_J1_ABOVE, x * x) / _polynomial(_J1_BELOW, x * x)


def _y0(x: float) -> float:
    if x >= 8:
        return _wave(x, _COSINE_0, _SINE_0, _PHASE_0)[1]
    return _polynomial(_Y0_ABOVE, x * x) / _polynomial(_Y0_BELOW, x * x) + _TWO_OVER_PI * _j0(x) * math.log(x)


def _y1(x: float) -> float:
    if x >= 8:
        return _wave(x, _COSINE_1, _SINE_1, _PHASE_1)[1]
    ratio = x * _polynomial(_Y1_ABOVE, x * x) / _polynomial(_Y1_BELOW, x * x)
    return ratio + _TWO_OVER_PI * (_j1(x) * math.log(x) - 1 / x)


def _i0(x: float) -> float:
    x = abs(x)
    if x < 3.75:
        return _polynomial(_I0_SMALL, (x / 3.75) ** 2)
    return math.exp(x) / math.sqrt(x) * _polynomial(_I0_LARGE, 3.75 / x)


def _i1(x: float) -> float:
    size = abs(x)
    if size < 3.75:
        return x * _polynomial(_I1_SMALL, (x / 3.75) ** 2)
    return math.copysign(math.exp(size) / math.sqrt(size) * _polynomial(_I1_LARGE, 3.75 / size), x)


def _k0(x: float) -> float:
    if x <= 2:
        return -math.log(x / 2) * _i0(x) + _polynomial(_K0_SMALL, x * x / 4)
    return math.exp(-x) / math.sqrt(x) * _polynomial(_K0_LARGE, 2 / x)


def _k1(x: float) -> float:
    if x <= 2:
        return math.log(x / 2) * _i1(x) + 1 / x * _polynomial(_K1_SMALL, x * x / 4)
    return math.exp(-x) / math.sqrt(x) * _polynomial(_K1_LARGE, 2 / x)


def _upwards(zeroth: float, first: float, n: int, following: Callable[[int, float, float], float]) -> float:
    """Return order n of a recurrence from orders 0 and 1; `following` gives the next order of the last two."""
    _check_steps(n)
    for j in range(1, n):
        zeroth, first = first, following(j, zeroth, first)
    return first


@add_in("BESSELJ")
def besselj(x: Number, n: Whole) -> float:
    """Return the Bessel function of the first kind."""
    order = _order(n)
    if order < 2:
        return _j1(x) if order else _j0(x)
    if x == 0:
        return 0.0
    size = abs(x)
    step = 2 / size
    if size > order:
        value = _upwards(_j0(size), _j1(size), order, lambda j, before, now: j * step * now - before)
    else:
        value = _downwards_j(step, order)
    return -value if x < 0 and order % 2 else value


def _downwards_j(step: float, order: int) -> float:
    """Return J of an argument below its order, scaled by J0 + 2 J2 + 2 J4 + ... = 1."""
    _check_steps(order)
    above = value = total = 0.0
    now, even = 1.0, False
    for j in range(2 * ((order + int(math.sqrt(_GUARD * order))) // 2), 0, -1):
        above, now = now, j * step * now - above
        if abs(now) > _LARGE:
            above, now, value, total = above / _LARGE, now / _LARGE, value / _LARGE, total / _LARGE
        if even:
            total += now
        even = not even
        if j == order:
            value = above
    return value / (2 * total - now)


@add_in("BESSELY")
def bessely(x: Number, n: Whole) -> float:
    """Return the Bessel function of the second kind."""
    order = _order(n)
    if x <= 0:
        raise ExcelError(NUM)
    if order < 2:
        return _y1(x) if order else _y0(x)
    return _upwards(_y0(x), _y1(x), order, lambda j, before, now: j * (2 / x) * now - before)


@add_in("BESSELI")
def besseli(x: Number, n: Whole) -> float:
    """Return the modified Bessel function of the first kind."""
    order = _order(n)
    if order < 2:
        return _i1(x) if order else _i0(x)
    if x == 0:
        return 0.0
    _check_steps(order)
    step = 2 / abs(x)
    above = value = 0.0
    now = 1.0
    for j in range(2 * (order + int(math.sqrt(_GUARD * order))), 0, -1):
        above, now = now, above + j * step * now
        if abs(now) > _LARGE:
            above, now, value = above / _LARGE, now / _LARGE, value / _LARGE
        if j == order:
            value = above
    value *= _i0(x) / now
    return -value if x < 0 and order % 2 else value


@add_in("BESSELK")
def besselk(x: Number, n: Whole) -> float:
    """Return the modified Bessel function of the second kind."""
    order = _order(n)
    if x <= 0:
        raise ExcelError(NUM)
    if order < 2:
        return _k1(x) if order else _k0(x)
    return _upwards(_k0(x), _k1(x), order, lambda j, before, now: before + j * (2 / x) * now)
