"""How Excel orders and equates scalars.

Numbers come before texts, texts before FALSE, FALSE before TRUE; a blank is 0, "" or FALSE beside what it meets.
Numbers are one when they agree to 15 significant digits, texts when they agree but for case. Texts are ordered as
Windows orders words: symbols, digits, letters; case never counts, accents only where all else is the same, and hyphens
and apostrophes after that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["TextKey", "compare", "compare_numbers", "compare_texts", "equal", "equal_mask", "same_number", "text_key"]

#: What orders a text: letters, then accents, then hyphens and apostrophes, then what is left.
TextKey = tuple[str, str, str, str]

#: Two numbers further apart than this part of the larger differ within their first 15 digits.
_CLOSE = 2e-14

#: in the order of Windows
_SYMBOLS = '\t\n\v\f\r \u00a0!"#$%&()*,./:;?@[\\]^_`{|}~¡¦¨¯´¸¿ˆ˜‘’‚‹›“”„†‡•…‰¢£¤¥€+±«»×÷<=>§©¬®°µ¶·'
_WORD_MARKS = "'-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015"  # looked past at first
_UNKNOWN, _DIGIT, _LETTER = chr(0xFF), 0x100, 0x200
_EXPANDED = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i"}


def _primary(char: str) -> str:
    """Return what stands for a character of a lower-case text where letters are compared; "" where it is passed by."""
    if char in _WORD_MARKS or (char < " " and char not in _SYMBOLS):
        return ""
    if char in _SYMBOLS:
        return chr(1 + _SYMBOLS.index(char))
    if "0" <= char <= "9":
        return chr(_DIGIT + ord(char) - 48)
    if "a" <= char <= "z":
        return chr(_LETTER + ord(char) - 97)
    spelled = _EXPANDED.get(char) or unicodedata.normalize("NFKD", char)
    if spelled != char:
        return "".join(map(_primary, spelled))
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return ""
    return char if unicodedata.category(char)[0] in "LN" and ord(char) > 0x24F else _UNKNOWN + char


class _Primary(dict[int, str]):
    """The table that `str.translate` reads, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _primary(chr(code))
        return self[code]


_TABLE = _Primary()


@lru_cache(maxsize=65_536)
def text_key(text: str) -> TextKey:
    """Return a key by which texts sort as Excel sorts them; texts that differ in case alone have one key."""
    lower = text.lower()
    marks = "" if lower.isalnum() else _where(lower, _is_word_mark)
    accents = "" if lower.isascii() else _where(lower, _is_accented)
    return lower.translate(_TABLE), accents, marks, lower


def _where(text: str, test: Callable[[str], bool]) -> str:
    return "".join(chr(1 + i) + char for i, char in enumerate(text) if test(char))


def _is_word_mark(char: str) -> bool:
    return char in _WORD_MARKS


def _is_accented(char: str) -> bool:
    return char in _EXPANDED or (char > "\x7f" and unicodedata.normalize("NFKD", char) != char)


def compare_texts(a: str, b: str) -> int:
    """Return -1, 0 or 1 as one text sorts before, with or after another.

    >>> compare_texts("coop", "CO-OP"), compare_texts("co-op", "cooper"), compare_texts("a_1", "a1")
    (-1, -1, -1)
    """
    if a == b:
        return 0
    one, two = text_key(a), text_key(b)
    return (one > two) - (one < two)


def same_number(a: float, b: float) -> bool:
    """Tell whether two numbers agree to 15 significant digits."""
    return a == b or (abs(a - b) <= _CLOSE * abs(a) and f"{a:.14e}" == f"{b:.14e}")


def compare_numbers(a: float, b: float) -> int:
    """Return -1, 0 or 1 as one number is below, equal to or above another, to 15 significant digits.

    >>> compare_numbers(0.1 + 0.2, 0.3), compare_numbers(1.0, 2.0)
    (0, -1)
    """
    return 0 if same_number(a, b) else 1 if a > b else -1


def _rank(x: Scalar) -> int:
    if isinstance(x, bool):
        return 3
    return 2 if isinstance(x, str) else 4 if isinstance(x, ErrorValue) else 1


_BLANK: dict[int, Scalar] = {1: 0.0, 2: "", 3: False, 4: 0.0}


def compare(a: Scalar, b: Scalar) -> int:
    """Return -1, 0 or 1 as one scalar sorts before, with or after another; errors come last and are all alike.

    >>> compare(2.0, "1"), compare("b", "B"), compare(True, "z"), compare(None, 0.0), compare(None, "")
    (-1, 0, 1, 0, 0)
    """
    if a is None:
        a = _BLANK[1 if b is None else _rank(b)]
    if b is None:
        b = _BLANK[_rank(a)]
    one, two = _rank(a), _rank(b)
    if one != two:
        return -1 if one < two else 1
    if isinstance(a, str) and isinstance(b, str):
        return compare_texts(a, b)
    if isinstance(a, (bool, float, int)) and isinstance(b, (bool, float, int)):
        return compare_numbers(float(a), float(b))
    return 0


def equal(a: Scalar, b: Scalar) -> bool:
    """Tell whether Excel's `=` finds two scalars equal.

    >>> equal("Total", "TOTAL"), equal(1.0, True), equal("1", 1.0), equal(None, False), equal(0.5 + 1e-16, 0.5)
    (True, False, False, True, True)
    """
    if isinstance(a, str) and isinstance(b, str):
        return a == b or a.lower() == b.lower()
    return compare(a, b) == 0


def equal_mask(values: Values, scalar: Scalar) -> NDArray[np.bool_]:
    """Tell for each cell whether it equals a scalar; a blank cell equals 0, "" and FALSE, an error nothing."""
    blank: NDArray[np.bool_] = values.kind == Kind.BLANK
    hit: NDArray[np.bool_] = values.kind == _KIND.get(type(scalar), Kind.NUMBER)
    if scalar is None:
        empty: NDArray[np.bool_] = np.isin(values.kind, (Kind.NUMBER, Kind.BOOLEAN)) & (values.num == 0)
        return empty | blank | equal_mask(values, "")
    if isinstance(scalar, str):
        wanted = scalar.lower()
        hit[hit] = [t.lower() == wanted for t in values.text[hit].tolist()]
        return hit if wanted else hit | blank
    if isinstance(scalar, ErrorValue):
        return np.zeros(values.shape, np.bool_)
    number = float(scalar)
    hit &= np.abs(values.num - number) <= _CLOSE * abs(number)
    doubtful = hit & (values.num != number)
    if doubtful.any():
        digits = f"{number:.14e}"
        hit[doubtful] = [f"{x:.14e}" == digits for x in values.num[doubtful].tolist()]
    return hit if number else hit | blank


_KIND = {str: Kind.TEXT, bool: Kind.BOOLEAN}
