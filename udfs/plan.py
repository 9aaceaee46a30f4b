"""The savings plan: its total and the basis of its amounts."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import plan
from xlmodel.registry import Number, Numbers, Row, Word, Words, udf


@udf
def plan_total(
    amounts: Annotated[Numbers, Number("£", shape=("n",))],
    stated: Annotated[Numbers, Number("£")],
    dp: Annotated[Numbers, Number("decimal places", shape=("n",), ge=-15, le=15)],
    dp_total: Annotated[Numbers, Number("decimal places", ge=-15, le=15)],
) -> Annotated[
    tuple[Numbers, ...], Row(total=Number("£"), gap=Number("£"), rounding_hides=Number("£"), verdict=Word())
]:
    """Return the sum of a plan's rows, how far it is from the stated total, and whether rounding explains that.

    Parameters
    ----------
    amounts : array_like, shape (..., n), £
        The rows of the plan as printed, in the unit of the total.
    stated : array_like, £
        The total as printed.
    dp : array_like, shape (..., n), decimal places
        Decimal places each row is printed to; 0 for a whole number, -3 for thousands.
    dp_total : array_like, decimal places
        Decimal places the total is printed to.

    Returns
    -------
    total, gap, rounding_hides : ndarray, £
        The sum; the sum less the stated total; the most that rounding of all the figures can hide.
    verdict : ndarray of str
        TIES, ROUNDING or DOES NOT TIE.

    Raises
    ------
    DomainError
        A number of decimal places that is not whole from -15 to 15. Excel: #NUM!.
    NoDataError
        A blank figure. Excel: #N/A.
    ShapeError
        Amounts and places have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> total, gap, bound, verdict = plan_total([1.0, 0.4, 0.0, 1.2, 0.38], 3.08, [1, 1, 1, 1, 2], 2)
    >>> float(total), float(gap), float(bound), str(verdict)
    (2.98, -0.1, 0.21, 'ROUNDING')

    In a cell: ``=INDEX(CSC_PLAN_TOTAL({1;0.4;0;1.2;0.38}, 3.08, {1;1;1;1;2}, 2),4)`` gives ``ROUNDING``.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.plan_total(amounts, stated, dp, dp_total)


@udf
def plan_basis(
    amounts: Annotated[Numbers, Number("£", shape=("n",))],
    from_basis: Annotated[Words, Word("level", "new_in_year", "running_total")],
    to_basis: Annotated[Words, Word("level", "new_in_year", "running_total")],
) -> Annotated[Numbers, Number("£", shape=("n",))]:
    """Return a plan's yearly amounts on another basis: level, new in the year, or running total.

    Parameters
    ----------
    amounts : array_like, shape (..., n), £
        One amount a year, from the first year of the plan.
    from_basis : array_like of str
        What the amounts are: "level" (the saving in each year), "new_in_year" or "running_total".
    to_basis : array_like of str
        What they are to become, in the same words.

    Returns
    -------
    ndarray, shape (..., n), £

    Raises
    ------
    KindError
        A word that is none of the three. Excel: #VALUE!.

    Examples
    --------
    >>> plan_basis([1, 4.2, 6], "level", "new_in_year")
    array([1. , 3.2, 1.8])

    In a cell: ``=INDEX(CSC_PLAN_BASIS({1;4.2;6}, "level", "running_total"),3)`` gives ``11.2``.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.plan_basis(amounts, from_basis, to_basis)
