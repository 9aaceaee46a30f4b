"""A closing that does not follow from the opening and what came and went; or an opening that is not the closing before.

Why: Every period stands on the one before; where the chain breaks, all that comes after it starts from a wrong figure.

Fix: Make the closing follow from the opening and the movements, and the next opening equal to it.
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
MEASURED = (
    "The 1 flag in 40 workbooks of others is right (it is labelled too); the 7 chains of the 2 published workbooks tie."
)
GOOD = {
    "A1": "Financial year", "B1": "2022/23", "C1": "2023/24", "D1": "2024/25", "E1": "2025/26",
    "A2": "Opening", "B2": 560, "C2": 539, "D2": 487, "E2": 449,
    "A3": "Starts", "B3": 198, "C3": 180, "D3": 140, "E3": 131,
    "A4": "Ceases", "B4": 219, "C4": 232, "D4": 178, "E4": 150,
    "A5": "Closing", "B5": 539, "C5": 487, "D5": 449, "E5": 430,
}  # fmt: skip
BAD = {**GOOD, "C4": 222}


def check(subject: Subject) -> Iterator[Finding]:
    """Find balances that do not follow from what came and went, and openings that are no closing."""
    for fault in faults(subject, Op.BALANCE, Op.CONTINUITY):
        stated, recomputed = (figure(subject, fault, n) for n in (fault.check.stated, fault.check.recomputed))
        first, *flows = fault.check.terms
        if fault.relation.op is Op.CONTINUITY:
            before = cell_name(first.row, first.col)
            message = f"begins with {stated}, but the period before ends with {recomputed} in {before}"
            yield finding(subject, fault, SEVERITY, message, f"Begin with the closing before, {before}.")
            continue
        moves = "".join(f" {'+' if t.sign > 0 else '−'} {cell_name(t.row, t.col)}" for t in flows)
        sums = f"{cell_name(first.row, first.col)}{moves}"
        message = f"ends with {stated}, but {sums} is {recomputed}; {rounding(subject, fault)}"
        yield finding(
            subject, fault, SEVERITY, message, f"Let it follow from {sums}, or correct the movement that is wrong."
        )
