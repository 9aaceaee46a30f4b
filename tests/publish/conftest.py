"""A small workbook as a build leaves it: plain calls, saved values, names, a table, a chart."""

import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from one_worker import OneWorker
from openpyxl.chart import LineChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate

sys.path.insert(0, str(Path(__file__).parent))

MEANS = OneWorker(Registry.collect({"CSC": "udfs", "TST": "functions_without_native"}), witness=None)
YEARS = [
    ("2022/23", 487, 198, 219, 48_000),
    ("2023/24", 466, 203.5, 240, 48_200),
    ("2024/25", 429.5, 3.0625, 2, 48_300),
]


def workbook():
    """Make the workbook, without saved values."""
    wb = openpyxl.Workbook()
    inputs = wb.active
    inputs.title = "Inputs"
    inputs.append(["Year", "Opening", "Starts", "Ceases", "Population"])
    for year in YEARS:
        inputs.append(year)
    inputs.add_table(Table(displayName="Flows", ref="A1:E4"))
    stock = wb.create_sheet("Stock & rate")
    stock.append(["Year", "Net change", "Closing", "Rate", "Label"])
    for r in (2, 3, 4):
        stock.append(
            [
                f"=Inputs!A{r}",
                f"=CSC_NET_CHANGE(Inputs!C{r},Inputs!D{r})",
                f"=CSC_CLOSING_STOCK(Inputs!B{r},Inputs!C{r},Inputs!D{r})",
                f"=ROUND(CSC_RATE_PER_10K(C{r},Inputs!E{r}),1)",
                f'=A{r}&": "&TEXT(C{r},"0.0000")&" <children>"',
            ]
        )
    stock["B5"] = "=SUM(B2:B4)"
    stock["C5"] = '=IF(CSC_NET_CHANGE(1,0)>0,"up & away","down")'
    stock["D5"] = "=CSC_RATE_PER_10K(C2,0)"
    stock["E5"] = "=Growth*2"
    signed = wb.create_sheet("Sign-off")
    signed.append(["Values", "not published"])
    signed.append(["Functions", "not published"])
    signed.append(['="Signed: "&Values_hash'])
    for name, where in (
        ("Values_hash", "'Sign-off'!$B$1"),
        ("Functions_version", "'Sign-off'!$B$2"),
        ("Growth", "CSC_NET_CHANGE(Inputs!$C$2,Inputs!$D$2)"),
        ("Area", "Inputs!$B$2:$D$4"),
    ):
        wb.defined_names[name] = DefinedName(name, attr_text=where)
    chart = LineChart()
    chart.add_data(Reference(stock, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    stock.add_chart(chart, "H2")
    return wb


def saved(wb, path):
    """Save a workbook with the values that its formulas give."""
    wb.save(path)
    recalculate(path, MEANS)
    return path


@pytest.fixture(scope="session", autouse=True)
def worker_ends():
    """End the worker with the tests."""
    yield
    MEANS.kept.close()


@pytest.fixture(scope="session")
def master(tmp_path_factory):
    """The workbook with its saved values; openpyxl asks Excel to calculate it on opening."""
    return saved(workbook(), tmp_path_factory.mktemp("master") / "plan.xlsx")


def members(path):
    """Return the contents of all members by name."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
