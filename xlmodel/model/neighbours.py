"""Statistical neighbours: their average, an authority's gap to it and rank among them, and the limits of chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, pdtr, pdtrc

from xlmodel.errors import KindError, NoDataError, ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient, running_sum
from xlmodel.model.domain import BoolArray, FloatArray, aligned, not_negative, real, refuse
from xlmodel.model.vectors import refuse_element
from xlmodel.model.words import choice, texts

__all__ = ["METHODS", "enough_neighbours", "funnel_limits", "sn_average", "sn_gap", "sn_rank"]

#: How neighbours are averaged.
METHODS = ("pooled", "mean", "median")

#: Of the ten statistical neighbours of an authority, how many must be there for an average to be shown unflagged.
_FEWEST = 5
_PER = 10_000.0
_FOLDED = np.frompyfunc(str.casefold, 1, 1)
_WIDEST = 37  #: standard deviations beyond which a probability has no digits left
_MOST_EXPECTED = 1e12  #: children, beyond which a count is no longer exact to one child
_MOST_FAR_OUT = 2e5  #: the same so far out that the tail is a series, of which 2,000 terms are added
_FAR_OUT = 4  #: standard deviations


def sn_average(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    method: ArrayLike = "pooled",
    names: ArrayLike | None = None,
    own_name: ArrayLike | None = None,
) -> FloatArray:
    """Return the average of the statistical neighbours.

    Parameters
    ----------
    values : array_like, shape (..., neighbours)
        One figure for each neighbour, without the authority's own. NaN is a missing one, which is skipped.
    weights : array_like, shape (..., neighbours), optional
        The denominators of `values`, such as populations, >= 0: needed where `method` is pooled, else not used. A
        neighbour without one is skipped.
    method : array_like of str
        ``pooled``, as though the neighbours were one authority; ``mean`` or ``median`` of the figures. Capitals do not
        matter.
    names : array_like of str, shape (..., neighbours), optional
        The neighbours' names, to hold `own_name` against.
    own_name : array_like of str, optional
        The authority itself, which must not be among its neighbours.

    Returns
    -------
    ndarray, unit of `values`

    Raises
    ------
    NoDataError
        No neighbour has a figure. Excel: #N/A.
    ZeroDenominatorError
        The weights of the neighbours that have figures are all 0. Excel: #DIV/0!.
    DomainError
        A weight < 0. Excel: #NUM!.
    KindError
        ``pooled`` without `weights`, an unknown method, or `own_name` among `names`, whose row is named.
        Excel: #VALUE!.
    ShapeError
        The vectors have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(sn_average([0.03, 0.16], [66, 80], "mean")), float(sn_average([0.25, 0.5], [60, 40]))
    (0.095, 0.35)

    References
    ----------
    docs/model.md, "Neighbours".
    """
    given = np.atleast_1d(real("values", values))
    how, v, w, own_at = aligned(
        {"method": choice("method", method, METHODS)},
        {
            "values": given,
            "weights": np.full(given.shape, np.nan) if weights is None else weights,
            "names": np.zeros(given.shape) if names is None else _own_among(names, own_name),
        },
    )
    is_pooled = how == METHODS.index("pooled")
    if weights is None:
        refuse(is_pooled, "weights must be given where method is pooled", "weights", error=KindError)
    if names is None:
        refuse(texts("own_name", own_name) != "", "names must be given where own_name is", "names", error=KindError)
    refuse_element(own_at == 1, "names must not hold the authority itself, as in row {}", "names", error=KindError)
    not_negative(core=1, weights=w)
    used = ~np.isnan(v) & ~(np.isnan(w) & is_pooled[..., None])
    n = used.sum(axis=-1)
    least = "values must have at least one figure, with its weight where method is pooled"
    refuse(n == 0, least, "values", error=NoDataError)
    figures, shares = np.where(used, v, 0.0), np.where(used & is_pooled[..., None], w, used)
    whole = running_sum(shares)[..., -1]
    refuse(whole == 0, "weights must not all be 0", "weights", error=ZeroDenominatorError)
    median = how == METHODS.index("median")
    return np.where(median, _median(np.where(used, v, np.nan), n), quotient(exact_dot(figures, shares), whole))


def _own_among(names: ArrayLike, own_name: ArrayLike | None) -> FloatArray:
    """Return 1 where a neighbour is the authority itself, else 0."""
    own = texts("own_name", own_name)
    refuse(own == "", "own_name must be given where names are", "own_name", error=KindError)
    among = np.atleast_1d(texts("names", names, core=1))
    return np.asarray(_FOLDED(among) == np.asarray(_FOLDED(own))[..., None], np.float64)


def _median(values: FloatArray, n: NDArray[np.intp]) -> FloatArray:
    ordered = np.sort(values, axis=-1)  # what is missing comes last
    low, high = (np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in ((n - 1) // 2, n // 2))
    return np.where(low == high, low, exact_sum(low, high) / 2)


def enough_neighbours(values: ArrayLike) -> BoolArray:
    """Return whether enough neighbours have a figure for their average to stand without a warning: five of the ten.

    Parameters
    ----------
    values : array_like, shape (..., neighbours)
        One figure for each neighbour. NaN is a missing one.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> bool(enough_neighbours([62, 71, None, None, None, None, 80, 66, None, None]))
    False

    References
    ----------
    docs/model.md, "Neighbours".
    """
    (v,) = aligned({}, {"values": values})
    return np.asarray((~np.isnan(v)).sum(axis=-1) >= _FEWEST)


def sn_gap(own: ArrayLike, average: ArrayLike, population: ArrayLike | None = None) -> tuple[FloatArray, FloatArray]:
    """Return how far an authority lies above the average of its neighbours, as a rate and in children.

    Parameters
    ----------
    own : array_like, per 10,000
        The authority's rate.
    average : array_like, per 10,000
        The neighbours' average.
    population : array_like, children, optional
        The authority's children aged 0 to 17, >= 0.

    Returns
    -------
    rate, children : ndarray, per 10,000 and children
        Negative below the average. `children` is NaN where `population` is missing.

    Raises
    ------
    DomainError
        `population` < 0. Excel: #NUM!.

    Examples
    --------
    >>> rate, children = sn_gap(82.8, 65, 49756.1)
    >>> float(rate), round(float(children), 1)
    (17.8, 88.6)

    References
    ----------
    docs/model.md, "Neighbours".
    """
    ours, theirs, people = aligned(
        {"own": own, "average": average, "population": np.nan if population is None else population}
    )
    not_negative(population=people)
    rate = difference(ours, theirs)
    return rate, quotient(exact_dot(rate[..., None], people[..., None]), np.asarray(_PER))


def sn_rank(own: ArrayLike, neighbours: ArrayLike, order: ArrayLike = 0) -> FloatArray:
    """Return the rank of an authority among itself and its neighbours.

    Parameters
    ----------
    own : array_like
        The authority's figure.
    neighbours : array_like, shape (..., neighbours), same unit
        One figure for each neighbour. NaN is a missing one, which is skipped.
    order : array_like of int
        0 ranks the highest first, 1 the lowest.

    Returns
    -------
    ndarray, rank
        1 is first. Equal figures share the higher place, and the places they fill are left out after it.

    Raises
    ------
    NoDataError
        No neighbour has a figure. Excel: #N/A.
    DomainError
        `order` is neither 0 nor 1. Excel: #NUM!.

    Examples
    --------
    >>> sn_rank(0.121, [0.032, 0.071, 0.11, 0.161, 0.077, 0.03], [0, 1])
    array([2., 6.])

    References
    ----------
    docs/model.md, "Neighbours".
    """
    ours, lowest_first, others = aligned({"own": own, "order": order}, {"neighbours": neighbours})
    refuse(~np.isin(lowest_first, (0, 1)) & ~np.isnan(lowest_first), "order must be 0 or 1", "order", lowest_first)
    known = ~np.isnan(others)
    refuse(~known.any(axis=-1), "neighbours must have at least one figure", "neighbours", error=NoDataError)
    above = difference(others, np.broadcast_to(ours[..., None], others.shape))
    ahead = np.where(lowest_first[..., None] == 1, above < 0, above > 0) & known
    missing = np.isnan(ours) | np.isnan(lowest_first)
    return np.where(missing, np.nan, 1.0 + ahead.sum(axis=-1))


def funnel_limits(rate_avg: ArrayLike, population: ArrayLike, z: ArrayLike = 1.96) -> tuple[FloatArray, FloatArray]:
    """Return between which rates an authority of a given size differs from an average by chance alone.

    Parameters
    ----------
    rate_avg : array_like, per 10,000
        The average rate, >= 0.
    population : array_like, children
        The authority's children aged 0 to 17, > 0.
    z : array_like
        Standard deviations of the normal distribution to either side, > 0 and <= 37: 1.96 leaves out 2.5 % at each end.

    Returns
    -------
    low, high : ndarray, per 10,000
        The rates of the smallest counts of children that a Poisson count with the expected mean does not exceed with
        a probability of at least Φ(−z) and Φ(z).

    Raises
    ------
    ZeroDenominatorError
        `population` is 0. Excel: #DIV/0!.
    DomainError
        `rate_avg` or `population` < 0, `z` not above 0 and at most 37, or more than 1E12 children expected, 200,000
        where `z` is above 4. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 2) for x in funnel_limits(65, 49756.1)]
    [58.08, 72.15]

    References
    ----------
    docs/model.md, "Neighbours".
    """
    rate, people, width = aligned({"rate_avg": rate_avg, "population": population, "z": z})
    not_negative(rate_avg=rate)
    refuse(people < 0, "population must be > 0", "population", people)
    refuse(people == 0, "population must be > 0", "population", people, error=ZeroDenominatorError)
    refuse((width <= 0) | (width > _WIDEST), f"z must be > 0 and <= {_WIDEST}", "z", width)
    expected = quotient(exact_dot(rate[..., None], people[..., None]), np.asarray(_PER))
    too_many = f"rate_avg must mean no more than {_MOST_EXPECTED:g} children in population"
    refuse(expected > _MOST_EXPECTED, too_many, "rate_avg", rate)
    far_out = f"rate_avg must mean no more than {_MOST_FAR_OUT:,.0f} children in population where z is above {_FAR_OUT}"
    refuse((expected > _MOST_FAR_OUT) & (width > _FAR_OUT), far_out, "rate_avg", rate)
    missing = np.isnan(expected) | np.isnan(width)
    mean, tail = np.where(missing, 1.0, expected), np.where(missing, 0.5, ndtr(-width))
    # The upper limit is sought in the upper tail, where a probability near 1 would have lost its digits.
    low = _smallest(lambda k: pdtr(k, mean) >= tail, np.rint(mean))
    high = _smallest(lambda k: pdtrc(k, mean) <= tail, np.rint(mean))
    low, high = (np.where(missing, np.nan, quotient(k, people, times=_PER)) for k in (low, high))
    return low, high


def _smallest(holds: Callable[[FloatArray], BoolArray], start: FloatArray) -> FloatArray:
    """Return the smallest whole number >= 0 from which on a condition holds, row by row."""
    high, step = start, 1.0
    while not (found := holds(high)).all():
        high, step = np.where(found, high, high + step), 2 * step
    low, step = high - 1, 1.0
    while (below := (low >= 0) & holds(low)).any():
        high = np.where(below, low, high)
        low, step = np.where(below, np.maximum(low - step, -1.0), low), 2 * step
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        found = (middle >= 0) & holds(np.maximum(middle, 0.0)) & (middle > low)
        high, low = np.where(found, middle, high), np.where(found, low, middle)
    return high
