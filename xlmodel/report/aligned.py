"""Columns of text, one under another, within the width of a terminal."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["aligned", "cut"]

_LEAST = 12  #: characters that a column keeps when others need room


def aligned(rows: Sequence[Sequence[str]], sides: str, *, by: int, width: int, gives: int = 0) -> list[str]:
    """Return rows of texts as lines, each column as wide as its longest text; one without any text takes no room.

    Parameters
    ----------
    rows : sequence of sequences of str
        All of one length.
    sides : str
        A letter a column: `<` to the left, `>` to the right.
    by, width : int
        How far the lines are indented, and how long they may be.
    gives : int, optional
        The column whose texts are cut where the lines would be longer.

    Examples
    --------
    >>> aligned([("Fostering", "1.5"), ("Homes", "12.0")], "<>", by=2, width=40)
    ['  Fostering   1.5', '  Homes      12.0']
    >>> aligned([("A very long name of a line", "1.5")], "<>", by=0, width=20)
    ['A very long na…  1.5']
    """
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    over = by + sum(w + 2 for w in widths if w) - 2 - width
    if over > 0:
        widths[gives] = max(widths[gives] - over, min(_LEAST, widths[gives]))
    lines = []
    for row in rows:
        texts = [f"{cut(t, w):{side}{w}}" for t, side, w in zip(row, sides, widths, strict=True) if w]
        lines.append((" " * by + "  ".join(texts)).rstrip())
    return lines


def cut(text: str, most: int) -> str:
    """Return a text that is no longer than it may be.

    >>> cut("Residential care", 10)
    'Residenti…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
