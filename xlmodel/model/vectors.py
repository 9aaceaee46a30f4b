"""A vector's element that cannot be used, named by its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import ArgumentError, DomainError
from xlmodel.model.domain import BoolArray, refuse

__all__ = ["refuse_element"]


def refuse_element(
    bad: BoolArray,
    requirement: str,
    argument: str,
    value: ArrayLike | None = None,
    *,
    error: type[ArgumentError] = DomainError,
) -> None:
    """Raise for the rows whose first bad element has one place; its number takes the place of {} in the requirement.

    >>> refuse_element(np.array([False, True]), "dec must be on or after decom in row {}", "dec")
    Traceback (most recent call last):
    xlmodel.errors.DomainError: dec must be on or after decom in row 2
    """
    if not bad.any():
        return
    place = int(bad.argmax(axis=-1)[bad.any(axis=-1)][0])
    first = bad[..., place] & ~bad[..., :place].any(axis=-1)
    offenders = None if value is None else np.asarray(value)[..., place]
    refuse(first, requirement.format(place + 1), argument, offenders, error=error)
