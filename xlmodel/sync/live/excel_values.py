"""What Excel's automation hands over for a cell, and what it takes."""

from __future__ import annotations

import datetime
from typing import Any

from xlmodel.book.dates import serial
from xlmodel.values import ErrorValue, Scalar

__all__ = ["as_rows_of", "from_excel", "to_excel"]

#: CVErr numbers; as a whole number of 32 bits with sign, an error is this many above the first
_FIRST = -2146828288
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip


def from_excel(content: Any, date1904: bool = False) -> Scalar:
    """Return a cell's content: numbers come as floats, errors as whole numbers, on a Mac dates as dates.

    >>> from_excel(1.5), from_excel(True), from_excel(-2146826246), from_excel("")
    (1.5, True, ErrorValue(code='#N/A'), None)
    >>> from_excel(datetime.datetime(2024, 4, 1))
    45383.0
    """
    if content is None or isinstance(content, bool):
        return content
    if isinstance(content, int) and content - _FIRST in _ERRORS:
        return ErrorValue(_ERRORS[content - _FIRST])
    if isinstance(content, datetime.datetime):
        return serial(content.replace(tzinfo=None).isoformat(), date1904)
    if isinstance(content, str):
        return content.replace("\r\n", "\n") or None
    return float(content)


def to_excel(content: Scalar, *, quoted: bool) -> Any:
    """Return what is assigned to a cell.

    Excel reads a text as if it had been typed, unless an apostrophe stands before it. Words need none.

    >>> to_excel("Fostering", quoted=False), to_excel("=1+1", quoted=False), to_excel("007", quoted=False)
    ('Fostering', "'=1+1", "'007")
    """
    if not isinstance(content, str):
        return content
    word = content.replace(" ", "").isalpha() and content.casefold() not in ("true", "false")
    return content if word and not quoted else "'" + content


def as_rows_of(content: Any, height: int, width: int) -> list[list[Any]]:
    """Return what Excel gives for a range as rows; a single cell comes bare, and so may a single row.

    >>> as_rows_of(5.0, 1, 1), as_rows_of(["a", "b"], 1, 2), as_rows_of((("a",), ("b",)), 2, 1)
    ([[5.0]], [['a', 'b']], [['a'], ['b']])
    """
    if height == width == 1 and not isinstance(content, (list, tuple)):
        return [[content]]
    rows = [list(row) if isinstance(row, (list, tuple)) else row for row in content]
    if rows and not isinstance(rows[0], list):
        rows = [rows] if height == 1 else [[value] for value in rows]
    return rows
