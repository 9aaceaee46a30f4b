"""Tests of hypotheses on samples, and confidence intervals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.declaration import Array, Number, Range, excel
from xlmodel.engine.native.functions.beta_distributions import f_dist_rt, t_quantile, t_two_tails
from xlmodel.engine.native.functions.gamma_distributions import gamma_tail
from xlmodel.engine.native.functions.normal_distributions import normal_quantile
from xlmodel.engine.native.operands import DIV0, NA, NUM, ExcelError
from xlmodel.values import ErrorValue, Kind, Values

Floats = NDArray[np.float64]


def _checked(values: Values) -> Values:
    """Return cells in one row; their first error is raised, but for #NULL!, which Excel's tests pass over."""
    flat = values.reshape((values.size,))
    errors = flat.text[flat.kind == Kind.ERROR]
    errors = errors[errors != "#NULL!"]
    if errors.size:
        raise ExcelError(ErrorValue(str(errors[0])))
    return flat


def _sample(values: Values) -> Floats:
    flat = _checked(values)
    numbers: Floats = flat.num[flat.kind == Kind.NUMBER]
    return numbers


def _pairs(a: Values, b: Values, by_pair: bool = False) -> tuple[Floats, Floats]:
    """Return the pairs of which both are numbers; #N/A where there are not as many cells.

    The first error is the first array's, or where `by_pair` that of the first pair.
    """
    if a.size != b.size:
        raise ExcelError(NA)
    if by_pair:
        _checked(Values.joined([a.reshape((a.size,)), b.reshape((b.size,))], lambda parts: np.stack(parts, axis=1)))
    one, two = _checked(a), _checked(b)
    both = (one.kind == Kind.NUMBER) & (two.kind == Kind.NUMBER)
    return one.num[both], two.num[both]


def _sum(x: Floats) -> float:
    return float(np.add.accumulate(x)[-1]) if x.size else 0.0


def _moments(x: Floats) -> tuple[int, float, float]:
    """Return a sample's size, mean and variance; #DIV/0! where there are not two numbers."""
    if x.size < 2:
        raise ExcelError(DIV0)
    mean = _sum(x) / x.size
    return x.size, mean, _sum((x - mean) ** 2) / (x.size - 1)


@excel("T.TEST", "TTEST")
def t_test(array1: Array, array2: Array, tails: Number, type_: Number) -> float:
    """Return the probability that two samples, paired or not, come from distributions of one mean."""
    kind = int(type_)
    if int(tails) not in (1, 2) or kind not in (1, 2, 3):
        raise ExcelError(NUM)
    statistic, freedom = _paired(array1, array2) if kind == 1 else _unpaired(array1, array2, kind == 2)
    return t_two_tails(statistic, freedom) * int(tails) / 2


def _paired(array1: Values, array2: Values) -> tuple[float, float]:
    a, b = _pairs(array1, array2, by_pair=True)
    n, mean, variance = _moments(a - b)
    return mean / math.sqrt(variance / n), n - 1


def _unpaired(array1: Values, array2: Values, equal_variance: bool) -> tuple[float, float]:
    n, mean1, variance1 = _moments(_sample(array1))
    m, mean2, variance2 = _moments(_sample(array2))
    if equal_variance:
        pooled = ((n - 1) * variance1 + (m - 1) * variance2) / (n + m - 2)
        return (mean1 - mean2) / math.sqrt(pooled * (1 / n + 1 / m)), n + m - 2
    part1, part2 = variance1 / n, variance2 / m
    freedom = (part1 + part2) ** 2 / (part1**2 / (n - 1) + part2**2 / (m - 1))
    return (mean1 - mean2) / math.sqrt(part1 + part2), freedom


@excel("F.TEST", "FTEST")
def f_test(array1: Array, array2: Array) -> float:
    """Return the probability, of both tails, that two samples come from distributions of one variance."""
    a, b = _sample(array1), _sample(array2)
    (n, _, variance1), (m, _, variance2) = _moments(a), _moments(b)
    if variance1 == 0 or variance2 == 0:
        raise ExcelError(DIV0)
    above = f_dist_rt(variance1 / variance2, n - 1, m - 1)
    below = f_dist_rt(variance2 / variance1, m - 1, n - 1)
    return 2 * float(min(above, below))


@excel("CHISQ.TEST", "CHITEST")
def chisq_test(actual_range: Array, expected_range: Array) -> float:
    """Return the probability that counts differ from expected ones by chance."""
    rows, columns = actual_range.shape
    if actual_range.size == 1:
        raise ExcelError(NA)
    actual, expected = _pairs(actual_range, expected_range)
    if not actual.size or not expected.all():
        raise ExcelError(DIV0)
    distance = _sum((actual - expected) ** 2 / expected)
    if distance < 0:
        raise ExcelError(NUM)
    freedom = (rows - 1) * (columns - 1) if min(rows, columns) > 1 else max(rows, columns) - 1
    return gamma_tail(distance / 2, freedom / 2)


@excel("Z.TEST", "ZTEST")
def z_test(array: Range, x: Number, sigma: Number | None = None) -> float:
    """Return the probability that a sample's mean would be greater than it is, were its distribution's mean x."""
    if sigma is not None and sigma <= 0:
        raise ExcelError(NUM)
    sample = _sample(array)
    if not sample.size:
        raise ExcelError(NA)
    n, mean, variance = _moments(sample)
    spread = math.sqrt(variance) if sigma is None else sigma
    return math.erfc((mean - x) / (spread / math.sqrt(n)) / math.sqrt(2)) / 2


def _interval(alpha: float, standard_dev: float, size: float) -> int:
    """Return a sample's size as a whole number, once the rest is in its domain."""
    if not 0 < alpha < 1 or standard_dev <= 0 or size < 1:
        raise ExcelError(NUM)
    return int(size)


@excel("CONFIDENCE.NORM", "CONFIDENCE")
def confidence_norm(alpha: Number, standard_dev: Number, size: Number) -> float:
    """Return how far a mean's confidence interval reaches, from the normal distribution."""
    n = _interval(alpha, standard_dev, size)
    return -normal_quantile(alpha / 2) * standard_dev / math.sqrt(n)


@excel("CONFIDENCE.T")
def confidence_t(alpha: Number, standard_dev: Number, size: Number) -> float:
    """Return how far a mean's confidence interval reaches, from Student's distribution."""
    n = _interval(alpha, standard_dev, size)
    if n == 1:
        raise ExcelError(DIV0)
    return t_quantile(alpha, n - 1) * standard_dev / math.sqrt(n)
