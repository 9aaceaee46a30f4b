"""Reading a place of a workbook in a worker, which alone reads workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.frames import pack_values
from xlmodel.errors import BookError, BookLimitError
from xlmodel.refs import Rect, ReferenceSyntaxError, parse_rect
from xlmodel.sync.names import named_range
from xlmodel.values import ErrorValue, Kind, Scalar

__all__ = ["answer"]

_MOST_CELLS = 10_000_000


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the cells of a place with its headings and number formats."""
    book = service.book(request)
    sheet, headings, body = _found(book, request["place"], request["headed"])
    if body.shape[0] * body.shape[1] > _MOST_CELLS:
        raise BookLimitError(f"{request['place']} must have at most {_MOST_CELLS:,} cells; it is {body.name}")
    styles = np.zeros(body.shape, np.int32)
    low, high = np.searchsorted(sheet.row, (body.top, body.bottom + 1))
    at = np.arange(low, max(low, high))
    at = at[(sheet.col[at] >= body.left) & (sheet.col[at] <= body.right)]
    styles[sheet.row[at] - body.top, sheet.col[at] - body.left] = sheet.style[at]
    header: dict[str, Any] = {
        "sha256": book.sha256,
        "date1904": book.date1904,
        "sheet": sheet.name,
        "body": list(body),
        "headings": list(headings),
        "number_formats": list(book.number_formats),
        "merged": [m.name for m in sheet.merged if m.meets(body)],
    }
    arrays: dict[str, Any] = {"styles": styles}
    pack_values("cells", sheet.block(body), header, arrays)
    return header, arrays


def _found(book: Book, place: str, headed: bool) -> tuple[Sheet, tuple[str, ...], Rect]:
    """Return the sheet, the headings and the body of a place."""
    table = next((t for t in book.tables if t.name.casefold() == place.strip().casefold()), None)
    if table is not None:
        top, left, bottom, right = table.rect
        body = Rect(top + table.header_rows, left, bottom - table.totals_rows, right)
        return book.sheet(table.sheet), table.columns, body
    sheet, rect = _on_sheet(book, place) if "!" in place else named_range(book, place.strip())
    used = sheet.used
    if rect.shape == (1, 1) and "!" in place:
        rect = _grown(sheet, rect.top, rect.left, headed)
    rect = rect._replace(bottom=max(min(rect.bottom, used.bottom), rect.top), right=min(rect.right, used.right))
    if rect.right < rect.left or rect.top > used.bottom:
        raise BookError(f"{book.path.name}: {place} must hold cells, and lies outside what {sheet.name} holds")
    first = sheet.block(rect._replace(bottom=rect.top)).scalars()
    headings = tuple(_heading(content) for content in first) if headed else ("",) * len(first)
    return sheet, headings, rect._replace(top=rect.top + headed)


def _on_sheet(book: Book, place: str) -> tuple[Sheet, Rect]:
    head, _, cells = place.rpartition("!")
    name = head.strip()
    sheet = book.sheet(name[1:-1].replace("''", "'") if name[:1] == "'" == name[-1:] else name)
    try:
        return sheet, parse_rect(cells.replace("$", "").strip().upper())
    except ReferenceSyntaxError as error:
        raise BookError(f"{book.path.name}: {place!r} must be a range of a sheet, such as Data!A5:G12") from error


def _grown(sheet: Sheet, top: int, left: int, headed: bool) -> Rect:
    """Return the rows from a first cell on: as wide as its row is filled, as long as rows hold anything."""
    used = sheet.used
    filled = sheet.block(Rect(top, left, max(used.bottom, top), max(used.right, left))).kind != Kind.BLANK
    blank = np.flatnonzero(~filled[0])
    width = int(blank[0]) if blank.size else filled.shape[1]
    if not width:
        raise BookError(
            f"{sheet.name}!{Rect(top, left, top, left).name} must hold the first cell of the rows; it is blank"
        )
    gaps = np.flatnonzero(~filled[:, :width].any(axis=1))
    return Rect(top, left, top + (int(gaps[0]) if gaps.size else filled.shape[0]) - 1, left + width - 1)


def _heading(content: Scalar) -> str:
    if content is None or isinstance(content, (bool, ErrorValue)):
        return ""
    return f"{content:.15g}" if isinstance(content, float) else content
