"""Survival in care from time since entry: at a constant hazard, and from cases of which some are still open."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ArgumentError, KindError, NoDataError, ShapeError
from xlmodel.model.decimals import exact_sum
from xlmodel.model.domain import BoolArray, FloatArray, aligned, flags, not_negative, refuse

__all__ = ["kaplan_meier", "survival_exp", "survival_km"]

_WIDE = Context(prec=40)


def survival_exp(hazard: ArrayLike, t: ArrayLike) -> FloatArray:
    """Return the share of children still in care after a time, at a constant hazard.

    Parameters
    ----------
    hazard : array_like, per year
        Rate of leaving care, >= 0; it may exceed 1.
    t : array_like, years
        Time since entry, >= 0.

    Returns
    -------
    ndarray, fraction

    Raises
    ------
    DomainError
        `hazard` < 0 or `t` < 0. Excel: #NUM!.

    Examples
    --------
    >>> survival_exp(0.36975, [0, 1, 2]).round(4)
    array([1.    , 0.6909, 0.4774])

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    h, years = aligned({"hazard": hazard, "t": t})
    not_negative(hazard=h, t=years)
    return np.exp(-h * years)


def survival_km(
    durations: ArrayLike, ceased: ArrayLike, entered: ArrayLike | None = None, to_end: ArrayLike = False
) -> FloatArray:
    """Return the Kaplan-Meier table of stays of which some have not ended yet.

    Parameters
    ----------
    durations : array_like, shape (..., children), any unit of time
        Time from entry to the end of the stay, or to the day of observation where it has not ended; >= 0.
    ceased : array_like of bool, shape (..., children)
        True or 1 where the stay has ended, False or 0 where it is still open.
    entered : array_like, shape (..., children), the same unit, optional
        Time that had passed since entry when observation began: 0 for a child followed from entry.
    to_end : array_like of bool
        True adds a row at the longest duration where that lies after the last ceasing.

    Returns
    -------
    ndarray, shape (..., times, 2), the unit of `durations` and fraction
        A row for each time at which somebody ceased; where nobody did, one row: the longest duration and 1.

    Raises
    ------
    DomainError
        `durations` < 0; `entered` < 0, or not below `durations`. Excel: #NUM!.
    KindError
        `ceased` is not true or false. Excel: #VALUE!.
    NoDataError
        A missing figure; a time at which nobody is observed, or at which all who are observed cease while others are
        observed later. Excel: #N/A.
    ShapeError
        The vectors have different lengths; samples with different numbers of times in one call. Excel: #VALUE!.

    Examples
    --------
    >>> survival_km([3, 6, 6, 12, 18, 24], [1, 1, 0, 1, 0, 0]).round(4).tolist()
    [[3.0, 0.8333], [6.0, 0.6667], [12.0, 0.4444]]

    References
    ----------
    Kaplan and Meier (1958); for late entry Klein and Moeschberger, Survival Analysis, 4.6. docs/model.md, "Survival
    and stays".
    """
    late = {} if entered is None else {"entered": entered}
    vectors = {"durations": durations, "ceased": ceased, **late}
    whole, *columns = aligned({"to_end": flags("to_end", to_end)}, vectors)
    lead = whole.shape
    samples = [column.reshape(-1, column.shape[-1]) for column in columns]
    tables: list[FloatArray] = []
    for row, to_last in enumerate(whole.ravel() != 0):
        try:
            times, shares = kaplan_meier(*(sample[row] for sample in samples), to_end=bool(to_last))
        except ArgumentError as error:
            mask = np.zeros(lead, bool)
            mask.reshape(-1)[row] = True
            raise type(error)(error.requirement, mask, argument=error.argument, offender=error.offender) from None
        tables.append(np.stack([times, shares], axis=-1))
    if len({len(table) for table in tables}) > 1:
        raise ShapeError("durations must give tables of one length in one call", argument="durations")
    return np.stack(tables).reshape(*lead, -1, 2)


def kaplan_meier(
    durations: ArrayLike, ceased: ArrayLike, entered: ArrayLike | None = None, *, to_end: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return the times and shares of one sample's Kaplan-Meier table.

    Parameters
    ----------
    durations, ceased, entered : array_like, shape (children,)
        As in `survival_km`, for one sample.
    to_end : bool
        Whether to add a row at the longest duration where that lies after the last ceasing.

    Returns
    -------
    times : ndarray, shape (times,), unit of `durations`
        Strictly increasing.
    shares : ndarray, shape (times,), fraction
        Still in care from each time on.

    Raises
    ------
    DomainError, KindError, NoDataError, ShapeError
        As in `survival_km`.

    Examples
    --------
    >>> times, shares = kaplan_meier([3, 6, 6, 12, 18, 24], [1, 1, 0, 1, 0, 0], to_end=True)
    >>> times.tolist(), shares.round(4).tolist()
    ([3.0, 6.0, 12.0, 24.0], [0.8333, 0.6667, 0.4444, 0.4444])

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    stays, ended, late = _sample(durations, ceased, entered)
    longest = stays.max()
    times, ceases = np.unique(stays[ended], return_counts=True)
    at_risk = len(stays) - np.searchsorted(np.sort(stays), times)
    if late is not None:
        at_risk -= len(late) - np.searchsorted(np.sort(late), times)
        _refuse_unobserved(stays, late, times[-1] if len(times) and not to_end else longest)
    if not len(times):
        return np.array([longest]), np.array([1.0])
    shares, share = [], Decimal(1)
    for time, risk, ends in zip(times.tolist(), at_risk.tolist(), ceases.tolist(), strict=True):
        share = _WIDE.divide(_WIDE.multiply(share, Decimal(risk - ends)), Decimal(risk))
        shares.append(float(share))
        if not share and time < longest:
            requirement = f"durations must leave somebody in care at {time:g}, for others are observed to {longest:g}"
            raise NoDataError(requirement, argument="durations")
    if to_end and longest > times[-1]:
        times, shares = np.append(times, longest), [*shares, shares[-1]]
    return times, np.array(shares)


def _sample(
    durations: ArrayLike, ceased: ArrayLike, entered: ArrayLike | None
) -> tuple[FloatArray, BoolArray, FloatArray | None]:
    vectors = {"durations": durations, "ceased": ceased, **({} if entered is None else {"entered": entered})}
    given = dict(zip(vectors, aligned({}, vectors), strict=True))
    if given["durations"].ndim != 1:
        raise ShapeError("durations must be one vector", argument="durations")
    for name, x in given.items():
        refuse(np.isnan(x), f"{name} must not be missing", name, core=1, error=NoDataError)
        not_negative(core=1, **{name: x})
    ended = given["ceased"]
    refuse((ended != 0) & (ended != 1), "ceased must be TRUE or FALSE", "ceased", ended, core=1, error=KindError)
    stays = exact_sum(given["durations"])  # equal times are those that a cell shows as equal
    late = exact_sum(given["entered"]) if "entered" in given else None
    if late is not None:
        refuse(late >= stays, "entered must be < durations", "entered", late, core=1)
    return stays, ended == 1, late


def _refuse_unobserved(stays: FloatArray, late: FloatArray, end: float) -> None:
    """Refuse a sample in which at some time up to the end nobody is observed: survival then cannot be known."""
    order = np.argsort(late)
    observed_to = np.concatenate([[0.0], np.maximum.accumulate(stays[order])[:-1]])
    gap = (late[order] > observed_to) & (observed_to < end)
    if gap.any():
        start, stop = observed_to[gap][0], late[order][gap][0]
        requirement = f"entered must leave somebody observed at all times; nobody is between {start:g} and {stop:g}"
        raise NoDataError(requirement, argument="entered")
