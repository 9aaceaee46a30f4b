"""What differs between two workbooks, aligned across inserted and deleted rows and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

import numpy as np

from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.projection.cells import Difference, differences
from xlmodel.projection.changes import Change, ChangeKind, Changes, Followed
from xlmodel.projection.contents import Contents, Ints
from xlmodel.projection.origins import Origins
from xlmodel.projection.parts import names, settings, tables
from xlmodel.projection.projection import Projection
from xlmodel.projection.sheets import Pair, Sheets, pair_sheets
from xlmodel.refs import Rect

__all__ = ["compare"]

#: How many changes are asked for what depends on them, and how many cells of each.
_ASKED = 50


def compare(old: Projection, new: Projection) -> Changes:
    """Return what differs between two workbooks.

    Typed contents and formulas must be the same to 15 digits. A calculated value that shows the same under the number
    format of its cell has not changed; nor has a formula that refers to the same cells after rows were inserted.
    """
    if old.text == new.text:
        return Changes()
    return _Comparison(old, new).changes()


class _Comparison:
    def __init__(self, old: Projection, new: Projection) -> None:
        self.old, self.new = old, new
        self.sheets: Sheets = pair_sheets(old.book, new.book)
        self.origins = Origins(new.book)
        self.roots: list[Change] = []
        self.values: list[tuple[str, Difference]] = []
        self.gone: set[CellKey] = set()
        self.followed: set[CellKey] = set()

    def changes(self) -> Changes:
        """Return what was changed, and what followed."""
        self._parts()
        for cells in self.sheets.removed:
            self._whole(Change(ChangeKind.SHEET_REMOVED, cells.sheet.name), cells, None)
        for cells in self.sheets.added:
            self._whole(Change(ChangeKind.SHEET_ADDED, cells.sheet.name), cells, None)
        moves, still = self.sheets.moves, self.sheets.still
        for pair in self.sheets.pairs:
            self._sheet(pair)
            self._cells(pair.name, differences(pair, moves, still))
        self._follow_the_gone()
        followed, volatile = self._split()
        return Changes(tuple(self._reaching(self._in_order())), followed, volatile)

    def _parts(self) -> None:
        old, new, moves = self.old.book, self.new.book, self.sheets.moves
        found = list(settings(old, new))
        self.origins.settings = any(not c.subject.startswith("other workbook") for c in found)
        named = [*names(old, new, moves, self.sheets.still), *tables(old, new, moves)]
        self.origins.names = {c.subject.casefold() for c in named}
        self.roots += [*found, *named]

    # --- a sheet -----------------------------------------------------------------------------------------------------

    def _sheet(self, pair: Pair) -> None:
        old, new = pair.old.sheet, pair.new.sheet
        if pair.renamed:
            self.roots.append(Change(ChangeKind.SHEET_RENAMED, new.name, before=old.name, after=new.name))
        if old.state != new.state:
            self.roots.append(Change(ChangeKind.SHEET_STATE, new.name, before=old.state, after=new.state))
        down, across = pair.rows, pair.columns
        for kind, cells, along, places in (
            (ChangeKind.ROWS_DELETED, pair.old, pair.old.row, down.deleted),
            (ChangeKind.ROWS_INSERTED, pair.new, pair.new.row, down.inserted),
            (ChangeKind.ROWS_MOVED, pair.new, pair.new.row, down.moved),
            (ChangeKind.COLUMNS_DELETED, pair.old, pair.old.col, across.deleted),
            (ChangeKind.COLUMNS_INSERTED, pair.new, pair.new.col, across.inserted),
            (ChangeKind.COLUMNS_MOVED, pair.new, pair.new.col, across.moved),
        ):
            for first, last in _runs(places):
                self._whole(Change(kind, new.name), cells, np.flatnonzero((along >= first) & (along <= last)))
        hidden = {down.pairs[r] for r in old.hidden_rows.tolist() if r in down.pairs}
        now = set(new.hidden_rows.tolist()) & set(down.pairs.values())
        if hidden != now:
            self.origins.hidden_rows = True
            self.roots.append(Change(ChangeKind.HIDDEN, new.name, before=_listed(hidden), after=_listed(now)))

    def _whole(self, change: Change, cells: Contents, which: Ints | None) -> None:
        """Take note of rows, columns or a sheet that came or went as a whole."""
        at = np.arange(len(cells.row)) if which is None else which
        sheet = cells.sheet.name
        keys = [CellKey(sheet, r, c) for r, c in zip(cells.row[at].tolist(), cells.col[at].tolist(), strict=True)]
        is_old = cells.book is self.old.book
        (self.gone if is_old else self.origins.cells).update(keys)
        if keys:
            rect = Rect(
                int(cells.row[at].min()), int(cells.col[at].min()), int(cells.row[at].max()), int(cells.col[at].max())
            )
            texts = at[cells.texts[at]]
            words = [str(cells.sheet.values.text[cells.index[i]]) for i in texts[:1].tolist()]
            change = replace(change, rect=rect, label=next(iter(words), ""))
        self.roots.append(change)

    def _cells(self, sheet: str, found: Iterable[Difference]) -> None:
        touched = []
        for difference in found:
            if difference.kind is ChangeKind.VALUE:
                self.values.append((sheet, difference))
            else:
                touched.append(difference)
                self.origins.cells.add(CellKey(sheet, difference.row, difference.col))
        self.roots += self._grouped(sheet, touched)

    def _grouped(self, sheet: str, found: Sequence[Difference]) -> Iterator[Change]:
        """Yield one change for cells side by side or one below the other to which the same was done."""
        for rect, first in _rectangles(found):
            label = self.new.label(sheet, rect.top, rect.left)
            yield Change(first.kind, sheet, rect, label, first.before, first.after)

    # --- what followed -----------------------------------------------------------------------------------------------

    def _follow_the_gone(self) -> None:
        """Let values follow from deleted cells: what depended on them, where it stands now."""
        if not (self.gone and self.values):
            return
        now = {pair.old.sheet.name: pair for pair in self.sheets.pairs}
        for cell in Dependencies(self.old.book).dependents(self.gone):
            pair = now.get(cell.sheet)
            to = pair.now(cell.row, cell.col) if pair else None
            if pair and to:
                self.origins.cells.add(CellKey(pair.name, *to))

    def _split(self) -> tuple[tuple[Followed, ...], int]:
        """Return the values that follow from a change, and count those of the clock; the others are changes."""
        alone: dict[str, list[Difference]] = defaultdict(list)
        followed: dict[str, list[Difference]] = defaultdict(list)
        volatile = 0
        for sheet, value in self.values:
            cell = CellKey(sheet, *value.calculates)
            if self.origins.explains(cell):
                followed[sheet].append(value)
            elif cell in self.origins.volatile:
                volatile += 1
            else:
                alone[sheet].append(value)
        for sheet, found in alone.items():
            self.roots += self._grouped(sheet, found)
        self.followed = {CellKey(s, v.row, v.col) for s, found in followed.items() for v in found}
        return tuple(
            Followed(
                sheet,
                len(found),
                Rect(found[0].row, found[0].col, found[0].row, found[0].col),
                self.new.label(sheet, found[0].row, found[0].col),
                found[0].before,
                found[0].after,
            )
            for sheet, found in followed.items()
        ), volatile

    def _in_order(self) -> list[Change]:
        place = {s.name: i for i, s in enumerate(self.new.book.sheets)}
        kinds = {kind: i for i, kind in enumerate(ChangeKind)}
        return sorted(
            self.roots, key=lambda c: (place.get(c.sheet, -1), c.rect or (0, 0), kinds[c.kind])
        )  # fmt: skip

    def _reaching(self, roots: Sequence[Change]) -> Iterator[Change]:
        """Yield each change with the number of values that followed from it."""
        asked = 0
        for change in roots:
            if change.rect is None or not self.followed or asked == _ASKED or change.kind in _IN_THE_OLD:
                yield change
                continue
            asked += 1
            rect = change.rect
            places = product(range(rect.top, rect.bottom + 1), range(rect.left, rect.right + 1))
            cells = [CellKey(change.sheet, *place) for place in islice(places, _ASKED)]
            reached = (self.origins.graph.dependents(cells) & self.followed) - set(cells)
            yield replace(change, reaches=len(reached))


_IN_THE_OLD = (ChangeKind.ROWS_DELETED, ChangeKind.COLUMNS_DELETED, ChangeKind.SHEET_REMOVED)


def _rectangles(found: Sequence[Difference]) -> list[tuple[Rect, Difference]]:
    """Join differences that are alike into rectangles: along rows, then downwards."""
    runs: list[tuple[Rect, Difference]] = []
    for d in found:
        if runs:
            rect, first = runs[-1]
            beside = (rect.top, rect.right + 1) == (d.row, d.col)
            if beside and d.alike and (first.kind, first.alike) == (d.kind, d.alike):
                runs[-1] = rect._replace(right=d.col), first
                continue
        runs.append((Rect(d.row, d.col, d.row, d.col), d))
    out: list[tuple[Rect, Difference]] = []
    open_at: dict[tuple[object, ...], int] = {}
    for rect, first in runs:
        key = rect.left, rect.right, first.kind, first.alike
        above = open_at.get(key)
        if above is not None and first.alike and out[above][0].bottom == rect.top - 1:
            out[above] = out[above][0]._replace(bottom=rect.top), out[above][1]
        else:
            open_at[key] = len(out)
            out.append((rect, first))
    return out


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of places that follow one another.

    >>> list(_runs([2, 3, 7]))
    [(2, 3), (7, 7)]
    """
    first = last = 0
    for place in places:
        if place != last + 1 or not first:
            if first:
                yield first, last
            first = place
        last = place
    if first:
        yield first, last


def _listed(rows: Iterable[int]) -> str:
    """Return rows in words.

    >>> _listed({5, 6, 9})
    'rows 5-6, 9'
    """
    parts = [str(a) if a == b else f"{a}-{b}" for a, b in _runs(sorted(rows))]
    return f"rows {', '.join(parts)}" if parts else "none"
