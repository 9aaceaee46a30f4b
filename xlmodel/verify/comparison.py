"""Saved against calculated values, cell by cell and array by array."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from xlmodel.book import as_stored
from xlmodel.engine.evaluation import Calculation, Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.values import Kind, Scalar, Values, same_scalar

__all__ = ["first_difference", "reaches", "same_saved", "suspects", "within"]

_LINE_BREAK = re.compile("\r\n?")


def same_saved(saved: Scalar, calculated: Scalar, tolerance: float = 0.0) -> bool:
    """Tell whether a saved and a calculated value are the same.

    A file holds #SPILL!, #CALC! and other newer errors as #VALUE!; which of them it was stands in a part that is not
    read. So a saved #VALUE! is the same as each of them: all say that the cell has no value. A line break in a text may
    be stored in three ways, and one becomes another where a file is read.
    """
    if isinstance(saved, str) and isinstance(calculated, str):
        saved, calculated = _LINE_BREAK.sub("\n", saved), _LINE_BREAK.sub("\n", calculated)
    return same_scalar(saved, calculated, tolerance) or same_scalar(saved, as_stored(calculated))


def suspects(evaluation: Evaluation, calculation: Calculation) -> list[int]:
    """Return the cells that need a closer look: all but those that are the same to the last bit, and no array."""
    suspect = _unlike(evaluation.saved, calculation.values) | (evaluation.saved.kind == Kind.BLANK)
    suspect[list({*calculation.reasons, *calculation.spills, *evaluation.saved_arrays})] = True
    return np.flatnonzero(suspect).tolist()


def first_difference(
    evaluation: Evaluation, calculation: Calculation, i: int, tolerance: float
) -> tuple[int, int] | None:
    """Return which cell of an array is the first that differs, counted from its anchor; None where there is none.

    Where the array fills other cells than the file says, what lies outside either is blank there. A cell without a
    saved value is returned only where no other cell differs.
    """
    saved, full = evaluation.saved_arrays.get(i), calculation.spills.get(i)
    if saved is None or full is None:
        return None
    anchor, bare = evaluation.key(i), None
    shape = max(saved.shape[0], full.shape[0]), max(saved.shape[1], full.shape[1])
    for row, col in np.argwhere(_unlike(_padded(saved, shape), _padded(full, shape))).tolist():
        at = row, col
        if same_saved(within(saved, at), within(full, at), tolerance):
            continue
        if at != (0, 0) and evaluation.place(CellKey(anchor.sheet, anchor.row + row, anchor.col + col)) is not None:
            continue  # a formula inside the range speaks for itself
        if within(saved, at) is not None or not reaches(saved, at):
            return at
        bare = bare or at
    return bare


def within(block: Values | None, at: tuple[int, int]) -> Scalar:
    """Return a cell of an array, blank outside."""
    return block.item(at) if block is not None and reaches(block, at) else None


def reaches(block: Values, at: tuple[int, int]) -> bool:
    """Tell whether an array has a cell at a place counted from its anchor."""
    return at[0] < block.shape[0] and at[1] < block.shape[1]


def _unlike(a: Values, b: Values) -> NDArray[np.bool_]:
    """Tell of each cell whether two blocks of one shape differ in it by as much as a bit."""
    unlike = np.asarray((a.kind != b.kind) | (a.num != b.num))
    worded = ~unlike & ((a.kind == Kind.TEXT) | (a.kind == Kind.ERROR))
    unlike[worded] = a.text[worded] != b.text[worded]
    return unlike


def _padded(block: Values, shape: tuple[int, int]) -> Values:
    if block.shape == shape:
        return block
    out = Values.blank(shape)
    out.set((slice(block.shape[0]), slice(block.shape[1])), block)
    return out
