"""Avoided cost: entrants avoided, one cohort, a recurring programme, legal costs, and what a claim implies."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import avoidance
from xlmodel.registry import Flag, Flags, Number, Numbers, Row, udf


@udf(native="LAMBDA(baseline, plan, [attribution], UDF_.PLUS(baseline, -plan) * attribution)")
def avoided_entrants(
    baseline: Annotated[Numbers, Number("children", shape=("n",), ge=0)],
    plan: Annotated[Numbers, Number("children", shape=("n",), ge=0)],
    attribution: Annotated[Numbers, Number("fraction", ge=0, le=1)] = 1,
) -> Annotated[Numbers, Number("children", shape=("n",))]:
    """Return how many entries to care a plan avoids in each year, against a fixed baseline.

    Parameters
    ----------
    baseline : array_like, shape (..., n), children
        Children who would enter in each year without the programme: a path fixed once, not last year's figure.
    plan : array_like, shape (..., n), children
        Children who enter in each year with it.
    attribution : array_like, fraction
        Share of the difference that the programme causes, 0 to 1: what would have happened anyway, or comes back, is
        taken off. 1 if left out.

    Returns
    -------
    ndarray, shape (..., n), children
        Negative where the plan has more entrants than the baseline: growth is not hidden.

    Raises
    ------
    DomainError
        A negative number of children, or a share outside 0 to 1. Excel: #NUM!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_entrants([180, 180, 180], [140, 102, 70])
    array([ 40.,  78., 110.])

    In a cell: ``=INDEX(CSC_AVOIDED_ENTRANTS({180;180;180}, {140;102;70}),3)`` gives ``110``. Without INDEX the years
    spill as the baseline lies.

    By hand
    -------
    ``=140-102`` : each year against the last gives 40, 38 and 32, and the first year's figure carried on gives 40, 40
    and 40. Against the baseline it is 40, 78 and 110: 108 children apart by the third year.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.avoided_entrants(baseline, plan, attribution)


@udf(
    native="""LAMBDA(entrants, survival, mix, unit_cost, uplift, years, [alt_support], [age_in],
        LET(fault, UDF_.STAY_FAULT(survival), limit, IF(age_in = "", 1000000, 18 - age_in),
            IF(OR(UDF_.NOT_WHOLE(years), ABS(UDF_.PLUS(UDF_.SUM(mix), -1)) > 1E-9), #NUM!,
            IF(ISERROR(fault), fault,
            LET(in_care, MAP(SEQUENCE(years, 1, 0),
                    LAMBDA(year_no, UDF_.YEARS_IN_CARE(survival, year_no, 1, limit))),
                IF(OR(ISNA(in_care)), NA(),
                LET(levels, UDF_.PRICE_LEVELS(uplift, years), price, UDF_.SUM(VSTACK(mix * unit_cost, -alt_support)),
                    IF(ISERROR(INDEX(levels, 1, 1)), #VALUE!, entrants * in_care * price * levels))))))))"""
)
def avoided_cost_cohort(
    entrants: Annotated[Numbers, Number("children")],
    survival: Annotated[Numbers, Number("per year, or years and fraction", shape=("m", "k"), ge=0)],
    mix: Annotated[Numbers, Number("fraction", shape=("p",), ge=0)],
    unit_cost: Annotated[Numbers, Number("£ a child-year", shape=("p",), ge=0)],
    uplift: Annotated[Numbers, Number("fraction", shape=("n",), gt=-1)],
    years: Annotated[Numbers, Number("years", ge=1, le=100)],
    alt_support: Annotated[Numbers, Number("£ a child-year", ge=0)] = 0,
    age_in: Annotated[Numbers | None, Number("years", ge=0, lt=18)] = None,
) -> Annotated[Numbers, Number("£ a year", shape=("n",))]:
    """Return the cost that one year's avoided entrants avoid in that year and in each later one.

    Parameters
    ----------
    entrants : array_like, children
        Entries avoided in the first year, evenly over it; negative for growth.
    survival : array_like, a scalar or shape (..., m, 2), per year, or years and fraction
        How long they would have stayed: one cell with the rate of leaving per year, or two columns with times since
        entry in years and the share still in care from then on.
    mix : array_like, shape (..., p), fraction
        Share of their time in each type of placement; the shares add up to 1. That of entrants, not of the stock.
    unit_cost : array_like, shape (..., p), £ a child-year
        Cost of a child's year in each type, at the prices of the first year.
    uplift : array_like, shape (..., n), fraction
        Rise of prices, 0.05 for 5 %: one cell for every 1 April after the first year, or one cell a year for the
        1 April that starts it, the first usually 0.
    years : array_like, years
        How many years to show, 1 to 100.
    alt_support : array_like, £ a child-year
        Cost of the support that they get instead of care, taken off; uplifted alike. 0 if left out.
    age_in : array_like, years, optional
        Age at entry: nobody is in care from 18 on. If left out, there is no limit.

    Returns
    -------
    ndarray, shape (..., n), £ a year
        A row, or a column where the rates of `uplift` stand in one. Before legal costs and the cost of the programme.

    Raises
    ------
    DomainError
        Shares that do not add up to 1; a negative figure; an age of 18 or more; a survival table that rises.
        Excel: #NUM!.
    NoDataError
        The years reach beyond the end of the survival table. Excel: #N/A.
    ShapeError
        Mix and unit cost have different lengths, or rates that are neither one nor one a year. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_cohort(40, 0.36975, [1], [44535.60], [0], 3).round(-3)
    array([ 790000., 1245000.,  860000.])

    In a cell: ``=INDEX(CSC_AVOIDED_COST_COHORT(40, 0.36975, {0.9;0.1}, {20000;265356}, {0}, 3),1)`` gives
    ``790373``, at £44,535.60 a year on average. Without INDEX the three years spill.

    By hand
    -------
    ``=40*44535.6`` : £1.78m in the first year and again in every later one. Entries are spread over the year and some
    would have left: it is £0.79m, then £1.24m, then £0.86m and less each year.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.avoided_cost_cohort(entrants, survival, mix, unit_cost, uplift, years, alt_support, age_in)


@udf(
    native="""LAMBDA(one_off, cohorts, [tail_is_zero], [uplift],
        LET(years, ROWS(cohorts), known, ROWS(one_off),
            cost, MAP(SEQUENCE(years), LAMBDA(year_no, LET(
                span, MIN(year_no, known), recent, CHOOSEROWS(cohorts, SEQUENCE(span, 1, year_no, -1)),
                beyond, IF(year_no > known, OR(TAKE(cohorts, year_no - known) <> 0), FALSE),
                IF(AND(beyond, NOT(tail_is_zero)), NA(), UDF_.SUM(TAKE(one_off, span) * recent))))),
            IF(no_uplift, cost, LET(levels, UDF_.PRICE_LEVELS(uplift, years),
                IF(ISERROR(INDEX(levels, 1, 1)), #VALUE!, cost * levels)))))"""
)
def avoided_cost_recurring(
    one_off: Annotated[Numbers, Number("£ a year", shape=("m",))],
    cohorts: Annotated[Numbers, Number("cohorts", shape=("n",))],
    tail_is_zero: Annotated[Flags, Flag()] = False,
    uplift: Annotated[Numbers | None, Number("fraction", shape=("k",), gt=-1)] = None,
) -> Annotated[Numbers, Number("£ a year", shape=("n",))]:
    """Return the cost avoided in each year by a programme that avoids a cohort every year.

    Parameters
    ----------
    one_off : array_like, shape (..., m), £ a year
        What one cohort avoids in its first year, its second and so on.
    cohorts : array_like, shape (..., n)
        Size of each year's cohort relative to the one of `one_off`; 1 is the same size.
    tail_is_zero : array_like of bool
        TRUE if a cohort avoids nothing after the years given; FALSE if that is not known.
    uplift : array_like, shape (..., k), fraction, optional
        Rise of prices where `one_off` is at those of the first year: one cell for every 1 April after it, or one cell a
        year for the 1 April that starts it. None if left out.

    Returns
    -------
    ndarray, shape (..., n), £ a year
        #N/A in the years that would need more of a cohort's years than are given.

    Raises
    ------
    DomainError
        A rise of -100 % or less. Excel: #NUM!.
    KindError
        `tail_is_zero` is not TRUE or FALSE. Excel: #VALUE!.
    ShapeError
        Rates that are neither one nor one a year. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_recurring([1, 2.75, 1.9], [1, 1, 1])
    array([1.  , 3.75, 5.65])

    In a cell: ``=INDEX(CSC_AVOIDED_COST_RECURRING({1;2.75;1.9}, {1;1;1}),3)`` gives ``5.65``. Without INDEX the years
    spill as the cohorts lie.

    By hand
    -------
    ``=SUM(B$5:B7)`` : right for equal cohorts over one cohort's series, and wrong by everything so far over a series
    that is recurring already: 1, 4.2, 6 becomes 1, 5.2, 11.2.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.avoided_cost_recurring(one_off, cohorts, tail_is_zero, uplift)


@udf(
    native="""LAMBDA(recurring, cohorts,
        LET(first, TAKE(cohorts, 1),
            IF(SUM(first) = 0, #DIV/0!,
            REDUCE(TAKE(recurring, 1) / first, SEQUENCE(ROWS(recurring)), LAMBDA(profile, year_no,
                IF(year_no = 1, profile, LET(later, CHOOSEROWS(cohorts, SEQUENCE(year_no - 1, 1, year_no, -1)),
                    VSTACK(profile, UDF_.SUM(VSTACK(INDEX(recurring, year_no), -profile * later)) / first))))))))"""
)
def cohort_profile(
    recurring: Annotated[Numbers, Number("£ a year", shape=("n",))],
    cohorts: Annotated[Numbers, Number("cohorts", shape=("n",))],
) -> Annotated[Numbers, Number("£ a year", shape=("n",))]:
    """Return what one cohort must avoid in each of its years for a recurring series to come out.

    Parameters
    ----------
    recurring : array_like, shape (..., n), £ a year
        Cost avoided in each year by all cohorts so far.
    cohorts : array_like, shape (..., n)
        Size of each year's cohort relative to the one asked for; the first must not be 0.

    Returns
    -------
    ndarray, shape (..., n), £ a year
        A negative year is a reason to doubt the series.

    Raises
    ------
    ZeroDenominatorError
        The first cohort is 0. Excel: #DIV/0!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> cohort_profile([1, 4.2, 6], [1, 1, 1])
    array([1. , 3.2, 1.8])

    In a cell: ``=INDEX(CSC_COHORT_PROFILE({1;4.2;6}, {1;1;1}),2)`` gives ``3.2``. Without INDEX the years spill as
    the series lies.

    By hand
    -------
    ``=6/3`` : the third year over its three cohorts gives 2, as though each were in the same year of its life. The
    third year of one cohort is what the series rises by, 1.8.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.cohort_profile(recurring, cohorts)


@udf(native="LAMBDA(saving, child_months, IF(child_months = 0, #DIV/0!, saving * 12 / child_months))")
def implied_unit_cost(
    saving: Annotated[Numbers, Number("£")],
    child_months: Annotated[Numbers, Number("child-months", ge=0)],
) -> Annotated[Numbers, Number("£ a year")]:
    """Return the yearly cost of a child in care that a claimed saving implies.

    Parameters
    ----------
    saving : array_like, £
        The saving claimed.
    child_months : array_like, child-months
        Months in care that are avoided, all children together.

    Returns
    -------
    ndarray, £ a year

    Raises
    ------
    ZeroDenominatorError
        No child-months. Excel: #DIV/0!.
    DomainError
        Negative child-months. Excel: #NUM!.

    Examples
    --------
    >>> float(implied_unit_cost(516000, 144))
    43000.0

    In a cell: ``=CSC_IMPLIED_UNIT_COST(516000, 144)`` gives ``43000``.

    By hand
    -------
    ``=664000/48`` : the saving over 48 children, 4 a month, gives £13,833, as though each were out of care all year.
    They leave month by month, 288 child-months in all, so the claim implies £27,667 a year.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.implied_unit_cost(saving, child_months)


@udf(
    native="""LAMBDA(entrants, p_proceedings, cost, [lag_months],
        LET(product, entrants * p_proceedings * cost, all, UDF_.CLEAN(product, ABS(product)),
            in_year, UDF_.CLEAN(all * UDF_.PLUS(12, -lag_months) / 12, ABS(all)),
            HSTACK(in_year, UDF_.PLUS(all, -in_year))))"""
)
def legal_avoided(
    entrants: Annotated[Numbers, Number("children")],
    p_proceedings: Annotated[Numbers, Number("fraction", ge=0, le=1)],
    cost: Annotated[Numbers, Number("£", ge=0)],
    lag_months: Annotated[Numbers, Number("months", ge=0, le=12)] = 0,
) -> Annotated[tuple[Numbers, ...], Row(in_year=Number("£"), next_year=Number("£"))]:
    """Return the cost of care proceedings that one year's avoided entries avoid, in that year and in the next.

    Parameters
    ----------
    entrants : array_like, children
        Entries avoided in the year, evenly over it; negative for growth.
    p_proceedings : array_like, fraction
        Share of entries that would have led to proceedings, 0 to 1.
    cost : array_like, £
        Cost of one case, counted in the year the proceedings are issued.
    lag_months : array_like, months
        Months from entry to the issue of proceedings, 0 to 12; 0 if left out.

    Returns
    -------
    in_year, next_year : ndarray, £
        They add up to the whole. Every later year with fewer entries avoids its own.

    Raises
    ------
    DomainError
        A share outside 0 to 1, a negative cost, or months outside 0 to 12. Excel: #NUM!.

    Examples
    --------
    >>> [float(x) for x in legal_avoided(40, 1, 12500, 3)]
    [375000.0, 125000.0]

    In a cell: ``=INDEX(CSC_LEGAL_AVOIDED(40, 1, 12500),1)`` gives ``500000`` and, where issue takes three months,
    ``=INDEX(CSC_LEGAL_AVOIDED(40, 1, 12500, 3),2)`` gives ``125000``. Without INDEX the two years spill side by side.

    By hand
    -------
    ``=40*12500`` : £500,000 as a one-off in the first year: proceedings for every entrant, issued on the day of entry,
    and none avoided in later years, although the entries stay lower.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.legal_avoided(entrants, p_proceedings, cost, lag_months)
