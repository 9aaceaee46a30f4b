"""What every recalculation engine does, and what it hands back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from xlmodel.book.workbook import Book
from xlmodel.refs import cell_name
from xlmodel.registry import Registry
from xlmodel.values import Scalar, Values

__all__ = ["CellKey", "Engine", "Precedent", "Reason", "Result", "Why"]


class CellKey(NamedTuple):
    """A cell of the workbook: sheet name, row, column."""

    sheet: str
    row: int
    col: int

    def __str__(self) -> str:
        return f"{self.sheet}!{cell_name(self.row, self.col)}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell was not calculated. `code` is for machines, `text` for people."""

    #: unknown-function, unsupported-function, unsupported-syntax, volatile, circular, external, depends, engine-error
    #: or not-loaded
    code: str
    text: str


@dataclass(frozen=True, eq=False)
class Result:
    """The calculated value of every formula cell; where there is none, the reason."""

    cells: tuple[CellKey, ...]
    values: Values  #: one a cell; blank where not calculated
    reasons: Mapping[CellKey, Reason] = field(default_factory=dict)
    spills: Mapping[CellKey, Values] = field(
        default_factory=dict
    )  #: anchor -> the whole array it fills, rows by columns
    messages: Mapping[CellKey, str] = field(default_factory=dict)  #: what a registry function said of its error
    volatile: frozenset[CellKey] = frozenset()  #: values that hang on the clock or on chance: no two runs need agree


class Precedent(NamedTuple):
    """One input of a formula, with what it holds."""

    reference: str
    values: Values


@dataclass(frozen=True, slots=True)
class Why:
    """How one cell comes to its value."""

    cell: CellKey
    formula: str
    value: Scalar
    precedents: tuple[Precedent, ...]
    reason: Reason | None = None
    message: str | None = None


class Engine(Protocol):
    """A recalculation engine. It opens no files; it sees no saved result but through `local`."""

    def load(self, book: Book, registry: Registry) -> None:
        """Take in a workbook from which saved results were stripped, and the functions its cells may call."""

    def calculate(
        self, inputs: Mapping[CellKey, Scalar] | None = None, scenarios: Sequence[Mapping[CellKey, Scalar]] = ()
    ) -> Result:
        """Calculate every formula from the input cells, some of them replaced by `inputs`."""

    def local(self, saved: Book, cells: Collection[CellKey] | None = None) -> Result:
        """Calculate each formula from its precedents' saved values; of some cells alone where that is less work."""

    def why(self, cell: CellKey) -> Why:
        """Explain the value of a cell after `calculate`."""

    def close(self) -> None:
        """Let go of what was loaded."""
