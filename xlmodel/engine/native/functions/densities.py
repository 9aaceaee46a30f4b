"""The Poisson and binomial densities, right to the last digits for large counts too.

The other densities follow from these two. Products of large powers and factorials are taken as the distance of a count
from its mean (C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000); counts need not be whole.
"""

from __future__ import annotations

import math

_HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def poisson_density(x: float, mean: float) -> float:
    """Return mean^x e^-mean / x!."""
    if mean == 0:
        return float(x == 0)
    if x == 0:
        return math.exp(-mean)
    return math.exp(-_stirling_error(x) - _deviance(x, mean)) / math.sqrt(2 * math.pi * x)


def binomial_density(x: float, n: float, p: float, q: float) -> float:
    """Return n! / (x! (n - x)!) p^x q^(n - x); `q` is 1 - p, given apart to keep its digits."""
    if p == 0 or q == 0:
        return float(x == (0 if p == 0 else n))
    if x == 0:
        return math.exp(n * (math.log1p(-p) if p < 0.5 else math.log(q)))
    if x == n:
        return math.exp(n * (math.log1p(-q) if q < 0.5 else math.log(p)))
    error = _stirling_error(n) - _stirling_error(x) - _stirling_error(n - x)
    distance = _deviance(x, n * p) + _deviance(n - x, n * q)
    return math.exp(error - distance) * math.sqrt(n / (2 * math.pi * x * (n - x)))


def _stirling_error(x: float) -> float:
    """Return by how much log x! differs from Stirling's formula."""
    if x < 16:
        return math.lgamma(x + 1) - (x + 0.5) * math.log(x) + x - _HALF_LOG_TWO_PI
    y = x * x
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * y)) / y) / y) / y) / x


def _deviance(x: float, mean: float) -> float:
    """Return x log(x / mean) + mean - x, without cancellation where the two are close."""
    if abs(x - mean) >= 0.1 * (x + mean):
        ratio = x / mean
        return (x * math.log(ratio) if ratio else 0.0) + mean - x
    v = (x - mean) / (x + mean)
    total = (x - mean) * v
    term = 2 * x * v
    for j in range(3, 27, 2):  # v is below 0.1: twelve terms are more than enough
        term *= v * v
        total += term / j
    return total
