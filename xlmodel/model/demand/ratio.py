"""A part over a whole that may be nothing."""

from __future__ import annotations

import numpy as np

from xlmodel.model.domain import FloatArray

__all__ = ["ratio"]


def ratio(part: FloatArray, whole: FloatArray, nothing: float = 0.0) -> FloatArray:
    """Return part / whole, and `nothing` where the whole is not above 0.

    >>> ratio(np.array([1.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.25, 0.0]
    """
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), nothing)
