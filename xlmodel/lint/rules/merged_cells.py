"""Merged cells.

Why: Sorting, filtering, filling and references to whole columns go wrong where cells are merged.

Fix: Undo the merge; Centre Across Selection looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": "Costs in 2025/26", "merged A1:C1": None, "A2": 1, "B2": 2, "C2": 3}
GOOD = {"A1": "Costs in 2025/26", "A2": 1, "B2": 2, "C2": 3}


def check(subject: Subject) -> Iterator[Finding]:
    """Find merged cells, one finding a sheet."""
    for sheet in subject.book.sheets:
        if sheet.merged:
            count = len(sheet.merged)
            ranges = f"{count} ranges of merged cells" if count > 1 else "a range of merged cells"
            yield Finding(
                rule="",
                severity=SEVERITY,
                sheet=sheet.name,
                cells=tuple(sorted(sheet.merged)),
                message=f"is {'the first of ' * (count > 1)}{ranges} on this sheet",
                fix="Undo the merge; Centre Across Selection looks the same.",
            )
