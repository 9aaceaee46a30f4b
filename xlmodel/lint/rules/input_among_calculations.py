"""A typed figure on a sheet of formulas that its formulas use.

Why: Whoever changes the assumptions looks for them on the input sheet, and misses this one.

Fix: Move the figure to the sheet with the inputs, and refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.values import Kind

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {
    "A1": 5, "B1": "=A1*2", "B2": "=B1*2", "B3": "=B2*2", "B4": "=B3*2", "B5": "=B4*2", "B6": "=B5*2",
}  # fmt: skip
GOOD = {**BAD, "A1": "=Inputs!A1", "Inputs!A1": 5}

_SHARE = 0.8  #: of a sheet's figures that are formulas where it is one of calculations


def check(subject: Subject) -> Iterator[Finding]:
    """Find typed figures that formulas use on sheets of calculations, one finding a sheet."""
    for home, sheet in enumerate(subject.book.sheets):
        formulas = sheet.formula >= 0
        typed = np.flatnonzero(~formulas & (sheet.values.kind == Kind.NUMBER))
        if not len(typed) or formulas.sum() < _SHARE * (formulas.sum() + len(typed)):
            continue
        read = subject.dependencies.ranges(home)
        places = [place for i in typed if _in_any(place := (int(sheet.row[i]), int(sheet.col[i])), read)]
        if places:
            figures = f"{len(places)} figures that are" if len(places) > 1 else "a figure that is"
            yield accuse(
                subject,
                home,
                places,
                SEVERITY,
                f"is {'the first of ' * (len(places) > 1)}{figures} typed in on a sheet of formulas, and used by them",
                "Move it to the sheet with the inputs, and refer to it.",
            )


def _in_any(place: tuple[int, int], rects: NDArray[np.int64]) -> bool:
    row, col = place
    top, left, bottom, right = rects.T
    return bool(np.any((top <= row) & (row <= bottom) & (left <= col) & (col <= right)))
