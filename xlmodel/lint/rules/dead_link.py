"""A formula that takes figures from another workbook of which this one saved nothing.

Why: Nobody who gets this workbook alone can see or check the figure, and the next update may replace it by an error.

Fix: Bring the figures in as inputs with their source, or point the link at the workbook that holds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlmodel.engine.native.syntax import External, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; links there hold the values of the other workbook."
BAD = {"A1": 100, "A2": "=A1*[1]Rates!B2"}
GOOD = {"A1": 100, "A2": "=A1*Rates!B2", "Rates!B2": 0.2}


def check(subject: Subject) -> Iterator[Finding]:
    """Find links whose sheet the workbook knows nothing of: one finding a linked sheet, at the first use."""
    books = {str(book.index): book for book in subject.book.externals}
    found: dict[tuple[str, str], list[tuple[int, tuple[int, int]]]] = {}
    for filled in subject.trees.filled():
        for node in walk(filled.tree):
            if not isinstance(node, External) or not node.prefix.first or node.area is None:
                continue
            book = books.get(node.prefix.book)
            if book is not None and (not book.target or _held(book.sheets, node.prefix.first)):
                continue
            target = "" if book is None else book.target
            found.setdefault((target, node.prefix.first), []).extend((filled.home, p) for p in filled.places())
    for (target, sheet), places in found.items():
        home = places[0][0]
        file = target.replace("\\", "/").rpartition("/")[2] or "whose name is lost"
        yield accuse(
            subject,
            home,
            [place for where, place in places if where == home],
            SEVERITY,
            f"takes figures from the sheet {sheet} of another workbook ({file}), of which this workbook holds no trace",
            "Correct the link under Data, Edit links, or type the figure in with its source.",
        )


def _held(sheets: Mapping[str, object], name: str) -> bool:
    return any(sheet.casefold() == name.casefold() for sheet in sheets)
