"""Parts of an amount that add up to it exactly, although one of them is a fraction without end."""

from __future__ import annotations

import numpy as np

from xlmodel.model.decimals import rounded
from xlmodel.model.domain import FloatArray

__all__ = ["to_last_place_of"]


def to_last_place_of(whole: FloatArray, part: FloatArray) -> FloatArray:
    """Return a part rounded to the last of the 15 digits of the whole, so that the rest has no more digits than they.

    >>> third = np.array(1930 / 3)
    >>> float(to_last_place_of(np.array(1930.0), third))
    643.33333333333
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        before = np.where(whole == 0, 0.0, np.floor(np.log10(np.abs(whole))) + 1)
    places = np.clip(15 - np.where(np.isfinite(before), before, 0.0), -15, 22)
    return rounded(part, places)
