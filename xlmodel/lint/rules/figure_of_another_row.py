"""A list that takes its figures from another list row by row, although the rows do not name the same things.

Why: Half of one list was sorted, or a row was put into one and not into the other: figures stand under a wrong name.

Fix: Bring both lists into one order, or look each figure up by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.engine.native.syntax import Ref, walk
from xlmodel.engine.references import Region
from xlmodel.layout.words import period
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import region
from xlmodel.refs import Rect
from xlmodel.values import display

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; planted swaps of rows are found."
BAD = {"A1": "North", "B1": 10, "A2": "South", "B2": 20, "A3": "East", "B3": 30, "A4": "West", "B4": 40,
       "A5": "Centre", "B5": 50, "A11": "North", "B11": "=B1", "A12": "South", "B12": "=B2", "A13": "West",
       "B13": "=B3", "A14": "East", "B14": "=B4", "A15": "Centre", "B15": "=B5"}  # fmt: skip
GOOD = {**BAD, "A13": "East", "A14": "West"}

_FEWEST = 4  #: rows of a list
_FARTHEST = 12  #: columns from a figure to the name of its row


class _Mix(NamedTuple):
    rows: tuple[int, ...]  #: of the formulas whose row has another name than the one they take from
    own: str
    taken: str
    source: Region


def check(subject: Subject) -> Iterator[Finding]:
    """Find filled references from one list of names to another that holds the same names in another order."""
    names = _Names(subject)
    for filled in subject.trees.filled():
        refs = [n for n in walk(filled.tree) if isinstance(n, Ref) and len(n.spans) == 1 and n.spans[0].area.single]
        if not refs:
            continue
        for block in filled.blocks:
            rect = block.rect
            if rect.shape[0] < _FEWEST or rect.shape[0] > 10_000:
                continue
            mixes = [_mix(subject, names, filled.home, ref, rect) for ref in refs]
            found = next((mix for mix in mixes if mix is not None and mix.rows), None)
            if found is None or any(mix is not None and not mix.rows for mix in mixes):
                continue
            taken = named(subject, filled.home, found.source.rect, found.source.sheet)
            yield accuse(
                subject,
                filled.home,
                [(row, col) for row in found.rows for col in range(rect.left, rect.right + 1)],
                SEVERITY,
                f"stands in the row of {found.own} and takes {taken}, which is in the row of {found.taken}",
                "Bring both lists into one order, or look the figure up by its name.",
                against=taken,
            )


class _Names:
    """The names of the rows of a workbook's lists, each column read once."""

    def __init__(self, subject: Subject) -> None:
        self._sheets = subject.book.sheets
        self._read: dict[tuple[int, int], list[str]] = {}

    def whole(self, sheet: int, col: int) -> list[str]:
        """Return the texts of a column from its first row, without marks and in one case; "" for anything else."""
        if (sheet, col) not in self._read:
            own = self._sheets[sheet]
            found = own.block(Rect(1, col, own.used.bottom, col)).scalars()
            self._read[sheet, col] = [_bare(x) if isinstance(x, str) else "" for x in found]
        return self._read[sheet, col]

    def of(self, sheet: int, top: int, bottom: int, left: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the columns before a list whose every row holds a text, with these texts."""
        for col in range(max(1, left - _FARTHEST), left):
            names = self.whole(sheet, col)[top - 1 : bottom]
            if len(names) == bottom - top + 1 and all(names):
                yield col, names

    def list(self, sheet: int, row: int, col: int) -> list[str]:
        """Return the texts above and below a cell, up to the next cell without one."""
        names = self.whole(sheet, col)
        first = last = row - 1
        while first > 0 and names[first - 1]:
            first -= 1
        while last < len(names) - 1 and names[last + 1]:
            last += 1
        return names[first : last + 1]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _mix(subject: Subject, names: _Names, home: int, ref: Ref, rect: Rect) -> _Mix | None:
    """Return the rows whose names differ between two lists; None where they are not two lists of the same names."""
    first, last = region(ref, rect.top, rect.left), region(ref, rect.bottom, rect.left)
    if first is None or last is None or last.rect.top - first.rect.top != rect.bottom - rect.top:
        return None
    overlaps = first.rect.top <= rect.bottom and rect.top <= last.rect.top
    if first.sheet == home and (overlaps or first.rect.left != rect.left):
        return None
    best: tuple[int, list[str], list[str], int, int] | None = None
    for own_col, own in names.of(home, rect.top, rect.bottom, rect.left):
        for col, taken in names.of(first.sheet, first.rect.top, last.rect.top, first.rect.left):
            same = sum(a == b for a, b in zip(own, taken, strict=True))
            if best is None or same > best[0]:
                best = same, own, taken, own_col, col
    if best is None:
        return None
    same, own, taken, own_col, col = best
    if same == len(own):
        return _Mix((), "", "", first)
    if any(period(name) for name in own) or len(set(own)) < len(own):
        return None
    every = names.list(first.sheet, first.rect.top, col)
    wrong = [at for at, (a, b) in enumerate(zip(own, taken, strict=True)) if a != b]
    if any(every.count(own[at]) != 1 for at in wrong):
        return None
    place = region(ref, rect.top + wrong[0], rect.left)
    if place is None:
        return None
    stands = subject.book.sheets[home].value(rect.top + wrong[0], own_col)
    takes = subject.book.sheets[first.sheet].value(place.rect.top, col)
    return _Mix(tuple(rect.top + at for at in wrong), display(stands), display(takes), place)
