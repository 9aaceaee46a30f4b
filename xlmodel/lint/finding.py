"""What a rule found: the cells, in words, and what would mend them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from xlmodel.refs import Rect
from xlmodel.values import Scalar

__all__ = ["Finding", "Severity"]


class Severity(Enum):
    """How much a finding weighs. Errors and warnings fail a run; notes do not."""

    ERROR = "error"  #: a figure is wrong, or will be at the next change
    WARNING = "warning"  #: a figure may be wrong
    NOTE = "note"  #: worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at its root.

    Attributes
    ----------
    rule : str
        Such as ``formula-breaks-block``.
    sheet : str
        Where the cells stand; "" for what concerns the workbook as a whole.
    cells : tuple of Rect
        What is accused, and nothing else: the odd side of an inconsistency, never both. The first cell of the first
        rectangle stands for the finding.
    message : str
        One sentence that a finance officer understands: what is there, against what. Without the cell's name.
    fix : str
        What to do in this cell; one sentence.
    label : str
        What the sheet calls the first cell: ``Residential, 2025/26``.
    formula, proposed : str
        Of the first cell, in A1 notation without the equals sign; "" where there is none.
    saved, would_be : Scalar
        What the first cell holds, and what the proposal gives from what is saved in the cells it refers to.
    changes_value : bool or None
        Whether the proposal changes the value; None where it could not be calculated.
    against : str
        The cells it was compared with, such as ``C5:N5``; "" where there are none.
    fingerprint : str
        Names the finding across versions of the workbook, also where rows were inserted; set when all are gathered.
    """

    rule: str
    severity: Severity
    sheet: str
    cells: tuple[Rect, ...]
    message: str
    fix: str = ""
    label: str = ""
    formula: str = ""
    proposed: str = ""
    saved: Scalar = None
    would_be: Scalar = None
    changes_value: bool | None = None
    against: str = ""
    fingerprint: str = ""

    @property
    def cell(self) -> tuple[int, int] | None:
        """The row and column of the first cell; None where the finding concerns the workbook."""
        return (self.cells[0].top, self.cells[0].left) if self.cells else None

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield the row and column of every cell."""
        for rect in self.cells:
            for row in range(rect.top, rect.bottom + 1):
                for col in range(rect.left, rect.right + 1):
                    yield row, col
