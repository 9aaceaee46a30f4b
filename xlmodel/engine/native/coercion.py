"""What operators and scalar arguments make of a value before they use it."""

from __future__ import annotations

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.numerals import general_text, read_number
from xlmodel.engine.native.operands import VALUE, ExcelError
from xlmodel.values import ErrorValue, Scalar

__all__ = ["Reading", "to_logical", "to_number", "to_text"]


class Reading:
    """How a workbook reads numbers in text: its locale and its date system."""

    __slots__ = ("_known", "date1904", "locale")

    def __init__(self, locale: Locale, date1904: bool) -> None:
        self.locale = locale
        self.date1904 = date1904
        self._known: dict[str, float | None] = {}

    def number(self, text: str) -> float:
        """Return the number a text writes; #VALUE! where it writes none."""
        known = self._known
        if text not in known:
            if len(known) > 10_000:
                known.clear()
            known[text] = read_number(text, self.locale, self.date1904)
        found = known[text]
        if found is None:
            raise ExcelError(VALUE)
        return float(found)


def to_number(x: Scalar, reading: Reading) -> float:
    """Return a scalar as a number: a blank is 0, a boolean 0 or 1, text what it writes."""
    if type(x) is float:
        return x
    if x is None:
        return 0.0
    if isinstance(x, str):
        return reading.number(x)
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    return float(x)


def to_text(x: Scalar) -> str:
    """Return a scalar as text: a number as General writes it, a blank as nothing."""
    if isinstance(x, str):
        return x
    if x is None:
        return ""
    if isinstance(x, bool):
        return "TRUE" if x else "FALSE"
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    return general_text(x)


_WORDS = {"true": True, "false": False}


def to_logical(x: Scalar, reading: Reading) -> bool:
    """Return a scalar as a condition: a number other than 0 is true, of texts only the words TRUE and FALSE count."""
    if isinstance(x, bool):
        return x
    if x is None:
        return False
    if isinstance(x, str):
        word = _WORDS.get(x.strip().casefold())
        if word is None:
            raise ExcelError(VALUE)
        return word
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    return x != 0
