"""What the blocks of a sheet share: figures from a table's text, real Excel tables, millions of pounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from openpyxl.styles import Alignment
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableStyleInfo

from xlmodel.building.project import Rows, Text
from xlmodel.building.sheet import Sheet
from xlmodel.building.style import LABEL

__all__ = [
    "MILLIONS",
    "PERCENT",
    "day",
    "figure",
    "has",
    "millions",
    "page_break",
    "real_table",
    "rows_written",
    "run_on",
    "scenario_shown",
    "source_at_end",
    "text",
    "words",
]


def millions(dp: int) -> str:
    """Return the number format that shows pounds as millions; the cell keeps its pounds."""
    shown = "[$£-809]#,##0" + ("." + "0" * dp if dp else "") + ',,"m"_ '
    return f"{shown};-{shown};{shown};@_ "


MILLIONS = millions(2)
PERCENT = "0.0%_ ;-0.0%_ ;0.0%_ ;@_ "


def text(row: Mapping[str, str], column: str) -> Text:
    """Return a cell of a table's row; no letters where it is blank or the column is not there."""
    return Text((row.get(column) or "").strip())


def words(row: Mapping[str, str], column: str) -> Text | None:
    """Return what a cell of the workbook shows of a cell of a table's row: nothing at all where it is blank."""
    return text(row, column) or None


def figure(row: Mapping[str, str], column: str) -> float | int | None:
    """Return a number of a table's row, None where it is blank."""
    found = text(row, column)
    if not found:
        return None
    value = float(found)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def day(row: Mapping[str, str], column: str) -> date | None:
    """Return a date of a table's row, None where it is blank."""
    found = text(row, column)
    return date.fromisoformat(found) if found else None


def has(rows: Rows, column: str) -> bool:
    """Whether any row of a table has something in a column."""
    return any(text(row, column) for row in rows)


def scenario_shown(sheet: Sheet, row: int) -> None:
    """Write the name of the scenario that the selector shows; it may run on to the right."""
    sheet.put(f"A{row}", "Scenario shown", "Model label")
    run_on(sheet, f"B{row}", "=Scenario_label", "Model output")


def source_at_end(sheet: Sheet, cell: str, source: Text | None) -> None:
    """Write a source as the last of a row; it may run on to the right."""
    run_on(sheet, cell, source, "Model source")


def run_on(sheet: Sheet, cell: str, content: str | None, style: str) -> None:
    """Write words that may run on to the right over empty cells."""
    sheet.put(cell, content, style)
    sheet.ws[cell].alignment = Alignment(horizontal="left", vertical="center", indent=1)


def page_break(sheet: Sheet, row: int) -> None:
    """Begin a new printed page with a row."""
    sheet.ws.row_breaks.append(Break(id=row - 1))


def rows_written(sheet: Sheet, table: str, cell: str, count: int) -> str:
    """Write how many rows a table was given, its label in the cell before; return the name of the number."""
    match = re.fullmatch(r"([A-Z])(\d+)", cell)
    assert match is not None
    sheet.put(f"{chr(ord(match[1]) - 1)}{match[2]}", f"Rows of {table} when built", LABEL)
    sheet.put(cell, count, "Model saved", "0")
    name = f"{table}_rows_written"
    sheet.build.name(name, sheet.at(cell))
    return name


def real_table(sheet: Sheet, name: str, area: str) -> None:
    """Make an area, its header row included, a real Excel table without filter buttons or stripes."""
    table = Table(displayName=name, ref=area)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    table._initialise_columns()
    table.autoFilter = None
    top, first = area.split(":")[0], sheet.ws[area][0]
    for column, cell in zip(table.tableColumns, first, strict=True):
        if not isinstance(cell.value, str):
            raise ValueError(f"the table {name} at {sheet.title}!{top} has a header that is not text: {cell.value!r}")
        column.name = cell.value
    sheet.ws.add_table(table)
