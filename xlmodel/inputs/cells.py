"""What one cell of an input file may hold, and what to write instead where it holds something else.

Nothing is guessed: a figure with a pound sign, a per cent sign or a thousands separator is refused with the figure to
write, and so is a date that could be read in two ways.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from xlmodel.model.years import year_label

__all__ = ["BLANK", "Kind", "UnreadableError", "cell_value"]


class Kind(StrEnum):
    """The kinds of cells."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    YEAR = "financial year"
    MONTH = "month"
    DATE = "date"
    NUMBERS = "numbers with ; between"


class UnreadableError(ValueError):
    """A cell that does not hold what its column is for; the text says what to write."""


#: What a blank cell of each kind becomes.
BLANK: dict[Kind, Any] = {
    Kind.TEXT: "",
    Kind.NUMBER: math.nan,
    Kind.WHOLE: math.nan,
    Kind.YEAR: math.nan,
    Kind.MONTH: np.datetime64("NaT", "s"),
    Kind.DATE: np.datetime64("NaT", "s"),
    Kind.NUMBERS: (),
}

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})/(\d{2})", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REWRITTEN = re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def cell_value(kind: Kind, cell: object) -> Any:
    """Return what a cell holds, `BLANK` of its kind where it is empty; UnreadableError where it holds something else.

    >>> cell_value(Kind.NUMBER, " 12.50 "), cell_value(Kind.YEAR, "2024/25"), cell_value(Kind.NUMBERS, "0.7;0.2")
    (12.5, 2024.0, (0.7, 0.2))
    """
    if isinstance(cell, str):
        text = cell.strip()
    elif cell is None or (not isinstance(cell, (list, tuple)) and pd.isna(cell)):
        text = ""
    elif isinstance(cell, (bool, np.bool_)):
        raise UnreadableError(f"must be a {kind}")
    elif isinstance(cell, (date, datetime, np.datetime64)):
        day = str(np.array(cell, dtype="datetime64[D]"))
        text = day.removesuffix("-01") if kind is Kind.MONTH else day
    elif isinstance(cell, (float, np.floating)):
        text = repr(float(cell)).removesuffix(".0")
    else:
        text = str(cell)
    return _READERS[kind](text) if text else BLANK[kind]


def _number(text: str) -> float:
    if not _PLAIN.fullmatch(text):
        raise UnreadableError(_better_number(text))
    value = float(text)
    if math.isinf(value):
        raise UnreadableError("must be a number that can be held, below 1.8E308")
    return value + 0.0  # no minus zero


def _better_number(text: str) -> str:
    """Return what to write in place of a figure made for reading."""
    plain = re.sub(r"[£,\s]", "", text)
    negative = plain.startswith("(") and plain.endswith(")")
    plain = "-" + plain[1:-1] if negative else plain
    if plain.endswith("%") and _PLAIN.fullmatch(plain[:-1]):
        return f"must be a fraction, without a per cent sign: write {Decimal(plain[:-1]) / 100:f}"
    if not _PLAIN.fullmatch(plain):
        return "must be a number"
    if negative:
        return f"must have a minus sign in place of brackets: write {plain}"
    return f"must be a plain number, without pound signs, commas or blanks: write {plain}"


def _whole(text: str) -> float:
    value = _number(text)
    if not value.is_integer():
        raise UnreadableError("must be a whole number")
    return value


def _year(text: str) -> float:
    found = _YEAR.fullmatch(text)
    if found and _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        if (int(found[1]) + 1) % 100 == int(found[2]):
            return float(found[1])
        raise UnreadableError(f"must be two years that follow one another, as {year_label(int(found[1]))} does")
    raise UnreadableError("must be a financial year such as 2024/25")


def _month(text: str) -> np.datetime64:
    return _calendar(text, _MONTH, "must be a month such as 2024-04 (spreadsheets like to rewrite it: keep it as text)")


def _date(text: str) -> np.datetime64:
    rewritten = " (Excel rewrites it: give the column the format yyyy-mm-dd)" if _REWRITTEN.fullmatch(text) else ""
    return _calendar(text, _DAY, f"must be a date such as 2024-04-01: year, month, day{rewritten}")


def _calendar(text: str, form: re.Pattern[str], requirement: str) -> np.datetime64:
    if not form.fullmatch(text) or not _FIRST_YEAR <= int(text[:4]) <= _LAST_YEAR + 1:
        raise UnreadableError(requirement)
    try:
        return np.datetime64(text, "s")
    except ValueError:
        raise UnreadableError("must be a day of the calendar") from None


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(_number(part.strip()) for part in text.split(";"))


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.YEAR: _year,
    Kind.MONTH: _month,
    Kind.DATE: _date,
    Kind.NUMBERS: _numbers,
}
