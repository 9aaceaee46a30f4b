"""A typed figure in another unit than the figures beside it: pounds among thousands, 45 among 0.45 and 0.47.

Why: Everything that adds up or compares the line is out by the whole figure, however right it looks alone.

Fix: Type the figure in the unit of its line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.series import Series, timed, typed_series
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "1 finding in 626 workbooks, in a list of test values; of 255 slips planted in typed figures 3 in 10 are found."
)
BAD = {"B1": "2023/24", "C1": "2024/25", "D1": "2025/26", "E1": "2026/27", "A2": "Placements", "B2": 1250, "C2": 1310,
       "D2": 1380000, "E2": 1420}  # fmt: skip
GOOD = {**BAD, "D2": 1380}

_GAP = 30  #: times the nearest of the others
_ROOM = 1.5  #: beyond the others that the figure may lie in their unit
_SPREAD = 12  #: of the others along periods, largest to smallest
_NARROW = 3  #: of others without periods
_LISTED = 4  #: others without periods


def check(subject: Subject) -> Iterator[Finding]:
    """Find figures that fit their line a thousand or a million times larger or smaller."""
    told: set[tuple[int, tuple[int, int]]] = set()
    for series in typed_series(subject):
        size = np.abs(series.numbers)
        for at in {int(np.argmax(size)), int(np.argmin(size))}:
            factor = _factor(series, at)
            place = series.home, series.places[at]
            if not factor or place in told:
                continue
            others = np.abs(series.others(at))
            if not (_alike(others) or timed(subject, series)):
                continue
            told.add(place)
            number = float(series.numbers[at])
            times = f"{factor if factor >= 1 else 1 / factor:,.0f} times"
            yield accuse(
                subject,
                series.home,
                [series.places[at]],
                SEVERITY,
                f"holds {number:,.15g} among figures from {series.others(at).min():,.15g} to "
                f"{series.others(at).max():,.15g}: it fits them {times} {'larger' if factor > 1 else 'smaller'}",
                f"Check the unit; {number * factor:,.15g} would fit the line.",
                against=f"{cell_name(*series.places[0])}:{cell_name(*series.places[-1])}",
            )


def _alike(others: NDArray[np.float64]) -> bool:
    """Tell whether figures are of one size, so that they are one measure whatever their labels say."""
    return len(others) >= _LISTED and float(others.max()) <= _NARROW * float(others.min())


def _factor(series: Series, at: int) -> float:
    """Return by what a figure must be multiplied to fit the others; 0 where nothing fits."""
    size = abs(float(series.numbers[at]))
    others = np.abs(series.others(at))
    if size == 0 or len(others) < 2:
        return 0.0
    low, high = float(others.min()), float(others.max())
    if high <= _SPREAD * low and not low / _GAP < size < high * _GAP:
        for factor in (1_000.0, 1_000_000.0, 1 / 1_000, 1 / 1_000_000):
            if low / _ROOM <= size * factor <= high * _ROOM:
                return factor
    shares = high < 1 and high <= _NARROW * low and bool((others % 1 != 0).all())
    return 1 / 100 if shares and 1 < size <= 100 and low / _ROOM <= size / 100 <= high * _ROOM else 0.0
