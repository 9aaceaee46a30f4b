"""Statistical neighbours: their average, the gap to it, the rank among them, and the limits of chance."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import neighbours as model
from xlmodel.registry import Number, Numbers, Row, Word, Words, udf


@udf(
    native="""LAMBDA(values, [weights], [method], [names], [own_name],
        LET(pooled, method = "pooled", is_own, AND(NOT(no_names), OR(names = own_name)),
            IF(OR(AND(pooled, no_weights), no_names <> (own_name = ""), is_own), #VALUE!,
            LET(used, ISNUMBER(values) * IF(pooled, ISNUMBER(weights), 1),
                IF(SUM(used) = 0, NA(),
                IF(method = "median", MEDIAN(IF(used, values, "")),
                LET(shares, IF(used, IF(pooled, weights, 1), 0), whole, SUM(shares),
                    IF(whole = 0, #DIV/0!, UDF_.SUM(IF(used, values, 0) * shares) / whole))))))))"""
)
def sn_average(
    values: Annotated[Numbers, Number("any", shape=("n",), blank="nan")],
    weights: Annotated[Numbers | None, Number("any", shape=("n",), ge=0, blank="nan")] = None,
    method: Annotated[Words, Word("pooled", "mean", "median")] = "pooled",
    names: Annotated[Words | None, Word(shape=("n",), blank="nan")] = None,
    own_name: Annotated[Words, Word()] = "",
) -> Annotated[Numbers, Number("as values")]:
    """Return the average of the statistical neighbours: pooled, mean or median.

    Parameters
    ----------
    values : array_like, shape (..., n)
        One figure for each neighbour, without your own authority; a blank one is skipped.
    weights : array_like, shape (..., n), optional
        What each figure is per, such as the population or the budget; needed for "pooled". A neighbour without one is
        skipped.
    method : array_like of str
        "pooled" as though the neighbours were one authority, "mean" or "median" of their figures; "pooled" if left out.
    names : array_like of str, shape (..., n), optional
        The neighbours' names, if your own authority is to be looked for among them.
    own_name : array_like of str
        The name of your own authority: found among the names, it is an error.

    Returns
    -------
    ndarray, unit of `values`
        Over the neighbours that have a figure; with fewer than five of the ten, say so beside it.

    Raises
    ------
    NoDataError
        No neighbour has a figure. Excel: #N/A.
    ZeroDenominatorError
        All weights are 0. Excel: #DIV/0!.
    DomainError
        A negative weight. Excel: #NUM!.
    KindError
        "pooled" without weights, an unknown method, or your own authority among the names, whose row is named.
        Excel: #VALUE!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(sn_average([0.25, 0.5], [60, 40])), float(sn_average([0.25, 0.5], None, "mean"))
    (0.35, 0.375)

    In a cell: ``=CSC_SN_AVERAGE({0.25;0.5}, {60;40})`` gives ``0.35``. Unweighted,
    ``=CSC_SN_AVERAGE({0.25;0.5}, {60;40}, "mean")`` gives ``0.375``.

    By hand
    -------
    ``=AVERAGE(B5:B10)`` : a small neighbour weighs as much as a large one. Six neighbours spend £1,365 a child on that
    reading and £1,300 when pooled, so that £1,290 is 5.5 % below them or 0.7 %.

    References
    ----------
    docs/model.md, "Neighbours".
    """
    return model.sn_average(values, weights, method, names, own_name)


@udf(
    native="""LAMBDA(own, average, [population],
        LET(rate, UDF_.PLUS(own, -average),
            HSTACK(rate, IF(population = "", NA(), rate * population / 10000))))"""
)
def sn_gap(
    own: Annotated[Numbers, Number("per 10,000")],
    average: Annotated[Numbers, Number("per 10,000")],
    population: Annotated[Numbers | None, Number("children", ge=0)] = None,
) -> Annotated[tuple[Numbers, ...], Row(rate=Number("per 10,000"), children=Number("children"))]:
    """Return how far an authority is above the average of its neighbours: as a rate, and in children.

    Parameters
    ----------
    own : array_like, per 10,000
        Your own rate.
    average : array_like, per 10,000
        The neighbours' average, without your own authority in it.
    population : array_like, children, optional
        Your children aged 0 to 17; if left out, the gap in children is #N/A.

    Returns
    -------
    rate, children : ndarray, per 10,000 and children
        Negative below the average. The children are how many fewer there would be at the neighbours' rate.

    Raises
    ------
    DomainError
        A negative population. Excel: #NUM!.

    Examples
    --------
    >>> rate, children = sn_gap(82.8, 65, 49756.1)
    >>> float(rate), round(float(children), 2)
    (17.8, 88.57)

    In a cell: ``=INDEX(CSC_SN_GAP(82.8, 65, 49756.1),2)`` gives ``88.57``.

    Spilled, ``=CSC_SN_GAP(B5, B16, C5)`` fills two cells side by side.

    By hand
    -------
    ``=B5-AVERAGE(B5:B15)`` : the authority is in the average and pulls it up. Ten neighbours at 65 and its own 82.8
    make 66.6; the gap is 16.2 where it is 17.8, and 8 children of 89 are lost.

    References
    ----------
    docs/model.md, "Neighbours".
    """
    return model.sn_gap(own, average, population)


@udf(
    native="""LAMBDA(own, neighbours, [order],
        IF(UDF_.NOT_WHOLE(order), #NUM!,
        IF(NOT(OR(ISNUMBER(neighbours))), NA(),
        LET(above, IF(ISNUMBER(neighbours), UDF_.PLUS(neighbours, -own), 0),
            1 + IF(order = 1, SUM(--(above < 0)), SUM(--(above > 0)))))))"""
)
def sn_rank(
    own: Annotated[Numbers, Number("any")],
    neighbours: Annotated[Numbers, Number("any", shape=("n",), blank="nan")],
    order: Annotated[Numbers, Number("0 or 1", ge=0, le=1)] = 0,
) -> Annotated[Numbers, Number("rank")]:
    """Return an authority's rank among itself and its neighbours.

    Parameters
    ----------
    own : array_like
        Your own figure.
    neighbours : array_like, shape (..., n), same unit
        One figure for each neighbour, without your own authority; a blank one is skipped.
    order : array_like
        0 ranks the highest first, 1 the lowest; 0 if left out.

    Returns
    -------
    ndarray, rank
        1 is first; equal figures share the higher place.

    Raises
    ------
    NoDataError
        No neighbour has a figure. Excel: #N/A.
    DomainError
        An order that is neither 0 nor 1. Excel: #NUM!.

    Examples
    --------
    >>> float(sn_rank(0.121, [0.032, 0.071, 0.11, 0.161, 0.077, 0.03]))
    2.0

    In a cell: ``=CSC_SN_RANK(0.121, {0.032;0.071;0.11;0.161;0.077;0.03})`` gives ``2``. From the lowest,
    ``=CSC_SN_RANK(0.121, {0.032;0.071;0.11;0.161;0.077;0.03}, 1)`` gives ``6``.

    By hand
    -------
    ``=RANK(B5,B6:B11)`` : is #N/A unless a neighbour has the same figure, because RANK looks for it in the range. With
    0 typed for a neighbour's missing figure, everybody is one place further from the bottom.

    References
    ----------
    docs/model.md, "Neighbours".
    """
    return model.sn_rank(own, neighbours, order)


@udf(
    native="""LAMBDA(rate_avg, population, [z],
        IF(population = 0, #DIV/0!,
        LET(mean, rate_avg * population / 10000,
            IF(OR(mean > 1000000000000, AND(mean > 200000, z > 4)), #NUM!,
            IF(mean = 0, HSTACK(0, 0),
            LET(tail, NORM.S.DIST(-z, TRUE), wide, 2 * (z + 2), reach, wide * SQRT(mean),
                smallest, LAMBDA(below, above, holds,
                    TAKE(REDUCE(HSTACK(below, above), SEQUENCE(INT(LOG10(above - below) * 3.33) + 2),
                        LAMBDA(ends, step, LET(
                            no, TAKE(ends, 1, 1), yes, TAKE(ends, 1, -1), middle, INT((no + yes) / 2),
                            IF(yes - no <= 1, ends, IF(holds(middle), HSTACK(no, middle), HSTACK(middle, yes)))))),
                        1, -1)),
                low, smallest(MAX(-1, INT(mean - reach) - 1), INT(mean) + 1,
                    LAMBDA(children, POISSON.DIST(children, mean, TRUE) >= tail)),
                high, smallest(MAX(-1, INT(mean) - 2), INT(mean + reach + wide * wide) + 1,
                    LAMBDA(children, GAMMA.DIST(mean, children + 1, 1, TRUE) <= tail)),
                HSTACK(low, high) * 10000 / population))))))"""
)
def funnel_limits(
    rate_avg: Annotated[Numbers, Number("per 10,000", ge=0)],
    population: Annotated[Numbers, Number("children", ge=0)],
    z: Annotated[Numbers, Number("standard deviations", gt=0, le=37)] = 1.96,
) -> Annotated[tuple[Numbers, ...], Row(low=Number("per 10,000"), high=Number("per 10,000"))]:
    """Return between which rates an authority differs from an average by chance alone.

    Parameters
    ----------
    rate_avg : array_like, per 10,000
        The average rate that the funnel is drawn about.
    population : array_like, children
        Children aged 0 to 17 of the authority; a small one has wide limits.
    z : array_like, standard deviations
        How wide the limits are: 1.96 leaves 2.5 % outside at each end, 3 about one in 740.

    Returns
    -------
    low, high : ndarray, per 10,000
        A rate between the two, ends included, is no evidence of a difference.

    Raises
    ------
    ZeroDenominatorError
        The population is 0. Excel: #DIV/0!.
    DomainError
        A negative figure, `z` not above 0 and at most 37, or more than 1E12 children expected, 200,000 where `z` is
        above 4. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 2) for x in funnel_limits(65, 49756.1)]
    [58.08, 72.15]

    In a cell: ``=INDEX(CSC_FUNNEL_LIMITS(65, 49756.1),1)`` gives ``58.08``.

    For a chart, ``=CSC_FUNNEL_LIMITS(F$1, C5)`` filled down beside the populations, two cells each.

    By hand
    -------
    ``=65+1.96*SQRT(65*10000/500)`` : a normal limit, but counts of children are not normal. At a population of 500 it
    is 135.7, and chance alone lifts 4.8 % of such areas above it, not 2.5 %; the lower one is -5.7.

    References
    ----------
    docs/model.md, "Neighbours".
    """
    return model.funnel_limits(rate_avg, population, z)
