"""Changing cells of a workbook, with what depends on them recalculated in the same patch."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xlmodel.book import Book, Patched, SetFormula, SetSaved, SetValue, as_stored, patch, read_book, refuse_early, save
from xlmodel.engine.client import Worker, dependents
from xlmodel.engine.evaluation import Calculation, Evaluation
from xlmodel.engine.protocol import CellKey
from xlmodel.sync.recalc import new_values, resized
from xlmodel.verify.check import Means
from xlmodel.verify.comparison import same_saved, suspects

__all__ = ["Edited", "edit", "planned_edit"]


@dataclass(frozen=True, eq=False)
class Edited:
    """What an edit changes."""

    patched: Patched
    recalculated: tuple[CellKey, ...]  #: cells whose saved values were written along with it
    left_to_excel: tuple[CellKey, ...]  #: dependents that cannot be recalculated here; Excel will, on opening the file


def edit(path: Path, edits: Sequence[SetValue | SetFormula], means: Means) -> Edited:
    """Change cells of a workbook and nothing else, atomically.

    Parameters
    ----------
    path : Path
        The workbook.
    edits : sequence of SetValue and SetFormula
        What to change.
    means : Means
        The functions, the engine and the limits.

    Raises
    ------
    UnsupportedEditError
        A cell cannot be changed without touching something else; nothing was written.
    BookError
        The file cannot be read, changed meanwhile, or another program has it open.
    EngineError
        What depends on the cells cannot be calculated within the limits; nothing was written.
    """
    refuse_early(path)
    book = read_book(path)
    planned = planned_edit(path, book, edits, means)
    patched = planned.patched
    if patched.changed or patched.removed:
        save(patched.content, path, expect_sha256=book.sha256, expect_members=patched.members)
    return planned


def planned_edit(
    path: Path, book: Book, edits: Sequence[SetValue | SetFormula], means: Means, worker: Worker | None = None
) -> Edited:
    """Return what an edit would change, without writing it; a worker that runs already may be given.

    A dependent's new value is taken from the engine only where the engine gave its old one too, and the old ones of all
    it is calculated from: an engine that is wrong about a cell must not write it, nor what follows from it. Every other
    dependent is left to Excel, which is asked to calculate on opening.
    """
    if worker is None:
        with means.worker() as own:
            return planned_edit(path, book, edits, means, own)
    only = patch(path, book, edits)
    if not (only.changed or only.removed):
        return Edited(only, (), ())
    edited = [CellKey(book.sheet(e.sheet).name, e.row, e.col) for e in edits]
    formulas = {key for key, e in zip(edited, edits, strict=True) if isinstance(e, SetFormula)}
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        draft.write_bytes(only.content)
        tables = _data_tables(book)
        changing = [*edited, *(cell for cells in tables.values() for cell in cells)]
        below = dependents(changing, worker=worker, path=draft, dynamic=True, timeout=means.time_limit) - set(edited)
        wanted = below | formulas | tables.keys()
        if not wanted:
            return Edited(only, (), ())
        before = means.evaluate(path, worker)
        after = means.evaluate(draft, worker)
        doubtful = _doubtful(before, after) - formulas
        if doubtful:
            doubtful |= dependents(doubtful, worker=worker, dynamic=True, timeout=means.time_limit)
    sure = {key for key in wanted if _calculated(after, key)} - doubtful - resized(after)
    written = [SetSaved(*new.cell, new.value) for new in new_values(after) if new.formula in sure - formulas]
    left = tuple(sorted(wanted - sure))
    patched = patch(path, book, [*_with_results(edits, edited, after, sure), *written], full_calc_on_load=bool(left))
    return Edited(patched, tuple(CellKey(e.sheet, e.row, e.col) for e in written), left)


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


def _doubtful(before: Evaluation, after: Evaluation) -> set[CellKey]:
    """Return the cells calculated now whose value from before the edit the engine did not give."""
    calculation = before.calculated
    assert calculation is not None
    every = (before.key(i) for i in suspects(before, calculation) if not _agrees(before, calculation, i))
    return {key for key in every if _calculated(after, key)}


def _agrees(evaluation: Evaluation, calculation: Calculation, place: int) -> bool:
    if place in calculation.reasons:
        return False
    saved, calculated = evaluation.saved_arrays.get(place), calculation.spills.get(place)
    if saved is None or calculated is None:
        return same_saved(evaluation.saved.item(place), calculation.values.item(place), 1e-12)
    if saved.shape != calculated.shape:
        return False
    return all(same_saved(a, b, 1e-12) for a, b in zip(saved.scalars(), calculated.scalars(), strict=True))


def _with_results(
    edits: Sequence[SetValue | SetFormula], cells: Sequence[CellKey], after: Evaluation, sure: set[CellKey]
) -> list[SetValue | SetFormula]:
    """Give new formulas their calculated result in place of the one that came with the edit."""
    out: list[SetValue | SetFormula] = []
    for edit_, cell in zip(edits, cells, strict=True):
        if isinstance(edit_, SetFormula) and cell in sure and after.calculated is not None:
            place = after.place(cell)
            edit_ = replace(edit_, saved=None if place is None else as_stored(after.calculated.values.item(place)))
        out.append(edit_)
    return out
