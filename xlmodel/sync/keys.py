"""Keys: what tells the rows of a target apart, exactly; and what only looks alike."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

from xlmodel.sync.planned import Key
from xlmodel.values import ErrorValue, Scalar, display

__all__ = ["Identity", "alike", "identity", "key_text"]

#: a key that can be looked up: kinds told apart, numbers to 15 digits
Identity = tuple[tuple[str, object], ...]


def identity(key: Key) -> Identity:
    """Return a key in a form that is equal exactly where keys are.

    >>> identity((1.0,)) == identity(("1",)), identity((0.3,)) == identity((0.1 + 0.2,))
    (False, True)
    """
    return tuple(map(_identity, key))


def _identity(part: Scalar) -> tuple[str, object]:
    if isinstance(part, float):
        return "number", f"{part:.15g}"
    if isinstance(part, ErrorValue):
        return "error", part.code
    return type(part).__name__, part


def alike(key: Key) -> tuple[str, ...]:
    """Return a key in a form that is equal where a person would take keys for the same.

    >>> alike((" Fostering ", "2024")) == alike(("fostering", 2024.0)), alike(("e\u0301",)) == alike(("\xe9\u200b",))
    (True, True)
    """
    return tuple(map(_alike, key))


def _alike(part: Scalar) -> str:
    if isinstance(part, str):
        seen = (c for c in unicodedata.normalize("NFKC", part) if unicodedata.category(c) != "Cf")
        text = " ".join("".join(seen).split()).casefold()
        with suppress(ValueError):
            return f"{float(text):.15g}"
        return text
    return f"{part:.15g}" if isinstance(part, float) else display(part)


def key_text(key: Key) -> str:
    """Return a key for a sentence.

    >>> key_text(("Fostering", 2024.0))
    '"Fostering", 2024'
    """
    return ", ".join(map(display, key))
