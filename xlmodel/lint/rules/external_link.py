"""A formula that takes figures from another workbook.

Why: The figure is the one of the last update; whoever gets this file alone can neither check nor renew it.

Fix: Copy the figures in as values, with their source and date beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import External, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"link prices.xlsx": None, "A1": 5, "A2": "=A1*[1]Prices!$B$2"}
GOOD = {"A1": 5, "A2": "=A1*A3", "A3": 120}


def check(subject: Subject) -> Iterator[Finding]:
    """Find the formulas that refer to other workbooks, one finding a sheet and workbook."""
    targets = {str(book.index): book.target for book in subject.book.externals}
    users: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for filled in subject.trees.filled():
        for book in {node.prefix.book for node in walk(filled.tree) if isinstance(node, External)}:
            users.setdefault((filled.home, book), []).extend(filled.places())
    for (home, book), places in users.items():
        yield accuse(
            subject,
            home,
            places,
            SEVERITY,
            f"takes figures from another workbook, {targets.get(book, book)}",
            "Copy the figures in as values, with their source and date beside them.",
        )
