"""A small collection of functions for the registry's tests."""

from typing import Annotated

import numpy as np

from xlmodel.errors import DomainError, ZeroDenominatorError
from xlmodel.registry import Date, Flag, Flags, Number, Numbers, Row, Rows, Table, Word, Words, Year, udf

calls: list[int] = []


@udf
def ratio(
    part: Annotated[Numbers, Number("children", ge=0)],
    whole: Annotated[Numbers, Number("children")],
    scale: Annotated[Numbers, Number()] = 1.0,
) -> Annotated[Numbers, Number("children")]:
    """Return part over whole.

    Parameters
    ----------
    part : array_like, children
        What is counted. More words that are not the help.
    whole : array_like, children
        What it is a part of.
    scale : float
        A factor.

    Examples
    --------
    In a cell: ``=T_RATIO(1, 4)`` gives ``0.25``.
    """
    calls.append(np.size(part))
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    if (whole == 0).any():
        raise ZeroDenominatorError("whole must not be 0", whole == 0, argument="whole")
    if (part > whole).any():
        raise DomainError("part must be <= whole", part > whole, argument="part")
    return part / whole * scale


@udf(version="2")
def running(
    values: Annotated[Numbers, Number("pounds", shape=("n",), blank="nan")],
) -> Annotated[Numbers, Number("pounds", shape=("n",))]:
    """Return the running total.

    Parameters
    ----------
    values : array_like, shape (..., n), pounds
        The amounts.
    """
    return np.cumsum(np.asarray(values, float), axis=-1)


@udf
def weighted(
    values: Annotated[Numbers, Number("pounds", shape=("n",))],
    weights: Annotated[Numbers, Number("", shape=("n",), ge=0, le=1)],
    word: Annotated[Words, Word("low", "high")] = "low",
) -> Annotated[tuple[Numbers, ...], Row(total=Number("pounds"), label=Word())]:
    """Return a weighted total and a label.

    Parameters
    ----------
    values : array_like, shape (..., n)
        The amounts.
    weights : array_like, shape (..., n)
        Their weights.
    word : str
        A label.
    """
    total = (np.asarray(values, float) * np.asarray(weights, float)).sum(axis=-1)
    return total, np.broadcast_to(np.asarray(word, object), np.shape(total))


@udf
def in_year(
    when: Annotated[Numbers, Date()], year: Annotated[Numbers, Year()], include: Annotated[Flags, Flag()] = True
) -> Annotated[Flags, Flag()]:
    """Tell whether a date lies in a financial year.

    Parameters
    ----------
    when : date
        The date.
    year : financial year
        The year.
    include : bool
        Turn the answer round.
    """
    when, year = np.asarray(when, "datetime64[D]"), np.asarray(year)
    start = (year.astype(str).astype("datetime64[Y]") + np.timedelta64(0, "Y")).astype("datetime64[M]") + 3
    inside = (when >= start.astype("datetime64[D]")) & (when < (start + 12).astype("datetime64[D]"))
    return inside == np.asarray(include)


@udf
def faulty(value: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    """Fail on 13 as a bug would.

    Parameters
    ----------
    value : float
        Anything but 13.
    """
    if np.any(np.asarray(value) == 13):
        raise KeyError("thirteen")
    return np.asarray(value, float) * 2


@udf
def moved(
    stock: Annotated[Numbers, Number("children", shape=("p",), ge=0)],
    transition: Annotated[Numbers, Number("share", shape=("p", "p"), ge=0, le=1)],
    periods: Annotated[Numbers, Number("periods", ge=1, le=9)] = 2.0,
) -> Annotated[Numbers, Number("children", shape=("t", "p"))]:
    """Return a stock after each of several periods: a row a period.

    Parameters
    ----------
    stock : array_like, shape (..., p), children
        The children in each placement.
    transition : array_like, shape (..., p, p)
        From placement to placement.
    periods : int
        How many, the same in every row.
    """
    at, shares = np.asarray(stock, float), np.asarray(transition, float)
    many = np.unique(np.asarray(periods, float))
    if len(many) > 1:
        raise ValueError("one number of periods")
    path = []
    for _ in range(int(many[0])):
        at = (at[..., None, :] @ shares)[..., 0, :]
        path.append(at)
    return np.stack(path, axis=-2)


@udf
def seen(values: Annotated[Numbers, Number(shape=("n",))]) -> Annotated[Numbers, Number(shape=("m", "2"))]:
    """Return each different value and how often it is there.

    Parameters
    ----------
    values : array_like, shape (1, n)
        One row of them: the number of results hangs on the values.
    """
    (row,) = np.atleast_2d(np.asarray(values, float))
    return np.stack(np.unique(row, return_counts=True), axis=-1)[None].astype(float)


@udf
def days(
    starts: Annotated[Numbers, Date(shape=("n",))],
    ends: Annotated[Numbers, Date(shape=("n",), blank="nan")],
    codes: Annotated[Words, Word(shape=("n",), blank="nan")] = None,
) -> Annotated[Numbers, Number("days", shape=("n",))]:
    """Return the days from start to end; no end and no code give nothing.

    Parameters
    ----------
    starts : array_like of dates, shape (..., n)
        The first days.
    ends : array_like of dates, shape (..., n)
        The last days; blank for none.
    codes : array_like of str, shape (..., n)
        Why; blank for no reason.
    """
    ends = np.asarray(ends, "datetime64[D]")
    length = np.where(np.isnat(ends), np.nan, (ends - np.asarray(starts, "datetime64[D]")).astype(float))
    return length if codes is None else np.where(np.asarray(codes, object) == "", np.nan, length)


@udf
def looked_up(
    amount: Annotated[Numbers, Number("pounds")],
    table: Annotated[Rows, Table(word=Word(), weight=Number(ge=0), year=Year())],
    curve: Annotated[Numbers, Number(shape=("m", "k"), ge=0)] = None,
) -> Annotated[tuple[Numbers, ...], Row(first=Number("pounds"), size=Number())]:
    """Return an amount by the weight of the table's first row, and how many cells the curve has.

    Parameters
    ----------
    amount : float
        What is weighted.
    table : list of rows
        A word, its weight and a year.
    curve : array_like
        One cell or a range.
    """
    weight = np.asarray(table, object)[..., 0, 1].astype(float)
    size = 0 if curve is None else np.shape(curve)[-1] * np.shape(curve)[-2]
    return np.asarray(amount, float) * weight, np.full(np.shape(weight), float(size))
