"""Whether a formula is still the same one, when rows and columns that it refers to were inserted or deleted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from xlmodel.projection.axes import Axis
from xlmodel.refs import MAX_COL, MAX_ROW, Area, Token, parse_prefix, tokens

__all__ = ["Moves", "follows"]

_Place = tuple[bool, int]


class Moves(NamedTuple):
    """Where the rows and columns of one sheet have gone, and its new name."""

    name: str
    rows: Axis
    columns: Axis


@lru_cache(maxsize=8192)
def _cut(formula: str) -> tuple[Token, ...]:
    return tuple(tokens(formula, r1c1=True))


@lru_cache(maxsize=8192)
def _filled_along(formula: str) -> bool:
    """Tell whether a formula refers to nothing but cells at a distance on its own sheet."""
    areas = [t.area for t in _cut(formula) if t.area is not None]
    return not any(a.prefix or any(x and x[0] for x in (a.top, a.left, a.bottom, a.right)) for a in areas)


def follows(
    old: str, new: str, at: tuple[int, int], now: tuple[int, int], home: str, moves: Mapping[str, Moves]
) -> bool:
    """Tell whether a formula refers to the cells it did, wherever they have gone.

    Parameters
    ----------
    old, new : str
        In R1C1 notation.
    at, now : tuple of int
        The row and column of its cell, before and after.
    home : str
        The sheet it stood on.
    moves : mapping
        By the old name of a sheet, casefolded.
    """
    if old == new and _filled_along(old):
        return True
    before, after = _cut(old), _cut(new)
    return len(before) == len(after) and all(
        (a.area is None and b.area is None and a.text == b.text)
        or (a.area is not None and b.area is not None and _area(a.area, b.area, at, now, home, moves))
        for a, b in zip(before, after, strict=True)
    )


def _area(a: Area, b: Area, at: tuple[int, int], now: tuple[int, int], home: str, moves: Mapping[str, Moves]) -> bool:
    moved = moves.get(home.casefold())
    if a.prefix:
        prefix = parse_prefix(a.prefix)
        moved = moves.get(prefix.first.casefold()) if not prefix.book and prefix.first == prefix.last else None
    if moved is None or (a.prefix and parse_prefix(b.prefix).first.casefold() != moved.name.casefold()):
        return a == b
    if a.single != b.single or bool(a.prefix) != bool(b.prefix):
        return False
    return _axis(a.top, a.bottom, b.top, b.bottom, a.single, at[0], now[0], moved.rows, MAX_ROW) and _axis(
        a.left, a.right, b.left, b.right, a.single, at[1], now[1], moved.columns, MAX_COL
    )


def _axis(
    first: _Place | None,
    last: _Place | None,
    new_first: _Place | None,
    new_last: _Place | None,
    single: bool,
    at: int,
    now: int,
    axis: Axis,
    size: int,
) -> bool:
    """Tell whether the two ends of a reference along an axis are where the old ones have gone."""
    if first is None or last is None or new_first is None or new_last is None:
        return (first, last) == (new_first, new_last)
    edges = ((first, new_first, 0 if single or first == last else -1), (last, new_last, 0 if first == last else 1))
    for old, new, edge in edges:
        if old[0] != new[0]:
            return False
        if not old[0] and old[1] == new[1]:
            continue
        before, after = _placed(old, at, size), _placed(new, now, size)
        low, high = axis.may_be(before, edge)
        if not low <= after <= high and not (before == after and axis.reordered(before)):
            return False
    return True


def _placed(place: _Place, here: int, size: int) -> int:
    return place[1] if place[0] else (here + place[1] - 1) % size + 1
