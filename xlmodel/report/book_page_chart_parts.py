"""The charts of a workbook, read from their parts: what is drawn from which cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from xlmodel.book.package import Package, attribute, children, flag, local_name

__all__ = ["Axis", "ChartPart", "Data", "SeriesPart", "along_of", "charts_of"]

#: The kinds that are drawn, by the element that holds them; a 3-D one is drawn flat.
KINDS = {
    "barChart": "bar",
    "bar3DChart": "bar",
    "lineChart": "line",
    "line3DChart": "line",
    "areaChart": "area",
    "area3DChart": "area",
    "scatterChart": "scatter",
    "pieChart": "pie",
    "pie3DChart": "pie",
    "doughnutChart": "pie",
}
#: The kinds of which the figures alone are given, in words.
UNDRAWN = {
    "ofPieChart": "a pie of a pie",
    "radarChart": "a radar chart",
    "stockChart": "a stock market chart",
    "bubbleChart": "a bubble chart",
    "surfaceChart": "a surface chart",
    "surface3DChart": "a surface chart",
}


@dataclass(frozen=True, slots=True)
class Data:
    """Values of a chart: a reference to cells, or what the chart itself holds."""

    reference: str = ""  #: a formula, without the equals sign; "" where there is none
    kept: tuple[str, ...] = ()  #: what the chart kept of them, "" where nothing is


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis."""

    title: str = ""
    least: float | None = None
    most: float | None = None
    reversed: bool = False
    logarithmic: bool = False
    format: str = ""  #: of its numbers; "" where they look like the cells'


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """One series."""

    kind: str  #: a value of `KINDS`, or an element of `UNDRAWN`
    name: Data
    values: Data
    along: Data  #: categories, or where a scatter's points lie along the chart
    group: int  #: series of one group lie side by side, or on each other
    stacking: str  #: clustered, standard, stacked or percentStacked
    sideways: bool  #: bars that run from left to right
    overlap: int  #: per cent of a bar's width by which bars side by side cover each other
    axis: int  #: 0, or 1 for the second value axis
    colour: str  #: six hex digits, "" where the theme chooses
    points: dict[int, str]  #: colours of single points
    unseen: bool  #: neither fill nor line: what others stand on
    line: bool  #: whether its points are joined
    marked: bool  #: whether its points are marked
    labels: str | None  #: number format of the values written beside points, None where none are written
    in_legend: bool


@dataclass(frozen=True, slots=True)
class ChartPart:
    """One chart as its part describes it."""

    part: str
    title: Data
    alt: str
    series: tuple[SeriesPart, ...]
    axes: tuple[Axis, ...]  #: of values, the first series' first
    along: Axis  #: of categories, or along a scatter
    visible_only: bool  #: cells of hidden rows and columns are not drawn
    undrawn: str = ""  #: what it is, in words, where it is not drawn


def charts_of(package: Package, sheet: str) -> Iterator[ChartPart]:
    """Yield the charts of a sheet, given by its part, from top to bottom.

    Raises
    ------
    BookError
        A part of them is damaged.
    """
    for drawing in _targets(package, sheet, "drawing"):
        links = package.relationships(drawing)
        for anchor in sorted(package.xml(drawing), key=_corner):
            for frame in _inside(anchor, "graphicFrame"):
                alt = next((n.get("descr") or n.get("title") or "" for n in _inside(frame, "cNvPr")), "")
                for chart in _inside(frame, "chart"):
                    link = links.get(attribute(chart, "id"))
                    if link is not None and not link.external and link.target in package:
                        yield _chart(package.xml(link.target), link.target, alt)


def _targets(package: Package, part: str, kind: str) -> list[str]:
    links = package.relationships(part).values()
    return [x.target for x in links if x.kind == kind and not x.external and x.target in package]


def _inside(element: Element, name: str) -> list[Element]:
    return [e for e in element.iter() if local_name(e) == name]


def _corner(anchor: Element) -> tuple[int, int]:
    """Return the row and the column at which a drawing begins."""
    found = [_whole(_child_text(anchor, "from", name)) for name in ("row", "col")]
    return found[0], found[1]


def _chart(root: Element, part: str, alt: str) -> ChartPart:
    charts = children(root, "chart")
    plots = children(root, "chart", "plotArea")
    if not charts or not plots:  # the newer kinds (waterfall, treemap, ...) have a language of their own
        return ChartPart(part, Data(), alt, (), (), Axis(), True, "a newer kind of chart")
    chart, plot = charts[0], plots[0]
    groups = [g for g in plot if local_name(g) in KINDS or local_name(g) in UNDRAWN]
    unseen = {_value(e, "idx") for e in children(chart, "legend", "legendEntry") if _value(e, "delete", "1") != "0"}
    values = {_value(a, "axId"): _axis(a) for a in plot if local_name(a) == "valAx"}
    lower = {along_of(g, values, plot) for g in groups if local_name(g) in ("scatterChart", "bubbleChart")}
    named = {"catAx", "dateAx", "valAx"}
    axes = [a for a in plot if local_name(a) in named and (local_name(a) != "valAx" or _value(a, "axId") in lower)]
    along = _axis(axes[0]) if axes else Axis()
    used: list[str] = []
    series: list[SeriesPart] = []
    for number, group in enumerate(groups):
        own = next(
            (i for i in (a.get("val", "") for a in children(group, "axId")) if i in values and i not in lower), ""
        )
        if own not in used:
            used.append(own)
        series += [
            _series(s, group, number, used.index(own), unseen, len(series) + k)
            for k, s in enumerate(children(group, "ser"))
        ]
    title = _title(chart)
    deleted = children(chart, "autoTitleDeleted")
    if not title.reference and not title.kept and len(series) == 1 and not (deleted and flag(deleted[0], "val", True)):
        title = series[0].name  # as Excel does where a chart with one series says nothing else
    visible = children(chart, "plotVisOnly")
    return ChartPart(
        part,
        title,
        alt,
        tuple(series),
        tuple(values.get(u, Axis()) for u in used),
        along,
        not visible or flag(visible[0], "val", True),
        next((UNDRAWN[local_name(g)] for g in groups if local_name(g) in UNDRAWN), "" if groups else "an empty chart"),
    )


def along_of(group: Element, values: Mapping[str, Axis], plot: Element) -> str:
    """Return the axis along which the points of a scatter lie: the only one below or above it, else its first."""
    own = [i for i in (a.get("val", "") for a in children(group, "axId")) if i in values]
    flat = {_value(a, "axId") for a in plot if _value(a, "axPos") in ("b", "t")} & set(own)
    return flat.pop() if len(flat) == 1 else next(iter(own), "")


def _series(ser: Element, group: Element, number: int, axis: int, deleted: set[str], place: int) -> SeriesPart:
    kind = local_name(group)
    labels = [d for d in children(ser, "dLbls") if _value(d, "showVal", "0") == "1"]
    formats = [f.get("formatCode", "") for d in labels for f in children(d, "numFmt")]
    fill, stroke = children(ser, "spPr"), children(ser, "spPr", "ln")
    no_fill, no_line = bool(children(ser, "spPr", "noFill")), bool(children(ser, "spPr", "ln", "noFill"))
    drawn_flat = KINDS.get(kind, kind) in ("bar", "area", "pie")
    style = _value(group, "scatterStyle", "lineMarker")
    marker = _value(ser, "marker", "", "symbol") or (
        "none" if _value(group, "marker", "0") != "1" and kind == "lineChart" else "auto"
    )
    return SeriesPart(
        kind=KINDS.get(kind, kind),
        name=_data(children(ser, "tx")),
        values=_data(children(ser, "val") or children(ser, "yVal")),
        along=_data(children(ser, "cat") or children(ser, "xVal")),
        group=number,
        stacking=_value(group, "grouping", "clustered"),
        sideways=_value(group, "barDir", "col") == "bar",
        overlap=_whole(_value(group, "overlap", "0")),
        axis=axis,
        colour=_colour(fill if drawn_flat else stroke) or _colour(fill) or _colour(children(ser, "marker", "spPr")),
        points={
            _whole(_value(p, "idx")): _colour(children(p, "spPr"))
            for p in children(ser, "dPt")
            if _colour(children(p, "spPr"))
        },
        unseen=no_fill and (no_line or not stroke) if drawn_flat else no_line and marker == "none",
        line=not no_line and not (kind == "scatterChart" and style in ("marker", "none")),
        marked=marker != "none",
        labels=(formats[0] if formats else "") if labels else None,
        in_legend=_value(ser, "idx", str(place)) not in deleted,
    )


def _axis(axis: Element) -> Axis:
    scale = children(axis, "scaling")
    least, most = (_number(_value(scale[0], name)) if scale else None for name in ("min", "max"))
    formats = children(axis, "numFmt")
    own = formats[0].get("formatCode", "") if formats and not flag(formats[0], "sourceLinked") else ""
    return Axis(
        title="".join(_title(axis).kept),
        least=least,
        most=most,
        reversed=bool(scale) and _value(scale[0], "orientation", "minMax") == "maxMin",
        logarithmic=bool(scale) and bool(children(scale[0], "logBase")),
        format=own,
    )


def _title(of: Element) -> Data:
    titles = children(of, "title", "tx")
    if not titles:
        return Data()
    words = "".join(t.text or "" for t in _inside(titles[0], "t"))
    return Data(kept=(words,)) if words else _data(titles)


def _data(holders: list[Element]) -> Data:
    """Return the values under a series' tx, cat, val, xVal or yVal."""
    if not holders:
        return Data()
    reference = next((f.text or "" for f in _inside(holders[0], "f")), "")
    counts = [_whole(c.get("val", "")) for c in _inside(holders[0], "ptCount")]
    kept = [""] * min(max(counts, default=0), MOST_KEPT)
    levels = _inside(holders[0], "lvl")
    for point in _inside(levels[0] if levels else holders[0], "pt"):
        place = _whole(point.get("idx", ""))
        if 0 <= place < len(kept):
            kept[place] = _child_text(point, "v")
    if not kept and not reference:
        kept = [v.text or "" for v in children(holders[0], "v")]
    return Data(reference.removeprefix("="), tuple(kept))


MOST_KEPT = 100_000  #: points of one series


def _colour(properties: list[Element]) -> str:
    """Return the colour of a fill, a pattern or a line that names one itself."""
    for path in (("solidFill", "srgbClr"), ("pattFill", "fgClr", "srgbClr"), ("ln", "solidFill", "srgbClr")):
        for found in children(properties[0], *path) if properties else ():
            return found.get("val", "").upper()
    return ""


def _value(element: Element, name: str, default: str = "", *below: str) -> str:
    found = children(element, name, *below)
    return found[0].get("val", default) if found else default


def _child_text(element: Element, *path: str) -> str:
    return next(((e.text or "") for e in children(element, *path)), "")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
