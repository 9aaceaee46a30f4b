"""Numbers as text, and text as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from xlmodel.engine.native.coercion import to_text
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Cell, Logical, Number, Range, Text, Whole, excel
from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.functions.text import held
from xlmodel.engine.native.numerals import decimal_number, read_number
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError
from xlmodel.values import ErrorValue, Scalar, round_half_away

_MOST_PLACES = 127
_NUMBER = re.compile(r"(\(?)([-+]?)([0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?)(%*)(\)?)(%*)")


@excel("VALUE")
def value_(context: Context, text: Cell) -> float:
    """Return the number that a text writes."""
    if isinstance(text, str):
        number = read_number(text, context.locale, context.date1904)
        if number is None:
            raise ExcelError(VALUE)
        return number
    if isinstance(text, bool):
        raise ExcelError(VALUE)
    return float(text) if isinstance(text, (int, float)) else 0.0


@excel("NUMBERVALUE")
def numbervalue(
    context: Context, text: Text, decimal_separator: Text | None = None, group_separator: Text | None = None
) -> float:
    """Return the number that a text writes with given separators."""
    locale = context.locale
    point = (locale.decimal if decimal_separator is None else decimal_separator)[:1]
    group = (locale.group if group_separator is None else group_separator)[:1]
    if not point or not group or (point == group and group_separator is not None):
        raise ExcelError(VALUE)
    text = re.sub(r"\s", "", text)
    if not text:
        return 0.0
    before, dot, after = text.partition(point)
    number = _number((before.replace(group, "") if group != point else before) + ("." if dot else "") + after)
    if number is None:
        if any(symbol in text for symbol in locale.currency):
            raise UnsupportedError("NUMBERVALUE of an amount of money")
        raise ExcelError(VALUE)
    return number


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    if found is None or not any("0" <= c <= "9" for c in found[3].partition("e")[0]):
        return None
    opened, sign, digits, inner, closed, outer = found.groups()
    if bool(opened) != bool(closed) or (opened and sign) or (inner and outer and not closed):
        return None
    try:
        number = decimal_number(digits)
    except ValueError:
        return None
    if number is None:
        return None
    number = float(Decimal(repr(number)).scaleb(-2 * len(inner + outer)))
    return -number if opened or sign == "-" else number


@excel("TEXT")
def text_(context: Context, value: Cell, format_text_: Text) -> str:
    """Return a value as a number format shows it."""
    if isinstance(value, str):
        number = read_number(value, context.locale, context.date1904)
        value = value if number is None else number
    return held(format_text(value, format_text_, context.locale, context.date1904))


@excel("FIXED")
def fixed(context: Context, number: Number, decimals: Number = 2.0, no_commas: Logical = False) -> str:
    """Return a number with a fixed count of decimals."""
    return _rounded(context, number, decimals, "0" if no_commas else "#,##0", "{}")


@excel("DOLLAR", "USDOLLAR")
def dollar(context: Context, number: Number, decimals: Number = 2.0) -> str:
    """Return a number as an amount in the locale's currency."""
    locale = context.locale
    if locale.name not in ("en-GB", "en-US"):
        raise UnsupportedError(f"DOLLAR in the locale {locale.name}")
    money = '"$"{0};("$"{0})' if locale.name == "en-US" else '"£"{0};-"£"{0}'
    return _rounded(context, number, decimals, "#,##0", money)


def _rounded(context: Context, number: float, decimals: float, whole: str, frame: str) -> str:
    """Return a number rounded to so many places, left of the point where they are negative."""
    places = int(decimals)
    if places > _MOST_PLACES:
        raise ExcelError(VALUE)
    code = whole + ("." + "0" * places if places > 0 else "")
    return format_text(round_half_away(number, places), frame.format(code), context.locale)


@excel("VALUETOTEXT")
def valuetotext(value: Any_, format: Whole = 0) -> str:  # noqa: A002 - Excel's name
    """Return a value as text, plain or as a formula would write it."""
    return _writer(format)(value)


@excel("ARRAYTOTEXT")
def arraytotext(array: Range, format: Whole = 0) -> str:  # noqa: A002 - Excel's name
    """Return an array as text, a plain list or an array constant."""
    write = _writer(format)
    rows = [[write(array.item((r, c))) for c in range(array.shape[1])] for r in range(array.shape[0])]
    if not format:
        return held(", ".join(x for row in rows for x in row))
    if array.size == 1 and array.item((0, 0)) is None:
        raise ExcelError(VALUE)
    return held("{" + ";".join(",".join(row) for row in rows) + "}")


def _writer(form: int) -> Callable[[Scalar], str]:
    if form not in (0, 1):
        raise ExcelError(VALUE)
    return _strict if form else _concise


def _concise(x: Scalar) -> str:
    return x.code if isinstance(x, ErrorValue) else to_text(x)


def _strict(x: Scalar) -> str:
    return '"' + x.replace('"', '""') + '"' if isinstance(x, str) else _concise(x)
