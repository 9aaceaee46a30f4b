"""A file that no program has open, behind the protocol of those that are: for scripts, and to hold all to one test."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlmodel.book import SetValue, patch, read_book, refuse_early, save
from xlmodel.book.table_rows import AppendRows, RemoveRows, append_rows, remove_rows
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import SyncError
from xlmodel.sync.live.protocol import CellNow
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.means import Means

__all__ = ["ClosedWorkbook"]


class ClosedWorkbook:
    """A workbook on disk; a change is saved as one, recalculated, when it ends."""

    program = "no program"

    def __init__(self, path: Path, means: Means) -> None:
        self.path = path
        self._means = means
        self._draft: Path | None = None

    def copy(self, to: Path) -> bool:
        """Write the file as it is."""
        to.write_bytes(self.path.read_bytes())
        return True

    def read(self, cells: Sequence[CellKey]) -> list[CellNow]:
        """Return what each cell holds."""
        book = read_book(self._draft or self.path)
        found = []
        for name, row, col in cells:
            sheet = book.sheet(name)
            at = sheet.find(row, col)
            found.append(CellNow("", None) if at < 0 else CellNow(book.formula_a1(sheet, at), sheet.values.item(at)))
        return found

    def write(self, values: Sequence[SetValue]) -> None:
        """Put constants into cells."""
        draft = self._changed()
        draft.write_bytes(patch(draft, read_book(draft), values).content)

    def append(self, rows: AppendRows) -> int:
        """Let a table grow at its end."""
        draft = self._changed()
        grown = append_rows(draft.read_bytes(), read_book(draft), rows)
        assert grown.filled is not None
        draft.write_bytes(grown.content)
        return grown.filled.top

    def remove(self, rows: RemoveRows) -> None:
        """Take rows out of a table."""
        draft = self._changed()
        draft.write_bytes(remove_rows(draft.read_bytes(), read_book(draft), rows).content)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Make one change: of a draft, which takes the file's place at the end."""
        refuse_early(self.path)
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / self.path.name
            draft.write_bytes(self.path.read_bytes())
            before = read_book(draft).sha256
            self._draft = draft
            try:
                yield
                recalculate(draft, self._means)
                save(draft.read_bytes(), self.path, expect_sha256=before)
            finally:
                self._draft = None

    def _changed(self) -> Path:
        if self._draft is None:
            raise SyncError(f"{self.path.name} is written only inside `changing`")
        return self._draft
