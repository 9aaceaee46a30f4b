"""Stays in care: survival from cases or at a constant rate, and the child-years of a cohort."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import cohorts
from xlmodel.model import survival as model
from xlmodel.registry import Flag, Flags, Number, Numbers, udf


@udf(
    native="""LAMBDA(durations, ceased, [entered], [to_end],
        LET(stays, UDF_.PLUS(durations, 0), late, IF(no_entered, -1 * (stays >= 0), UDF_.PLUS(entered, 0)),
            longest, MAX(stays), none, NOT(OR(ceased)),
            IF(OR(late >= stays), #NUM!,
            LET(times, IF(none, longest, SORT(UNIQUE(FILTER(stays, ceased + none > 0)))),
                end, IF(to_end, longest, MAX(times)),
                gaps, MAP(late, LAMBDA(since,
                    LET(seen_to, MAX((late < since) * stays), AND(since > seen_to, seen_to < end)))),
                at_risk, MAP(times, LAMBDA(time, SUM((stays >= time) * (late < time)))),
                leave, MAP(times, LAMBDA(time, SUM((stays = time) * ceased))),
                shares, SCAN(1, IF(none, 1, (at_risk - leave) / at_risk), LAMBDA(left, share, left * share)),
                IF(OR(gaps, (shares = 0) * (times < longest)), NA(),
                IF(AND(to_end, longest > MAX(times)),
                    VSTACK(HSTACK(times, shares), HSTACK(longest, TAKE(shares, -1))), HSTACK(times, shares)))))))"""
)
def survival_km(
    durations: Annotated[Numbers, Number("time", shape=("n",), ge=0)],
    ceased: Annotated[Flags, Flag(shape=("n",))],
    entered: Annotated[Numbers | None, Number("time", shape=("n",), ge=0)] = None,
    to_end: Annotated[Flags, Flag()] = False,
) -> Annotated[Numbers, Number("time, fraction", shape=("m", "2"))]:
    """Return the share of children still in care by time since entry, from stays of which some are still open.

    Parameters
    ----------
    durations : array_like, shape (..., n), time
        Time each child has been in care: to the end of the stay, or to the day of counting where it is still open. Any
        unit, but years for the other CSC functions.
    ceased : array_like of bool, shape (..., n)
        1 or TRUE where the stay has ended, 0 or FALSE where the child is still in care.
    entered : array_like, shape (..., n), time, optional
        Time each child had been in care when the records begin, in the same unit: 0 for one followed from entry. If
        left out, all are.
    to_end : array_like of bool
        TRUE adds a last row at the longest time in care, so that the curve may be used up to there.

    Returns
    -------
    ndarray, shape (..., m, 2), time and fraction
        Two columns: each time at which somebody ceased, and the share still in care from then on. Where nobody has
        ceased, one row: the longest time and 1, which says no more than that.

    Raises
    ------
    DomainError
        A negative time, or an entry into the records that is not before the end of the stay. Excel: #NUM!.
    KindError
        `ceased` is not TRUE, FALSE, 1 or 0. Excel: #VALUE!.
    NoDataError
        Times at which nobody is observed, so that survival cannot be known. Excel: #N/A.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> survival_km([3, 6, 6, 12, 18, 24], [1, 1, 0, 1, 0, 0]).round(4).tolist()
    [[3.0, 0.8333], [6.0, 0.6667], [12.0, 0.4444]]

    In a cell: ``=INDEX(CSC_SURVIVAL_KM({3;6;6;12;18;24}, {1;1;0;1;0;0}),3,2)`` gives ``0.4444``. Without INDEX the
    table spills into two columns, ready for `survival` in other functions where the times are years.

    By hand
    -------
    ``=AVERAGEIF(C2:C7,1,B2:B7)`` : the mean stay of the closed cases, 7.0 months here, although 44 % of the children
    are still in care after 12. Short stays close first, so closed cases alone always look short.

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    return model.survival_km(durations, ceased, entered, to_end)


@udf(native="LAMBDA(hazard, t, EXP(-hazard * t))")
def survival_exp(
    hazard: Annotated[Numbers, Number("per year", ge=0)],
    t: Annotated[Numbers, Number("years", ge=0)],
) -> Annotated[Numbers, Number("fraction")]:
    """Return the share of children still in care after a time, if they leave at a constant rate.

    Parameters
    ----------
    hazard : array_like, per year
        Rate of leaving care, such as CSC_EXIT_RATE gives: a rate, not a chance, so it may exceed 1.
    t : array_like, years
        Time since entry.

    Returns
    -------
    ndarray, fraction

    Raises
    ------
    DomainError
        A negative rate or time. Excel: #NUM!.

    Examples
    --------
    >>> round(float(survival_exp(0.36975, 2)), 4)
    0.4774

    In a cell: ``=CSC_SURVIVAL_EXP(0.36975, 2)`` gives ``0.4774``. A column of times gives a column of shares:
    ``=INDEX(CSC_SURVIVAL_EXP(0.36975, {0;1;2}),2)`` gives ``0.6909``.

    By hand
    -------
    ``=1-0.36975*3`` : a rate taken for a share of the first cohort, year after year; after three years it leaves -11 %
    of the children in care, where 33 % are.

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    return model.survival_exp(hazard, t)


@udf(
    native="""LAMBDA(entrants, survival, year_no, [start_fraction],
        LET(fault, UDF_.STAY_FAULT(survival), span, 1 - start_fraction,
            IF(ISERROR(fault), fault,
            IF(UDF_.NOT_WHOLE(year_no), #NUM!,
            entrants * UDF_.YEARS_IN_CARE(survival, year_no, span, 1E+300)))))"""
)
def cohort_child_years(
    entrants: Annotated[Numbers, Number("children")],
    survival: Annotated[Numbers, Number("per year, or years and fraction", shape=("m", "k"), ge=0)],
    year_no: Annotated[Numbers, Number("years")],
    start_fraction: Annotated[Numbers, Number("fraction", ge=0, lt=1)] = 0,
) -> Annotated[Numbers, Number("child-years")]:
    """Return the child-years that one year's entrants spend in care in that year or a later one.

    Parameters
    ----------
    entrants : array_like, children
        Children who enter in the first year, evenly over it; negative for growth.
    survival : array_like, a scalar or shape (..., m, 2), per year, or years and fraction
        How long they stay: one cell with the rate of leaving per year, or two columns with times since entry in years
        and the share still in care from then on.
    year_no : array_like, years
        Year asked for: 0 is the year of entry, 1 the next. Before 0 there are no child-years.
    start_fraction : array_like, fraction
        Part of the first year that has passed when entries begin, such as 0.5 for October; 0 if left out. All the
        entrants come in the rest of the year.

    Returns
    -------
    ndarray, child-years
        In year 0 no more than half of `entrants`, and never more than `entrants`.

    Raises
    ------
    DomainError
        A negative rate; a survival table that rises, or whose times are out of order or, as months are, above 18; a
        year that is not whole; a start that is not in the year. Excel: #NUM!.
    NoDataError
        The year reaches beyond the end of the survival table. Excel: #N/A.
    ShapeError
        Survival is neither one cell nor two columns. Excel: #VALUE!.

    Examples
    --------
    >>> cohort_child_years(40, 0.36975, [0, 1, 2, 3]).round(3)
    array([17.747, 27.953, 19.313, 13.343])

    In a cell: ``=CSC_COHORT_CHILD_YEARS(40, 0.36975, 0)`` gives ``17.747``. A row of years gives a row of
    child-years: ``=INDEX(CSC_COHORT_CHILD_YEARS(40, 0.36975, {0,1,2,3}),2)`` gives ``27.953``.

    By hand
    -------
    ``=40*1`` : 40 entrants counted as 40 child-years, every year. Entries are spread over the first year, so even if
    nobody left it has 20; with this rate of leaving it has 17.7, and the third year 19.3.

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    return cohorts.cohort_child_years(entrants, survival, year_no, start_fraction)
