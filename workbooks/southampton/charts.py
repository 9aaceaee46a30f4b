"""The workbook's native charts."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.southampton.style import COLOURS, FONT

__all__ = ["ALT_TEXTS", "avoided_chart", "claims_chart", "flows_chart", "totals_chart"]

#: What each chart shows, for readers who do not see it; the package step writes it into the drawing of its sheet.
ALT_TEXTS = {
    "Cohort flows": "Columns: children entering and leaving care, 2022/23 to 2026/27; line: children in care at the "
    "end of each year. The figures are in the table above the chart.",
    "Avoided cost": "Columns for 2024/25 to 2026/27: cost avoided by one cohort, by a cohort every year as recomputed, "
    "and by a cohort every year as printed. The figures are in the first table of the sheet.",
    "Children and money": "Columns for 2024/25 to 2026/27: cost avoided by 40 fewer entrants every year, as supported "
    "by the flows, as claimed, and the ceiling that it cannot exceed. The figures are in the table above the chart.",
    "Savings plan": "Columns for 2024/25 to 2026/27: plan total as printed beside the sum of its rows. The "
    "figures are in the first table of the sheet.",
}


def flows_chart(ws: Worksheet, anchor: str) -> None:
    """Entering and leaving as columns, children in care as a line, on one axis: all are children."""
    bars = _columns(
        ws, anchor, "Children entering and leaving care, and in care at the year's end", "Children", "#,##0"
    )
    years = Reference(ws, min_col=1, min_row=6, max_row=10)
    for col, colour in ((4, "blue"), (5, "orange")):
        bars.series.append(_series(ws, col, 6, 10, 5, colour))
    bars.set_categories(years)
    line = LineChart()
    stock = _series(ws, 8, 6, 10, 5, "ink", name="In care at the year's end")
    stock.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=COLOURS["ink"], w=28000))
    stock.marker.symbol, stock.marker.size = "circle", 7
    stock.marker.graphicalProperties = GraphicalProperties(solidFill=COLOURS["ink"])
    stock.smooth = False
    stock.dLbls = _labels("t")
    line.series.append(stock)
    line.set_categories(years)
    bars += line
    ws.add_chart(bars)


def avoided_chart(ws: Worksheet, anchor: str) -> None:
    """One cohort, a cohort every year as it follows from that, and as printed."""
    chart = _columns(ws, anchor, "Cost avoided by 40 fewer entrants", "£m", "0")
    for col, colour, name in (
        (3, "grey", "One year's 40, printed"),
        (8, "blue", "40 every year, recomputed"),
        (11, "orange", "40 every year, printed"),
    ):
        series = _series(ws, col, 6, 8, 5, colour, name=name)
        series.dLbls = _labels("outEnd", "0.00")
        chart.series.append(series)
    chart.set_categories(Reference(ws, min_col=1, min_row=6, max_row=8))
    ws.add_chart(chart)


def claims_chart(ws: Worksheet, anchor: str, first: int) -> None:
    """What the flows support beside what is claimed and the ceiling, from the three years that begin at a row."""
    chart = _columns(ws, anchor, "40 fewer entrants every year: supported, claimed, and the ceiling", "£m", "0")
    chart.height = 8
    for col, colour, name in ((5, "blue", "Supported by the flows"), (6, "orange", "Claimed"), (8, "grey", "Ceiling")):
        series = _series(ws, col, first, first + 2, first - 1, colour, name=name)
        series.dLbls = _labels("outEnd", "0.00")
        chart.series.append(series)
    chart.set_categories(Reference(ws, min_col=1, min_row=first, max_row=first + 2))
    ws.add_chart(chart)


def totals_chart(ws: Worksheet, anchor: str) -> None:
    """Printed totals beside the sums of the rows."""
    chart = _columns(ws, anchor, "Savings plan: total as printed and sum of its rows", "£m", "0")
    for row, colour, name in ((12, "orange", "Total as printed"), (11, "blue", "Sum of the rows")):
        values = Reference(ws, min_col=3, max_col=5, min_row=row)
        series = _dress(Series(values), colour, name)
        series.dLbls = _labels("outEnd", "0.00")
        chart.series.append(series)
    chart.set_categories(Reference(ws, min_col=3, max_col=5, min_row=5))
    ws.add_chart(chart)


def _columns(ws: Worksheet, anchor: str, title: str, unit: str, number: str) -> BarChart:
    chart = BarChart()
    chart.anchor = anchor
    chart.width, chart.height = 25, 8.5
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "clustered", 60, -5
    chart.title = title
    chart.title.tx.rich.p[0].pPr = _paragraph(12, bold=True)
    chart.title.overlay = False
    for axis, text in ((chart.x_axis, "Financial year"), (chart.y_axis, unit)):
        axis.title = text
        axis.title.tx.rich.p[0].pPr = _paragraph(9)
        axis.title.overlay = False
        axis.delete = False
        axis.txPr = RichText(p=[Paragraph(pPr=_paragraph(9), endParaRPr=CharacterProperties())])
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=COLOURS["line"]))
    chart.y_axis.number_format = number
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E3E7EC", w=6350))
    chart.x_axis.number_format = "@"
    chart.x_axis.tickLblPos = "low"
    chart.legend.position = "b"
    chart.legend.txPr = RichText(p=[Paragraph(pPr=_paragraph(9), endParaRPr=CharacterProperties())])
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.08, y=0.13, w=0.89, h=0.65))
    return chart


def _series(
    ws: Worksheet, col: int, first: int, last: int, header: int, colour: str, *, name: str | None = None
) -> Series:
    series = Series(Reference(ws, min_col=col, min_row=first, max_row=last))
    return _dress(series, colour, name or str(ws.cell(header, col).value))


def _dress(series, colour: str, name: str) -> Series:
    series.tx = SeriesLabel(v=name)
    edge = LineProperties(solidFill=COLOURS["ink"], w=6350)  # pale bars stand out from white by their edge
    series.graphicalProperties = GraphicalProperties(solidFill=COLOURS[colour], ln=edge)
    return series


def _labels(position: str, number: str = "#,##0") -> DataLabelList:
    labels = DataLabelList(numFmt=number, dLblPos=position, showVal=True)
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.txPr = RichText(p=[Paragraph(pPr=_paragraph(8), endParaRPr=CharacterProperties())])
    return labels


def _paragraph(size: int, *, bold: bool = False) -> ParagraphProperties:
    look = CharacterProperties(sz=size * 100, b=bold, latin=Font(typeface=FONT), solidFill=COLOURS["ink"])
    return ParagraphProperties(defRPr=look)
