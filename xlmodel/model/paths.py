"""A year of children in care whose chance of leaving is the same at every moment, from totals alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.model.decimals import difference, exact_dot
from xlmodel.model.domain import FloatArray, aligned, not_negative, refuse
from xlmodel.model.stays import exponential_area, exponential_double_area

__all__ = ["care_years", "exit_hazard"]

_MOST_STEPS = 200  #: each step at least doubles a hazard that is too low, or adds 1 to it
_SETTLED = 4e-16


def care_years(opening: ArrayLike, starts: ArrayLike, hazard: ArrayLike) -> FloatArray:
    """Return the child-years that a year's children spend in care.

    Parameters
    ----------
    opening : array_like, children
        Children looked after when the year begins, >= 0.
    starts : array_like, children
        Children who start in the year, evenly over it, >= 0.
    hazard : array_like, per year
        Chance of leaving, the same at every moment, >= 0; it may exceed 1.

    Returns
    -------
    ndarray, child-years
        The average number of children looked after in the year; times the hazard, those who cease in it.

    Raises
    ------
    DomainError
        A negative argument. Excel: #NUM!.

    Examples
    --------
    >>> round(float(care_years(487, 180, 0.36975)), 3)
    486.97

    References
    ----------
    docs/model.md, "Paths".
    """
    n, s, h = aligned({"opening": opening, "starts": starts, "hazard": hazard})
    not_negative(opening=n, starts=s, hazard=h)
    return _years(n, s, h)


def exit_hazard(
    opening: ArrayLike, starts: ArrayLike, ceases: ArrayLike, relative: ArrayLike | None = None
) -> FloatArray:
    """Return the chance of leaving at which a year comes out with the ceases that are given.

    Parameters
    ----------
    opening : array_like, shape (..., p), children
        Children looked after when the year begins, by placement; >= 0.
    starts : array_like, shape (..., p), children
        Children who start in the year, evenly over it, by placement; >= 0.
    ceases : array_like, children
        Children who cease in the year, from all placements together; >= 0.
    relative : array_like, shape (..., p), optional
        Chance of leaving of each placement, or its proportion to that of the others, >= 0; 1 for each if left out.

    Returns
    -------
    ndarray, per year
        What `relative` has to be multiplied by: without it the chance of leaving itself.

    Raises
    ------
    DomainError
        A negative argument, or no fewer ceases than there are children who can leave. Excel: #NUM!.
    ShapeError
        `opening`, `starts` and `relative` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> round(float(exit_hazard(487, 140, 215)), 4)
    0.4815
    >>> round(float(exit_hazard([380, 107], [120, 20], 215, [0.5, 0.25])), 4)
    1.0889

    References
    ----------
    docs/model.md, "Paths".
    """
    weights = np.ones(1) if relative is None else relative
    children = {"opening": np.atleast_1d(opening), "starts": np.atleast_1d(starts)}
    if relative is None:
        c, n, s = aligned({"ceases": ceases}, children)
        w = np.broadcast_to(weights, n.shape)
    else:
        c, n, s, w = aligned({"ceases": ceases}, {**children, "relative": weights})
    not_negative(ceases=c)
    not_negative(opening=n, starts=s, relative=w, core=1)
    can_leave = (w > 0).astype(float)
    kept = difference(exact_dot(np.concatenate([n, s], axis=-1), np.concatenate([can_leave, can_leave], axis=-1)), c)
    refuse((kept <= 0) & (c > 0), "ceases must be below the opening and the starts that can leave", "ceases", c)
    return _solved(n, s, c, kept, w)


def _years(n: FloatArray, s: FloatArray, h: FloatArray) -> FloatArray:
    one = np.ones_like(h)
    return np.asarray(n * exponential_area(h, one) + s * exponential_double_area(h, one))


def _solved(n: FloatArray, s: FloatArray, c: FloatArray, kept: FloatArray, w: FloatArray) -> FloatArray:
    """Return the root by Newton's method from 0: ceases rise with the hazard ever less, so no step goes too far.

    Where most of the children leave, those who stay are what tells one hazard from another.
    """
    h = np.where(np.isnan(n + s + w).any(axis=-1) | np.isnan(c), np.nan, 0.0)
    for _ in range(_MOST_STEPS):
        x = h[..., None] * w
        one = np.ones_like(x)
        area, double, left = exponential_area(x, one), exponential_double_area(x, one), np.exp(-x)
        ceased = (x * (n * area + s * double)).sum(axis=-1)
        stayed = np.where(w > 0, n * left + s * area, 0.0).sum(axis=-1)
        miss = np.where(c > kept, stayed - kept, c - ceased)
        slope = (w * (n * left + s * (area - double))).sum(axis=-1)
        step = np.divide(miss, slope, out=np.zeros_like(h), where=slope > 0)
        h = np.maximum(h + step, 0.0)
        if not (np.abs(step) > _SETTLED * h).any():
            break
    return h
