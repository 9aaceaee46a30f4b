"""The beta distribution and those made of it: Student's t and Fisher's F."""

from __future__ import annotations

import math

from xlmodel.engine.native.declaration import Logical, Number, excel
from xlmodel.engine.native.functions.densities import binomial_density
from xlmodel.engine.native.functions.gamma_distributions import freedom
from xlmodel.engine.native.functions.special import special
from xlmodel.engine.native.operands import DIV0, NUM, ExcelError


def beta_cumulative(alpha: float, beta: float, x: float, rest: float) -> float:
    """Return the beta distribution from 0 to 1; `rest` is 1 - x, given apart to keep its digits."""
    return float(special().betainc(alpha, beta, x) if x < 0.5 else special().betaincc(beta, alpha, rest))


def _beta_quantile(alpha: float, beta: float, probability: float) -> tuple[float, float]:
    """Return the value below which a share of a beta distribution from 0 to 1 lies, and 1 less that value."""
    x, rest = special().betaincinv(alpha, beta, probability), special().betainccinv(beta, alpha, probability)
    return (float(x), 1 - float(x)) if x < 0.5 else (1 - float(rest), float(rest))


@excel("BETA.DIST")
def beta_dist(x: Number, alpha: Number, beta: Number, cumulative: Logical, a: Number = 0.0, b: Number = 1.0) -> float:
    """Return the beta distribution or its density."""
    if alpha <= 0 or beta <= 0 or not a <= x <= b or a == b:
        raise ExcelError(NUM)
    share, rest = (x - a) / (b - a), (b - x) / (b - a)
    if cumulative:
        return beta_cumulative(alpha, beta, share, rest)
    if share > 0 and rest > 0:
        slope = alpha * beta / (alpha + beta) / (share * rest * (b - a))
        return binomial_density(alpha, alpha + beta, share, rest) * slope
    power = alpha if share == 0 else beta
    if power < 1:
        raise ExcelError(NUM)
    return (beta if share == 0 else alpha) / (b - a) if power == 1 else 0.0


@excel("BETADIST")
def betadist(x: Number, alpha: Number, beta: Number, a: Number = 0.0, b: Number = 1.0) -> float:
    """Return the beta distribution."""
    return float(beta_dist(x, alpha, beta, True, a, b))


@excel("BETA.INV", "BETAINV")
def beta_inv(probability: Number, alpha: Number, beta: Number, a: Number = 0.0, b: Number = 1.0) -> float:
    """Return the value below which a share of a beta distribution lies."""
    if alpha <= 0 or beta <= 0 or not 0 < probability <= 1 or a >= b:
        raise ExcelError(NUM)
    return a + (b - a) * _beta_quantile(alpha, beta, probability)[0]


def t_two_tails(x: float, df: float) -> float:
    """Return what Student's distribution leaves beyond x and -x."""
    square = x * x
    if square == math.inf:
        return 0.0
    return beta_cumulative(df / 2, 0.5, df / (df + square), square / (df + square))


def t_quantile(two_tails: float, df: float) -> float:
    """Return the value beyond which, in both directions, a share of Student's distribution lies."""
    inner, outer = _beta_quantile(df / 2, 0.5, two_tails)
    if inner == 0:
        raise ExcelError(NUM)
    return math.sqrt(df * outer / inner)


@excel("T.DIST")
def t_dist(x: Number, deg_freedom: Number, cumulative: Logical) -> float:
    """Return Student's distribution or its density."""
    if not cumulative and 0 <= deg_freedom < 1:
        raise ExcelError(DIV0)
    df = freedom(deg_freedom, math.inf)
    if cumulative:
        tail = t_two_tails(x, df) / 2
        return 1 - tail if x > 0 else tail
    scale = special().betaln(df / 2, 0.5) + math.log(df) / 2
    return math.exp(-scale - (df + 1) / 2 * math.log1p(x * x / df))


@excel("T.DIST.RT")
def t_dist_rt(x: Number, deg_freedom: Number) -> float:
    """Return the right tail of Student's distribution."""
    return float(t_dist(-x, deg_freedom, True))


@excel("T.DIST.2T")
def t_dist_2t(x: Number, deg_freedom: Number) -> float:
    """Return both tails of Student's distribution."""
    if x < 0:
        raise ExcelError(NUM)
    return t_two_tails(x, freedom(deg_freedom, math.inf))


@excel("TDIST")
def tdist(x: Number, deg_freedom: Number, tails: Number) -> float:
    """Return one or both tails of Student's distribution."""
    if x < 0 or int(tails) not in (1, 2):
        raise ExcelError(NUM)
    return t_two_tails(x, freedom(deg_freedom, math.inf)) * int(tails) / 2


@excel("T.INV")
def t_inv(probability: Number, deg_freedom: Number) -> float:
    """Return the value below which a share of Student's distribution lies."""
    if not 0 < probability < 1:
        raise ExcelError(NUM)
    value = t_quantile(2 * min(probability, 1 - probability), freedom(deg_freedom, math.inf))
    return -value if probability < 0.5 else value


@excel("T.INV.2T", "TINV")
def t_inv_2t(probability: Number, deg_freedom: Number) -> float:
    """Return the value beyond which, in both directions, a share of Student's distribution lies."""
    if not 0 < probability <= 1:
        raise ExcelError(NUM)
    return t_quantile(probability, freedom(deg_freedom, math.inf))


@excel("F.DIST")
def f_dist(x: Number, deg_freedom1: Number, deg_freedom2: Number, cumulative: Logical) -> float:
    """Return the F distribution or its density."""
    d1, d2 = freedom(deg_freedom1), freedom(deg_freedom2)
    if x < 0:
        raise ExcelError(NUM)
    share, rest = d1 * x / (d1 * x + d2), d2 / (d1 * x + d2)
    if cumulative:
        return beta_cumulative(d1 / 2, d2 / 2, share, rest)
    if x > 0:
        return binomial_density(d1 / 2, (d1 + d2) / 2, share, rest) * d1 * d2 / (2 * (d1 + d2) * x)
    if d1 == 1:
        raise ExcelError(NUM)
    return float(d1 == 2)


@excel("F.DIST.RT", "FDIST")
def f_dist_rt(x: Number, deg_freedom1: Number, deg_freedom2: Number) -> float:
    """Return the right tail of the F distribution."""
    d1, d2 = freedom(deg_freedom1), freedom(deg_freedom2)
    if x < 0:
        raise ExcelError(NUM)
    return beta_cumulative(d2 / 2, d1 / 2, d2 / (d1 * x + d2), d1 * x / (d1 * x + d2))


@excel("F.INV")
def f_inv(probability: Number, deg_freedom1: Number, deg_freedom2: Number) -> float:
    """Return the value below which a share of an F distribution lies."""
    d1, d2 = freedom(deg_freedom1), freedom(deg_freedom2)
    if not 0 <= probability < 1:
        raise ExcelError(NUM)
    x, rest = _beta_quantile(d1 / 2, d2 / 2, probability)
    return d2 * x / (d1 * rest) if rest else math.inf


@excel("F.INV.RT", "FINV")
def f_inv_rt(probability: Number, deg_freedom1: Number, deg_freedom2: Number) -> float:
    """Return the value above which a share of an F distribution lies."""
    d1, d2 = freedom(deg_freedom1), freedom(deg_freedom2)
    if not 0 < probability <= 1:
        raise ExcelError(NUM)
    x, rest = _beta_quantile(d2 / 2, d1 / 2, probability)
    return d2 * rest / (d1 * x) if x else math.inf
