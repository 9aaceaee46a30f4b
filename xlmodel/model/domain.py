"""What the functions of the model ask of their arguments, said in one way.

Leading axes are rows: the cells of a column, or scenarios. The last axis of a vector is its core: periods, plan lines.
A refusal carries a mask over the rows, in the shape that all arguments have together. NaN is a missing number: it
passes every requirement and makes the result NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import ArgumentError, DomainError, KindError, ShapeError

__all__ = ["BoolArray", "FloatArray", "TextArray", "aligned", "flags", "not_negative", "real", "refuse", "whole_places"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.object_]

#: Printed figures have no more decimal places than a number has digits.
MOST_PLACES = 15


def real(argument: str, value: ArrayLike) -> FloatArray:
    """Return an argument as floats; text is not a number, and None is a missing one.

    >>> real("starts", [140, None])
    array([140.,  nan])
    """
    try:
        raw = np.asarray(value)
    except ValueError:
        raise ShapeError(f"{argument} must have rows of one length", argument=argument) from None
    is_text = raw.dtype.kind == "O" and any(isinstance(x, (str, bytes)) for x in raw.flat)
    if raw.dtype.kind in "biufO" and not is_text:
        try:
            return raw.astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            pass
    raise KindError(f"{argument} must be a number", argument=argument, offender=raw.item() if raw.ndim == 0 else None)


def aligned(scalars: Mapping[str, ArrayLike], *vectors: Mapping[str, ArrayLike]) -> list[FloatArray]:
    """Return all arguments as finite floats with common leading axes; the vectors of one mapping share their length.

    >>> opening, starts = aligned({"opening": [560, 487]}, {"starts": [198, 180, 140]})
    >>> opening.shape, starts.shape
    ((2,), (2, 3))
    """
    flat = [real(name, value) for name, value in scalars.items()]
    long = [[np.atleast_1d(real(name, value)) for name, value in group.items()] for group in vectors]
    for group, arrays in zip(vectors, long, strict=True):
        _same_length(list(group), arrays)
    try:
        lead = np.broadcast_shapes(*(x.shape for x in flat), *(x.shape[:-1] for arrays in long for x in arrays))
    except ValueError:
        raise ShapeError("the arguments must have the same number of rows, or one") from None
    out = [_spread(x, lead) for x in flat]
    out += [_spread(x, lead + x.shape[-1:]) for arrays in long for x in arrays]
    for name, x in zip([*scalars, *(n for group in vectors for n in group)], out, strict=True):
        refuse(np.isinf(x), f"{name} must be finite", name, x, core=x.ndim - len(lead))
    return out


def _spread(x: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    return x if x.shape == shape else np.broadcast_to(x, shape)


def _same_length(names: list[str], arrays: list[FloatArray]) -> None:
    first = arrays[0].shape[-1]
    if first == 0:
        raise ShapeError(f"{names[0]} must have at least one element", argument=names[0])
    for name, x in zip(names, arrays, strict=True):
        if x.shape[-1] != first:
            requirement = f"{name} must be as long as {names[0]}, which has {first}"
            raise ShapeError(requirement, argument=name, offender=x.shape[-1])


def flags(argument: str, value: ArrayLike) -> BoolArray:
    """Return an argument as true or false.

    >>> flags("actual", [True, False])
    array([ True, False])
    """
    raw = np.asarray(value)
    if raw.dtype.kind != "b" and not (raw.dtype.kind == "O" and all(isinstance(x, (bool, np.bool_)) for x in raw.flat)):
        raise KindError(f"{argument} must be TRUE or FALSE", argument=argument)
    return raw.astype(np.bool_)


def refuse(
    bad: NDArray[np.bool_] | np.bool_,
    requirement: str,
    argument: str,
    value: ArrayLike | None = None,
    *,
    core: int = 0,
    error: type[ArgumentError] = DomainError,
) -> None:
    """Raise for the rows where `bad` holds; with `core` axes, for the rows with any such element.

    The offender is named where it is one value.
    """
    marked = np.asarray(bad)
    if not marked.any():
        return
    offender: object = None
    if value is not None:
        found = list(dict.fromkeys(np.asarray(value)[marked].tolist()))
        if len(found) == 1:
            offender = int(found[0]) if isinstance(found[0], float) and found[0].is_integer() else found[0]
    mask = marked.any(axis=tuple(range(-core, 0))) if core else marked
    raise error(requirement, np.asarray(mask), argument=argument, offender=offender)


def not_negative(*, core: int = 0, **arguments: FloatArray) -> None:
    """Refuse what is below zero, argument by argument."""
    for argument, value in arguments.items():
        refuse(value < 0, f"{argument} must be >= 0", argument, value, core=core)


def whole_places(*, core: int = 0, **arguments: FloatArray) -> None:
    """Refuse what cannot be a number of printed decimal places; -3 is a figure printed in thousands."""
    for argument, value in arguments.items():
        bad = (np.abs(value) > MOST_PLACES) | (np.rint(value) != value) & ~np.isnan(value)
        requirement = f"{argument} must be a whole number from -{MOST_PLACES} to {MOST_PLACES}"
        refuse(bad, requirement, argument, value, core=core)
