"""What a program must offer so that a plan can be applied to the workbook it has open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from xlmodel.book import SetValue
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.protocol import CellKey
from xlmodel.values import Scalar

__all__ = ["CellNow", "OpenWorkbook"]


class CellNow(NamedTuple):
    """What a cell of an open workbook holds at this moment."""

    formula: str  #: as the program writes it, without the equals sign; "" for none
    value: Scalar


class OpenWorkbook(Protocol):
    """A workbook as a program holds it, with whatever was typed since it was saved.

    A plan is made from a copy (`copy`), by the same code as for a closed file. Applying it reads the cells again,
    refuses where one is not what the plan says, writes, has the program calculate, and reads back what it wrote.
    Rows and columns count from 1.
    """

    @property
    def program(self) -> str:
        """The program's name, as people know it."""

    @property
    def path(self) -> Path:
        """The file that the program has open."""

    def copy(self, to: Path) -> bool:
        """Write the workbook as it is now, what is not saved included, to a new file.

        Returns whether its saved results are those of what it holds: False where the program does not calculate as
        Excel does, and something was typed.
        """

    def read(self, cells: Sequence[CellKey]) -> list[CellNow]:
        """Return what each cell holds."""

    def write(self, values: Sequence[SetValue]) -> None:
        """Put constants into cells; only inside `changing`."""

    def append(self, rows: AppendRows) -> int:
        """Let a table grow at its end, as the program does it; return the first new row. Only inside `changing`."""

    def remove(self, rows: RemoveRows) -> None:
        """Take rows out of a table, as the program does it; only inside `changing`."""

    def changing(self) -> AbstractContextManager[None]:
        """Hold screen updating, events and calculation for one change; at its end put them back and calculate.

        An exception inside takes back all that was written before it goes on.
        """
