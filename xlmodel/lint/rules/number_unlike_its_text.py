"""A figure that differs from the text beside it, in a list whose texts spell out their figures.

Why: The list says in each row what was printed and what is calculated with; where the two differ, one of them was
changed or mistyped.

Fix: Compare both with the source, and correct the one that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from xlmodel.book.workbook import Sheet
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name
from xlmodel.values import Kind, same_number

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "No finding in 626 workbooks, so no false one; a sign or a unit changed in a list of printed figures is found."
)
BAD = {
    "A1": "As printed", "B1": "Value", "A2": "198", "B2": 198, "A3": "£1.2m", "B3": 1.2, "A4": "1,603", "B4": 1603,
    "A5": "7%", "B5": 7, "A6": "-21", "B6": 21, "A7": "180", "B7": 180, "A8": "£81.5m", "B8": 81.5,
    "A9": "40", "B9": 40,
}  # fmt: skip
GOOD = {**BAD, "B6": -21}

_ONE_NUMBER = re.compile(r"\D*?([-−(+]?)\s?[£$€]?(\d[\d,]*(?:\.\d+)?)\s?(%|(?:bn|m|k|million|thousand)\b)?[^\d]*")
_SCALE = {"%": 0.01, "bn": 1e9, "m": 1e6, "million": 1e6, "k": 1e3, "thousand": 1e3}
_WRITTEN_OUT = 10_000  #: a figure that may be kept in thousands
_FEWEST = 6  #: rows of a list
_AGREE = 0.8  #: of them that must agree
_VARIED = 4  #: different figures among those


def check(subject: Subject) -> Iterator[Finding]:
    """Find columns of texts that spell the typed figures to their right, and the rows that do not."""
    for home, sheet in enumerate(subject.book.sheets):
        texts, figures = _typed(sheet)
        for col, spelt in texts.items():
            if len(spelt) < _FEWEST:
                continue
            for right in (col + 1, col + 2):
                beside = figures.get(right, {})
                rows = [row for row in spelt if row in beside]
                agree = [row for row in rows if any(same_number(beside[row], n) for n in spelt[row][1])]
                varied = len({beside[row] for row in agree}) >= _VARIED
                if len(rows) < _FEWEST or len(agree) < _AGREE * len(rows) or not varied:
                    continue
                for row in sorted(set(rows) - set(agree)):
                    said = spelt[row][0]
                    yield accuse(
                        subject,
                        home,
                        [(row, right)],
                        SEVERITY,
                        f'holds {beside[row]:,.15g}, and {cell_name(row, col)} beside it says "{said}"; the list has '
                        f"the same figure in both columns in {len(agree)} of {len(rows)} rows",
                        "Compare both with the source, and correct the one that is wrong.",
                        against=cell_name(row, col),
                    )
                break


def _typed(sheet: Sheet) -> tuple[dict[int, dict[int, tuple[str, list[float]]]], dict[int, dict[int, float]]]:
    """Return, by column and row, the typed texts with the numbers that each may spell, and the typed numbers."""
    texts: dict[int, dict[int, tuple[str, list[float]]]] = {}
    figures: dict[int, dict[int, float]] = {}
    for i in np.flatnonzero(sheet.formula < 0).tolist():
        row, col = int(sheet.row[i]), int(sheet.col[i])
        if sheet.values.kind[i] == Kind.NUMBER:
            figures.setdefault(col, {})[row] = float(sheet.values.num[i])
        elif sheet.values.kind[i] == Kind.TEXT and len(text := str(sheet.values.text[i])) <= 20:
            numbers = _spelt(text)
            if numbers:
                texts.setdefault(col, {})[row] = text.strip(), numbers
    return texts, figures


def _spelt(text: str) -> list[float]:
    """Return what the only number of a text may be: as it stands, and with its unit multiplied out.

    >>> _spelt("£1.5m"), _spelt("-21"), _spelt("2024/25")
    ([1.5, 1500000.0], [-21.0], [])
    """
    found = _ONE_NUMBER.fullmatch(text.strip())
    if found is None:
        return []
    number = float(found[2].replace(",", "")) * (-1 if found[1] in ("-", "−", "(") else 1)
    scale = _SCALE.get(found[3] or "")
    if scale is not None:
        return [number, number * scale]
    return [number, number / 1_000] if abs(number) >= _WRITTEN_OUT else [number]
