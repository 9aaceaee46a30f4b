"""Making text from a workbook safe to show."""

from __future__ import annotations

import re

__all__ = ["safe"]

# C0 and C1 controls, line separators, and marks that turn the direction of writing: a terminal obeys them
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def safe(text: object, limit: int | None = None) -> str:
    """Return text on one line in which nothing acts on a terminal or a log, cut at `limit` characters.

    A line that would start a workflow command of a CI service (``::error``) is broken by a zero-cost space.

    >>> safe("a" + chr(27) + "[31mred" + chr(10) + "next"), safe("abcdef", 4), safe("::error::x")
    ('a\\\\x1b[31mred\\\\nnext', 'abc…', ': :error::x')
    """
    shown = _UNSAFE.sub(lambda m: m[0].encode("unicode_escape", "surrogatepass").decode(), str(text))
    if shown.lstrip().startswith(("::", "##[")):
        shown = shown.replace("::", ": :", 1).replace("##[", "# #[", 1)
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1] + "…"
