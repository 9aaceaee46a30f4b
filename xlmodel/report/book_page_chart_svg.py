"""Drawing a chart's data as SVG: bars, lines, areas and scatters, coloured by the style sheet of the page."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from xlmodel.report.book_page_cells import shown
from xlmodel.report.book_page_chart_data import ChartData, Plotted
from xlmodel.report.book_page_chart_palette import DASHES, colour_key, slots
from xlmodel.report.book_page_chart_parts import Axis
from xlmodel.report.book_page_chart_scale import Scale, scale
from xlmodel.report.book_page_markup import Html, cut, element

__all__ = ["chart_svg"]

WIDTH, HEIGHT = 760.0, 340.0
TOP, BOTTOM, RIGHT = 14.0, 20.0, 16.0
LETTER, LINE = 6.3, 14  #: width of a letter, height of a line
MOST_LABELS = 48  #: values written beside points
LABELLED = 34  #: letters of a category beside a bar
STACKED = ("stacked", "percentStacked")


def chart_svg(data: ChartData, label: str) -> Html:
    """Return a chart as SVG; `label` stands for it where it is not seen."""
    drawing = _Drawing(data)
    return element(
        "svg", *drawing.parts(), viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", role="img", aria_label=label, class_="plot"
    )


class _Drawing:
    """One chart being drawn."""

    def __init__(self, data: ChartData) -> None:
        self.data, self.part = data, data.part
        self.seen = [(i, s) for i, s in enumerate(data.series) if not s.part.unseen]
        self.scatter = all(s.part.kind == "scatter" for s in data.series)
        self.sideways = any(s.part.sideways or s.part.kind == "pie" for s in data.series)
        self.colours = slots(data.series)
        self.spread = _spreads(data)
        self.scales = [self._scale(axis, own) for axis, own in enumerate(self.part.axes or (Axis(),))]
        self.x_scale = self._along() if self.scatter else None
        self.marks = [[self._number(v, axis) for v in s.lines] for axis, s in enumerate(self.scales)]
        names = data.categories if self.sideways else self.marks[0]
        longest = min(max((len(n) for n in names), default=1), LABELLED if self.sideways else 14)
        self.left = longest * LETTER + 14 + (LINE if self._title_of(0) and not self.sideways else 0)
        self.right = RIGHT * (2 if self.scatter else 1)
        if len(self.marks) > 1:
            self.right += max(map(len, self.marks[1])) * LETTER + 8 + LINE
        self.width = WIDTH - self.left - self.right
        self.step = max(1, -(-len(data.categories) * 46 // int(self.width))) if not self.sideways else 1
        room = int(self.width / max(len(data.categories), 1) * self.step / LETTER)
        self.names = [wrap(cut(n, 60), max(room, 6))[:3] or [""] for n in data.categories]
        below = 1 if self.sideways or self.scatter else max((len(n) for n in self.names[:: self.step]), default=1)
        foot = LINE if (self._title_of(0) if self.sideways else self.part.along.title) else 0
        self.height = HEIGHT - TOP - BOTTOM - below * LINE - foot

    def _title_of(self, axis: int) -> str:
        return self.part.axes[axis].title if axis < len(self.part.axes) else ""

    def _scale(self, axis: int, own: Axis) -> Scale:
        series = [s for s in self.data.series if s.part.axis == axis]
        ends = [end for i, s in enumerate(self.data.series) if s.part.axis == axis for end in self.spread[i].values()]
        values = [v for low, high in ends for v in (low, high)]
        flat = any(s.part.kind in ("bar", "area", "pie") for s in series)
        if not flat:  # a line hangs on no ground; its ends alone count
            values = [high for _, high in ends]
        return scale(values, own, from_zero=flat)

    def _along(self) -> Scale:
        values = [p.value for _, s in self.seen for p in s.along if p.value is not None]
        return scale(values, self.part.along, from_zero=False)

    def _number(self, value: float, axis: int) -> str:
        own = self.part.axes[axis].format if axis < len(self.part.axes) else ""
        percent = any(s.part.axis == axis and s.part.stacking == "percentStacked" for s in self.data.series)
        text = shown(value, "0%" if percent else own or self.data.format or "General", False).strip()
        return text or shown(value, "General", False)

    # --- where things are ---------------------------------------------------------------------------------------------

    def _up(self, value: float, axis: int) -> float:
        share = self.scales[axis].share(value)
        if axis < len(self.part.axes) and self.part.axes[axis].reversed:
            share = 1 - share
        return self.left + share * self.width if self.sideways else TOP + (1 - share) * self.height

    def _middle(self, place: int) -> float:
        count = max(len(self.data.categories), 1)
        if self.sideways:
            first = place if self.part.along.reversed or self._pies else count - 1 - place
            return TOP + (first + 0.5) * self.height / count
        return self.left + ((count - 1 - place if self.part.along.reversed else place) + 0.5) * self.width / count

    @property
    def _pies(self) -> bool:
        return any(s.part.kind == "pie" for s in self.data.series)

    @property
    def _band(self) -> float:
        return (self.height if self.sideways else self.width) / max(len(self.data.categories), 1)

    # --- what is drawn ------------------------------------------------------------------------------------------------

    def parts(self) -> Iterator[Html]:
        """Yield the elements, the lowest first."""
        yield from self._grid()
        order = {"area": 0, "bar": 1, "pie": 1, "line": 2, "scatter": 3}
        for i, series in sorted(self.seen, key=lambda pair: order.get(pair[1].part.kind, 3)):
            if series.part.kind in ("bar", "pie"):
                yield from self._bars(i, series)
            elif series.part.kind == "area":
                yield from self._area(i, series)
            else:
                yield from self._line(i, series)
        yield from self._zero()
        written = [s for _, s in self.seen if s.part.labels is not None]
        if sum(len(s.points) for s in written) <= MOST_LABELS:
            for i, series in self.seen:
                if series.part.labels is not None:
                    yield from self._labels(i, series)

    def _grid(self) -> Iterator[Html]:
        foot = TOP + self.height
        for axis, lines in enumerate(self.scales):
            for value, text in zip(lines.lines, self.marks[axis], strict=True):
                at = self._up(value, axis)
                if self.sideways:
                    yield _rule(at, TOP, at, foot) if axis == 0 else Html("")
                    yield _words(text, at, foot + LINE, "middle")
                elif axis == 0:
                    yield _rule(self.left, at, self.left + self.width, at)
                    yield _words(text, self.left - 6, at + 4, "end")
                else:
                    yield _words(text, self.left + self.width + 6, at + 4, "start")
        if self.x_scale is not None:
            for value in self.x_scale.lines:
                at = self.left + self.x_scale.share(value) * self.width
                text = shown(value, self.part.along.format or "General", False).strip()
                yield _words(text, at, foot + LINE, "middle")
        else:
            for place, lines_ in enumerate(self.names):
                if self.sideways:
                    yield _words(
                        cut(self.data.categories[place], LABELLED), self.left - 6, self._middle(place) + 4, "end"
                    )
                elif place % self.step == 0:
                    for k, words in enumerate(lines_):
                        yield _words(words, self._middle(place), foot + LINE * (k + 1), "middle")
        below, beside = (
            (self._title_of(0), self.part.along.title) if self.sideways else (self.part.along.title, self._title_of(0))
        )
        if below:
            yield _words(below, self.left + self.width / 2, HEIGHT - 6, "middle", "axis")
        if beside and not self.sideways:
            yield _words(beside, 13, TOP + self.height / 2, "middle", "axis", turned=True)
        if len(self.scales) > 1 and self._title_of(1):
            yield _words(self._title_of(1), WIDTH - 5, TOP + self.height / 2, "middle", "axis", turned=True)

    def _zero(self) -> Iterator[Html]:
        first = self.scales[0]
        if first.least <= 0 <= first.most:
            at = self._up(0.0, 0)
            ends = (at, TOP, at, TOP + self.height) if self.sideways else (self.left, at, self.left + self.width, at)
            yield _rule(*ends, "zero")

    def _box(self, i: int, series: Plotted, place: int) -> tuple[float, float, float, float]:
        """Return a bar's edges: across the bars from, to; along its value from, to."""
        own = [k for k, s in self.seen if s.part.group == series.part.group]
        beside = series.part.stacking in STACKED or series.part.overlap >= 50 or len(own) < 2
        count, at = (1, 0) if beside else (len(own), own.index(i))
        if self.sideways and not self.part.along.reversed and not beside:
            at = count - 1 - at
        room = self._band * (0.62 if count == 1 else 0.74)
        start = self._middle(place) - room / 2 + at * room / count
        low, high = self.spread[i][place]
        one, two = sorted((self._up(low, series.part.axis), self._up(high, series.part.axis)))
        return start, start + room / count * (1 if count == 1 else 0.92), one, two

    def _bars(self, i: int, series: Plotted) -> Iterator[Html]:
        for place in self.spread[i]:
            a, b, low, high = self._box(i, series, place)
            colour = self.colours[series.part.points.get(place) or colour_key(series, i)]
            x, y, w, h = (low, a, high - low, b - a) if self.sideways else (a, low, b - a, high - low)
            tip = element("title", f"{series.name}, {self.data.categories[place]}: {series.points[place].text}")
            yield element("rect", tip, x=_at(x), y=_at(y), width=_at(w), height=_at(h), class_=f"fill {colour}")

    def _area(self, i: int, series: Plotted) -> Iterator[Html]:
        ends = self.spread[i]
        upper = [(self._middle(p), self._up(high, series.part.axis)) for p, (_, high) in ends.items()]
        lower = [(self._middle(p), self._up(low, series.part.axis)) for p, (low, _) in ends.items()]
        if upper:
            path = "M" + "L".join(f"{_at(x)} {_at(y)}" for x, y in upper + lower[::-1]) + "Z"
            yield element("path", d=path, class_=f"fill pale {self.colours[colour_key(series, i)]}")

    def _line(self, i: int, series: Plotted) -> Iterator[Html]:
        colour = self.colours[colour_key(series, i)]
        runs: list[list[tuple[float, float]]] = [[]]
        for place in range(len(series.points)):
            spot = self._spot(i, series, place)
            if spot is None:
                runs.append([])
            else:
                runs[-1].append(spot)
        if series.part.line:
            path = "".join("M" + "L".join(f"{_at(x)} {_at(y)}" for x, y in run) for run in runs if len(run) > 1)
            if path:
                yield element("path", d=path, class_=f"line {colour}", stroke_dasharray=DASHES[i % len(DASHES)] or None)
        if series.part.marked or not series.part.line or any(len(run) == 1 for run in runs):
            for place in range(len(series.points)):
                spot = self._spot(i, series, place)
                if spot is not None:
                    where = series.along[place].text if self.scatter and place < len(series.along) else ""
                    where = where or (self.data.categories[place] if not self.scatter else "")
                    tip = element("title", f"{series.name}, {where}: {series.points[place].text}")
                    yield element("circle", tip, cx=_at(spot[0]), cy=_at(spot[1]), r="3.6", class_=f"fill {colour}")

    def _spot(self, i: int, series: Plotted, place: int) -> tuple[float, float] | None:
        ends = self.spread[i].get(place)
        if ends is None:
            return None
        up = self._up(ends[1], series.part.axis)
        if self.x_scale is None:
            return self._middle(place), up
        along = series.along[place].value if place < len(series.along) else float(place + 1)
        return None if along is None else (self.left + self.x_scale.share(along) * self.width, up)

    def _labels(self, i: int, series: Plotted) -> Iterator[Html]:
        inside = series.part.kind == "bar" and series.part.stacking in STACKED
        for place in self.spread[i]:
            point, code = series.points[place], series.part.labels
            text = shown(point.value, code, False).strip() if code else point.text
            spot = self._label_spot(i, series, place)
            if not text or spot is None:
                continue
            x, y, anchor = spot
            if inside:  # a plate keeps the figure readable on any colour
                width = len(text) * LETTER + 4
                yield element(
                    "rect", x=_at(x - width / 2), y=_at(y - 11), width=_at(width), height=LINE, rx=2, class_="plate"
                )
            yield _words(text, x, y, anchor, "figure")

    def _label_spot(self, i: int, series: Plotted, place: int) -> tuple[float, float, str] | None:
        """Return where the figure of a point is written; None where it has no room, and stands in the table alone."""
        if series.part.kind not in ("bar", "pie"):
            spot = self._spot(i, series, place)
            return None if spot is None else (spot[0], spot[1] - 8, "middle")
        start, end, one, two = self._box(i, series, place)
        across, along = (start + end) / 2, (one + two) / 2
        if series.part.stacking in STACKED:
            if two - one < LINE - 3:
                return None
            return (along, across + 4, "middle") if self.sideways else (across, along + 4, "middle")
        low, high = self.spread[i][place]
        if self.sideways:
            return (two + 5, across + 4, "start") if high >= low else (one - 5, across + 4, "end")
        return (across, one - 5, "middle") if high >= low else (across, two + 12, "middle")


def _spreads(data: ChartData) -> list[dict[int, tuple[float, float]]]:
    """Return from where to where each series reaches at each place; places without a number are left out."""
    ends: list[dict[int, tuple[float, float]]] = []
    below: dict[tuple[int, int, bool], float] = {}
    totals: dict[tuple[int, int], float] = {}
    for s in data.series:
        for place, p in enumerate(s.points):
            totals[s.part.group, place] = totals.get((s.part.group, place), 0.0) + abs(p.value or 0.0)
    for s in data.series:
        own: dict[int, tuple[float, float]] = {}
        for place, p in enumerate(s.points):
            if p.value is None:
                continue
            value = p.value
            if s.part.stacking == "percentStacked":
                value = value / (totals[s.part.group, place] or 1.0)
            base = 0.0
            if s.part.stacking in STACKED:
                # rises and falls of bars are stacked apart, above and below the ground
                key = s.part.group, place, s.part.kind == "bar" and value < 0
                base = below.get(key, 0.0)
                below[key] = base + value
            own[place] = (base, base + value)
        ends.append(own)
    return ends


def _at(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _rule(x1: float, y1: float, x2: float, y2: float, class_: str = "rule") -> Html:
    return element("path", d=f"M{_at(x1)} {_at(y1)}L{_at(x2)} {_at(y2)}", class_=class_)


def _words(words: str, x: float, y: float, anchor: str, class_: str | None = None, *, turned: bool = False) -> Html:
    turn = f"rotate(-90 {_at(x)} {_at(y)})" if turned else None
    return element("text", words, x=_at(x), y=_at(y), text_anchor=anchor, class_=class_, transform=turn)
