"""Labels: what a sheet calls a cell, from the headings and row names around it.

A path goes from the general to the particular: the section, the names of the row, the headings of the column from
the upper storey down, as in ``("Placements", "Residential", "Cost", "2025/26")``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from contextlib import suppress
from functools import cache, cached_property

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.layout.cells import Cells, HeadingRows, Sort
from xlmodel.layout.shown import shown
from xlmodel.layout.units import unit_in

__all__ = ["Labels"]

_LONGEST = 60  #: characters of a name in a sentence
_PROSE = 100  #: a longer text is a note, not a name
_GROUP_REACH = 30  #: rows over which a name that is written once is carried down
_SECTION_REACH = 60
_MOST_NAMES = 3
_MOSTLY = 0.75  #: of the rows with figures: a column with more names than that has one for each row
_JOINED = 3
_NOTE = re.compile(r"[(*\[]|source\b|notes?\b|for the (?:year|period)", re.IGNORECASE)
_TOTAL = ("total", "subtotal", "sub-total", "grand total")


class Labels:
    """What the sheets of a workbook call their cells."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheets = {sheet.name.casefold(): sheet for sheet in book.sheets}
        self._of_sheet: dict[str, _SheetLabels] = {}

    def path(self, sheet: str, row: int, col: int) -> tuple[str, ...]:
        """Return what a cell is called, from the general to the particular; empty where nothing names it."""
        of = self.of(sheet)
        return (*of.section(row, col), *of.row_names(row, col), *of.headings(row, col))

    def text(self, sheet: str, row: int, col: int) -> str:
        """Return what a cell is called, for a sentence: the names of its row, then the headings of its column."""
        of = self.of(sheet)
        names = [*of.row_names(row, col), *of.headings(row, col)] or list(of.section(row, col))
        return ", ".join(n if len(n) <= _LONGEST else n[: _LONGEST - 1].rstrip() + "…" for n in names)

    def unit(self, sheet: str, row: int, col: int) -> str:
        """Return the unit of a cell as the sheet states it; "" where it states none.

        The nearest statement holds: the row's name, the column's heading, a column headed Unit, the number format,
        the section, the title.
        """
        return self.of(sheet).unit(row, col)

    def of(self, sheet: str) -> _SheetLabels:
        """Return the labels of one sheet."""
        key = sheet.casefold()
        if key not in self._of_sheet:
            self._of_sheet[key] = _SheetLabels(self._book, self._sheets[key])
        return self._of_sheet[key]


class _SheetLabels:
    """What one sheet calls its cells."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.cells = Cells(book, sheet)
        self._book, self._sheet = book, sheet
        self._looks = [shown(code) for code in book.number_formats]
        self._first_rows = [h.rows[0] for h in self.cells.headings]
        self.heading_rows = {row for h in self.cells.headings for row in h.rows}
        self.name = cache(self._name)
        self.headings = cache(self._headings)
        self.segment = cache(self._segment)
        self._section = cache(self._find_section)
        self._bands = cache(self._find_bands)
        self._first_names = cache(self._find_first_name)

    # names of the row

    def row_names(self, row: int, col: int) -> tuple[str, ...]:
        left, _ = self.band(row, col)
        names = self._names_before(row, col, left) or self._names_before(row, col, 1)
        if not names:
            before = [c for c in self.cells.row(row) if c[0] < col and c[1] is Sort.PERIOD]
            names = before[:1] if before else []
        if not names:
            above = self._carried(row, left, col)
            return (above,) if above else ()
        texts = [self.name(index) for _, _, index in names]
        if len(texts) > 1:
            texts = [t for t in texts if sum(o in t for o in texts) < _JOINED] or texts  # a key joined of the others
        if len(texts) > 1 and max(map(_letters, texts)) >= 3:
            texts = [t for t in texts if _letters(t) >= 3 or t[:4].isdigit()]
        texts = texts[:_MOST_NAMES]
        group = self._carried(row, left, names[0][0])
        return (group, *texts) if group and group not in texts else tuple(texts)

    def _names_before(self, row: int, col: int, left: int) -> list[tuple[int, Sort, int]]:
        """Return the first run of names in a row, from a column on and before another."""
        run: list[tuple[int, Sort, int]] = []
        for cell in self.cells.row(row):
            if not left <= cell[0] < col:
                continue
            if cell[1] is Sort.NAME or (cell[1] is Sort.PERIOD and run and not self._heads_figures(row, cell[0])):
                run.append(cell)
            elif run:
                break
        return run

    def _heads_figures(self, row: int, col: int) -> bool:
        """Whether a period stands in a column of figures rather than among the names of rows."""
        return col > (self._first_figure(self.segment(row)) or col)

    def _first_figure(self, segment: tuple[int, int]) -> int | None:
        return self._first_names(segment)[1]

    def _carried(self, row: int, left: int, col: int) -> str:
        """Return the name written once for several rows, further left: above, or merged over them."""
        first = self._first_names(self.segment(row))[0]
        if first is None or first >= col or first < left:
            return ""
        top, at = self.cells.owner(row, first)
        top_limit = max(self.segment(row)[0], row - _GROUP_REACH)
        blank_seen = False
        for above in range(row, top_limit - 1, -1):
            sort, index = self.cells.find(above, first)
            if above != row and not self.cells.row(above):
                if blank_seen:
                    return ""
                blank_seen = True
            if sort is Sort.NAME:
                text = self.name(index)
                return text if len(text) <= _PROSE and not _is_total(text) else ""
            if sort is not Sort.EMPTY:
                return ""
        return self.name(self.cells.find(top, at)[1]) if self.cells.find(top, at)[0] is Sort.NAME else ""

    # headings of the column

    def _headings(self, row: int, col: int) -> tuple[str, ...]:
        at = bisect_left(self._first_rows, row) - 1
        tried = 0
        while at >= 0 and tried < 3:
            rows = self.cells.headings[at]
            if row in rows.rows:
                at -= 1
                continue
            found = self._storeys(rows, col)
            if found or rows.left <= col <= rows.right:
                return found
            at, tried = at - 1, tried + 1
        return self._single_heading(row, col)

    def _storeys(self, heading: HeadingRows, col: int) -> tuple[str, ...]:
        out: list[str] = []
        lowest = heading.rows[-1]
        named_below = False
        for row in reversed(heading.rows):
            own = self.cells.owner(row, col)
            sort, index = self.cells.find(*own)
            if sort is Sort.EMPTY and named_below and row != lowest:
                index = self._spread(row, col)
                sort = self.cells.find(row, col)[0] if index < 0 else Sort.NAME
            if index < 0 or sort is Sort.MARK:
                continue
            text = self.name(index)
            if text and len(text) <= _PROSE and text not in out:
                out.append(text)
            named_below = True
        return tuple(reversed(out))

    def _spread(self, row: int, col: int) -> int:
        """Return the heading to the left in an upper storey that a heading below belongs to; -1 where there is none."""
        cells = self.cells.row(row)
        before = [c for c in cells if c[0] < col]
        if len(cells) < 2 or not before or before[-1][1] is not Sort.NAME:
            return -1
        last = before[-1]
        merged = self.cells.merged.get((row, last[0]))
        if merged is not None and merged.right > merged.left:
            return -1  # merged over its own columns, and no further
        after = [c for c in cells if c[0] > col]
        reach = last[0] + (6 if not after else min(12, after[0][0] - last[0] - 1))
        return last[2] if col <= reach and last[0] > self.cells.row(row)[0][0] - 1 else -1

    def _single_heading(self, row: int, col: int) -> tuple[str, ...]:
        """Return the text right above a column of figures in a sheet without rows of headings."""
        for above in range(row - 1, max(0, row - _SECTION_REACH), -1):
            sort, index = self.cells.find(above, col)
            if sort is Sort.NAME:
                text = self.name(index)
                return (text,) if len(text) <= _PROSE and self.cells.row(above)[0][0] != col else ()
            if sort is Sort.EMPTY and not self.cells.row(above):
                return ()
        return ()

    # section, band, segment

    def section(self, row: int, col: int) -> tuple[str, ...]:
        """Return the name over the rows of which a cell's row is one."""
        left, _ = self.band(row, col)
        own = self._names_before(row, col, left) or self._names_before(row, col, 1)
        return self._section(row, left, own[0][0] if own else 0, own[0][0] if own else col)

    def _find_section(self, row: int, left: int, own: int, limit: int) -> tuple[str, ...]:
        rows = self.cells.rows
        at = bisect_left(rows, row) - 1
        gap = False
        for i in range(at, max(-1, at - _SECTION_REACH), -1):
            below = rows[i + 1] if i + 1 < len(rows) else row
            gap = gap or below > rows[i] + 1
            cells = self.cells.row(rows[i])
            first = cells[0]
            if len(cells) == 1 and first[1] is Sort.NAME and first[0] <= limit:
                text = self.name(first[2])
                if len(text) > _PROSE or _letters(text) < 3 or _NOTE.match(text) or rows[i] in self.heading_rows:
                    continue
                if first[0] < own and self._carried(row, left, own) == text:
                    return ()
                return (text,) if not gap or below <= rows[i] + 2 or self._directly(rows[i], row) else ()
            if first[1] is Sort.NAME and _is_total(self.name(first[2])):
                return ()
        return ()

    def _directly(self, section: int, row: int) -> bool:
        """Whether only heading rows and one block of rows lie between a section's name and a row."""
        rows = self.cells.rows
        between = rows[bisect_right(rows, section) : bisect_left(rows, row) + 1]
        gaps = sum(b > a + 1 for a, b in zip([section, *between], between, strict=False))
        return gaps <= 1 and bool(between) and between[0] in self.heading_rows

    def _segment(self, row: int) -> tuple[int, int]:
        """Return the first and last row that stand under the same headings as a row."""
        at = bisect_left(self._first_rows, row)
        heading = self.cells.headings[at - 1] if at else None
        top = heading.rows[-1] + 1 if heading else 1
        last = (
            self._first_rows[at] - 1 if at < len(self._first_rows) else (self.cells.rows[-1] if self.cells.rows else 1)
        )
        return min(top, row), max(last, row)

    def band(self, row: int, col: int) -> tuple[int, int]:
        """Return the first and last column of the table that a cell lies in: empty columns part tables."""
        bands = self._bands(self.segment(row))
        at = bisect_right(bands, (col, 1 << 30)) - 1
        return bands[at] if at >= 0 else (1, col)

    def _find_bands(self, segment: tuple[int, int]) -> list[tuple[int, int]]:
        used = self._columns(segment)
        starts = [c for i, c in enumerate(used) if i == 0 or c > used[i - 1] + 1]
        ends = [c for i, c in enumerate(used) if i == len(used) - 1 or c < used[i + 1] - 1]
        return list(zip(starts, ends, strict=True))

    def _columns(self, segment: tuple[int, int]) -> list[int]:
        low, high = np.searchsorted(self._sheet.row, (segment[0], segment[1] + 1))
        held = self.cells.sort[low:high] != Sort.EMPTY
        return [int(c) for c in np.unique(self._sheet.col[low:high][held])]

    def _find_first_name(self, segment: tuple[int, int]) -> tuple[int | None, int | None]:
        """Return the column of names that are written once for several rows, and the first with figures."""
        low, high = np.searchsorted(self._sheet.row, (segment[0], segment[1] + 1))
        sort, col = self.cells.sort[low:high], self._sheet.col[low:high]
        names, figures = col[sort == Sort.NAME], col[sort == Sort.FIGURE]
        first = int(names.min()) if len(names) else None
        rows = len(np.unique(self._sheet.row[low:high][sort == Sort.FIGURE]))
        if first is not None and np.count_nonzero(names == first) > _MOSTLY * rows:
            first = None
        return first, (int(figures.min()) if len(figures) else None)

    # texts and units

    def _name(self, index: int) -> str:
        """Return the text of a cell that names others: years and dates as they are shown."""
        if int(self.cells.sort[index]) == Sort.PERIOD:
            code = self._book.number_formats[int(self._sheet.style[index])]
            with suppress(ExcelError, UnsupportedError):
                return format_text(float(self._sheet.values.num[index]), code, date1904=self._book.date1904)
        return self.cells.text(index)

    def unit(self, row: int, col: int) -> str:
        """Return the unit of a cell."""
        names = self.row_names(row, col)
        headings = self.headings(row, col)
        for text in (*reversed(names), *reversed(headings)):
            found = unit_in(text)
            if found:
                return found
        beside = self._unit_column(row, col)
        if beside:
            return beside
        at = self._sheet.find(row, col)
        look = self._looks[int(self._sheet.style[at])] if at >= 0 else shown("General")
        if look.percent or look.date:
            return "%" if look.percent else "date"
        over = next((u for u in map(unit_in, (*self.section(row, col), *self._title)) if u), "")
        return over or look.currency

    def _unit_column(self, row: int, col: int) -> str:
        for at, sort, index in self.cells.row(row):
            if sort is Sort.NAME and at != col:
                headings = self.headings(row, at)
                if headings and headings[-1].casefold() in ("unit", "units", "unit of measure"):
                    return self.name(index)
        return ""

    @cached_property
    def _title(self) -> tuple[str, ...]:
        first = self._first_rows[0] if self._first_rows else 6
        return tuple(
            self.name(index)
            for row in self.cells.rows[:8]
            if row < first
            for _, sort, index in self.cells.row(row)
            if sort is Sort.NAME
        )


@cache
def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_total(text: str) -> bool:
    return text.casefold().startswith(_TOTAL)
