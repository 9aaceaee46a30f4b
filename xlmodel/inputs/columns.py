"""What a file of a demand project is made of: columns with a kind, a unit and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandera.pandas as pa

from xlmodel.inputs.cells import Kind

__all__ = ["Column", "Table"]

_FRACTION = " (a fraction: 0.05 is 5 %)"


@dataclass(frozen=True)
class Column:
    """One column, or one value of a list of names and values: what it holds, in which unit, within which bounds."""

    name: str
    kind: Kind
    about: str
    required: bool = True  #: whether the column must be there, and no cell of it blank
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    words: tuple[str, ...] = ()

    @property
    def bounds(self) -> str:
        """What a value must be, in words; "" where anything goes."""
        limits = ((">=", self.at_least), (">", self.above), ("<=", self.at_most), ("<", self.below))
        found = [f"{sign} {limit:g}" for sign, limit in limits if limit is not None]
        if self.words:
            found.append(f"one of {', '.join(self.words)}")
        return " and ".join(found)

    @property
    def requirement(self) -> str:
        """The bounds as what is said of a value that breaks them."""
        return f"must be {self.bounds}" + (_FRACTION if self.at_most == 1 else "")

    def allows(self, value: float) -> bool:
        """Whether a number is within the bounds; a missing one is."""
        return not (
            (self.at_least is not None and value < self.at_least)
            or (self.above is not None and value <= self.above)
            or (self.at_most is not None and value > self.at_most)
            or (self.below is not None and value >= self.below)
        )

    @property
    def checks(self) -> list[pa.Check]:
        """The bounds as pandera checks, each of which says what a value must be."""
        made: list[tuple[float | None, Any]] = [
            (self.at_least, pa.Check.ge),
            (self.above, pa.Check.gt),
            (self.at_most, pa.Check.le),
            (self.below, pa.Check.lt),
        ]
        checks = [check(limit, error=self.requirement) for limit, check in made if limit is not None]
        return checks + ([pa.Check.isin(["", *self.words], error=self.requirement)] if self.words else [])


@dataclass(frozen=True)
class Table:
    """One file: its columns, what makes a row of it the only one of its kind, and rows to copy."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    examples: tuple[str, ...]  #: rows as they stand in the file
    required: bool = False

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """What a table of typed cells must satisfy; blank cells of optional columns pass."""
        return pa.DataFrameSchema(
            {c.name: pa.Column(checks=c.checks, nullable=True) for c in self.columns if c.checks}, name=self.file
        )

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(c for c in self.columns if c.name == name)
