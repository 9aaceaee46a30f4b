"""The year in progress: run rates, variance and mitigation."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import inyear
from xlmodel.registry import Date, Number, Numbers, Row, Year, udf


@udf
def run_rate(
    ytd: Annotated[Numbers, Number("as input")],
    as_at: Annotated[Numbers, Date()],
    fy: Annotated[Numbers, Year()],
    profile: Annotated[Numbers | None, Number("fraction", gt=0, le=1)] = None,
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
        The as-at day is before the year: no day has passed. Excel: #DIV/0!.
    DomainError
        A profile that is not above 0 and at most 1. Excel: #NUM!.
    KindError
        Not a date, or not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> float(run_rate(28, "2023-11-30", 2023))
    42.0

    In a cell: ``=CSC_RUN_RATE(28, DATE(2023,11,30), "2023/24")`` gives ``42``.

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.run_rate(ytd, as_at, fy, profile)


@udf
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

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.period_implied(ytd, full_year, dp)


@udf
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

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.variance(budget, forecast)


@udf
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

    References
    ----------
    docs/model.md, "In-year".
    """
    return inyear.after_mitigation(gross, mitigations, delivery)
