"""A formula that only passes on a cell that itself only passes on another.

Why: Each link is one more step between a figure and its source, and one more place where the wrong cell is taken.

Fix: Refer to the first cell, where the figure is typed or calculated.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Node, Ref
from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import bare, region
from xlmodel.refs import Rect

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"Inputs!A1": 5, "A1": "=Inputs!A1", "A2": "=A1", "A3": "=A2*2"}
GOOD = {"Inputs!A1": 5, "A1": "=Inputs!A1", "A2": "=Inputs!A1", "A3": "=A2*2"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find links to links, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        if not isinstance(bare(filled.tree), Ref):
            continue
        passed = [(place, source) for place in filled.places() if (source := _source(subject, filled.tree, place))]
        if passed:
            source = passed[0][1]
            name = named(subject, filled.home, Rect(*source.rect), source.sheet)
            yield accuse(
                subject,
                filled.home,
                [place for place, _ in passed],
                SEVERITY,
                f"only passes on a cell that itself only passes on {name}",
                f"Refer to {name} itself.",
                proposed=name,
            )


def _source(subject: Subject, tree: Node, place: tuple[int, int]) -> Region | None:
    """Return the cell behind the cell that a formula passes on; None where that cell has a figure of its own."""
    taken = region(tree, *place)
    if taken is None or taken.rect.shape != (1, 1):
        return None
    sheet = subject.book.sheets[taken.sheet]
    at = sheet.find(taken.rect.top, taken.rect.left)
    if at < 0 or sheet.formula[at] < 0:
        return None
    second = subject.trees.tree(taken.sheet, int(sheet.formula[at]))
    behind = None if second is None else region(second, taken.rect.top, taken.rect.left)
    return behind if behind is not None and behind.rect.shape == (1, 1) else None
