"""Where children in care move, and for what reasons they cease, as shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import NoDataError
from xlmodel.inputs.ssda903.history import GROUPS, TYPES, CareHistory
from xlmodel.inputs.ssda903.segments import Segments, bands_on
from xlmodel.model.demand.ages import Ages
from xlmodel.model.domain import FloatArray

__all__ = ["LEAST_CEASES", "LEAST_CHILD_MONTHS", "move_chances", "reason_shares"]

#: With fewer child-months than this in a placement and age band, the chances of all ages are taken.
LEAST_CHILD_MONTHS = 120

#: With fewer ceases than this in an age band, the shares of all ages are taken.
LEAST_CEASES = 20


def move_chances(history: CareHistory, ages: Ages, start: int) -> FloatArray:
    """Return the chance that a child who stays in care for a month is in another placement type at its end.

    Parameters
    ----------
    history : CareHistory
        Periods of care.
    ages : Ages
        Bands by age at the start of the month.
    start : int
        Index of the first month that counts.

    Returns
    -------
    ndarray, shape (A, P, P)
        Rows sum to 1. A child is compared between the ends of two months, so that a move and back within one is
        none. Nobody moves from a type where nobody was.

    References
    ----------
    docs/ssda903.md, "Moves".
    """
    moves = _moves(history, ages)[start:].sum(axis=0)
    everybody = moves.sum(axis=0)
    enough = moves.sum(axis=2, keepdims=True) >= LEAST_CHILD_MONTHS
    counted = np.where(enough, moves, everybody)
    there = counted.sum(axis=2, keepdims=True)
    return np.where(there > 0, counted / np.maximum(there, 1), np.eye(len(TYPES)))


def _moves(history: CareHistory, ages: Ages) -> NDArray[np.int64]:
    """Return the children there at the end of a month and of the one before, by both placements, (T, A, P, P)."""
    segments = Segments.of(history, ages)
    month_ends = history.first_day - 1 + np.append(0, np.cumsum(history.months.days)).astype(np.int64)
    low, high = np.searchsorted(month_ends, segments.begin), np.searchsorted(month_ends, segments.end)
    times = np.maximum(high - low, 0)
    segment = np.repeat(np.arange(len(times)), times)
    end = np.arange(len(segment)) - np.repeat(np.cumsum(times) - times, times) + low[segment]
    period = segments.period[segment]
    stays = np.flatnonzero((period[1:] == period[:-1]) & (end[1:] == end[:-1] + 1))
    before, after = segment[stays], segment[stays + 1]
    shape = (history.months.count, ages.count, len(TYPES), len(TYPES))
    cell = (end[stays], segments.band[before], segments.placement[before], segments.placement[after])
    return np.bincount(np.ravel_multi_index(cell, shape), minlength=int(np.prod(shape))).reshape(shape)


def reason_shares(history: CareHistory, ages: Ages, start: int) -> FloatArray:
    """Return for what reasons children cease before 18, by age band on the day.

    Parameters
    ----------
    history : CareHistory
        Periods of care.
    ages : Ages
        Bands by age at ceasing.
    start : int
        Index of the first month that counts.

    Returns
    -------
    ndarray, shape (A, R)
        Rows sum to 1, over the groups of exits. Who ceases because of the 18th birthday is not counted.

    Raises
    ------
    NoDataError
        Nobody ceased before 18.

    References
    ----------
    docs/ssda903.md, "Reasons".
    """
    periods = history.periods
    first = history.first_day + int(history.months.days[:start].sum())
    counts = (periods.group >= 0) & ~periods.turned_18 & (periods.end >= first) & (periods.end <= history.last_day)
    band = bands_on(ages, periods.birth[counts], periods.end[counts])
    table = np.zeros((ages.count, len(GROUPS)))
    np.add.at(table, (band, periods.group[counts]), 1)
    everybody = table.sum(axis=0)
    if not everybody.any():
        raise NoDataError("a child must have ceased before 18 to know for what reasons; none has", argument="history")
    counted = np.where(table.sum(axis=1, keepdims=True) >= LEAST_CEASES, table, everybody)
    return np.asarray(counted / counted.sum(axis=1, keepdims=True))
