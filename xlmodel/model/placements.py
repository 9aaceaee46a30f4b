"""Children by placement: how a year moves them, and the month that makes up such a year."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import fractional_matrix_power

from xlmodel.errors import ShapeError
from xlmodel.model.decimals import exact_dot
from xlmodel.model.domain import FloatArray, aligned, not_negative, real, refuse
from xlmodel.model.vectors import refuse_element

__all__ = ["monthly_transition", "placement_path"]

#: How far printed shares may add up above 1.
_SLACK = 1e-9
_MOST_PERIODS = 1200
#: What the computation of a root can lose, and what must be beyond it to count as negative.
_ROOT_ERROR = 1e-10


def placement_path(stock: ArrayLike, transition: ArrayLike, entrants: ArrayLike, periods: ArrayLike) -> FloatArray:
    """Return the children in each placement at the end of each of several periods.

    Parameters
    ----------
    stock : array_like, shape (..., placements), children
        Children in each placement at the start, >= 0.
    transition : array_like, shape (..., placements, placements) or (..., periods * placements, placements)
        Share of the children in each row's placement who are in each column's at the end of the period, 0 to 1. What
        is missing from a row's sum to 1 leaves care. Either one matrix for every period, or one below the other, a
        matrix a period.
    entrants : array_like, shape (..., placements), children a period
        Children who arrive in each placement in each period, after the moves, >= 0.
    periods : array_like of int
        Number of periods, 1 to 1,200: the same in all rows.

    Returns
    -------
    ndarray, shape (..., periods, placements), children

    Raises
    ------
    DomainError
        A share outside 0 to 1, a row of shares above 1, whose row is named, a negative number of children, or
        `periods` not a whole number from 1 to 1,200. Excel: #NUM!.
    ShapeError
        `transition` is neither square nor a square for each period, or `stock` and `entrants` have another number of
        placements. Excel: #VALUE!.

    Examples
    --------
    >>> placement_path([350, 60, 40], [[0.90, 0.03, 0.02], [0.04, 0.85, 0.06], [0, 0.01, 0.80]], [100, 15, 10], 1)
    array([[417.4,  76.9,  52.6]])

    References
    ----------
    docs/model.md, "Care".
    """
    steps = _periods(periods)
    shares = _matrix("transition", transition)
    v, e = aligned({}, {"stock": stock, "entrants": entrants})
    not_negative(core=1, stock=v, entrants=e)
    size, rows = v.shape[-1], shares.shape[-2]
    if shares.shape[-1] != size or rows not in (size, steps * size):
        requirement = f"transition must have {size} columns, and {size} rows or {size} for each period"
        raise ShapeError(requirement, argument="transition", offender=f"{rows} rows by {shares.shape[-1]} columns")
    _refuse_impossible("transition", shares)
    try:
        lead = np.broadcast_shapes(v.shape[:-1], shares.shape[:-2])
    except ValueError:
        raise ShapeError("the arguments must have the same number of rows, or one") from None
    one = np.ones((*lead, size, 1))
    arriving = np.broadcast_to(e, (*lead, size))[..., None]
    now = np.broadcast_to(v, (*lead, size))
    path = np.empty((*lead, steps, size))
    for k in range(steps):
        first = k * size if rows > size else 0
        into = np.swapaxes(shares[..., first : first + size, :], -1, -2)
        moved = np.broadcast_to(now[..., None, :], (*lead, size, size))
        into = np.broadcast_to(into, moved.shape)
        now = exact_dot(np.concatenate([moved, arriving], axis=-1), np.concatenate([into, one], axis=-1))
        path[..., k, :] = now
    return path


def monthly_transition(annual: ArrayLike) -> FloatArray:
    """Return the monthly transition matrix that, twelve times over, gives an annual one.

    It is the principal 12th root of the matrix, with leaving care as one more state that nobody comes back from. For
    one placement that a share q leaves in the year, 1 - (1 - q)^(1/12) leave in a month, and not q / 12.

    Parameters
    ----------
    annual : array_like, shape (..., placements, placements)
        Shares who move in a year, as for `placement_path`.

    Returns
    -------
    ndarray, shape (..., placements, placements)

    Raises
    ------
    DomainError
        A share outside 0 to 1; a row of shares above 1; or a matrix that no twelve equal months give, such as one
        with a share of 0 between placements that children reach through a third. Excel: #NUM!.
    ShapeError
        `annual` is not square. Excel: #VALUE!.

    Examples
    --------
    >>> round(1 - float(monthly_transition([[0.56]])[0, 0]), 6), round(0.44 / 12, 6)
    (0.047169, 0.036667)

    References
    ----------
    docs/model.md, "Care".
    """
    shares = _matrix("annual", annual)
    if shares.shape[-1] != shares.shape[-2]:
        offender = f"{shares.shape[-2]} rows by {shares.shape[-1]} columns"
        raise ShapeError("annual must have as many rows as columns", argument="annual", offender=offender)
    _refuse_impossible("annual", shares)
    out = np.full(shares.shape, np.nan)
    lacks = np.full(shares.shape[:-2], "", object)
    for at in np.ndindex(lacks.shape):
        if not np.isnan(shares[at]).any():
            out[at], lacks[at] = _twelfth_root(shares[at])
    without = lacks != ""
    if without.any():
        reason = lacks[without][0]
        refuse(lacks == reason, f"annual must be what twelve equal months can give: {reason}", "annual")
    return out


def _twelfth_root(annual: FloatArray) -> tuple[FloatArray, str]:
    """Return the principal 12th root, and why it is no matrix of shares, "" where it is one."""
    if np.linalg.cond(annual) > 1 / _ROOT_ERROR:
        return annual, "a year that empties a placement, or mixes two alike, has no one month"
    root = np.asarray(fractional_matrix_power(annual, 1 / 12))
    if np.abs(root.imag).max() > _ROOT_ERROR:
        return annual, "more children change places than stay"
    shares = np.asarray(root.real, np.float64)
    low, total = shares.min(), shares.sum(axis=-1)
    if low < -_ROOT_ERROR:
        row, column = np.unravel_index(shares.argmin(), shares.shape)
        return annual, f"row {row + 1} to column {column + 1} would need a monthly share of {low:.6f}"
    if total.max() > 1 + _SLACK:
        return annual, f"row {total.argmax() + 1} would need monthly shares of {total.max():.6f} together"
    return np.clip(shares, 0.0, 1.0), ""


def _matrix(argument: str, value: ArrayLike) -> FloatArray:
    shares = real(argument, value)
    if shares.ndim < 2 or 0 in shares.shape[-2:]:
        raise ShapeError(f"{argument} must have rows and columns", argument=argument)
    return shares


def _refuse_impossible(argument: str, shares: FloatArray) -> None:
    refuse((shares < 0) | (shares > 1), f"{argument} must be >= 0 and <= 1", argument, shares, core=2)
    total = shares.sum(axis=-1)
    requirement = f"{argument} must add up to no more than 1 in row {{}}"
    refuse_element(total > 1 + _SLACK, requirement, argument, np.round(total, 9))


def _periods(periods: ArrayLike) -> int:
    given = real("periods", periods)
    bad = ~((given >= 1) & (given <= _MOST_PERIODS)) | (given != np.rint(given))
    refuse(bad, f"periods must be a whole number from 1 to {_MOST_PERIODS:,}", "periods", given)
    distinct = np.unique(given)
    if len(distinct) != 1:
        raise ShapeError("periods must be the same in all rows", argument="periods")
    return int(distinct[0])
