"""Typed figures side by side that are one measure: along a row of periods, or down a column in one format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Sheet
from xlmodel.layout.words import period
from xlmodel.lint.subject import Subject
from xlmodel.values import Kind

__all__ = ["Series", "timed", "typed_series"]

_SHORTEST = 3


class Series(NamedTuple):
    """Typed numbers side by side in one number format."""

    home: int
    places: tuple[tuple[int, int], ...]
    numbers: NDArray[np.float64]
    in_row: bool

    def others(self, at: int) -> NDArray[np.float64]:
        """Return the numbers but one, zeros left out."""
        rest = np.delete(self.numbers, at)
        nonzero: NDArray[np.float64] = rest[rest != 0]
        return nonzero


def typed_series(subject: Subject) -> Iterator[Series]:
    """Yield the runs of typed numbers of every sheet, along rows and down columns."""
    for home, sheet in enumerate(subject.book.sheets):
        for in_row in (True, False):
            yield from _runs(home, sheet, in_row)


def timed(subject: Subject, series: Series) -> bool:
    """Tell whether each cell of a series belongs to a period of its own: a year, a month, a quarter."""
    name = subject.book.sheets[series.home].name
    found = []
    for row, col in series.places:
        periods = [p for part in subject.labels.path(name, row, col) if (p := period(part)) is not None]
        if not periods:
            return False
        found.append(tuple(periods))
    return len(set(found)) == len(found)


def _runs(home: int, sheet: Sheet, in_row: bool) -> Iterator[Series]:
    at = np.flatnonzero((sheet.formula < 0) & (sheet.values.kind == Kind.NUMBER))
    line, place = (sheet.row[at], sheet.col[at]) if in_row else (sheet.col[at], sheet.row[at])
    order = np.lexsort((place, line))
    at, line, place = at[order], line[order], place[order]
    style = sheet.style[at]
    new = (np.diff(line, prepend=-1) != 0) | (np.diff(place, prepend=-9) != 1) | (np.diff(style, prepend=-1) != 0)
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(at))[: len(starts)]
    for low, high in zip(starts.tolist(), ends.tolist(), strict=True):
        if high - low >= _SHORTEST:
            cells = at[low:high]
            places = tuple(zip(sheet.row[cells].tolist(), sheet.col[cells].tolist(), strict=True))
            yield Series(home, places, sheet.values.num[cells], in_row)
