"""Least squares with several variables: LINEST, LOGEST, TREND and GROWTH."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xlmodel.engine.native.declaration import Any_, Range, excel
from xlmodel.engine.native.functions.samples import Floats, mean, raise_errors, total
from xlmodel.engine.native.operands import NA, NUM, REF, VALUE, ExcelError, UnsupportedError, array
from xlmodel.values import ErrorValue, Kind, Scalar, Values

#: A variable of which the others leave less than this share unexplained: whether Excel drops it, and which one it
#: then drops, its own rounding decides.
_COLLINEAR = 1e-8
#: What rounding leaves of a constant less its mean.
_CONSTANT = 1e-14
#: The second solution, for what the first leaves over, makes coefficients of simple data exact.
_REFINEMENTS = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """The coefficients that leave the smallest sum of squares, with what their errors are made of."""

    slopes: Floats
    constant: float
    errors: Floats  #: of the slopes, for a standard error of y of 1
    constant_error: float
    freedom: int
    explained: float
    residual: float

    def at(self, x: Floats) -> Floats:
        """Return the fitted heights, one for each row of variables."""
        height = np.full(len(x), self.constant)
        for j, slope in enumerate(self.slopes):
            height = height + slope * x[:, j]
        return height


def _least_squares(x: Floats, y: Floats, with_constant: bool) -> Fit:
    """Fit y to the columns of x by QR, about the means where there is a constant.

    A variable that does not vary explains nothing beside the constant: its coefficient is 0, as in Excel.
    """
    count, variables = x.shape
    centre = np.array([mean(column) for column in x.T]) if with_constant else np.zeros(variables)
    level = mean(y) if with_constant else 0.0
    about, height = x - centre, y - level
    length = np.sqrt((about**2).sum(axis=0))
    if not np.isfinite(length).all():
        raise ExcelError(NUM)
    kept = np.flatnonzero(length > _CONSTANT * np.sqrt((x**2).sum(axis=0)))
    slopes, errors, inverse = np.zeros(variables), np.zeros(variables), np.zeros((0, 0))
    if kept.size:
        scale = np.exp2(np.round(np.log2(length[kept])))  # powers of two scale without rounding
        q, r = np.linalg.qr(about[:, kept] / scale)
        if kept.size > count or (np.abs(np.diag(r)) < _COLLINEAR).any():
            raise UnsupportedError("which of several collinear variables Excel leaves out is not known")
        for _ in range(_REFINEMENTS):
            slopes[kept] += np.linalg.solve(r, q.T @ (height - about @ slopes)) / scale
        inverse = np.linalg.solve(r, np.eye(kept.size)) / scale[:, None]
        errors[kept] = np.sqrt((inverse**2).sum(axis=1))
    constant = level - total(slopes * centre)
    share = 1 / count + float(((centre[kept] @ inverse) ** 2).sum())
    all_squares = total(height**2)
    residual = total((height - about @ slopes) ** 2)
    if not math.isfinite(all_squares + residual):
        raise ExcelError(NUM)
    if count <= variables + with_constant:  # as many coefficients as points: Excel takes the fit for exact
        return Fit(slopes, constant, np.zeros(variables), 0.0, 0, all_squares, 0.0)
    freedom = count - kept.size - with_constant
    return Fit(slopes, constant, errors, math.sqrt(share), freedom, all_squares - residual, residual)


@dataclass(frozen=True, slots=True)
class Observations:
    """Known heights and, a column for each, the variables they are fitted to."""

    y: Floats
    x: Floats
    shape: tuple[int, ...]  #: of the known heights
    across: bool  #: each row of the argument is a variable
    single: bool  #: one variable, of the same shape as the heights

    def new(self, values: Values) -> Floats:
        """Return further values of the variables, a column for each."""
        if self.single:
            return _plain(values).reshape(-1, 1)
        x = _plain(values, self.x.shape[1] if self.across else None, None if self.across else self.x.shape[1])
        return x.T if self.across else x

    def laid_out(self, heights: Floats, values: Values | None) -> Values:
        """Return fitted heights in the shape in which TREND shows them."""
        if self.single:
            return Values.numbers(heights.reshape(self.shape if values is None else values.shape))
        return Values.numbers(heights.reshape(1, -1) if self.across else heights.reshape(-1, 1))


def _plain(values: Values, rows: int | None = None, cols: int | None = None) -> Floats:
    """Return cells that must all be numbers, of so many rows or columns.

    Excel makes an error among them #VALUE!, but hands on an error that is the whole argument.
    """
    if rows not in (None, values.shape[0]) or cols not in (None, values.shape[1]):
        raise ExcelError(REF)
    if values.size == 1:
        raise_errors(values)
    if (values.kind != Kind.NUMBER).any():
        raise ExcelError(VALUE)
    return values.num


def _observations(ys: Values, xs: Values | None) -> Observations:
    rows, cols = ys.shape
    if xs is None or xs.shape == ys.shape:
        y = _plain(ys).ravel()
        x = np.arange(1.0, y.size + 1) if xs is None else _plain(xs).ravel()
        return Observations(y, x.reshape(-1, 1), ys.shape, across=False, single=True)
    if cols == 1 and xs.shape[0] == rows:
        return Observations(_plain(ys).ravel(), _plain(xs), ys.shape, across=False, single=False)
    if rows == 1 and xs.shape[1] == cols:
        return Observations(_plain(ys).ravel(), _plain(xs).T, ys.shape, across=True, single=False)
    raise ExcelError(REF)


def _logarithms(y: Floats) -> Floats:
    if (y <= 0).any():
        raise ExcelError(NUM)
    return np.log(y)


def _flag(x: Scalar) -> bool:
    if isinstance(x, (str, ErrorValue)):
        raise ExcelError(VALUE)
    return bool(x)


def _statistics(fit: Fit, with_constant: bool) -> list[list[Scalar]]:
    """Return LINEST's further rows: standard errors, R² and its error, F and freedom, the sums of squares."""
    everything = fit.explained + fit.residual
    if everything == 0:
        raise UnsupportedError("the statistics of a fit to heights that are all one are not known")
    spread = math.sqrt(fit.residual / fit.freedom) if fit.freedom else 0.0
    kept = int(np.count_nonzero(fit.errors))
    ratio: Scalar = NUM
    if fit.residual > 0 and kept:
        ratio = fit.explained / kept / (fit.residual / fit.freedom)
    rest: list[Scalar] = [NA] * (len(fit.slopes) - 1)
    return [
        [*(fit.errors[::-1] * spread).tolist(), fit.constant_error * spread if with_constant else NA],
        [fit.explained / everything, spread, *rest],
        [ratio, float(fit.freedom), *rest],
        [fit.explained, fit.residual, *rest],
    ]


def _line(ys: Values, xs: Values | None, const: Scalar, stats: Scalar, growing: bool) -> Values:
    known = _observations(ys, xs)
    with_constant, with_statistics = _flag(const), _flag(stats)
    fit = _least_squares(known.x, _logarithms(known.y) if growing else known.y, with_constant)
    first = [*fit.slopes[::-1].tolist(), fit.constant]
    if growing:
        first = [math.exp(m) for m in first]
    return array([first, *(_statistics(fit, with_constant) if with_statistics else [])])


def _fitted(ys: Values, xs: Values | None, new_xs: Values | None, const: Scalar, growing: bool) -> Values:
    known = _observations(ys, xs)
    new = known.x if new_xs is None else known.new(new_xs)
    fit = _least_squares(known.x, _logarithms(known.y) if growing else known.y, _flag(const))
    heights = fit.at(new)
    return known.laid_out(np.exp(heights) if growing else heights, new_xs)


@excel("LINEST", empty_is_default=True)
def linest(known_ys: Range, known_xs: Range | None = None, const: Any_ = True, stats: Any_ = False) -> Values:
    """Return the coefficients of the least-squares line, the last variable's first, with its statistics below."""
    return _line(known_ys, known_xs, const, stats, growing=False)


@excel("LOGEST", empty_is_default=True)
def logest(known_ys: Range, known_xs: Range | None = None, const: Any_ = True, stats: Any_ = False) -> Values:
    """Return the coefficients of the least-squares exponential curve; the statistics are those of its logarithm."""
    return _line(known_ys, known_xs, const, stats, growing=True)


@excel("TREND", empty_is_default=True)
def trend(known_ys: Range, known_xs: Range | None = None, new_xs: Range | None = None, const: Any_ = True) -> Values:
    """Return heights of the least-squares line."""
    return _fitted(known_ys, known_xs, new_xs, const, growing=False)


@excel("GROWTH", empty_is_default=True)
def growth(known_ys: Range, known_xs: Range | None = None, new_xs: Range | None = None, const: Any_ = True) -> Values:
    """Return heights of the least-squares exponential curve."""
    return _fitted(known_ys, known_xs, new_xs, const, growing=True)
