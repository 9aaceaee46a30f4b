"""What the Southampton workbook promises beyond its numbers: its formulas, its parts, its look and how it opens."""

from __future__ import annotations

import csv
import math
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from workbooks.southampton.build import build
from workbooks.southampton.style import COLOURS, VERDICT_LOOK

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "workbooks" / "southampton" / "southampton.xlsx"

#: A line of the deck or the article, or some that follow each other.
LINES = r"([AD])\d+(-\1\d+)?"

#: Functions that every engine used as a witness calculates rightly.
NATIVE = {
    *("SUM", "IF", "AND", "OR", "ABS", "MAX", "MIN", "ROUND", "INDEX", "COUNTIF", "COUNTA", "COUNT", "AVERAGE"),
    *("SUMPRODUCT", "ISERROR", "ISNUMBER", "LN"),
}


@cache
def book() -> Any:
    return openpyxl.load_workbook(BOOK)


@cache
def values() -> Any:
    return openpyxl.load_workbook(BOOK, data_only=True)


@cache
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BOOK) as file:
        return {name: file.read(name) for name in file.namelist()}


def formula_cells() -> list[tuple[str, str, str]]:
    return [
        (ws.title, c.coordinate, c.value) for ws in book() for row in ws.iter_rows() for c in row if c.data_type == "f"
    ]


def typed_numbers(formula: str) -> list[str]:
    """Return the numbers typed into a formula, but for the k of INDEX(CSC_X(...), k)."""
    found: list[str] = []
    calls: list[list[Any]] = []  # name, arguments begun, whether a CSC function is called in the first one
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            name = token.value.rstrip("(").upper()
            if calls and name.startswith("CSC_") and calls[-1][1] == 1:
                calls[-1][2] = True
            calls.append([name, 1, False])
        elif token.type == Token.FUNC:
            calls.pop()
        elif token.type == Token.SEP and calls:
            calls[-1][1] += 1
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            allowed = bool(calls) and calls[-1][0] == "INDEX" and calls[-1][2] and calls[-1][1] == 2
            if not allowed:
                found.append(token.value)
    return found


@pytest.mark.parametrize(
    ("formula", "numbers"),
    [
        ("=A1*10000", ["10000"]),
        ("=INDEX(CSC_STOCK_PATH(C6,D6:D10,E6:E10),5)", []),
        ("=INDEX(A1:A9,5)", ["5"]),
        ("=INDEX(CSC_X(A1,2),1)", ["2"]),
        ("=IF(A1>0,B1,B2)", ["0"]),
        ("=IF(A1>1,B1,0.5)", ["1", "0.5"]),
    ],
)
def test_typed_numbers_are_found(formula: str, numbers: list[str]) -> None:
    assert typed_numbers(formula) == numbers


def test_no_number_is_typed_into_a_formula() -> None:
    assert not [(s, c, f) for s, c, f in formula_cells() if typed_numbers(f)]


def test_formulas_use_only_csc_and_plain_functions() -> None:
    used = {
        t.value.rstrip("(").upper()
        for _, _, formula in formula_cells()
        for t in Tokenizer(formula).items
        if t.type == Token.FUNC and t.subtype == Token.OPEN
    }
    assert not [f for f in used - NATIVE if not f.startswith("CSC_")]


def test_no_array_structured_or_external_formulas() -> None:
    sheets = {n: x.decode() for n, x in parts().items() if n.startswith("xl/worksheets/sheet")}
    assert not [n for n, xml in sheets.items() if re.search(r'<c [^>]*\bcm="|<f [^>]*t="array"', xml)]
    assert not [(s, c) for s, c, f in formula_cells() if re.search(r"\[|\bOFFSET\(|\bINDIRECT\(|\bLET\(|\bLAMBDA\(", f)]
    assert not [n for n in parts() if "externalLink" in n or "vbaProject" in n]


def test_calculation_settings() -> None:
    tag = re.search(rb"<calcPr[^>]*>", parts()["xl/workbook.xml"])
    assert tag
    assert b'calcId="191029"' in tag[0]
    assert b'calcMode="auto"' in tag[0]
    assert b"fullCalcOnLoad" not in tag[0]


def test_every_formula_cell_has_a_saved_value_and_no_error() -> None:
    saved = [(s, c, values()[s][c].value) for s, c, _ in formula_cells()]
    assert not [(s, c, v) for s, c, v in saved if v is None or (isinstance(v, str) and v.startswith("#"))]


def test_defined_names_resolve() -> None:
    for name, defined in book().defined_names.items():
        areas = list(defined.destinations)
        assert areas, name
        for sheet, area in areas:
            assert sheet in book().sheetnames, name
            cells = values()[sheet][area]
            flat = [cells] if not isinstance(cells, tuple) else [c for row in cells for c in row]
            assert all(c.value is not None for c in flat), name


def test_names_in_formulas_are_defined() -> None:
    names = set(book().defined_names)
    for sheet, cell, formula in formula_cells():
        for token in Tokenizer(formula).items:
            if (
                token.type == Token.OPERAND
                and token.subtype == Token.RANGE
                and re.fullmatch(r"[A-Z][a-z]\w+", token.value)
            ):
                assert token.value in names, (sheet, cell, token.value)


def test_every_assumption_is_used() -> None:
    text = " ".join(f for _, _, f in formula_cells())
    sheet = book()["Assumptions"]
    names = [sheet[f"A{r}"].value for r in range(5, sheet.max_row) if sheet[f"A{r}"].style == "Model label"]
    assert len(names) > 20
    assert not [n for n in names if not re.search(rf"\b{n}\b", text)]


@pytest.mark.parametrize("sheet", book().sheetnames)
def test_sheet_is_set_up_to_be_read_and_printed(sheet: str) -> None:
    ws = book()[sheet]
    assert ws.freeze_panes
    assert not ws.sheet_view.showGridLines
    assert ws.page_setup.orientation == "landscape"
    assert int(ws.page_setup.paperSize) == 9
    assert ws.sheet_properties.pageSetUpPr.fitToPage
    assert int(ws.page_setup.fitToWidth) == 1
    assert ws.print_area
    assert "&A" in ws.oddHeader.right.text
    assert "&P" in ws.oddFooter.right.text
    assert len(ws["A2"].value) > 20


def test_it_opens_on_the_cover_with_one_sheet_selected() -> None:
    assert [ws.title for ws in book() if ws.sheet_view.tabSelected] == ["Cover"] == [book().active.title]
    assert all(ws.sheet_view.topLeftCell in (None, "A1") for ws in book())


def test_no_cell_of_a_table_is_merged() -> None:
    words = {"Model purpose", "Model note", "Model cover check"}
    merged = [(ws.title, str(area), ws[area.coord.split(":")[0]].style) for ws in book() for area in ws.merged_cells]
    assert not [m for m in merged if m[2] not in words]


def test_input_cells_refuse_what_they_cannot_hold() -> None:
    for ws in (book()["Inputs"], book()["Assumptions"]):
        tests = ws.data_validations.dataValidation
        assert tests
        assert all(v.showErrorMessage and "CSV" in v.error and not v.allow_blank for v in tests)
        held = [c.coordinate for row in ws.iter_rows() for c in row if c.style == "Model input"]
        assert not [c for c in held if not any(c in v.sqref for v in tests)]


@pytest.mark.parametrize("look", [*VERDICT_LOOK.values(), *((COLOURS[k], "FFFFFF") for k in ("navy", "pass", "fail"))])
def test_words_stand_out_from_their_fill(look: tuple[str, str]) -> None:
    light, dark = sorted((luminance(colour) for colour in look), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("file", "given", "wrong", "says"),
    [
        ("reconciliation", "£m,two-figures,", "£m,two-figure,", "kind is one of"),
        ("reconciliation", "assumes,A52,", "assumes,A99,", "no figure 'A99'"),
        ("cohort", "2024/25,140,140", "2024/25,140,n/a", "starts_24_25: value and dp are numbers"),
        ("cohort", "2024/25,140,140", "2024/25,140,", "starts_24_25 lacks value"),
    ],
)
def test_a_slip_in_the_inputs_stops_the_build(tmp_path: Path, file: str, given: str, wrong: str, says: str) -> None:
    shutil.copytree(BOOK.parent / "inputs", tmp_path / "inputs")
    path = tmp_path / "inputs" / f"{file}.csv"
    text = path.read_text("utf-8")
    assert given in text
    path.write_text(text.replace(given, wrong, 1), "utf-8")
    with pytest.raises(ValueError, match=says):
        build(tmp_path / "book.xlsx", tmp_path / "inputs")


def test_every_input_cell_has_a_source() -> None:
    sources = {"Inputs": "M", "Assumptions": "G"}
    for ws in book():
        for row in ws.iter_rows():
            for cell in row:
                if cell.style == "Model input" and cell.value not in (None, "Input"):  # the Cover's key shows the style
                    assert ws.title in sources, cell
                    assert ws[f"{sources[ws.title]}{cell.row}"].value, cell


def test_sources_name_a_line() -> None:
    sheet = book()["Inputs"]
    lines = [str(sheet[f"M{r}"].value) for r in range(5, sheet.max_row + 1)]
    assert not [x for x in lines if not re.fullmatch(LINES, x)]
    sheet = book()["Deck reconciliation"]
    named = [part for r in range(7, sheet.max_row + 1) for part in sheet[f"B{r}"].value.split(", ")]
    assert not [x for x in named if not re.fullmatch(LINES, x)]


def test_reconciliation_is_a_table_with_the_columns_that_programs_read() -> None:
    table = book()["Deck reconciliation"].tables["Reconciliation"]
    headers = {c.name for c in table.tableColumns}
    assert {"ID", "Source", "Item", "Stated", "Recomputed", "Verdict", "Explanation"} <= headers


def test_contents_lead_to_every_other_sheet() -> None:
    links = {c.hyperlink.location for row in book()["Cover"].iter_rows() for c in row if c.hyperlink}
    assert links == {f"'{s}'!A1" for s in book().sheetnames if s != "Cover"}


def test_charts_have_titles_and_descriptions() -> None:
    charts = [x.decode() for n, x in parts().items() if n.startswith("xl/charts/chart")]
    drawings = [x.decode() for n, x in parts().items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", n)]
    assert len(charts) == len(drawings) == 4
    assert all(x.count("<title>") == 3 for x in charts)  # the chart's and both axes'
    assert all(re.search(r'cNvPr [^>]*descr="[^"]{60,}"', x) for x in drawings)


def test_nothing_names_a_machine_or_a_run() -> None:
    for name, content in parts().items():
        assert not re.search(rb"/home/|/tmp/|/work/|[A-Z]:\\", content), name


def test_same_inputs_give_the_same_file(tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    subprocess.run([sys.executable, "-m", "workbooks.southampton.build", "--out", str(again)], cwd=ROOT, check=True)
    with zipfile.ZipFile(again) as file:
        rebuilt = {name: file.read(name) for name in file.namelist()}
    assert list(rebuilt) == list(parts())
    assert [n for n in rebuilt if rebuilt[n] != parts()[n]] == []


def test_verdicts_follow_the_inputs(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    shutil.copytree(BOOK.parent / "inputs", inputs)
    plan = inputs / "savings_plan.csv"
    plan.write_text(plan.read_text("utf-8").replace("13.63,13.63", "14.97,14.97"), "utf-8")
    cohort = inputs / "cohort.csv"
    cohort.write_text(cohort.read_text("utf-8").replace("2024/25,140,140", "2024/25,141,141"), "utf-8")
    changed = tmp_path / "changed.xlsx"
    command = [sys.executable, "-m", "workbooks.southampton.build", "--out", str(changed), "--inputs", str(inputs)]
    subprocess.run(command, cwd=ROOT, check=True)
    rebuilt = openpyxl.load_workbook(changed, data_only=True)

    def verdicts(wb: Any) -> dict[str, str]:
        return {row[0].value: row[7].value for row in wb["Deck reconciliation"].iter_rows(min_row=7)}

    before, after = verdicts(values()), verdicts(rebuilt)
    # the plan's total now ties; one more entrant breaks a net change, a closing number, a count and those that follow
    assert {k: after[k] for k in after if after[k] != before[k]} == {
        "B03": "TIES",
        **dict.fromkeys(("A03", "A08", "A09", "A10", "A34"), "DOES NOT TIE"),
    }
    # the Cover does not list the figures that no longer tie, and says so
    assert rebuilt["Cover"]["A13"].value == f"1 OF {rebuilt['Cover']['C13'].value} CHECKS FAIL"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_shows_every_saved_value(tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    shown = tmp_path / "shown"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
    ]
    subprocess.run([*command, "--outdir", str(shown), str(BOOK)], check=True, capture_output=True, timeout=120)
    wrong = []
    for ws in book():
        with (shown / f"southampton-{ws.title}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for row in ws.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    text = rows[cell.row - 1][cell.column - 1]
                    saved = values()[ws.title][cell.coordinate].value
                    if not _shows(text, saved):
                        wrong.append((ws.title, cell.coordinate, text, saved))
    assert not wrong


def _shows(text: str, saved: Any) -> bool:
    """Tell whether LibreOffice's unformatted text of a cell is its saved value."""
    if isinstance(saved, (int, float)):
        try:
            return math.isclose(float(text), saved, rel_tol=1e-12, abs_tol=1e-12)
        except ValueError:
            return False
    if isinstance(saved, str):
        return text == saved
    return text not in ("", "#NAME?") and not text.startswith(("#", "Err:"))  # a date, in LibreOffice's own writing
