"""What Excel asks of a file that no other program insists on, held on the workbooks as they are written."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

from xlmodel.building.package import fix_package
from xlmodel.building.sheet import _printed
from xlmodel.building.style import CALC, DECIMALS_2, DECIMALS_3, add_styles, number_format, without_idle_points

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NUMBER_WITH_IDLE_POINT = re.compile(r"[0#]\.#")
A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*")
FONT = ["b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme"]


@pytest.fixture(scope="module")
def file(book: Any) -> Any:
    """The built workbook as openpyxl reads it back."""
    return load_workbook(book.path)


def test_no_format_shows_a_point_after_a_whole_number(file: Any) -> None:
    formats = {cell.number_format for ws in file for row in ws.iter_rows() for cell in row}
    assert {f for f in formats if NUMBER_WITH_IDLE_POINT.search(f)} == set()


def test_texts_of_validations_are_no_longer_than_excel_takes(file: Any) -> None:
    for ws in file:
        for test in ws.data_validations.dataValidation:
            assert len(test.error or "") <= 225, (ws.title, test.error)
            assert len(test.errorTitle or "") <= 32
            for bound in (test.formula1, test.formula2):
                assert bound is None or len(bound) <= 255
                assert not re.search(r"\de[+-]?\d", bound or ""), (ws.title, bound)
            assert not re.search(r"\de[+-]\d", test.error or ""), "people do not read 1e+06"


def test_headers_and_footers_are_no_longer_than_excel_takes(book: Any) -> None:
    with zipfile.ZipFile(book.path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for part in ElementTree.fromstring(package.read(name)).iter(f"{M}headerFooter"):
                    assert all(len(line.text or "") <= 255 for line in part), name


@pytest.mark.parametrize(
    ("title", "printed"), [("Children & families", "Children && families"), ("x" * 200, "x" * 119 + "…")]
)
def test_a_title_is_printed_as_it_is_written(title: str, printed: str) -> None:
    assert _printed(title) == printed


def test_names_are_names_to_excel(file: Any) -> None:
    for name in file.defined_names:
        assert not A_CELL.fullmatch(name), name
        assert len(name) <= 255
    titles = [ws.title for ws in file]
    assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in titles)


def test_formulas_and_texts_are_no_longer_than_excel_takes(file: Any) -> None:
    for ws in file:
        for row in ws.iter_rows():
            for cell in row:
                text = cell.value if isinstance(cell.value, str) else ""
                assert len(text) <= (8_192 if text.startswith("=") else 32_767), (ws.title, cell.coordinate)
                if text.startswith("="):
                    typed = re.findall(r'"((?:[^"]|"")*)"', text)
                    assert all(len(t) <= 255 for t in typed), (ws.title, cell.coordinate)


def test_tables_have_their_headers_in_the_cells(file: Any) -> None:
    for ws in file:
        for table in ws.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            assert bottom > top, table.displayName
            headers = [ws.cell(top, col).value for col in range(left, right + 1)]
            assert [column.name for column in table.tableColumns] == headers
            assert len({header.casefold() for header in headers}) == len(headers)
            for merged in ws.merged_cells.ranges:
                apart = merged.max_row < top or merged.min_row > bottom
                assert apart or merged.max_col < left or merged.min_col > right, (ws.title, table.ref, str(merged))


def test_calls_of_functions_stand_in_no_merged_cell(file: Any) -> None:
    for ws in file:
        for merged in ws.merged_cells.ranges:
            content = ws.cell(merged.min_row, merged.min_col).value
            assert "CSC_" not in str(content or "") or not str(content).startswith("="), (ws.title, str(merged))


def test_axes_say_on_which_side_they_stand(book: Any) -> None:
    chart = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    with zipfile.ZipFile(book.path) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        assert parts
        for name in parts:
            area = next(ElementTree.fromstring(package.read(name)).iter(f"{chart}plotArea"))
            axes = [axis for axis in area if axis.tag in (f"{chart}catAx", f"{chart}valAx")]
            assert {_val(axis, f"{chart}axPos") for axis in axes} == {"b", "l"}, name
            values = [axis for axis in axes if axis.tag == f"{chart}valAx"]
            assert all(_val(axis, f"{chart}crossBetween") in ("between", "midCat") for axis in values), name
            grouping = [g.get("val") for bars in area.iter(f"{chart}barChart") for g in bars.iter(f"{chart}grouping")]
            places = [p.get("val") for bars in area.iter(f"{chart}barChart") for p in bars.iter(f"{chart}dLblPos")]
            assert "stacked" not in grouping or "outEnd" not in places, "Excel repairs such a chart"


def _val(element: ElementTree.Element, name: str) -> str | None:
    child = element.find(name)
    return None if child is None else child.get("val")


def test_fonts_are_written_as_excel_orders_them(book: Any) -> None:
    with zipfile.ZipFile(book.path) as package:
        fonts = ElementTree.fromstring(package.read("xl/styles.xml")).find(f"{M}fonts")
    assert fonts is not None
    for font in fonts:
        places = [FONT.index(child.tag.removeprefix(M)) for child in font]
        assert places == sorted(places)


def test_whole_numbers_show_no_point_whatever_is_typed(tmp_path: Path) -> None:
    wb = Workbook()
    add_styles(wb)
    ws = wb.active
    for cell, value, shown in (
        ("B2", 219.0, DECIMALS_3), ("C2", 2.5, DECIMALS_3), ("B3", "=B2", DECIMALS_3), ("C3", None, DECIMALS_3),
        ("C5", 3, DECIMALS_3), ("E1", 82.8039, DECIMALS_2), ("F1", 1.0, number_format("number", 1)),
    ):  # fmt: skip
        ws[cell].value, ws[cell].style, ws[cell].number_format = value, CALC, shown
    without_idle_points(ws)
    wb.save(tmp_path / "formats.xlsx")
    fix_package(tmp_path / "formats.xlsx", "2024-03-08", {})
    ws = load_workbook(tmp_path / "formats.xlsx").active
    rules = {
        str(area.sqref): [(rule.formula[0], rule.dxf.numFmt.formatCode) for rule in area.rules]
        for area in ws.conditional_formatting
    }
    assert rules == {
        "B2:C3": [("B2=INT(B2)", "#,##0_ "), ("B2<>INT(B2)", DECIMALS_3)],
        "C5": [("C5=INT(C5)", "#,##0_ "), ("C5<>INT(C5)", DECIMALS_3)],
        "E1": [("E1=INT(E1)", "#,##0_ "), ("E1<>INT(E1)", DECIMALS_2)],
    }
    shown = [ws[cell].number_format for cell in ("B2", "C2", "C5", "E1")]
    assert shown == ["#,##0_ ", DECIMALS_3, "#,##0_ ", DECIMALS_2]
