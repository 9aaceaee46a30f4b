"""A figure that no longer follows as a relation in the settings says, or a relation whose cells are no longer there.

Why: Somebody has looked at the relation and said that it must hold; since then the workbook has changed.

Fix: Correct the figure, or the relation in the settings where the workbook is meant to be otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.layout.pinned import Held, held
from xlmodel.layout.pins import Pin
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.ties import Fault, figure, names_of, rounding

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "Nothing is inferred: the relations are those that the settings name, and each figure is held to the rounding."
)
PINS = (Pin("S", "total", "Total", of=("Residential", "Fostering")),)
GOOD = {
    "A1": "Placement", "B1": "2024/25", "A2": "Residential", "B2": 131, "A3": "Fostering", "B3": 322,
    "A4": "Total", "B4": 453,
}  # fmt: skip
BAD = {**GOOD, "B4": 463}


def check(subject: Subject) -> Iterator[Finding]:
    """Find what the relations in the settings say and the workbook does not."""
    for its in held(subject.book, subject.labels, (pin for pin in subject.pins if pin.accept)):
        if its.relation is None:
            yield _lost(subject, its)
            continue
        for broken in (c for c in its.relation.checks if c.accused):
            fault = Fault(broken, its.relation)
            stated, recomputed = (figure(subject, fault, number) for number in (broken.stated, broken.recomputed))
            of = names_of((t.row, t.col) for t in broken.terms)
            message = f"states {stated}, but the {its.pin.kind} of {of} is {recomputed}; {rounding(subject, fault)}"
            home = subject.scope.sheet(its.relation.sheet)
            assert home is not None
            fix = "Correct it, or the figure among them that is wrong."
            yield accuse(subject, home, [fault.cell], SEVERITY, message, fix, against=of)


def _lost(subject: Subject, its: Held) -> Finding:
    home = subject.scope.sheet(its.pin.sheet)
    return Finding(
        rule="",
        severity=SEVERITY,
        sheet="" if home is None else subject.book.sheets[home].name,
        cells=(),
        message=f"does not hold the {its.pin.kind} {its.pin.figure!r} that the settings name: {its.problem}",
        fix="Correct the names in the settings, or take the relation out of them.",
    )
