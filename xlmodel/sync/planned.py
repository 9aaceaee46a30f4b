"""A plan: what a sync would do to a workbook, in full, before anything is done. Pure data, the same on every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xlmodel.engine.protocol import CellKey
from xlmodel.values import Scalar

__all__ = [
    "CellChange",
    "Conflict",
    "Effects",
    "FeedPlan",
    "Figure",
    "Kept",
    "Key",
    "Plan",
    "Problem",
    "RowAdded",
    "RowRemoved",
    "Side",
    "Total",
]

Side = Literal["source", "workbook"]
Key = tuple[Scalar, ...]  #: the values of a feed's key columns, which tell a row


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of a row that is there."""

    cell: CellKey  #: where it stands before the plan
    key: Key
    column: str
    old: Scalar
    new: Scalar
    source: str  #: where the new value comes from, as a person finds it: "ledger_2024-05.csv, row 7"
    number_format: str = ""  #: how the cell shows numbers
    first: bool = False  #: never synced before: the old value was typed, or came some other way


@dataclass(frozen=True, slots=True)
class RowAdded:
    """A row that comes to the end of the table."""

    key: Key
    values: Mapping[str, Scalar]
    source: str


@dataclass(frozen=True, slots=True)
class RowRemoved:
    """A row that goes."""

    row: int  #: of the sheet, before the plan
    key: Key
    values: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both the source and the workbook changed what was synced last."""

    id: str  #: C3F9A, made of what stands in conflict: for --choose C3F9A=source
    key: Key
    column: str | None  #: None for a whole row that one side removed
    cell: CellKey | None
    base: Scalar
    source_value: Scalar
    workbook_value: Scalar
    source: str
    choice: Side | None = None
    #: of a whole row: which side removed it
    removed_by: Side | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the plan leaves as it is, and says so."""

    why: Literal["typed", "deleted", "not in source", "unplaced", "own row"]
    key: Key
    column: str | None
    cell: CellKey | None
    workbook_value: Scalar
    source_value: Scalar


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a feed, or one of its cells, cannot be planned: nothing of the plan is applied while one stands."""

    what: str  #: what is wrong, where, and what to do
    cell: CellKey | None = None
    source: str = ""  #: the place in the source: "ledger_2024-05.csv, row 7, column amount"


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a column of numbers, all rows of the target."""

    column: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A calculated cell that the plan changes."""

    cell: CellKey  #: where it stands after the plan
    label: str  #: as the sheet calls it: "Stock, 2026/27, Closing"
    before: Scalar
    after: Scalar
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What depends on the changes."""

    recalculated: int  #: calculated cells whose value changes
    by_sheet: Mapping[str, int]
    figures: tuple[Figure, ...]  #: those declared as key figures, else the ends of the chains, the first sheets' first
    left_to_excel: int  #: calculated cells that only Excel can calculate; it will on opening the file
    checks_total: int
    failing_before: tuple[str, ...]  #: the workbook's own checks, by what they hold
    failing_after: tuple[str, ...]
    errors: tuple[Figure, ...] = ()  #: cells that would show an error, and show none now

    @property
    def failing_anew(self) -> tuple[str, ...]:
        """The checks that hold now, and would begin to fail."""
        return tuple(check for check in self.failing_after if check not in self.failing_before)


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What one feed would do."""

    feed: str
    target: str  #: "table Budget_lines on sheet In-year"
    sources: Mapping[str, str]  #: what was read: name -> sha256
    declaration: str  #: sha256 of what the settings say
    rows_read: int
    keys: tuple[str, ...] = ()  #: the columns that tell rows apart; each key has a value for each
    changes: tuple[CellChange, ...] = ()
    added: tuple[RowAdded, ...] = ()
    removed: tuple[RowRemoved, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    kept: tuple[Kept, ...] = ()
    problems: tuple[Problem, ...] = ()
    totals: tuple[Total, ...] = ()
    formats: Mapping[str, str] = field(default_factory=dict)  #: column -> how its cells show numbers
    left_out: tuple[str, ...] = ()  #: formulas and names that read down to the new rows, and do not take them in
    rows_moved: str = ""  #: what else moves on the sheet: "rows 9 to 21 of In-year move down by 2"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync would do to one workbook."""

    workbook: str  #: relative to the project's folder
    sha256: str  #: of the workbook it was made for
    functions: str  #: the version of the functions it was calculated with
    feeds: tuple[FeedPlan, ...]
    effects: Effects | None  #: None while problems or open conflicts stand
    after_sha256: str = ""  #: of the workbook that apply would save; "" as for effects
    choices: Mapping[str, Side] = field(default_factory=dict)  #: conflict -> side, as chosen
    date1904: bool = False  #: whether the workbook counts days from 1904; the dates of a plan are the workbook's

    @property
    def blocked(self) -> bool:
        """Whether something has to be resolved before it can be applied."""
        return any(f.problems or any(c.choice is None for c in f.conflicts) for f in self.feeds)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(f.changes or f.added or f.removed for f in self.feeds)
