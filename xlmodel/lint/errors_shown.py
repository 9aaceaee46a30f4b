"""Error values: which formulas bring one up, and what of the cells they refer to is the cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from xlmodel.book.workbook import DefinedName, Sheet
from xlmodel.engine.native.syntax import Binary, Call, External, Literal, Name, Node, Percent, Ref, Unary, walk
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Region
from xlmodel.lint.once import once
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import Filled, region
from xlmodel.refs import Rect, TokenKind, tokens
from xlmodel.values import ErrorValue, Kind

__all__ = ["Operand", "Raised", "dead", "gone", "names_used", "raised", "text_operand", "zero_divisor"]

_ARITHMETIC = frozenset("+-*/^")


class Raised(NamedTuple):
    """Cells of one formula that bring up one error: nothing they refer to holds an error."""

    home: int
    which: int
    code: str
    tree: Node
    places: tuple[tuple[int, int], ...]


class Operand(NamedTuple):
    """A cell that arithmetic takes."""

    sheet: int
    row: int
    col: int
    content: str


@once
def raised(subject: Subject) -> tuple[Raised, ...]:
    """Return the formulas that bring up an error, formulas meant to give one left out; found once for a workbook."""
    return tuple(_raised(subject))


def _raised(subject: Subject) -> Iterator[Raised]:
    found: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
    for home, sheet in enumerate(subject.book.sheets):
        for i in np.flatnonzero((sheet.values.kind == Kind.ERROR) & (sheet.formula >= 0)).tolist():
            row, col = int(sheet.row[i]), int(sheet.col[i])
            if not any(_has_error(where, rect) for where, rect in _looked_at(subject, sheet, row, col)):
                found.setdefault((home, int(sheet.formula[i]), str(sheet.values.text[i])), []).append((row, col))
    for (home, which, code), places in found.items():
        tree = subject.trees.tree(home, which)
        if tree is not None and not _meant(tree, code):
            yield Raised(home, which, code, tree, tuple(places))


def dead(tree: Node) -> bool:
    """Tell whether a formula refers to cells, or to a sheet, that are gone."""
    return any(isinstance(n, Literal) and n.value == ErrorValue("#REF!") for n in walk(tree))


def gone(name: DefinedName) -> bool:
    """Tell whether a name refers to cells, or to a sheet, that are gone."""
    return any(token.kind is TokenKind.ERROR and token.text.endswith("#REF!") for token in tokens(name.formula))


def names_used(subject: Subject, filled: Filled) -> list[DefinedName]:
    """Return the defined names that a formula's own text holds."""
    words = (t.text for t in tokens(subject.book.formulas[filled.which], r1c1=True) if t.kind is TokenKind.NAME)
    found = (subject.scope.name(word.rpartition("!")[2], filled.home) for word in words)
    return list(dict.fromkeys(name for name in found if name is not None))


def text_operand(subject: Subject, tree: Node, row: int, col: int) -> Operand | None:
    """Return a cell with a text that is no number and that arithmetic in a formula takes; None where there is none."""
    for place in _operands(tree, row, col):
        sheet = subject.book.sheets[place.sheet]
        at = sheet.find(place.rect.top, place.rect.left)
        if at >= 0 and sheet.values.kind[at] == Kind.TEXT and not _numeral(str(sheet.values.text[at])):
            return Operand(place.sheet, place.rect.top, place.rect.left, str(sheet.values.text[at]))
    return None


def zero_divisor(subject: Subject, tree: Node, row: int, col: int) -> Region | None:
    """Return the cell that a formula divides by, where it holds 0 or nothing."""
    for node in walk(tree):
        if isinstance(node, Binary) and node.operator == "/":
            place = region(node.right, row, col)
            if place is not None and place.rect.shape == (1, 1):
                content = subject.book.sheets[place.sheet].value(place.rect.top, place.rect.left)
                if content is None or content == 0:
                    return place
    return None


def _operands(tree: Node, row: int, col: int) -> Iterator[Region]:
    for node in walk(tree):
        parts: tuple[Node, ...] = ()
        if isinstance(node, Binary) and node.operator in _ARITHMETIC:
            parts = (node.left, node.right)
        elif isinstance(node, Percent) or (isinstance(node, Unary) and node.operator == "-"):
            parts = (node.operand,)
        for part in parts:
            place = region(part, row, col)
            if place is not None and place.rect.shape == (1, 1):
                yield place


def _looked_at(subject: Subject, sheet: Sheet, row: int, col: int) -> Iterator[tuple[Sheet, Rect]]:
    for name, rect in subject.dependencies.precedents(CellKey(sheet.name, row, col)):
        yield subject.book.sheet(name), rect


def _has_error(sheet: Sheet, rect: Rect) -> bool:
    low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
    part = sheet.col[low:high]
    return bool(((sheet.values.kind[low:high] == Kind.ERROR) & (part >= rect.left) & (part <= rect.right)).any())


def _meant(tree: Node, code: str) -> bool:
    """Tell whether a formula is there to give an error: it says NA() or #N/A, or takes nothing from any cell."""
    parts = list(walk(tree))
    written = any(
        (isinstance(n, Call) and n.name in ("NA", "ERROR.TYPE"))
        or (isinstance(n, Literal) and n.value == ErrorValue("#N/A"))
        for n in parts
    )
    takes = any(isinstance(n, (Ref, Name, External)) for n in parts) or code == "#NAME?" or dead(tree)
    return written or not takes


def _numeral(text: str) -> bool:
    try:
        float(text.strip().strip("%").replace(",", ""))
    except ValueError:
        return False
    return True
