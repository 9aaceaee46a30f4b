"""Workbooks from Python: tables as frames, frames into tables."""

import datetime
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table

import xlmodel
from xlmodel.errors import SyncError
from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.sync.workbook_frames import _column_type
from xlmodel.values import ErrorValue
from xlmodel.verify.means import Means

PAGE = (Path(__file__).parents[2] / "docs" / "sync-python.md").read_text("utf-8")
MEANS = Means(Registry.collect({"CSC": "udfs"}))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Flows"
    day = datetime.datetime
    for row in [
        ["Code", "Amount", "Double", "When", "Open", "Note", "Mixed"],
        ["007", 1.5, "=B2*2", day(2024, 4, 1), True, "=x", "a"],
        ["a", None, "=B3*2", day(2024, 5, 1, 12), False, None, 1],
    ]:
        sheet.append(row)
    sheet["F2"].data_type = "s"
    sheet.add_table(Table(displayName="tblFlows", ref="A1:G3"))
    totals = workbook.create_sheet("Totals")
    totals.append(["Total", "Bad"])
    totals.append(["=SUM(tblFlows[Amount])", "=1/0"])
    path = tmp_path_factory.mktemp("frames") / "budget.xlsx"
    workbook.save(path)
    recalculate(path, MEANS)
    return path


@pytest.fixture
def book(made, tmp_path, monkeypatch):
    (tmp_path / "budget.xlsx").write_bytes(made.read_bytes())
    (tmp_path / "xlmodel.toml").write_text('functions = { CSC = "udfs" }\n')
    monkeypatch.chdir(tmp_path)
    return xlmodel.Book("budget.xlsx")


def test_a_column_of_a_frame_has_the_type_of_its_cells(book):
    frame = book.table("tblFlows").to_frame()
    kinds = {name: str(kind).partition("[")[0] for name, kind in frame.dtypes.items()}
    assert kinds == {
        "Code": "str", "Amount": "float64", "Double": "float64", "When": "datetime64", "Open": "bool", "Note": "str",
        "Mixed": "object",
    }  # fmt: skip
    assert frame["Code"].tolist() == ["007", "a"]
    assert frame["When"].tolist() == [pd.Timestamp(2024, 4, 1), pd.Timestamp(2024, 5, 1, 12)]
    assert frame["Note"][0] == "=x"
    assert frame.isna().sum().to_dict() | {"Amount": 0, "Note": 0} == dict.fromkeys(frame.columns, 0)


def test_errors_are_refused_by_their_cell_or_missing(book):
    with pytest.raises(SyncError, match=r"Totals!B2 holds the error #DIV/0!"):
        book.range("Totals!A1:B2").to_frame()
    frame = book.range("Totals!A1:B2").to_frame(errors="missing")
    assert frame["Total"][0] == 1.5
    assert frame["Bad"].isna().all()
    assert book.range("Totals!A1:B2").values == [["Total", "Bad"], [1.5, ErrorValue("#DIV/0!")]]
    with pytest.raises(SyncError, match="has no table or name 'tblNone'"):
        book.table("tblNone").to_frame()


def test_what_cannot_be_brought_in_is_refused(book):
    table = book.table("tblFlows")
    with pytest.raises(SyncError, match="'Nothing' is none"):
        table.update(pd.DataFrame({"Code": ["a"]}), ["Nothing"])
    with pytest.raises(SyncError, match=r"'Note'.*number and text"):
        table.update(pd.DataFrame({"Code": ["a", "b"], "Note": ["x", 1]}), ["Code"])
    update = table.update(pd.DataFrame({"Code": ["a"], "Double": [1.0]}), ["Code"])
    assert "calculated" in update.plan.feeds[0].problems[0].what
    with pytest.raises(SyncError, match="calculated"):
        update.apply()


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.booleans()), min_size=1))
def test_truth_values_are_truth_values_with_or_without_blanks(contents):
    expected = "text" if set(contents) == {None} else "boolean"
    assert _column_type(pd.Series(contents, dtype="object"), "x") == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([1, 2], "number"),
        ([1.5, None], "number"),
        (["a", None], "text"),
        ([pd.Timestamp("2024-01-01"), pd.NaT], "date"),
        ([pd.Timestamp("2024-01-01 10:00")], "datetime"),
        ([datetime.date(2024, 1, 1)], "date"),
    ],
)
def test_a_column_brings_what_it_holds(contents, expected):
    assert _column_type(pd.Series(contents), "x") == expected


def test_the_page_runs_and_brings_its_frame_in(book, capsys):
    for block in re.findall(r"```python\n(.*?)```", PAGE.partition("## A workbook that is open")[0], re.S):
        exec(compile(block, "sync-python.md", "exec"), globals())
    told = capsys.readouterr().out
    assert "FrameUpdate(table tblFlows on sheet Flows: 2 changed, 1 added)" in told
    assert "Flows!B2 1.5 -> 10.0" in told
    after = book.table("tblFlows").to_frame()
    assert after["Code"].tolist() == ["007", "a", "c"]
    assert after["Double"].tolist() == [20.0, 4.0, 10.0]
    assert book.range("Totals!A1:A2").values == [["Total"], [17.0]]


def test_import_is_quick():
    loaded = "import sys, xlmodel; print(xlmodel.__version__, 'pandas' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1:] == ["False", "False"]
