"""Which sheet of one workbook is which of another, and where its rows and columns have gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.projection.axes import Axis, columns, rows, unchanged
from xlmodel.projection.contents import Contents, Ids, Ints
from xlmodel.projection.following import Moves

__all__ = ["Pair", "Sheets", "pair_sheets"]

_ALIKE = 0.5  #: share of the contents that a renamed sheet has kept


@dataclass(frozen=True, eq=False)
class Pair:
    """A sheet of both workbooks."""

    old: Contents
    new: Contents
    rows: Axis
    columns: Axis

    @property
    def name(self) -> str:
        """Its name in the new workbook."""
        return self.new.sheet.name

    @property
    def renamed(self) -> bool:
        """Whether it had another name."""
        return self.old.sheet.name.casefold() != self.name.casefold()

    @property
    def still(self) -> bool:
        """Whether every cell stands where it stood, under the same name."""
        return self.rows.identical and self.columns.identical and not self.renamed

    def now(self, row: int, col: int) -> tuple[int, int] | None:
        """Return where a cell has gone; None for one that was deleted."""
        to = self.rows.pairs.get(row), self.columns.pairs.get(col)
        return None if to[0] is None or to[1] is None else (to[0], to[1])

    @property
    def moves(self) -> Moves:
        """Where its rows and columns have gone, for references."""
        return Moves(self.name, self.rows, self.columns)


@dataclass(frozen=True, eq=False)
class Sheets:
    """The sheets of two workbooks."""

    pairs: tuple[Pair, ...]
    removed: tuple[Contents, ...]
    added: tuple[Contents, ...]

    @property
    def still(self) -> bool:
        """Whether nothing has another place or another sheet's name."""
        return all(pair.still for pair in self.pairs)

    @property
    def moves(self) -> dict[str, Moves]:
        """Where everything has gone, by the old name of the sheet."""
        return {pair.old.sheet.name.casefold(): pair.moves for pair in self.pairs}


def pair_sheets(old: Book, new: Book) -> Sheets:
    """Pair sheets by name, then those whose contents are mostly the same."""
    ids = Ids()
    before = {s.name.casefold(): Contents(old, s, ids) for s in old.sheets}
    after = {s.name.casefold(): Contents(new, s, ids) for s in new.sheets}
    both = [(before[name], after[name]) for name in after if name in before]
    removed = [before[name] for name in before if name not in after]
    added = []
    for name, cells in after.items():
        if name in before:
            continue
        likest = max(removed, key=lambda other: _likeness(other.shape, cells.shape), default=None)
        if likest is not None and _likeness(likest.shape, cells.shape) >= _ALIKE:
            removed.remove(likest)
            both.append((likest, cells))
        else:
            added.append(cells)
    return Sheets(tuple(Pair(a, b, *_axes(a, b)) for a, b in both), tuple(removed), tuple(added))


def _likeness(a: Ints, b: Ints) -> float:
    """Return the share of distinct contents that two sheets have in common."""
    every = len(np.union1d(a, b))
    return len(np.intersect1d(a, b)) / every if every else 0.0


def _axes(old: Contents, new: Contents) -> Iterator[Axis]:
    if old.same_as(new):
        yield unchanged(old.row)
        yield unchanged(old.col)
    else:
        yield rows(old, new)
        yield columns(old, new)
