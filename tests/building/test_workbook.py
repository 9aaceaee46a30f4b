"""What the built workbook promises beyond its numbers: formulas, names, tables, look, accessibility, its parts."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from building.projects import TOTALS, write_project
from formula_texts import calls, typed_numbers
from openpyxl import Workbook

from xlmodel.building.contents import CONTENTS
from xlmodel.building.delivering import deliver
from xlmodel.building.project import read_book_project
from xlmodel.building.style import COLOURS, VERDICT_LOOK, add_styles
from xlmodel.building.workbook import build_workbook
from xlmodel.engine.native import Model
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue
from xlmodel.verify.check import Means

ROOT = Path(__file__).parents[2]

#: Functions that Excel 2016 has, and that give one value where these formulas use them.
PLAIN = set(
    """
    ABS AND AVERAGE CHOOSE COLUMNS COUNT COUNTA COUNTIF DATE EXP IF IFERROR INDEX INT ISBLANK ISERROR ISNUMBER LARGE
    LEFT LN MATCH MAX MEDIAN MIN MOD N NOT OR RANK RIGHT ROUND ROW ROWS SIGN SMALL SQRT SUM SUMIFS SUMIF SUMPRODUCT TEXT
    VALUE YEAR EXACT MID LEN IFNA ISNA ISTEXT SUBSTITUTE TRIM DAY MONTH EDATE POWER _XLFN.NUMBERVALUE
    """.split()
)


def formulas(book: Any) -> list[tuple[str, str, str]]:
    return [
        (ws.title, cell.coordinate, cell.value)
        for ws in book.build.wb
        for row in ws.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def parts(book: Any) -> dict[str, str]:
    with zipfile.ZipFile(book.path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


# --- formulas ---------------------------------------------------------------------------------------------------------


def test_the_sheets_are_those_of_the_contents(book: Any) -> None:
    assert book.build.wb.sheetnames == [entry.title for entry in CONTENTS]
    assert all(ws.sheet_state == "visible" for ws in book.build.wb)


def test_no_constant_is_typed_into_a_formula(book: Any) -> None:
    """Constants stand on Assumptions and Claims, where their source stands."""
    assert not [(s, c, f) for s, c, f in formulas(book) if typed_numbers(f)]


def test_formulas_work_in_excel_2016(book: Any) -> None:
    used = {name for _, _, formula in formulas(book) for name in calls(formula)}
    assert not {name for name in used if not name.startswith("CSC_")} - PLAIN
    sheets = {name: xml for name, xml in parts(book).items() if name.startswith("xl/worksheets/sheet")}
    assert not [name for name, xml in sheets.items() if re.search(r'<c [^>]*\bcm="|<f [^>]*t="array"', xml)]


def test_most_cells_calculate_and_none_shows_an_error(book: Any) -> None:
    shown = {f"{sheet}!{cell}": book.model.value(f"{sheet}!{cell}") for sheet, cell, _ in formulas(book)}
    assert not {cell: value for cell, value in shown.items() if isinstance(value, ErrorValue)}
    assert {sheet for sheet, _, _ in formulas(book)} >= {e.title for e in CONTENTS if e.group == "Results"}


def test_every_name_leads_to_a_sheet(book: Any) -> None:
    for name, defined in book.build.wb.defined_names.items():
        sheet = defined.attr_text.rsplit("!", 1)[0].strip("'")
        assert sheet in book.build.wb.sheetnames, name


# --- look and accessibility -------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[-6:][i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, paper: str) -> float:
    high, low = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_every_style_can_be_read() -> None:
    wb = Workbook()
    add_styles(wb)
    for style in wb._named_styles:
        if style.name.startswith("Model"):
            paper = style.fill.fgColor.rgb if style.fill.fill_type == "solid" else "FFFFFF"
            assert contrast(style.font.color.rgb, paper) >= 4.5, style.name
    for verdict, (paper, ink) in VERDICT_LOOK.items():
        assert contrast(ink, paper) >= 4.5, verdict
    for colour in ("pass", "fail"):
        assert contrast("FFFFFF", COLOURS[colour]) >= 4.5, colour


def test_what_is_coloured_by_rule_can_be_read(book: Any) -> None:
    for ws in book.build.wb:
        for area in ws.conditional_formatting:
            for rule in area.rules:
                if rule.dxf and rule.dxf.fill and rule.dxf.font and rule.dxf.font.color:
                    assert contrast(rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) >= 4.5, (ws.title, area.sqref)


def test_no_data_cell_is_merged(book: Any) -> None:
    for ws in book.build.wb:
        for area in ws.merged_cells.ranges:
            style = ws.cell(area.min_row, area.min_col).style
            assert style in ("Model purpose", "Model note", "Model prose"), (ws.title, area)


def test_tables_have_headers(book: Any) -> None:
    names = []
    for ws in book.build.wb:
        for table in ws.tables.values():
            names.append(table.displayName)
            headers = [cell.value for cell in ws[table.ref][0]]
            assert all(isinstance(h, str) and h for h in headers), (ws.title, table.ref, headers)
            assert len(set(headers)) == len(headers), (ws.title, table.ref, headers)
    assert len(set(names)) == len(names)
    assert {"Reconciliation", "Printed_figures", "All_checks"} <= set(names)


def test_every_sheet_is_set_up_to_be_read_and_printed(book: Any) -> None:
    for ws in book.build.wb:
        assert ws.freeze_panes, ws.title
        assert ws.print_area, ws.title
        assert ws["A1"].style == "Model title", ws.title
        assert ws["A2"].style == "Model purpose", ws.title
        assert ws.page_setup.fitToWidth == 1, ws.title
        assert ws.oddHeader.left.text == book.build.project.title
        assert "&P" in ws.oddFooter.right.text
        wide = sum(d.width for letter, d in ws.column_dimensions.items() if not d.outlineLevel)
        assert wide < 420, f"{ws.title} is {wide} characters wide"


def test_every_chart_has_its_own_text(book: Any) -> None:
    drawings = {name: xml for name, xml in parts(book).items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)}
    texts = [re.findall(r'<(?:\w+:)?cNvPr [^>]*descr="([^"]*)"', xml) for xml in drawings.values()]
    charts = [len(re.findall(r"<(?:\w+:)?graphicFrame\b", xml)) for xml in drawings.values()]
    assert sum(charts) >= 7
    assert [len(t) for t in texts] == charts
    every = [text for drawing in texts for text in drawing]
    assert len(set(every)) == len(every)
    assert all(len(text) > 40 for text in every)


def test_the_document_says_what_it_is(book: Any) -> None:
    core = ElementTree.fromstring(parts(book)["docProps/core.xml"])
    said = {element.tag.rpartition("}")[2]: element.text for element in core}
    assert said["title"] == book.build.project.title
    assert said["language"] == "en-GB"
    assert said["created"] == said["modified"] == f"{book.build.project.as_at:%Y-%m-%d}T00:00:00Z"


def test_opening_it_asks_for_no_recalculation(book: Any) -> None:
    tag = re.search(r"<calcPr[^>]*>", parts(book)["xl/workbook.xml"])
    assert tag
    assert "fullCalcOnLoad" not in tag[0]


def test_links_lead_to_sheets(book: Any) -> None:
    links = [cell.hyperlink.location for row in book.build.wb["Cover"].iter_rows() for cell in row if cell.hyperlink]
    assert [link.rpartition("!")[0].strip("'") for link in links] == book.build.wb.sheetnames


# --- the same tables, the same bytes ----------------------------------------------------------------------------------


def test_the_same_tables_give_the_same_bytes(built: Callable[[str], Any], registry: Registry, tmp_path: Path) -> None:
    book = built("sample")
    again = tmp_path / "again.xlsx"
    build_workbook(book.build.project, again, registry)
    assert hashlib.sha256(again.read_bytes()).hexdigest() == hashlib.sha256(book.path.read_bytes()).hexdigest()


# --- printed figures --------------------------------------------------------------------------------------------------


def test_the_sheet_s_verdicts_are_those_of_the_command(book: Any) -> None:
    for row, judged in enumerate(book.build.reconciliation.rows, 7):
        shown = {column: book.model.value(f"Reconciliation!{column}{row}") for column in "AEFHIJK"}
        assert (shown["A"], shown["H"]) == (judged.id, str(judged.verdict))
        assert judged.sentence in shown["I"]
        for column, value in (("E", judged.stated), ("F", judged.recomputed), ("J", judged.low), ("K", judged.high)):
            if value is not None:
                assert shown[column] == pytest.approx(value, rel=1e-12, abs=1e-12), (judged.id, column)


def test_verdicts_follow_a_figure_that_is_changed(built: Callable[[str], Any]) -> None:
    book = built("sample")
    ids = [claim.id for claim in book.build.claims.printed]
    cell = f"Claims!E{5 + ids.index('starts')}"
    row = 7 + [r.id for r in book.build.reconciliation.rows].index("after")
    assert book.model.value(f"Reconciliation!H{row}") == "TIES"
    try:
        book.model.run({cell: 155})
        assert book.model.value(f"Reconciliation!H{row}") == "DOES NOT TIE"
        assert "changed since the words were written" in book.model.value(f"Reconciliation!I{row}")
        assert "DOES NOT TIE" in [book.model.value(f"Cover!A{r}") for r in range(25, 32)]
        assert book.model.value("Checks!D6") == 0, "a report that does not tie is no fault of the workbook"
    finally:
        book.model.run({cell: 145})
    assert book.model.value(f"Reconciliation!H{row}") == "TIES"


def test_a_project_of_totals_alone_says_what_it_lacks(registry: Registry, tmp_path: Path) -> None:
    """No claims, no neighbours, no plan, no past: every sheet is there and says so, and everything passes."""
    folder = write_project(tmp_path / "small", TOTALS)
    build = build_workbook(read_book_project(folder), tmp_path / "small.xlsx", registry)
    model = Model.open(tmp_path / "small.xlsx", registry)
    model.calculate()
    assert model.value("Checks!D6") == 0
    for sheet in ("Claims", "Reconciliation", "Change log", "Neighbours", "Savings plan"):
        words = " ".join(str(c.value) for row in build.wb[sheet].iter_rows(max_row=12) for c in row if c.value)
        assert re.search(r"\bno\b|\bNo\b|\bnone\b", words), sheet


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize("edition", ["lambda", "com", "officejs", "values"])
def test_a_project_is_delivered_in_every_edition(registry: Registry, tmp_path: Path, edition: str) -> None:
    folder = ROOT / "xlmodel" / "building" / "sample"
    out = tmp_path / f"{edition}.xlsx"
    first = deliver(folder, Means(registry), edition=edition, out=out)
    bytes_of_first = out.read_bytes()
    assert not first.failed
    assert deliver(folder, Means(registry), edition=edition, out=out).published.path == out
    assert out.read_bytes() == bytes_of_first


def test_nothing_is_wired_to_a_council() -> None:
    texts = [
        path.read_text("utf-8")
        for pattern in ("*.py", "*.csv", "*.md", "*.toml", "*.yml")
        for path in (ROOT / "xlmodel" / "building").rglob(pattern)
    ]
    assert len(texts) > 40
    assert not [text[:80] for text in texts if "southampton" in text.lower() or "northmoor" in text.lower()]
