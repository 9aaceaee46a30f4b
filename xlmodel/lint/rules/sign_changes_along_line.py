"""A typed figure with the opposite sign of the figures beside it, and otherwise like them.

Why: It is taken off where the others are added: the total is out by twice the figure.

Fix: Type it with the sign of its line, or say in a note why it differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from xlmodel.book.workbook import Sheet
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.series import Series, timed, typed_series
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name
from xlmodel.values import Kind

SEVERITY = Severity.WARNING
DEFAULT = True
MEASURED = (
    "4 findings in 626 workbooks, in lists of test values; of 255 signs planted in typed figures 3 in 10 are found."
)
BAD = {"B1": "2022/23", "C1": "2023/24", "D1": "2024/25", "E1": "2025/26", "F1": "2026/27", "A2": "Starts", "B2": 198,
       "C2": 180, "D2": -185, "E2": 190, "F2": 176}  # fmt: skip
GOOD = {**BAD, "D2": 185}

_TIMED, _LISTED = 3, 6  #: others that must stand against one
_NEAR, _FAR = 2.0, 20.0  #: largest to smallest of the others; far where the sheet holds no other such sign
_ROOM = 1.25  #: beyond the others that the figure may lie
_MANY = 20  #: figures on a sheet that must stand against one
_EITHER_WAY = re.compile(
    r"\b(?:change|net|difference|variance|movement|growth|surplus|deficit|profit|loss|adjust\w*|correction|revers\w*"
    r"|balance|gain|over|under|rise|fall|increase|decrease|cash ?flow|deviation|error|residual|temperature|longitude"
    r"|latitude|x|y|z|angle|coordinate|return|yield|margin|income|earnings|result|eps"
    r"|contribution|interest|tax)\b|[+/−-]{2}",
    re.I,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find the one figure of a line that has another sign, where size and label say that it belongs to the line."""
    for series in typed_series(subject):
        at = _odd(series)
        if at is None:
            continue
        others = np.abs(series.others(at))
        low, high = float(others.min()), float(others.max())
        in_time = timed(subject, series)
        near = high <= _NEAR * low and (len(others) >= _LISTED or (in_time and len(others) >= _TIMED))
        far = high <= _NEAR * low if in_time else high <= _FAR * low and len(others) >= _LISTED
        if not (near or (far and _alone(subject.book.sheets[series.home], series, at))):
            continue
        name = subject.book.sheets[series.home].name
        called = subject.labels.path(name, *series.places[at])
        if any(_EITHER_WAY.search(part) for part in called):
            continue
        number = float(series.numbers[at])
        yield accuse(
            subject,
            series.home,
            [series.places[at]],
            SEVERITY,
            f"holds {number:,.15g}, where every other figure of the line is {'above' if number < 0 else 'below'} zero "
            "and of its size",
            f"Type {-number:,.15g}, if the sign is a slip.",
            against=f"{cell_name(*series.places[0])}:{cell_name(*series.places[-1])}",
        )


def _alone(sheet: Sheet, series: Series, at: int) -> bool:
    """Tell whether a figure is the only typed one of its sign in its number format on the sheet."""
    style = sheet.style[sheet.find(*series.places[at])]
    typed = (sheet.values.kind == Kind.NUMBER) & (sheet.formula < 0) & (sheet.style == style)
    sign = np.sign(sheet.values.num[typed]) * np.sign(series.numbers[at])
    return int((sign > 0).sum()) == 1 and int((sign < 0).sum()) >= _MANY


def _odd(series: Series) -> int | None:
    """Return the place of the only figure of its sign, where it is of the size of the others."""
    above, below = np.flatnonzero(series.numbers > 0), np.flatnonzero(series.numbers < 0)
    few, many = (below, above) if len(below) < len(above) else (above, below)
    if len(few) != 1 or len(many) < 2:
        return None
    at = int(few[0])
    if at == 0:
        return None  # what is paid at the outset is paid out, what follows is earned
    others = np.abs(series.others(at))
    return at if others.min() / _ROOM <= abs(series.numbers[at]) <= others.max() * _ROOM else None
