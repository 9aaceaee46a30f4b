"""A number written into a formula, such as a rate or a price.

Why: Nobody sees it on the sheet, nobody knows where it comes from, and next year it is changed in some cells only.

Fix: Give the number a cell of its own with a label, a unit and a source, and refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Binary, Literal, Node, Percent, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": "Weeks", "B1": 30, "A2": "Cost", "B2": "=B1*4850.5"}
GOOD = {"A1": "Weeks", "B1": 30, "A2": "Cost", "B2": "=B1*B3", "A3": "Price a week", "B3": 4850.5}

#: Counting, halves, percentages, thousands, and the parts of days and years: no assumptions.
_PLAIN = frozenset({0, 0.5, 1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 7, 12, 24, 52, 60, 360, 365, 365.25, 366})
_ARITHMETIC = frozenset("+-*/")


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas that calculate with numbers of their own, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        numbers = dict.fromkeys(number for node in walk(filled.tree) for number in _operands(node))
        if numbers:
            said = ", ".join(f"{number:,.15g}" for number in sorted(numbers))
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"calculates with {said}, written into the formula",
                "Give the number a cell of its own with a label and a source, and refer to it.",
            )


def _operands(node: Node) -> Iterator[float]:
    """Yield the numbers that an addition, subtraction, multiplication or division takes as they are written."""
    if not isinstance(node, Binary) or node.operator not in _ARITHMETIC:
        return
    for side in (node.left, node.right):
        part = side.operand if isinstance(side, Percent) else side
        value = part.value if isinstance(part, Literal) else None
        if isinstance(value, float) and (isinstance(side, Percent) or value not in _PLAIN):
            yield value / 100 if isinstance(side, Percent) else value
