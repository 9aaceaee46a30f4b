"""A hidden sheet.

Why: Readers cannot check what they cannot see, and a copy sent on carries it along.

Fix: Show the sheet, or remove it before the workbook goes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Ref, walk
from xlmodel.engine.references import Span
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import Filled

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": "=Data!A1*2", "Data!A1": 5, "hidden sheet Data": None}
GOOD = {"A1": "=Data!A1*2", "Data!A1": 5}


def check(subject: Subject) -> Iterator[Finding]:
    """Find hidden sheets, one finding a sheet."""
    used = {span.sheet for filled in subject.trees.filled() for span in _spans(filled)}
    for number, sheet in enumerate(subject.book.sheets):
        if sheet.state != "visible":
            how = "so that only a macro can show it" if sheet.state == "veryHidden" else "from readers"
            uses = "; formulas on other sheets use it" if number in used else ""
            yield Finding(
                rule="",
                severity=SEVERITY,
                sheet=sheet.name,
                cells=(),
                message=f"The sheet is hidden {how}{uses}",
                fix="Show the sheet, or remove it before the workbook goes out.",
            )


def _spans(filled: Filled) -> Iterator[Span]:
    """Yield what a formula refers to on other sheets."""
    for node in walk(filled.tree):
        if isinstance(node, Ref):
            yield from (span for span in node.spans if span.sheet != filled.home)
