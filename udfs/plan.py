"""The savings plan: its total, the basis of its amounts, and what of it can be relied on."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import plan
from xlmodel.registry import Flag, Flags, Number, Numbers, Row, Rows, Table, Word, Words, udf


@udf(
    native="""LAMBDA(amounts, stated, dp, dp_total,
        LET(places, VSTACK(dp, dp_total),
            IF(OR(UDF_.NOT_WHOLE(places)), #NUM!,
            LET(gap, UDF_.SUM(VSTACK(amounts, -stated)), hidden, UDF_.SUM(UDF_.HALF_UNIT(places)),
                HSTACK(UDF_.SUM(amounts), gap, hidden, UDF_.VERDICT(gap, hidden))))))"""
)
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

    By hand
    -------
    ``=SUM(B2:B6)=B7`` : says FALSE of rows that add up to 2.98 under a total of 3.08, although the rounding of six
    printed figures can hide 0.21; and SUM leaves out an amount stored as text without a word.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.plan_total(amounts, stated, dp, dp_total)


@udf(
    native="""LAMBDA(amounts, from_basis, to_basis,
        LET(bases, {"new_in_year", "level", "running_total"},
            sums, LAMBDA(series, MAP(SEQUENCE(ROWS(series)), LAMBDA(year_no, UDF_.SUM(TAKE(series, year_no))))),
            steps, LAMBDA(series, UDF_.PLUS(series, -TAKE(VSTACK(0, series), ROWS(series)))),
            SWITCH(XMATCH(to_basis, bases) - XMATCH(from_basis, bases),
                1, sums(amounts), 2, sums(sums(amounts)), -1, steps(amounts), -2, steps(steps(amounts)), amounts)))"""
)
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

    By hand
    -------
    ``=SUM(B2:D2)`` : adds up the levels 1, 4.2 and 6 as though each were new: 11.2, where the plan saves 6 a year.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.plan_basis(amounts, from_basis, to_basis)


@udf(
    native="""LAMBDA(amount, confidence, risk, table,
        LET(words, UDF_.LETTERS(TAKE(table, , 2)), weights, DROP(table, , 2),
            IF(OR(words = ""), NA(),
            IF(OR(DROP(weights, , 1) < DROP(weights, , -1)), #NUM!,
            IF(ROWS(UNIQUE(words)) < ROWS(words), #VALUE!,
            IF(OR(confidence = "", risk = ""), NA(),
            LET(row_no, XMATCH(1, (TAKE(words, , 1) = confidence) * (TAKE(words, , -1) = risk)),
                IF(ISNA(row_no), NA(), amount * INDEX(weights, row_no, 0)))))))))"""
)
def risk_adjusted(
    amount: Annotated[Numbers, Number("£", ge=0)],
    confidence: Annotated[Words, Word()],
    risk: Annotated[Words, Word()],
    table: Annotated[
        Rows,
        Table(
            confidence=Word(), risk=Word(), low=Number("weight", ge=0), expected=Number("weight", ge=0),
            high=Number("weight", ge=0),
        ),
    ],
) -> Annotated[tuple[Numbers, ...], Row(low=Number("£"), expected=Number("£"), high=Number("£"))]:  # fmt: skip
    """Return what of a planned saving can be relied on: low, expected and high.

    Parameters
    ----------
    amount : array_like, £
        The saving as planned; 0 or more.
    confidence : array_like of str
        How sure the saving is, in a word of the table; capitals do not matter.
    risk : array_like of str
        How risky it is, in a word of the table; capitals do not matter.
    table : list of rows, or shape (..., n, 5)
        The signed-off weights without their heading, a row for each pair of words: confidence, risk, and the low,
        expected and high share of the amount.

    Returns
    -------
    low, expected, high : ndarray, £
        The amount times each of the three weights.

    Raises
    ------
    NoDataError
        The table has no row for the two words. Excel: #N/A.
    DomainError
        A negative amount, or weights that are negative or not in order of size. Excel: #NUM!.
    KindError
        Text for a weight, or two rows for the same pair of words. Excel: #VALUE!.
    ShapeError
        The table does not have five columns. Excel: #VALUE!.

    Examples
    --------
    >>> low, expected, high = risk_adjusted(2.98, "medium", "high", [["medium", "high", 0.4, 0.6, 0.8]])
    >>> float(low), float(expected), float(high)
    (1.192, 1.788, 2.384)

    In a cell: ``=INDEX(CSC_RISK_ADJUSTED(2.98, "Medium", "High", {"medium","high",0.4,0.6,0.8}),2)`` gives ``1.788``.
    A column of amounts fills a row for each, and their expected total is
    ``=SUM(INDEX(CSC_RISK_ADJUSTED({1;1.98}, "medium", "high", {"medium","high",0.4,0.6,0.8}),0,2))`` gives ``1.788``.

    By hand
    -------
    ``=B5*60%`` : one weight, typed into the formula: nobody signed it off, it does not show, and 1.788 of 2.98 looks as
    certain as any other figure. The range is 1.192 to 2.384.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.risk_adjusted(amount, confidence, risk, table)


@udf(
    native="""LAMBDA(value, target, amber, [higher_is_better],
        LET(short, IF(higher_is_better, UDF_.PLUS(target, -value), UDF_.PLUS(value, -target)),
            IF(short <= 0, "GREEN", IF(short <= amber, "AMBER", "RED"))))"""
)
def rag(
    value: Annotated[Numbers, Number("any unit")],
    target: Annotated[Numbers, Number("any unit")],
    amber: Annotated[Numbers, Number("any unit", ge=0)],
    higher_is_better: Annotated[Flags, Flag()] = False,
) -> Annotated[Words, Word()]:
    """Return GREEN, AMBER or RED for a figure against its target.

    Parameters
    ----------
    value : array_like
        The figure that is measured.
    target : array_like, same unit
        What it should be, or better.
    amber : array_like, same unit
        How far on the wrong side of the target is still amber; not a percentage unless the figure is one.
    higher_is_better : array_like of bool
        TRUE where more is better, as for children adopted; if left out, less is better, as for cost.

    Returns
    -------
    ndarray of str
        GREEN at the target or better, AMBER up to `amber` from it, else RED.

    Raises
    ------
    DomainError
        A negative `amber`. Excel: #NUM!.
    NoDataError
        A blank figure. Excel: #N/A.

    Examples
    --------
    >>> rag([13, 16, 17], 13, 3).tolist()
    ['GREEN', 'AMBER', 'RED']

    In a cell: ``=CSC_RAG(16, 13, 3)`` gives ``AMBER``. A column of figures fills a column:
    ``=INDEX(CSC_RAG({13;16;17}, 13, 3),3)`` gives ``RED``.

    By hand
    -------
    ``=IF(B5<=C5,"GREEN",IF(B5<=C5+3,"AMBER","RED"))`` : a figure that is not in yet is a blank cell, which counts as 0
    and shows GREEN; one that says "n/a" is text, which Excel holds to be more than any number, and shows RED.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.rag(value, target, amber, higher_is_better)


@udf(
    native="""LAMBDA(claimed, baseline_starts, plan_starts,
        IF(plan_starts > baseline_starts, #NUM!,
            MAX(0, UDF_.SUM(VSTACK(claimed, plan_starts, -baseline_starts)))))"""
)
def overlap_check(
    claimed: Annotated[Numbers, Number("children", shape=("n",), ge=0)],
    baseline_starts: Annotated[Numbers, Number("children", ge=0)],
    plan_starts: Annotated[Numbers, Number("children", ge=0)],
) -> Annotated[Numbers, Number("children")]:
    """Return how many children the lines of a plan claim beyond those there are to avoid.

    Parameters
    ----------
    claimed : array_like, shape (..., n), children
        The children kept out of care that each line of the plan counts on in the period.
    baseline_starts : array_like, children
        Children who would start in care in the period without the plan.
    plan_starts : array_like, children
        Children who start with it; no more than the baseline.

    Returns
    -------
    ndarray, children
        0 where the lines together claim no more than baseline less plan.

    Raises
    ------
    DomainError
        A negative number, or more starts with the plan than without. Excel: #NUM!.

    Examples
    --------
    >>> float(overlap_check([48, 40, 24], 180, 140))
    72.0

    In a cell: ``=CSC_OVERLAP_CHECK({48;40;24}, 180, 140)`` gives ``72``.

    By hand
    -------
    ``=SUM(B5:B7)`` : three lines avoid 112 starts between them, where starts fall by 40: 72 of the claims are for
    children whom another line claims too.

    References
    ----------
    docs/model.md, "Savings plan".
    """
    return plan.overlap_check(claimed, baseline_starts, plan_starts)
