"""Reading a sheet through expat: slower than `sheet_scan`, and right for every well-formed sheet."""

from __future__ import annotations

from xlmodel.book.columns import Columns
from xlmodel.book.events import parse_events
from xlmodel.errors import BookError
from xlmodel.refs import ReferenceSyntaxError, parse_cell

__all__ = ["read_events"]


class _Cells:
    """The state between the events of one sheet."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.path: list[str] = []
        self.row = self.col = 0
        self.attributes: dict[str, str] = {}
        self.value: list[str] | None = None
        self.inline: list[str] | None = None
        self.formula: list[str] | None = None
        self.about: dict[str, str] = {}
        self.sink: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        path = self.path
        depth = len(path)
        path.append(name)
        if depth < 2 or path[1] != "sheetData" or path[0] != "worksheet":
            self.columns.frame.element(path, attributes)
            return
        if depth == 3:
            if name == "c" and path[2] == "row":
                self._open_cell(attributes)
        elif depth == 4:
            if path[3] == "c":
                if name == "v":
                    self.sink = self.value = []
                elif name == "f":
                    self.sink = self.formula = []
                    self.about = attributes
                elif name == "is":
                    self.inline = []
        elif depth == 2 and name == "row":
            self.row = self._number(attributes["r"]) if "r" in attributes else self.row + 1
            self.col = 0
            self.columns.open_row(self.row, attributes)
        # a phonetic run's text lies in is/rPh/t, a rich run's in is/r/t
        elif (
            name == "t"
            and self.inline is not None
            and path[4] == "is"
            and (depth == 5 or (depth == 6 and path[5] == "r"))
        ):
            self.sink = self.inline

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.value = self.inline = self.formula = self.sink = None
        name = attributes.get("r")
        if name is None:
            self.col += 1
            return
        try:
            row, self.col = parse_cell(name)
        except ReferenceSyntaxError as error:
            raise BookError(f"{self.columns.context.book}, sheet {self.columns.sheet!r}: {error}") from error
        if row != self.row:
            raise BookError(
                f"{self.columns.context.book}, sheet {self.columns.sheet!r}: cell {name} stands in row {self.row}"
            )

    def _number(self, text: str) -> int:
        try:
            return int(text)
        except ValueError:
            raise BookError(
                f"{self.columns.context.book}, sheet {self.columns.sheet!r}: {text!r} is not a row"
            ) from None

    def end(self, name: str) -> None:
        path = self.path
        path.pop()
        depth = len(path)
        if depth >= 4:
            if name in ("v", "f", "t"):
                self.sink = None
        elif depth == 3 and name == "c" and path[2] == "row" and path[1] == "sheetData":
            kind = self.attributes.get("t", "n")
            found = self.inline if kind == "inlineStr" else self.value
            self.columns.put(
                self.row,
                self.col,
                self.columns.context.formats.of_style(self.attributes.get("s", "0")),
                kind,
                None if found is None else "".join(found),
                None if self.formula is None else "".join(self.formula),
                self.about,
                self.attributes.get("cm"),
            )

    def text(self, text: str) -> None:
        if self.sink is not None:
            self.sink.append(text)
        elif len(self.path) == 4:
            self.columns.frame.text(text)


def read_events(content: bytes, columns: Columns) -> None:
    """Add every cell of a sheet's XML to its columns."""
    cells = _Cells(columns)
    where = f"{columns.context.book}, sheet {columns.sheet!r}"
    parse_events(content, where, cells.start, cells.end, cells.text)
