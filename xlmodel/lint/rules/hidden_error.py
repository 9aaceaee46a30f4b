"""IFERROR that shows nothing or a zero in place of an error.

Why: The error is still there; a total that should have failed goes through, too small.

Fix: Test for the case that is expected, such as a divisor of zero, and let other errors show.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Call, Literal, Missing, Node, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 5, "B1": 0, "C1": "=IFERROR(A1/B1,0)"}
GOOD = {"A1": 5, "B1": 0, "C1": "=IF(B1=0,0,A1/B1)"}

_TESTS = frozenset({"ISERROR", "ISERR"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas that turn any error into nothing or zero, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        hiding = [node for node in walk(filled.tree) if isinstance(node, Call) and _hides(node)]
        if hiding:
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"shows {_shown(hiding[0])} for any error, whatever went wrong",
                "Test for the case that is expected, and let other errors show.",
            )


def _hides(call: Call) -> bool:
    if call.name == "IFERROR" and len(call.arguments) == 2:
        return _is_nothing(call.arguments[1])
    if call.name == "IF" and len(call.arguments) > 1 and isinstance(call.arguments[0], Call):
        return call.arguments[0].name in _TESTS and _is_nothing(call.arguments[1])
    return False


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Missing) or (isinstance(node, Literal) and node.value in (0, ""))


def _shown(call: Call) -> str:
    result = call.arguments[1]
    return "nothing" if isinstance(result, Literal) and result.value == "" else "a zero"
