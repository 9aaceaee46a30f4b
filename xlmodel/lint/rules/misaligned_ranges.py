"""Two ranges that are read side by side and begin on different rows.

Why: Each value is taken from the row above or below the one that was found: the figure is that of a neighbour.

Fix: Let both ranges begin on the same row, or in the same column.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Call, Node, walk
from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import bare, region

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; planted shifts are found."
BAD = {"A1": "Place", "B1": "Cost", "A2": "North", "B2": 10, "A3": "South", "B3": 20, "A4": "East", "B4": 30,
       "A6": "South", "B6": "=SUMIF(A2:A4,A6,B1:B3)"}  # fmt: skip
GOOD = {**BAD, "B6": "=SUMIF(A2:A4,A6,B2:B4)"}

_FARTHEST = 3  #: rows apart: what lies farther is another table


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs of ranges on one sheet that are shifted against each other by a row or a few."""
    for filled in subject.trees.filled():
        pairs = [pair for node in walk(filled.tree) for pair in _pairs(node)]
        if not pairs:
            continue
        shifted: list[tuple[int, int]] = []
        shown: tuple[Region, Region] | None = None
        for row, col in filled.places():
            for one, two in pairs:
                a, b = region(one, row, col), region(two, row, col)
                if a is not None and b is not None and _shifted(a, b):
                    shifted.append((row, col))
                    shown = shown or (a, b)
                    break
        if shown is not None:
            keys, values = (named(subject, filled.home, r.rect, r.sheet) for r in shown)
            yield accuse(
                subject,
                filled.home,
                shifted,
                SEVERITY,
                f"looks through {keys} and takes from {values}, which does not begin on the same line: each value is "
                "taken from beside the one that is meant",
                f"Let {keys} and {values} begin and end on the same lines.",
                against=keys,
            )


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the ranges of a call that are read side by side: what is looked through, what is taken."""
    if not isinstance(node, Call):
        return
    given = [bare(x) for x in node.arguments]
    match node.name, len(given):
        case (("SUMIF" | "AVERAGEIF"), 3):
            yield given[0], given[2]
        case (("SUMIFS" | "AVERAGEIFS" | "MAXIFS" | "MINIFS"), n) if n >= 3:
            yield from ((given[i], given[0]) for i in range(1, n - 1, 2))
        case "XLOOKUP", n if n >= 3:
            yield given[1], given[2]
        case "LOOKUP", 3:
            yield given[1], given[2]
        case "INDEX", 2 | 3:
            yield from ((keys, given[0]) for keys in _matched(given[1:]))


def _matched(positions: list[Node]) -> Iterator[Node]:
    """Yield what MATCH looks through where nothing is added to what it gives."""
    for found in positions:
        if isinstance(found, Call) and found.name == "MATCH" and len(found.arguments) >= 2:
            yield bare(found.arguments[1])


def _shifted(keys: Region, values: Region) -> bool:
    if keys.sheet != values.sheet:
        return False
    a, b = keys.rect, values.rect
    if a.shape[1] == 1 and min(a.shape[0], b.shape[0]) > 1:
        return 0 < abs(a.top - b.top) <= _FARTHEST and not b.left == a.left == b.right
    if a.shape[0] == 1 and min(a.shape[1], b.shape[1]) > 1 and b.shape[0] == 1:
        return 0 < abs(a.left - b.left) <= _FARTHEST and a.top != b.top
    return False
