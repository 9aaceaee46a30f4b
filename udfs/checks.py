"""Checks: whether a stated figure and a recomputed one can be the same."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import precision
from xlmodel.registry import Number, Numbers, Word, Words, udf


@udf(
    native="""LAMBDA(stated, recomputed, dp, [input_bound],
        IF(UDF_.NOT_WHOLE(dp), #NUM!,
            UDF_.VERDICT(UDF_.PLUS(recomputed, -stated), UDF_.PLUS(UDF_.HALF_UNIT(dp), input_bound))))"""
)
def ties(
    stated: Annotated[Numbers, Number("any unit")],
    recomputed: Annotated[Numbers, Number("any unit")],
    dp: Annotated[Numbers, Number("decimal places", ge=-15, le=15)],
    input_bound: Annotated[Numbers, Number("any unit", ge=0)] = 0,
) -> Annotated[Words, Word()]:
    """Return whether a stated figure agrees with its recomputation: TIES, ROUNDING or DOES NOT TIE.

    Parameters
    ----------
    stated : array_like
        The figure as printed.
    recomputed : array_like, same unit
        The figure as it comes out, not rounded.
    dp : array_like, decimal places
        Decimal places the stated figure is printed to; -3 for thousands.
    input_bound : array_like, same unit
        The most that rounding of the inputs can add to the difference; 0 if left out.

    Returns
    -------
    ndarray of str
        TIES where the decimals are equal; ROUNDING where half a printed unit and `input_bound` cover the difference.

    Raises
    ------
    DomainError
        `dp` is not a whole number from -15 to 15, or `input_bound` is negative. Excel: #NUM!.
    NoDataError
        A blank figure. Excel: #N/A.

    Examples
    --------
    >>> str(ties(108, 108.33, 0))
    'ROUNDING'

    In a cell: ``=CSC_TIES(108, 108.33, 0)`` gives ``ROUNDING``.

    By hand
    -------
    ``=ROUND(C5,0)=B5`` : calls a stated 75 and a recomputed 72 a mistake, where 72 is twelve times a 6 that may have
    been anything up to 6.5 before it was rounded.

    References
    ----------
    docs/model.md, "Precision".
    """
    return precision.ties(stated, recomputed, dp, input_bound)
