"""Lookups: what each looks for, through which cells, and whether it wants the very key or the nearest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.book.workbook import Sheet
from xlmodel.engine.native.syntax import Call, Literal, Missing, Node, walk
from xlmodel.engine.references import Region
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import Filled, bare, region
from xlmodel.refs import Rect
from xlmodel.values import Scalar

__all__ = ["EXACT", "Lookup", "lookups"]

EXACT, ASCENDING, DESCENDING = "exact", "ascending", "descending"


class Lookup(NamedTuple):
    """A lookup in a cell."""

    filled: Filled
    row: int
    col: int
    function: str
    wanted: Scalar  #: as saved; None where it is blank or not one cell
    written: bool  #: whether what is looked for is written into the formula
    mode: str  #: exact; or ascending or descending: the nearest of sorted keys
    said: bool  #: whether the formula says so, or leaves the argument out
    keys: Region


def lookups(subject: Subject) -> Iterator[Lookup]:
    """Yield the lookups of every cell whose keys are one row or column of a sheet."""
    for filled in subject.trees.filled():
        calls = [found for node in walk(filled.tree) if (found := _call(node)) is not None]
        if not calls:
            continue
        for row, col in filled.places():
            for function, wanted, keys, across, mode, said in calls:
                place = region(keys, row, col)
                if place is None:
                    continue
                line = _line(subject.book.sheets[place.sheet], place, across)
                if line is not None:
                    content = _content(subject, wanted, row, col)
                    yield Lookup(filled, row, col, function, content, isinstance(wanted, Literal), mode, said, line)


def _call(node: Node) -> tuple[str, Node, Node, bool | None, str, bool] | None:
    """Return a lookup's name, what it looks for, where, whether in the first row or column there, its mode."""
    if not isinstance(node, Call) or len(node.arguments) < 2:
        return None
    given = [bare(x) for x in node.arguments]
    match node.name:
        case "VLOOKUP" | "HLOOKUP" if len(given) >= 3:
            mode, said = _flag(given[3] if len(given) > 3 else None, {0.0: EXACT, 1.0: ASCENDING}, ASCENDING)
            return (node.name, given[0], given[1], node.name == "HLOOKUP", mode, said) if mode else None
        case "MATCH":
            modes = {0.0: EXACT, 1.0: ASCENDING, -1.0: DESCENDING}
            mode, said = _flag(given[2] if len(given) > 2 else None, modes, ASCENDING)
            return (node.name, given[0], given[1], None, mode, said) if mode else None
        case "LOOKUP":
            return node.name, given[0], given[1], None, ASCENDING, True
        case "XLOOKUP" | "XMATCH":
            at = 4 if node.name == "XLOOKUP" else 2
            exact = len(given) <= at or isinstance(given[at], Missing) or _number(given[at]) == 0
            return (node.name, given[0], given[1], None, EXACT, True) if exact else None
    return None


def _flag(node: Node | None, modes: dict[float, str], default: str) -> tuple[str, bool]:
    """Return the mode an argument asks for; "" where it is not written out."""
    if node is None:
        return default, False
    if isinstance(node, Missing):
        return EXACT, True  # an empty argument is 0
    number = _number(node)
    return (modes.get(number, "") if number is not None else ""), True


def _number(node: Node) -> float | None:
    if isinstance(node, Literal) and isinstance(node.value, (bool, float)):
        return float(node.value)
    return None


def _line(sheet: Sheet, place: Region, across: bool | None) -> Region | None:
    """Return the keys of a table, clipped to the cells in use; None where they are not one row or column."""
    top, left, bottom, right = place.rect
    bottom, right = min(bottom, sheet.used.bottom), min(right, sheet.used.right)
    if bottom < top or right < left:
        return None
    if across is True:
        bottom = top
    elif across is False:
        right = left
    elif top != bottom and left != right:
        return None
    return Region(place.sheet, Rect(top, left, bottom, right))


def _content(subject: Subject, wanted: Node, row: int, col: int) -> Scalar:
    if isinstance(wanted, Literal):
        return wanted.value
    place = region(wanted, row, col)
    if place is None or place.rect.shape != (1, 1):
        return None
    return subject.book.sheets[place.sheet].value(place.rect.top, place.rect.left)
