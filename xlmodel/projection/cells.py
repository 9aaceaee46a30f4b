"""What differs between the cells of a sheet and of a later version of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from xlmodel.projection.changes import ChangeKind
from xlmodel.projection.contents import Contents, Ints, Role
from xlmodel.projection.following import Moves, follows
from xlmodel.projection.precision import decimals, shows_the_same
from xlmodel.projection.sheets import Pair
from xlmodel.values import display

__all__ = ["Difference", "differences"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not what it was.

    Attributes
    ----------
    kind : ChangeKind
        INPUT, FORMULA or VALUE.
    row, col : int
        In the new sheet, also for a cell that is empty now.
    before, after : str
        A formula in A1 notation with its equals sign, or a value; "" for nothing.
    alike : tuple
        Neighbours with the same may be told of as one.
    calculates : tuple of int
        The formula cell that gives a value: the cell itself, or that of its array.
    """

    kind: ChangeKind
    row: int
    col: int
    before: str
    after: str
    alike: tuple[object, ...] = ()
    calculates: tuple[int, int] = (0, 0)


def differences(pair: Pair, moves: Mapping[str, Moves], still: bool) -> Iterator[Difference]:
    """Yield the cells that differ, by row and column; whole rows and columns that came or went are left out."""
    old, new = pair.old, pair.new
    row, col = _gone_to(old.row, pair.rows.pairs), _gone_to(old.col, pair.columns.pairs)
    stay = np.flatnonzero((row >= 0) & (col >= 0))
    key = row[stay] * 16_385 + col[stay]
    known = np.isin(new.row, list(pair.rows.pairs.values())) & np.isin(new.col, list(pair.columns.pairs.values()))
    _, first, second = np.intersect1d(key, new.key, assume_unique=True, return_indices=True)
    first = stay[first]
    alone_old = np.setdiff1d(stay, first)
    alone_new = np.setdiff1d(np.flatnonzero(known), second)
    found = [*_both(pair, first, second, moves, still)]
    found += [_one_sided(old, i, int(row[i]), int(col[i]), gone=True) for i in alone_old.tolist()]
    found += [_one_sided(new, i, int(new.row[i]), int(new.col[i]), gone=False) for i in alone_new.tolist()]
    yield from sorted(found, key=lambda d: (d.row, d.col))


def _gone_to(places: Ints, pairs: Mapping[int, int]) -> Ints:
    table = np.full(int(places.max(initial=0)) + 1, -1, np.int64)
    if pairs:
        table[list(pairs)] = list(pairs.values())
    return table[places]


def _both(pair: Pair, first: Ints, second: Ints, moves: Mapping[str, Moves], still: bool) -> Iterator[Difference]:
    old, new = pair.old, pair.new
    role, now = old.role[first], new.role[second]
    formula = (role == Role.FORMULA) & (now == Role.FORMULA)
    value = old.value[first] != new.value[second]
    worth_a_look = (role != now) | value | (old.array[first] != new.array[second])
    worth_a_look |= formula if not still else formula & (old.formula[first] != new.formula[second])
    for at in np.flatnonzero(worth_a_look).tolist():
        i, j = int(first[at]), int(second[at])
        place = int(new.row[j]), int(new.col[j])
        if role[at] != now[at]:
            yield _replaced(old, new, i, j)
        elif formula[at] and not _same_formula(pair, i, j, moves, still):
            alike = int(old.formula[i]), int(new.formula[j])
            yield Difference(ChangeKind.FORMULA, *place, _text(old, i), _text(new, j), alike, place)
        elif not value[at]:
            continue
        elif now[at] == Role.CONSTANT:
            yield Difference(ChangeKind.INPUT, *place, _text(old, i), _text(new, j))
        elif not _shows_the_same(old, new, i, j):
            by = new.anchors.get(place, place)
            yield Difference(ChangeKind.VALUE, *place, _value(old, i), _value(new, j), (int(new.formula[j]),), by)


def _same_formula(pair: Pair, i: int, j: int, moves: Mapping[str, Moves], still: bool) -> bool:
    old, new = pair.old, pair.new
    if old.array[i] != new.array[j]:
        return False
    if still:
        return bool(old.formula[i] == new.formula[j])
    at, now = (int(old.row[i]), int(old.col[i])), (int(new.row[j]), int(new.col[j]))
    return follows(_r1c1(old, i), _r1c1(new, j), at, now, old.sheet.name, moves)


def _replaced(old: Contents, new: Contents, i: int, j: int) -> Difference:
    """Return the difference between a formula, a typed value and a value that an array fills."""
    place = int(new.row[j]), int(new.col[j])
    alike = int(old.formula[i]), int(new.formula[j]), int(old.role[i]), int(new.role[j])
    return Difference(ChangeKind.FORMULA, *place, _text(old, i), _text(new, j), alike, place)


def _one_sided(cells: Contents, i: int, row: int, col: int, *, gone: bool) -> Difference:
    kind = {Role.CONSTANT: ChangeKind.INPUT, Role.FORMULA: ChangeKind.FORMULA, Role.FILLED: ChangeKind.VALUE}
    text = _text(cells, i)
    by = cells.anchors.get((int(cells.row[i]), int(cells.col[i])), (row, col))
    what = kind[Role(int(cells.role[i]))]
    return Difference(what, row, col, text if gone else "", "" if gone else text, (gone, int(cells.formula[i])), by)


def _shows_the_same(old: Contents, new: Contents, i: int, j: int) -> bool:
    a, b = old.sheet.values.item(int(old.index[i])), new.sheet.values.item(int(new.index[j]))
    places = [
        decimals(c.book.number_formats[int(c.sheet.style[int(c.index[k])])]) for c, k in ((old, i), (new, j))
    ]  # fmt: skip
    finest = None if None in places else max(p for p in places if p is not None)
    return shows_the_same(a, b, finest)


def _r1c1(cells: Contents, i: int) -> str:
    return cells.book.formulas[int(cells.sheet.formula[int(cells.index[i])])]


def _text(cells: Contents, i: int) -> str:
    formula = cells.book.formula_a1(cells.sheet, int(cells.index[i]))
    if not formula:
        return _value(cells, i)
    return f"{{={formula}}}" if cells.array[i] else f"={formula}"


def _value(cells: Contents, i: int) -> str:
    return display(cells.sheet.values.item(int(cells.index[i])))
