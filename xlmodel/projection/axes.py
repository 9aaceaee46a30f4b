"""Where the rows and columns of a sheet have gone in a later version of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from xlmodel.projection.alignment import Pairs, align, fill
from xlmodel.projection.contents import Contents, Ints, Role
from xlmodel.refs import MAX_ROW

__all__ = ["Axis", "columns", "rows", "unchanged"]

_LOOKED_AT = 200  #: cells of a row or column that its likeness to another is judged by


@dataclass(frozen=True, eq=False)
class Axis:
    """Rows, or columns, of the old sheet and of the new one.

    Attributes
    ----------
    pairs : dict of int to int
        Which new row an old one has become, also where it was moved past others.
    old, new : array
        Those of them that kept their order, rising: what references follow.
    inserted, deleted, moved : tuple of int
        New rows without an old one; old ones without a new one; new ones that were moved.
    """

    pairs: dict[int, int]
    old: Ints
    new: Ints
    inserted: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether no row has another place."""
        return bool((self.old == self.new).all()) and not self.moved

    def may_be(self, place: int, edge: int = 0) -> tuple[int, int]:
        """Return the first and last place that a reference to a row may have come to.

        `edge` is -1 for the first row of a range, 1 for the last, 0 for a row alone. A row that is gone is followed by
        the rest of a range; for a row alone there is no place: (1, 0). Where blank rows came or went, any between will
        do.
        """
        k = int(np.searchsorted(self.old, place, "right")) - 1
        old, new = (int(self.old[k]), int(self.new[k])) if k >= 0 else (0, 0)
        if old == place:
            return new, new
        if k + 1 == len(self.old):
            return place - old + new, place - old + new
        old_next, new_next = int(self.old[k + 1]), int(self.new[k + 1])
        if place in self._gone:
            return (1, 0) if edge == 0 else (new_next, new_next) if edge < 0 else (new, new)
        if old_next - old == new_next - new:
            return place - old + new, place - old + new
        return new, new_next

    def reordered(self, place: int) -> bool:
        """Tell whether rows around a place were put in another order, none of them added or taken away."""
        stay = self.old[self.old == self.new]
        k = int(np.searchsorted(stay, place))
        low = int(stay[k - 1]) if k else 0
        high = int(stay[k]) if k < len(stay) else MAX_ROW + 1
        return any(low < row < high for row in self.moved)

    @cached_property
    def _gone(self) -> frozenset[int]:
        return frozenset(self.deleted)


def unchanged(places: Ints) -> Axis:
    """Return rows that all stayed where they were."""
    kept = np.unique(places)
    return Axis({int(p): int(p) for p in kept.tolist()}, kept, kept)


def rows(old: Contents, new: Contents) -> Axis:
    """Return where the rows of a sheet have gone."""
    return _axis(_Line.rows(old), _Line.rows(new), _words)


def columns(old: Contents, new: Contents) -> Axis:
    """Return where the columns of a sheet have gone."""
    return _axis(_Line.columns(old), _Line.columns(new), _heading)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row or column that holds something."""

    place: int
    shape: tuple[int, ...]
    texts: tuple[int, ...]
    constants: tuple[int, ...]

    @classmethod
    def rows(cls, cells: Contents) -> list[_Line]:
        return list(cls._lines(cells, np.arange(len(cells.row)), cells.row))

    @classmethod
    def columns(cls, cells: Contents) -> list[_Line]:
        order = np.argsort(cells.col, kind="stable")
        return list(cls._lines(cells, order, cells.col[order]))

    @classmethod
    def _lines(cls, cells: Contents, order: Ints, place: Ints) -> Iterator[_Line]:
        shape, texts = cells.shape[order], np.where(cells.texts, cells.value, 0)[order]
        constants = np.where(cells.role == Role.CONSTANT, cells.value, 0)[order]
        cuts = [*np.flatnonzero(np.diff(place, prepend=-1)).tolist(), len(place)]
        for a, b in pairwise(cuts):
            yield cls(
                int(place[a]),
                tuple(shape[a:b].tolist()),
                tuple(texts[a:b][texts[a:b] > 0].tolist()),
                tuple(constants[a:b][constants[a:b] > 0].tolist()),
            )


def _axis(old: Sequence[_Line], new: Sequence[_Line], weak: Callable[[_Line], tuple[int, ...]]) -> Axis:
    ids: dict[tuple[int, ...], int] = {(): 0}

    def keys(lines: Sequence[_Line]) -> list[list[int]]:
        return [[ids.setdefault(t, len(ids)) for t in texts] for texts in ([x.shape for x in lines], map(weak, lines))]

    one, two = keys(old), keys(new)
    kept = align(one, two)
    moved: Pairs = []
    for a, b in zip(one, two, strict=True):
        moved += _moved(old, a, b, [*kept, *moved])
    here = _without(len(old), [i for i, _ in moved])
    there = _without(len(new), [j for _, j in moved])
    at_old, at_new = {i: x for x, i in enumerate(here)}, {j: y for y, j in enumerate(there)}
    sets = [set(x.shape[:_LOOKED_AT]) for x in old], [set(x.shape[:_LOOKED_AT]) for x in new]

    def likeness(x: int, y: int) -> float:
        first, second = sets[0][here[x]], sets[1][there[y]]
        return len(first & second) / max(len(first), len(second))

    more = fill([(at_old[i], at_new[j]) for i, j in kept], (len(here), len(there)), likeness)
    kept = sorted([*kept, *((here[x], there[y]) for x, y in more)])
    both = [*kept, *moved]
    gone, come = _without(len(old), [i for i, _ in both]), _without(len(new), [j for _, j in both])
    return Axis(
        {old[i].place: new[j].place for i, j in both},
        np.array([old[i].place for i, _ in kept], np.int64),
        np.array([new[j].place for _, j in kept], np.int64),
        tuple(new[j].place for j in come),
        tuple(old[i].place for i in gone),
        tuple(sorted(new[j].place for _, j in moved)),
    )


def _moved(lines: Sequence[_Line], a: Sequence[int], b: Sequence[int], kept: Pairs) -> Pairs:
    """Return the pairs of rows that are the same and stand once, but past others: a table was sorted."""
    left = _without(len(a), [i for i, _ in kept])
    right = _without(len(b), [j for _, j in kept])
    here, there = Counter(a[i] for i in left), Counter(b[j] for j in right)
    at = {b[j]: j for j in right if there[b[j]] == 1}
    return [(i, at[a[i]]) for i in left if here[a[i]] == 1 and a[i] in at and lines[i].constants]


def _without(size: int, taken: Sequence[int]) -> list[int]:
    out = set(taken)
    return [i for i in range(size) if i not in out]


def _words(line: _Line) -> tuple[int, ...]:
    """A row keeps its words when a column is inserted or a figure changed."""
    return line.texts


def _heading(line: _Line) -> tuple[int, ...]:
    """A column keeps its heading when rows are inserted."""
    return line.constants[:1]
