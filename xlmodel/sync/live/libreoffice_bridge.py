"""The other end of `libreoffice`: run by the Python that LibreOffice brings, for only that one has its module `uno`.

It answers requests, a line of JSON each, until standard input ends; then a change that was not finished is taken back.
It needs nothing but the standard library and `uno`.

A cell's content crosses as null, a number, a text, true or false, or ``{"error": "#N/A"}``. LibreOffice has no truth
values and no constant errors: it keeps the formulas ``=TRUE()`` and ``=#N/A`` instead, and these are read as constants.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import uuid
from contextlib import suppress
from typing import Any

_ERRORS = {
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
_TRUTH = {"=TRUE()": True, "=FALSE()": False}
#: com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, ANNOTATION, FORMULA
_CONTENTS = 1 | 2 | 4 | 8 | 16


class RefusalError(Exception):
    """What is asked for cannot be done; the text is for people."""


class OpenDocument:
    """A spreadsheet that a running LibreOffice has open."""

    def __init__(self, connection: str, file: str) -> None:
        self.uno: Any = importlib.import_module("uno")
        self.desktop = self._desktop(connection)
        self.document = self._find(file)
        self.title = ""
        self.automatic = True
        self.came: tuple[str, int, int] = ("", 0, 0)  #: the rows that came last: sheet, first and last

    def _desktop(self, connection: str) -> Any:
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        try:
            context = resolver.resolve(f"uno:{connection};urp;StarOffice.ComponentContext")
        except Exception as error:
            raise RefusalError(
                f"no LibreOffice listens at {connection}; start it as: soffice --accept={connection};urp;"
            ) from error
        return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def _find(self, file: str) -> Any:
        components, others = self.desktop.Components.createEnumeration(), []
        while components.hasMoreElements():
            document = components.nextElement()
            if not getattr(document, "supportsService", lambda _: False)("com.sun.star.sheet.SpreadsheetDocument"):
                continue
            if document.URL and _same_file(self.uno.fileUrlToSystemPath(document.URL), file):
                if document.isReadonly():
                    raise RefusalError(f"LibreOffice has {os.path.basename(file)} open for reading only")
                return document
            others.append(document.Title)
        has = f"it has {', '.join(others)}" if others else "it has no workbook open"
        raise RefusalError(f"LibreOffice does not have {os.path.basename(file)} open; {has}")

    def modified(self) -> bool:
        """Return whether there is something that was not saved."""
        return bool(self.document.isModified())

    def typed(self, saved: str) -> list[list[Any]]:
        """Return the constants that are not those of the file as it was saved, each [sheet, row, column, content].

        A copy of the file is opened beside the workbook, unseen, so that the same program reads both.
        """
        hidden = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue", "Hidden", 0, True, 0)
        url = self.uno.systemPathToFileUrl(saved)
        before = self.desktop.loadComponentFromURL(url, "_blank", 0, (hidden,))
        try:
            if _layout(before) != _layout(self.document):
                raise RefusalError(
                    "sheets, tables or names were changed since it was saved; save it there and try again"
                )
            found = []
            for old, new in zip(_sheets(before), _sheets(self.document), strict=True):
                bottom, right = map(max, zip(_end(old), _end(new), strict=True))
                block = (0, 0, right, bottom)
                was, now = (self._contents(s.getCellRangeByPosition(*block)) for s in (old, new))
                for row, col in _differences(was, now):
                    if now["formulas"][row][col] or (was["formulas"][row][col] and now["values"][row][col] is None):
                        raise RefusalError(
                            f"a formula on sheet {new.Name}, row {row + 1}, column {col + 1}, was changed since it was "
                            "saved; save it there and try again"
                        )
                    found.append([new.Name, row + 1, col + 1, now["values"][row][col]])
            return found
        finally:
            before.close(True)

    def read(self, ranges: list[list[Any]]) -> Any:
        """Return the formulas and values of ranges, each [sheet, top, left, bottom, right]."""
        return [self._contents(self._range(*place)) for place in ranges]

    def _contents(self, cells: Any) -> Any:
        formulas = [list(row) for row in cells.getFormulaArray()]
        values = [list(row) for row in cells.getDataArray()]
        for r, row in enumerate(formulas):
            for c, text in enumerate(row):
                value = values[r][c]
                if value is None:
                    code = cells.getCellByPosition(c, r).getError()
                    values[r][c] = {"error": _ERRORS.get(code, "#VALUE!")}
                elif not text:
                    values[r][c] = None
                elif text in _TRUTH and value != text:
                    values[r][c] = _TRUTH[text]
                row[c] = text.strip("{}").removeprefix("=") if _is_formula(text, value) else ""
        return {"formulas": formulas, "values": values}

    def write(self, ranges: list[list[Any]]) -> None:
        """Put contents into ranges, each [sheet, top, left, bottom, right, rows].

        A range at once where its cells hold something, or came in this change; else cell by cell, which takes longer:
        LibreOffice cannot undo what is written at once into blank cells.
        """
        for sheet, top, left, bottom, right, rows in ranges:
            cells = self._range(sheet, top, left, bottom, right)
            name, first, last = self.came
            at_once = (name == sheet and first <= top <= bottom <= last) or all(map(all, cells.getFormulaArray()))
            if at_once:
                cells.setDataArray(tuple(tuple("" if _apart(v) else v for v in row) for row in rows))
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if not at_once or isinstance(value, bool):
                        _put(cells.getCellByPosition(c, r), value)

    def show(self, ranges: list[list[Any]]) -> None:
        """Give ranges a number format, each [sheet, top, left, bottom, right, format]."""
        formats = self.document.NumberFormats
        english = self.uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        for *place, code in ranges:
            key = formats.queryKey(code, english, False)
            self._range(*place).NumberFormat = formats.addNew(code, english) if key < 0 else key

    def table(self, name: str) -> Any:
        """Return a table's sheet, its headings and where its first and last rows of data and first column stand."""
        area, totals = self._area(name)
        sheet = self.document.Sheets.getByIndex(area.Sheet)
        heads = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.StartRow)
        return {
            "sheet": sheet.Name,
            "headings": [str(text) for text in heads.getDataArray()[0]],
            "first": area.StartRow + 2,
            "last": area.EndRow + 1 - totals,
            "left": area.StartColumn + 1,
        }

    def append(self, name: str, count: int) -> int:
        """Let a table grow at its end; return the first new row.

        The cells come in above the last row of data, which is then put back: so whatever refers to all of the table's
        rows takes in the new ones. Formats and formulas are those of the last row.
        """
        area, totals = self._area(name)
        sheet = self.document.Sheets.getByIndex(area.Sheet)
        last, left, right = area.EndRow - totals, area.StartColumn, area.EndColumn
        body = sheet.getCellRangeByPosition(left, area.StartRow + 1, right, last)
        if last == area.StartRow + 1 and not any(body.getFormulaArray()[0]):  # a table without rows has a blank one
            last, count = last - 1, count - 1
        if count:
            self._insert(name, count)
            self.came = (sheet.Name, area.EndRow - totals + 2, area.EndRow - totals + 1 + count)
        return int(last) + 2

    def _insert(self, name: str, count: int) -> None:
        area, totals = self._area(name)
        sheet = self.document.Sheets.getByIndex(area.Sheet)
        last, left, right = area.EndRow - totals, area.StartColumn, area.EndColumn

        def rows(first: int, number: int) -> Any:
            place = (left, first, right, first + number - 1)
            return self.uno.createUnoStruct("com.sun.star.table.CellRangeAddress", area.Sheet, *place)

        def row(at: int) -> Any:
            return self.uno.createUnoStruct("com.sun.star.table.CellAddress", area.Sheet, left, at)

        below = sheet.getCellRangeByPosition(left, last + 1, right, last + count)
        room = not totals and not any(map(any, below.getFormulaArray()))
        sheet.insertCells(rows(last, count), self._enum("CellInsertMode", "DOWN"))
        if self._area(name)[0].EndRow != area.EndRow + count:
            raise RefusalError(f"LibreOffice cannot insert {count} rows into table {name}")
        sheet.moveRange(row(last), rows(last + count, 1))
        if room:
            sheet.removeRange(rows(last + count + 1, count), self._enum("CellDeleteMode", "UP"))
        filled = 1
        while filled <= count:
            block = min(filled, count + 1 - filled)
            sheet.copyRange(row(last + filled), rows(last, block))
            filled += block
        body = self._contents(sheet.getCellRangeByPosition(left, area.StartRow + 1, right, last))["formulas"]
        for c, column in enumerate(zip(*body, strict=True)):
            if not column[-1] or 2 * sum(map(bool, column)) <= len(column):
                sheet.getCellRangeByPosition(left + c, last + 1, left + c, last + count).clearContents(_CONTENTS)

    def remove(self, name: str, rows: list[int]) -> None:
        """Take rows of the sheet out of a table; what is below comes up."""
        for row in sorted(rows, reverse=True):
            area, _ = self._area(name)
            sheet = self.document.Sheets.getByIndex(area.Sheet)
            place = (area.StartColumn, row - 1, area.EndColumn, row - 1)
            gone = self.uno.createUnoStruct("com.sun.star.table.CellRangeAddress", area.Sheet, *place)
            sheet.removeRange(gone, self._enum("CellDeleteMode", "UP"))
            if self._area(name)[0].EndRow != area.EndRow - 1:
                raise RefusalError(f"LibreOffice cannot take row {row} out of table {name}")

    def begin(self) -> None:
        """Begin one change: one step for Edit > Undo."""
        undo = self.document.UndoManager
        if undo.isLocked():
            raise RefusalError("LibreOffice is in the middle of another change; try again when it has finished")
        self.title = f"xlmodel sync {uuid.uuid4().hex[:6]}"
        self.came = ("", 0, 0)
        self.automatic = self.document.isAutomaticCalculationEnabled()
        undo.enterUndoContext(self.title)
        self.document.lockControllers()
        self.document.addActionLock()
        self.document.enableAutomaticCalculation(False)

    def end(self, keep: bool) -> None:
        """End the change; without `keep` all of it is taken back."""
        if not self.title:
            return
        title, self.title = self.title, ""
        undo = self.document.UndoManager
        try:
            undo.leaveUndoContext()
            if not keep and undo.isUndoPossible() and undo.getCurrentUndoActionTitle() == title:
                undo.undo()
        finally:
            self.document.enableAutomaticCalculation(self.automatic)
            self.document.removeActionLock()
            self.document.unlockControllers()
            self.document.calculate()

    def _range(self, sheet: str, top: int, left: int, bottom: int, right: int) -> Any:
        for one in _sheets(self.document):
            if one.Name.casefold() == sheet.casefold():
                return one.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)
        raise RefusalError(f"the workbook has no sheet {sheet!r} any more")

    def _area(self, name: str) -> tuple[Any, int]:
        """Return where a table stands, and its number of rows of totals."""
        ranges = self.document.DatabaseRanges
        for one in map(ranges.getByIndex, range(ranges.Count)):
            if one.Name.casefold() == name.casefold():
                return one.DataArea, int(one.TotalsRow)
        raise RefusalError(f"the workbook has no table {name} any more")

    def _enum(self, kind: str, value: str) -> Any:
        return self.uno.Enum(f"com.sun.star.sheet.{kind}", value)


def _sheets(document: Any) -> list[Any]:
    return [document.Sheets.getByIndex(i) for i in range(document.Sheets.Count)]


def _end(sheet: Any) -> tuple[int, int]:
    """Return the last row and column in use, counted from 0."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    return cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn


def _layout(document: Any) -> list[Any]:
    """Return what moves when rows, columns, sheets, tables or names change."""
    tables, names = document.DatabaseRanges, document.NamedRanges
    areas = [(t.Name, t.DataArea) for t in map(tables.getByIndex, range(tables.Count))]
    return [
        [sheet.Name for sheet in _sheets(document)],
        sorted((n, a.Sheet, a.StartRow, a.StartColumn, a.EndRow, a.EndColumn) for n, a in areas),
        sorted((n.Name, n.Content) for n in map(names.getByIndex, range(names.Count))),
    ]


def _differences(was: Any, now: Any) -> list[tuple[int, int]]:
    """Return where the formulas differ, or the constants: what a formula gives is not compared."""
    found = []
    for row, (old, new) in enumerate(zip(was["formulas"], now["formulas"], strict=True)):
        if old != new or was["values"][row] != now["values"][row]:
            constant = zip(was["values"][row], now["values"][row], strict=True)
            for col, (a, b) in enumerate(constant):
                if old[col] != new[col] or (not new[col] and (a != b or type(a) is not type(b))):
                    found.append((row, col))
    return found


def _apart(value: Any) -> bool:
    """Tell whether a content cannot be written as a number or a text."""
    return value is None or isinstance(value, bool)


def _put(cell: Any, value: Any) -> None:
    if value is None:
        cell.setString("")
    elif isinstance(value, bool):
        cell.setFormula("=TRUE()" if value else "=FALSE()")
    elif isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)


def _is_formula(text: str, value: Any) -> bool:
    """Tell whether what a cell shows in the formula bar is a formula; a text may begin with an equals sign too."""
    return text.startswith(("=", "{=")) and text != value and text not in _TRUTH and not text.startswith("=#")


def _same_file(one: str, other: str) -> bool:
    with suppress(OSError):
        return os.path.samefile(one, other)
    return os.path.normcase(os.path.abspath(one)) == os.path.normcase(os.path.abspath(other))


def main() -> None:
    """Answer requests; the first one says which document is meant."""
    document: OpenDocument | None = None
    try:
        for line in sys.stdin:
            try:
                request = json.loads(line)
                operation = request.pop("op")
                if operation == "attach":
                    document, answer = OpenDocument(**request), None
                else:
                    answer = getattr(document, operation)(**request)
                reply = {"answer": answer}
            except RefusalError as refusal:
                reply = {"refusal": str(refusal)}
            except Exception as error:
                # what LibreOffice raises comes from a bridge of its own: any type, often without a text
                reply = {"refusal": f"LibreOffice refused: {getattr(error, 'Message', '') or error or type(error)}"}
            sys.stdout.write(json.dumps(reply) + "\n")
            sys.stdout.flush()
    finally:
        if document is not None:
            document.end(keep=False)


if __name__ == "__main__":
    main()
