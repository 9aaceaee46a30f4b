"""From the text of a workbook back to what it says."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from xlmodel.book.workbook import Book, CalcSettings, DefinedName, ExternalBook, Sheet, Table
from xlmodel.errors import XlmodelError
from xlmodel.projection.notation import content, tokens_of, unescaped
from xlmodel.projection.precision import as_format
from xlmodel.projection.projection import Projection, ProjectionError
from xlmodel.projection.writing import FIRST_LINE, project_text, seal
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, column_number, parse_rect, to_a1
from xlmodel.values import Scalar, Values

__all__ = ["is_projection", "parse", "project"]

_TEXT = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_LINE = re.compile(
    r"(?P<same>  )?(?P<left>[A-Z]{1,3})(?::(?P<right>[A-Z]{1,3}))?(?: \[(?P<label>[^\]]*)\])?(?: ~(?P<shown>[0-9.]+))?"
    r"(?: (?P<kind>array|datatable)(?: (?P<rows>\d+)x(?P<columns>\d+)(?:(?P<down>[+-]\d+)(?P<over>[+-]\d+))?)?)?"
    r" (?:(?P<filled>filled) |=(?P<formula>.*) \| )?(?P<values>.*)"
)
_BLANK_ROWS = re.compile(r"\((\d+) blank rows?\)")
_SHEET = re.compile(rf"sheet {_TEXT}(?: (hidden|veryHidden))?")
_NAME = re.compile(rf"name {_TEXT}(?: on {_TEXT})? =(.*)")
_TABLE = re.compile(rf"table {_TEXT} on {_TEXT} ([A-Z]+\d+(?::[A-Z]+\d+)?) (\d+) (\d+)(.*)")
_WORKBOOK = re.compile(rf"workbook (\d+) {_TEXT}")


def project(book: Book) -> Projection:
    """Return a workbook as text."""
    text = project_text(book)
    return parse(text + seal(text))


def parse(text: str) -> Projection:
    """Return what a text says.

    Raises
    ------
    ProjectionError
        It is not the text of a workbook, is of another version, or was changed by hand or by a merge.
    """
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if not text.startswith(FIRST_LINE + "\n"):
        first = text.partition("\n")[0]
        other = first.startswith(FIRST_LINE.rstrip("1"))
        raise ProjectionError("written in another version of this format" if other else "no text of a workbook")
    body, mark, last = text.rpartition("\nend ")
    if not mark or f"end {last}" != seal(body + "\n"):
        raise ProjectionError("changed by hand, joined by a merge, or cut short")
    return _Reader(body).projection(text)


def is_projection(path: Path) -> bool:
    """Tell whether a file is the text of a workbook, of any version."""
    beginning = FIRST_LINE.rstrip("1").encode()
    with path.open("rb") as file:
        return file.read(len(beginning)) == beginning


class _Reader:
    """Reads line by line."""

    def __init__(self, body: str) -> None:
        self.lines = body.split("\n")
        self.at = 0
        self.calc: dict[str, Any] = {}
        self.date1904 = False
        self.externals: list[ExternalBook] = []
        self.names: list[DefinedName] = []
        self.tables: list[Table] = []
        self.sheets: list[_Cells] = []
        self.formulas: dict[str, int] = {}
        self.formats: dict[str, int] = {"General": 0}
        self.labels: dict[int, str] = {}

    def projection(self, text: str) -> Projection:
        """Return what all lines say."""
        for number, line in enumerate(self.lines[1:], 2):
            self.at = number
            try:
                if not (self._cells(line) if self.sheets else False) and line and not self._head(line):
                    raise ValueError("it is not understood")
            except (ValueError, ArithmeticError, LookupError, XlmodelError) as problem:
                raise ProjectionError(f"line {self.at} is damaged: {problem}") from problem
        book = Book(
            Path("workbook"),
            "",
            tuple(sheet.finish() for sheet in self.sheets),
            tuple(self.formulas),
            tuple(self.names),
            tuple(self.tables),
            self.date1904,
            CalcSettings(**self.calc),
            tuple(self.externals),
            number_formats=tuple(self.formats),
        )
        lines = tuple(np.array(sheet.line, np.int32) for sheet in self.sheets)
        return Projection(text, book, lines, self.labels)

    def _head(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        if word == "sheet" and (m := _SHEET.fullmatch(line)):
            self.sheets.append(_Cells(unescaped(m[1]), m[2] or "visible"))
        elif word == "hidden" and self.sheets:
            self.sheets[-1].hidden = _rows(rest.removeprefix("rows "))
        elif word == "name" and (m := _NAME.fullmatch(line)):
            where = None if m[2] is None else unescaped(m[2])
            self.names.append(DefinedName(unescaped(m[1]), to_a1(unescaped(m[3]), 1, 1), where))
        elif word == "table" and (m := _TABLE.fullmatch(line)):
            columns = tuple(str(content(t)) for t in tokens_of(m[6]))
            rect = parse_rect(m[3])
            self.tables.append(Table(unescaped(m[1]), unescaped(m[2]), rect, columns, int(m[4]), int(m[5])))
        elif word == "workbook" and (m := _WORKBOOK.fullmatch(line)):
            self.externals.append(ExternalBook(int(m[1]), unescaped(m[2]), {}))
        elif word == "calculation":
            self.calc["mode"] = unescaped(rest)
        elif word == "iteration":
            count, delta = rest.split(" ")
            self.calc |= {"iterate": True, "iterate_count": int(count), "iterate_delta": float(delta)}
        elif line == "precision as displayed":
            self.calc["full_precision"] = False
        elif line == "dates from 1904":
            self.date1904 = True
        else:
            return False
        return True

    def _cells(self, line: str) -> bool:
        sheet = self.sheets[-1]
        blank = _BLANK_ROWS.fullmatch(line)
        if blank:
            sheet.last += int(blank[1])
            return True
        m = _LINE.fullmatch(line)
        if not m:
            return False
        row = sheet.last = sheet.last + (not m["same"])
        left = column_number(m["left"])
        right = column_number(m["right"]) if m["right"] else left
        tokens = tokens_of(m["values"])
        if len(tokens) != right - left + 1:
            raise ValueError(f"it has {right - left + 1} cells and {len(tokens)} values")
        if not (0 < row <= MAX_ROW and right <= MAX_COL):
            raise ValueError("it lies outside a sheet")
        if m["label"]:
            self.labels[self.at] = unescaped(m["label"])
        if m["rows"]:
            top, first = row + int(m["down"] or 0), left + int(m["over"] or 0)
            rect = Rect(top, first, top + int(m["rows"]) - 1, first + int(m["columns"]) - 1)
            sheet.ranges[len(sheet.row)] = (m["kind"], rect)
        style = self._style(m["shown"])
        text = m["formula"]
        for col, token in enumerate(tokens, left):
            formula = -1
            if text == "^":
                formula = sheet.formula_at[row - 1, col]
            elif text == "<":
                formula = sheet.formula_at[row, left - 1]
            elif text is not None:
                formula = self.formulas.setdefault(unescaped(text), len(self.formulas))
            if m["kind"] and not m["rows"]:
                sheet.ranges[len(sheet.row)] = ("array", Rect(row, col, row, col))
            sheet.put(row, col, self.at, formula, style, token)
        return True

    def _style(self, shown: str | None) -> int:
        places = None if shown is None else -Decimal(shown).adjusted()
        return self.formats.setdefault(as_format(places), len(self.formats))


class _Cells:
    """The cells of one sheet, gathered."""

    def __init__(self, name: str, state: str) -> None:
        self.name, self.state = name, state
        self.last = 0
        self.hidden: list[int] = []
        self.row: list[int] = []
        self.col: list[int] = []
        self.line: list[int] = []
        self.formula: list[int] = []
        self.style: list[int] = []
        self.content: list[Scalar] = []
        self.formula_at: dict[tuple[int, int], int] = {}
        self.ranges: dict[int, tuple[str, Rect]] = {}

    def put(self, row: int, col: int, line: int, formula: int, style: int, token: str) -> None:
        """Add a cell, which must stand after the last."""
        if self.row and (row, col) <= (self.row[-1], self.col[-1]):
            raise ValueError("its cells stand before those of the line above")
        value = content(token)
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{token} is no value")
        self.row.append(row)
        self.col.append(col)
        self.line.append(line)
        self.formula.append(formula)
        self.style.append(style)
        self.content.append(value)
        if formula >= 0:
            self.formula_at[row, col] = formula

    def finish(self) -> Sheet:
        """Return the sheet."""
        row, col, formula, style = (
            np.array(a, np.int32) for a in (self.row, self.col, self.formula, self.style)
        )  # fmt: skip
        return Sheet(
            self.name,
            "",
            self.state,
            row,
            col,
            Values.of(self.content) if self.content else Values.blank(0),
            formula,
            style,
            {i: rect for i, (kind, rect) in self.ranges.items() if kind != "datatable"},
            data_tables={i: rect for i, (kind, rect) in self.ranges.items() if kind == "datatable"},
            hidden_rows=np.array(self.hidden, np.int32),
        )


def _rows(text: str) -> list[int]:
    out: list[int] = []
    for part in text.split(" "):
        first, _, last = part.partition(":")
        top, bottom = int(first), int(last or first)
        if not 0 < top <= bottom <= MAX_ROW:
            raise ValueError(f"there are no rows {part}")
        out.extend(range(top, bottom + 1))
    return out
