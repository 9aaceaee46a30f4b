"""A small collection of functions for the registry's tests."""

from typing import Annotated

import numpy as np

from xlmodel.errors import DomainError, ZeroDenominatorError
from xlmodel.registry import Date, Flag, Flags, Number, Numbers, Row, Word, Words, Year, udf

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
