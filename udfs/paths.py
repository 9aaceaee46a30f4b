"""A year of children in care from totals alone: the time they spend there, and how readily they leave."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import paths
from xlmodel.registry import Number, Numbers, udf


@udf(native="LAMBDA(opening, starts, hazard, opening * UDF_.MEAN_SHARE(hazard) + starts * UDF_.ENTRY_SHARE(hazard))")
def care_years(
    opening: Annotated[Numbers, Number("children", ge=0)],
    starts: Annotated[Numbers, Number("children", ge=0)],
    hazard: Annotated[Numbers, Number("per year", ge=0)],
) -> Annotated[Numbers, Number("child-years")]:
    """Return the child-years that a year's children spend in care, if they leave at a constant rate.

    Parameters
    ----------
    opening : array_like, children
        Children looked after when the year begins.
    starts : array_like, children
        Children who start in the year, evenly over it.
    hazard : array_like, per year
        Rate of leaving care: a rate, not a chance, so it may exceed 1.

    Returns
    -------
    ndarray, child-years
        The average number of children looked after in the year. Times `hazard` it is the number who cease.

    Raises
    ------
    DomainError
        A negative figure. Excel: #NUM!.

    Examples
    --------
    >>> round(float(care_years(487, 180, 0.36975)), 3)
    486.97

    In a cell: ``=CSC_CARE_YEARS(487, 180, 0.36975)`` gives ``486.970``.

    In a column: ``=CSC_CARE_YEARS(B5, C5, D5)`` filled down, or ``=CSC_CARE_YEARS(B5:B9, C5:C9, D5:D9)`` once, which
    spills.

    By hand
    -------
    ``=B5+C5`` : every child counted for the whole year, 667 child-years, although children start and leave all through
    it. The mean of the opening and the closing stock is nearer, and still wrong where the stock moves fast.

    References
    ----------
    docs/model.md, "Paths".
    """
    return paths.care_years(opening, starts, hazard)


@udf(
    native="""LAMBDA(opening, starts, ceases, [relative],
        LET(weights, IF(no_relative, 1, relative), can_leave, weights > 0,
            kept, UDF_.PLUS(UDF_.SUM(VSTACK(opening * can_leave, starts * can_leave)), -ceases),
            IF(ceases = 0, 0,
            IF(kept <= 0, #NUM!,
            LET(solved, REDUCE(0, SEQUENCE(200), LAMBDA(rate, step_no,
                    IF(rate < 0, rate, LET(
                        rates, rate * weights, left, EXP(-rates),
                        entry, MAP(rates, LAMBDA(each, UDF_.ENTRY_SHARE(each))),
                        mean, IF(rates < 1, 1 - rates * entry, (1 - left) / rates),
                        ceased, SUM(rates * (opening * mean + starts * entry)),
                        stayed, SUM(can_leave * (opening * left + starts * mean)),
                        slope, SUM(weights * (opening * left + starts * (mean - entry))),
                        step, IF(ceases > kept, stayed - kept, ceases - ceased) / slope,
                        IF(ABS(step) <= 1E-9 * rate, -1, 1) * (rate + step))))),
                IF(solved < 0, -solved, #NUM!))))))"""
)
def exit_hazard(
    opening: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    starts: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    ceases: Annotated[Numbers, Number("children", ge=0)],
    relative: Annotated[Numbers | None, Number("per year", shape=("p",), ge=0)] = None,
) -> Annotated[Numbers, Number("per year")]:
    """Return the constant rate of leaving care at which a year comes out with the ceases that are given.

    Parameters
    ----------
    opening : array_like, shape (..., p), children
        Children looked after when the year begins, one cell for each type of placement.
    starts : array_like, shape (..., p), children
        Children who start in the year, evenly over it, in the same order.
    ceases : array_like, children
        Children who cease in the year, from all placements together.
    relative : array_like, shape (..., p), per year, optional
        Rate of leaving of each type of placement; all alike if left out.

    Returns
    -------
    ndarray, per year
        What each rate in `relative` has to be multiplied by; if it is left out, the rate of leaving itself.

    Raises
    ------
    DomainError
        A negative figure, or as many ceases as there are children who can leave. Excel: #NUM!.
    ShapeError
        The ranges have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(exit_hazard(487, 140, 215)), 4)
    0.4815

    In a cell: ``=CSC_EXIT_HAZARD(487, 140, 215)`` gives ``0.4815``. With two types of placement,
    ``=CSC_EXIT_HAZARD({380;107}, {120;20}, 215, {0.5;0.25})`` gives ``1.0889``: both rates rise by 8.89 %.

    By hand
    -------
    ``=215/487`` : 0.4415 leaves out that those who start can leave in the same year, and that the number who could
    leave falls all through it. A year at this rate has 201 ceases, not 215.

    References
    ----------
    docs/model.md, "Paths".
    """
    return paths.exit_hazard(opening, starts, ceases, relative)
