"""A setting of the workbook under which Excel shows figures that its formulas do not give.

Why: Under manual calculation figures stay as they were; repeated calculation hides formulas that need themselves;
precision as displayed throws decimals away for good.

Fix: In Excel under File, Options, Formulas and Advanced: automatic calculation, no iterative calculation, no precision
as displayed.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = "3 findings in 40 labelled workbooks and 8 in 586 saved by Excel: what the file itself says."
BAD = {"setting mode": "manual", "A1": 5, "A2": "=A1*2"}
GOOD = {"A1": 5, "A2": "=A1*2"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find settings that are not Excel's own."""
    calc = subject.book.calc
    if calc.mode == "manual":
        yield _about(
            "is calculated by hand only: after a change its figures are old until somebody presses F9",
            "Set the calculation to automatic, and save again.",
        )
    if calc.iterate:
        loops = len(subject.dependencies.loops())
        uses = f", and {loops} loop{'s use' if loops > 1 else ' uses'} it" if loops else ", and no formula needs it"
        yield _about(
            f"lets formulas need their own result (iterative calculation){uses}: a loop made by mistake does not show",
            "Switch iterative calculation off, and break the loops that Excel then names.",
        )
    if not calc.full_precision:
        yield _about(
            "calculates with figures as displayed: decimals that are not shown are lost for good",
            "Switch 'Set precision as displayed' off, and round with ROUND where figures must be round.",
        )


def _about(message: str, fix: str) -> Finding:
    return Finding(rule="", severity=SEVERITY, sheet="", cells=(), message=f"The workbook {message}", fix=fix)
