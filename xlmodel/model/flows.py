"""Stocks and flows of children: who starts, who ceases, who is there on a date, and for how long."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import KindError, ShapeError, ZeroDenominatorError
from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient, running_sum
from xlmodel.model.domain import BoolArray, FloatArray, aligned, flags, not_negative, real, refuse
from xlmodel.model.vectors import refuse_element
from xlmodel.model.words import choice

__all__ = [
    "TIMINGS",
    "avg_stock",
    "child_months",
    "closing_stock",
    "exit_rate",
    "mean_stay",
    "near_steady_state",
    "net_change",
    "opening_stock",
    "stock_path",
]

#: When in its month a change counts from.
TIMINGS = ("start", "mid", "end")

_STEADY_PERCENT = 5  #: of the stock: the largest net change at which stock / ceases still is a mean stay


def net_change(starts: ArrayLike, ceases: ArrayLike) -> FloatArray:
    """Return by how many children a period changes the stock.

    Parameters
    ----------
    starts : array_like, children
        Children who started to be looked after in the period, >= 0.
    ceases : array_like, children
        Children who ceased to be looked after in the period, >= 0.

    Returns
    -------
    ndarray, children
        Positive where the stock grows.

    Raises
    ------
    DomainError
        `starts` < 0 or `ceases` < 0. Excel: #NUM!.

    Examples
    --------
    >>> float(net_change(198, 219))
    -21.0

    References
    ----------
    docs/model.md, "Flows".
    """
    starts, ceases = aligned({"starts": starts, "ceases": ceases})
    not_negative(starts=starts, ceases=ceases)
    return difference(starts, ceases)


def closing_stock(
    opening: ArrayLike,
    starts: ArrayLike,
    ceases: ArrayLike,
    transfers_net: ArrayLike = 0.0,
    actual: ArrayLike = False,
) -> FloatArray:
    """Return the stock at the end of a period.

    Parameters
    ----------
    opening : array_like, children
        Stock at the start of the period, >= 0.
    starts : array_like, children
        Children who started in the period, >= 0.
    ceases : array_like, children
        Children who ceased in the period, >= 0.
    transfers_net : array_like, children
        Transfers in less transfers out.
    actual : array_like of bool
        True for counted figures, which must be whole; a forecast may have parts of children.

    Returns
    -------
    ndarray, children

    Raises
    ------
    DomainError
        `opening`, `starts` or `ceases` < 0; more ceases than there are children; `actual` with a part of a child.
        Excel: #NUM!.
    KindError
        `actual` is not true or false. Excel: #VALUE!.

    Examples
    --------
    >>> float(closing_stock(487, 140, 215))
    412.0

    References
    ----------
    docs/model.md, "Flows".
    """
    names = ("opening", "starts", "ceases", "transfers_net", "actual")
    counted = flags("actual", actual)
    given = aligned(dict(zip(names, (opening, starts, ceases, transfers_net, counted), strict=True)))
    o, s, c, t, is_actual = given
    not_negative(opening=o, starts=s, ceases=c)
    for name, x in zip(names[:4], given[:4], strict=True):
        part = (is_actual != 0) & (x != np.rint(x)) & ~np.isnan(x)
        refuse(part, f"{name} must be a whole number where actual is TRUE", name, x)
    closing = exact_sum(o, s, t, -c)
    refuse(closing < 0, "ceases must be <= opening + starts + transfers_net", "ceases", c)
    return closing


def stock_path(opening: ArrayLike, starts: ArrayLike, ceases: ArrayLike) -> FloatArray:
    """Return the closing stock of each of several periods in a row.

    Parameters
    ----------
    opening : array_like, children
        Stock at the start of the first period, >= 0.
    starts : array_like, shape (..., periods), children
        Children who started in each period, >= 0. NaN is a missing figure.
    ceases : array_like, shape (..., periods), children
        Children who ceased in each period, >= 0. NaN is a missing figure.

    Returns
    -------
    ndarray, shape (..., periods), children
        NaN from the first period with a missing flow onwards.

    Raises
    ------
    DomainError
        `opening`, a start or a cease < 0; a stock that falls below 0: the first such period is named. Excel: #NUM!.
    ShapeError
        `starts` and `ceases` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> stock_path(560, [198, 180, 140, 102, 70], [219, 232, 215, 175, 125])
    array([539., 487., 412., 339., 284.])

    References
    ----------
    docs/model.md, "Flows".
    """
    o, s, c = aligned({"opening": opening}, {"starts": starts, "ceases": ceases})
    not_negative(opening=o)
    not_negative(core=1, starts=s, ceases=c)
    moves = np.stack([s, -c], axis=-1).reshape(*s.shape[:-1], -1)
    path = running_sum(np.concatenate([o[..., None], moves], axis=-1))[..., 2::2]
    refuse_element(path < 0, "ceases must be <= the stock and the starts of period {}", "ceases", c)
    return path


def opening_stock(closing: ArrayLike, starts: ArrayLike, ceases: ArrayLike) -> FloatArray:
    """Return the stock at the start of a period, from the stock at its end.

    Parameters
    ----------
    closing : array_like, children
        Stock at the end of the period, >= 0.
    starts : array_like, children
        Children who started in the period, >= 0.
    ceases : array_like, children
        Children who ceased in the period, >= 0.

    Returns
    -------
    ndarray, children

    Raises
    ------
    DomainError
        An argument < 0; more starts than `closing` and `ceases` together. Excel: #NUM!.

    Examples
    --------
    >>> float(opening_stock(539, 198, 219))
    560.0

    References
    ----------
    docs/model.md, "Flows".
    """
    end, s, c = aligned({"closing": closing, "starts": starts, "ceases": ceases})
    not_negative(closing=end, starts=s, ceases=c)
    opening = exact_sum(end, -s, c)
    refuse(opening < 0, "starts must be <= closing + ceases", "starts", s)
    return opening


def avg_stock(opening: ArrayLike, closing: ArrayLike, path: ArrayLike | None = None) -> FloatArray:
    """Return the average stock of a period: the mean of its ends, or the time-weighted mean of a dated path.

    Parameters
    ----------
    opening : array_like, children
        Stock at the start, >= 0.
    closing : array_like, children
        Stock at the end, >= 0.
    path : array_like, shape (..., dates, 2), days and children, optional
        Dates as serial numbers, strictly increasing, and the stock on each; from the opening to the closing stock.

    Returns
    -------
    ndarray, children

    Raises
    ------
    DomainError
        A stock < 0. Excel: #NUM!.
    KindError
        Dates of `path` out of order or twice; a path that does not run from `opening` to `closing`. Excel: #VALUE!.
    ShapeError
        `path` is not two columns of two dates or more. Excel: #VALUE!.

    Examples
    --------
    >>> float(avg_stock(487, 412))
    449.5
    >>> float(avg_stock(487, 412, [[0, 487], [100, 487], [300, 412]]))
    462.0

    References
    ----------
    docs/model.md, "Flows".
    """
    if path is None:
        o, c = aligned({"opening": opening, "closing": closing})
        not_negative(opening=o, closing=c)
        return exact_sum(o, c) / 2
    dated = real("path", path)
    if dated.ndim < 2 or dated.shape[-1] != 2 or dated.shape[-2] < 2:
        raise ShapeError("path must have two columns, date and stock, and two rows or more", argument="path")
    o, c, dates, stocks = aligned(
        {"opening": opening, "closing": closing}, {"path dates": dated[..., 0], "path stocks": dated[..., 1]}
    )
    not_negative(opening=o, closing=c)
    refuse(stocks < 0, "path stocks must be >= 0", "path", stocks, core=1)
    days = np.diff(dates, axis=-1)
    refuse(days <= 0, "path must have its dates in order, each once", "path", core=1, error=KindError)
    for end, given, requirement in (
        (stocks[..., 0], o, "path must start with the opening stock"),
        (stocks[..., -1], c, "path must end with the closing stock"),
    ):
        refuse(_unlike(end, given), requirement, "path", end, error=KindError)
    area = exact_dot(exact_sum(stocks[..., 1:], stocks[..., :-1]), days)
    return quotient(area, 2 * (dates[..., -1] - dates[..., 0]))


def _unlike(a: FloatArray, b: FloatArray) -> BoolArray:
    return np.asarray((difference(a, b) != 0) & ~np.isnan(a) & ~np.isnan(b))


def child_months(net_per_month: ArrayLike, months: ArrayLike, timing: ArrayLike = "mid") -> FloatArray:
    """Return the child-months that a steady monthly change of the stock adds up to.

    Parameters
    ----------
    net_per_month : array_like, children a month
        By how many children each month changes the stock; may be negative.
    months : array_like, months
        Months that the change goes on for, >= 0; parts of months are allowed.
    timing : array_like of str
        When in its month a child counts from: ``start``, ``mid`` or ``end``. Capitals do not matter.

    Returns
    -------
    ndarray, child-months

    Raises
    ------
    DomainError
        `months` < 0. Excel: #NUM!.
    KindError
        `timing` is none of the three words. Excel: #VALUE!.

    Examples
    --------
    >>> child_months(4, 12, ["start", "mid", "end"])
    array([312., 288., 264.])

    References
    ----------
    docs/model.md, "Flows".
    """
    n, m, when = aligned(
        {"net_per_month": net_per_month, "months": months, "timing": choice("timing", timing, TIMINGS)}
    )
    not_negative(months=m)
    # A change at the end of a month has not begun while the first month lasts.
    twice = np.where((when == 2) & (m < 1), 0.0, exact_dot(np.stack([m, 1 - when], axis=-1), np.stack([m, m], axis=-1)))
    return exact_dot(n[..., None], twice[..., None]) / 2


def exit_rate(ceases: ArrayLike, stock: ArrayLike) -> FloatArray:
    """Return how often a child of the stock ceases to be looked after, in a year.

    Parameters
    ----------
    ceases : array_like, children a year
        Children who ceased in the year, >= 0.
    stock : array_like, children or child-years
        The children who could: the opening or average stock, or the child-years in care, > 0.

    Returns
    -------
    ndarray, per year
        A rate and not a probability: it may exceed 1.

    Raises
    ------
    ZeroDenominatorError
        `stock` is 0. Excel: #DIV/0!.
    DomainError
        `ceases` or `stock` < 0. Excel: #NUM!.

    Examples
    --------
    >>> round(float(exit_rate(215, 487)), 4)
    0.4415

    References
    ----------
    docs/model.md, "Flows".
    """
    c, s = aligned({"ceases": ceases, "stock": stock})
    not_negative(ceases=c)
    _positive(stock=s)
    return quotient(c, s)


def mean_stay(avg_stock: ArrayLike, ceases_per_year: ArrayLike) -> FloatArray:
    """Return the mean stay that a stock and its ceases imply, by Little's law.

    Parameters
    ----------
    avg_stock : array_like, children
        Average stock of the year, >= 0.
    ceases_per_year : array_like, children a year
        Children who cease in a year, > 0.

    Returns
    -------
    ndarray, years
        A mean stay only where `near_steady_state` holds.

    Raises
    ------
    ZeroDenominatorError
        `ceases_per_year` is 0: nobody leaves, and no mean is implied. Excel: #DIV/0!.
    DomainError
        An argument < 0. Excel: #NUM!.

    Examples
    --------
    >>> round(float(mean_stay(449.5, 215)), 2)
    2.09

    References
    ----------
    docs/model.md, "Flows".
    """
    stock, ceases = aligned({"avg_stock": avg_stock, "ceases_per_year": ceases_per_year})
    not_negative(avg_stock=stock)
    _positive(ceases_per_year=ceases)
    return quotient(stock, ceases)


def near_steady_state(net: ArrayLike, stock: ArrayLike) -> BoolArray:
    """Return whether a year changes its stock so little that `mean_stay` may be read as one.

    Parameters
    ----------
    net : array_like, children a year
        Net change of the stock in the year.
    stock : array_like, children
        Average stock of the year, > 0.

    Returns
    -------
    ndarray of bool
        True where the change is no more than 5 % of the stock; False where either is missing.

    Raises
    ------
    ZeroDenominatorError
        `stock` is 0. Excel: #DIV/0!.
    DomainError
        `stock` < 0. Excel: #NUM!.

    Examples
    --------
    >>> near_steady_state([-75, -20], [449.5, 549.5])
    array([False,  True])

    References
    ----------
    docs/model.md, "Flows".
    """
    change, s = aligned({"net": net, "stock": stock})
    _positive(stock=s)
    return np.asarray(quotient(np.abs(change), s, times=100) <= _STEADY_PERCENT)


def _positive(**arguments: FloatArray) -> None:
    for argument, value in arguments.items():
        refuse(value < 0, f"{argument} must be > 0", argument, value)
        refuse(value == 0, f"{argument} must be > 0", argument, value, error=ZeroDenominatorError)
