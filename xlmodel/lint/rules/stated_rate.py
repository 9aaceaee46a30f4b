"""A rate that does not tie: so many per 1,000 or per 10,000 of a population, where the figures give another.

Why: Councils are compared by their rates; one that was typed, or takes another year's population, misplaces a council.

Fix: Divide by the population that the other rates in the line are divided by.
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
MEASURED = "No flag in 626 workbooks of others; the rates of the 2 published workbooks tie; its own examples are found."
GOOD = {
    "A1": "Council", "B1": "Children in care", "C1": "Children 0-17", "D1": "Rate per 10,000",
    "A2": "North", "B2": 487, "C2": 49_756, "D2": 97.9,
    "A3": "South", "B3": 312, "C3": 41_200, "D3": 75.7,
    "A4": "East", "B4": 655, "C4": 88_310, "D4": 74.2,
    "A5": "West", "B5": 128, "C5": 20_940, "D5": 61.1,
    "A6": "Mid", "B6": 274, "C6": 35_018, "D6": 78.2,
}  # fmt: skip
BAD = {**GOOD, "D4": 64.2}


def check(subject: Subject) -> Iterator[Finding]:
    """Find rates that are none of the figures beside them."""
    for fault in faults(subject, Op.RATE):
        top, base = (cell_name(t.row, t.col) for t in fault.check.terms)
        stated, recomputed = (figure(subject, fault, n) for n in (fault.check.stated, fault.check.recomputed))
        per = f"{fault.relation.scale:,.0f}"
        message = f"states {stated}, but {top} per {per} of {base} is {recomputed}; {rounding(subject, fault)}"
        yield finding(subject, fault, SEVERITY, message, f"Take it of {top} and {base}, as the others in its line are.")
