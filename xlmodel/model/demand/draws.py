"""Random numbers of children by inversion: one uniform number gives one draw, and a higher chance no lower one.

Two scenarios that are given the same uniform numbers therefore meet the same luck, and what is left between them is
the scenarios' doing. Generators that reject and draw again do not promise that.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr

from xlmodel.model.domain import FloatArray

__all__ = ["binomial", "poisson", "triangular"]

Counts = NDArray[np.int64]

#: Standard deviations below the mean where a search starts, and above it where it ends: what lies beyond has a chance
#: of less than 1e-14, about the error of a sum of chances.
_BELOW, _ABOVE, _MORE = 9.0, 8.0, 12.0
#: Where this part of the draws is left, the search goes on with those alone.
_FEW = 8
#: The hazard at which as many leave as stay.
_EVENS = float(np.log(2.0))
#: The largest number below 1.
_LAST = 1.0 - 2.0**-53


def binomial(u: FloatArray, trials: Counts, hazard: FloatArray | float) -> Counts:
    """Return how many of `trials` children leave.

    Parameters
    ----------
    u : ndarray, shape (n,)
        Uniform numbers, from 0 up to but not 1.
    trials : ndarray of int, shape (n,), children
    hazard : ndarray, shape (n,), or float
        What a constant hazard adds up to, >= 0: a child leaves with a chance of 1 - exp(-hazard); infinite is surely.

    Returns
    -------
    ndarray of int, shape (n,), children

    Examples
    --------
    >>> binomial(np.array([0.2, 0.5, 0.8]), np.array([100, 100, 100]), 0.05).tolist()
    [3, 5, 7]
    """
    mostly = np.asarray(hazard) > _EVENS
    if not mostly.any():
        return _successes(u, trials, hazard)
    # Where more leave than stay, those who stay are counted: the search is shorter, and its terms never grow.
    staying = -np.log(-np.expm1(-np.where(mostly, hazard, _EVENS)))
    counted = _successes(np.where(mostly, np.minimum(1.0 - u, _LAST), u), trials, np.where(mostly, staying, hazard))
    return np.where(mostly, trials - counted, counted)


def _successes(u: FloatArray, trials: Counts, hazard: FloatArray | float) -> Counts:
    """Return a binomial draw whose chance is no more than a half."""
    chance = -np.expm1(-hazard)
    odds = chance / (1.0 - chance)
    expected = np.asarray(trials * chance, np.float64)
    start = _start(expected)
    kept = trials - start
    if np.ndim(start):
        ways = gammaln(trials + 1.0) - gammaln(start + 1.0) - gammaln(kept + 1.0)
        first = np.exp(ways + start * np.log(np.where(start > 0, chance, 1.0)) - kept * hazard)
    else:
        first = np.exp(-trials * hazard)
    drawn = _inverted(u, first, np.asarray(kept * odds, np.float64), odds, start, expected)
    return np.minimum(drawn, trials)


def poisson(u: FloatArray, mean: FloatArray | float) -> Counts:
    """Return numbers of children who start when so many are expected.

    Parameters
    ----------
    u : ndarray, shape (n,)
        Uniform numbers, from 0 up to but not 1.
    mean : ndarray, shape (n,), or float, children
        >= 0.

    Returns
    -------
    ndarray of int, shape (n,), children

    Examples
    --------
    >>> poisson(np.array([0.2, 0.5, 0.8]), 5.0).tolist()
    [3, 5, 7]
    """
    if np.ndim(mean) == 0:
        last = int(mean + _ABOVE * np.sqrt(mean) + _MORE)
        return np.searchsorted(pdtr(np.arange(last), float(mean)), u, side="right")
    means = np.asarray(mean, np.float64)
    start = _start(means)
    if np.ndim(start):
        first = np.exp(start * np.log(np.where(start > 0, means, 1.0)) - means - gammaln(start + 1.0))
    else:
        first = np.exp(-means)
    return _inverted(u, first, means.copy(), 0.0, start, means)


def triangular(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """Return draws between `low` and `high`, most often near `mode`; low < high.

    >>> triangular(np.array([0.0, 0.5, 0.875]), 0.0, 1.0, 2.0).tolist()
    [0.0, 1.0, 1.5]
    """
    width, before, after = high - low, mode - low, high - mode
    rising, falling = np.sqrt(u * width * before), np.sqrt((1.0 - u) * width * after)
    return np.where(u * width < before, low + rising, high - falling)


def _start(mean: FloatArray) -> FloatArray | float:
    """Return the counts to search from: 0, unless so few are next to impossible."""
    if mean.max(initial=0.0) <= _BELOW**2:
        return 0.0
    return np.asarray(np.maximum(np.floor(mean - _BELOW * np.sqrt(mean)), 0.0))


def _inverted(
    u: FloatArray,
    first: FloatArray,
    weight: FloatArray,
    fall: FloatArray | float,
    start: FloatArray | float,
    mean: FloatArray,
) -> Counts:
    """Return the least count whose cumulative chance exceeds u.

    The chance of `start` is `first`; that of k + 1 is that of k times (weight - (k - start) fall) / (k + 1).
    """
    most = mean.max(initial=0.0)
    further = most if isinstance(start, float) else (mean - start).max()
    found = _further(u.copy(), first, weight, fall, start, int(further + _ABOVE * np.sqrt(most) + _MORE))
    return np.asarray(start, np.int64) + found


def _further(
    left: FloatArray,
    chance: FloatArray,
    weight: FloatArray,
    fall: FloatArray | float,
    count: FloatArray | float,
    steps: int,
) -> NDArray[np.int32]:
    """Return how far above `count` the search ends; the arrays are used up."""
    found = np.zeros(len(left), np.int32)
    for step in range(steps):
        left -= chance
        beyond = left >= 0
        many = np.count_nonzero(beyond)
        if not many:
            break
        found += beyond
        count = count + 1.0
        chance *= weight
        chance /= count
        weight -= fall
        if many * _FEW < len(left):
            at = np.flatnonzero(beyond)
            fall, count = (x[at] if isinstance(x, np.ndarray) else x for x in (fall, count))
            found[at] += _further(left[at], chance[at], weight[at], fall, count, steps - step - 1)
            break
    return found
