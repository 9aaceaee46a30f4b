"""The smallest parts of a number format's section: placeholders, literals, dates' letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError

__all__ = ["Kind", "Part", "parts_of"]


class Kind(Enum):
    """What a part of a section does."""

    LITERAL = auto()  #: text as it is
    NUMERAL = auto()  #: a bare 1 to 9: a literal, or the denominator of a fraction
    DIGIT = auto()  #: 0, # or ?
    POINT = auto()
    COMMA = auto()
    PERCENT = auto()
    SLASH = auto()
    EXPONENT = auto()  #: E+ or E-
    TEXT = auto()  #: @
    GENERAL = auto()
    DATE = auto()  #: a run of y, m, d, h or s
    ELAPSED = auto()  #: the same in brackets: all hours, minutes or seconds there are
    HALF = auto()  #: AM/PM or A/P
    CONDITION = auto()  #: [>=100]
    LOCALE = auto()  #: the code in [$-809]
    ERA = auto()  #: letters of Buddhist years and of eras, of which the English form is not known


@dataclass(frozen=True, slots=True)
class Part:
    """One part and its text."""

    kind: Kind
    text: str


_PART = re.compile(
    r"""
    "(?P<quoted>[^"]*)"
  | \\(?P<escaped>.)
  | _(?P<space>.)                # as wide as the next character
  | \*(?P<fill>.)                # fills the cell, so nothing in a text
  | \[(?P<bracket>[^\]]*)\]
  | (?P<general>general)
  | (?P<half>am/pm|a/p)
  | (?P<exponent>e[-+])
  | (?P<date>y+|m+|d+|h+|s+)
  | (?P<era>[begn]+)
  | (?P<digit>[0#?])
  | (?P<numeral>[1-9])
  | (?P<broken>["\\_*\[])
  | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_OTHER = {".": Kind.POINT, ",": Kind.COMMA, "%": Kind.PERCENT, "/": Kind.SLASH, "@": Kind.TEXT}
_WORDS = {
    "general": Kind.GENERAL,
    "half": Kind.HALF,
    "exponent": Kind.EXPONENT,
    "date": Kind.DATE,
    "era": Kind.ERA,
    "digit": Kind.DIGIT,
    "numeral": Kind.NUMERAL,
    "quoted": Kind.LITERAL,
    "escaped": Kind.LITERAL,
}
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(?:<=|>=|<>|<|>|=) *-? *(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)? *")
_MONEY = re.compile(r"\$(?P<symbol>[^-]*)(?:-(?P<code>[0-9A-Fa-f]{1,8}))?")


def parts_of(code: str) -> list[list[Part]]:
    """Return the parts of each section of a format; raises #VALUE! where it is none."""
    sections: list[list[Part]] = [[]]
    for found in _PART.finditer(code):
        if found["other"] == ";":
            sections.append([])
        else:
            sections[-1].extend(_parts(found))
    return sections


def _parts(found: re.Match[str]) -> Iterator[Part]:
    group, text = str(found.lastgroup), found[0]
    if group == "bracket":
        yield from _bracket(found["bracket"])
    elif group == "space":
        yield Part(Kind.LITERAL, " ")
    elif group == "other":
        yield Part(_OTHER.get(text, Kind.LITERAL), text)
    elif group == "broken":
        raise ExcelError(VALUE)
    elif group in _WORDS:
        yield Part(_WORDS[group], found[group])


def _bracket(text: str) -> Iterator[Part]:
    """Yield what brackets hold: a colour is nothing in a text."""
    money = _MONEY.fullmatch(text)
    if money is not None:
        yield Part(Kind.LITERAL, money["symbol"])
        if money["code"]:
            yield Part(Kind.LOCALE, money["code"])
    elif _ELAPSED.fullmatch(text):
        yield Part(Kind.ELAPSED, text)
    elif _CONDITION.fullmatch(text):
        yield Part(Kind.CONDITION, text)
    elif not _COLOUR.fullmatch(text):
        if text.lower().startswith("dbnum"):
            raise UnsupportedError("East Asian numerals in a number format", "number-format")
        raise ExcelError(VALUE)
