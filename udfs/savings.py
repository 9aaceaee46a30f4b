"""Savings: part-year and full-year effect, and which part of a claim is cash."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import savings
from xlmodel.registry import Date, Number, Numbers, Row, Year, udf


@udf(
    native="""LAMBDA(annual, start_date, fy,
        LET(first, DATE(fy, 4, 1), length, DATE(fy + 1, 4, 1) - first,
            days, MAX(0, MIN(length, length - (start_date - first))),
            UDF_.CLEAN(annual * days / length, ABS(annual))))"""
)
def part_year(
    annual: Annotated[Numbers, Number("£ a year")],
    start_date: Annotated[Numbers, Date()],
    fy: Annotated[Numbers, Year()],
) -> Annotated[Numbers, Number("£")]:
    """Return the part-year effect: what of an annual amount falls in a financial year, from its start date on.

    Parameters
    ----------
    annual : array_like, £ a year
        The amount of a full year.
    start_date : array_like of dates
        First day on which the amount counts; that day is counted.
    fy : array_like of financial years
        The financial year, as "2024/25" or as 2024.

    Returns
    -------
    ndarray, £
        By days: the whole amount where the start lies before the year, 0 where it lies after.

    Raises
    ------
    KindError
        Not a date, or not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(part_year(1_600_000, "2024-07-01", 2024)), 2)
    1201095.89

    In a cell: ``=CSC_PART_YEAR(1600000, DATE(2024,7,1), "2024/25")`` gives ``1201095.89``.

    By hand
    -------
    ``=1600000*9/12`` : months are no twelfths of a year: £1,200,000 is £1,096 short, and a start within a month cannot
    be said at all. Carried on as it is, the part-year figure is taken for the next year too, which is £398,904 short.

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    return savings.part_year(annual, start_date, fy)


@udf(
    native="""LAMBDA(annual, start_date, fy,
        LET(first, DATE(fy, 4, 1), length, DATE(fy + 1, 4, 1) - first,
            days, MAX(0, MIN(length, length - (start_date - first))),
            UDF_.PLUS(annual, -UDF_.CLEAN(annual * days / length, ABS(annual)))))"""
)
def full_year_roll(
    annual: Annotated[Numbers, Number("£ a year")],
    start_date: Annotated[Numbers, Date()],
    fy: Annotated[Numbers, Year()],
) -> Annotated[Numbers, Number("£")]:
    """Return what of an annual amount is still to come after a financial year: the next year's extra.

    Parameters
    ----------
    annual : array_like, £ a year
        The amount of a full year.
    start_date : array_like of dates
        First day on which the amount counts.
    fy : array_like of financial years
        Year of the part-year effect, as "2024/25" or as 2024.

    Returns
    -------
    ndarray, £
        The annual amount less CSC_PART_YEAR: 0 where the start lies before the year. Where it lies after, all of it is
        still to come, in whichever later year that is: ask for that year.

    Raises
    ------
    KindError
        Not a date, or not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(full_year_roll(1_600_000, "2024-07-01", 2024)), 2)
    398904.11

    In a cell: ``=CSC_FULL_YEAR_ROLL(1600000, DATE(2024,7,1), "2024/25")`` gives ``398904.11``.

    By hand
    -------
    ``=1600000`` : the full year's amount booked in the second year on top of the first year's £1,201,096: 1.2 and then
    another 1.6, where only 0.4 is new.

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    return savings.full_year_roll(annual, start_date, fy)


@udf(
    native="""LAMBDA(claimed, budget_reduction, growth_avoided,
        LET(cashable, MIN(claimed, budget_reduction), rest, UDF_.PLUS(claimed, -cashable),
            avoided, MIN(rest, growth_avoided), HSTACK(cashable, avoided, UDF_.PLUS(rest, -avoided))))"""
)
def saving_class(
    claimed: Annotated[Numbers, Number("£", ge=0)],
    budget_reduction: Annotated[Numbers, Number("£", ge=0)],
    growth_avoided: Annotated[Numbers, Number("£", ge=0)],
) -> Annotated[tuple[Numbers, ...], Row(cashable=Number("£"), avoided=Number("£"), neither=Number("£"))]:
    """Return what of a claimed saving is cashable, what is cost avoided, and what is neither.

    Parameters
    ----------
    claimed : array_like, £
        The saving claimed, positive.
    budget_reduction : array_like, £
        By how much the budget really goes down because of it, positive.
    growth_avoided : array_like, £
        Growth that was in the plan and is not needed now, positive.

    Returns
    -------
    cashable, avoided, neither : ndarray, £
        They add up to the claim: cashable no more than the budget reduction, avoided no more than the growth.

    Raises
    ------
    DomainError
        A negative amount. Excel: #NUM!.

    Examples
    --------
    >>> [float(x) for x in saving_class(1_660_000, 664_000, 500_000)]
    [664000.0, 500000.0, 496000.0]

    In a cell: ``=INDEX(CSC_SAVING_CLASS(1660000, 664000, 500000),3)`` gives ``496000``. Without INDEX the three amounts
    spill side by side.

    By hand
    -------
    ``=1660000`` : the whole claim entered as a saving. Avoiding growth that no budget held releases no money: of £1.66m
    here £0.664m is cash, and £0.496m is in neither the budget nor the plan.

    References
    ----------
    docs/model.md, "Part-year effect and saving classes".
    """
    return savings.saving_class(claimed, budget_reduction, growth_avoided)
