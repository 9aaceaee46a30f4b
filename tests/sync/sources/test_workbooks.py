"""Feeds from other workbooks, read in a worker."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from one_worker import OneWorker
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlmodel.registry import Registry
from xlmodel.sync.declared import Feed, FieldRule, Target, WorkbookSource
from xlmodel.sync.sources.rows import read_rows


@pytest.fixture(scope="module")
def means():
    made = OneWorker(Registry())
    yield made
    made.kept.close()


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "It's data"
    rows = [
        ("Code", "Cost (£m)", "Paid", "Note"),
        (7, 1_500_000, datetime(2024, 4, 1), "=1+1"),
        (12, 2_000_000, datetime(2024, 4, 2, 12), "#N/A"),
        (None, None, None, None),
        ("Total", 3_500_000, None, None),
    ]
    for row in [("A title",), (), *rows]:
        sheet.append(row)
    for row in (4, 5):
        sheet.cell(row, 1).number_format = "00000"
        sheet.cell(row, 2).number_format = '#,##0.0,,"m"'
        sheet.cell(row, 3).number_format = "dd/mm/yyyy"
    sheet["D4"].data_type = "s"
    sheet["D5"].data_type = "e"
    sheet.add_table(Table(displayName="Costs", ref="A3:D5"))
    book.defined_names["Range"] = DefinedName("Range", attr_text="'It''s data'!$A$3:$B$5")
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="0.5")
    path = tmp_path_factory.mktemp("book") / "other.xlsx"
    book.save(path)
    return path


CODE, COST = FieldRule("Code", "Code", "text"), FieldRule("Cost", "Cost (£m)", "number")


def read(path, place, means, *columns):
    feed = Feed("f", Path("b.xlsx"), WorkbookSource(path, place), Target(table="T"), (CODE, *columns), ("Code",))
    return read_rows(feed, means)


def told(rows):
    return [f"{problem.source}: {problem.what}" for problem in rows.problems]


@pytest.mark.parametrize("place", ["costs", "Range", "It's data!A3", "'It''s data'!$A$3:$D$5", "it's data!A3:D6"])
def test_places(workbook, place, means):
    rows = read(workbook, place, means, COST)
    assert told(rows) == []
    assert {heading: values.scalars() for heading, values in rows.columns.items()} == {
        "Code": ["00007", "00012"],  # as the cells show them
        "Cost": [1_500_000.0, 2_000_000.0],
    }
    assert rows.places == ("other.xlsx, It's data row 4", "other.xlsx, It's data row 5")


def test_kinds_of_cells(workbook, means):
    paid, note = FieldRule("Paid", "Paid", "datetime"), FieldRule("Note", "Note", "text")
    rows = read(workbook, "Costs", means, paid, note)
    assert rows.columns["Paid"].scalars() == [45383.0, 45384.5]
    assert rows.columns["Note"].scalars()[0] == "=1+1"
    assert told(rows) == ["other.xlsx, It's data row 5, column Note: must be a value, and is an error; it is '#N/A'"]
    assert "must be a number, and is shown as a date" in told(read(workbook, "Costs", means, FieldRule("Paid", "Paid", "number")))[0]  # fmt: skip  # noqa: E501


def test_a_unit_that_cells_only_show_is_refused(workbook, means):
    rows = read(workbook, "Costs", means, FieldRule("Cost", "Cost (£m)", "number", unit="£m", from_unit="£m"))
    assert told(rows) == [
        "other.xlsx: shows 'Cost (£m)' in £m by its number format, and holds other numbers: It's data!B4 holds "
        "1500000; from_unit must be what it holds"
    ]


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("Cost", "has no table or name 'Cost'"),
        ("Rate", "the name Rate must be one range of this workbook"),
        ("Data!A3", "no sheet 'Data'"),
        ("It's data!Q9", "must hold the first cell of the rows; it is blank"),
        ("It's data!Q9:R12", "lies outside what It's data holds"),
        ("It's data!nonsense", "must be a range of a sheet"),
        ("It's data!B3:B5", "must have a column 'Code'"),
    ],
)
def test_places_that_are_not_there(workbook, place, problem, means):
    assert problem in told(read(workbook, place, means))[0]


def test_files_that_are_no_workbooks(tmp_path, means):
    (tmp_path / "no.xlsx").write_text("no")
    assert told(read(tmp_path / "gone.xlsx", "T", means)) == ["gone.xlsx: must be a workbook that is there"]
    assert told(read(tmp_path / "no.xlsx", "T", means))[0].startswith("no.xlsx: ")


def test_merged_cells_are_refused(tmp_path, means):
    book = openpyxl.Workbook()
    for row in (("Code",), ("a",), ("b",)):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")
    assert told(read(tmp_path / "merged.xlsx", "Sheet!A1:A3", means)) == [
        "merged.xlsx: must have no merged cells among its rows, as Sheet!A2:A3"
    ]
