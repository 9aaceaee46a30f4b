"""Text as Excel counts it: in UTF-16 units, of which an emoji has two."""

from __future__ import annotations

__all__ = ["LONGEST", "cut", "find", "length", "lower", "upper"]

LONGEST = 32_767  #: units that a cell holds


def _plain(text: str) -> bool:
    return text.isascii() or max(text) <= "\uffff"


def length(text: str) -> int:
    """Return how many units a text has.

    >>> length("abc"), length("a😀")
    (3, 3)
    """
    return len(text) if _plain(text) else len(text) + sum(c > "\uffff" for c in text)


def cut(text: str, start: int, end: int) -> str:
    """Return the units of a text from one position to another, which may lie beyond the text.

    >>> cut("abc", 1, 9), cut("a😀b", 3, 4)
    ('bc', 'b')
    """
    if _plain(text):
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def find(at: int, text: str) -> int:
    """Return the position in units of a position in characters."""
    return at if _plain(text) else length(text[:at])


def lower(text: str) -> str:
    """Return a text in small letters, as many as before."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def upper(text: str) -> str:
    """Return a text in capitals, as many as before: ß has none."""
    return text.upper() if text.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
