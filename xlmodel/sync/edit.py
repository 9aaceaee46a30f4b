"""Changing cells of a workbook, with what depends on them recalculated in the same patch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlmodel.book import Book, SetFormula, SetValue, read_book, refuse_early, save
from xlmodel.engine.client import Worker
from xlmodel.sync.changing import Changed, changed
from xlmodel.sync.drafting import Draft
from xlmodel.verify.means import Means

__all__ = ["edit", "planned_edit"]


def edit(path: Path, edits: Sequence[SetValue | SetFormula], means: Means) -> Changed:
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
) -> Changed:
    """Return what an edit would change, without writing it; a worker that runs already may be given."""
    if worker is None:
        with means.worker() as own:
            return planned_edit(path, book, edits, means, own)
    draft = Draft(path.read_bytes(), book)
    draft.edit(edits)
    return changed(path, draft, means, worker)
