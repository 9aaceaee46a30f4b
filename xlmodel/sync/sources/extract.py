"""The rows of a source as they are, before the columns' rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from xlmodel.inputs.problems import listed, near_miss
from xlmodel.sync.planned import Problem

__all__ = ["Extract", "Faults", "UnusableSourceError", "column_places"]

_NAMED = 20  #: problems of one extract that are named; the rest is counted
_WHOLE = -1  #: in place of a row: the extract as a whole


class UnusableSourceError(Exception):
    """A source as a whole cannot be read; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """One file, query or frame: the columns that a feed takes, and where each row stands."""

    name: str  #: as people know it: a file's name
    sha256: str  #: "" where nothing of it could be used
    columns: Mapping[str, Sequence[object]]  #: a source's column -> its values; None or "" is blank
    rows: Sequence[str]  #: where each stands: "row 7"

    def place(self, row: int) -> str:
        """Return where a row stands, with the name of the extract."""
        return f"{self.name}, {self.rows[row]}"


class Faults:
    """What is wrong with extracts, in the order of the extracts and their rows."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int, str], Problem] = {}
        self._cells: set[tuple[int, int, int]] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def whole(self, extract: int, name: str, what: str) -> None:
        """Note what is wrong with an extract as a whole."""
        self._found.setdefault((extract, _WHOLE, 0, what), Problem(what, source=name))

    def cell(self, extract: int, row: int, column: int, place: str, what: str) -> None:
        """Note what is wrong in one row; rows and columns count, a place says it for people."""
        self._cells.add((extract, row, column))
        self._found.setdefault((extract, row, column, what), Problem(what, source=place))

    def of(self, extract: int) -> bool:
        """Tell whether something is wrong with an extract already."""
        return any(number == extract for number, *_ in self._found)

    def known(self, extract: int, row: int, column: int) -> bool:
        """Tell whether something is wrong with a value already."""
        return (extract, row, column) in self._cells

    def problems(self) -> tuple[Problem, ...]:
        """Return all of them, those of an extract with many counted from the 21st on."""
        out: list[Problem] = []
        by_extract = groupby(sorted(self._found.items(), key=itemgetter(0)), key=lambda item: item[0][0])
        for _, found in by_extract:
            problems = [problem for _, problem in found]
            out += problems[:_NAMED]
            if len(problems) > _NAMED:
                name = problems[0].source.split(", ")[0]
                out.append(Problem(f"has {len(problems) - _NAMED:,} more problems of this kind or others", source=name))
        return tuple(out)


def column_places(headings: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """Return where the wanted columns stand among headings.

    Raises
    ------
    UnusableSourceError
        One is missing, or stands there twice.
    """
    stripped = [heading.strip() for heading in headings]
    missing = [name for name in wanted if name.strip() not in stripped]
    if missing:
        there = listed([h for h in stripped if h])
        raise UnusableSourceError(
            f"must have a column {missing[0]!r}{near_miss(missing[0], stripped)}; its columns are {there}"
            + (f"; missing too: {listed(missing[1:])}" if len(missing) > 1 else "")
        )
    twice = [name for name in wanted if stripped.count(name.strip()) > 1]
    if twice:
        raise UnusableSourceError(f"must have one column {twice[0]!r}, and has {stripped.count(twice[0].strip())}")
    return {name: stripped.index(name.strip()) for name in wanted}
