"""What a formula looks like apart from where it points, and what it takes in from its own row or column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from xlmodel.refs import Area, TokenKind, column_letters, tokens

__all__ = ["Interval", "Shape", "Taken", "missing", "shape", "size", "taken"]


class Shape(NamedTuple):
    """A formula in three parts."""

    skeleton: str  #: its text with @ for each reference and # for each number
    areas: tuple[Area, ...]
    numbers: tuple[str, ...]

    @property
    def calls(self) -> tuple[str, ...]:
        """What it calls and names, without references, numbers and operators."""
        return tuple(re.findall(r'"[^"]*"|[^\W\d][\w.]*\(?', self.skeleton))

    @property
    def adds(self) -> bool:
        """Whether it only adds and subtracts cells."""
        return re.fullmatch(r"(?:SUM\(|[-+(),@#])*", self.skeleton) is not None


class Interval(NamedTuple):
    """Cells one behind another on a line: a sheet's prefix, the first and the last row or column."""

    prefix: str
    first: int
    last: int

    def words(self, rows: bool) -> str:
        """Return the interval for a sentence; `rows` where it is one of rows.

        >>> Interval("", 3, 3).words(True), Interval("Costs!", 3, 5).words(False)
        ('row 3', 'columns C to E of Costs')
        """
        kind = "row" if rows else "column"
        ends = [str(n) if rows else column_letters(n) for n in (self.first, self.last)]
        some = f"{kind} {ends[0]}" if ends[0] == ends[1] else f"{kind}s {ends[0]} to {ends[1]}"
        return some + (f" of {self.prefix.removesuffix('!')}" if self.prefix else "")


class Taken(NamedTuple):
    """What a formula refers to, seen from the line it stands on."""

    own: tuple[Interval, ...]  #: of its own column, where the line is a row; of its own row, where it is a column
    rest: frozenset[str]  #: the other references in R1C1 notation


@lru_cache(maxsize=4096)
def shape(formula: str) -> Shape:
    """Return the parts of an R1C1 formula; a plus sign in front says nothing.

    >>> shape("+SUM(R[-3]C:R[-1]C)*1.5").skeleton
    'SUM(@)*#'
    """
    skeleton: list[str] = []
    areas: list[Area] = []
    numbers: list[str] = []
    for token in tokens(formula, r1c1=True):
        if token.area is not None:
            skeleton.append("@")
            areas.append(token.area)
        elif token.kind is TokenKind.NUMBER:
            skeleton.append("#")
            numbers.append(token.text)
        elif not token.text.isspace():
            skeleton.append(token.text if token.kind is TokenKind.TEXT else token.text.upper())
    return Shape("".join(skeleton).removeprefix("+"), tuple(areas), tuple(numbers))


@lru_cache(maxsize=4096)
def taken(formula: str, line: int, in_row: bool) -> Taken:
    """Return what an R1C1 formula on a line takes in; `in_row` where the line is a row.

    >>> taken("SUM(R[-3]C:R[-1]C)/RC1", 10, True)
    Taken(own=(Interval(prefix='', first=7, last=9),), rest=frozenset({'RC1'}))
    """
    own, rest = [], set()
    for area in shape(formula).areas:
        along = (area.left, area.right) if in_row else (area.top, area.bottom)
        across = (area.top, area.bottom) if in_row else (area.left, area.right)
        if along == ((False, 0), (False, 0)) and None not in across:
            first, last = sorted(n if absolute else line + n for absolute, n in across if n is not None)  # type: ignore[misc]
            own.append(Interval(area.prefix, first, last))
        else:
            rest.add(area.r1c1())
    return Taken(tuple(_joined(own)), frozenset(rest))


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    out: list[Interval] = []
    for one in sorted(intervals):
        if out and out[-1].prefix == one.prefix and one.first <= out[-1].last + 1:
            out[-1] = out[-1]._replace(last=max(out[-1].last, one.last))
        else:
            out.append(one)
    return out


def size(intervals: Iterable[Interval]) -> int:
    """Return how many cells intervals hold."""
    return sum(i.last - i.first + 1 for i in intervals)


def missing(some: Iterable[Interval], others: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what others take in and some do not; both as `taken` gives them.

    >>> missing([Interval("", 3, 5)], [Interval("", 2, 5), Interval("", 8, 9)])
    (Interval(prefix='', first=2, last=2), Interval(prefix='', first=8, last=9))
    """
    left = list(others)
    for cut in some:
        pieces = []
        for one in left:
            if one.prefix != cut.prefix or cut.last < one.first or one.last < cut.first:
                pieces.append(one)
                continue
            if one.first < cut.first:
                pieces.append(one._replace(last=cut.first - 1))
            if one.last > cut.last:
                pieces.append(one._replace(first=cut.last + 1))
        left = pieces
    return tuple(left)
