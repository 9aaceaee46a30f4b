"""VLOOKUP or HLOOKUP with the column or row to take as a number in the formula.

Why: A column inserted into the table moves the figures, not the number: the lookup then gives the column beside.

Fix: Use XLOOKUP, or INDEX with MATCH, or find the number with MATCH on the heading.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Call, Literal, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": "a", "B1": 1, "A2": "b", "B2": 2, "D1": "b", "E1": "=VLOOKUP(D1,A1:B2,2,FALSE)"}
GOOD = {**BAD, "E1": "=INDEX(B1:B2,MATCH(D1,A1:A2,0))"}

_LOOKUPS = {"VLOOKUP": "column", "HLOOKUP": "row"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find such lookups, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        calls = [node for node in walk(filled.tree) if isinstance(node, Call) and node.name in _LOOKUPS]
        counted = [c for c in calls if len(c.arguments) > 2 and isinstance(c.arguments[2], Literal)]
        if counted:
            name = counted[0].name
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"counts the {_LOOKUPS[name]} that {name} takes, which an inserted {_LOOKUPS[name]} makes wrong",
                "Use XLOOKUP, or INDEX with MATCH.",
            )
