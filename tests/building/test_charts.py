"""Charts: told apart without colour, with titles and units, and each with a text for those who do not see it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook

from xlmodel.building import charts
from xlmodel.building.package import fix_package

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TWO = [("First", "B2:B4", "blue"), ("Second", "C2:C4", "orange")]
WHERE = ("A6", "Title", "Children", "A2:A4")

BUILDERS: dict[str, Callable[[Any], Any]] = {
    "line": lambda ws: charts.line_chart(ws, *WHERE, TWO),
    "column": lambda ws: charts.column_chart(ws, *WHERE, TWO, lines=[("Over", "B2:B4", "ink")]),
    "stacked": lambda ws: charts.stacked_chart(ws, *WHERE, TWO),
    "bridge": lambda ws: charts.bridge_chart(ws, *WHERE, [("Base", "B2:B4", ""), *TWO], along="Step"),
    "tornado": lambda ws: charts.tornado_chart(ws, *WHERE, TWO, along="Assumption"),
    "fan": lambda ws: charts.fan_chart(ws, *WHERE, [("Low", "B2:B4", ""), ("95 %", "C2:C4", "D5E5F2")], TWO[:1]),
    "funnel": lambda ws: charts.funnel_chart(
        ws,
        *WHERE[:3],
        [("Councils", "A2:A4", "B2:B4", "blue"), ("Own", "A2:A2", "B2:B2", "fail")],
        [("Low", "A2:A4", "B2:B4", "grey"), ("High", "A2:A4", "C2:C4", "grey")],
        along="Children aged 0 to 17",
    ),
}


def written(build: Callable[[Any], Any], path: Path) -> tuple[ElementTree.Element, str]:
    """Return a chart's XML and its drawing's, as they stand in the file."""
    wb = Workbook()
    ws = wb.active
    ws.title = "Two words"
    for row in (("Year", "One", "Two"), ("2023/24", 10, 4), ("2024/25", 20, 5), ("2025/26", 30, 6)):
        ws.append(row)
    ws.add_chart(build(ws))
    wb.save(path)
    fix_package(path, "2024-03-08", {"Two words": ["What it shows"]})
    with zipfile.ZipFile(path) as file:
        return ElementTree.fromstring(file.read("xl/charts/chart1.xml")), file.read("xl/drawings/drawing1.xml").decode()


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_chart_says_what_it_is(kind: str, tmp_path: Path) -> None:
    chart, drawing = written(BUILDERS[kind], tmp_path / "chart.xlsx")
    texts = [t.text for t in chart.iter(f"{A}t")]
    assert "Title" in texts
    assert "Children" in texts
    axes = [axis for name in ("catAx", "valAx") for axis in chart.iter(f"{C}{name}")]
    assert [axis.find(f"{C}delete").get("val") for axis in axes] == ["0"] * len(axes)  # type: ignore[union-attr]
    assert len([axis for axis in axes if axis.find(f"{C}title") is not None]) >= 2
    assert 'descr="What it shows"' in drawing


@pytest.mark.parametrize("kind", BUILDERS)
def test_series_are_told_apart_without_colour(kind: str, tmp_path: Path) -> None:
    """By pattern, dash or marker; a series that is not drawn stands out from nothing."""
    chart, _ = written(BUILDERS[kind], tmp_path / "chart.xlsx")
    for group in chart.find(f"{C}chart/{C}plotArea") or []:
        looks = []
        for series in group.findall(f"{C}ser"):
            pattern = series.find(f"{C}spPr/{A}pattFill")
            dash = series.find(f"{C}spPr/{A}ln/{A}prstDash")
            marker = series.find(f"{C}marker/{C}symbol")
            unseen = series.find(f"{C}spPr/{A}noFill") is not None
            looks.append(
                (unseen, *(e if e is None else e.get("prst") or e.get("val") for e in (pattern, dash, marker)))
            )
        assert len(set(looks)) == len(looks), looks


@pytest.mark.parametrize("kind", BUILDERS)
def test_ranges_stand_on_the_chart_s_own_sheet(kind: str, tmp_path: Path) -> None:
    chart, _ = written(BUILDERS[kind], tmp_path / "chart.xlsx")
    formulas = [f.text for f in chart.iter(f"{C}f")]
    assert formulas
    assert all(re.fullmatch(r"'Two words'!\$[A-C]\$\d(:\$[A-C]\$\d)?", f or "") for f in formulas), formulas


def test_a_name_may_be_a_cell() -> None:
    ws = Workbook().active
    series = charts.line_chart(ws, *WHERE, [("=$B$1", "B2:B4", "blue")]).series[0]
    assert series.tx.strRef.f == "Sheet!$B$1"


def test_a_chart_without_a_text_is_refused() -> None:
    ws = Workbook().active
    with pytest.raises(ValueError, match="no alternative text"):
        charts.add_chart(None, ws, charts.line_chart(ws, *WHERE, TWO), alt=" ")  # type: ignore[arg-type]


def test_a_drawing_needs_a_text_for_each_chart(tmp_path: Path) -> None:
    wb = Workbook()
    ws = wb.active
    for anchor in ("A6", "A30"):
        ws.add_chart(charts.line_chart(ws, anchor, "Title", "Children", "A2:A4", TWO))
    wb.save(tmp_path / "two.xlsx")
    with pytest.raises(ValueError, match="has 2 charts and 1 alternative texts"):
        fix_package(tmp_path / "two.xlsx", "2024-03-08", {"Sheet": ["One"]})
