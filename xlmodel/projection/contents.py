"""The contents of two workbooks as numbers: equal numbers are equal contents."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, Sheet
from xlmodel.projection.notation import contents
from xlmodel.values import Kind

__all__ = ["Contents", "Ids", "Ints", "Role"]

Ints = NDArray[np.int64]

#: the distances in an R1C1 reference, which change where rows are inserted
_DISTANCES = re.compile(r"(?<![\w.\"])(R)(?:\[-?\d+\]|\d+)?(C)(?:\[-?\d+\]|\d+)?(?![\w(])")


class Role(IntEnum):
    """What a cell holds."""

    CONSTANT = 0
    FORMULA = 1
    FILLED = 2  #: a value of an array formula or a data table that stands in another cell


class Ids:
    """Numbers for contents, shared by two workbooks; from 1."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, text: str) -> int:
        """Return the number of a content."""
        return self._known.setdefault(text, len(self._known) + 1)


class Contents:
    """The cells of one sheet that hold something.

    Attributes
    ----------
    row, col : array
    role : array
        A `Role` for each cell.
    value : array
        The content, or the result that is saved; texts and numbers are told apart.
    formula : array
        The formula in R1C1 notation, 0 where there is none.
    index : array
        Of each cell in the sheet.
    """

    def __init__(self, book: Book, sheet: Sheet, ids: Ids) -> None:
        self.book, self.sheet, self._ids = book, sheet, ids
        role = np.where(sheet.formula >= 0, Role.FORMULA, Role.CONSTANT)
        self.anchors: dict[tuple[int, int], tuple[int, int]] = {}
        for index, rect in {**sheet.arrays, **sheet.data_tables}.items():
            low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
            inside = np.flatnonzero((sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)) + low
            for i in inside[sheet.formula[inside] < 0].tolist():
                role[i] = Role.FILLED
                self.anchors[int(sheet.row[i]), int(sheet.col[i])] = int(sheet.row[index]), int(sheet.col[index])
        at = np.flatnonzero((sheet.formula >= 0) | (sheet.values.kind != Kind.BLANK))
        self.index = at
        self.row, self.col, self.role = (a[at].astype(np.int64) for a in (sheet.row, sheet.col, role))
        self.value = np.array([ids.of(t) for t in contents(sheet.values[at])], np.int64)
        numbers = np.array([*(ids.of("=" + f) for f in book.formulas), 0], np.int64)
        self.formula = numbers[sheet.formula[at]]
        array = np.zeros(len(sheet), bool)
        array[list(sheet.arrays)] = True
        self.array = array[at]

    @cached_property
    def shape(self) -> Ints:
        """The contents as they stay when rows and columns are inserted: no results, no distances."""
        forms = np.array(
            [*(self._ids.of("=" + _DISTANCES.sub(r"\1\2", f)) for f in self.book.formulas), 0], np.int64
        )  # fmt: skip
        return np.where(self.role == Role.CONSTANT, self.value, forms[self.sheet.formula[self.index]])

    @cached_property
    def texts(self) -> NDArray[np.bool_]:
        """Which cells hold a typed text."""
        texts: NDArray[np.bool_] = (self.sheet.values.kind[self.index] == Kind.TEXT) & (self.role == Role.CONSTANT)
        return texts

    @cached_property
    def key(self) -> Ints:
        """Row and column as one number, rising."""
        return self.row * 16_385 + self.col

    def same_as(self, other: Contents) -> bool:
        """Tell whether formulas and typed contents are the same, cell for cell."""
        return (
            np.array_equal(self.key, other.key)
            and np.array_equal(self.role, other.role)
            and np.array_equal(self.formula, other.formula)
            and np.array_equal(self.value[self.role == 0], other.value[other.role == 0])
        )
