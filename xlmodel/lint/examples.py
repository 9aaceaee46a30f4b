"""Examples of rules as workbooks: made from what a rule's BAD and GOOD hold, calculated, as if Excel had saved them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from xlmodel.book.validations import Validation
from xlmodel.book.workbook import Book, CalcSettings, DefinedName, ExternalBook, Sheet
from xlmodel.engine.native.engine import NativeEngine
from xlmodel.lint.rule import Content
from xlmodel.refs import Rect, column_number, parse_cell, parse_prefix, parse_rect, to_r1c1
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["FIRST_SHEET", "example_book"]

FIRST_SHEET = "S"


class _Sheet:
    """A sheet in the making."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], Content] = {}
        self.formats: dict[tuple[int, int], str] = {}
        self.arrays: dict[tuple[int, int], Rect] = {}
        self.merged: list[Rect] = []
        self.validations: list[Validation] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.state = "visible"


def example_book(example: Mapping[str, Content]) -> Book:
    """Return the workbook that an example describes, with its formulas calculated.

    Beside cells (``"B2"``, ``"Sheet 2!B2"``; formulas begin with ``=``, errors are texts such as ``#REF!``) a key may
    be ``name Rate``, ``setting mode``, ``hidden row 3``, ``hidden column C``, ``hidden sheet Data``, ``merged A1:B1``,
    ``array C1:C3``, ``format B2``, ``validation B2:B9`` (``decimal between 0 1``, ``list "Yes,No"``) or
    ``link prices.xlsx``. What is about cells may be given for a sheet: ``merged Data!A1:B1``.

    >>> example_book({"A1": 5, "A2": "=A1*2"}).sheet("S").value(2, 1)
    10.0
    """
    sheets: dict[str, _Sheet] = {FIRST_SHEET: _Sheet()}
    more: dict[str, Any] = {}
    for key, content in example.items():
        _take(key, content, sheets, more)
    formulas: dict[str, int] = {}
    formats = {"General": 0}
    made = tuple(_made(n, name, sheet, formulas, formats) for n, (name, sheet) in enumerate(sheets.items(), 1))
    saved = replace(_plain(made, formulas, formats), **_collected(more))
    return _calculated(saved)


def _take(key: str, content: Content, sheets: dict[str, _Sheet], more: dict[str, Any]) -> None:
    word, _, rest = key.partition(" ")
    if word == "name":
        more.setdefault("names", []).append(DefinedName(rest, str(content).removeprefix("="), None))
    elif word == "setting":
        more.setdefault("calc", {})[rest] = content
    elif word == "link":
        more.setdefault("externals", []).append(rest)
    elif key.startswith("hidden sheet "):
        sheets.setdefault(key.removeprefix("hidden sheet "), _Sheet()).state = "hidden"
    elif word in ("hidden", "merged", "array", "format", "validation"):
        if word == "hidden":
            second, _, rest = rest.partition(" ")
            word = f"{word} {second}"
        sheet, place = _placed(rest, sheets)
        _dress(sheet, word, place, content)
    else:
        sheet, place = _placed(key, sheets)
        sheet.cells[parse_cell(place)] = content


def _placed(where: str, sheets: dict[str, _Sheet]) -> tuple[_Sheet, str]:
    prefix, mark, place = where.rpartition("!")
    name = parse_prefix(prefix + mark).first if mark else FIRST_SHEET
    return sheets.setdefault(name, _Sheet()), place


def _dress(sheet: _Sheet, what: str, place: str, content: Content) -> None:
    match what:
        case "hidden row":
            sheet.hidden_rows.append(int(place))
        case "hidden column":
            sheet.hidden_columns.append(column_number(place))
        case "merged":
            sheet.merged.append(parse_rect(place))
        case "array":
            rect = parse_rect(place)
            sheet.arrays[rect.top, rect.left] = rect
            sheet.cells[rect.top, rect.left] = content
        case "format":
            sheet.formats[parse_cell(place)] = str(content)
        case "validation":
            kind, _, terms = str(content).partition(" ")
            operator, first, second = ("between", terms, "") if kind == "list" else (*terms.split(" "), "")[:3]
            sheet.validations.append(Validation((parse_rect(place),), kind, operator, first, second, True, True, ""))
        case _:
            raise ValueError(f"an example has no key {what!r}")


def _made(number: int, name: str, sheet: _Sheet, formulas: dict[str, int], formats: dict[str, int]) -> Sheet:
    filled = {(r, c) for rect in sheet.arrays.values() for r in range(rect.top, rect.bottom + 1)
              for c in range(rect.left, rect.right + 1)}  # fmt: skip
    places = sorted({*sheet.cells, *filled})
    which, contents = [], []
    for row, col in places:
        content = sheet.cells.get((row, col))
        is_formula = isinstance(content, str) and content.startswith("=")
        which.append(formulas.setdefault(to_r1c1(str(content)[1:], row, col), len(formulas)) if is_formula else -1)
        contents.append(None if is_formula else _scalar(content))
    return Sheet(
        name,
        f"xl/worksheets/sheet{number}.xml",
        sheet.state,
        np.array([row for row, _ in places], np.int32),
        np.array([col for _, col in places], np.int32),
        Values.of(contents) if contents else Values.blank(0),
        np.array(which, np.int32),
        np.array([formats.setdefault(sheet.formats.get(p, "General"), len(formats)) for p in places], np.int32),
        arrays={places.index(anchor): rect for anchor, rect in sheet.arrays.items()},
        merged=tuple(sheet.merged),
        validations=tuple(sheet.validations),
        hidden_rows=np.array(sorted(sheet.hidden_rows), np.int32),
        hidden_columns=np.array(sorted(sheet.hidden_columns), np.int32),
    )


def _scalar(content: Content) -> Scalar:
    if isinstance(content, str):
        return ErrorValue(content) if content.startswith("#") and content[-1] in "!?A" else content
    return float(content) if isinstance(content, int) and not isinstance(content, bool) else content


def _plain(sheets: tuple[Sheet, ...], formulas: Mapping[str, int], formats: Mapping[str, int]) -> Book:
    return Book(Path("example.xlsx"), "0" * 64, sheets, tuple(formulas), number_formats=tuple(formats))


def _collected(more: Mapping[str, Any]) -> dict[str, Any]:
    links = enumerate(more.get("externals", ()), 1)
    return {
        "names": tuple(more.get("names", ())),
        "calc": CalcSettings(**more.get("calc", {})),
        "externals": tuple(ExternalBook(number, target, {}) for number, target in links),
    }


def _calculated(book: Book) -> Book:
    """Return a workbook with the results that Excel would have saved with its formulas."""
    engine = NativeEngine()
    engine.load(book, Registry.collect({}))
    result = engine.calculate()
    engine.close()
    contents = {sheet.name: sheet.values.copy() for sheet in book.sheets}
    for number, cell in enumerate(result.cells):
        sheet = book.sheet(cell.sheet)
        contents[cell.sheet].put(sheet.find(cell.row, cell.col), result.values.item(number))
    for cell, block in result.spills.items():
        sheet = book.sheet(cell.sheet)
        for (row, col), content in zip(np.ndindex(*block.shape), block.scalars(), strict=True):
            at = sheet.find(cell.row + row, cell.col + col)
            if at >= 0:
                contents[cell.sheet].put(at, content)
    return replace(book, sheets=tuple(replace(sheet, values=contents[sheet.name]) for sheet in book.sheets))
