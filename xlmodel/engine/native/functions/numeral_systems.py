"""Numbers written in Roman numerals and in any base."""

from __future__ import annotations

from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Cell, Number, Text, Whole, excel
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError

_LETTERS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_PLAIN = (("M", 1000), ("D", 500), ("C", 100), ("L", 50), ("X", 10), ("V", 5), ("I", 1))
#: letters before greater ones, by the form that allows them first: the higher the form, the further apart
_SHORTENED = (
    (("CM", 900), ("CD", 400), ("XC", 90), ("XL", 40), ("IX", 9), ("IV", 4)),
    (("LM", 950), ("LD", 450), ("VC", 95), ("VL", 45)),
    (("XM", 990), ("XD", 490), ("IC", 99), ("IL", 49)),
    (("VM", 995), ("VD", 495)),
    (("IM", 999), ("ID", 499)),
)
_NUMERALS = tuple(
    sorted((_PLAIN + sum(_SHORTENED[: form + 1], ())), key=lambda numeral: -numeral[1])
    for form in range(len(_SHORTENED))
)
_LARGEST_ROMAN = 3999
_LONGEST = 255
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EXACT = 2**53


@excel("ROMAN")
def roman(context: Context, number: Whole, form: Cell = 0.0) -> str:
    """Return a number in Roman numerals, from classic (0 or TRUE) to the shortest (4 or FALSE)."""
    if isinstance(form, bool):
        form = 0.0 if form else 4.0
    style = int(to_number(form, Reading(context.locale, context.date1904)))
    if not 0 <= number <= _LARGEST_ROMAN or not 0 <= style < len(_NUMERALS):
        raise ExcelError(VALUE)
    text = ""
    for letters, worth in _NUMERALS[style]:
        times, number = divmod(number, worth)
        text += letters * times
    return text


@excel("ARABIC")
def arabic(text: Text) -> float:
    """Return the number that Roman numerals write; a letter before any greater one counts down."""
    letters = text.strip().upper()
    negative = letters.startswith("-")
    letters = letters[negative:]
    if len(text) > _LONGEST or any(c not in _LETTERS for c in letters):
        raise ExcelError(VALUE)
    total = greatest = 0
    for worth in map(_LETTERS.__getitem__, reversed(letters)):
        total += worth if worth >= greatest else -worth
        greatest = max(greatest, worth)
    return float(-total if negative else total)


@excel("BASE")
def base(number: Number, radix: Whole, min_length: Whole = 0) -> str:
    """Return a whole number in a base, filled up with zeros to a length."""
    if not 0 <= number < _EXACT or not 2 <= radix <= len(_DIGITS) or not 0 <= min_length <= _LONGEST:
        raise ExcelError(NUM)
    rest, text = int(number), ""
    while rest:
        rest, digit = divmod(rest, radix)
        text = _DIGITS[digit] + text
    return (text or "0").rjust(min_length, "0")


@excel("DECIMAL")
def decimal(text: Text, radix: Whole) -> float:
    """Return the number that digits of a base write."""
    if len(text) > _LONGEST:
        raise ExcelError(VALUE)
    digits = text.strip().upper()
    if not 2 <= radix <= len(_DIGITS) or any(c not in _DIGITS[:radix] for c in digits):
        raise ExcelError(NUM)
    return float(int(digits or "0", radix))
