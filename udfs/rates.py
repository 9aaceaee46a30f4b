"""Rates per 10,000 children, the populations they imply, and change."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import rates as model
from xlmodel.registry import Number, Numbers, Row, udf


@udf(
    native="""LAMBDA(count, population, [dp],
        IF(population = 0, #DIV/0!,
        IF(count > population, #NUM!,
        LET(rate, count * 10000 / population,
            IF(dp = "", rate, IF(UDF_.NOT_WHOLE(dp), #NUM!, ROUND(rate, dp)))))))"""
)
def rate_per_10k(
    count: Annotated[Numbers, Number("children", ge=0)],
    population: Annotated[Numbers, Number("children", ge=0)],
    dp: Annotated[Numbers | None, Number("decimal places", ge=-15, le=15)] = None,
) -> Annotated[Numbers, Number("per 10,000")]:
    """Return the rate of children per 10,000 of the population.

    Parameters
    ----------
    count : array_like, children
        Children counted, such as those looked after on 31 March.
    population : array_like, children
        Children aged 0 to 17 at the middle of the preceding calendar year.
    dp : array_like, decimal places, optional
        Decimal places to round to; if left out or blank, the rate is not rounded.

    Returns
    -------
    ndarray, per 10,000
        A half is rounded away from zero, as ROUND does.

    Raises
    ------
    ZeroDenominatorError
        The population is 0. Excel: #DIV/0!.
    DomainError
        A negative figure, a count above the population, or `dp` not a whole number from -15 to 15. Excel: #NUM!.

    Examples
    --------
    >>> float(rate_per_10k(412, 49756.1, 1))
    82.8

    In a cell: ``=CSC_RATE_PER_10K(412, 49756.1, 1)`` gives ``82.8``.

    In a column: ``=CSC_RATE_PER_10K(B5:B9, C$2)`` spills a rate for each count over one population.

    By hand
    -------
    ``=ROUND(B5/C5*10000,0)`` : whole rates hide which population is behind them. A deck prints 85 for 412 children, but
    on the population of its other rates, 49,756, they are 82.8.

    References
    ----------
    docs/model.md, "Rates".
    """
    return model.rate_per_10k(count, population, dp)


@udf(
    native="""LAMBDA(count, rate, [dp],
        IF(rate = 0, #DIV/0!,
        IF(OR(count = 0, UDF_.NOT_WHOLE(dp)), #NUM!,
        LET(half, UDF_.HALF_UNIT(dp), least, UDF_.PLUS(rate, -half), per, count * 10000,
            HSTACK(per / rate, per / UDF_.PLUS(rate, half), IF(least <= 0, NA(), per / least))))))"""
)
def implied_population(
    count: Annotated[Numbers, Number("children", ge=0)],
    rate: Annotated[Numbers, Number("per 10,000", ge=0)],
    dp: Annotated[Numbers, Number("decimal places", ge=-15, le=15)] = 0,
) -> Annotated[tuple[Numbers, ...], Row(point=Number("children"), low=Number("children"), high=Number("children"))]:
    """Return the population that a count and its printed rate imply, with the range that rounding leaves open.

    Parameters
    ----------
    count : array_like, children
        Children counted, taken as exact.
    rate : array_like, per 10,000
        The rate as printed.
    dp : array_like, decimal places
        Decimal places the rate is printed to; 0 if left out.

    Returns
    -------
    point, low, high : ndarray, children
        The population is above low and no more than high; high is #N/A where the rate is within half a unit of 0.

    Raises
    ------
    ZeroDenominatorError
        The rate is 0. Excel: #DIV/0!.
    DomainError
        A negative figure, a count of 0 at a rate above 0, or `dp` not a whole number from -15 to 15. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 1) for x in implied_population(539, 108)]
    [49907.4, 49677.4, 50139.5]

    In a cell: ``=INDEX(CSC_IMPLIED_POPULATION(539, 108),1)`` gives ``49907.4074074074``.

    Spilled, ``=CSC_IMPLIED_POPULATION(B5, C5)`` fills three cells side by side.

    By hand
    -------
    ``=539/108*10000`` : 49,907, as though the printed 108 were exact. Every population from 49,678 to 50,139 prints as
    108.

    References
    ----------
    docs/model.md, "Rates".
    """
    return model.implied_population(count, rate, dp)


@udf(
    native="""LAMBDA(counts, rates, dp,
        IF(OR(rates = 0), #DIV/0!,
        IF(OR(counts = 0, UDF_.NOT_WHOLE(dp)), #NUM!,
        LET(half, UDF_.HALF_UNIT(dp), least, UDF_.PLUS(rates, -half), per, counts * 10000,
            lows, per / UDF_.PLUS(rates, half), low, MAX(lows),
            highs, IF(least > 0, per / least, ""), limited, OR(least > 0), high, MIN(highs),
            IF(NOT(limited), HSTACK(low, NA()),
            IF(AND(low >= high, XMATCH(low, lows) <> XMATCH(high, highs)), NA(), HSTACK(low, high)))))))"""
)
def common_population(
    counts: Annotated[Numbers, Number("children", shape=("n",), ge=0)],
    rates: Annotated[Numbers, Number("per 10,000", shape=("n",), ge=0)],
    dp: Annotated[Numbers, Number("decimal places", shape=("n",), ge=-15, le=15)],
) -> Annotated[tuple[Numbers, ...], Row(low=Number("children"), high=Number("children"))]:
    """Return the range of populations that several counts and printed rates can share.

    Parameters
    ----------
    counts : array_like, shape (..., n), children
        Children counted, taken as exact.
    rates : array_like, shape (..., n), per 10,000
        The rates as printed, one for each count.
    dp : array_like, shape (..., n), decimal places
        Decimal places each rate is printed to.

    Returns
    -------
    low, high : ndarray, children
        The population is above low and no more than high; high is #N/A where no rate sets a limit.

    Raises
    ------
    NoDataError
        No population gives all the rates; the two rows that clash are named. Excel: #N/A.
    ZeroDenominatorError
        A rate is 0. Excel: #DIV/0!.
    DomainError
        A negative figure, a count of 0, or `dp` not a whole number from -15 to 15. Excel: #NUM!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> low, high = common_population([539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1])
    >>> round(float(low), 1), round(float(high), 1)
    (49677.4, 49877.8)

    In a cell: ``=INDEX(CSC_COMMON_POPULATION({539;487;140;102}, {108;98;28;20.5}, {0;0;0;1}),1)`` gives
    ``49677.4193548387``.

    Spilled, ``=CSC_COMMON_POPULATION(B5:B9, C5:C9, D5:D9)`` fills two cells side by side.

    By hand
    -------
    ``=AVERAGE(D5:D9)`` : the mean of the implied populations, 49,566, hides that the fifth rate, 85 for 412 children,
    has no population in common with the others.

    References
    ----------
    docs/model.md, "Rates".
    """
    return model.common_population(counts, rates, dp)


@udf(native="LAMBDA(rate, population, rate * population / 10000)")
def count_from_rate(
    rate: Annotated[Numbers, Number("per 10,000", ge=0)],
    population: Annotated[Numbers, Number("children", ge=0)],
) -> Annotated[Numbers, Number("children")]:
    """Return how many children a rate per 10,000 means.

    Parameters
    ----------
    rate : array_like, per 10,000
        The rate; a printed one gives no count that can be priced.
    population : array_like, children
        Children aged 0 to 17.

    Returns
    -------
    ndarray, children
        Not rounded.

    Raises
    ------
    DomainError
        A negative figure. Excel: #NUM!.

    Examples
    --------
    >>> float(count_from_rate(85, 49756.1))
    422.92685

    In a cell: ``=CSC_COUNT_FROM_RATE(85, 49756.1)`` gives ``422.92685``.

    In a column: ``=CSC_COUNT_FROM_RATE(B5:B9, C$2)`` spills a count for each rate.

    By hand
    -------
    ``=85*49756.1/10000`` : the same product, priced. The printed 85 makes 422.9 children where 412 were counted: eleven
    children too many, £0.49m at £44,536 each. Take the count where there is one.

    References
    ----------
    docs/model.md, "Rates".
    """
    return model.count_from_rate(rate, population)


@udf(native="LAMBDA(old, new, IF(old = 0, #DIV/0!, UDF_.PLUS(new, -old) / ABS(old)))")
def pct_change(
    old: Annotated[Numbers, Number("any")],
    new: Annotated[Numbers, Number("any")],
) -> Annotated[Numbers, Number("fraction")]:
    """Return the change from an old to a new figure as a fraction of the old one.

    Parameters
    ----------
    old : array_like
        The figure before.
    new : array_like, same unit
        The figure after.

    Returns
    -------
    ndarray, fraction
        0.5 is 50 %; positive for a rise.

    Raises
    ------
    ZeroDenominatorError
        The old figure is 0. Excel: #DIV/0!.

    Examples
    --------
    >>> float(pct_change(44, 66))
    0.5

    In a cell: ``=CSC_PCT_CHANGE(44, 66)`` gives ``0.5``.

    In a column: ``=CSC_PCT_CHANGE(B5:B8, B6:B9)`` spills the change from each year to the next.

    By hand
    -------
    ``=(C5-B5)/C5`` : divides by the new figure. From £44m to £66m it gives 33 %; the budget grew by 50 %.

    References
    ----------
    docs/model.md, "Rates".
    """
    return model.pct_change(old, new)
