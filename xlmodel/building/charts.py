"""Native Excel charts: one look, told apart without colour, each with a text for those who do not see it.

A builder returns a chart placed on a sheet; `add_chart` adds it with its alternative text. Ranges are written as in a
formula, ``B6:B10`` on the chart's own sheet or ``Stock!B6:B10``. A cell that has nothing to show must be empty: Excel
draws the text ``""`` as a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import AreaChart, BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import SeriesLabel, StrRef
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from xlmodel.building.sheet import Build, quoted
from xlmodel.building.style import COLOURS, FONT

__all__ = [
    "add_chart",
    "bridge_chart",
    "column_chart",
    "fan_chart",
    "funnel_chart",
    "line_chart",
    "stacked_chart",
    "tornado_chart",
]

#: Name, range of values, colour of the palette. A name that begins with = is the cell that holds it.
Drawn = tuple[str, str, str]
#: Name, range along, range up, colour.
Plotted = tuple[str, str, str, str]

#: What tells the first, second, third ... series apart on a black and white print.
PATTERNS = (None, "wdUpDiag", "dkHorz", "pct25", "dotGrid", "dkVert")
DASHES = ("solid", "dash", "sysDot", "lgDashDot", "sysDash", "lgDash")
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus")

WIDTH, HEIGHT = 24.0, 9.0  #: of a chart, in centimetres


def add_chart(build: Build, ws: Worksheet, chart: Any, alt: str) -> None:
    """Add a chart to its sheet, with the text that stands for it; ValueError where the text is missing."""
    if not alt.strip():
        raise ValueError(f"a chart on the sheet {ws.title} has no alternative text")
    build.alt_texts.setdefault(ws.title, []).append(alt)
    ws.add_chart(chart)


def line_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    series: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "Financial year",
    least: float | None = 0,
) -> Any:
    """Return lines over categories.

    Parameters
    ----------
    ws, anchor : Worksheet, str
        The sheet, and the cell at the chart's upper left corner.
    title, unit, along : str
        The chart's title, and what its two axes measure.
    categories : str
        The range of labels along the chart.
    series : sequence of (str, str, str)
        Name, range and colour of each line, in the order of the legend.
    number_format : str
        Excel's number format of the axis.
    least : float or None
        Where the axis begins; None leaves it to Excel.
    """
    chart = _framed(LineChart(), ws, anchor, title, unit, along, number_format, least)
    for i, drawn in enumerate(series):
        chart.series.append(_line(ws, drawn, i))
    chart.set_categories(_range(ws, categories))
    return chart


def column_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    series: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "Financial year",
    lines: Sequence[Drawn] = (),
    labels: bool = True,
    least: float | None = 0,
) -> Any:
    """Return columns side by side, with lines over them on the same axis where there are any; see `line_chart`."""
    chart = _framed(BarChart(), ws, anchor, title, unit, along, number_format, least)
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "clustered", 60, -5
    for i, drawn in enumerate(series):
        chart.series.append(_bar(ws, drawn, i, number_format if labels else None, "outEnd"))
    chart.set_categories(_range(ws, categories))
    if lines:
        over = LineChart()
        for i, drawn in enumerate(lines):
            over.series.append(_line(ws, drawn, i, number_format if labels else None))
        over.set_categories(_range(ws, categories))
        chart += over
    return chart


def stacked_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    series: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "Financial year",
    labels: bool = True,
    least: float | None = 0,
) -> Any:
    """Return columns stacked on each other; see `line_chart`."""
    chart = _framed(BarChart(), ws, anchor, title, unit, along, number_format, least)
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "stacked", 60, 100
    for i, drawn in enumerate(series):
        chart.series.append(_bar(ws, drawn, i, number_format if labels else None, "ctr"))
    chart.set_categories(_range(ws, categories))
    return chart


def bridge_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    series: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "",
    least: float | None = 0,
) -> Any:
    """Return a bridge from one total to another; see `line_chart`.

    The first of the series is what the steps stand on and is not drawn; those after it are the totals, the rises and
    the falls, all written as numbers of at least 0, with 0 where a step has none.
    """
    chart = _framed(BarChart(), ws, anchor, title, unit, along, number_format, least)
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "col", "stacked", 35, 100
    name, area, _ = series[0]
    chart.series.append(_unseen(_named(ws, name, Series(_range(ws, area)))))
    for i, drawn in enumerate(series[1:]):
        chart.series.append(_bar(ws, drawn, i, _nonzero(number_format), "ctr"))
    chart.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    chart.set_categories(_range(ws, categories))
    return chart


def tornado_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    series: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "",
) -> Any:
    """Return bars to the left and the right of no change, the first category on top; see `line_chart`.

    The two series are the changes, with their sign, when each assumption is low and when it is high.
    """
    chart = _framed(BarChart(), ws, anchor, title, unit, along, number_format, None)
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "bar", "clustered", 45, 100
    chart.x_axis.axPos, chart.y_axis.axPos = "l", "b"
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"  # the first category is on top; the scale stays at the foot
    chart.layout = _inner(0.22, 0.13, 0.74, 0.62)
    for i, drawn in enumerate(series):
        chart.series.append(_bar(ws, drawn, i, _nonzero(number_format), "outEnd"))
    chart.set_categories(_range(ws, categories))
    return chart


def fan_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    categories: str,
    bands: Sequence[Drawn],
    lines: Sequence[Drawn],
    number_format: str = "#,##0",
    *,
    along: str = "Financial year",
    least: float | None = 0,
) -> Any:
    """Return lines over a band of what is likely; see `line_chart`.

    The bands lie on each other: the first is the lower edge and is not drawn, each further one is a width. The lower
    edge of 95, the lower edge of 80 less it, the upper edge of 80 less the lower, the upper edge of 95 less that of 80
    make two shades.
    """
    chart = _framed(AreaChart(), ws, anchor, title, unit, along, number_format, least)
    chart.grouping = "stacked"
    chart.y_axis.crossBetween = "midCat"  # the bands reach from the first year to the last
    hidden, shades = [0], set()
    for i, (name, area, colour) in enumerate(bands):
        band = _named(ws, name, Series(_range(ws, area)))
        if i == 0:
            _unseen(band)
        else:
            band.graphicalProperties = GraphicalProperties(
                solidFill=COLOURS.get(colour, colour), ln=LineProperties(noFill=True)
            )
            if name in shades:  # the upper half of a shade needs no second entry
                hidden.append(i)
            shades.add(name)
        chart.series.append(band)
    chart.legend.legendEntry = [LegendEntry(idx=i, delete=True) for i in hidden]
    chart.set_categories(_range(ws, categories))
    over = LineChart()
    for i, drawn in enumerate(lines):
        over.series.append(_line(ws, drawn, i))
    over.set_categories(_range(ws, categories))
    chart += over
    return chart


def funnel_chart(
    ws: Worksheet,
    anchor: str,
    title: str,
    unit: str,
    points: Sequence[Plotted],
    limits: Sequence[Plotted],
    number_format: str = "#,##0",
    *,
    along: str,
    along_format: str = "#,##0",
    least: float | None = 0,
) -> Any:
    """Return points among limits that narrow with size; see `line_chart`.

    Parameters
    ----------
    points, limits : sequence of (str, str, str, str)
        Name, range along the chart, range up it, and colour: of each group of points, and of each line.
    along, along_format : str
        What the lower axis measures, and its number format.
    """
    chart = _framed(ScatterChart(), ws, anchor, title, unit, along, number_format, least)
    chart.style, chart.scatterStyle = 2, "lineMarker"
    chart.x_axis.crossBetween = chart.y_axis.crossBetween = "midCat"
    chart.x_axis.number_format = along_format
    for i, (name, along_range, up_range, colour) in enumerate(points):
        group = _named(ws, name, Series(_range(ws, up_range), _range(ws, along_range)))
        group.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        _mark(group, MARKERS[i % len(MARKERS)], colour, 8)
        chart.series.append(group)
    for i, (name, along_range, up_range, colour) in enumerate(limits):
        limit = _named(ws, name, Series(_range(ws, up_range), _range(ws, along_range)))
        limit.graphicalProperties = GraphicalProperties(ln=_stroke(colour, i, 19050))
        limit.marker.symbol = "none"
        limit.smooth = False
        chart.series.append(limit)
    return chart


def _framed(
    chart: Any, ws: Worksheet, anchor: str, title: str, unit: str, along: str, number: str, least: float | None
) -> Any:
    """Dress a chart's title, axes, legend and frame."""
    chart.anchor, chart.width, chart.height = anchor, WIDTH, HEIGHT
    chart.roundedCorners = False
    chart.title = title
    chart.title.tx.rich.p[0].pPr = _paragraph(12, bold=True)
    chart.title.overlay = False
    for axis, text in ((chart.x_axis, along), (chart.y_axis, unit)):
        axis.delete = False
        if text:
            axis.title = text
            axis.title.tx.rich.p[0].pPr = _paragraph(9)
            axis.title.overlay = False
        axis.txPr = _text(9)
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=COLOURS["line"]))
    chart.x_axis.axPos, chart.y_axis.axPos = "b", "l"
    chart.y_axis.crossBetween = "between"
    chart.y_axis.number_format = number
    chart.y_axis.scaling.min = least
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E3E7EC", w=6350))
    chart.x_axis.majorGridlines = None
    chart.x_axis.number_format = "@"
    chart.x_axis.tickLblPos = "low"
    chart.legend.position = "b"
    chart.legend.txPr = _text(9)
    chart.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    chart.layout = _inner(0.09, 0.13, 0.88, 0.62)
    return chart


def _inner(x: float, y: float, w: float, h: float) -> Layout:
    return Layout(manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=x, y=y, w=w, h=h))


def _range(ws: Worksheet, area: str) -> Reference:
    return Reference(range_string=area if "!" in area else f"{quoted(ws.title)}!{area}")


def _named(ws: Worksheet, name: str, series: Any) -> Any:
    if name.startswith("="):
        cell = name[1:] if "!" in name else f"{quoted(ws.title)}!{name[1:]}"
        series.tx = SeriesLabel(strRef=StrRef(f=cell))
    else:
        series.tx = SeriesLabel(v=name)
    return series


def _bar(ws: Worksheet, drawn: Drawn, i: int, number: str | None, position: str) -> Any:
    name, area, colour = drawn
    series = _named(ws, name, Series(_range(ws, area)))
    ink = COLOURS.get(colour, colour)
    edge = LineProperties(solidFill=COLOURS["ink"], w=6350)  # pale bars stand out from white by their edge
    pattern = PATTERNS[i % len(PATTERNS)]
    if pattern is None:
        look = GraphicalProperties(solidFill=ink, ln=edge)
    else:
        look = GraphicalProperties(ln=edge)
        look.pattFill = PatternFillProperties(
            prst=pattern, fgClr=ColorChoice(srgbClr=ink), bgClr=ColorChoice(srgbClr="FFFFFF")
        )
    series.graphicalProperties = look
    series.invertIfNegative = False
    if number:
        series.dLbls = _labels(position, number, boxed=position == "ctr")
    return series


def _line(ws: Worksheet, drawn: Drawn, i: int, number: str | None = None) -> Any:
    name, area, colour = drawn
    series = _named(ws, name, Series(_range(ws, area)))
    series.graphicalProperties = GraphicalProperties(ln=_stroke(colour, i, 28575))
    _mark(series, MARKERS[i % len(MARKERS)], colour, 7)
    series.smooth = False
    if number:
        series.dLbls = _labels("t", number)
    return series


def _stroke(colour: str, i: int, width: int) -> LineProperties:
    return LineProperties(solidFill=COLOURS.get(colour, colour), w=width, prstDash=DASHES[i % len(DASHES)])


def _mark(series: Any, symbol: str, colour: str, size: int) -> None:
    ink = COLOURS.get(colour, colour)
    series.marker.symbol, series.marker.size = symbol, size
    series.marker.graphicalProperties = GraphicalProperties(solidFill=ink, ln=LineProperties(solidFill=ink))


def _unseen(series: Any) -> Any:
    series.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    return series


def _labels(position: str, number: str, *, boxed: bool = False) -> DataLabelList:
    labels = DataLabelList(numFmt=number, dLblPos=position, showVal=True)
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.txPr = _text(8)
    if boxed:  # a number on a dark or patterned column stays readable
        labels.spPr = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    return labels


def _nonzero(number: str) -> str:
    """Return a number format that shows nothing for a zero, such as a step that neither rises nor falls."""
    parts = number.split(";")
    return ";".join((parts[0], parts[1] if len(parts) > 1 else f"-{parts[0]}", ""))


def _text(size: int) -> RichText:
    return RichText(p=[Paragraph(pPr=_paragraph(size), endParaRPr=CharacterProperties())])


def _paragraph(size: int, *, bold: bool = False) -> ParagraphProperties:
    look = CharacterProperties(sz=size * 100, b=bold, latin=Font(typeface=FONT), solidFill=COLOURS["ink"])
    return ParagraphProperties(defRPr=look)
