"""The project of docs/sync.md, made from the page itself, and what the page says that commands print."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from openpyxl.worksheet.table import Table, TableFormula

from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Means

__all__ = ["PAGE", "consoles", "example_project", "settled"]

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "sync.md").read_text("utf-8")
_MONEY = '"£"#,##0;-"£"#,##0'


def example_project(folder: Path) -> Path:
    """Write the workbook, the extract and the settings that the page shows into a folder; return the workbook."""
    extracts = folder / "extracts"
    extracts.mkdir()
    (extracts / "ledger_2026-04.csv").write_text(_block("csv"), "utf-8")
    (folder / "xlmodel.toml").write_text(_block("toml"), "utf-8")
    return _workbook(folder / "budget.xlsx")


def consoles(page: str) -> list[tuple[str, str]]:
    """Return each command of a page that is shown with what it prints."""
    found = re.findall(r"^```\n\$ xlmodel (sync .+?)\n(.*?)^```", page, re.S | re.M)
    return [(command, printed) for command, printed in found]


def settled(text: str) -> str:
    """Return a text without what differs from run to run: fingerprints."""
    return re.sub(r"\b[0-9a-f]{8}\b", "fingerprint", text)


def _block(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)[0]


def _workbook(path: Path) -> Path:
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", PAGE, re.M)]
    rows = rows[: next(i for i, row in enumerate(rows) if len(row) != len(rows[0]))]
    headings, lines = rows[0], rows[2:]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "In-year"
    sheet.append(headings)
    for line in lines:
        numbers = [int(c.replace(",", "")) for c in line[1:3]]
        sheet.append([line[0], *numbers, line[3].replace("[@[", "Lines[[#This Row],[")])
    for row in sheet.iter_rows(min_row=2, min_col=2):
        for cell in row:
            cell.number_format = _MONEY
    table = Table(displayName="Lines", ref=f"A1:D{len(lines) + 1}")
    sheet.add_table(table)
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, headings, strict=True):
        column.name = heading
    table.tableColumns[3].calculatedColumnFormula = TableFormula(attr_text=sheet["D2"].value[1:])
    cover = book.create_sheet("Cover")
    cover["A1"], cover["B1"] = "Left in the year", "=SUM(Lines[Left (£)])"
    cover["B1"].number_format = _MONEY
    book.save(path)
    recalculate(path, Means(Registry.collect({"CSC": "udfs"}), witness=None))
    return path
