"""The lines of a report in a terminal."""

from __future__ import annotations

from textwrap import wrap

__all__ = ["SHOWN", "WIDTH", "paragraph"]

WIDTH = 80
SHOWN = 20  #: findings of a sort that are printed; the JSON has them all


def paragraph(text: str, by: int) -> list[str]:
    """Return a text as lines of a report's width, indented.

    >>> paragraph("one two", 2)
    ['  one two']
    """
    return wrap(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * by, break_on_hyphens=False)
