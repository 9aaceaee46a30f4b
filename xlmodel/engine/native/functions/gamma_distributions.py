"""The gamma function and the distributions made of it: gamma, chi-squared, exponential and Weibull."""

from __future__ import annotations

import math

from xlmodel.engine.native.declaration import Logical, Number, excel
from xlmodel.engine.native.functions.densities import poisson_density
from xlmodel.engine.native.functions.special import special
from xlmodel.engine.native.operands import NUM, ExcelError

_MOST_FREEDOM = 1e10


@excel("GAMMA")
def gamma(number: Number) -> float:
    """Return the gamma function; it has poles at 0 and at negative whole numbers."""
    if number <= 0 and number == math.floor(number):
        raise ExcelError(NUM)
    return math.gamma(number)


@excel("GAMMALN", "GAMMALN.PRECISE")
def gammaln(x: Number) -> float:
    """Return the logarithm of the gamma function."""
    if x <= 0:
        raise ExcelError(NUM)
    return math.lgamma(x)


def gamma_cumulative(x: float, alpha: float) -> float:
    """Return the gamma distribution of scale 1."""
    return float(special().gammainc(alpha, x))


def gamma_tail(x: float, alpha: float) -> float:
    """Return what a gamma distribution of scale 1 leaves above a value."""
    return float(special().gammaincc(alpha, x))


def _density(x: float, alpha: float) -> float:
    """Return the density of the gamma distribution of scale 1; it has a pole at 0 where alpha is below 1."""
    if x > 0:
        return poisson_density(alpha, x) * alpha / x if x < math.inf else 0.0
    if alpha < 1:
        raise ExcelError(NUM)
    return float(alpha == 1)


@excel("GAMMA.DIST", "GAMMADIST")
def gamma_dist(x: Number, alpha: Number, beta: Number, cumulative: Logical) -> float:
    """Return the gamma distribution or its density."""
    if x < 0 or alpha <= 0 or beta <= 0:
        raise ExcelError(NUM)
    return gamma_cumulative(x / beta, alpha) if cumulative else _density(x / beta, alpha) / beta


@excel("GAMMA.INV", "GAMMAINV")
def gamma_inv(probability: Number, alpha: Number, beta: Number) -> float:
    """Return the value below which a share of a gamma distribution lies."""
    if not 0 <= probability < 1 or alpha <= 0 or beta <= 0:
        raise ExcelError(NUM)
    return float(special().gammaincinv(alpha, probability)) * beta


def freedom(deg_freedom: float, most: float = _MOST_FREEDOM) -> int:
    """Return degrees of freedom as a whole number."""
    if not 1 <= deg_freedom <= most:
        raise ExcelError(NUM)
    return int(deg_freedom)


@excel("CHISQ.DIST")
def chisq_dist(x: Number, deg_freedom: Number, cumulative: Logical) -> float:
    """Return the chi-squared distribution or its density."""
    return float(gamma_dist(x, freedom(deg_freedom) / 2, 2.0, cumulative))


@excel("CHISQ.DIST.RT", "CHIDIST")
def chisq_dist_rt(x: Number, deg_freedom: Number) -> float:
    """Return the right tail of the chi-squared distribution."""
    if x < 0:
        raise ExcelError(NUM)
    return gamma_tail(x / 2, freedom(deg_freedom) / 2)


@excel("CHISQ.INV")
def chisq_inv(probability: Number, deg_freedom: Number) -> float:
    """Return the value below which a share of a chi-squared distribution lies."""
    return float(gamma_inv(probability, freedom(deg_freedom) / 2, 2.0))


@excel("CHISQ.INV.RT", "CHIINV")
def chisq_inv_rt(probability: Number, deg_freedom: Number) -> float:
    """Return the value above which a share of a chi-squared distribution lies."""
    if not 0 < probability <= 1:
        raise ExcelError(NUM)
    return float(special().gammainccinv(freedom(deg_freedom) / 2, probability)) * 2


@excel("EXPON.DIST", "EXPONDIST")
def expon_dist(x: Number, lambda_: Number, cumulative: Logical) -> float:
    """Return the exponential distribution or its density."""
    if x < 0 or lambda_ <= 0:
        raise ExcelError(NUM)
    return -math.expm1(-lambda_ * x) if cumulative else lambda_ * math.exp(-lambda_ * x)


@excel("WEIBULL.DIST", "WEIBULL")
def weibull_dist(x: Number, alpha: Number, beta: Number, cumulative: Logical) -> float:
    """Return the Weibull distribution or its density."""
    if x < 0 or alpha <= 0 or beta <= 0:
        raise ExcelError(NUM)
    try:
        power = math.pow(x / beta, alpha)
    except OverflowError:
        return float(cumulative)
    if cumulative:
        return -math.expm1(-power)
    if x == 0 and alpha < 1:
        raise ExcelError(NUM)
    return alpha / beta * math.pow(x / beta, alpha - 1) * math.exp(-power)
