"""Text as the file format stores it: ``_xHHHH_`` for what XML cannot hold, and the characters XML itself escapes."""

from __future__ import annotations

import re

from xlmodel.errors import BookError

__all__ = ["NAMED", "formula_markup", "markup", "plain", "unmarked"]

_STORED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# the carriage return too: XML parsers turn it into a line feed
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
#: what `markup` may have to write in another way
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff&<>]|_x")
_ENTITY = re.compile(r"&([^;&]*);|&")
#: the entities that XML knows by name
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def plain(stored: str) -> str:
    """Return the text a stored string means.

    >>> plain("a_x000D_b"), plain("_x005F_x0041_")
    ('a\\rb', '_x0041_')
    """
    return _STORED.sub(_stored, stored) if "_x" in stored else stored


def _stored(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # half of a surrogate pair is no character: no program could write the text again
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)


def markup(text: str) -> str:
    """Return the XML that stores a text, for element content.

    >>> markup("a\\rb <_x0041_>")
    'a_x000D_b &lt;_x005F_x0041_&gt;'
    """
    if not _SPECIAL.search(text):
        return text
    stored = _UNSAFE.sub(lambda m: f"_x{ord(m[0]):04X}_", _LITERAL.sub("_x005F_", text))
    return _xml(stored)


def formula_markup(formula: str) -> str:
    """Return the XML of a formula; what XML cannot hold is refused."""
    bad = _UNSAFE.search(formula)
    if bad:
        raise ValueError(f"a formula must not hold the control character U+{ord(bad[0]):04X}")
    return _xml(formula)


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unmarked(xml: str) -> str:
    """Return the characters that a piece of element content stands for.

    >>> unmarked("a &lt; b &#x41;")
    'a < b A'
    """
    return _ENTITY.sub(_character, xml) if "&" in xml else xml


def _character(match: re.Match[str]) -> str:
    entity = match[1] or ""
    if entity in NAMED:
        return NAMED[entity]
    number = re.fullmatch(r"#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))", entity)
    code = int(number[1], 16) if number and number[1] else int(number[2]) if number else 0
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    raise BookError(f"{match[0]!r} is not an XML character")
