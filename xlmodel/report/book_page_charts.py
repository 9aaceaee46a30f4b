"""The charts of a workbook as figures of a page: each drawn from recalculated cells, with its figures in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xlmodel.engine.references import Scope
from xlmodel.errors import BookError
from xlmodel.report.book_page_chart_data import ChartData, chart_data
from xlmodel.report.book_page_chart_palette import slots, swatch
from xlmodel.report.book_page_chart_parts import UNDRAWN, charts_of
from xlmodel.report.book_page_chart_svg import chart_svg
from xlmodel.report.book_page_markup import Html, element, scrolled
from xlmodel.report.book_page_subject import Subject

__all__ = ["chart_figure", "charts", "title"]


def charts(subject: Subject) -> tuple[list[ChartData], list[str]]:
    """Return the charts of a workbook in the order of its sheets, and sentences on those that cannot be read."""
    scope = Scope(replace(subject.book, sheets=subject.sheets))
    found: list[ChartData] = []
    faults: list[str] = []
    for number, sheet in enumerate(subject.sheets, 1):
        try:
            found += [chart_data(subject, scope, number, part) for part in charts_of(subject.package, sheet.part)]
        except BookError as error:
            faults.append(f"The charts of the sheet {sheet.name} cannot be read: {error}.")
    return found, faults


def title(data: ChartData) -> str:
    """Return a chart's title; a plain word where it has none."""
    return data.title or "Chart without a title"


def chart_figure(subject: Subject, data: ChartData, number: int) -> Html:
    """Return a chart as a figure.

    Parameters
    ----------
    subject : Subject
        The workbook.
    data : ChartData
        The chart.
    number : int
        Its number on the page.
    """
    sheet = subject.sheets[data.sheet - 1].name
    where = element("a", f"Sheet {sheet}", href=f"#sheet-{data.sheet}")
    caption = element(
        "figcaption", element("h3", title(data), id=f"chart-{number}"), element("p", where, class_="note")
    )
    why = _undrawn(data)
    drawn: list[Html | None] = []
    if why:
        drawn = [element("p", f"Not drawn here: {why}. Its figures are below.", class_="note")]
    else:
        label = data.part.alt or f"{title(data)}. The figures are in the table below the chart."
        scroll = scrolled(chart_svg(data, label), f"Drawing: {title(data)}")
        drawn = [_legend(data), scroll]
    notes = [element("p", note, class_="note") for note in _notes(data)]
    figures = element("details", element("summary", "The figures of this chart"), _table(data)) if data.series else None
    return element("figure", caption, drawn, notes, figures, class_="chart", data_sheet=data.sheet)


def _undrawn(data: ChartData) -> str:
    """Return why a chart is not drawn, "" where it is."""
    part = data.part
    if part.undrawn:
        return f"it is {part.undrawn}"
    kinds = {s.part.kind for s in data.series}
    if (
        kinds & UNDRAWN.keys()
        or ("scatter" in kinds and len(kinds) > 1)
        or len({s.part.sideways for s in data.series}) > 1
    ):
        return "it joins kinds of charts that are not drawn together"
    if len(part.axes) > 2:
        return "it has more than two scales"
    if any(axis.logarithmic for axis in (*part.axes, part.along)):
        return "its scale is logarithmic"
    if not any(p.value is not None for s in data.series for p in s.points):
        return "no number is in its cells"
    return ""


def _notes(data: ChartData) -> Iterator[str]:
    if any(s.part.kind == "pie" for s in data.series):
        yield "A pie or a ring in the workbook, drawn here as bars."
    if data.saved:
        yield "Some of its cells cannot be followed: their figures are those saved with the chart, not recalculated."
    if data.left_out:
        yield f"{data.left_out:,} points of its longest series are left out; the workbook has them."


def _legend(data: ChartData) -> Html | None:
    colours = slots(data.series)
    shown: dict[str, Html] = {}
    for i, s in enumerate(data.series):
        if s.part.in_legend and not s.part.unseen:
            shown.setdefault(s.name, element("li", swatch(s, i, colours), " ", s.name))
    return element("ul", *shown.values(), class_="legend") if len(shown) > 1 else None


def _table(data: ChartData) -> Html:
    scatter = any(s.part.kind in ("scatter", "bubbleChart") for s in data.series)
    heads: list[Html] = [element("th", data.part.along.title or ("Point" if scatter else "Category"), scope="col")]
    for s in data.series:
        if scatter:
            heads.append(element("th", f"{s.name}, along", scope="col"))
        heads.append(element("th", s.name, element("small", " not drawn") if s.part.unseen else None, scope="col"))
    rows = []
    for place, category in enumerate(data.categories):
        cells: list[Html] = []
        for s in data.series:
            if scatter:
                cells.append(element("td", s.along[place].text if place < len(s.along) else "", class_="n"))
            cells.append(element("td", s.points[place].text if place < len(s.points) else "", class_="n"))
        rows.append(element("tr", element("th", place + 1 if scatter else category, scope="row"), cells))
    caption = element("caption", f"Figures of {title(data)}", class_="unseen")
    table = element("table", caption, element("thead", element("tr", heads)), element("tbody", rows))
    return scrolled(table, f"Figures: {title(data)}")
