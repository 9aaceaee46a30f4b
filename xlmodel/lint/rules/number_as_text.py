"""A number that is kept as a text, where formulas or its neighbours treat it as a number.

Why: Totals and averages pass over a text without a word: the figure is seen on the sheet and is missing in the total.

Fix: Turn the cell into a number: Data, Text to Columns, Finish; or type it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from xlmodel.book.workbook import Sheet
from xlmodel.lint.accused import accuse, named, rectangles
from xlmodel.lint.figures import amid_numbers
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.sums import Total, totals
from xlmodel.refs import Rect
from xlmodel.values import Kind

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "2 findings in 40 labelled workbooks and 39 in 586 saved by Excel, all read: every one is a number kept as text."
)
BAD = {"A1": "Rent", "B1": 10, "A2": "Heat", "B2": "20", "A3": "Staff", "B3": 30, "A4": "Total", "B4": "=SUM(B1:B3)"}
GOOD = {**BAD, "B2": 20}

#: a number as people type or paste it; no leading zeros, which codes have
_NUMBER = re.compile(r"[-+(]?[£$€]?(?!0\d)\d{1,3}(?:(?:,\d{3})*|\d*)(?:\.\d*)?%?\)?-?")


def check(subject: Subject) -> Iterator[Finding]:
    """Find texts that read as numbers inside totals, and lone ones in a run of numbers."""
    texts = {home: found for home, sheet in enumerate(subject.book.sheets) if (found := _texts(sheet))}
    if not texts:
        return
    over = _passed_over(subject, texts)
    for home, found in texts.items():
        sheet = subject.book.sheets[home]
        odd = [p for p in found if amid_numbers(sheet, *p) and _is_odd(found, p, over.get((home, *p)))]
        for rect in rectangles(odd):
            first = rect.top, rect.left
            total = over.get((home, *first))
            passed = ", amid numbers: a total or a comparison passes over it"
            if total is not None:
                by = named(subject, home, Rect(total.row, total.col, total.row, total.col), total.home)
                passed = f": {by} takes in {total.regions[0].rect.name} and passes over it"
            yield accuse(
                subject,
                home,
                [(row, col) for row in range(rect.top, rect.bottom + 1) for col in range(rect.left, rect.right + 1)],
                SEVERITY if total else Severity.WARNING,
                f'holds the text "{found[first].strip()}", which looks like a number and is none{passed}',
                f"Make {rect.name} a number: set the format to General and type it again.",
            )


def _is_odd(texts: dict[tuple[int, int], str], place: tuple[int, int], total: Total | None) -> bool:
    """Tell whether a text is one among numbers: no year, which may be a heading, and no column of codes."""
    if _year(texts[place]):
        return total is not None and not any((r.rect.top, r.rect.left) == place for r in total.regions)
    return total is not None or not _beside(texts, *place)


def _beside(texts: dict[tuple[int, int], str], row: int, col: int) -> bool:
    """Tell whether more such texts stand next to one: then the column holds texts throughout, as codes do."""
    return any(place in texts for place in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)))


def _year(text: str) -> bool:
    return len(text.strip()) == 4 and text.strip()[:2] in ("19", "20")


def _texts(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Return the typed texts of a sheet that read as numbers."""
    out = {}
    for i in np.flatnonzero((sheet.values.kind == Kind.TEXT) & (sheet.formula < 0)).tolist():
        text = str(sheet.values.text[i])
        if len(text) <= 24 and _NUMBER.fullmatch(text.replace("\u00a0", " ").strip()):
            out[int(sheet.row[i]), int(sheet.col[i])] = text
    return out


def _passed_over(subject: Subject, texts: dict[int, dict[tuple[int, int], str]]) -> dict[tuple[int, int, int], Total]:
    """Return, for each text inside the range of a total, the first such total."""
    places = {home: np.array(sorted(found)) for home, found in texts.items()}
    out: dict[tuple[int, int, int], Total] = {}
    for total in totals(subject):
        for home, rect in total.regions:
            if rect.shape == (1, 1) or home not in places:
                continue
            row, col = places[home].T
            inside = (row >= rect.top) & (row <= rect.bottom) & (col >= rect.left) & (col <= rect.right)
            for place in places[home][inside].tolist():
                out.setdefault((home, *place), total)
    return out
