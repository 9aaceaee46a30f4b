"""TEXT for plain formats: numbers with digits, commas and percent, dates in days, months and years."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from xlmodel.engine.formulas.calendar import DAY_NAMES, MONTH_NAMES, date_of
from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.coercion import as_decimal
from xlmodel.engine.formulas.objects import EMPTY, Object, each, is_error, is_text
from xlmodel.values import decimal15, round_half_away

__all__ = ["text_function"]

_NUMBER_FORMAT = re.compile(r"(?P<whole>#,##0|0+)(?:\.(?P<places>0+))?(?P<percent>%?)")
_DATE_FORMAT = re.compile(r"[dmy]+(?:[-/ ][dmy]+){0,2}", re.I)


def text_function(dates: bool) -> Any:
    """Return TEXT; without dates where they are counted from 1904."""

    def one(value: Object, code: Object) -> Object:
        for x in (value, code):
            if is_error(x):
                return x
        if isinstance(value, (bool, np.bool_)) and is_text(code) and not set("@;") & set(code):
            return "TRUE" if value else "FALSE"
        if is_text(value) and is_text(code):
            decimal = as_decimal(value)
            if decimal is None and "@" not in code and ";" not in code and not any(c.isdigit() for c in value):
                return value
            value = value if decimal is None else decimal
        if not is_text(code) or is_text(value) or isinstance(value, (bool, np.bool_)):
            raise RefusedError("unsupported-function", "TEXT with this format")
        number = 0.0 if value is EMPTY else float(value)
        plain = _NUMBER_FORMAT.fullmatch(code)
        if plain is not None:
            return _number(number, plain)
        if dates and 61 <= number < 2_958_466 and number % 1 < 0.99999 and _DATE_FORMAT.fullmatch(code):
            return _date(int(number), code)
        raise RefusedError("unsupported-function", "TEXT with this format")

    return lambda value, code: each(one, value, code)


def _number(number: float, plain: re.Match[str]) -> str:
    places = len(plain["places"] or "")
    if plain["percent"]:
        number = float(decimal15(number).scaleb(2))
    rounded = decimal15(round_half_away(number, places))
    if number < 0 and not rounded:
        raise RefusedError("unsupported-function", "TEXT of a negative number that rounds to nothing")
    digits = f"{abs(rounded):.{places}f}"
    whole, dot, rest = digits.partition(".")
    whole = f"{int(whole):,}" if plain["whole"] == "#,##0" else whole.zfill(len(plain["whole"]))
    return ("-" if number < 0 else "") + whole + dot + rest + plain["percent"]


def _date(serial: int, code: str) -> str:
    year, month, day = date_of(serial)
    weekday = DAY_NAMES[(serial - 1) % 7]
    name = MONTH_NAMES[month - 1]

    def part(match: re.Match[str]) -> str:
        letter, count = match[0][0].lower(), len(match[0])
        if letter == "y":
            return f"{year % 100:02d}" if count <= 2 else f"{year}"
        if letter == "m":
            return (f"{month}", f"{month:02d}", name[:3], name, name[0], name)[min(count, 6) - 1]
        return (f"{day}", f"{day:02d}", weekday[:3], weekday)[min(count, 4) - 1]

    return re.sub(r"d+|m+|y+", part, code, flags=re.I)
