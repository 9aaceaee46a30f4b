"""Where a text stands in another."""

from __future__ import annotations

import re

from xlmodel.engine.native.declaration import Text, Whole, excel
from xlmodel.engine.native.operands import VALUE, ExcelError
from xlmodel.engine.native.utf16 import cut, find, length, lower
from xlmodel.engine.native.wildcards import has_wildcards, wildcard

_IDLE_TILDE = re.compile(r"~([*?~])|~")


@excel("FIND", "FINDB")
def find_(find_text: Text, within_text: Text, start_num: Whole = 1) -> int:
    """Return where a text stands in another, capitals told from small letters."""
    return _position(find_text, within_text, start_num)


@excel("SEARCH", "SEARCHB")
def search(find_text: Text, within_text: Text, start_num: Whole = 1) -> int:
    """Return where a pattern stands in a text, whatever the case."""
    within = lower(within_text)
    if not has_wildcards(find_text):
        return _position(lower(find_text), within, start_num)
    _check(within, start_num)
    # Here, unlike elsewhere, a tilde before anything but a mark is nothing.
    pattern = _IDLE_TILDE.sub(lambda m: m[0] if m[1] else "", find_text)
    at = wildcard(pattern).find(within, len(cut(within, 0, start_num - 1)))
    if at < 0:
        raise ExcelError(VALUE)
    return find(at, within) + 1


def _position(part: str, text: str, start: int) -> int:
    _check(text, start, not part)
    at = text.find(part, len(cut(text, 0, start - 1)))
    if at < 0:
        raise ExcelError(VALUE)
    return find(at, text) + 1


def _check(text: str, start: int, past: bool = False) -> None:
    """Raise #VALUE! where a search begins outside the text; for no text it may begin just behind."""
    if not 1 <= start <= length(text) + past:
        raise ExcelError(VALUE)
