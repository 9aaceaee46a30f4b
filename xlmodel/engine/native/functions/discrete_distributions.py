"""Distributions of counts, and permutations. Counts are cut to whole numbers, but a count below 0 is one error."""

from __future__ import annotations

import math

from xlmodel.engine.native.declaration import Logical, Number, excel
from xlmodel.engine.native.functions.beta_distributions import beta_cumulative
from xlmodel.engine.native.functions.densities import binomial_density, poisson_density
from xlmodel.engine.native.functions.gamma_distributions import gamma_tail
from xlmodel.engine.native.operands import NUM, ExcelError, UnsupportedError

_TIE = 1e-14  #: how close a distribution may come to a share from below and still count as having reached it
_MOST_TERMS = 10**10  #: with so many possible counts, about a million of them are not negligible


def _count(number: float) -> int:
    if number < 0:
        raise ExcelError(NUM)
    return int(number)


def _probability(p: float) -> float:
    if not 0 <= p <= 1:
        raise ExcelError(NUM)
    return p


@excel("POISSON.DIST", "POISSON")
def poisson_dist(x: Number, mean: Number, cumulative: Logical) -> float:
    """Return the Poisson distribution or the probability of one count."""
    count = _count(x)
    if mean < 0:
        raise ExcelError(NUM)
    return gamma_tail(mean, count + 1) if cumulative else poisson_density(count, mean)


def _binomial(successes: int, trials: int, p: float) -> float:
    """Return the probability of so many successes or fewer."""
    if successes < 0 or successes >= trials:
        return float(successes >= trials)
    return beta_cumulative(trials - successes, successes + 1, 1 - p, p)


@excel("BINOM.DIST", "BINOMDIST")
def binom_dist(number_s: Number, trials: Number, probability_s: Number, cumulative: Logical) -> float:
    """Return the binomial distribution or the probability of one number of successes."""
    successes, n, p = _count(number_s), _count(trials), _probability(probability_s)
    if successes > n:
        raise ExcelError(NUM)
    return _binomial(successes, n, p) if cumulative else binomial_density(successes, n, p, 1 - p)


@excel("BINOM.DIST.RANGE")
def binom_dist_range(trials: Number, probability_s: Number, number_s: Number, number_s2: Number | None = None) -> float:
    """Return the probability of a number of successes, or of one from the first to the second number."""
    n, p, least = _count(trials), _probability(probability_s), _count(number_s)
    most = least if number_s2 is None else _count(number_s2)
    if not least <= most <= n:
        raise ExcelError(NUM)
    if most == least:
        return binomial_density(least, n, p, 1 - p)
    return _binomial(most, n, p) - _binomial(least - 1, n, p)


@excel("BINOM.INV", "CRITBINOM")
def binom_inv(trials: Number, probability_s: Number, alpha: Number) -> int:
    """Return the smallest number of successes up to which the binomial distribution reaches a share."""
    n, p, share = _count(trials), _probability(probability_s), _probability(alpha)
    below, reached = -1, n
    while reached - below > 1:
        middle = (below + reached) // 2
        if _binomial(middle, n, p) >= share * (1 - _TIE):
            reached = middle
        else:
            below = middle
    return reached


def _negative_binomial(failures: float, successes: float, probability_s: float) -> tuple[int, int, float]:
    f, s, p = _count(failures), _count(successes), _probability(probability_s)
    if s < 1 or p == 0:
        raise ExcelError(NUM)
    return f, s, p


@excel("NEGBINOM.DIST")
def negbinom_dist(number_f: Number, number_s: Number, probability_s: Number, cumulative: Logical) -> float:
    """Return the distribution of the failures before a number of successes, or the probability of one number."""
    f, s, p = _negative_binomial(number_f, number_s, probability_s)
    return beta_cumulative(s, f + 1, p, 1 - p) if cumulative else binomial_density(s, f + s, p, 1 - p) * s / (f + s)


@excel("NEGBINOMDIST")
def negbinomdist(number_f: Number, number_s: Number, probability_s: Number) -> float:
    """Return the probability of a number of failures before a number of successes."""
    return float(negbinom_dist(number_f, number_s, probability_s, False))


def _hypergeometric(successes: int, sample: int, marked: int, population: int) -> float:
    """Return the probability that a sample without replacement has so many of the marked items."""
    if population == 0:
        return 1.0
    p = sample / population
    q = (population - sample) / population
    there = binomial_density(successes, marked, p, q)
    elsewhere = binomial_density(sample - successes, population - marked, p, q)
    return there * elsewhere / binomial_density(sample, population, p, q)


def _sum_hypergeometric(successes: int, sample: int, marked: int, population: int) -> float:
    """Return the probability of so many or fewer, added up from the largest term while it counts."""
    if min(sample, marked) > _MOST_TERMS:
        raise UnsupportedError("a hypergeometric distribution of so large a sample", "limit")
    term = total = _hypergeometric(successes, sample, marked, population)
    for k in range(successes, max(0, sample + marked - population), -1):
        term *= k * (population - marked - sample + k) / ((sample - k + 1) * (marked - k + 1))
        if not term >= total * 1e-17:
            break
        total += term
    return total


@excel("HYPGEOM.DIST")
def hypgeom_dist(
    sample_s: Number, number_sample: Number, population_s: Number, number_pop: Number, cumulative: Logical
) -> float:
    """Return the hypergeometric distribution or the probability of one number of successes in a sample."""
    k, sample, marked, population = _count(sample_s), _count(number_sample), _count(population_s), _count(number_pop)
    if sample > population or marked > population or k > min(sample, marked):
        raise ExcelError(NUM)
    if k < sample + marked - population:
        return 0.0
    if not cumulative:
        return _hypergeometric(k, sample, marked, population)
    if k == min(sample, marked):
        return 1.0
    if k * population > sample * marked:  # above the mean: 1 less the rest, which is the sum for the unmarked items
        return 1 - _sum_hypergeometric(sample - k - 1, sample, population - marked, population)
    return _sum_hypergeometric(k, sample, marked, population)


@excel("HYPGEOMDIST")
def hypgeomdist(sample_s: Number, number_sample: Number, population_s: Number, number_pop: Number) -> float:
    """Return the probability of a number of successes in a sample."""
    if int(sample_s) < int(number_sample) + int(population_s) - int(number_pop):
        raise ExcelError(NUM)
    return float(hypgeom_dist(sample_s, number_sample, population_s, number_pop, False))


@excel("PERMUT")
def permut(number: Number, number_chosen: Number) -> float:
    """Return in how many orders some of a number of items can be chosen."""
    n, k = _count(number), _count(number_chosen)
    if n == 0 or n < k:
        raise ExcelError(NUM)
    product = 1.0
    for i in range(n, n - k, -1):
        product *= i
        if product == math.inf:
            raise ExcelError(NUM)
    return product


@excel("PERMUTATIONA")
def permutationa(number: Number, number_chosen: Number) -> float:
    """Return in how many orders items can be chosen where each may come again."""
    return float(_count(number)) ** _count(number_chosen)
