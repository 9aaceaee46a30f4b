"""A function whose result changes while no figure does: today's date, chance, a reference made from text.

Why: The same workbook shows other figures tomorrow, and Excel calculates everything that depends on them at every step.

Fix: Put the date into an input cell; use INDEX in place of OFFSET and INDIRECT; keep random numbers as values.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Call, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 45000, "A2": "=TODAY()-A1"}
GOOD = {"A1": 45000, "A2": "=A3-A1", "A3": 45292}

_VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas that call such a function, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        called = sorted({node.name for node in walk(filled.tree) if isinstance(node, Call)} & _VOLATILE)
        if called:
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"calls {', '.join(called)}, whose result can change while no figure does",
                "Refer to an input cell, or use INDEX.",
            )
