"""A month end from end to end: extracts and a database into a workbook, results out, all of it taken back."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from databases import PASSWORD, Postgres, postgres
from openpyxl.worksheet.table import Table

from xlmodel.book import SetValue, read_book
from xlmodel.cli import main
from xlmodel.registry import Registry
from xlmodel.sync.edit import edit
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Means

__all__ = ["postgres"]

PUBLISHED = Path(__file__).parents[2] / "workbooks" / "southampton" / "southampton.xlsx"
MONTHS = [f"{2023 + (m > 9)}-{(m + 2) % 12 + 1:02}" for m in range(1, 13)]  # 2023-04 to 2024-03
LINE, YEAR = "Children and Learning", "2023/24"
BOOK = "budget.xlsx"
MILLIONS = '"£"0.00,,"m"'
MEANS = Means(Registry.collect({"CSC": "udfs"}), witness=None)
SETTINGS = r"""
[sync.key_figures]
"budget.xlsx" = ["In-year!J6", "In-year!K6", "Cover!B14"]

[sync.feed.ledger]
workbook = "budget.xlsx"
target = { table = "Budget_lines" }
keys = ["Line", "Year"]

[sync.feed.ledger.source]
folder = "extracts"
files = "ledger_*.csv"
month = '(?P<month>\d{4}-\d{2})'
first = "2023-04"
last = "2024-03"

[sync.feed.ledger.columns]
"Line" = "line"
"Year" = "year"
"Actual to date (£m)" = { from = "spent", type = "number", combine = "sum", required = true, minimum = 0 }
"Commitments (£m)" = { from = "committed", type = "number", combine = "last" }
"Forecast outturn (£m)" = { from = "forecast", type = "number", combine = "last" }

[sync.feed.neighbours]
workbook = "budget.xlsx"
source = { url = "URL", sql = "SELECT * FROM neighbours" }
target = { table = "Neighbour_councils" }
keys = ["Council", "Year"]

[sync.feed.neighbours.columns]
"Council" = "council"
"Year" = "year"
"Forecast overspend (£m)" = { from = "overspend", type = "number", unit = "£", from_unit = "£m" }
"Children looked after" = { from = "looked_after", type = "whole" }

[export.overspend]
workbook = "budget.xlsx"
place = "Budget_lines"
to = "out/overspend.parquet"
"""


def extract(folder: Path, month: str, spent: str, committed: str, forecast: str, *more: list[str]) -> None:
    """Write the ledger's extract of a month."""
    with (folder / f"ledger_{month}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [["line", "year", "spent", "committed", "forecast"], [LINE, YEAR, spent, committed, forecast], *more]
        csv.writer(file).writerows(rows)


def published(path: Path) -> None:
    """Put the published workbook there."""
    shutil.copy(PUBLISHED, path)


def small(path: Path) -> None:
    """Write a workbook with the two tables of the published one, as far as the month end needs them."""
    book = openpyxl.Workbook()
    lines, councils, cover = book.active, book.create_sheet("Neighbours"), book.create_sheet("Cover")
    lines.title = "In-year"
    lines["A1"] = "The year in progress"
    headings = ["Line", "Year", "Counted to", "Budget (£m)", "Actual to date (£m)", "Commitments (£m)"]
    headings += [
        "Forecast outturn (£m)",
        "Forecast last month (£m)",
        "Movement (£m)",
        "Overspend (£m)",
        "Share of budget",
    ]
    for col, heading in enumerate(headings, 1):
        lines.cell(5, col, heading)
    lines["A6"], lines["B6"], lines["D6"], lines["G6"] = LINE, YEAR, 63_600_000, 71_300_000
    lines["A7"], lines["B7"], lines["D7"], lines["G7"] = "Social services", "2003/04", 14e6, 15.4e6
    for row in (6, 7):
        lines.cell(row, 10, f"=G{row}-D{row}")
        lines.cell(row, 11, f"=J{row}/D{row}").number_format = "0.0%"
        for col in range(4, 11):
            lines.cell(row, col).number_format = MILLIONS
    lines.add_table(Table(displayName="Budget_lines", ref="A5:K7"))
    for col, heading in enumerate(["Council", "Year", "Forecast overspend (£m)", "Children looked after"], 5):
        councils.cell(5, col, heading)
    for row, (council, overspend) in enumerate([("Portsmouth", 2e6), ("Hull", 2.6e6), ("Southampton", 7.7e6)], 6):
        for col, content in enumerate([council, "2023/24", overspend], 5):
            councils.cell(row, col, content)
        councils.cell(row, 7).number_format = MILLIONS
    councils.add_table(Table(displayName="Neighbour_councils", ref="E5:H8"))
    cover["A14"], cover["B14"] = (
        "Checks",
        "=IF(SUM('In-year'!J6:J7)=SUM('In-year'!G6:G7)-SUM('In-year'!D6:D7),\"OK\",\"CHECK\")",
    )
    book.save(path)
    recalculate(path, MEANS)


@pytest.fixture(params=[small, pytest.param(published, marks=pytest.mark.full)])
def project(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """A folder with a workbook, twelve extracts, and a database of what neighbours publish."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(host=str(postgres.folder), user="finance", password=postgres.password, dbname="finance") as db:
        db.execute("DROP TABLE IF EXISTS neighbours")
        db.execute("CREATE TABLE neighbours (council text, year text, overspend numeric, looked_after integer)")
        db.execute("INSERT INTO neighbours VALUES ('Portsmouth', '2023/24', 2.4, 413), ('Hull', '2023/24', 2.6, 874)")
    request.param(tmp_path / BOOK)
    (tmp_path / "xlmodel.toml").write_text(SETTINGS.replace("URL", postgres.url()), "utf-8")
    (tmp_path / "extracts").mkdir()
    for at, month in enumerate(MONTHS, 1):
        extract(
            tmp_path / "extracts",
            month,
            f"{5_000_000 + 10_000.1 * at:.2f}",
            "1,250,000.00",
            f"{70_000_000 + 100_000 * at}",
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER_PASSWORD", postgres.password)
    return tmp_path


class Office:
    """The finance officer at a terminal, in the project's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.book = folder, folder / BOOK
        self.said: list[str] = []

    def types(self, command: str, *codes: int) -> str:
        """Run a command that must end with one of these exit codes, else 0; return what is printed."""
        done: Result = CliRunner().invoke(main, command.split())
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in (codes or (0,)), done.output
        self.said.append(f"$ xlmodel {command}\n{done.output}")
        return done.output

    def fingerprint(self) -> str:
        """Return the hash of the workbook as it lies there."""
        return hashlib.sha256(self.book.read_bytes()).hexdigest()

    def cell(self, sheet: str, row: int, col: int) -> object:
        """Return what the file says of a cell."""
        return read_book(self.book).sheet(sheet).value(row, col)


def test_a_month_end(project: Path) -> None:
    office = Office(project)
    first = office.fingerprint()

    # the first sync: twelve extracts are added up, the neighbours come from the database
    assert office.types("sync status", 1).count("never synced") == 2
    plan = office.types("sync plan")
    assert office.fingerprint() == first
    assert "budget.xlsx: 6 cells would change. Nothing has been written." in plan
    for told in (
        "£60.78m",
        "12 files, ledger_2023-04.csv to ledger_2024-03.csv",
        "Overspend",
        "Portsmouth",
        "still pass",
    ):
        assert told in plan, told
    applied = office.types("sync apply --yes")
    assert "Done: budget.xlsx: 6 cells changed" in applied
    assert office.cell("In-year", 6, 5) == 60_780_007.8
    assert office.cell("Neighbours", 7, 8) == 874.0
    # of the published workbook it is also said that these are no longer the values that were approved
    assert "formula cells, all verified: each" in office.types(f"verify --witness none --no-cache {BOOK}", 0, 1)
    second = office.fingerprint()
    assert office.types("sync status").count("up to date") == 2

    # she wants to ask first: taken back, byte for byte; and done again, to the same bytes
    office.types("sync undo")
    assert office.fingerprint() == first
    office.types("sync apply --yes")
    assert office.fingerprint() == second

    # March comes again, badly: its rows are named, and nothing is done
    extracts = project / "extracts"
    extract(extracts, "2024-03", "5.120.001,20", "1,250,000.00", "71200000", [LINE, "2023/24", "-3", "x", ""])
    refused = office.types("sync apply ledger --yes", 1)
    assert "ledger_2024-03.csv, row 2, column spent" in refused
    assert "ledger_2024-03.csv, row 3, column committed" in refused
    assert "Not applied: nothing was changed." in refused
    assert office.fingerprint() == second

    # March comes corrected; meanwhile somebody has typed over the figure, and over another that did not change
    edit(office.book, [SetValue("In-year", 6, 5, 61e6), SetValue("Neighbours", 6, 8, 415.0)], MEANS)
    typed = office.fingerprint()
    extract(extracts, "2024-03", "5320001.20", "1,250,000.00", "71200000")
    conflict = office.types("sync apply --yes", 1)
    for told in ("£60.78m", "£61.00m", "£60.98m"):
        assert told in conflict, told
    assert "1 cell was typed over since the last sync" in conflict
    name = conflict.partition("--choose ")[2].partition("=")[0]
    assert office.fingerprint() == typed

    # the source is right this time; the plan is kept as a file, and applied from it
    office.types(f"sync plan --choose {name}=source --out march.json")
    assert office.fingerprint() == typed
    office.types("sync apply march.json")
    third = office.fingerprint()
    assert office.cell("In-year", 6, 5) == 60_980_007.8 + 0.0
    assert office.cell("Neighbours", 6, 8) == 415.0
    office.types("sync apply march.json", 2)  # it no longer holds
    assert office.fingerprint() == third

    # results out, with the workbook they come from
    office.types("sync export")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(project / "out" / "overspend.parquet")
    assert table.num_rows == 2
    assert third in str(table.schema.metadata)

    # all of it taken back: what was typed in between stands in the way, until she says herself that it may go
    office.types(f"sync undo {BOOK}")
    assert office.fingerprint() == typed
    refused = office.types(f"sync undo {BOOK}", 2)
    assert first in refused
    shutil.copy(project / ".xlmodel" / "backups" / f"{first}.xlsx", office.book)
    assert office.fingerprint() == first
    assert office.types("sync status", 1).count("never synced") == 2

    # the journal has it all, and the password of the database is nowhere
    entries = json.loads(office.types("sync log --json"))
    told = "begun applied undone begun applied begun applied exported undone"
    assert [e["what"] for e in entries] == told.split()
    done = [(e["before"], e["after"]) for e in entries if e["what"] in ("begun", "undone")]
    assert done == [(first, second), (second, first), (first, second), (typed, third), (third, typed)]
    assert entries[0]["sources"].keys() == {*(f"ledger_{month}.csv" for month in MONTHS), 'query "neighbours"'}
    assert "interrupted" not in office.types("sync log")
    kept = [p.read_text("utf-8") for p in [*(project / ".xlmodel").rglob("*.json*"), project / "march.json"]]
    assert not [text for text in [*office.said, *kept] if PASSWORD in text or "p%40ss" in text]
