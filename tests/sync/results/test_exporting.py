"""Results on their way out: what is written, and what must not be."""

import hashlib
import json
import sqlite3
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from one_worker import OneWorker
from openpyxl.worksheet.table import Table

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.errors import BookError, SourceError, SyncError
from xlmodel.registry import Registry
from xlmodel.sync.declared import Export
from xlmodel.sync.recalc import recalculate
from xlmodel.sync.results.exporting import export_all, export_results
from xlmodel.sync.sources.databases import connected

HEADINGS = ("Line", "Cost (£m)", "Double", "Paid", "Done", "Mixed", "Blank")


@pytest.fixture(scope="module")
def means():
    made = OneWorker(Registry())
    yield made
    made.kept.close()


@pytest.fixture(scope="module")
def calculated(tmp_path_factory, means):
    """A workbook whose saved values are what its formulas give."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Stock"
    sheet.append(HEADINGS)
    sheet.append(("- of which £", 1_500_000, "=B2*2+0.3", datetime(2024, 4, 1), True, 1, None))
    sheet.append(("@total", 2_000_000, "=B3*2+0.1+0.2", None, False, "x", None))
    sheet["I1"], sheet["I2"], sheet["J1"], sheet["J2"] = "Error", "=1/0", "Unknown", "=CSC_UNKNOWN(B2)"
    for row in (2, 3):
        sheet.cell(row, 2).number_format = '#,##0.0,,"m"'
        sheet.cell(row, 4).number_format = "dd/mm/yyyy"
    sheet.add_table(Table(displayName="Results", ref="A1:G3"))
    path = tmp_path_factory.mktemp("calculated") / "plan.xlsx"
    book.save(path)
    recalculate(path, means)
    book = read_book(path)
    path.write_bytes(patch(path, book, [SetSaved("Stock", 2, 10, 5.0)]).content)
    return path


def exported(calculated, means, folder, to="out/result.csv", place="Results", **more):
    export = Export("stock", calculated, place, folder / to if to else None, **more)
    return export_results(export, folder, means)


def test_a_csv_file_opens_in_excel_as_it_is(calculated, means, tmp_path):
    told = exported(calculated, means, tmp_path)
    assert (told.rows, told.columns, told.to) == (2, 7, "out/result.csv")
    assert told.sha256 == hashlib.sha256(calculated.read_bytes()).hexdigest()
    assert told.functions == means.registry.source_hash
    assert told.notes == ("as the cells show them, not as they hold them: 'Cost (£m)' in £m",)
    content = (tmp_path / "out/result.csv").read_bytes()
    assert content.decode() == (
        "\ufeffLine,Cost (£m),Double,Paid,Done,Mixed,Blank\n"
        "'- of which £,1.5,3000000.3,2024-04-01,TRUE,1,\n"
        "'@total,2,4000000.3,,FALSE,x,\n"
    )
    described = json.loads((tmp_path / "out/result.csv-metadata.json").read_text("utf-8"))
    assert [c["datatype"] for c in described["tableSchema"]["columns"]][:5] == ["string", "number", "number", "date", "boolean"]  # fmt: skip  # noqa: E501
    [note] = described["notes"]
    assert note["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert (note["workbook"], note["sha256"], note["cells"]) == ("plan.xlsx", told.sha256, "Stock!A2:G3")
    assert note["as_shown"] == "Cost (£m)"


def test_a_parquet_file_has_types_and_says_where_it_comes_from(calculated, means, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    exported(calculated, means, tmp_path, "result.parquet", place="Stock!A1:E3")
    table = parquet.read_table(tmp_path / "result.parquet")
    assert [str(t) for t in table.schema.types] == ["string", "double", "double", "date32[day]", "bool"]
    assert table.to_pylist()[0] == {
        "Line": "- of which £", "Cost (£m)": 1.5, "Double": 3_000_000.3, "Paid": date(2024, 4, 1), "Done": True,
    }  # fmt: skip
    said = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert said["xlmodel.workbook"] == "plan.xlsx"
    assert said["xlmodel.sha256"] == hashlib.sha256(calculated.read_bytes()).hexdigest()
    assert said["xlmodel.functions"] == means.registry.source_hash


def test_a_table_of_a_database_is_replaced_as_a_whole(calculated, means, tmp_path):
    url = f"sqlite:///{tmp_path}/results.db"
    for _ in range(2):
        told = exported(calculated, means, tmp_path, None, place="Stock!A1:E3", url=url, table="stock")
    assert told.to == f"table stock at {url}"
    with sqlite3.connect(tmp_path / "results.db") as database:
        assert database.execute("SELECT * FROM stock").fetchall() == [
            ("- of which £", 1.5, 3_000_000.3, "2024-04-01", 1), ("@total", 2.0, 4_000_000.3, None, 0),
        ]  # fmt: skip
        assert database.execute("SELECT table_name, sha256 FROM xlmodel_exports").fetchall() == [("stock", told.sha256)]
        database.execute(
            "CREATE TRIGGER no BEFORE INSERT ON stock WHEN NEW.Line = '@total' BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    with pytest.raises(SourceError, match="table stock: the database says: full"):
        exported(calculated, means, tmp_path, None, place="Stock!A1:E3", url=url, table="stock")
    with pytest.raises(SourceError, match=r"table stock must have the columns Line, Cost .*: drop it, or rename them"):
        exported(calculated, means, tmp_path, None, place="Stock!A1:B3", url=url, table="stock")
    with sqlite3.connect(tmp_path / "results.db") as database:
        assert database.execute("SELECT count(*) FROM stock").fetchone() == (2,)
    database.close()


def test_a_table_that_is_not_filled_is_not_made(calculated, means, tmp_path):
    with suppress(SourceError), connected(f"sqlite:///{tmp_path}/r.db", reading=False) as connection:
        connection.exec_driver_sql("CREATE TABLE other (a)")
        raise SourceError("it went wrong")
    with sqlite3.connect(tmp_path / "r.db") as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    database.close()


def test_duckdb_and_postgresql(calculated, means, tmp_path, postgres, monkeypatch):
    monkeypatch.setenv("LEDGER_PASSWORD", postgres.password)
    pytest.importorskip("duckdb")
    duckdb = f"duckdb:///{tmp_path}/results.duckdb"
    exports = [
        Export("one", calculated, "Stock!A1:E3", url=duckdb, table="stock"),
        Export("two", calculated, "Stock!A1:E3", url=postgres.url(), table="public.stock"),
    ]
    for _ in range(2):
        one, two = export_all(exports, tmp_path, means)
    assert one.to == f"table stock at {duckdb}"
    assert two.to == f"table public.stock at postgresql://finance:***@/finance?host={postgres.folder}"
    for url in (duckdb, postgres.url()):
        with connected(url, reading=True) as connection:
            rows = connection.exec_driver_sql("SELECT * FROM stock").fetchall()
            assert [tuple(row) for row in rows] == [
                ("- of which £", 1.5, 3_000_000.3, date(2024, 4, 1), True), ("@total", 2.0, 4_000_000.3, None, False),
            ]  # fmt: skip
            register = connection.exec_driver_sql("SELECT table_name, workbook FROM xlmodel_exports").fetchall()
            assert [tuple(row) for row in register] == [("stock", "plan.xlsx")]


@pytest.mark.parametrize(
    ("place", "to", "told"),
    [
        (
            "Results",
            "r.parquet",
            "column 'Mixed' must hold one kind of value: Stock!F3 holds a text, and the cells above it a number",
        ),
        ("Stock!I1:I2", "r.csv", 'Stock!I2 holds the error #DIV/0!: mend it, or declare errors = "null"'),
        ("Stock!J1:J2", "r.csv", "plan.xlsx: cells could not be recalculated here: Stock!J2"),
        ("Stock!H1:I2", "r.csv", "column H of Stock must have a heading"),
        ("Nowhere", "r.csv", "has no table or name 'Nowhere'"),
    ],
)
def test_what_does_not_go_out(calculated, means, tmp_path, place, to, told):
    with pytest.raises((SyncError, BookError)) as refusal:
        exported(calculated, means, tmp_path, to, place=place)
    assert told in str(refusal.value)
    assert not list(tmp_path.iterdir())


def test_what_may_go_out_where_it_is_declared(calculated, means, tmp_path):
    told = exported(calculated, means, tmp_path, place="Stock!I1:J2", errors="null", unverified="allow")
    assert (tmp_path / "out/result.csv").read_text("utf-8-sig") == "Error,Unknown\n,5\n"
    assert told.notes[0] == "cells with errors that went out empty: 1"
    assert told.notes[1].startswith("cells as Excel saved them, unchecked: 1, such as Stock!J2")
    exported(calculated, means, tmp_path, "bare.csv", place="Stock!A2:B3", headings=False)
    assert (tmp_path / "bare.csv").read_text("utf-8-sig").splitlines()[0] == "A,B"


def test_a_saved_value_that_is_not_what_its_formula_gives_does_not_go_out(calculated, means, tmp_path):
    path = tmp_path / "wrong.xlsx"
    content = patch(calculated, read_book(calculated), [SetSaved("Stock", 3, 3, 7.0)]).content
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"Stock!C3 \(saved 7, calculated 4000000.3\); open the workbook in Excel"):
        exported(path, means, tmp_path)
    assert exported(path, means, tmp_path, place="Stock!A1:B3").rows == 2  # what is right still goes out
