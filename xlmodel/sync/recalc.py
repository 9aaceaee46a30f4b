"""Writing calculated values into a workbook as its saved values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from xlmodel.book import SetSaved, as_stored, patch, read_book, refuse_early, save
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.errors import StaleBookError
from xlmodel.values import Scalar, Values
from xlmodel.verify.check import Advance, Means
from xlmodel.verify.comparison import within

__all__ = ["NewValue", "Recalculated", "new_values", "recalculate", "resized"]


class NewValue(NamedTuple):
    """A saved value that is not the calculated one."""

    formula: CellKey  #: the cell with the formula
    cell: CellKey  #: the cell that shows the value: another one where an array formula fills several
    value: Scalar


@dataclass(frozen=True, eq=False)
class Recalculated:
    """What a recalculation wrote."""

    total: int  #: formula cells
    changed: tuple[CellKey, ...]
    unverified: Mapping[CellKey, Reason]  #: cells that could not be calculated; their saved values stay as they were
    #: dynamic arrays that fill other cells than the file says; what fits was written, the rest is left to Excel
    resized: tuple[CellKey, ...] = ()

    def left_alone(self) -> Iterator[tuple[Reason, int]]:
        """Yield why cells were not calculated, and how many; those that only depend on another come last, as one."""
        merged = (_DEPENDS if r.code == _DEPENDS.code else r for r in self.unverified.values())
        yield from sorted(Counter(merged).items(), key=lambda item: (item[0] == _DEPENDS, -item[1]))


_DEPENDS = Reason("depends", "depends on a cell that was not calculated")


def recalculate(path: Path, means: Means, *, out: Path | None = None, advance: Advance | None = None) -> Recalculated:
    """Write the calculated value of every formula cell; nothing else changes.

    A cell that cannot be calculated keeps its saved value, and Excel is asked to recalculate when it opens the file. So
    it is where a dynamic array fills other cells than the file says: which cells it fills is for Excel to set.

    Parameters
    ----------
    path : Path
        The workbook.
    means : Means
        The functions, the engine and the limits.
    out : Path, optional
        Where to write; the workbook itself by default. Must not exist.
    advance : callable, optional
        Hears by what share of the workbook the calculation went on.

    Raises
    ------
    BookError
        The file cannot be read, changed meanwhile, or another program has it open.
    EngineError
        The workbook cannot be calculated at all, within the limits.
    """
    refuse_early(out or path, new=out is not None)
    with means.worker() as worker:
        evaluation = means.evaluate(path, worker, advance=advance)
    book = read_book(path)
    if book.sha256 != evaluation.facts.sha256:
        raise StaleBookError(f"{path} changed while it was being calculated; nothing was written")
    edits = [SetSaved(*new.cell, new.value) for new in new_values(evaluation)]
    reasons = {} if evaluation.calculated is None else evaluation.calculated.reasons
    other = tuple(sorted(resized(evaluation)))
    if edits or out is not None:
        patched = patch(path, book, edits, full_calc_on_load=bool(edits and (reasons or other)))
        save(patched.content, out or path, expect_sha256=None if out else book.sha256, expect_members=patched.members)
    changed = tuple(CellKey(e.sheet, e.row, e.col) for e in edits)
    return Recalculated(len(evaluation), changed, {evaluation.key(i): r for i, r in reasons.items()}, other)


def new_values(evaluation: Evaluation) -> Iterator[NewValue]:
    """Yield the cells whose saved value is not the calculated one, to the last bit; those an array fills too."""
    calculation = evaluation.calculated
    if calculation is None:
        return
    written: set[CellKey] = set()
    for i, (saved, value) in enumerate(zip(evaluation.saved.scalars(), calculation.values.scalars(), strict=True)):
        if i in calculation.reasons:
            continue
        if i in calculation.spills and i in evaluation.saved_arrays:
            for new in _new_block(evaluation, i, evaluation.saved_arrays[i], calculation.spills[i]):
                if new.cell not in written:  # the ranges of a damaged file may overlap
                    written.add(new.cell)
                    yield new
        elif not _identical(saved, as_stored(value)):
            yield NewValue(evaluation.key(i), evaluation.key(i), as_stored(value))


def _new_block(evaluation: Evaluation, i: int, saved: Values, calculated: Values) -> Iterator[NewValue]:
    """Yield what changes in the range that the file gives an array; where the array does not reach, it is blank."""
    anchor = evaluation.key(i)
    for row, col in np.ndindex(*saved.shape):
        value = as_stored(within(calculated, (row, col)))
        if _identical(saved.item((row, col)), value):
            continue
        cell = CellKey(anchor.sheet, anchor.row + row, anchor.col + col)
        if cell == anchor or evaluation.place(cell) is None:  # a formula inside the range has a value of its own
            yield NewValue(anchor, cell, value)


def resized(evaluation: Evaluation) -> set[CellKey]:
    """Return the dynamic arrays that fill other cells than the file says."""
    saved, calculation = evaluation.saved_arrays, evaluation.calculated
    spills = {} if calculation is None else calculation.spills
    return {evaluation.key(i) for i, block in spills.items() if i in saved and saved[i].shape != block.shape}


def _identical(a: Scalar, b: Scalar) -> bool:
    return type(a) is type(b) and a == b
