"""A formula that refers to cells or to a sheet that were deleted.

Why: What the formula took from there is lost; where the error is caught or not reached yet, nothing shows it.

Fix: Point the formula at the cells that are meant now.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.protocol import CellKey
from xlmodel.lint.accused import accuse
from xlmodel.lint.errors_shown import dead, gone, names_used
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.values import ErrorValue

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "1 finding in 40 labelled workbooks and 34 in 586 saved by Excel, all read, all right."
BAD = {"A1": "Rent", "B1": 10, "A2": "Total", "B2": "=IFERROR(B1+#REF!,0)"}
GOOD = {**BAD, "B2": "=IFERROR(B1+B3,0)", "B3": 5}


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas with a reference that is gone: one finding a formula, however often it is filled."""
    for filled in subject.trees.filled():
        if not dead(filled.tree) or any(gone(name) for name in names_used(subject, filled)):
            continue
        sheet = subject.book.sheets[filled.home]
        places = list(filled.places())
        broken = sum(isinstance(sheet.value(row, col), ErrorValue) for row, col in places)
        shows = "" if broken else ", and the error does not show"
        depending = len(subject.dependencies.dependents(CellKey(sheet.name, r, c) for r, c in places))
        more = f"; {depending} formula{'s depend' if depending > 1 else ' depends'} on it" if depending else ""
        yield accuse(
            subject,
            filled.home,
            places,
            SEVERITY,
            f"refers to cells that were deleted{shows}{more}",
            "Put the cells that are meant in place of #REF!.",
        )
