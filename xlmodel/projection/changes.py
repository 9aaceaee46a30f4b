"""What differs between two workbooks: what somebody changed, and what followed from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from xlmodel.refs import Rect

__all__ = ["Change", "ChangeKind", "Changes", "Followed"]


class ChangeKind(Enum):
    """What happened to some cells, or to the workbook."""

    INPUT = "input changed"
    FORMULA = "formula changed"
    VALUE = "value changed on its own"  #: the formula is the same, and nothing that it depends on changed
    ROWS_INSERTED = "rows inserted"
    ROWS_DELETED = "rows deleted"
    ROWS_MOVED = "rows in another order"
    COLUMNS_INSERTED = "columns inserted"
    COLUMNS_DELETED = "columns deleted"
    COLUMNS_MOVED = "columns in another order"
    HIDDEN = "hidden rows changed"
    SHEET_ADDED = "sheet added"
    SHEET_REMOVED = "sheet removed"
    SHEET_RENAMED = "sheet renamed"
    SHEET_STATE = "sheet hidden or shown"
    NAME = "name changed"
    TABLE = "table changed"
    SETTING = "setting changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody, or some program, changed.

    Attributes
    ----------
    kind : ChangeKind
    sheet : str
        "" for what concerns the workbook as a whole.
    rect : Rect or None
        The cells in the new workbook; of what is gone, in the old one.
    label : str
        What the sheet calls the first cell.
    before, after : str
        What the first cell held and holds: a formula in A1 notation with its equals sign, or a value. "" for nothing.
    subject : str
        The name, table or setting that changed.
    reaches : int
        How many other calculated values changed with it, that depend on it.
    """

    kind: ChangeKind
    sheet: str = ""
    rect: Rect | None = None
    label: str = ""
    before: str = ""
    after: str = ""
    subject: str = ""
    reaches: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """Calculated values on one sheet that changed because what they depend on did."""

    sheet: str
    cells: int
    rect: Rect  #: the first of them
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two workbooks.

    Attributes
    ----------
    roots : tuple of Change
        What was changed, in the order of the workbook.
    followed : tuple of Followed
        What followed from it, by sheet.
    volatile : int
        Cells whose value hangs on the clock or on chance, and differs for that reason.
    """

    roots: tuple[Change, ...] = ()
    followed: tuple[Followed, ...] = ()
    volatile: int = 0

    def __bool__(self) -> bool:
        return bool(self.roots or self.followed)

    @property
    def propagated(self) -> int:
        """How many calculated values changed because what they depend on did."""
        return sum(f.cells for f in self.followed)
