"""IF inside IF inside IF: more than two deep.

Why: Each level doubles the cases that somebody must think of, and the one forgotten gives a figure all the same.

Fix: Look the result up in a small table, or use IFS with one line for each case.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Call, Node, children
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {"A1": 40, "A2": '=IF(A1>80,"high",IF(A1>50,"middle",IF(A1>20,"low","none")))'}
GOOD = {"A1": 40, "A2": '=IF(A1>80,"high",IF(A1>50,"middle","low"))'}

_MOST = 2


def check(subject: Subject) -> Iterator[Finding]:
    """Find formulas with IF more than two deep, one finding a formula and sheet."""
    for filled in subject.trees.filled():
        deep = _depth(filled.tree)
        if deep > _MOST:
            yield accuse(
                subject,
                filled.home,
                filled.places(),
                SEVERITY,
                f"has IF inside IF, {deep} deep",
                "Look the result up in a small table, or use IFS.",
            )


def _depth(tree: Node) -> int:
    deepest, stack = 0, [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        depth += isinstance(node, Call) and node.name == "IF"
        deepest = max(deepest, depth)
        stack.extend((part, depth) for part in children(node))
    return deepest
