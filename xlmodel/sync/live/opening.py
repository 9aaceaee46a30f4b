"""Finding a workbook in the program that has it open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from xlmodel.sync.live.excel import ExcelWorkbook
from xlmodel.sync.live.libreoffice import DEFAULT_CONNECTION, LibreOfficeWorkbook
from xlmodel.sync.live.protocol import OpenWorkbook

__all__ = ["ProgramName", "open_workbook"]

ProgramName = Literal["excel", "libreoffice"]


@contextlib.contextmanager
def open_workbook(path: Path, program: ProgramName, *, connection: str = DEFAULT_CONNECTION) -> Iterator[OpenWorkbook]:
    """Yield a workbook as a program has it open; it stays open there.

    Parameters
    ----------
    path : Path
        The workbook's file.
    program : {"excel", "libreoffice"}
        The program.
    connection : str
        Where LibreOffice listens, as it was told with ``--accept``; Excel needs none.

    Raises
    ------
    SyncError
        The program does not have the workbook open, or cannot be reached; the message says what to do.
    """
    if program == "excel":
        yield ExcelWorkbook(path)
        return
    with LibreOfficeWorkbook(path, connection=connection) as workbook:
        yield workbook
