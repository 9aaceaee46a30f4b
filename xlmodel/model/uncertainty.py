"""How far the number of children can lie from its forecast by chance alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from xlmodel.model.decimals import exact_dot
from xlmodel.model.domain import FloatArray, aligned, not_negative, refuse

__all__ = ["stock_interval", "stock_variance"]


def stock_interval(
    opening: ArrayLike,
    starts: ArrayLike,
    exit_prob: ArrayLike,
    level: ArrayLike = 0.95,
    overdispersion: ArrayLike = 1.0,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the number of children at the end of a year, with the limits that chance leaves open.

    Parameters
    ----------
    opening : array_like, children
        Children looked after at the start, >= 0.
    starts : array_like, children
        Starts expected in the year, >= 0; all of them stay to its end.
    exit_prob : array_like, fraction
        Chance of a child who is there at the start to leave within the year, 0 to 1.
    level : array_like, fraction
        Chance that the outcome lies between the limits, above 0 and below 1.
    overdispersion : array_like
        Variance as a multiple of that of independent children, >= 1: brothers and sisters come and leave together.

    Returns
    -------
    low, mid, high : ndarray, children
        Normal limits. `low` is 0 where the normal one is negative, as a count cannot be; `high` stays as it is.

    Raises
    ------
    DomainError
        A number outside what is said above. Excel: #NUM!.

    Examples
    --------
    >>> [round(float(x), 1) for x in stock_interval(487, 140, 215 / 487)]
    [380.4, 412.0, 443.6]

    References
    ----------
    docs/model.md, "Uncertainty of a year's stock".
    """
    o, s, p, inside, factor = aligned(
        {
            "opening": opening,
            "starts": starts,
            "exit_prob": exit_prob,
            "level": level,
            "overdispersion": overdispersion,
        }
    )
    refuse((inside <= 0) | (inside >= 1), "level must be > 0 and < 1", "level", inside)
    refuse(factor < 1, "overdispersion must be >= 1", "overdispersion", factor)
    spread = -ndtri((1 - inside) / 2) * np.sqrt(stock_variance(o, s, p) * factor)
    one = np.ones_like(o)
    mid = exact_dot(np.stack([o, s, -o], axis=-1), np.stack([one, one, p], axis=-1))
    return np.maximum(mid - spread, 0.0), mid, mid + spread


def stock_variance(opening: ArrayLike, starts: ArrayLike, exit_prob: ArrayLike) -> FloatArray:
    """Return the variance of a year's closing stock: starts are Poisson, exits binomial, and all are independent.

    Raises
    ------
    DomainError
        `opening` or `starts` < 0, or `exit_prob` outside 0 to 1. Excel: #NUM!.

    Examples
    --------
    >>> round(float(stock_variance(487, 140, 215 / 487)), 2)
    260.08
    """
    o, s, p = aligned({"opening": opening, "starts": starts, "exit_prob": exit_prob})
    not_negative(opening=o, starts=s)
    refuse((p < 0) | (p > 1), "exit_prob must be >= 0 and <= 1", "exit_prob", p)
    return s + o * p * (1 - p)
