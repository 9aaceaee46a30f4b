"""How two samples vary together, and the least-squares line through them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from xlmodel.engine.native.declaration import Array, Number, excel
from xlmodel.engine.native.functions.samples import Floats, deviations, mean, raise_errors, total
from xlmodel.engine.native.operands import DIV0, NA, NULL, NUM, VALUE, ExcelError
from xlmodel.values import ErrorValue, Kind, Values


class Moments(NamedTuple):
    """Sums of squares and products of the deviations of pairs (x, y) from their means."""

    pairs: int
    mean_x: float
    mean_y: float
    xx: float
    xy: float
    yy: float

    @property
    def slope(self) -> float:
        """The slope of the least-squares line; #DIV/0! where x does not vary."""
        if self.xx == 0:
            raise ExcelError(DIV0)
        return self.xy / self.xx


def _pairs(first: Values, second: Values) -> tuple[Floats, Floats]:
    """Return the places where both samples hold numbers; an error travels from the first place that has one.

    Excel makes #NULL! of such a place #NUM!. A single cell is taken as a single value, which must be a number.
    """
    for one in (first, second):
        if one.size == 1:
            raise_errors(one)
            if one.kind.item() in (Kind.BLANK, Kind.TEXT):
                raise ExcelError(VALUE)
    if first.size != second.size:
        raise ExcelError(NA)
    a, b = first.reshape((first.size,)), second.reshape((second.size,))
    errors = np.flatnonzero((a.kind == Kind.ERROR) | (b.kind == Kind.ERROR))
    if errors.size:
        at = errors[0]
        error = ErrorValue(str((a if a.kind[at] == Kind.ERROR else b).text[at]))
        raise ExcelError(NUM if error == NULL else error)
    both = (a.kind == Kind.NUMBER) & (b.kind == Kind.NUMBER)
    return a.num[both], b.num[both]


def _moments(ys: Values, xs: Values) -> Moments:
    y, x = _pairs(ys, xs)
    dy, dx = deviations(y), deviations(x)
    xx, xy, yy = total(dx * dx), total(dx * dy), total(dy * dy)
    if not math.isfinite(xx + yy):
        raise ExcelError(NUM)
    return Moments(x.size, mean(x), mean(y), xx, xy, yy)


@excel("CORREL")
def correl(array1: Array, array2: Array) -> float:
    """Return the correlation of two samples."""
    m = _moments(array1, array2)
    if m.xx == 0 or m.yy == 0:
        raise ExcelError(DIV0)
    return m.xy / math.sqrt(m.xx * m.yy)


@excel("PEARSON")
def pearson(array1: Array, array2: Array) -> float:
    """Return the correlation of two samples."""
    return float(correl(array1, array2))


@excel("RSQ")
def rsq(known_ys: Array, known_xs: Array) -> float:
    """Return the square of the correlation."""
    return float(correl(known_ys, known_xs)) ** 2


@excel("COVARIANCE.P", "COVAR")
def covariance_p(array1: Array, array2: Array) -> float:
    """Return the covariance of two samples as the whole population."""
    m = _moments(array1, array2)
    return m.xy / m.pairs


@excel("COVARIANCE.S")
def covariance_s(array1: Array, array2: Array) -> float:
    """Return the covariance of which the pairs are a sample."""
    m = _moments(array1, array2)
    return m.xy / (m.pairs - 1)


@excel("SLOPE")
def slope(known_ys: Array, known_xs: Array) -> float:
    """Return the slope of the least-squares line."""
    return _moments(known_ys, known_xs).slope


@excel("INTERCEPT")
def intercept(known_ys: Array, known_xs: Array) -> float:
    """Return where the least-squares line meets x = 0."""
    m = _moments(known_ys, known_xs)
    return m.mean_y - m.slope * m.mean_x


@excel("FORECAST.LINEAR", "FORECAST")
def forecast_linear(x: Number, known_ys: Array, known_xs: Array) -> float:
    """Return the least-squares line's height at x."""
    m = _moments(known_ys, known_xs)
    return m.mean_y - m.slope * m.mean_x + m.slope * x


@excel("STEYX")
def steyx(known_ys: Array, known_xs: Array) -> float:
    """Return the standard error of y about the least-squares line."""
    m = _moments(known_ys, known_xs)
    if m.pairs < 3 or m.xx == 0:
        raise ExcelError(DIV0)
    return math.sqrt(max(m.yy - m.xy * m.xy / m.xx, 0.0) / (m.pairs - 2))
