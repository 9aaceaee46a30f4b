"""The year in progress: run rates, outturn, variance, mitigation, and what chance leaves open."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import inyear, uncertainty
from xlmodel.registry import Date, Number, Numbers, Row, Year, udf


@udf(
    native="""LAMBDA(ytd, as_at, fy, [profile],
        LET(first, DATE(fy, 4, 1), length, DATE(fy + 1, 4, 1) - first, passed, as_at - first + 1,
            IF(OR(passed <= 0, AND(profile <> "", profile = 0)), #DIV/0!,
            IF(passed >= length, ytd, IF(profile = "", ytd * length / passed, ytd / profile)))))"""
)
def run_rate(
    ytd: Annotated[Numbers, Number("as input")],
    as_at: Annotated[Numbers, Date()],
    fy: Annotated[Numbers, Year()],
    profile: Annotated[Numbers | None, Number("fraction", ge=0, le=1)] = None,
) -> Annotated[Numbers, Number("as input")]:
    """Return the full-year figure that a year-to-date figure is running to.

    Parameters
    ----------
    ytd : array_like
        The figure from 1 April to the end of the as-at day.
    as_at : array_like of dates
        The last day that is counted.
    fy : array_like of financial years
        The financial year, as "2023/24" or as 2023.
    profile : array_like, fraction, optional
        Share of the year's total expected by then; if left out, spread evenly over the days.

    Returns
    -------
    ndarray, unit of `ytd`
        From 31 March on, the figure itself.

    Raises
    ------
    ZeroDenominatorError
        The as-at day is before the year: no day has passed; or the profile is 0. Excel: #DIV/0!.
    DomainError
        A profile outside 0 to 1. Excel: #NUM!.
    KindError
        Not a date, or not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> float(run_rate(28, "2023-11-30", 2023))
    42.0

    In a cell: ``=CSC_RUN_RATE(28, DATE(2023,11,30), "2023/24")`` gives ``42``.

    By hand
    -------
    ``=B5*52/35`` : 28 by 30 November, week 35 of 52, runs to 41.6; by days, 244 of 366, it is 42.0. Whole weeks and
    twelfths also hide on which day a figure was taken.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.run_rate(ytd, as_at, fy, profile)


@udf(
    native="""LAMBDA(ytd, full_year, [dp],
        IF(full_year = 0, #DIV/0!,
        IF(UDF_.NOT_WHOLE(dp), #NUM!,
        LET(half, UDF_.HALF_UNIT(dp), least, UDF_.PLUS(full_year, -half), months, ytd * 12,
            HSTACK(months / full_year, months / UDF_.PLUS(full_year, half), IF(least <= 0, NA(), months / least))))))"""
)
def period_implied(
    ytd: Annotated[Numbers, Number("as input", ge=0)],
    full_year: Annotated[Numbers, Number("as input", ge=0)],
    dp: Annotated[Numbers, Number("decimal places", ge=-15, le=15)] = 0,
) -> Annotated[tuple[Numbers, ...], Row(point=Number("months"), low=Number("months"), high=Number("months"))]:
    """Return how many months must have passed for a year-to-date and a full-year figure to agree.

    Parameters
    ----------
    ytd : array_like
        The year-to-date figure, taken as exact.
    full_year : array_like, same unit
        The full-year figure as printed.
    dp : array_like, decimal places
        Decimal places the full-year figure is printed to; 0 if left out.

    Returns
    -------
    point, low, high : ndarray, months
        High is #N/A where the full-year figure is within half a printed unit of 0.

    Raises
    ------
    ZeroDenominatorError
        The full-year figure is 0. Excel: #DIV/0!.
    DomainError
        A negative figure, or `dp` not a whole number from -15 to 15. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 3) for x in period_implied(28, 40)]
    [8.4, 8.296, 8.506]

    In a cell: ``=INDEX(CSC_PERIOD_IMPLIED(28, 40),1)`` gives ``8.4``.

    By hand
    -------
    ``=12*B5/C5`` : 8.4 months and 8.0 months may be one period, rounded, or two. The limits tell: 28 for 40 is 8.30 to
    8.51 months and 42 for 63 is 7.94 to 8.06, so the two were not taken on one day.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.period_implied(ytd, full_year, dp)


@udf(
    native="""LAMBDA(actual_to_date, days_left, price_day, [net_new], [new_days], [new_price_day],
        UDF_.SUM(VSTACK(actual_to_date, days_left * price_day, net_new * new_days * new_price_day)))"""
)
def outturn(
    actual_to_date: Annotated[Numbers, Number("£")],
    days_left: Annotated[Numbers, Number("days", shape=("n",), ge=0, le=366)],
    price_day: Annotated[Numbers, Number("£ a day", shape=("n",), ge=0)],
    net_new: Annotated[Numbers, Number("children")] = 0,
    new_days: Annotated[Numbers, Number("days", ge=0, le=366)] = 0,
    new_price_day: Annotated[Numbers, Number("£ a day", ge=0)] = 0,
) -> Annotated[Numbers, Number("£")]:
    """Return the year's outturn for placements: spent so far, what is committed, and net new children.

    Parameters
    ----------
    actual_to_date : array_like, £
        Spent so far, for the days before those in `days_left`.
    days_left : array_like, shape (..., n), days
        Days each present placement still runs this year; none after 31 March.
    price_day : array_like, shape (..., n), £ a day
        What each of those placements costs a day.
    net_new : array_like, children
        Children still expected to come, less those expected to leave early; 0 if left out.
    new_days : array_like, days
        Days each net new child is in care this year, on average; if left out 0, and new children cost nothing.
    new_price_day : array_like, £ a day
        What each net new child costs a day; if left out 0, and new children cost nothing.

    Returns
    -------
    ndarray, £

    Raises
    ------
    DomainError
        Days below 0 or above 366, or a negative price. Excel: #NUM!.
    ShapeError
        The two ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(outturn(1_000_000, [90, 30], [122, 700], 2, 45, 122))
    1042960.0

    In a cell: ``=CSC_OUTTURN(1000000, {90;30}, {122;700}, 2, 45, 122)`` gives ``1042960``.

    By hand
    -------
    ``=B5*366/244`` : carries the spending of the past on: 1,000,000 by 30 November runs to 1,500,000, whoever is still
    there. Two placements with 90 and 30 days to go and two new children cost 42,960 more.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.outturn(actual_to_date, days_left, price_day, net_new, new_days, new_price_day)


@udf(
    native="""LAMBDA(budget, forecast,
        IF(budget = 0, #DIV/0!, LET(gap, UDF_.PLUS(forecast, -budget), HSTACK(gap, gap / budget))))"""
)
def variance(
    budget: Annotated[Numbers, Number("£")],
    forecast: Annotated[Numbers, Number("£")],
) -> Annotated[tuple[Numbers, ...], Row(difference=Number("£"), fraction=Number("fraction"))]:
    """Return by how much the forecast outturn exceeds the budget: in money and as a fraction of the budget.

    Parameters
    ----------
    budget : array_like, £
        The current budget.
    forecast : array_like, £
        The forecast outturn.

    Returns
    -------
    difference : ndarray, £
        Forecast less budget: positive for an overspend.
    fraction : ndarray, fraction
        The difference over the budget.

    Raises
    ------
    ZeroDenominatorError
        The budget is 0; both results are then an error, and `=forecast-budget` gives the money. Excel: #DIV/0!.

    Examples
    --------
    >>> difference, fraction = variance(63.6, 71.3)
    >>> float(difference), round(float(fraction), 5)
    (7.7, 0.12107)

    In a cell: ``=INDEX(CSC_VARIANCE(63.6, 71.3),1)`` gives ``7.7``.

    By hand
    -------
    ``=(C5-B5)/C5`` : divides by the forecast: 71.3 against a budget of 63.6 becomes 10.8 %, and is 12.1 %.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.variance(budget, forecast)


@udf(
    native="""LAMBDA(gross, mitigations, [delivery],
        UDF_.SUM(VSTACK(gross, -mitigations * IF(no_delivery, 1, delivery))))"""
)
def after_mitigation(
    gross: Annotated[Numbers, Number("£")],
    mitigations: Annotated[Numbers, Number("£", shape=("n",))],
    delivery: Annotated[Numbers | None, Number("fraction", shape=("n",), ge=0, le=1)] = None,
) -> Annotated[Numbers, Number("£")]:
    """Return the overspend that is left after mitigations.

    Parameters
    ----------
    gross : array_like, £
        Overspend before mitigation, positive.
    mitigations : array_like, shape (..., n), £
        What each mitigation takes off, positive.
    delivery : array_like, shape (..., n), fraction, optional
        Share of each mitigation that is delivered, 0 to 1; if left out, all of it.

    Returns
    -------
    ndarray, £
        Negative for an underspend.

    Raises
    ------
    DomainError
        A share outside 0 to 1. Excel: #NUM!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> float(after_mitigation(1.4, [0.7]))
    0.7

    In a cell: ``=CSC_AFTER_MITIGATION(1.4, {0.7;0.5}, {0.5;1})`` gives ``0.55``.

    By hand
    -------
    ``=B5-SUM(C5:C6)`` : takes every mitigation for delivered: 1.4 less 0.7 and 0.5 is 0.2; with half of the first
    delivered, 0.55 is left.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.after_mitigation(gross, mitigations, delivery)


@udf(
    native="""LAMBDA(opening, starts, exit_prob, [level], [overdispersion],
        LET(mid, UDF_.SUM(VSTACK(opening, starts, -opening * exit_prob)),
            variance, starts + opening * exit_prob * (1 - exit_prob),
            spread, -NORM.S.INV((1 - level) / 2) * SQRT(variance * overdispersion),
            HSTACK(MAX(0, mid - spread), mid, mid + spread)))"""
)
def stock_interval(
    opening: Annotated[Numbers, Number("children", ge=0)],
    starts: Annotated[Numbers, Number("children", ge=0)],
    exit_prob: Annotated[Numbers, Number("fraction", ge=0, le=1)],
    level: Annotated[Numbers, Number("fraction", gt=0, lt=1)] = 0.95,
    overdispersion: Annotated[Numbers, Number("multiple", ge=1)] = 1.0,
) -> Annotated[tuple[Numbers, ...], Row(low=Number("children"), mid=Number("children"), high=Number("children"))]:
    """Return the children in care at the end of the year, with the limits that chance leaves open.

    Parameters
    ----------
    opening : array_like, children
        Children looked after at the start of the year.
    starts : array_like, children
        Starts expected in the year; all of them are taken to stay to its end.
    exit_prob : array_like, fraction
        Chance that a child who is there at the start leaves within the year, 0 to 1.
    level : array_like, fraction
        How often the outcome is to lie between the limits; 0.95 if left out, that is 19 years of 20.
    overdispersion : array_like
        How many times more variable the numbers are than those of independent children; 1 if left out, more for
        brothers and sisters who come and leave together.

    Returns
    -------
    low, mid, high : ndarray, children
        Low is never below 0.

    Raises
    ------
    DomainError
        A negative number of children, a chance outside 0 to 1, a level that is not between them, or a factor below 1.
        Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 1) for x in stock_interval(487, 140, 215 / 487)]
    [380.4, 412.0, 443.6]

    In a cell: ``=INDEX(CSC_STOCK_INTERVAL(487, 140, 215/487),1)`` gives ``380.4``.

    By hand
    -------
    ``=E5+1.96*SQRT(E5)`` : takes each of the 412 children at the end for chance, and gives 451.8. By chance come the
    140 starts and the exits of the 487 who were there: the variance is 260 and not 412, and the limit 443.6.

    References
    ----------
    docs/model.md, "Uncertainty of a year's stock".
    """
    return uncertainty.stock_interval(opening, starts, exit_prob, level, overdispersion)
