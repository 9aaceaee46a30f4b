"""What care costs: unit costs, why a bill changes, and prices of one year in those of another."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import prices
from xlmodel.model import unit_cost as model
from xlmodel.registry import Number, Numbers, Row, Word, Words, Year, udf


@udf(
    native="""LAMBDA(spend, care_days, [income],
        IF(care_days = 0, #DIV/0!, UDF_.PLUS(spend, -income) * 7 / care_days))"""
)
def unit_cost_week(
    spend: Annotated[Numbers, Number("£")],
    care_days: Annotated[Numbers, Number("days", ge=0)],
    income: Annotated[Numbers, Number("£", ge=0)] = 0,
) -> Annotated[Numbers, Number("£ per child-week")]:
    """Return the cost of a child-week: a period's spend over the days of care it bought.

    Parameters
    ----------
    spend : array_like, £
        Spend of the period, before income is taken off.
    care_days : array_like, days
        Days of care in the same period, all children together, such as CSC_CARE_DAYS gives.
    income : array_like, £
        Income to take off the spend, positive: health, other councils, grants. 0 if left out, for a gross unit cost.

    Returns
    -------
    ndarray, £ per child-week

    Raises
    ------
    ZeroDenominatorError
        No days of care. Excel: #DIV/0!.
    DomainError
        Negative days of care or income. Excel: #NUM!.

    Examples
    --------
    >>> round(float(unit_cost_week(1_000_000, 14_600)), 2)
    479.45

    In a cell: ``=CSC_UNIT_COST_WEEK(1000000, 14600)`` gives ``479.45``, and net of £73,000 of income
    ``=CSC_UNIT_COST_WEEK(1000000, 14600, 73000)`` gives ``444.45``.

    By hand
    -------
    ``=1000000/52/40`` : gives £480.77 for 40 children all year, 0.27 % too much, because a year has 52.14 weeks. And
    40, the children at the year's end or the mean of two year-ends, leaves out those who came and went between.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return model.unit_cost_week(spend, care_days, income)


@udf(native="LAMBDA(weekly_spend, children, IF(children = 0, #DIV/0!, weekly_spend / children))")
def cost_per_child_week(
    weekly_spend: Annotated[Numbers, Number("£ a week")],
    children: Annotated[Numbers, Number("children", ge=0)],
) -> Annotated[Numbers, Number("£ per child-week")]:
    """Return the weekly spend for each child.

    Parameters
    ----------
    weekly_spend : array_like, £ a week
        What the placements of one date cost a week.
    children : array_like, children
        Children in those placements on the same date; the function cannot see whether the dates agree.

    Returns
    -------
    ndarray, £ per child-week

    Raises
    ------
    ZeroDenominatorError
        No children. Excel: #DIV/0!.
    DomainError
        A negative number of children. Excel: #NUM!.

    Examples
    --------
    >>> round(float(cost_per_child_week(413388, 484)), 2)
    854.11

    In a cell: ``=CSC_COST_PER_CHILD_WEEK(413388, 484)`` gives ``854.11``.

    By hand
    -------
    ``=413388/566`` : the spend of March 2024 over the children of March 2022 gives £730.37: no week had that cost.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return model.cost_per_child_week(weekly_spend, children)


@udf(native="LAMBDA(weekly, fy, weekly * (DATE(fy + 1, 4, 1) - DATE(fy, 4, 1)) / 7)")
def week_to_year(
    weekly: Annotated[Numbers, Number("£ a week")],
    fy: Annotated[Numbers, Year()],
) -> Annotated[Numbers, Number("£ a year")]:
    """Return what a weekly amount comes to in a financial year.

    Parameters
    ----------
    weekly : array_like, £ a week
        The weekly amount, unchanged all through the year.
    fy : array_like of financial years
        The financial year, as "2024/25" or as 2024; it has 365 or 366 days.

    Returns
    -------
    ndarray, £ a year

    Raises
    ------
    KindError
        Not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> week_to_year(854.1074, [2023, 2024]).round(2)
    array([44657.62, 44535.6 ])

    In a cell: ``=CSC_WEEK_TO_YEAR(854.1074, "2024/25")`` gives ``44535.60``. A column of years gives a column:
    ``=INDEX(CSC_WEEK_TO_YEAR(854.1074, {2023;2024}),1)`` gives ``44657.62``.

    By hand
    -------
    ``=854.1074*52`` : £44,413.58 leaves out the 365th day, and in a leap year the 366th too: 0.27 % or 0.55 % short,
    £12,775 a year on £89,422 a week.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return model.week_to_year(weekly, fy)


@udf(
    native="""LAMBDA(n0, n1, p0, p1,
        IF(OR((p0 = "") * (n0 + n1 > 0), (p1 = "") * (n1 > 0)), NA(),
        IF(SUM(n0) = 0, #DIV/0!,
        LET(before, IF((n0 + n1 = 0) + (p0 = ""), 0, p0), after, IF((n1 = 0) + (p1 = ""), 0, p1),
            price, UDF_.SUM(n1 * UDF_.PLUS(after, -before)), moved, UDF_.SUM(UDF_.PLUS(n1, -n0) * before),
            sure, 100 * (SUM(n0 * ABS(before)) + SUM(n1 * ABS(after))),
            mix, UDF_.CLEAN(SUM((n1 * SUM(n0) - n0 * SUM(n1)) * before) / SUM(n0), sure),
            volume, UDF_.CLEAN(moved - mix, sure),
            IF((volume = 0) * (mix = 0), HSTACK(0, 0, price),
            IF(ABS(volume) >= ABS(mix), HSTACK(UDF_.PLUS(moved, -mix), mix, price),
                HSTACK(volume, UDF_.PLUS(moved, -volume), price)))))))"""
)
def price_volume_mix(
    n0: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    n1: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    p0: Annotated[Numbers, Number("£", shape=("p",), blank="nan")],
    p1: Annotated[Numbers, Number("£", shape=("p",), blank="nan")],
) -> Annotated[tuple[Numbers, ...], Row(volume=Number("£"), mix=Number("£"), price=Number("£"))]:
    """Return why a bill changed: the number of children, the mix of their placements, the prices.

    Parameters
    ----------
    n0 : array_like, shape (..., p), children
        Children before, one cell for each type of placement.
    n1 : array_like, shape (..., p), children
        Children after, in the same order.
    p0 : array_like, shape (..., p), £
        Price of each type before. A type with children needs one: give a reference price where the type is new. May be
        blank where there are no children before or after.
    p1 : array_like, shape (..., p), £
        Price of each type after. May be blank where there are no children after.

    Returns
    -------
    volume, mix, price : ndarray, £
        They add up to the change of the bill, in the unit of the prices: a week where these are weekly.

    Raises
    ------
    ZeroDenominatorError
        No children before. Excel: #DIV/0!.
    DomainError
        A negative number of children. Excel: #NUM!.
    NoDataError
        A price that is needed is blank. Excel: #N/A.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> [float(x) for x in price_volume_mix([300, 100], [280, 120], [400, 5000], [420, 5100])]
    [0.0, 92000.0, 17600.0]

    In a cell: ``=INDEX(CSC_PRICE_VOLUME_MIX({300;100}, {280;120}, {400;5000}, {420;5100}),2)`` gives ``92000``. Without
    INDEX the three amounts spill side by side.

    By hand
    -------
    ``=(1824-1550)*400`` : the change of the average price, £1,550 to £1,824 a week, read as dearer placements for all
    400 children. £92,000 of the £109,600 is 20 children moved to dearer types; prices rose by £17,600 only.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return model.price_volume_mix(n0, n1, p0, p1)


@udf(
    native="""LAMBDA(amount, rates, from_fy, to_fy,
        LET(steps, ABS(to_fy - from_fy),
            IF(steps = 0, amount,
            IF(steps > ROWS(rates), NA(),
            LET(rises, TAKE(rates, steps),
                IF(OR(rises = ""), NA(),
                LET(level, PRODUCT(1 + rises), IF(to_fy > from_fy, amount * level, amount / level))))))))"""
)
def uplift(
    amount: Annotated[Numbers, Number("£")],
    rates: Annotated[Numbers, Number("fraction", shape=("n",), gt=-1, blank="nan")],
    from_fy: Annotated[Numbers, Year()],
    to_fy: Annotated[Numbers, Year()],
) -> Annotated[Numbers, Number("£")]:
    """Return an amount at the prices of one financial year in those of another; prices rise on 1 April.

    Parameters
    ----------
    amount : array_like, £
        The amount at the prices of the first year named, for one type of placement.
    rates : array_like, shape (..., n), fraction
        Rise on each 1 April in order, 0.05 for 5 %: the first is the 1 April that ends the earlier of the two years.
        Rates past the later year are not used.
    from_fy : array_like of financial years
        The year of the amount's prices, as "2024/25" or as 2024.
    to_fy : array_like of financial years
        The year whose prices are wanted. If it is the earlier one, the amount is divided by the same rates.

    Returns
    -------
    ndarray, £

    Raises
    ------
    NoDataError
        A rate between the two years is blank or not given; it is named. Excel: #N/A.
    DomainError
        A rate of -100 % or less. Excel: #NUM!.
    KindError
        Not a financial year. Excel: #VALUE!.

    Examples
    --------
    >>> float(uplift(1000, [0.05, 0.05], 2024, 2026)), float(uplift(1102.5, [0.05, 0.05], 2026, 2024))
    (1102.5, 1000.0)

    In a cell: ``=CSC_UPLIFT(1000, {0.05,0.05}, "2024/25", "2026/27")`` gives ``1102.5``. A row of years over one row of
    rates gives each year's prices: ``=INDEX(CSC_UPLIFT(1000, {0.05,0.05}, 2024, {2024,2025,2026}),2)`` gives ``1050``.

    By hand
    -------
    ``=1000*(1+2*5%)`` : rates added instead of multiplied: £1,100 for £1,102.50 after two years. A rise on the
    anniversary of the placement, or of the forecast, instead of 1 April shifts up to a year of it.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return prices.uplift(amount, rates, from_fy, to_fy)


@udf(native="LAMBDA(nominal, index_then, index_base, nominal * index_base / index_then)")
def real_terms(
    nominal: Annotated[Numbers, Number("£")],
    index_then: Annotated[Numbers, Number("index", gt=0)],
    index_base: Annotated[Numbers, Number("index", gt=0)],
) -> Annotated[Numbers, Number("£")]:
    """Return an amount in the prices of a base year.

    Parameters
    ----------
    nominal : array_like, £
        The amount in the money of its own year.
    index_then : array_like, index
        GDP deflator of the amount's own year.
    index_base : array_like, index
        GDP deflator of the base year, from the same series.

    Returns
    -------
    ndarray, £ at base-year prices

    Raises
    ------
    DomainError
        An index of 0 or less. Excel: #NUM!.

    Examples
    --------
    >>> float(real_terms(1030, 103, 100))
    1000.0

    In a cell: ``=CSC_REAL_TERMS(1030, 103, 100)`` gives ``1000``.

    By hand
    -------
    ``=1030*(1-3%)`` : a rise taken off as a percentage gives £999.10 for £1,000; over ten years of 3 % the gap is 1 %.
    And 1030*103/100, the index upside down, gives £1,060.90.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return prices.real_terms(nominal, index_then, index_base)


@udf(
    native="""LAMBDA(real_flows, [rate], [timing],
        LET(year, SEQUENCE(ROWS(real_flows)),
            growth, 1 + IF(year * (rate = ""), IF(year <= 30, 0.035, IF(year <= 75, 0.03, 0.025)), rate),
            ends, SCAN(1, growth, LAMBDA(so_far, growth_of_year, so_far * growth_of_year)),
            factors, SWITCH(timing, "start", ends / growth, "mid", ends / SQRT(growth), ends),
            UDF_.SUM(real_flows / factors)))"""
)
def present_value(
    real_flows: Annotated[Numbers, Number("£", shape=("n",))],
    rate: Annotated[Numbers | None, Number("fraction a year", gt=-1)] = None,
    timing: Annotated[Words, Word("start", "mid", "end")] = "start",
) -> Annotated[Numbers, Number("£")]:
    """Return what yearly amounts in real terms are worth at the start of the first year.

    Parameters
    ----------
    real_flows : array_like, shape (..., n), £
        One amount a year in the prices of one year, from the first year on. Not for nominal budget tables.
    rate : array_like, fraction a year, optional
        Real discount rate for all years. If left out, the Green Book's of 2022: 0.035 for 30 years, 0.03 to year 75,
        0.025 after.
    timing : array_like of str
        When in its year each amount falls: "start" if left out, "mid" or "end". Excel's NPV counts from the end.

    Returns
    -------
    ndarray, £

    Raises
    ------
    DomainError
        A rate of -100 % or less. Excel: #NUM!.
    KindError
        A timing that is none of the three words. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(present_value([1, 4.2, 6])), 4), round(float(present_value([1, 4.2, 6], timing="mid")), 4)
    (10.659, 10.4773)

    In a cell: ``=CSC_PRESENT_VALUE({1;4.2;6})`` gives ``10.6590`` and ``=CSC_PRESENT_VALUE({1;4.2;6}, 0.035, "mid")``
    gives ``10.4773``.

    By hand
    -------
    ``=NPV(3.5%,B5:B7)`` : NPV discounts the first year's amount too, as if it fell at the year's end: 10.2986 for
    10.6590. On nominal amounts a real rate leaves inflation in; a nominal rate on real amounts takes it off twice.

    References
    ----------
    docs/model.md, "Unit cost".
    """
    return prices.present_value(real_flows, rate, timing)
