"""Stocks and flows: children who start, who cease, and who are looked after on a date."""

from __future__ import annotations

from typing import Annotated

from xlmodel.model import flows
from xlmodel.registry import Flag, Flags, Number, Numbers, udf


@udf
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

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.net_change(starts, ceases)


@udf
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

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.closing_stock(opening, starts, ceases, transfers_net, actual)


@udf
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

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.stock_path(opening, starts, ceases)


@udf
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

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.opening_stock(closing, starts, ceases)


@udf
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

    References
    ----------
    docs/model.md, "Flows".
    """
    return flows.avg_stock(opening, closing, path)
