"""A formula that refers to a whole column or row, such as B:B.

Why: Whatever anybody puts below the table, a note or a second total, becomes part of the result.

Fix: Refer to the table, or to the rows that are meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Ref, walk
from xlmodel.engine.references import Span
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 5, "A2": 6, "C1": "=SUM(A:A)"}
GOOD = {"A1": 5, "A2": 6, "C1": "=SUM(A1:A2)"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas that refer to whole columns or rows, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        whole = [n for n in walk(filled.tree) if isinstance(n, Ref) and any(_is_whole(span) for span in n.spans)]
        if whole:
            first = filled.blocks[0].rect
            named = dict.fromkeys(span.area.a1(*first[:2]) for n in whole for span in n.spans if _is_whole(span))
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"refers to all of {', '.join(named)}",
                "Refer to the table, or to the rows that are meant.",
            )


def _is_whole(span: Span) -> bool:
    return span.area.top is None or span.area.left is None
