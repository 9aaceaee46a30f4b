"""A workbook that LibreOffice has open, over its own programming interface (UNO).

LibreOffice listens only where it was told to when it was started::

    soffice "--accept=pipe,name=xlmodel;urp;" budget.xlsx

The interpreter that runs this package has no module `uno`; the one that LibreOffice brings has. So a small program,
`libreoffice_bridge`, runs there, and lines of JSON go to it and come back.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

from xlmodel.book import SetValue, patch, read_book
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.libreoffice import program
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookInUseError, SyncError, UnsupportedEditError
from xlmodel.sync.live.protocol import CellNow
from xlmodel.sync.live.ranges import as_rows, ranges_of
from xlmodel.values import ErrorValue, Scalar

__all__ = ["DEFAULT_CONNECTION", "LibreOfficeWorkbook", "office_python"]

DEFAULT_CONNECTION = "pipe,name=xlmodel"
_BRIDGE = Path(__file__).with_name("libreoffice_bridge.py")


class LibreOfficeWorkbook:
    """A workbook that a running LibreOffice has open; use it in a `with` statement.

    Parameters
    ----------
    path : Path
        The workbook's file.
    connection : str
        Where LibreOffice listens: what stands between ``--accept=`` and ``;urp;``.
    patience : float
        Seconds that LibreOffice may take for one answer.

    Raises
    ------
    SyncError
        LibreOffice cannot be reached, or does not have the workbook open; the text says what to do.
    """

    program = "LibreOffice"

    def __init__(self, path: Path, *, connection: str = DEFAULT_CONNECTION, patience: float = 120.0) -> None:
        self.path = path
        self._patience = patience
        self._process = subprocess.Popen(  # noqa: S603
            [office_python(), str(_BRIDGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._replies: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        try:
            self._ask("attach", connection=connection, file=str(path.resolve()))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the workbook; it stays open in LibreOffice."""
        process = self._process
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        try:
            process.wait(self._patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join()
        process.stdout.close()  # type: ignore[union-attr]

    def copy(self, to: Path) -> bool:
        """Write the file on disk with the constants typed since put in; LibreOffice's own export is another file.

        That writes functions it does not know in small letters, drops what it does not know, and has errors where the
        file has saved results. Formulas, sheets and tables that were changed must be saved first.
        """
        to.write_bytes(self.path.read_bytes())
        if not self._ask("modified"):
            return True
        found = self._ask("typed", saved=str(to.resolve()))
        typed = [SetValue(sheet, row, col, _content(value)) for sheet, row, col, value in found]
        to.write_bytes(patch(to, read_book(to), typed).content)
        return not typed

    def read(self, cells: Sequence[CellKey]) -> list[CellNow]:
        """Return what each cell holds; a truth value that a formula gives is a number in LibreOffice."""
        found: dict[CellKey, CellNow] = {}
        ranges = ranges_of(cells)
        asked = [[sheet, *rect] for sheet, rect in ranges]
        for (sheet, rect), block in zip(ranges, self._ask("read", ranges=asked), strict=True):
            for r, (formulas, values) in enumerate(zip(block["formulas"], block["values"], strict=True)):
                for c, (formula, value) in enumerate(zip(formulas, values, strict=True)):
                    found[CellKey(sheet, rect.top + r, rect.left + c)] = CellNow(formula, _content(value))
        return [found[cell] for cell in cells]

    def write(self, values: Sequence[SetValue]) -> None:
        """Put constants into cells, range by range."""
        for value in values:
            if isinstance(value.value, ErrorValue):
                where = CellKey(value.sheet, value.row, value.col)
                raise UnsupportedEditError(f"{where}: the error {value.value} cannot be written as a constant")
        self._ask("write", ranges=[[sheet, *rect, rows] for sheet, rect, rows in as_rows(values)])
        for code in sorted({v.number_format for v in values if v.number_format}):
            shown = [CellKey(v.sheet, v.row, v.col) for v in values if v.number_format == code]
            self._ask("show", ranges=[[sheet, *rect, code] for sheet, rect in ranges_of(shown)])

    def append(self, rows: AppendRows) -> int:
        """Let a table, in LibreOffice a database range, grow at its end."""
        table = self._ask("table", name=rows.table)
        (count,) = {len(v) for v in rows.columns.values()}
        first: int = self._ask("append", name=rows.table, count=count)
        at = {heading.casefold(): table["left"] + i for i, heading in enumerate(table["headings"])}
        for heading, column in rows.columns.items():
            if heading.casefold() not in at:
                raise UnsupportedEditError(f"table {rows.table} has no column {heading!r} any more")
            shown = rows.formats.get(heading)
            place = (table["sheet"], at[heading.casefold()])
            self.write([SetValue(place[0], first + i, place[1], v, shown) for i, v in enumerate(column.scalars())])
        return first

    def remove(self, rows: RemoveRows) -> None:
        """Take rows out of a table; cells below it come up."""
        self._ask("remove", name=rows.table, rows=list(rows.rows))

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Make one change, which is one step for Edit > Undo in LibreOffice."""
        self._ask("begin")
        try:
            yield
        except BaseException:
            self._ask("end", keep=False)
            raise
        self._ask("end", keep=True)

    def _ask(self, operation: str, **details: Any) -> Any:
        process = self._process
        try:
            process.stdin.write(json.dumps({"op": operation, **details}) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            reply = self._replies.get(timeout=self._patience)
        except Empty:
            process.kill()
            raise BookInUseError(
                f"LibreOffice did not answer within {self._patience:.0f} s; it may show a question: answer it there "
                "and try again"
            ) from None
        except OSError:
            reply = ""
        if not reply:
            raise SyncError("the connection to LibreOffice broke; look in LibreOffice at what was written, and undo it")
        said = json.loads(reply)
        if "refusal" in said:
            raise SyncError(f"{self.path.name}: {said['refusal']}")
        return said["answer"]

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._replies.put(line)
        self._replies.put("")


@lru_cache(maxsize=1)
def office_python() -> str:
    """Return a Python that has LibreOffice's module `uno`.

    Raises
    ------
    SyncError
        None is found.
    """
    soffice = program()
    found = shutil.which(soffice) if soffice else None
    beside = Path(found).resolve().parent if found else Path()
    bundled = [beside / "python.exe", beside / "python", beside.parent / "Resources" / "python"] if found else []
    others = [shutil.which(name) for name in ("python3", "python")]
    for python in (*map(str, bundled), sys.executable, "/usr/bin/python3", *filter(None, others)):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=30).returncode == 0:  # noqa: S603
                return python
    raise SyncError(
        "no Python with LibreOffice's module uno was found; on Debian and Ubuntu: apt-get install python3-uno"
    )


def _content(value: Any) -> Scalar:
    if isinstance(value, dict):
        return ErrorValue(value["error"])
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
