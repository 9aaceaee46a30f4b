"""A patched workbook opens elsewhere: LibreOffice and openpyxl see the edits, and all that was there before."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.utils.escape import unescape
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from xlmodel.book import SetFormula, SetSaved, SetValue, patch, read_book
from xlmodel.values import ErrorValue

SOFFICE = shutil.which("soffice")
LONG = "x" * 32_766 + "é"


@pytest.fixture
def rich(tmp_path):
    """A workbook with a bit of everything that lies around cells."""
    workbook = openpyxl.Workbook()
    plan = workbook.active
    plan.title = "Plan £"
    for row in (["Code", "Cost", "Share"], ["A", 10, "=B2/SUM(B$2:B$4)"], ["B", 20, "=B3*2"], ["C", 30, "=B4"]):
        plan.append(row)
    plan.add_table(Table(displayName="Costs", ref="A1:C4"))
    chart = BarChart()
    chart.add_data(Reference(plan, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    plan.add_chart(chart, "F2")
    choice = DataValidation(type="list", formula1='"A,B,C"')
    choice.add("A2:A4")
    plan.add_data_validation(choice)
    plan.conditional_formatting.add("B2:B4", CellIsRule("greaterThan", ["15"], fill=PatternFill(bgColor="FF0000")))
    plan["A2"].comment = Comment("why", "Ada")
    plan["A8"] = "merged"
    plan.merge_cells("A8:C9")
    plan["A11"].hyperlink = "https://example.org/?a=1&b=2"
    plan.print_area = "A1:C9"
    plan.print_title_rows = "1:1"
    plan.column_dimensions["D"].width = 31
    workbook.defined_names["Costs_total"] = DefinedName("Costs_total", attr_text="'Plan £'!$B$2:$B$4")
    other = workbook.create_sheet("Other")
    other["C3"] = date(2026, 4, 1)
    other["C4"] = "=SUM(Costs_total)"
    path = tmp_path / "rich.xlsx"
    workbook.save(path)
    return path


EDITS = (
    SetValue("Plan £", 2, 2, 12.5),
    SetValue("Plan £", 3, 1, "  spaced\nline 😀 _x0041_ <&> "),
    SetValue("Plan £", 3, 3, True),
    SetFormula("Plan £", 4, 3, 'B4&"é"', "30é"),
    SetSaved("Plan £", 2, 3, 0.2),
    SetValue("Plan £", 8, 1, None),
    SetValue("Plan £", 6, 2, ErrorValue("#N/A")),
    SetValue("Plan £", 1_048_576, 1, -1e-300),
    SetValue("Other", 1, 1, "first"),
    SetValue("Other", 3, 2, 7.0),
    SetValue("Other", 3, 16_384, "last column"),
    SetValue("Other", 5, 1, LONG),
)


@pytest.fixture
def edited(rich, tmp_path):
    result = patch(rich, read_book(rich), EDITS)
    path = tmp_path / "edited.xlsx"
    path.write_bytes(result.content)
    return path


def test_openpyxl_sees_the_edits_and_everything_around_them(rich, edited):
    before, after = (openpyxl.load_workbook(p) for p in (rich, edited))
    wanted = {(e.sheet, e.row, e.col): e for e in EDITS}
    seen = 0
    for sheet in after:
        old = before[sheet.title]
        for cell in (c for row in sheet.iter_rows(max_row=12, max_col=5) for c in row):
            edit = wanted.get((sheet.title, cell.row, cell.column))
            if not isinstance(edit, SetValue | SetFormula):
                assert cell.value == old[cell.coordinate].value
                continue
            seen += 1
            expected = "=" + edit.formula if isinstance(edit, SetFormula) else edit.value
            # openpyxl shows _x005F_ as it is stored
            found = unescape(cell.value) if isinstance(cell.value, str) else cell.value
            assert found == (expected.code if isinstance(expected, ErrorValue) else expected)
            assert cell.number_format == old[cell.coordinate].number_format
        assert sheet.merged_cells.ranges == old.merged_cells.ranges
        assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == [
            str(v.sqref) for v in old.data_validations.dataValidation
        ]
        assert len(sheet._charts) == len(old._charts)
    assert seen == 9
    assert after["Plan £"]["A1048576"].value == -1e-300
    assert after["Other"]["XFD3"].value == "last column"
    assert after["Plan £"]["A2"].comment.text == "why"
    assert after["Plan £"].print_area == before["Plan £"].print_area
    with zipfile.ZipFile(rich) as old_file, zipfile.ZipFile(edited) as new_file:
        changed = {n for n in new_file.namelist() if old_file.read(n) != new_file.read(n)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}


def converted(path: Path, to: str, folder: Path) -> None:
    """Have LibreOffice open a workbook, with a profile of its own: two at once do not share one."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(path)]
    home = {**os.environ, "HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, env=home)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_sees_them_too(edited, tmp_path):
    # all sheets, text as it is and not as it is shown
    converted(edited, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", tmp_path)
    with (tmp_path / "edited-Plan £.csv").open(encoding="utf-8", newline="") as file:
        plan = list(csv.reader(file))
    with (tmp_path / "edited-Other.csv").open(encoding="utf-8", newline="") as file:
        other = list(csv.reader(file))
    assert plan[1][:2] == ["A", "12.5"]
    assert plan[2][0] == "  spaced\nline 😀 _x0041_ <&> "
    assert plan[2][2] == "TRUE"
    assert plan[3][2] == "30é"
    assert plan[5][1] == "#N/A"
    assert plan[7][0] == ""
    assert len(plan) == 1_048_576
    assert other[0][0] == "first"
    assert (other[2][1], other[2][-1], len(other[2])) == ("7", "last column", 16_384)
    assert other[3][2] == "62.5"
    assert other[4][0] == LONG
    converted(edited, "ods", tmp_path)
    with zipfile.ZipFile(tmp_path / "edited.ods") as saved:
        content = saved.read("content.xml").decode()
    assert "office:annotation" in content
    for kept in ("draw:object", "content-validation", "conditional-format", "table:database-range", "Costs_total"):
        assert kept in content
