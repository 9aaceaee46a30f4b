"""A comparison of a number with a number in quotation marks.

Why: To Excel a number never equals a text, and every text is larger than every number: the answer is the same whatever
the cell holds.

Fix: Write the number without quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.syntax import Binary, Literal, Node, walk
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import bare, region

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "1 finding in 626 workbooks, right."
BAD = {"A1": "Year", "B1": 2025, "A2": "Cost", "B2": '=IF(B1="2025",100,0)'}
GOOD = {**BAD, "B2": "=IF(B1=2025,100,0)"}

_COMPARES = frozenset({"=", "<", ">", "<=", ">=", "<>"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find comparisons of a cell that holds a number with a number that is written as a text."""
    for filled in subject.trees.filled():
        pairs = [
            (one, text) for node in walk(filled.tree) if isinstance(node, Binary) and node.operator in _COMPARES
            for one, two in ((node.left, node.right), (node.right, node.left)) if (text := _numeral(two))
        ]  # fmt: skip
        for one, text in pairs:
            places = [place for place in filled.places() if _holds_number(subject, one, *place)]
            if places:
                yield accuse(
                    subject,
                    filled.home,
                    places,
                    SEVERITY,
                    f'compares a number with the text "{text}": the answer is always the same',
                    f'Write {text} in place of "{text}".',
                )
                break


def _numeral(node: Node) -> str:
    node = bare(node)
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        return ""
    try:
        float(node.value)
    except ValueError:
        return ""
    return node.value


def _holds_number(subject: Subject, node: Node, row: int, col: int) -> bool:
    place = region(node, row, col)
    if place is None or place.rect.shape != (1, 1):
        return False
    return type(subject.book.sheets[place.sheet].value(place.rect.top, place.rect.left)) is float
