"""An array formula entered with Ctrl+Shift+Enter.

Why: Few people know how to change one, and an edit without the three keys gives another result.

Fix: Use SUMPRODUCT, SUMIFS or a column of plain formulas.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "array C1": "=SUM(A1:A2*B1:B2)"}
GOOD = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": "=SUMPRODUCT(A1:A2,B1:B2)"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find such formulas, one finding a sheet and formula."""
    for home, sheet in enumerate(subject.book.sheets):
        anchors: dict[int, list[Rect]] = {}
        for index, rect in sheet.arrays.items():
            if index not in sheet.dynamic and sheet.formula[index] >= 0:
                anchors.setdefault(int(sheet.formula[index]), []).append(rect)
        for rects in anchors.values():
            yield accuse(
                subject,
                home,
                [(row, col) for r in rects for row in range(r.top, r.bottom + 1) for col in range(r.left, r.right + 1)],
                SEVERITY,
                "is an array formula, entered with Ctrl+Shift+Enter",
                "Use SUMPRODUCT, SUMIFS or plain formulas.",
            )
