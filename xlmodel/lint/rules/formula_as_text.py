"""A formula that Excel keeps as a text and does not calculate.

Why: The cell shows the formula, not a figure, and totals pass over it.

Fix: Set the cell's format to General, take away what stands before the equals sign, and press Enter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.lint.accused import accuse, rectangles
from xlmodel.lint.figures import amid_numbers, within
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import TokenKind, tokens
from xlmodel.values import Kind

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "13 findings in 626 workbooks, all formulas kept as text; most are shown on purpose, in sheets that "
    "teach functions."
)
BAD = {"A1": "Rent", "B1": 10, "A2": "Heat", "B2": 20, "A3": "Both", "B3": " =SUM(B1:B2)", "A4": "Each", "B4": 15}
GOOD = {**BAD, "B3": "=SUM(B1:B2)"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find texts amid figures that are formulas but for what stands before them."""
    for home, sheet in enumerate(subject.book.sheets):
        found: dict[tuple[int, int], str] = {}
        for i in np.flatnonzero((sheet.values.kind == Kind.TEXT) & (sheet.formula < 0)).tolist():
            text = str(sheet.values.text[i])
            if "=" in text[:4] and _formula(text) and amid_numbers(sheet, int(sheet.row[i]), int(sheet.col[i])):
                found[int(sheet.row[i]), int(sheet.col[i])] = text
        for rect in rectangles(found):
            places = [place for place in found if within(rect, *place)]
            yield accuse(
                subject,
                home,
                places,
                SEVERITY,
                f'holds the text "{found[places[0]].strip()[:60]}", which is a formula that is not calculated',
                f"Set the format of {rect.name} to General, delete what stands before the equals sign, and press "
                "Enter.",
            )


def _formula(text: str) -> bool:
    """Tell whether a text is a formula that refers to cells."""
    body = text.strip().lstrip("'").strip()
    return body.startswith("=") and any(token.kind is TokenKind.AREA for token in tokens(body[1:]))
