"""A percentage change that is measured on the newer figure instead of the older one.

Why: From 100 to 150 is a rise of 50%; over 150 it reads 33%. Rises look smaller than they are, and falls larger.

Fix: Divide the difference by the older figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from xlmodel.layout.relation import Op
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.ties import Fault, faults, figure, finding
from xlmodel.refs import cell_name

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = "No flag in 626 workbooks of others, with some 20 lines of changes in them; its own examples are found."
GOOD = {
    "A1": "Council", "B1": "2023/24", "C1": "2024/25", "D1": "Change, %",
    "A2": "North", "B2": 10_200, "C2": 15_300, "D2": 50.0,
    "A3": "South", "B3": 8_040, "C3": 10_090, "D3": 25.5,
    "A4": "East", "B4": 5_310, "C4": 6_270, "D4": 18.1,
    "A5": "West", "B5": 4_480, "C5": 5_120, "D5": 14.3,
}  # fmt: skip
BAD = {**GOOD, "D2": 33.3}


def check(subject: Subject) -> Iterator[Finding]:
    """Find changes that tie over the newer figure and not over the older."""
    found = [fault for fault in faults(subject, Op.CHANGE) if fault.check.on_newer]
    for _, same in groupby(found, key=lambda fault: id(fault.relation)):
        line = list(same)
        if len(line) == 1:
            yield finding(subject, line[0], SEVERITY, _message(subject, line[0]), _fix(line[0]))
        else:
            home = subject.scope.sheet(line[0].relation.sheet)
            assert home is not None
            message = f"{_message(subject, line[0])}; so do all {len(line)} in this line"
            yield accuse(subject, home, [f.cell for f in line], SEVERITY, message, _fix(line[0]))


def _message(subject: Subject, fault: Fault) -> str:
    newer, older = (cell_name(t.row, t.col) for t in fault.check.terms)
    stated, recomputed = (figure(subject, fault, n) for n in (fault.check.stated, fault.check.recomputed))
    return f"states {stated}, which divides the change by the newer figure, {newer}; over {older} it is {recomputed}"


def _fix(fault: Fault) -> str:
    _, older = fault.check.terms
    return f"Divide the change by the older figure, {cell_name(older.row, older.col)}."
