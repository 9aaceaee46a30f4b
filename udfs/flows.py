"""Stocks and flows: children who start, who cease, who are looked after on a date, and for how long."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import flows
from xlmodel.registry import Flag, Flags, Number, Numbers, Word, Words, udf


@udf(native="LAMBDA(starts, ceases, UDF_.PLUS(starts, -ceases))")
def net_change(
    starts: Annotated[Numbers, Number("children", ge=0)],
    ceases: Annotated[Numbers, Number("children", ge=0)],
) -> Annotated[Numbers, Number("children")]:
    """Return by how many children a period changes the number looked after.

    Parameters
    ----------
    starts : array_like, children
        Children who started to be looked after in the period.
    ceases : array_like, children
        Children who ceased to be looked after in the period.

    Returns
    -------
    ndarray, children
        Starts less ceases: positive where the number grows.

    Raises
    ------
    DomainError
        A flow is negative. Excel: #NUM!.

    Examples
    --------
    >>> float(net_change(198, 219))
    -21.0

    In a cell: ``=CSC_NET_CHANGE(198, 219)`` gives ``-21``.

    In a column: ``=CSC_NET_CHANGE(B5, C5)`` filled down, or ``=CSC_NET_CHANGE(B5:B9, C5:C9)`` once, which spills.

    By hand
    -------
    ``=B5-C5`` : takes a blank for 0. With the ceases of 2022/23 not yet typed in, the stock seems to grow by 198 where
    it falls by 21.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.net_change(starts, ceases)


@udf(
    native="""LAMBDA(opening, starts, ceases, [transfers_net], [actual],
        LET(moves, VSTACK(opening, starts, transfers_net, -ceases), closing, UDF_.SUM(moves),
            IF(OR(closing < 0, AND(actual, OR(UDF_.NOT_WHOLE(moves)))), #NUM!, closing)))"""
)
def closing_stock(
    opening: Annotated[Numbers, Number("children", ge=0)],
    starts: Annotated[Numbers, Number("children", ge=0)],
    ceases: Annotated[Numbers, Number("children", ge=0)],
    transfers_net: Annotated[Numbers, Number("children")] = 0,
    actual: Annotated[Flags, Flag()] = False,
) -> Annotated[Numbers, Number("children")]:
    """Return the number of children looked after at the end of a period.

    Parameters
    ----------
    opening : array_like, children
        Children looked after at the start of the period.
    starts : array_like, children
        Children who started in the period.
    ceases : array_like, children
        Children who ceased in the period.
    transfers_net : array_like, children
        Transfers in less transfers out; 0 if left out.
    actual : array_like of bool
        TRUE for counted figures, which must then be whole; a forecast may have parts of children.

    Returns
    -------
    ndarray, children
        Opening plus starts less ceases plus net transfers.

    Raises
    ------
    DomainError
        A negative figure, more ceases than there are children, or a part of a child where `actual` is TRUE.
        Excel: #NUM!.

    Examples
    --------
    >>> float(closing_stock(487, 140, 215))
    412.0

    In a cell: ``=CSC_CLOSING_STOCK(487, 140, 215)`` gives ``412``.

    In a column: ``=CSC_CLOSING_STOCK(B5, C5, D5)`` filled down, or ``=CSC_CLOSING_STOCK(B5:B9, C5:C9, D5:D9)`` once,
    which spills.

    By hand
    -------
    ``=B5+C5-D5`` : leaves out transfers, takes a blank for 0, and goes below 0 without a word: 628 typed for 215 ceases
    gives -1 child.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.closing_stock(opening, starts, ceases, transfers_net, actual)


@udf(
    native="""LAMBDA(opening, starts, ceases,
        LET(path, SCAN(opening, SEQUENCE(ROWS(starts)), LAMBDA(stock, period,
                LET(more, INDEX(starts, period), fewer, INDEX(ceases, period),
                    IF(OR(stock = "", more = "", fewer = ""), "", UDF_.SUM(VSTACK(stock, more, -fewer)))))),
            IF(SUM(ISNUMBER(path) * (path < 0)) > 0, #NUM!, IF(path = "", NA(), path))))"""
)
def stock_path(
    opening: Annotated[Numbers, Number("children", ge=0)],
    starts: Annotated[Numbers, Number("children", shape=("n",), ge=0, blank="nan")],
    ceases: Annotated[Numbers, Number("children", shape=("n",), ge=0, blank="nan")],
) -> Annotated[Numbers, Number("children", shape=("n",))]:
    """Return the number of children looked after at the end of each of several periods.

    Parameters
    ----------
    opening : array_like, children
        Children looked after at the start of the first period.
    starts : array_like, shape (..., n), children
        Children who started, one cell a period.
    ceases : array_like, shape (..., n), children
        Children who ceased, one cell a period.

    Returns
    -------
    ndarray, shape (..., n), children
        The closing stock of each period; #N/A from the first period with a blank flow onwards.

    Raises
    ------
    DomainError
        A negative figure, or a stock that falls below 0: the first such period is named. Excel: #NUM!.
    ShapeError
        Starts and ceases have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> stock_path(560, [198, 180, 140, 102, 70], [219, 232, 215, 175, 125])
    array([539., 487., 412., 339., 284.])

    In a cell: ``=INDEX(CSC_STOCK_PATH(560, {198;180;140;102;70}, {219;232;215;175;125}),5)`` gives ``284``.

    Spilled, ``=CSC_STOCK_PATH(B4, C5:C9, D5:D9)`` fills five cells beside the periods; filled down,
    ``=CSC_STOCK_PATH(E4, C5, D5)`` carries each period's stock to the next.

    By hand
    -------
    ``=E4+C5-D5`` : filled down, it takes a blank for 0 and carries the error on for good. With the 140 starts of
    2024/25 left blank, every later stock is 140 too low: 272 for 412, then 199 and 144.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.stock_path(opening, starts, ceases)


@udf(
    native="""LAMBDA(closing, starts, ceases,
        LET(opening, UDF_.SUM(VSTACK(closing, -starts, ceases)), IF(opening < 0, #NUM!, opening)))"""
)
def opening_stock(
    closing: Annotated[Numbers, Number("children", ge=0)],
    starts: Annotated[Numbers, Number("children", ge=0)],
    ceases: Annotated[Numbers, Number("children", ge=0)],
) -> Annotated[Numbers, Number("children")]:
    """Return the number of children looked after at the start of a period, worked back from its end.

    Parameters
    ----------
    closing : array_like, children
        Children looked after at the end of the period.
    starts : array_like, children
        Children who started in the period.
    ceases : array_like, children
        Children who ceased in the period.

    Returns
    -------
    ndarray, children
        Closing less starts plus ceases.

    Raises
    ------
    DomainError
        A negative figure, or more starts than closing and ceases together. Excel: #NUM!.

    Examples
    --------
    >>> float(opening_stock(539, 198, 219))
    560.0

    In a cell: ``=CSC_OPENING_STOCK(539, 198, 219)`` gives ``560``.

    In a column: ``=CSC_OPENING_STOCK(E5:E9, C5:C9, D5:D9)`` spills an opening stock for each year.

    By hand
    -------
    ``=566`` : the figure typed in from the text of a report. The flows say 539 + 219 - 198 = 560, and nobody can name
    the other six children.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.opening_stock(closing, starts, ceases)


@udf(
    native="""LAMBDA(opening, closing, [path],
        IF(no_path, UDF_.PLUS(opening, closing) / 2,
        IF(ROWS(path) < 2, #VALUE!,
        LET(days, INDEX(path, 0, 1), stocks, INDEX(path, 0, 2),
            gaps, DROP(days, 1) - DROP(days, -1),
            runs, UDF_.PLUS(TAKE(stocks, 1), -opening) = 0, ends, UDF_.PLUS(TAKE(stocks, -1), -closing) = 0,
            IF(OR(gaps <= 0, NOT(runs), NOT(ends)), #VALUE!,
                SUM(UDF_.PLUS(DROP(stocks, 1), DROP(stocks, -1)) * gaps) / (2 * SUM(gaps)))))))"""
)
def avg_stock(
    opening: Annotated[Numbers, Number("children", ge=0)],
    closing: Annotated[Numbers, Number("children", ge=0)],
    path: Annotated[Numbers | None, Number("date, children", shape=("n", "2"), ge=0)] = None,
) -> Annotated[Numbers, Number("children")]:
    """Return the average number of children looked after in a period.

    Parameters
    ----------
    opening : array_like, children
        Children looked after at the start.
    closing : array_like, children
        Children looked after at the end.
    path : array_like, shape (..., n, 2), date and children, optional
        Two columns, dates in order and the stock on each; if left out, the mean of opening and closing.

    Returns
    -------
    ndarray, children
        Weighted by days where a path is given.

    Raises
    ------
    DomainError
        A negative stock. Excel: #NUM!.
    KindError
        Dates out of order or twice, or a path that does not run from `opening` to `closing`. Excel: #VALUE!.
    ShapeError
        A path that is not two columns of two rows or more. Excel: #VALUE!.

    Examples
    --------
    >>> float(avg_stock(487, 412))
    449.5

    In a cell: ``=CSC_AVG_STOCK(487, 412)`` gives ``449.5``.

    With dates in B and stocks in C, ``=CSC_AVG_STOCK(C5, C17, B5:C17)``; without, filled down,
    ``=CSC_AVG_STOCK(B5, C5)``.

    By hand
    -------
    ``=AVERAGE(B5:B7)`` : every row of a dated path weighs the same, however long it stood. For 487 on 1 April and on 1
    May and 412 on 26 January it gives 462; weighted by days it is 453.25.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.avg_stock(opening, closing, path)


@udf(
    native="""LAMBDA(net_per_month, months, [timing],
        IF(AND(timing = "end", months < 1), 0,
            net_per_month * UDF_.PLUS(months * months, months * SWITCH(timing, "start", 1, "mid", 0, -1)) / 2))"""
)
def child_months(
    net_per_month: Annotated[Numbers, Number("children a month")],
    months: Annotated[Numbers, Number("months", ge=0)],
    timing: Annotated[Words, Word("start", "mid", "end")] = "mid",
) -> Annotated[Numbers, Number("child-months")]:
    """Return the months in care that a steady monthly change adds up to, over all children.

    Parameters
    ----------
    net_per_month : array_like, children a month
        By how many children each month changes the number looked after.
    months : array_like, months
        How many months the change goes on for; parts of months are allowed.
    timing : array_like of str
        When in its month a child counts from: "start", "mid" or "end"; "mid" if left out.

    Returns
    -------
    ndarray, child-months
        Twelve of them are a child-year, to be priced at a year's cost.

    Raises
    ------
    DomainError
        A negative number of months. Excel: #NUM!.
    KindError
        A word that is none of the three. Excel: #VALUE!.

    Examples
    --------
    >>> child_months(4, 12, ["start", "mid", "end"])
    array([312., 288., 264.])

    In a cell: ``=CSC_CHILD_MONTHS(4, 12)`` gives ``288``. From the start of each month,
    ``=CSC_CHILD_MONTHS(4, 12, "start")`` gives ``312``.

    By hand
    -------
    ``=4*12*12`` : every child counts for the whole year, 576 child-months, although the last four come in March. It is
    twice the 288 that four children a month make.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.child_months(net_per_month, months, timing)


@udf(native="LAMBDA(ceases, stock, IF(stock = 0, #DIV/0!, ceases / stock))")
def exit_rate(
    ceases: Annotated[Numbers, Number("children a year", ge=0)],
    stock: Annotated[Numbers, Number("children or child-years", ge=0)],
) -> Annotated[Numbers, Number("per year")]:
    """Return the rate per year at which children cease to be looked after.

    Parameters
    ----------
    ceases : array_like, children a year
        Children who ceased in the year.
    stock : array_like, children or child-years
        Who could have ceased: the opening number of children, the average number, or the child-years in care. Say
        beside it which.

    Returns
    -------
    ndarray, per year
        A rate and not a probability: it may exceed 1.

    Raises
    ------
    ZeroDenominatorError
        The stock is 0. Excel: #DIV/0!.
    DomainError
        A negative figure. Excel: #NUM!.

    Examples
    --------
    >>> round(float(exit_rate(215, 487)), 4)
    0.4415

    In a cell: ``=CSC_EXIT_RATE(215, 487)`` gives ``0.4415``.

    In a column: ``=CSC_EXIT_RATE(C5:C9, B5:B9)`` spills a rate for each year.

    By hand
    -------
    ``=215/487/12`` : the division is right, a twelfth of it is no month. At 44 % a year twelve such months leave 64 %
    in care, not 56 %; and over the average stock of 449.5 the rate is 0.478, not 0.441.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.exit_rate(ceases, stock)


@udf(native="LAMBDA(avg_stock, ceases_per_year, IF(ceases_per_year = 0, #DIV/0!, avg_stock / ceases_per_year))")
def mean_stay(
    avg_stock: Annotated[Numbers, Number("children", ge=0)],
    ceases_per_year: Annotated[Numbers, Number("children a year", ge=0)],
) -> Annotated[Numbers, Number("years")]:
    """Return the mean stay in care that an average number of children and a year's ceases imply.

    Parameters
    ----------
    avg_stock : array_like, children
        Average number of children looked after in the year.
    ceases_per_year : array_like, children a year
        Children who ceased in the year.

    Returns
    -------
    ndarray, years
        Little's law: a mean stay only while the number of children hardly changes, by 5 % in the year at most.

    Raises
    ------
    ZeroDenominatorError
        Nobody ceased. Excel: #DIV/0!.
    DomainError
        A negative figure. Excel: #NUM!.

    Examples
    --------
    >>> round(float(mean_stay(449.5, 215)), 2)
    2.09

    In a cell: ``=CSC_MEAN_STAY(449.5, 215)`` gives ``2.09``.

    In a column: ``=CSC_MEAN_STAY(F5:F9, D5:D9)`` spills a stay for each year.

    By hand
    -------
    ``=AVERAGE(F5:F60)`` : the mean of the cases that have closed. Short stays close first: 7.0 months in a sample of
    which 44 % are still in care after 12. The quotient is wrong too where the stock moves, as by 16.7 % in 2024/25.

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.mean_stay(avg_stock, ceases_per_year)
