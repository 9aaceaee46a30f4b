"""What follows from a change: everything that depends on it is calculated again, and written along with it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xlmodel.book import Book, Patched, SetSaved
from xlmodel.engine.client import Worker, dependents
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import StaleBookError
from xlmodel.sync.drafting import Draft
from xlmodel.sync.recalc import NewValue, new_values, resized
from xlmodel.verify.comparison import same_saved, suspects
from xlmodel.verify.means import Means

__all__ = ["Changed", "changed", "disagreeing"]

#: relative; what an engine need not give to the last bit
_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Changed:
    """A workbook with a change and what follows from it; places are those after the change."""

    patched: Patched
    recalculated: tuple[CellKey, ...]  #: cells whose saved values were written along with it
    left_to_excel: tuple[CellKey, ...]  #: dependents that cannot be recalculated here; Excel will, on opening the file
    unsure: frozenset[CellKey] = frozenset()  #: formula cells whose saved values the engine does not vouch for


def changed(path: Path, draft: Draft, means: Means, worker: Worker) -> Changed:
    """Return a draft with all that depends on it recalculated; nothing is written to the path.

    A dependent's new value is taken from the engine only where the engine gave its old one too, and the old ones of all
    it is calculated from: an engine that is wrong about a cell must not write it, nor what follows from it. What hangs
    on the clock or on chance is not written either. Every other dependent is left to Excel, which is asked to calculate
    on opening.

    Parameters
    ----------
    path : Path
        The workbook that the draft changes.
    draft : Draft
        What is changed in it.
    means : Means
        The functions, the engine and the limits.
    worker : Worker
        Where workbooks are read and calculated.
    """
    if not (draft.changed or draft.dropped):
        return Changed(_patched(draft), (), ())
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name
        there.write_bytes(draft.content)
        depends = _dependents(path, there, draft, means, worker)
        before = means.evaluate(path, worker)
        if before.facts.sha256 != draft.original.sha256:
            raise StaleBookError(f"{path.name} changed while it was being calculated; nothing was written")
        if not depends and not draft.structured:
            return Changed(_patched(draft), (), (), frozenset(disagreeing(before) | _volatile(before)))
        after = means.evaluate(there, worker)
        doubtful = {now for cell in disagreeing(before) if (now := draft.place(cell)) is not None}
        doubtful = {cell for cell in doubtful if _calculated(after, cell)} - draft.formulas
        if doubtful:
            doubtful |= dependents(doubtful, worker=worker, dynamic=True, timeout=means.time_limit)
    doubtful |= resized(after) | _volatile(after)
    # where rows moved, a formula may give something else without depending on a cell that changed: ROW()
    news = [new for new in new_values(after) if draft.structured or new.formula in depends]
    news = [new for new in news if new.formula not in doubtful and not _stays(new, draft, before, after)]
    left = tuple(sorted(cell for cell in depends if cell in doubtful or not _calculated(after, cell)))
    if news or left:
        draft.edit([SetSaved(*new.cell, new.value) for new in news], full_calc_on_load=bool(left))
    written = tuple(new.cell for new in news if new.formula not in draft.formulas)
    refused = set() if after.calculated is None else set(map(after.key, after.calculated.reasons))
    return Changed(_patched(draft), written, left, frozenset(doubtful | refused))


def disagreeing(evaluation: Evaluation) -> set[CellKey]:
    """Return the cells whose saved value the engine does not give."""
    calculation = evaluation.calculated
    assert calculation is not None
    return {evaluation.key(i) for i in suspects(evaluation, calculation) if not _agrees(evaluation, i)}


def _patched(draft: Draft) -> Patched:
    return Patched(draft.content, tuple(sorted(draft.changed)), tuple(sorted(draft.dropped)), draft.members)


def _dependents(path: Path, there: Path, draft: Draft, means: Means, worker: Worker) -> set[CellKey]:
    """Return the formula cells that depend on a change, those that are part of it among them."""
    found: set[CellKey] = set()
    if draft.removed:
        lost = dependents(draft.removed, worker=worker, path=path, dynamic=True, timeout=means.time_limit)
        found |= {now for cell in lost if (now := draft.place(cell)) is not None}
    tables = _data_tables(draft.book)
    changing = [*draft.touched, *(cell for cells in tables.values() for cell in cells)]
    found |= dependents(changing, worker=worker, path=there, dynamic=True, timeout=means.time_limit)
    return (found - set(draft.touched)) | draft.formulas | tables.keys()


def _data_tables(book: Book) -> dict[CellKey, list[CellKey]]:
    """Return the cells of each data table by the first: what it calculates with is not in its formula."""
    tables = {}
    for sheet in book.sheets:
        for i, rect in sheet.data_tables.items():
            rows = (sheet.row >= rect.top) & (sheet.row <= rect.bottom)
            at = np.flatnonzero(rows & (sheet.col >= rect.left) & (sheet.col <= rect.right))
            filled = zip(sheet.row[at].tolist(), sheet.col[at].tolist(), strict=True)
            first = CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            tables[first] = [CellKey(sheet.name, row, col) for row, col in filled]
    return tables


def _calculated(evaluation: Evaluation, key: CellKey) -> bool:
    place = evaluation.place(key)
    return place is not None and evaluation.calculated is not None and place not in evaluation.calculated.reasons


def _stays(new: NewValue, draft: Draft, before: Evaluation, after: Evaluation) -> bool:
    """Whether the engine gives what it gave before: then only its last digits differ from what is saved."""
    origin, now = draft.origin(new.formula), after.place(new.formula)
    then = None if origin is None else before.place(origin)
    if then is None or now is None or before.calculated is None or after.calculated is None:
        return False
    if new.formula in draft.formulas or then in before.calculated.reasons:
        return False
    a, b = before.calculated.spills.get(then), after.calculated.spills.get(now)
    if a is not None and b is not None:
        return a.shape == b.shape and a.scalars() == b.scalars()
    first, last = before.calculated.values.item(then), after.calculated.values.item(now)
    return type(first) is type(last) and first == last


def _volatile(evaluation: Evaluation) -> set[CellKey]:
    return set() if evaluation.calculated is None else set(map(evaluation.key, evaluation.calculated.volatile))


def _agrees(evaluation: Evaluation, place: int) -> bool:
    calculation = evaluation.calculated
    if calculation is None or place in calculation.reasons:
        return False
    saved, calculated = evaluation.saved_arrays.get(place), calculation.spills.get(place)
    if saved is None or calculated is None:
        return same_saved(evaluation.saved.item(place), calculation.values.item(place), _TOLERANCE)
    if saved.shape != calculated.shape:
        return False
    return all(same_saved(a, b, _TOLERANCE) for a, b in zip(saved.scalars(), calculated.scalars(), strict=True))
