"""Ranks: the k-th value, a value's place among others, percentiles and frequencies."""

from __future__ import annotations

import math

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Array, Number, Range, Reference, Value, Whole, excel
from xlmodel.engine.native.functions.samples import Floats, numbers, sample, total
from xlmodel.engine.native.operands import DIV0, NA, NUM, ExcelError
from xlmodel.values import Kind, Values, decimal15


@excel("LARGE")
def large(context: Context, array: Value, k: Number) -> float:
    """Return the k-th largest number; a broken k is rounded up."""
    x = sample(context, array)
    return _kth_smallest(x, k, x.size - math.ceil(k))


@excel("SMALL")
def small(context: Context, array: Value, k: Number) -> float:
    """Return the k-th smallest number; a broken k is rounded down."""
    return _kth_smallest(sample(context, array), k, math.floor(k) - 1)


def _kth_smallest(x: Floats, k: float, position: int) -> float:
    if k < 1 or not 0 <= position < x.size:
        raise ExcelError(NUM)
    return float(np.partition(x, position)[position])


@excel("RANK.EQ", "RANK")
def rank_eq(context: Context, number: Number, ref: Reference, order: Number = 0.0) -> int:
    """Return a number's place among others, the best place of those that are equal."""
    ahead, _ = _place(context, number, ref, order)
    return ahead + 1


@excel("RANK.AVG")
def rank_avg(context: Context, number: Number, ref: Reference, order: Number = 0.0) -> float:
    """Return a number's place among others, the mean place of those that are equal."""
    ahead, equal = _place(context, number, ref, order)
    return ahead + (equal + 1) / 2


def _place(context: Context, number: float, ref: Reference, order: float) -> tuple[int, int]:
    """Return how many numbers come before a number, and how many are equal to it."""
    x = sample(context, ref)
    equal = int(np.count_nonzero(x == number))
    if not equal:
        raise ExcelError(NA)
    return int(np.count_nonzero(x < number if order else x > number)), equal


@excel("PERCENTILE.INC", "PERCENTILE")
def percentile_inc(context: Context, array: Value, k: Number) -> float:
    """Return the number below which a share lies, the smallest being at 0 and the largest at 1."""
    return _quantile_inc(sample(context, array), k)


@excel("PERCENTILE.EXC")
def percentile_exc(context: Context, array: Value, k: Number) -> float:
    """Return the number below which a share lies, the smallest of n being at 1/(n+1)."""
    return _quantile_exc(sample(context, array), k)


@excel("QUARTILE.INC", "QUARTILE")
def quartile_inc(context: Context, array: Value, quart: Number) -> float:
    """Return a quartile: 0 the smallest number, 2 the median, 4 the largest."""
    return _quantile_inc(sample(context, array), math.floor(quart) / 4)


@excel("QUARTILE.EXC")
def quartile_exc(context: Context, array: Value, quart: Number) -> float:
    """Return the first, second or third quartile, the ends left out."""
    return _quantile_exc(sample(context, array), math.floor(quart) / 4)


def _quantile_inc(x: Floats, share: float) -> float:
    if not x.size or not 0 <= share <= 1:
        raise ExcelError(NUM)
    return _between(np.sort(x), share * (x.size - 1))


def _quantile_exc(x: Floats, share: float) -> float:
    position = share * (x.size + 1)
    if not 0 < share < 1 or not 1 <= position <= x.size:
        raise ExcelError(NUM)
    return _between(np.sort(x), position - 1)


def _between(ordered: Floats, position: float) -> float:
    """Return the number at a position, between two of them in proportion."""
    below = math.floor(position)
    low = float(ordered[below])
    return low + (position - below) * (float(ordered[below + 1]) - low) if position > below else low


@excel("PERCENTRANK.INC", "PERCENTRANK")
def percentrank_inc(context: Context, array: Value, x: Number, significance: Whole = 3) -> float:
    """Return the share of numbers below x, 0 for the smallest and 1 for the largest."""
    ordered = np.sort(sample(context, array))
    if ordered.size == 1 and ordered[0] == x:
        return 1.0
    return _cut(_position(ordered, x, significance) / max(ordered.size - 1, 1), significance)


@excel("PERCENTRANK.EXC")
def percentrank_exc(context: Context, array: Value, x: Number, significance: Whole = 3) -> float:
    """Return the share of numbers below x, 1/(n+1) for the smallest of n."""
    ordered = np.sort(sample(context, array))
    return _cut((_position(ordered, x, significance) + 1) / (ordered.size + 1), significance)


def _position(ordered: Floats, x: float, significance: int) -> float:
    """Return how many numbers are below x, between two of them in proportion."""
    if significance < 1 or not ordered.size:
        raise ExcelError(NUM)
    if not ordered[0] <= x <= ordered[-1]:
        raise ExcelError(NA)
    at = int(np.searchsorted(ordered, x))
    if ordered[at] == x:
        return at
    low, high = float(ordered[at - 1]), float(ordered[at])
    return at - 1 + (x - low) / (high - low)


def _cut(share: float, digits: int) -> float:
    """Return a share cut off after so many decimals."""
    if digits > 15:
        return share
    return float(int(decimal15(share).scaleb(digits)) / 10**digits)


@excel("FREQUENCY")
def frequency(data_array: Range, bins_array: Range) -> Values:
    """Return how many numbers fall up to each limit and above the one before it, and last how many exceed them all.

    Limits may stand in any order; of equal ones the first counts. No limits at all are one limit of 0.
    """
    x = numbers(data_array)
    limits = numbers(bins_array)
    if not limits.size:
        limits = np.zeros(1)
    levels, first = np.unique(limits, return_index=True)
    times = np.bincount(np.searchsorted(levels, x), minlength=levels.size + 1)
    out = np.zeros(limits.size + 1)
    out[first] = times[:-1]
    out[-1] = times[-1]
    return Values.numbers(out.reshape(-1, 1))


@excel("PROB")
def prob(x_range: Array, prob_range: Array, lower_limit: Number, upper_limit: Number | None = None) -> float:
    """Return the probability of values between two limits, or of one value."""
    if x_range.size != prob_range.size:
        raise ExcelError(NA)
    both = (x_range.kind.ravel() == Kind.NUMBER) & (prob_range.kind.ravel() == Kind.NUMBER)
    numbers(x_range), numbers(prob_range)  # their errors travel
    x, p = x_range.num.ravel()[both], prob_range.num.ravel()[both]
    if not x.size:
        raise ExcelError(DIV0)
    if (p <= 0).any() or (p > 1).any() or abs(total(p) - 1) > 1e-7:
        raise ExcelError(NUM)
    upper = lower_limit if upper_limit is None else upper_limit
    return total(p[(x >= lower_limit) & (x <= upper)])
