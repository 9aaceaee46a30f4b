"""The XML of the new rows of a table, written column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.edits import MAX_TEXT, unwritable
from xlmodel.book.markup import formula_element, number_texts, value_element
from xlmodel.book.table_formulas import ColumnFormula
from xlmodel.refs import column_letters
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["NewColumn", "NewRows", "first_unwritable"]

#: how many rows are written at once
_CHUNK = 2048


@dataclass(frozen=True, slots=True, eq=False)
class NewColumn:
    """The new cells of one column."""

    col: int
    style: str  #: the number of their format; "" for the first
    content: Values | ColumnFormula | None  #: None where they stay blank


@dataclass(frozen=True, slots=True, eq=False)
class NewRows:
    """Rows to be written, in the order of their columns."""

    first: int
    count: int
    columns: Sequence[NewColumn]
    prefix: str = ""  #: of the sheet's elements, with its colon
    attributes: str = ""  #: of their row elements, with a space before each

    def cells(self, first: int, count: int) -> list[str]:
        """Return the cells of some rows, by their numbers in the sheet: one text a row."""
        return ["".join(row) for row in zip(*(self._cells(c, first, count) for c in self.columns), strict=True)]

    def elements(self, first: int, count: int) -> Iterator[bytes]:
        """Yield some rows, many at a time."""
        head, tail = f"<{self.prefix}row r=", f"</{self.prefix}row>"
        for at in range(first, first + count, _CHUNK):
            size = min(_CHUNK, first + count - at)
            cells = self.cells(at, size)
            rows = [f'{head}"{at + i}"{self.attributes}>{row}{tail}' for i, row in enumerate(cells)]
            yield "".join(rows).encode()

    def _cells(self, column: NewColumn, first: int, count: int) -> list[str]:
        head = f'<{self.prefix}c r="{column_letters(column.col)}'
        style = f' s="{column.style}"' if column.style else ""
        blank = f"{style}/>" if style else ""
        content = column.content
        if content is None:
            tails = [blank] * count
        elif isinstance(content, ColumnFormula):
            tails = self._formulas(content, column_letters(column.col), style, first, count)
        else:
            start = first - self.first
            tails = self._values(content.map(lambda a: a[start : start + count]), style, blank).tolist()
        return [f'{head}{first + i}"{tail}' if tail else "" for i, tail in enumerate(tails)]

    def _formulas(self, formula: ColumnFormula, letters: str, style: str, first: int, count: int) -> list[str]:
        cm = f' cm="{formula.cell_metadata}"' if formula.cell_metadata else ""
        texts, end = formula.texts(first, count), f"</{self.prefix}c>"
        if formula.array:
            refs = [f' t="array" ref="{letters}{first + i}"' for i in range(count)]
            elements = list(map(formula_element, [self.prefix] * count, texts, refs))
        else:
            # one that names no cell reads the same in all rows
            written = {text: formula_element(self.prefix, text) for text in set(texts)}
            elements = [written[text] for text in texts]
        return [f"{style}{cm}>{element}{end}" for element in elements]

    def _values(self, values: Values, style: str, blank: str) -> NDArray[np.object_]:
        """Return what stands behind the name of each cell; "" for a cell that need not be there."""
        tails = np.full(values.shape, blank, object)
        numbers = values.kind == Kind.NUMBER
        opened, closed = f"{style}><{self.prefix}v>", f"</{self.prefix}v></{self.prefix}c>"
        tails[numbers] = [f"{opened}{text}{closed}" for text in number_texts(values.num[numbers])]
        texts = values.kind == Kind.TEXT
        every = values.text[texts].tolist()
        # texts that come again are written once
        written = {text: self._other(text, style) for text in set(every)}
        tails[texts] = [written[text] for text in every]
        for i in np.flatnonzero(values.kind > Kind.TEXT).tolist():
            tails[i] = self._other(values.item(i), style)
        return tails

    def _other(self, content: Scalar, style: str) -> str:
        kind, element = value_element(self.prefix, content)
        return f'{style} t="{kind}">{element}</{self.prefix}c>'


def first_unwritable(values: Values) -> tuple[int, str] | None:
    """Return the place of a content that no cell can hold, and why; None where all can be stored."""
    for kind in (Kind.TEXT, Kind.ERROR):
        places = np.flatnonzero(values.kind == kind)
        each = values.text[places].tolist()
        for text in set(each) if kind is Kind.ERROR or not _harmless(each) else ():
            problem = unwritable(text if kind is Kind.TEXT else ErrorValue(text), constant=True)
            if problem:
                return int(places[each.index(text)]), problem
    numbers = np.flatnonzero((values.kind == Kind.NUMBER) & ~np.isfinite(values.num))
    return (int(numbers[0]), unwritable(values.item(numbers[0]), constant=True)) if len(numbers) else None


def _harmless(texts: list[str]) -> bool:
    """Tell at a glance whether all texts can be stored; False where each has to be looked at."""
    return "".join(texts).isascii() and max(map(len, texts), default=0) <= MAX_TEXT
