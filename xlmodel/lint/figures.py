"""Whether cells beside a range hold figures of the same kind as those in it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Sheet
from xlmodel.engine.protocol import CellKey
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect
from xlmodel.values import Kind

__all__ = ["Figures", "amid_numbers", "within"]

_APART = re.compile(
    r"\b(total|sub-?total|sum|average|mean|median|memo|of which|less|check|difference|variance|per cent|percent|rate"
    r"|ratio|balance|opening|closing|brought|carried|b/f|c/f|net|gross|change|max|min|count|note|years?)\b|%",
    re.I,
)
_RUN = 2  #: numbers on either side of a cell
_MOST = 50  #: cells beside a range beyond which they are another table


class Figures:
    """The figures of a workbook's sheets: what is typed and what is calculated, in what format."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def continued(self, home: int, beside: Rect, rect: Rect) -> Rect | None:
        """Return the part of the cells beside a range that goes on with its figures, and ends before a blank.

        It goes on with them where it holds typed numbers as the range does, or a formula of the range; in a number
        format of the range, called by no word that sets it apart, such as a subtotal, and not their sum.
        """
        if beside.shape[0] * beside.shape[1] > _MOST:
            return None
        sheet = self._subject.book.sheets[home]
        inside, outside = _cells(sheet, rect), _cells(sheet, beside)
        inside = inside[sheet.values.kind[inside] == Kind.NUMBER]
        outside = outside[sheet.values.kind[outside] == Kind.NUMBER]
        if len(inside) < 2 or not len(outside):
            return None
        row, col = sheet.row[outside], sheet.col[outside]
        left_out = Rect(int(row.min()), int(col.min()), int(row.max()), int(col.max()))
        touches = left_out.bottom == rect.top - 1 or (left_out.top, left_out.left) in (
            (rect.bottom + 1, rect.left), (rect.top, rect.right + 1),
        )  # fmt: skip
        numbers = sheet.values.num[outside]
        if (
            not touches
            or len(outside) != left_out.shape[0] * left_out.shape[1]
            or not np.isin(sheet.style[outside], sheet.style[inside]).all()
            or not np.isin(sheet.formula[outside], sheet.formula[inside]).all()
            or np.isclose(numbers.sum(), sheet.values.num[inside].sum(), rtol=0.005, atol=0.0)
            or _years(numbers)
            or (left_out.bottom < rect.top and _more_above(sheet, left_out))
            or any(self._apart(home, r, c, rect) for r, c in zip(row.tolist(), col.tolist(), strict=True))
        ):
            return None
        return left_out

    def taken_apart(self, home: int, cells: Rect, rect: Rect) -> bool:
        """Tell whether a formula on the line of a range takes in cells beside it, but not the range."""
        subject = self._subject
        sheet = subject.book.sheets[home]
        down = rect.shape[1] == 1
        line = (
            Rect(1, rect.left, sheet.used.bottom, rect.left) if down else Rect(rect.top, 1, rect.top, sheet.used.right)
        )
        for i in _cells(sheet, line):
            if sheet.formula[i] < 0:
                continue
            key = CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            taken = [r for where, r in subject.dependencies.precedents(key) if where == sheet.name]
            if any(_meet(r, cells) for r in taken) and not any(_meet(r, cells) and _meet(r, rect) for r in taken):
                return True
        return False

    def _apart(self, home: int, row: int, col: int, rect: Rect) -> bool:
        """Tell whether the words on a cell's line set it apart from the range."""
        sheet = self._subject.book.sheets[home]
        line = Rect(row, 1, row, rect.left - 1) if rect.shape[1] == 1 else Rect(1, col, rect.top - 1, col)
        if line.top > line.bottom or line.left > line.right:
            return False
        found = _cells(sheet, line)
        texts = [str(sheet.values.text[i]) for i in found if sheet.values.kind[i] == Kind.TEXT]
        return any(_APART.search(text) for text in texts[-2:])


def amid_numbers(sheet: Sheet, row: int, col: int) -> bool:
    """Tell whether a cell stands in a line of numbers that goes on on both sides, or on one for longer."""
    for step_row, step_col in ((1, 0), (0, 1)):
        before = _numbers(sheet, row, col, -step_row, -step_col)
        after = _numbers(sheet, row, col, step_row, step_col)
        if (before and after and before + after >= _RUN + 1) or max(before, after) > 2 * _RUN:
            return True
    return False


def _numbers(sheet: Sheet, row: int, col: int, step_row: int, step_col: int) -> int:
    """Return how many numbers follow one another from a cell in a direction, up to a few."""
    count = 0
    while count <= 2 * _RUN:
        row, col = row + step_row, col + step_col
        at = sheet.find(row, col) if row and col else -1
        if at < 0 or sheet.values.kind[at] != Kind.NUMBER:
            break
        count += 1
    return count


def within(rect: Rect, row: int, col: int) -> bool:
    """Tell whether a cell lies in a rectangle."""
    return rect.top <= row <= rect.bottom and rect.left <= col <= rect.right


def _meet(a: Rect, b: Rect) -> bool:
    return a.top <= b.bottom and b.top <= a.bottom and a.left <= b.right and b.left <= a.right


def _more_above(sheet: Sheet, left_out: Rect) -> bool:
    """Tell whether figures go on above those left out: then the range takes in what it is meant to."""
    at = sheet.find(left_out.top - 1, left_out.left) if left_out.top > 1 else -1
    return at >= 0 and sheet.values.kind[at] == Kind.NUMBER and not _years(sheet.values.num[[at]])


def _years(numbers: NDArray[np.float64]) -> bool:
    """Tell whether numbers may be years, which head a column and are not part of it."""
    return bool(((numbers >= 1900) & (numbers <= 2100) & (numbers == np.floor(numbers))).any())


def _cells(sheet: Sheet, rect: Rect) -> NDArray[np.int64]:
    low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
    part = sheet.col[low:high]
    found: NDArray[np.int64] = np.flatnonzero((part >= rect.left) & (part <= rect.right)) + low
    return found
