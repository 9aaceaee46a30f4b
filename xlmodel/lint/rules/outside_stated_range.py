"""A figure outside the range that its own row states: below its low, above its high, or percentiles out of order.

Why: A value, its low and its high are typed or calculated one by one; when one of them changes and the others do not,
the row contradicts itself and every range drawn from it is wrong.

Fix: Correct the figure that is wrong, or the end of the range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from xlmodel.book.workbook import Sheet
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name
from xlmodel.values import Kind

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "1 finding in 626 workbooks, read and right; every planted figure outside its range found."

BAD = {
    "A1": "Assumption", "B1": "Value", "C1": "Low", "D1": "High",
    "A2": "Starts", "B2": 180, "C2": 160, "D2": 200,
    "A3": "Ceases", "B3": 2150, "C3": 190, "D3": 240,
    "A4": "Price", "B4": 4800, "C4": 4500, "D4": 5200,
    "A5": "Stays", "B5": 2.1, "C5": 1.8, "D5": 2.8,
    "A6": "Visits", "B6": 12, "C6": 10, "D6": 15,
}  # fmt: skip
GOOD = {**BAD, "B3": 215}

_LOW, _HIGH = ("low", "lowest", "lower", "minimum", "min"), ("high", "highest", "upper", "maximum", "max")
_END = re.compile(rf"[\s,(:–-]*\b({'|'.join((*_LOW, *_HIGH))})(?: (?:bound|end|estimate|case|value))?\b[\s,):]*", re.I)
_PERCENTILE = re.compile(
    r"\s*(?:p ?(?P<p>\d{1,2})|(?P<th>\d{1,2})(?:th|st|nd|rd)? (?:percentile|centile)|(?P<median>median)"
    r"|(?P<share>\d{1,2}(?:\.\d)?) ?% (?:lie |are )?(?P<side>below|above))\s*\Z",
    re.I,
)
_CENTRAL = ("value", "central", "best estimate", "estimate", "expected", "mid", "most likely", "base", "median")
_FEWEST = 3  #: rows that must be in order before one that is not is accused
_SHARE = 0.8  #: of the rows with figures that must be in order
_SHARE_RANKED = 0.1  #: the same of percentiles, whose headings leave no doubt: a column may have been sorted by itself
_NOISE = 1e-9


class _Columns(NamedTuple):
    row: int  #: of the headings
    cols: tuple[int, ...]  #: from the lowest figure to the highest
    ranked: bool  #: whether they are percentiles


def check(subject: Subject) -> Iterator[Finding]:
    """Find rows whose figures are out of the order that their headings state."""
    for home, sheet in enumerate(subject.book.sheets):
        for columns in _tables(sheet):
            yield from _out_of_order(subject, home, columns)


def _tables(sheet: Sheet) -> Iterator[_Columns]:
    texts = np.flatnonzero(sheet.values.kind == Kind.TEXT)
    for row in np.unique(sheet.row[texts]).tolist():
        headings = {
            int(sheet.col[i]): " ".join(str(sheet.values.text[i]).split()) for i in texts[sheet.row[texts] == row]
        }
        if len(headings) > 1:
            yield from (_Columns(row, cols, ranked) for cols, ranked in _ranges(headings))


def _ranges(headings: dict[int, str]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Yield the columns that belong to one range, in the order of their figures, and whether they are percentiles."""
    ranked = sorted((rank, col) for col, text in headings.items() if (rank := _rank(text)) is not None)
    if len(ranked) > 1 and len({rank for rank, _ in ranked}) == len(ranked):
        yield tuple(col for _, col in ranked), True
    ends: dict[str, dict[bool, int]] = {}
    for col, text in sorted(headings.items()):
        match = _END.search(text)
        if match is not None:
            stem = _END.sub("", text).casefold()
            ends.setdefault(stem, {}).setdefault(match[1].casefold() in _HIGH, col)
    for stem, found in ends.items():
        if len(found) == 2:
            yield _with_centre(stem, found[False], found[True], headings), False


def _rank(text: str) -> float | None:
    """Return what share of all lies below a percentile, in per cent.

    >>> _rank("P90"), _rank("10 % lie above"), _rank("Median"), _rank("Price")
    (90.0, 90.0, 50.0, None)
    """
    match = _PERCENTILE.match(text)
    if match is None:
        return None
    if match["median"]:
        return 50.0
    share = float(match["p"] or match["th"] or match["share"])
    return 100 - share if (match["side"] or "").casefold() == "above" else share


def _with_centre(stem: str, low: int, high: int, headings: dict[int, str]) -> tuple[int, ...]:
    wanted = (stem,) if stem else _CENTRAL
    centres = [c for c, text in headings.items() if text.casefold() in wanted and c not in (low, high)]
    near = sorted(centres, key=lambda c: abs(c - low))
    return (low, near[0], high) if near and (stem or abs(near[0] - low) <= 2) else (low, high)


def _out_of_order(subject: Subject, home: int, columns: _Columns) -> Iterator[Finding]:
    sheet = subject.book.sheets[home]
    rows: list[tuple[int, list[float]]] = []
    for row in range(columns.row + 1, sheet.used.bottom + 1):
        held = [sheet.value(row, col) for col in columns.cols]
        if any(isinstance(content, str) and _END.search(content) for content in held):
            break  # the headings of another table
        if all(content is None for content in held) and rows:
            if all(content is None for content in (sheet.value(row, c) for c in range(1, max(columns.cols) + 1))):
                break
            continue
        if all(isinstance(content, float) for content in held):
            rows.append((row, [float(content) for content in held if isinstance(content, float)]))
    stated = [str(sheet.value(columns.row, col)) for col in columns.cols]
    ranked = any(_PERCENTILE.match(heading) for heading in stated)
    wrong = [
        (row, numbers)
        for row, numbers in rows
        if _misplaced(numbers) and (ranked or not _falls(sheet, row, columns.cols, numbers))
    ]
    in_order = len(rows) - len(wrong)
    if in_order < _FEWEST or in_order < (_SHARE_RANKED if columns.ranked else _SHARE) * len(rows):
        return
    for row, numbers in wrong:
        misplaced = _misplaced(numbers)
        cells = [(row, columns.cols[at]) for at in misplaced]
        said = ", ".join(f"{heading} {number:,.15g}" for heading, number in zip(stated, numbers, strict=True))
        others = [cell_name(row, col) for col in columns.cols if (row, col) not in cells]
        yield accuse(
            subject,
            home,
            cells,
            SEVERITY,
            f"is out of order with its row: {said}",
            "Correct the figure that is wrong, or the end of the range.",
            against=", ".join(others),
        )


def _falls(sheet: Sheet, row: int, cols: Sequence[int], numbers: Sequence[float]) -> bool:
    """Tell whether a row is calculated and falls throughout: what an assumption makes lower the higher it is."""
    return _ordered(numbers[::-1]) and all(sheet.formula[sheet.find(row, col)] >= 0 for col in cols)


def _misplaced(numbers: Sequence[float]) -> list[int]:
    """Return which numbers can be the wrong one: those without which the others are in order, else all of them."""
    if _ordered(numbers):
        return []
    one = [at for at in range(len(numbers)) if _ordered([n for i, n in enumerate(numbers) if i != at])]
    return one or list(range(len(numbers)))


def _ordered(numbers: Sequence[float]) -> bool:
    return all(a <= b + _NOISE * max(abs(a), abs(b)) for a, b in pairwise(numbers))
