"""The normal and the lognormal distribution, and Fisher's transformation."""

from __future__ import annotations

import math

from xlmodel.engine.native.declaration import Logical, Number, excel
from xlmodel.engine.native.functions.special import special
from xlmodel.engine.native.operands import NUM, ExcelError


def _distribution(z: float) -> float:
    return float(special().ndtr(z))


def _density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def normal_quantile(probability: float) -> float:
    """Return the standard normal value below which a share of the distribution lies."""
    if not 0 < probability < 1:
        raise ExcelError(NUM)
    return float(special().ndtri(probability))


def _positive(standard_dev: float) -> float:
    if standard_dev <= 0:
        raise ExcelError(NUM)
    return standard_dev


@excel("NORM.DIST", "NORMDIST")
def norm_dist(x: Number, mean: Number, standard_dev: Number, cumulative: Logical) -> float:
    """Return the normal distribution or its density."""
    z = (x - mean) / _positive(standard_dev)
    return _distribution(z) if cumulative else _density(z) / standard_dev


@excel("NORM.INV", "NORMINV")
def norm_inv(probability: Number, mean: Number, standard_dev: Number) -> float:
    """Return the value below which a share of a normal distribution lies."""
    return mean + _positive(standard_dev) * normal_quantile(probability)


@excel("NORM.S.DIST")
def norm_s_dist(z: Number, cumulative: Logical) -> float:
    """Return the standard normal distribution or its density."""
    return _distribution(z) if cumulative else _density(z)


@excel("NORMSDIST")
def normsdist(z: Number) -> float:
    """Return the standard normal distribution."""
    return _distribution(z)


@excel("NORM.S.INV", "NORMSINV")
def norm_s_inv(probability: Number) -> float:
    """Return the value below which a share of the standard normal distribution lies."""
    return normal_quantile(probability)


@excel("PHI")
def phi(x: Number) -> float:
    """Return the density of the standard normal distribution."""
    return _density(x)


@excel("GAUSS")
def gauss(z: Number) -> float:
    """Return the standard normal distribution between 0 and a value."""
    return math.erf(z / math.sqrt(2)) / 2


@excel("LOGNORM.DIST")
def lognorm_dist(x: Number, mean: Number, standard_dev: Number, cumulative: Logical) -> float:
    """Return the lognormal distribution or its density."""
    if x <= 0:
        raise ExcelError(NUM)
    z = (math.log(x) - mean) / _positive(standard_dev)
    return _distribution(z) if cumulative else _density(z) / (standard_dev * x)


@excel("LOGNORMDIST")
def lognormdist(x: Number, mean: Number, standard_dev: Number) -> float:
    """Return the lognormal distribution."""
    return float(lognorm_dist(x, mean, standard_dev, True))


@excel("LOGNORM.INV", "LOGINV")
def lognorm_inv(probability: Number, mean: Number, standard_dev: Number) -> float:
    """Return the value below which a share of a lognormal distribution lies."""
    return math.exp(norm_inv(probability, mean, standard_dev))


@excel("FISHER")
def fisher(x: Number) -> float:
    """Return Fisher's transformation of a correlation."""
    if not -1 < x < 1:
        raise ExcelError(NUM)
    return 0.5 * math.log((1 + x) / (1 - x))  # Excel loses digits near 0


@excel("FISHERINV")
def fisherinv(y: Number) -> float:
    """Return the correlation of which Fisher's transformation is given."""
    if y > 20:
        return 1.0
    square = math.exp(2 * y)
    return (square - 1) / (square + 1)  # Excel loses digits near 0
