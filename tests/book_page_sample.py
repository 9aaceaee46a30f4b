"""A workbook that has a bit of everything a page shows, with words that try to become part of the page."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from functools import lru_cache
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, PieChart, Reference, ScatterChart, Series
from openpyxl.chart.series import SeriesLabel
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlmodel.book import SetSaved, read_book
from xlmodel.book.patch import patch
from xlmodel.book.save import save
from xlmodel.registry import Registry
from xlmodel.report.book_page import book_page
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Means, Outcome, check_all

HOSTILE = '<script>document.title="taken"</script><img src=x onerror="document.title=1">"\'&'
STARTS = (198, 180, 140)
CEASES = (219, 205, 190)


def sample(path: Path, means: Means) -> Path:
    """Write the workbook, with saved values; that of Flows!D4 is wrong."""
    wb = Workbook()
    wb.properties.title = f"Sample {HOSTILE}"
    for name in ("Model input", "Model calculation", "Model output", "Model check", "Model header"):
        wb.add_named_style(NamedStyle(name, font=Font(bold=name.endswith("header"))))
    _flows(wb)
    _reconciliation(wb)
    _odd(wb)
    wb.save(path)
    recalculate(path, means)
    book = read_book(path)
    wrong = patch(path, book, [SetSaved("Flows", 4, 4, -20.0)])
    save(wrong.content, path, expect_sha256=book.sha256, expect_members=wrong.members)
    return path


def _flows(wb: Workbook) -> None:
    ws = wb.active
    ws.title = "Flows"
    ws["A1"] = "Children who start and cease"
    for col, head in enumerate(("Year", "Starts (children)", "Ceases (children)", "Net change", "Source"), 1):
        ws.cell(3, col, head).style = "Model header"
    for i, (starts, ceases) in enumerate(zip(STARTS, CEASES, strict=True)):
        row = 4 + i
        ws.cell(row, 1, f"202{2 + i}/2{3 + i}")
        for col, content in ((2, starts), (3, ceases)):
            ws.cell(row, col, content).style = "Model input"
        ws.cell(row, 4, f"=CSC_NET_CHANGE(B{row},C{row})").style = "Model calculation"
        ws.cell(row, 5, f"Deck, page {12 + i}")
    ws["A8"], ws["D8"] = "All years", "=SUM(D4:D6)"
    ws["D8"].style = "Model output"
    ws["A9"], ws["D9"] = "The years add up", '=IF(D8=SUM(B4:B6)-SUM(C4:C6),"PASS","FAIL")'
    ws["A10"], ws["D10"] = "Nobody ceases", '=IF(SUM(C4:C6)=0,"PASS","FAIL")'
    ws["D9"].style = ws["D10"].style = "Model check"
    ws["A12"], ws["D12"] = "Share of those who cease", "=B4/C4"
    ws["D12"].number_format = "0.0%"
    ws["A13"], ws["D13"] = "As at", date(2024, 3, 8)
    ws["D13"].number_format = "d mmm yyyy"
    ws["A14"], ws["D14"] = "Nothing to divide by", "=B4/B20"
    wb.defined_names["Net_change"] = DefinedName("Net_change", attr_text="Flows!$D$4:$D$6")
    years, bars = Reference(ws, min_col=1, min_row=4, max_row=6), BarChart()
    bars.title, bars.y_axis.title = f"Starts and ceases {HOSTILE}", "children"
    for col in (2, 3):
        series = Series(Reference(ws, min_col=col, min_row=4, max_row=6))
        series.tx = SeriesLabel(v=f"Series {col}")
        bars.series.append(series)
    bars.set_categories(years)
    over = LineChart()
    over.series.append(Series(Reference(ws, min_col=4, min_row=4, max_row=6), title="Net change"))
    over.y_axis.axId, over.y_axis.crosses = 200, "max"
    bars += over
    ws.add_chart(bars, "H3")
    scatter = ScatterChart()
    scatter.title, scatter.x_axis.title, scatter.y_axis.title = "Starts against ceases", "Starts", "Ceases"
    scatter.y_axis.scaling.min = 0
    values, along = (Reference(ws, min_col=c, min_row=4, max_row=6) for c in (3, 2))
    scatter.series.append(Series(values, along, title="Years"))
    ws.add_chart(scatter, "H20")
    pie = PieChart()
    pie.title = "Ceases by year"
    pie.add_data(Reference(ws, min_col=3, min_row=4, max_row=6))
    pie.set_categories(years)
    ws.add_chart(pie, "H40")


def _reconciliation(wb: Workbook) -> None:
    ws = wb.create_sheet("Stated")
    ws.append(["ID", "Source", "Item", "Unit", "Stated", "Recomputed", "Verdict", "Explanation"])
    verdict = '=IF(E{0}=F{0},"TIES","DOES NOT TIE")'
    ws.append(["A1", "D12", "Net change, all years", "children", -96, "=Flows!D8", verdict.format(2), ""])
    told = "The deck says 90 fewer children; its own starts and ceases give 96 fewer."
    ws.append(["A2", "D13", f"Net change, as said {HOSTILE}", "children", -90, "=Flows!D8", verdict.format(3), told])
    ws.add_table(Table(displayName="Reconciliation", ref="A1:H3"))


def _odd(wb: Workbook) -> None:
    ws = wb.create_sheet("R&D <b>x<b>")
    ws["A1"], ws["B1"] = HOSTILE, f'="{HOSTILE[:8]}"&Flows!B4'
    ws["A2"] = '=HYPERLINK("javascript:alert(1)","press")'
    ws.merge_cells("C1:D2")
    ws["C1"], ws["D3"] = "Merged", "beside"
    ws["A5"], ws["A5"].fill = "alone in its row", PatternFill("solid", fgColor="FFEEEE")
    ws["C9"] = "=MADE_UP(1)"
    ws.row_dimensions[5].hidden = True
    wb.create_sheet("Kept").sheet_state = "hidden"
    wb["Kept"]["A1"] = 7
    wb.create_sheet("Nothing")


@lru_cache
def sample_outcome() -> Outcome:
    """Return the workbook, verified; it is written once for all tests."""
    means = sample_means()
    folder = Path(tempfile.mkdtemp(prefix="book-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return check_all([sample(folder / "sample.xlsx", means)], means, 1e-9)[0]


@lru_cache
def sample_page() -> str:
    """Return the page of the workbook."""
    return book_page(sample_outcome(), sample_means().registry)


@lru_cache
def sample_means() -> Means:
    """Return the means with which the workbook is calculated."""
    return Means(Registry.collect({"CSC": "udfs"}), witness=None)
