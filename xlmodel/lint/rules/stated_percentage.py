"""A percentage that does not tie: the figures it is of give another one, by more than rounding can hide.

Why: A percentage is what readers remember; typed, or of another base, it does not follow the figures.

Fix: Take the percentage of the same figures as the others in its line.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.layout.relation import Op
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.ties import faults, figure, finding, rounding
from xlmodel.refs import cell_name

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = "The 1 flag in 626 workbooks of others is right (a 1 typed for 100), read by hand."
GOOD = {
    "A1": "Placement", "B1": "Children", "C1": "Share, %",
    "A2": "Residential", "B2": 131, "C2": 26.2,
    "A3": "Fostering", "B3": 262, "C3": 52.4,
    "A4": "Supported", "B4": 47, "C4": 9.4,
    "A5": "At home", "B5": 35, "C5": 7,
    "A6": "Other", "B6": 25, "C6": 5,
    "A7": "Total", "B7": 500, "C7": 100,
}  # fmt: skip
BAD = {**GOOD, "C4": 19.4}


def check(subject: Subject) -> Iterator[Finding]:
    """Find percentages that are none of the figures beside them."""
    for fault in faults(subject, Op.SHARE, Op.CHANGE):
        if fault.check.on_newer:
            continue  # the rule growth-base says why
        top, base = (cell_name(t.row, t.col) for t in fault.check.terms)
        what = (
            f"{top} measured against {base} is a change of"
            if fault.relation.op is Op.CHANGE
            else f"{top} over {base} is"
        )
        stated, recomputed = (figure(subject, fault, n) for n in (fault.check.stated, fault.check.recomputed))
        message = f"states {stated}, but {what} {recomputed}; {rounding(subject, fault)}"
        yield finding(subject, fault, SEVERITY, message, f"Take it of {top} and {base}, as the others in its line are.")
