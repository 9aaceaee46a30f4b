"""LibreOffice as a witness: a process of its own, given a plain workbook of the cells that a formula reads.

It never sees the file that is verified, but one that is written here: constants, and the formulas asked about, without
results. So it can echo nothing, and there are no macros, links or objects in what it opens.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlmodel.book import read_book
from xlmodel.book.workbook import Book
from xlmodel.engine.asked import Asked, beside, saved_cells
from xlmodel.engine.called import functions_called
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import EngineError
from xlmodel.refs import to_r1c1
from xlmodel.values import ErrorValue, Scalar

__all__ = ["at_the_edge", "program", "put", "read_answers", "recalculated", "written"]

_WINDOWS = Path("C:/Program Files/LibreOffice/program/soffice.com")
_MACOS = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
#: In a formula with one of these it may be off where a number lies at the edge of two results: no word for another.
_AT_THE_EDGE = frozenset(
    """CEILING CEILING.MATH CEILING.PRECISE DOLLAR EVEN FIXED FLOOR FLOOR.MATH FLOOR.PRECISE INT ISO.CEILING MOD MROUND
    ODD QUOTIENT ROUND ROUNDDOWN ROUNDUP TEXT TRUNC""".split()
)
_UNKNOWN = ErrorValue("#NAME?")
_SETTING = '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}"><value>{}</value></prop></item>\n'
#: It calculates what it opens, and runs no macro.
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    + _SETTING.format("Calc/Formula/Load", "OOXMLRecalcMode", 0)
    + _SETTING.format("Common/Security/Scripting", "MacroSecurityLevel", 3)
    + "</oor:items>\n"
)


def program() -> str | None:
    """Return where LibreOffice is installed; None where it is not."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((str(p) for p in (_WINDOWS, _MACOS) if p.is_file()), None)


def written(book: Book, questions: Sequence[Asked]) -> bytes:
    """Return a workbook with the formulas and what is saved in the cells they read, and no result.

    Raises
    ------
    EngineError
        A text cannot be written.
    """
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.utils.exceptions import IllegalCharacterError

    made = openpyxl.Workbook()
    if book.date1904:
        made.epoch = CALENDAR_MAC_1904
    made.remove(made.active)
    sheets = [made.create_sheet(name) for name in (*(s.name for s in book.sheets), *beside(book))]
    try:
        for number, row, col, content in saved_cells(book, questions):
            put(sheets[number].cell(row, col), content)
    except IllegalCharacterError:
        raise EngineError("a text among the cells holds characters that a file cannot hold") from None
    for one in questions:
        sheets[len(book.sheets) + one.sheet].cell(one.cell.row, one.cell.col).value = "=" + one.formula
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def put(cell: Any, content: Scalar) -> None:
    """Put a constant into a cell of openpyxl as what it is."""
    if isinstance(content, ErrorValue):
        cell.value, cell.data_type = content.code, "e"
        return
    cell.value = content
    if isinstance(content, str):
        cell.data_type = "s"  # also where it begins with an equals sign


def recalculated(content: bytes, folder: Path, *, timeout: float) -> Path:
    """Have LibreOffice open a workbook and save what it makes of it; return the new file, in a folder.

    It runs with a profile of its own, without a screen, and is killed with all it started when the time is over.

    Raises
    ------
    EngineError
        It is not installed, did not finish, or wrote nothing.
    """
    soffice = program()
    if soffice is None:
        raise EngineError("LibreOffice is not installed")
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    out.mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    source = folder / "asked.xlsx"
    source.write_bytes(content)
    command = [
        soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck",
        "--convert-to", "xlsx", "--outdir", str(out), str(source),
    ]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "SYSTEMROOT", "TEMP", "TMP")}
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**environment, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"},
        start_new_session=os.name == "posix",
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise EngineError(f"LibreOffice did not finish within {timeout:.0f} s") from None
    finally:
        _end(process)
    result = out / "asked.xlsx"
    if not result.is_file():
        raise EngineError("LibreOffice wrote nothing")
    return result


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def read_answers(path: Path, book: Book, questions: Sequence[Asked]) -> Mapping[CellKey, Scalar]:
    """Return what LibreOffice saved for formulas; what it does not know is left out."""
    said, names = read_book(path), beside(book)
    found = {one.cell: said.sheet(names[one.sheet]).value(one.cell.row, one.cell.col) for one in questions}
    return {cell: value for cell, value in found.items() if value is not None and value != _UNKNOWN}


def at_the_edge(formula: str) -> bool:
    """Tell whether LibreOffice may be off in a formula, in A1 notation, where a number lies at the edge of two."""
    return not _AT_THE_EDGE.isdisjoint(functions_called(to_r1c1(formula, 1, 1)))
