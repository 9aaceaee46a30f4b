"""A total that takes in figures on hidden rows or columns.

Why: The figures that are shown do not add up to the total under them, and a reader cannot see why.

Fix: Show the rows, leave them out, or say beside the total that it takes in more than is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.sums import totals
from xlmodel.refs import Rect, column_letters
from xlmodel.values import Kind

SEVERITY = Severity.NOTE
DEFAULT = True
MEASURED = "2 findings in 626 workbooks, both right."
BAD = {"A1": "Rent", "B1": 10, "A2": "Heat", "B2": 20, "A3": "Staff", "B3": 30, "A4": "Total", "B4": "=SUM(B1:B3)",
       "hidden row 2": True}  # fmt: skip
GOOD = {cell: content for cell, content in BAD.items() if cell != "hidden row 2"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find totals that are shown, of figures that are partly hidden: one finding for each set of hidden lines."""
    if not any(len(s.hidden_rows) or len(s.hidden_columns) for s in subject.book.sheets):
        return
    found: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
    amount: dict[tuple[int, int, str], float] = {}
    for total in totals(subject):
        sheet = subject.book.sheets[total.home]
        if total.function != "SUM" or sheet.state != "visible":
            continue
        if total.row in sheet.hidden_rows or total.col in sheet.hidden_columns:
            continue
        for region in total.regions:
            where, hidden = _hidden(subject, region)
            if hidden:
                key = total.home, region.sheet, where
                found.setdefault(key, []).append((total.row, total.col))
                amount.setdefault(key, hidden)
    for key, places in found.items():
        home, sheet_number, where = key
        line = named(subject, home, Rect(1, 1, 1, 1), sheet_number).removesuffix("A1")
        yield accuse(
            subject,
            home,
            places,
            SEVERITY,
            f"takes in {amount[key]:,.15g} on hidden {line}{where}",
            "Show what is hidden, or say beside the total that it takes in more than is shown.",
        )


def _hidden(subject: Subject, region: Region) -> tuple[str, float]:
    """Return the hidden lines inside a range that is shown in part, and what their figures come to."""
    sheet = subject.book.sheets[region.sheet]
    rect = region.rect
    rows = _inside(sheet.hidden_rows, rect.top, rect.bottom)
    columns = _inside(sheet.hidden_columns, rect.left, rect.right)
    if not (len(rows) or len(columns)) or rect.shape[0] > 100_000:
        return "", 0.0
    low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
    part = slice(int(low), int(high))
    number = (sheet.values.kind[part] == Kind.NUMBER) & (sheet.col[part] >= rect.left) & (sheet.col[part] <= rect.right)
    out = number & (np.isin(sheet.row[part], rows) | np.isin(sheet.col[part], columns))
    if not out.any() or not (number & ~out).any():
        return "", 0.0
    total = float(sheet.values.num[part][out].sum())
    names = [str(r) for r in rows.tolist()] or [column_letters(c) for c in columns.tolist()]
    kind = "row" if len(rows) else "column"
    return (f"{kind} {names[0]}" if len(names) == 1 else f"{kind}s {names[0]} to {names[-1]}"), total


def _inside(lines: NDArray[np.int32], first: int, last: int) -> NDArray[np.int32]:
    return lines[(lines >= first) & (lines <= last)]
