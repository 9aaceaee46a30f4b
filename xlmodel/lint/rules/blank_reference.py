"""A filled formula whose reference slips off the figure that it starts from, onto blank cells.

Why: The first cell multiplies by the rate that is meant; each one below multiplies by the cell under it, which is
blank, and gives 0 or an error.

Fix: Hold the reference with dollar signs, and fill the formula again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.engine.native.syntax import Binary, Node, Ref, walk
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import bare, region
from xlmodel.refs import Area, Rect, tokens
from xlmodel.values import Scalar

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; the planted slip is found."
BAD = {"D1": 0.05, "A3": "Rent", "B3": 100, "C3": "=B3*D1", "A4": "Heat", "B4": 200, "C4": "=B4*D2", "A5": "Staff",
       "B5": 300, "C5": "=B5*D3", "A6": "Books", "B6": 400, "C6": "=B6*D4"}  # fmt: skip
GOOD = {**BAD, "C3": "=B3*D$1", "C4": "=B4*D$1", "C5": "=B5*D$1", "C6": "=B6*D$1"}

_FEWEST = 3  #: cells of a filled formula


class _Slip(NamedTuple):
    meant: Rect
    blank: Rect
    sheet: int
    area: Area


def check(subject: Subject) -> Iterator[Finding]:
    """Find factors and divisors that are there for the first cell of a filled formula and blank for all others."""
    for filled in subject.trees.filled():
        pairs = list(_factors(filled.tree))
        if not pairs:
            continue
        for block in filled.blocks:
            rect = block.rect
            if 1 not in rect.shape or max(rect.shape) < _FEWEST:
                continue
            places = [
                (row, col) for row in range(rect.top, rect.bottom + 1) for col in range(rect.left, rect.right + 1)
            ]
            slip = next((s for pair in pairs if (s := _slip(subject, *pair, places)) is not None), None)
            if slip is None:
                continue
            meant, blank = (named(subject, filled.home, r, slip.sheet) for r in (slip.meant, slip.blank))
            yield accuse(
                subject,
                filled.home,
                places[1:],
                SEVERITY,
                f"calculates with {blank}, which is blank: filled from the cell before, where it calculates with "
                f"{meant}, the reference has slipped",
                f"Write {_held(slip)} in the first cell, and fill it again.",
                proposed=_proposed(subject, filled.home, places[1], slip),
                against=meant,
            )


def _factors(tree: Node) -> Iterator[tuple[Ref, Ref]]:
    """Yield what is multiplied or divided, each with the other operand."""
    for node in walk(tree):
        if isinstance(node, Binary) and node.operator in "*/":
            left, right = bare(node.left), bare(node.right)
            if isinstance(left, Ref) and isinstance(right, Ref) and len(left.spans) == len(right.spans) == 1:
                yield left, right
                yield right, left


def _slip(subject: Subject, one: Ref, other: Ref, places: list[tuple[int, int]]) -> _Slip | None:
    """Return where a reference slips: there for the first cell alone, on another line; the other operand throughout."""
    area = one.spans[0].area
    down = places[0][1] == places[-1][1]
    offset = area.top if down else area.left
    if not area.single or offset is None or offset[0] or offset[1] == 0:
        return None
    regions = [region(one, row, col) for row, col in places]
    filled = [_content(subject, one, row, col) is not None for row, col in places]
    beside = [isinstance(_content(subject, other, row, col), float) for row, col in places]
    if not filled[0] or any(filled[1:]) or not all(beside) or regions[0] is None or regions[1] is None:
        return None
    if not isinstance(_content(subject, one, *places[0]), float):
        return None
    return _Slip(regions[0].rect, regions[1].rect, regions[0].sheet, area)


def _content(subject: Subject, node: Node, row: int, col: int) -> Scalar:
    place = region(node, row, col)
    if place is None or place.rect.shape != (1, 1):
        return None
    return subject.book.sheets[place.sheet].value(place.rect.top, place.rect.left)


def _held(slip: _Slip) -> str:
    """Return the reference that is meant, held in both directions."""
    top, left = slip.meant.top, slip.meant.left
    return Area(slip.area.prefix, (True, top), (True, left), (True, top), (True, left), True).a1(1, 1)


def _proposed(subject: Subject, home: int, place: tuple[int, int], slip: _Slip) -> str:
    """Return the formula of a cell with the reference held."""
    sheet = subject.book.sheets[home]
    cut = tokens(subject.book.formula_a1(sheet, sheet.find(*place)), *place)
    return "".join(_held(slip) if t.area == slip.area else t.text for t in cut)
