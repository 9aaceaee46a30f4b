"""What each published workbook promises beyond its numbers: it is what its tables build, and it is fit to be opened."""

from __future__ import annotations

import csv
import math
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from formula_texts import calls, typed_numbers
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import get_column_letter
from workbooks.published import place_of

from xlmodel.building.contents import CONTENTS
from xlmodel.building.delivering import deliver
from xlmodel.values import ErrorValue
from xlmodel.verify.check import Means

#: Functions that Excel 2016 has, and that give one value where these formulas use them.
PLAIN = set(
    """
    ABS AND AVERAGE CHOOSE COLUMNS COUNT COUNTA COUNTIF DATE DAY EDATE EXP IF IFERROR INDEX INT ISBLANK ISERROR ISNUMBER
    ISTEXT LARGE LEFT LN MATCH MAX MEDIAN MIN MOD MONTH N NOT OR RANK RIGHT ROUND ROW ROWS SIGN SMALL SQRT SUM SUMIF
    SUBSTITUTE SUMIFS SUMPRODUCT TEXT VALUE YEAR _XLFN.NUMBERVALUE
    """.split()
)
MACHINE = re.compile(rb"/home/|/tmp/|/root/|/work/|[A-Z]:\\")


# --- the same tables, the same bytes ----------------------------------------------------------------------------------


def test_it_is_byte_for_byte_what_its_tables_build(book_at_length: Any, means: Means, tmp_path: Path) -> None:
    book = book_at_length
    built = deliver(book.folder, means, out=tmp_path / book.path.name)
    assert not built.failed
    assert built.checks > 100
    assert built.published.path.read_bytes() == book.path.read_bytes(), "build it again with `make workbook`"


# --- formulas ---------------------------------------------------------------------------------------------------------


def test_no_number_is_typed_into_a_formula(book: Any) -> None:
    assert [(s, c, f) for s, c, f in book.formulas if typed_numbers(f)] == []


def test_cells_call_functions_of_excel_2016_and_our_own(book: Any) -> None:
    used = {name for _, _, formula in book.formulas for name in calls(formula)}
    ours = {name for name in used if name.startswith("CSC_")}
    assert used - ours - PLAIN == set()
    assert ours <= set(book.wb.defined_names), "a function that the workbook does not carry"
    assert len(ours) > 20


def test_every_call_is_one_cell_and_nothing_spills(book: Any) -> None:
    spilling = [
        (name, tag)
        for name, xml in book.parts.items()
        if name.startswith("xl/worksheets/sheet")
        for tag in re.findall(r'<f [^>]*ref="([^"]+)"', xml.decode())
        if ":" in tag
    ]
    assert spilling == []
    assert [n for n in book.parts if "externalLink" in n or "vbaProject" in n or "calcChain" in n] == []


def test_opening_it_calculates_nothing(book: Any) -> None:
    tag = re.search(rb"<calcPr[^>]*>", book.parts["xl/workbook.xml"])
    assert tag
    assert b'calcId="191029"' in tag[0]
    assert b'calcMode="auto"' in tag[0]
    assert b"OnLoad" not in tag[0]


def test_every_formula_cell_has_a_saved_value_and_none_is_an_error(book: Any) -> None:
    cells = [(sheet, i, sheet.values.item(i)) for sheet, i in book.read.formula_cells()]
    assert len(cells) == len(book.formulas) > 5000
    assert [
        (s.name, s.row[i], s.col[i]) for s, i, value in cells if value is None or isinstance(value, ErrorValue)
    ] == []


def test_names_lead_to_cells_that_hold_something_or_wait_for_it(book: Any) -> None:
    own = [name for name in book.wb.defined_names if not re.match(r"CSC_|UDF_\.", name)]
    assert len(own) > 100
    for name in own:
        cells = book.cells(name)
        styles = {book.wb[key.sheet].cell(key.row, key.col).style for key in map(place_of, cells)}
        waits = styles <= {"Model input", "Model input text"}
        assert waits or any(book.model.value(cell) is not None for cell in cells), name


def test_names_in_formulas_are_defined(book: Any) -> None:
    names = {name.casefold() for name in book.wb.defined_names}
    for sheet, cell, formula in book.formulas:
        for token in Tokenizer(formula).items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE and re.fullmatch(r"\w*_\w+", token.value):
                assert token.value.casefold() in names, (sheet, cell, token.value)


def test_every_assumption_is_used(book: Any) -> None:
    sheet, _ = book.wb.defined_names["Assumption_names"].attr_text.rsplit("!", 1)
    at = set(book.cells("Assumption_values"))
    names = [
        n for n, d in book.wb.defined_names.items() if d.attr_text.startswith(f"{sheet}!") and len(book.cells(n)) == 1
    ]
    own = [name for name in names if book.cell(name) in at]
    assert len(own) == len(at) > 10
    text = " ".join(formula for _, _, formula in book.formulas)
    assert [name for name in own if not re.search(rf"\b{name}\b", text)] == []


# --- how it is read and printed ---------------------------------------------------------------------------------------


def test_its_sheets_are_those_of_the_contents(book: Any) -> None:
    assert book.wb.sheetnames == [entry.title for entry in CONTENTS]
    assert [ws.title for ws in book.wb if ws.sheet_view.tabSelected] == ["Cover"] == [book.wb.active.title]
    assert all(ws.sheet_state == "visible" for ws in book.wb)
    assert all(ws.sheet_view.topLeftCell in (None, "A1") for ws in book.wb)


def test_sheets_are_set_up_to_be_read_and_printed(book: Any) -> None:
    for ws in book.wb:
        assert ws.freeze_panes, ws.title
        assert not ws.sheet_view.showGridLines, ws.title
        assert ws.page_setup.orientation in ("landscape", "portrait"), ws.title
        assert int(ws.page_setup.paperSize) == 9, ws.title
        assert ws.sheet_properties.pageSetUpPr.fitToPage, ws.title
        assert int(ws.page_setup.fitToWidth) == 1, ws.title
        assert ws.print_area, ws.title
        assert "&A" in ws.oddHeader.right.text
        assert "&P" in ws.oddFooter.right.text
        assert ws["A1"].value, ws.title
        assert len(ws["A2"].value) > 20, ws.title
        assert {cell.column_letter for row in ws.iter_rows() for cell in row if cell.value is not None} <= _wide(ws)


def _wide(ws: Any) -> set[str]:
    """Return the columns of a sheet that have a width of their own; a group of columns stands under its first."""
    return {
        get_column_letter(i)
        for d in ws.column_dimensions.values()
        if d.width
        for i in range(d.min or 1, (d.max or d.min or 1) + 1)
    }


def test_long_sheets_repeat_their_headers_on_every_page(book: Any) -> None:
    for ws in book.wb:
        if ws.max_row > 120:
            assert ws.print_title_rows, f"{ws.title} has {ws.max_row} rows"


def test_cells_that_are_typed_into_say_what_they_hold(book: Any) -> None:
    validated = [(ws.title, v) for ws in book.wb for v in ws.data_validations.dataValidation]
    assert {"Assumptions", "Scenarios"} <= {title for title, _ in validated}
    for title, rule in validated:
        assert rule.showErrorMessage, (title, str(rule.sqref))
        assert len(rule.error) > 15, (title, str(rule.sqref))
        assert rule.errorTitle, (title, str(rule.sqref))


def test_charts_have_a_text_for_those_who_do_not_see_them(book: Any) -> None:
    drawings = {n: x.decode() for n, x in book.parts.items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", n)}
    texts = [re.findall(r'<(?:\w+:)?cNvPr [^>]*descr="([^"]*)"', xml) for xml in drawings.values()]
    assert [len(t) for t in texts] == [len(re.findall(r"<(?:\w+:)?graphicFrame\b", xml)) for xml in drawings.values()]
    every = [text for drawing in texts for text in drawing]
    assert len(every) >= 7
    assert len(set(every)) == len(every)
    assert min(map(len, every)) > 40
    charts = [x for n, x in book.parts.items() if n.startswith("xl/charts/chart")]
    assert len(charts) == len(every)
    assert all(b"<a:t>" in xml for xml in charts), "a chart without a title"


def test_the_cover_leads_to_every_sheet(book: Any) -> None:
    links = [cell.hyperlink.location for row in book.wb["Cover"].iter_rows() for cell in row if cell.hyperlink]
    for link in links:
        sheet, cell = link.rsplit("!", 1)
        assert book.wb[sheet.strip("'")][cell] is not None
    assert {link.rsplit("!", 1)[0].strip("'") for link in links} == set(book.wb.sheetnames)


def test_nothing_names_a_machine(book: Any) -> None:
    assert [name for name, content in book.parts.items() if MACHINE.search(content)] == []


def test_nothing_of_it_belongs_to_another_council(book: Any, books: dict[str, Any]) -> None:
    others = [name for name in books if name != book.name]
    text = b"".join(book.parts.values()).lower()
    if book.name == "northmoor":
        assert [name for name in others if name.encode() in text] == []
    assert book.name.encode() in text


# --- LibreOffice ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_the_com_edition_and_shows_its_values(
    book_at_length: Any, com_edition: Callable[[Any], Path], tmp_path: Path
) -> None:
    book = book_at_length
    com = com_edition(book)
    command = [
        *("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"),
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(com)], check=True, capture_output=True, timeout=240)
    wrong = []
    for sheet in book.read.sheets:
        with (tmp_path / f"com-{sheet.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for i in range(len(sheet.row)):
            if sheet.formula[i] < 0:
                continue
            text = rows[sheet.row[i] - 1][sheet.col[i] - 1]
            if not _shows(text, sheet.values.item(i)):
                wrong.append((sheet.name, int(sheet.row[i]), int(sheet.col[i]), text, sheet.values.item(i)))
    assert wrong == []


def _shows(text: str, saved: Any) -> bool:
    """Tell whether LibreOffice's unformatted text of a cell is its saved value."""
    if isinstance(saved, float):
        try:
            shown = float(text[:-1]) / 100 if text.endswith("%") else float(text)
            return math.isclose(shown, saved, rel_tol=1e-12, abs_tol=1e-9)
        except ValueError:  # a date, in LibreOffice's own writing
            return bool(re.fullmatch(r"[\d/.\-]{8,10}", text))
    if isinstance(saved, bool):
        return text == str(saved).upper()
    return text == (saved or "")
