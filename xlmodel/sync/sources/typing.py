"""What one value of a source becomes in a cell, by the rule of its column; nothing is guessed.

Numbers stay exact decimals until a row is whole: they are added up, scaled and rounded before one of them becomes the
floating-point number of a cell.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

import numpy as np

from xlmodel.book.dates import FIRST_SERIAL, date_serial
from xlmodel.inputs.cells import UnreadableError
from xlmodel.sync.declared import FieldRule
from xlmodel.sync.sources.patterns import is_whole
from xlmodel.values import ErrorValue, decimal15

__all__ = ["EXACT", "SerialDate", "Typed", "as_cell", "in_workbook", "typed"]

#: a value of a column on its way: numbers exact, dates as serial numbers, None for blank
Typed = None | str | bool | float | Decimal

#: enough digits for sums of what Excel can hold
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)

_DIGITS = 15
_FIFTEEN = Context(prec=_DIGITS)
_LONGEST_TEXT = 32_767

_FIGURE = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])?£?(?P<digits>\d+|\d{1,3}(?:,\d{3})+|(?=\.\d))(?P<rest>\.\d*)?(?P<close>\))?",
    re.ASCII,
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?", re.ASCII)
_ZONED = re.compile(r"\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", re.ASCII)
_NO_CELL_HOLDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class SerialDate(NamedTuple):
    """A cell of a workbook that shows a date: its serial number in the 1900 system."""

    serial: float


def typed(raw: object, rule: FieldRule) -> Typed:
    """Return what a value of a source is by the rule of its column, before it is scaled; None for a blank.

    Raises
    ------
    UnreadableError
        The value is not what the rule asks for; the text says what it must be.
    UnusableSourceError
        The pattern of the rule takes too long.

    Examples
    --------
    >>> amount, day = FieldRule("Cost", "cost", "number"), FieldRule("Paid", "paid", "date", formats=("%d/%m/%Y",))
    >>> typed("(£1,234.50)", amount), typed("01/04/2024", day), typed("00123", FieldRule("Code", "code", "text"))
    (Decimal('-1234.50'), 45383.0, '00123')
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if rule.required:
            raise UnreadableError("must not be blank")
        return None
    if isinstance(raw, ErrorValue):
        raise UnreadableError("must be a value, and is an error")
    if isinstance(raw, np.generic):
        raw = raw.item()
    return _READERS[rule.type](raw, rule)


def in_workbook(number: Decimal, rule: FieldRule) -> Decimal:
    """Return an exact number in the unit of the workbook's column, rounded as declared."""
    scaled = number if rule.scale == 1 else EXACT.multiply(number, rule.scale)
    if rule.decimals is not None:
        scaled = scaled.quantize(Decimal(1).scaleb(-rule.decimals), context=EXACT)
    if scaled != _FIFTEEN.plus(scaled):
        advice = "type = text for an identifier" if scaled == scaled.to_integral_value() else "decimals to round it"
        raise UnreadableError(f"must have at most {_DIGITS} digits, which is what Excel keeps (declare {advice})")
    return scaled


def as_cell(value: Decimal, rule: FieldRule) -> float:
    """Return a number as the cell will hold it; UnreadableError where it breaks the bounds of its column."""
    if rule.minimum is not None and value < decimal15(rule.minimum):
        raise UnreadableError(f"must be >= {rule.minimum:g}{_unit(rule)}")
    if rule.maximum is not None and value > decimal15(rule.maximum):
        raise UnreadableError(f"must be <= {rule.maximum:g}{_unit(rule)}")
    number = float(value)
    if math.isinf(number) or (number == 0) != (value == 0):
        raise UnreadableError("must be a number that a cell can hold")
    return number + 0.0  # no minus zero


def _unit(rule: FieldRule) -> str:
    return f" {rule.unit}" if rule.unit else ""


def _text(raw: object, rule: FieldRule) -> str:
    if isinstance(raw, bool):
        raise UnreadableError("must be text, and is a truth value: declare type = boolean")
    if isinstance(raw, (date, SerialDate)):
        raise UnreadableError("must be text, and is a date: declare type = date")
    if isinstance(raw, (int, float, Decimal)):
        exact = _exact(raw)
        if exact != exact.to_integral_value():
            raise UnreadableError("must be text, and is a number: declare type = number")
        raw = f"{exact:.0f}"
    if isinstance(raw, uuid.UUID):
        raw = str(raw)
    if not isinstance(raw, str):
        raise UnreadableError(f"must be text, and is {_named(raw)}")
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _LONGEST_TEXT:
        raise UnreadableError(f"must have at most {_LONGEST_TEXT:,} characters, and has {len(text):,}")
    if _NO_CELL_HOLDS.search(text):
        raise UnreadableError("must hold no control characters")
    if rule.choices and text not in rule.choices:
        raise UnreadableError(f"must be one of {', '.join(rule.choices)}")
    if rule.pattern and not is_whole(rule.pattern, text):
        raise UnreadableError(f"must match {rule.pattern}")
    return text


def _number(raw: object, rule: FieldRule) -> Decimal:
    if isinstance(raw, bool):
        raise UnreadableError("must be a number, and is a truth value")
    if isinstance(raw, (date, SerialDate)):
        raise UnreadableError("must be a number, and is shown as a date or a time")
    if isinstance(raw, str):
        raw = _figure(raw)
    if not isinstance(raw, (int, float, Decimal)):
        raise UnreadableError(f"must be a number, and is {_named(raw)}")
    exact = _exact(raw)
    in_workbook(exact, rule)  # refuses what has too many digits where it stands
    return exact


def _exact(raw: int | float | Decimal) -> Decimal:
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise UnreadableError("must be a finite number")
        # what binary adds beyond 15 digits is noise, but digits before the point are an identifier's
        return Decimal(raw) if abs(raw) >= 1e15 else decimal15(raw)
    exact = Decimal(raw)
    if not exact.is_finite():
        raise UnreadableError("must be a finite number")
    if not -330 <= exact.adjusted() <= 308:
        raise UnreadableError("must be a number that a cell can hold")
    return exact


def _figure(raw: str) -> Decimal:
    text = raw.strip()
    match = _FIGURE.fullmatch(text)
    if match is None or bool(match["open"]) != bool(match["close"]) or (match["open"] and match["sign"]):
        raise UnreadableError(_better_figure(text))
    figure = Decimal((match["digits"].replace(",", "") or "0") + (match["rest"] or ""))
    return -figure if match["open"] or match["sign"] == "-" else figure


def _better_figure(text: str) -> str:
    """Say what is wrong with a text in a column of numbers."""
    if text in ("-", "–", "—"):
        return "must be a number: a dash may mean nil or not known; write 0 or leave it blank"
    if text.endswith("%"):
        return "must be a number without a per cent sign"
    if re.fullmatch(r"[+-]?[\d.,]+[eE][+-]?\d+", text):
        return "must be a number in full: digits are lost in this form"
    if re.fullmatch(r"\(?[+-]?£?[\d.,\s]+-?\)?", text):
        return "must be a number such as 1,234.50, with a comma between thousands alone and the sign in front"
    return "must be a number"


def _whole(raw: object, rule: FieldRule) -> Decimal:
    exact = _number(raw, rule)
    if exact != exact.to_integral_value():
        raise UnreadableError("must be a whole number")
    return exact


def _date(raw: object, rule: FieldRule) -> float:
    found = _moment(raw, rule, "date")
    if found != math.floor(found):
        raise UnreadableError("must be a date without a time of day: declare type = datetime")
    return found


def _datetime(raw: object, rule: FieldRule) -> float:
    return _moment(raw, rule, "date and time")


def _moment(raw: object, rule: FieldRule, what: str) -> float:
    if isinstance(raw, str):
        raw = _of_text(raw.strip(), rule, what)
    if isinstance(raw, datetime) and raw.tzinfo is not None:
        raise UnreadableError("must have no time zone, which a cell cannot hold: convert it to local time first")
    if isinstance(raw, date):
        serial = date_serial(raw, False) if raw.year >= 1900 else 0.0
    elif isinstance(raw, SerialDate):
        serial = raw.serial
    else:
        raise UnreadableError(f"must be a {what}, and is {_named(raw)}")
    if serial < FIRST_SERIAL:
        raise UnreadableError("must not be before 1900-03-01: Excel's calendar is wrong there")
    return serial


def _of_text(text: str, rule: FieldRule, what: str) -> datetime:
    if rule.formats:
        for form in rule.formats:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
        raise UnreadableError(f"must be a {what} of the calendar, written as {' or '.join(rule.formats)}")
    if _ZONED.search(text):
        raise UnreadableError("must have no time zone, which a cell cannot hold: convert it to local time first")
    if not _ISO_DAY.fullmatch(text) and not _ISO_MOMENT.fullmatch(text):
        example = "2024-04-01" if rule.type == "date" else "2024-04-01 09:30"
        raise UnreadableError(f"must be a {what} such as {example} (declare formats for another form)")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UnreadableError("must be a day of the calendar") from None


def _boolean(raw: object, rule: FieldRule) -> bool:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if isinstance(word, (int, float, Decimal)) and word in (0, 1):
        return word == 1
    if not isinstance(word, str) or word not in _TRUTH:
        raise UnreadableError("must be TRUE or FALSE, yes or no, 1 or 0")
    return _TRUTH[word]


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a truth value"),
    ((int, float, Decimal), "a number"),
    (str, "text"),
    ((bytes, bytearray, memoryview), "binary data"),
    ((date, SerialDate), "a date"),
    (time, "a time of day"),
    ((list, dict, tuple, set), "a list of values"),
)


def _named(raw: object) -> str:
    """Return what people call the kind of a value."""
    return next((name for kind, name in _KINDS if isinstance(raw, kind)), f"of type {type(raw).__name__}")


_READERS: dict[str, Callable[[object, FieldRule], Typed]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
}
