"""A total or an average that does not tie: its parts come to something else, by more than rounding can hide.

Why: Readers add up a printed table, and a total that is out by one figure puts the whole of it in doubt.

Fix: Find out whether the total is wrong or one of its parts, and correct that.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.layout.relation import Op
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.ties import Fault, faults, figure, finding, names_of, rounding

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = (
    "5 of 6 flags right in 626 workbooks of others, every one read (those 5 are labelled errors, 1 as "
    "meant); 25 of 35 figures changed in typed copies of theirs were found at the root."
)
GOOD = {
    "A1": "Placement", "B1": "2023/24", "C1": "2024/25", "D1": "2025/26",
    "A2": "Residential", "B2": 125, "C2": 131, "D2": 142,
    "A3": "Fostering", "B3": 310, "C3": 322, "D3": 318,
    "A4": "Supported", "B4": 52, "C4": 47, "D4": 61,
    "A5": "Total", "B5": 487, "C5": 500, "D5": 521,
}  # fmt: skip
BAD = {**GOOD, "D5": 531}


def check(subject: Subject) -> Iterator[Finding]:
    """Find totals and averages that are no such thing of the figures beside them."""
    for fault in faults(subject, Op.SUM, Op.AVERAGE):
        yield _of_part(subject, fault) if fault.part else _of_total(subject, fault)


def _of_total(subject: Subject, fault: Fault) -> Finding:
    parts = names_of((t.row, t.col) for t in fault.check.terms)
    comes_to = "have a mean of" if fault.relation.op is Op.AVERAGE else "add up to"
    stated, recomputed = (figure(subject, fault, n) for n in (fault.check.stated, fault.check.recomputed))
    message = f"states {stated}, but {parts} {comes_to} {recomputed}; {rounding(subject, fault)}"
    return finding(subject, fault, SEVERITY, message, f"Correct it, or the figure among {parts} that is wrong.")


def _of_part(subject: Subject, fault: Fault) -> Finding:
    off = figure(subject, fault, abs(fault.off))
    direction = "more" if fault.off > 0 else "less"
    message = (
        f"is the one figure that the totals of its row and of its column both miss: they come to {off} {direction}"
    )
    return finding(subject, fault, SEVERITY, message.replace("they come to", "the parts come to"), "Correct it.")
