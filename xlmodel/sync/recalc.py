"""Writing calculated values into a workbook as its saved values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from xlmodel.book import SetSaved, patch, read_book, refuse_early, save
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.errors import StaleBookError
from xlmodel.values import Scalar, Values
from xlmodel.verify.check import Advance, Means

__all__ = ["NewValue", "Recalculated", "new_values", "recalculate"]


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

    def left_alone(self) -> Iterator[tuple[Reason, int]]:
        """Yield why cells were not calculated, and how many; those that only depend on another come last, as one."""
        merged = (_DEPENDS if r.code == _DEPENDS.code else r for r in self.unverified.values())
        yield from sorted(Counter(merged).items(), key=lambda item: (item[0] == _DEPENDS, -item[1]))


_DEPENDS = Reason("depends", "depends on a cell that was not calculated")


def recalculate(path: Path, means: Means, *, out: Path | None = None, advance: Advance | None = None) -> Recalculated:
    """Write the calculated value of every formula cell; nothing else changes.

    A cell that cannot be calculated keeps its saved value, and Excel is asked to recalculate when it opens the file.

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
    if edits or out is not None:
        patched = patch(path, book, edits, full_calc_on_load=bool(edits and reasons))
        save(patched.content, out or path, expect_sha256=None if out else book.sha256, expect_members=patched.members)
    changed = tuple(CellKey(e.sheet, e.row, e.col) for e in edits)
    return Recalculated(len(evaluation), changed, {evaluation.key(i): r for i, r in reasons.items()})


def new_values(evaluation: Evaluation) -> Iterator[NewValue]:
    """Yield the cells whose saved value is not the calculated one, to the last bit; those an array fills too."""
    calculation = evaluation.calculated
    if calculation is None:
        return
    for i in range(len(evaluation)):
        if i in calculation.reasons:
            continue
        anchor = evaluation.key(i)
        if i in calculation.spills and i in evaluation.saved_arrays:
            yield from _new_block(anchor, evaluation.saved_arrays[i], calculation.spills[i])
        elif not _identical(evaluation.saved.item(i), calculation.values.item(i)):
            yield NewValue(anchor, anchor, calculation.values.item(i))


def _new_block(anchor: CellKey, saved: Values, calculated: Values) -> Iterator[NewValue]:
    rows, cols = saved.shape
    for r in range(rows):
        for c in range(cols):
            fits = r < calculated.shape[0] and c < calculated.shape[1]
            value = calculated.item((r, c)) if fits else None
            if fits and not _identical(saved.item((r, c)), value):
                yield NewValue(anchor, CellKey(anchor.sheet, anchor.row + r, anchor.col + c), value)


def _identical(a: Scalar, b: Scalar) -> bool:
    return type(a) is type(b) and a == b
