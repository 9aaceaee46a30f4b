"""What a printed figure stands for, and whether two figures can be one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import NoDataError
from xlmodel.model.decimals import difference, exact_sum
from xlmodel.model.domain import MOST_PLACES, FloatArray, TextArray, aligned, not_negative, refuse, whole_places

__all__ = ["half_unit", "ties", "verdict"]

_HALF_UNITS = np.array([float(f"5e{-dp - 1}") for dp in range(-MOST_PLACES, MOST_PLACES + 1)])


def half_unit(dp: FloatArray) -> FloatArray:
    """Return the most that rounding to `dp` decimal places can hide; NaN for a missing `dp`.

    >>> half_unit(np.array([0, 2, -3]))
    array([5.e-01, 5.e-03, 5.e+02])
    """
    missing = np.isnan(dp)
    index = np.where(missing, 0, dp).astype(np.intp) + MOST_PLACES
    return np.where(missing, np.nan, _HALF_UNITS[index])


def verdict(gap: FloatArray, bound: FloatArray) -> TextArray:
    """Return the verdict on a difference between two figures, given what rounding can hide.

    >>> verdict(np.array([0, -0.1, 1.34]), np.array([0.21, 0.21, 0.66])).tolist()
    ['TIES', 'ROUNDING', 'DOES NOT TIE']
    """
    words = np.array(["TIES", "ROUNDING", "DOES NOT TIE"], dtype=object)
    return np.asarray(words[np.where(gap == 0, 0, np.where(np.abs(gap) <= bound, 1, 2))], dtype=object)


def ties(stated: ArrayLike, recomputed: ArrayLike, dp: ArrayLike, input_bound: ArrayLike = 0.0) -> TextArray:
    """Return whether a stated figure and its recomputation are equal, a rounding apart, or neither.

    Parameters
    ----------
    stated : array_like
        The figure as printed.
    recomputed : array_like, same unit
        The figure as it comes out, unrounded.
    dp : array_like, decimal places
        Places the stated figure is printed to; negative for tens and thousands.
    input_bound : array_like, same unit
        The most that rounding of the inputs can add to the difference, >= 0.

    Returns
    -------
    ndarray of str
        ``TIES`` where the decimals are equal; ``ROUNDING`` where they differ by no more than half a unit of the last
        printed place and `input_bound` together; else ``DOES NOT TIE``.

    Raises
    ------
    DomainError
        `dp` is not a whole number from -15 to 15, or `input_bound` < 0. Excel: #NUM!.
    NoDataError
        A figure is missing: there is nothing to judge. Excel: #N/A.

    Examples
    --------
    >>> ties([412, 108, 33], [412, 108.33, 50], 0).tolist()
    ['TIES', 'ROUNDING', 'DOES NOT TIE']

    References
    ----------
    docs/model.md, "Precision".
    """
    names = ("stated", "recomputed", "dp", "input_bound")
    given = aligned(dict(zip(names, (stated, recomputed, dp, input_bound), strict=True)))
    for name, x in zip(names, given, strict=True):
        refuse(np.isnan(x), f"{name} must not be missing", name, error=NoDataError)
    s, r, places, extra = given
    whole_places(dp=places)
    not_negative(input_bound=extra)
    return verdict(difference(r, s), exact_sum(half_unit(places), extra))
