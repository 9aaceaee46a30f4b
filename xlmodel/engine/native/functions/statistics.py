"""Descriptive statistics: how many, how large, how spread and how shaped."""

from __future__ import annotations

import math

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Array, Number, Numbers, NumbersA, Value, excel
from xlmodel.engine.native.functions.samples import (
    Floats,
    cells,
    deviations,
    mean,
    numbers,
    pooled,
    sample,
    total,
)
from xlmodel.engine.native.numerals import read_number
from xlmodel.engine.native.operands import DIV0, NA, NUM, ExcelError, Lambda, Operand, Reference
from xlmodel.values import ErrorValue, Kind, Values


@excel("COUNT")
def count(context: Context, *values: Value) -> int:
    """Return how many numbers there are; of single values also booleans and texts that read as numbers."""
    return sum(_how_many_numbers(context, x) for x in values)


def _how_many_numbers(context: Context, operand: Operand) -> int:
    if isinstance(operand, Reference):
        return sum(int(np.count_nonzero(area.kind == Kind.NUMBER)) for area in cells(context, operand))
    if isinstance(operand, Values):
        return int(np.count_nonzero(operand.kind == Kind.NUMBER))
    if isinstance(operand, str):
        return int(read_number(operand, context.locale, context.date1904) is not None)
    return int(not isinstance(operand, (ErrorValue, Lambda)))


@excel("COUNTA")
def counta(context: Context, *values: Value) -> int:
    """Return how many values there are, of whatever kind."""
    filled = 0
    for x in values:
        blocks = cells(context, x) if isinstance(x, Reference) else [x] if isinstance(x, Values) else None
        filled += 1 if blocks is None else sum(int(np.count_nonzero(block.kind != Kind.BLANK)) for block in blocks)
    return filled


@excel("AVERAGE")
def average(*values: Numbers) -> float:
    """Return the arithmetic mean."""
    return mean(pooled(values))


@excel("AVERAGEA")
def averagea(*values: NumbersA) -> float:
    """Return the arithmetic mean, text counting as 0 and TRUE as 1."""
    return mean(pooled(values))


def _extreme(x: Floats, most: bool) -> float:
    if not x.size:
        return 0.0
    return float(x.max() if most else x.min())


@excel("MAX")
def max_(*values: Numbers) -> float:
    """Return the largest number; 0 where there is none."""
    return _extreme(pooled(values), most=True)


@excel("MIN")
def min_(*values: Numbers) -> float:
    """Return the smallest number; 0 where there is none."""
    return _extreme(pooled(values), most=False)


@excel("MAXA")
def maxa(*values: NumbersA) -> float:
    """Return the largest value, text counting as 0 and TRUE as 1."""
    return _extreme(pooled(values), most=True)


@excel("MINA")
def mina(*values: NumbersA) -> float:
    """Return the smallest value, text counting as 0 and TRUE as 1."""
    return _extreme(pooled(values), most=False)


@excel("MEDIAN")
def median(*values: Numbers) -> float:
    """Return the middle number, or the mean of the two in the middle."""
    x = np.sort(_some(pooled(values)))
    half = x.size // 2
    return float(x[half]) if x.size % 2 else (float(x[half - 1]) + float(x[half])) / 2


def _some(x: Floats) -> Floats:
    if not x.size:
        raise ExcelError(NUM)
    return x


def _modes(values: tuple[Values, ...]) -> Floats:
    """Return the numbers met most often, more than once, in the order in which they are first met."""
    x = pooled([numbers(v) for v in values])
    _, first, times = np.unique(x, return_index=True, return_counts=True)
    most = times.max(initial=0)
    if most < 2:
        raise ExcelError(NA)
    modes: Floats = x[np.sort(first[times == most])]
    return modes


@excel("MODE.SNGL", "MODE")
def mode_sngl(*values: Array) -> float:
    """Return the number met most often; of several the one first met."""
    return float(_modes(values)[0])


@excel("MODE.MULT")
def mode_mult(*values: Array) -> Values:
    """Return all the numbers met most often, one below the other."""
    return Values.numbers(_modes(values).reshape(-1, 1))


def _variance(x: Floats, freedom_lost: int) -> float:
    """Return the mean square deviation over the degrees of freedom, in two passes."""
    if x.size <= freedom_lost:
        raise ExcelError(DIV0)
    return total(deviations(x) ** 2) / (x.size - freedom_lost)


@excel("VAR.S", "VAR")
def var_s(*values: Numbers) -> float:
    """Return the variance of which the numbers are a sample."""
    return _variance(pooled(values), 1)


@excel("VAR.P", "VARP")
def var_p(*values: Numbers) -> float:
    """Return the variance of the numbers as the whole population."""
    return _variance(pooled(values), 0)


@excel("VARA")
def vara(*values: NumbersA) -> float:
    """Return the sample variance, text counting as 0 and TRUE as 1."""
    return _variance(pooled(values), 1)


@excel("VARPA")
def varpa(*values: NumbersA) -> float:
    """Return the population variance, text counting as 0 and TRUE as 1."""
    return _variance(pooled(values), 0)


@excel("STDEV.S", "STDEV")
def stdev_s(*values: Numbers) -> float:
    """Return the standard deviation of which the numbers are a sample."""
    return math.sqrt(_variance(pooled(values), 1))


@excel("STDEV.P", "STDEVP")
def stdev_p(*values: Numbers) -> float:
    """Return the standard deviation of the numbers as the whole population."""
    return math.sqrt(_variance(pooled(values), 0))


@excel("STDEVA")
def stdeva(*values: NumbersA) -> float:
    """Return the sample standard deviation, text counting as 0 and TRUE as 1."""
    return math.sqrt(_variance(pooled(values), 1))


@excel("STDEVPA")
def stdevpa(*values: NumbersA) -> float:
    """Return the population standard deviation, text counting as 0 and TRUE as 1."""
    return math.sqrt(_variance(pooled(values), 0))


@excel("AVEDEV")
def avedev(*values: Numbers) -> float:
    """Return the mean distance from the mean."""
    return mean(np.abs(deviations(_some(pooled(values)))))


@excel("DEVSQ")
def devsq(*values: Numbers) -> float:
    """Return the sum of the squared deviations from the mean."""
    return total(deviations(_some(pooled(values))) ** 2)


def _positive(x: Floats) -> Floats:
    if not x.size or (x <= 0).any():
        raise ExcelError(NUM)
    return x


@excel("GEOMEAN")
def geomean(*values: Numbers) -> float:
    """Return the geometric mean of positive numbers."""
    x = _positive(pooled(values))
    with np.errstate(over="ignore", under="ignore"):
        product = float(np.multiply.accumulate(x)[-1])
    if 1e-300 < product < 1e300:
        return float(product ** (1 / x.size))
    return math.exp(mean(np.log(x)))


@excel("HARMEAN")
def harmean(*values: Numbers) -> float:
    """Return the harmonic mean of positive numbers."""
    x = _positive(pooled(values))
    return x.size / total(1 / x)


@excel("TRIMMEAN")
def trimmean(context: Context, array: Value, percent: Number) -> float:
    """Return the mean without a share of the numbers, as many left out at the top as at the bottom."""
    if not 0 <= percent < 1:
        raise ExcelError(NUM)
    x = np.sort(_some(sample(context, array)))
    cut = int(x.size * percent / 2)
    return mean(x[cut : x.size - cut])


def _standardized(x: Floats, freedom_lost: int, least: int) -> Floats:
    """Return the deviations in standard deviations; #DIV/0! of too few numbers or where all are one."""
    if x.size < least:
        raise ExcelError(DIV0)
    deviation = math.sqrt(_variance(x, freedom_lost))
    if deviation == 0:
        raise ExcelError(DIV0)
    if not math.isfinite(deviation):
        raise ExcelError(NUM)
    return deviations(x) / deviation


@excel("SKEW")
def skew(*values: Numbers) -> float:
    """Return the skewness of which the numbers are a sample."""
    z = _standardized(pooled(values), 1, 3)
    n = z.size
    return n / ((n - 1) * (n - 2)) * total(z * z * z)


@excel("SKEW.P")
def skew_p(*values: Numbers) -> float:
    """Return the skewness of the numbers as the whole population."""
    z = _standardized(pooled(values), 0, 3)
    return total(z * z * z) / z.size


@excel("KURT")
def kurt(*values: Numbers) -> float:
    """Return the excess kurtosis of which the numbers are a sample."""
    z = _standardized(pooled(values), 1, 4)
    n = z.size
    peak = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * total(z * z * z * z)
    return peak - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


@excel("STANDARDIZE")
def standardize(x: Number, mean: Number, standard_dev: Number) -> float:
    """Return how many standard deviations a number is from the mean."""
    if standard_dev <= 0:
        raise ExcelError(NUM)
    return (x - mean) / standard_dev
