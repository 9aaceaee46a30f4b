"""What depends on a plan: key figures before and after, what is recalculated where, and the workbook's own checks."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from xlmodel.book import Book
from xlmodel.engine.client import Worker, downstream
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookError, SyncError
from xlmodel.layout.label_client import labels_of
from xlmodel.lint.check_client import own_checks
from xlmodel.refs import ReferenceSyntaxError, parse_cell
from xlmodel.sync.changing import Changed
from xlmodel.sync.drafting import Draft
from xlmodel.sync.names import named_range
from xlmodel.sync.planned import Effects, Figure
from xlmodel.values import ErrorValue, Kind, Scalar
from xlmodel.verify.means import Means

__all__ = ["effects"]

_MOST_FIGURES = 12
_MOST_ASKED = 120  #: of so many figures it is asked whether others depend on them


def effects(
    path: Path, draft: Draft, changed: Changed, key_figures: Sequence[str], means: Means, worker: Worker
) -> Effects:
    """Return what depends on a change.

    Parameters
    ----------
    path : Path
        The workbook as it is.
    draft : Draft
        The change, recalculated.
    changed : Changed
        What was recalculated.
    key_figures : sequence of str
        Cells or names that are shown in any case.
    means : Means
        The limits.
    worker : Worker
        Where workbooks are read.
    """
    news = [cell for cell in changed.recalculated if draft.origin(cell) is not None]
    left = set(changed.left_to_excel)
    counts = Counter(cell.sheet for cell in news)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name
        there.write_bytes(draft.content)
        after = own_checks(there, worker=worker, timeout=means.time_limit)
        broken = _new_errors(draft)
        figures = [_key_figure(draft, text) for text in key_figures] or _ends(draft, news, means, worker)
        failing = [cell for cell in after.failed if cell not in left]
        named = [*figures, *failing, *broken]
        labelled = dict(zip(named, labels_of(named, worker=worker, timeout=means.time_limit), strict=True))
    told = {*after.failed, *after.others}
    failed = failing
    if told.intersection(news):  # else those that fail are those that failed
        before = own_checks(path, worker=worker, timeout=means.time_limit).failed
        was = labels_of(before, worker=worker, timeout=means.time_limit)
        at = {now: label for cell, label in zip(before, was, strict=True) if (now := draft.place(cell)) is not None}
        failed, labelled = list(at), at | labelled
    return Effects(
        recalculated=len(news),
        by_sheet={sheet.name: counts[sheet.name] for sheet in draft.book.sheets if counts[sheet.name]},
        figures=tuple(_figure(draft, cell, labelled[cell]) for cell in figures),
        errors=tuple(_figure(draft, cell, labelled[cell]) for cell in broken),
        left_to_excel=len(left),
        checks_total=len(told - left),
        failing_before=tuple(_told(cell, labelled[cell]) for cell in failed),
        failing_after=tuple(_told(cell, labelled[cell]) for cell in failing),
    )


def _key_figure(draft: Draft, text: str) -> CellKey:
    """Return the cell that the settings mean by an address or a name, where it stands afterwards."""
    name, _, cell = text.rpartition("!")
    try:
        if name:
            place = CellKey(draft.original.sheet(name.strip("'").replace("''", "'")).name, *parse_cell(cell))
        else:
            sheet, rect = named_range(draft.original, text)
            if rect.shape != (1, 1):
                raise SyncError(f"the name stands for {rect.name}")
            place = CellKey(sheet.name, rect.top, rect.left)
    except (BookError, ReferenceSyntaxError, SyncError) as error:
        raise SyncError(f"the key figure {text!r} must be one cell, as Cover!B9, or a name of one: {error}") from error
    now = draft.place(place)
    if now is None:
        raise SyncError(f"the key figure {text!r} stands in a row that the plan removes; name another in [sync]")
    return now


def _new_errors(draft: Draft) -> list[CellKey]:
    """Return the cells that would show an error, and show none now; those of new rows too."""
    found = []
    for sheet in draft.book.sheets:
        for at in np.flatnonzero(sheet.values.kind == Kind.ERROR).tolist():
            cell = CellKey(sheet.name, int(sheet.row[at]), int(sheet.col[at]))
            origin = draft.origin(cell)
            if origin is None or not isinstance(_content(draft.original, origin), ErrorValue):
                found.append(cell)
    return found


def _ends(draft: Draft, news: Sequence[CellKey], means: Means, worker: Worker) -> list[CellKey]:
    """Return the figures at the ends of the chains, on which no other depends, those of the first sheets first."""
    order = {sheet.name: n for n, sheet in enumerate(draft.book.sheets) if sheet.state == "visible"}
    numbers = [cell for cell in news if cell.sheet in order and isinstance(_content(draft.book, cell), float)]
    numbers = sorted(numbers, key=lambda cell: (order[cell.sheet], cell.row, cell.col))[:_MOST_ASKED]
    below = downstream(numbers, worker=worker, timeout=means.time_limit)
    ends = [cell for cell, count in zip(numbers, below, strict=True) if not count]
    return (ends or numbers)[:_MOST_FIGURES]


def _figure(draft: Draft, cell: CellKey, label: str) -> Figure:
    origin = draft.origin(cell)
    before = None if origin is None else _content(draft.original, origin)
    sheet = draft.book.sheet(cell.sheet)
    at = sheet.find(cell.row, cell.col)
    shows = "" if at < 0 else draft.book.number_formats[int(sheet.style[at])]
    return Figure(cell, label, before, _content(draft.book, cell), shows)


def _content(book: Book, cell: CellKey) -> Scalar:
    return book.sheet(cell.sheet).value(cell.row, cell.col)


def _told(cell: CellKey, label: str) -> str:
    return f"{label} ({cell})" if label else str(cell)
