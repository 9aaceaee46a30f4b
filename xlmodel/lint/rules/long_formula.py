"""A formula of more than 200 characters.

Why: What cannot be read at a glance is not checked by those who review the workbook.

Fix: Split it into steps, each in a row or column of its own with a name that says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import to_a1

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 4, "A2": "=" + "+".join(["A1*1234567"] * 20)}
GOOD = {"A1": 4, "A2": "=A1*1234567*20"}

_MOST = 200


def check(subject: Subject) -> Iterator[Finding]:
    """Find long formulas, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        first = filled.blocks[0].rect
        text = to_a1(subject.book.formulas[filled.which], first.top, first.left)
        if len(text) > _MOST:
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"is a formula of {len(text):,} characters",
                "Split it into steps, each with a label that says what it gives.",
            )
