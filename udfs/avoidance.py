"""Avoided cost: one cohort, a recurring programme, and the unit cost a claim implies."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import avoidance
from xlmodel.registry import Flag, Flags, Number, Numbers, udf


@udf
def avoided_cost_recurring(
    one_off: Annotated[Numbers, Number("£ a year", shape=("m",))],
    cohorts: Annotated[Numbers, Number("cohorts", shape=("n",))],
    tail_is_zero: Annotated[Flags, Flag()] = False,
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

    Returns
    -------
    ndarray, shape (..., n), £ a year
        #N/A in the years that would need more of a cohort's years than are given.

    Raises
    ------
    KindError
        `tail_is_zero` is not TRUE or FALSE. Excel: #VALUE!.

    Examples
    --------
    >>> avoided_cost_recurring([1, 2.75, 1.9], [1, 1, 1])
    array([1.  , 3.75, 5.65])

    In a cell: ``=INDEX(CSC_AVOIDED_COST_RECURRING({1;2.75;1.9}, {1;1;1}),3)`` gives ``5.65``.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.avoided_cost_recurring(one_off, cohorts, tail_is_zero)


@udf
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

    In a cell: ``=INDEX(CSC_COHORT_PROFILE({1;4.2;6}, {1;1;1}),2)`` gives ``3.2``.

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.cohort_profile(recurring, cohorts)


@udf
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

    References
    ----------
    docs/model.md, "Cost avoidance".
    """
    return avoidance.implied_unit_cost(saving, child_months)
