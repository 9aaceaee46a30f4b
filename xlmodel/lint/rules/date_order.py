"""A year, month or date out of step with those beside it.

Why: Figures are read, and looked up, under the wrong period; one period is missing, and another may stand twice.

Fix: Type the period that belongs there, or put the rows back into their order.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.layout.shown import shown
from xlmodel.layout.words import period
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name
from xlmodel.values import Kind

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; every year planted within a line of years is found."
BAD = {"A1": "Year", "B1": 2021, "C1": 2022, "D1": 2032, "E1": 2024, "F1": 2025, "G1": 2026, "A2": "Starts", "B2": 198,
       "C2": 180, "D2": 185, "E2": 190, "F2": 176, "G2": 181}  # fmt: skip
GOOD = {**BAD, "D1": 2023}

_SHORTEST = 5
_LONGEST = 200
_PLACE = tuple[int, int]


def check(subject: Subject) -> Iterator[Finding]:
    """Find the one period of a line that does not follow, and lines that hold every period in a broken order."""
    for home, sheet in enumerate(subject.book.sheets):
        periods = _periods(subject.book, sheet)
        for in_row in (True, False):
            for places, numbers in _runs(periods, in_row):
                wrong, message = _out_of_step(numbers)
                if not wrong:
                    continue
                line = f"{cell_name(*places[0])}:{cell_name(*places[-1])}"
                yield accuse(
                    subject,
                    home,
                    [places[at] for at in wrong],
                    SEVERITY,
                    message.format(line=line),
                    "Type the period that belongs here."
                    if len(wrong) == 1
                    else "Put the rows back into their order, the figures with their periods.",
                    against=line,
                )


def _periods(book: Book, sheet: Sheet) -> dict[_PLACE, tuple[str, int]]:
    """Return the typed years, dates and names of periods: what each is, and where it stands in time."""
    looks = [shown(code) for code in book.number_formats]
    date = np.array([look.date for look in looks], bool)[sheet.style]
    out: dict[_PLACE, tuple[str, int]] = {}
    for i in np.flatnonzero((sheet.formula < 0) & np.isin(sheet.values.kind, (Kind.NUMBER, Kind.TEXT))).tolist():
        if sheet.values.kind[i] == Kind.NUMBER:
            found = _of_number(float(sheet.values.num[i]), bool(date[i]), book.date1904)
        else:
            found = _of_text(str(sheet.values.text[i]))
        if found is not None:
            out[int(sheet.row[i]), int(sheet.col[i])] = found
    return out


def _of_number(number: float, is_date: bool, date1904: bool) -> tuple[str, int] | None:
    if number != int(number):
        return None
    if not is_date:
        return ("year", int(number)) if 1950 <= number <= 2100 else None
    if not 20_000 <= number <= 80_000:
        return None
    day = datetime.date(1904, 1, 1) if date1904 else datetime.date(1899, 12, 30)
    day += datetime.timedelta(days=int(number))
    if day.day == 1 or (day + datetime.timedelta(days=1)).day == 1:
        return "month", day.year * 12 + day.month
    return "day", int(number)


def _of_text(text: str) -> tuple[str, int] | None:
    if len(text) > 12 or not any(c.isdigit() for c in text):
        return None
    found = period(text)
    if found is None or not found[0]:
        return None
    year, within = found
    return ("named month", year * 12 + within) if within else ("named year", year)


def _runs(periods: dict[_PLACE, tuple[str, int]], in_row: bool) -> Iterator[tuple[list[_PLACE], list[int]]]:
    """Yield the runs of periods of one kind along a row or down a column."""
    line, along = (0, 1) if in_row else (1, 0)
    order = sorted(periods, key=lambda p: (p[line], p[along]))
    keyed = ((p[line], p[along] - n, periods[p][0], p) for n, p in enumerate(order))
    for _, group in groupby(keyed, key=lambda k: k[:3]):
        places = [p for *_, p in group]
        if _SHORTEST <= len(places) <= _LONGEST:
            yield places, [periods[p][1] for p in places]


def _out_of_step(numbers: list[int]) -> tuple[list[int], str]:
    """Return which numbers of a line break its step, with a message; none where it has no step or keeps it."""
    diffs = Counter(b - a for a, b in pairwise(numbers))
    step = diffs.most_common(1)[0][0]
    if step and len(diffs) > 1:
        starts = Counter(n - at * step for at, n in enumerate(numbers))
        start, count = starts.most_common(1)[0]
        wrong = [at for at, n in enumerate(numbers) if n - at * step != start]
        if count == len(numbers) - 1 and 0 < wrong[0] < len(numbers) - 1:
            return wrong, "does not follow from the periods beside it in {line}, which go on in equal steps"
    return _shuffled(numbers)


def _shuffled(numbers: list[int]) -> tuple[list[int], str]:
    """Return the numbers that are out of place where all of an unbroken row are there, and most are in place."""
    whole = sorted(numbers)
    gaps = {b - a for a, b in pairwise(whole)}
    if len(gaps) != 1 or 0 in gaps:
        return [], ""
    for order in (whole, whole[::-1]):
        wrong = [at for at, n in enumerate(numbers) if n != order[at]]
        if 0 < len(wrong) <= len(numbers) // 2:
            return wrong, "is out of order: {line} holds every period once, and the others stand in their order"
    return [], ""
