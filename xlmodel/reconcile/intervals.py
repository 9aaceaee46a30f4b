"""Exact arithmetic on intervals: what a result can be where each figure in it can be anything between two ends.

Ends are fractions, so that 0.1 + 0.2 is 0.3; only powers, EXP and LN are rounded, to 40 digits. An end can be infinite,
and all of it works on doubles too, where signs are all that is asked for.
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from math import exp, inf, isinf, log
from typing import NamedTuple

__all__ = ["End", "Interval", "NoResultError", "absolute", "exponential", "logarithm", "power", "size"]

End = Fraction | float
_WIDE = Context(prec=40, Emin=-999_999, Emax=999_999, traps=[InvalidOperation, DivisionByZero, Overflow])
_MOST_EXPONENT = 1_000
_LARGEST_EXPONENT = 709.0  #: beyond it, e to the power of a double is too large for one


class NoResultError(ArithmeticError):
    """There is no result: a division by 0, the logarithm of 0."""


class Interval(NamedTuple):
    """All numbers from `low` to `high`, both included.

    >>> Interval.of(Fraction(2)) - Interval(Fraction(0), Fraction(1))
    Interval(low=Fraction(1, 1), high=Fraction(2, 1))
    """

    low: End
    high: End

    @classmethod
    def of(cls, number: End) -> Interval:
        """Return the interval of one number."""
        return cls(number, number)

    @property
    def point(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def holds(self, number: End) -> bool:
        """Whether a number lies in it."""
        return self.low <= number <= self.high

    def meets(self, other: Interval) -> bool:
        """Whether both have a number in common."""
        return self.low <= other.high and other.low <= self.high

    def joined(self, other: Interval) -> Interval:
        """Return the smallest interval with both in it."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __add__(self, other: Interval) -> Interval:  # type: ignore[override]
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:  # type: ignore[override]
        if self.low == self.high and other.low == other.high:
            return Interval.of(_product(self.low, other.low))
        if self.low >= 0 and other.low >= 0:
            return Interval(_product(self.low, other.low), _product(self.high, other.high))
        ends = [_product(a, b) for a in self for b in other]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        return self * _reciprocal(other)


def _product(a: End, b: End) -> End:
    return Fraction(0) if a == 0 or b == 0 else a * b


def _reciprocal(x: Interval) -> Interval:
    if x.low == x.high == 0:
        raise NoResultError("divides by 0")
    if x.low < 0 < x.high:
        return Interval(-inf, inf)
    return Interval(-inf if x.high == 0 else _inverse(x.high), inf if x.low == 0 else _inverse(x.low))


def _inverse(end: End) -> End:
    return Fraction(0) if isinf(end) else 1 / end


def size(end: End) -> End:
    """Return a number without its sign."""
    return -end if end < 0 else end


def absolute(x: Interval) -> Interval:
    """Return the interval of sizes, signs left out."""
    if x.low >= 0:
        return x
    return -x if x.high <= 0 else Interval(Fraction(0), max(-x.low, x.high))


def exponential(x: Interval) -> Interval:
    """Return e to the power of an interval."""
    return Interval(_exp(x.low), _exp(x.high))


def _exp(end: End) -> End:
    if isinf(end):
        return inf if end > 0 else Fraction(0)
    if size(end) > _MOST_EXPONENT:
        return inf if end > 0 else Fraction(0)
    if isinstance(end, float):
        return exp(end) if end < _LARGEST_EXPONENT else inf
    if end == 0:
        return Fraction(1)
    return Fraction(_WIDE.exp(_decimal(end)))


def logarithm(x: Interval) -> Interval:
    """Return the natural logarithm of an interval; what lies at or below 0 has none."""
    if x.high <= 0:
        raise NoResultError("takes the logarithm of a figure that is not above 0")
    return Interval(-inf if x.low <= 0 else _ln(x.low), _ln(x.high))


def _ln(end: End) -> End:
    if isinf(end):
        return inf
    if isinstance(end, float):
        return log(end)
    return Fraction(0) if end == 1 else Fraction(_WIDE.ln(_decimal(end)))


def _decimal(end: Fraction) -> Decimal:
    return _WIDE.divide(Decimal(end.numerator), Decimal(end.denominator))


def power(base: Interval, exponent: Interval) -> Interval:
    """Return an interval to a power: exact where the power is a whole number.

    >>> power(Interval(Fraction(-1), Fraction(2)), Interval.of(Fraction(2)))
    Interval(low=Fraction(0, 1), high=Fraction(4, 1))
    """
    n = exponent.low
    if exponent.point and n == int(n) and size(n) <= _MOST_EXPONENT:
        return _whole_power(base, int(n))
    if base.low < 0 or (base.low == 0 and exponent.low <= 0):
        raise NoResultError("takes a power that is not a whole number of a figure that is not above 0")
    if base.low == 0:
        return Interval(Fraction(0), _exp((logarithm(Interval.of(base.high)) * exponent).high))
    return exponential(logarithm(base) * exponent)


def _whole_power(base: Interval, n: int) -> Interval:
    if n < 0:
        return _reciprocal(_whole_power(base, -n))
    if n == 0:
        return Interval.of(Fraction(1))
    within = absolute(base) if n % 2 == 0 else base
    return Interval(_raised(within.low, n), _raised(within.high, n))


def _raised(end: End, n: int) -> End:
    return end**n
