"""Numbers in text: the text that a number becomes, and the number that a text is read as.

Excel reads amounts (``(£1,234.50)``, ``12%``, ``1E3``, ``1 1/2``) and moments (see `moments`) wherever text meets
arithmetic. It cuts digits after the fifteenth to zero when it reads, and rounds to fifteen when it writes. Forms of
which the reading is not known are refused, not guessed.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.moments import read_date, read_moment, read_time, unknown_reading

__all__ = ["decimal_number", "general_text", "read_date", "read_number", "read_time"]

_PLAIN = re.compile(r" *[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)? *")
_FRACTION = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9]{1,15}) +(?P<top>[0-9]{1,15})/(?P<bottom>[0-9]{1,15})")
_DOUBTFUL = re.compile(r"[\t\r\n]+|^%|(?<=\))%$")  #: what may or may not be passed over
_DIGIT = re.compile("[0-9]")
_SMALLEST = 2.2250738585072014e-308  #: Excel has no smaller numbers but 0

#: the widest text that General makes of a number without an exponent, outside a cell
_WIDEST = 20


def general_text(number: float, widest: int = _WIDEST) -> str:
    """Return the text of a number as concatenation makes it: 15 digits, an exponent where that is shorter.

    >>> general_text(0.1 + 0.2), general_text(1e20), general_text(1.5e-7), general_text(1 / 3 * 1e-5)
    ('0.3', '1E+20', '0.00000015', '3.33333333333333E-06')
    """
    if -1e15 < number < 1e15 and number == int(number):
        return str(int(number))
    if abs(number) < _SMALLEST:
        return "0"
    mantissa, _, power = f"{abs(number):.14e}".partition("e")
    exponent = int(power)
    if abs(exponent) > 98:  # a third digit in the exponent costs the fifteenth of the number
        rounded = Decimal(mantissa).quantize(Decimal("1e-13"), ROUND_HALF_UP)
        exponent += rounded.adjusted()
        mantissa = str(rounded.scaleb(-rounded.adjusted()))
    digits = mantissa.replace(".", "").rstrip("0")
    sign = "-" if number < 0 else ""
    if exponent >= widest or (exponent < 0 and 1 - exponent + len(digits) > widest):
        point = "." if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{point}{digits[1:]}E{'+' if exponent > 0 else '-'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{sign}{whole}.{digits[exponent + 1 :]}".rstrip(".")


def read_number(text: str, locale: Locale, date1904: bool = False) -> float | None:
    """Return the number that Excel reads in a text, None where it reads none.

    Raises
    ------
    UnsupportedError
        Text that may be a number or a date, of which the reading depends on the clock or the machine.
    """
    if locale.decimal != ".":
        text = text.translate({ord(locale.decimal): ".", ord(locale.group): ","})
    if _PLAIN.fullmatch(text):
        return decimal_number(text)
    if not _DIGIT.search(text):
        if not text.isascii() and any(c.isdecimal() for c in text):
            raise unknown_reading(text)
        return None
    if len(text) > 255:
        return None
    trimmed = text.strip(" ")
    amount = _amount_pattern(locale.currency).fullmatch(trimmed)
    if amount is not None:
        return _amount(amount)
    fraction = _FRACTION.fullmatch(trimmed)
    if fraction is not None:
        return _fraction(fraction)
    doubtful = _DOUBTFUL.sub("", trimmed)
    if doubtful != trimmed and read_number(doubtful, locale, date1904) is not None:
        raise unknown_reading(text)
    return read_moment(trimmed, locale, date1904)


def decimal_number(text: str) -> float | None:
    """Return the number of plain digits, point and exponent, without what follows the fifteenth digit.

    >>> decimal_number("1234567890.1234567"), decimal_number("1E999")
    (1234567890.12345, None)
    """
    number = float(text if len(text) <= 15 else _cut(text))
    if not math.isfinite(number):
        return None
    return number if abs(number) >= _SMALLEST else 0.0


def _cut(text: str) -> str:
    """Return a decimal with its digits after the fifteenth significant one made zero."""
    mantissa, e, exponent = text.lower().partition("e")
    out, significant = [], 0
    for c in mantissa:
        if "0" <= c <= "9":
            significant += c != "0" or significant > 0
            c = c if significant <= 15 else "0"
        out.append(c)
    return "".join(out) + e + exponent


@lru_cache(maxsize=16)
def _amount_pattern(currency: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of an amount: every part is optional but the digits."""
    symbol = "|".join(map(re.escape, currency)) or "(?!)"
    return re.compile(
        rf"(?P<open>\(?) *(?P<sign>[-+]?) *(?P<currency>(?:{symbol})?) *(?P<inner>[-+]?) *"
        r"(?P<whole>[0-9][0-9,]*|(?=\.[0-9]))(?P<rest>(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)"
        rf" *(?P<after>(?:{symbol})?) *(?P<percent>%?) *(?P<close>\)?)"
    )


def _amount(part: re.Match[str]) -> float | None:
    """Return the number of an amount with its sign, brackets, currency, groups and percent."""
    signs = bool(part["open"]) + bool(part["sign"]) + bool(part["inner"])
    symbols = bool(part["currency"]) + bool(part["after"])
    if signs > 1 or symbols > 1 or bool(part["open"]) != bool(part["close"]):
        return None
    first, *groups = part["whole"].split(",")
    if any(len(group) < 3 for group in groups):
        return None
    irregular = groups and (len(first) > 3 or any(len(group) > 3 for group in groups))
    if irregular or part["after"] not in ("", "€") or (symbols and part["percent"]):
        raise unknown_reading(part[0])
    number = decimal_number(first + "".join(groups) + part["rest"])
    if number is None:
        return None
    if part["percent"]:
        number = float(Decimal(repr(number)).scaleb(-2))
    return -number if part["open"] or "-" in part["sign"] + part["inner"] else number


def _fraction(part: re.Match[str]) -> float | None:
    """Return the number of a whole and a fraction; a fraction alone would be a date."""
    if not int(part["bottom"]):
        return None
    number = int(part["whole"]) + int(part["top"]) / int(part["bottom"])
    return -number if part["sign"] == "-" else number
