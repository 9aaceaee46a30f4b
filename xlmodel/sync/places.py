"""A place in a workbook that holds rows under headings: a table, a name, or a range of a sheet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.engine.frames import unpack_values
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import Rect
from xlmodel.values import Values

__all__ = ["Place", "read_place"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place as the file has it, with saved values."""

    sha256: str  #: of the file
    date1904: bool
    sheet: str
    body: Rect  #: the rows under the headings, without totals
    headings: tuple[str, ...]  #: "" where a column has none
    cells: Values  #: rows by columns
    number_formats: list[list[str]]  #: likewise
    merged: tuple[str, ...]  #: ranges of merged cells that reach into the body

    def cell(self, row: int, column: int) -> CellKey:
        """Return a cell, counted from 0 within the body."""
        return CellKey(self.sheet, self.body.top + row, self.body.left + column)


def read_place(path: Path, place: str, worker: Worker, *, headings: bool = True, timeout: float | None = None) -> Place:
    """Read a place of a workbook in a worker.

    Parameters
    ----------
    path : Path
        The workbook.
    place : str
        A table, a name, ``Sheet!A5:G12``, or the first heading of rows that end where a row is blank: ``Sheet!A5``.
    worker : Worker
        Where it is read.
    headings : bool
        Whether the first row of a range or a name holds headings; a table has its own.
    timeout : float, seconds, optional
        How long it may take.

    Raises
    ------
    BookError
        The file is not a readable workbook, or has no such sheet or range.
    SyncError
        It has no table or name of that kind.
    EngineError
        It did not finish, or the worker died.
    """
    header, arrays = worker.call("place", timeout=timeout, path=os.path.abspath(path), place=place, headed=headings)
    formats = header["number_formats"]
    return Place(
        header["sha256"],
        header["date1904"],
        header["sheet"],
        Rect(*header["body"]),
        tuple(header["headings"]),
        unpack_values("cells", header, arrays),
        [[formats[style] for style in row] for row in arrays["styles"].tolist()],
        tuple(header["merged"]),
    )
