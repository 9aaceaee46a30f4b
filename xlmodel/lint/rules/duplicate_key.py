"""A lookup key that stands twice in its list, with different figures.

Why: A lookup takes the first and never sees the second; which of the two is meant, nobody can tell from the figure.

Fix: Delete one of the two rows, or give each a key of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.lookups import EXACT, Lookup, lookups
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect
from xlmodel.values import Scalar, display

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = "1 finding in 626 workbooks, right."
BAD = {"A1": "North", "B1": 10, "A2": "East", "B2": 20, "A3": "South", "B3": 30, "A4": "East", "B4": 40,
       "A5": "West", "B5": 50, "A6": "Centre", "B6": 60, "A8": "East", "B8": "=VLOOKUP(A8,A1:B6,2,FALSE)"}  # fmt: skip
GOOD = {**BAD, "A4": "Hill"}

_READ = 8  #: cells beside a key that belong to it
_MOST = 0.2  #: of the keys that may be double: beyond it the list is no list of keys


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that are looked up and stand twice: one finding a key, at its second row."""
    doubles: dict[Region, dict[Scalar, list[int]]] = {}
    told: dict[tuple[Region, Scalar], tuple[Lookup, list[int]]] = {}
    for lookup in lookups(subject):
        if lookup.mode != EXACT or lookup.written or not isinstance(lookup.wanted, (str, float)):
            continue
        if lookup.keys not in doubles:
            doubles[lookup.keys] = _doubles(subject, lookup.keys)
        wanted = lookup.wanted.casefold() if isinstance(lookup.wanted, str) else lookup.wanted
        places = doubles[lookup.keys].get(wanted)
        if places and (lookup.keys, wanted) not in told and _differ(subject, lookup.keys, places):
            told[lookup.keys, wanted] = lookup, places
    for (keys, _), (lookup, places) in told.items():
        down = keys.rect.shape[1] == 1
        cells = [
            (keys.rect.top + at, keys.rect.left) if down else (keys.rect.top, keys.rect.left + at) for at in places
        ]
        first = Rect(*cells[0], *cells[0])
        user = named(subject, keys.sheet, Rect(lookup.row, lookup.col, lookup.row, lookup.col), lookup.filled.home)
        yield accuse(
            subject,
            keys.sheet,
            cells[1:],
            SEVERITY,
            f"holds {display(lookup.wanted)} a second time, with other figures than {first.name}: {user} looks it "
            "up and takes the first",
            "Delete one of the two, or give each a key of its own.",
            against=first.name,
        )


def _doubles(subject: Subject, keys: Region) -> dict[Scalar, list[int]]:
    """Return the keys that stand more than once, with their places in the list."""
    places: dict[Scalar, list[int]] = {}
    for at, content in enumerate(subject.book.sheets[keys.sheet].block(keys.rect).scalars()):
        if isinstance(content, (str, float)) and not isinstance(content, bool) and content != "":
            places.setdefault(content.casefold() if isinstance(content, str) else content, []).append(at)
    out = {key: its for key, its in places.items() if len(its) > 1}
    return out if sum(len(its) - 1 for its in out.values()) <= _MOST * len(places) else {}


def _differ(subject: Subject, keys: Region, places: list[int]) -> bool:
    """Tell whether the rows of a key hold different figures on the side the list is read."""
    sheet = subject.book.sheets[keys.sheet]
    top, left, _, _ = keys.rect
    down = keys.rect.shape[1] == 1
    beside = [
        Rect(top + at, left + 1, top + at, left + _READ) if down else Rect(top + 1, left + at, top + _READ, left + at)
        for at in places
    ]
    return len({tuple(sheet.block(rect).scalars()) for rect in beside}) > 1
