"""How every chart looks: a colour-blind-safe palette, one frame, direct labels, and files that come out alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.typing import ColorType, LineStyleType
from numpy.typing import NDArray

from xlmodel.report.figures import number

__all__ = [
    "BASELINE",
    "COLOURS",
    "COLUMN",
    "FILLS",
    "INK",
    "LINES",
    "QUIET",
    "Chart",
    "Look",
    "Mark",
    "apart",
    "bar_total",
    "crowded",
    "end_labels",
    "figure",
    "part_labels",
    "plain_numbers",
    "save",
    "side_marks",
    "value_axis",
    "year_axis",
]

CM = 1 / 2.54
WIDTH = 16.0  #: cm, the text width of an A4 page
DPI = 200
MARGIN = 0.35  #: cm
CROWDED = 6  #: years that have room for everything
MOST_NAMES = 12  #: of years side by side
COLUMN = 0.52  #: width of a stacked column, a year being 1

INK, QUIET, HAIR = "#222B36", "#5B6775", "#D5DBE3"

#: The palette of Okabe and Ito, which common colour blindness keeps apart.
COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "grey": "#8A95A3",
}


#: A line across a column: name, value, style.
Mark = tuple[str, float, LineStyleType]


@dataclass(frozen=True)
class Look:
    """One series: a colour and, for a page printed in grey, a line and a marker of its own."""

    colour: str
    line: str | tuple[int, tuple[int, ...]] = "-"
    marker: str = "o"


#: The fixed baseline is always the same grey line.
BASELINE = Look(QUIET, (0, (5, 2)), "s")
LINES = (
    Look(COLOURS["blue"], "-", "o"),
    Look(COLOURS["vermilion"], (0, (1, 1)), "^"),
    Look(COLOURS["green"], (0, (6, 1, 1, 1)), "D"),
    Look(COLOURS["purple"], (0, (3, 1)), "v"),
)
#: Fills from dark to light, so that neighbours differ in grey too.
FILLS = tuple(COLOURS[c] for c in ("blue", "sky", "vermilion", "orange", "green", "yellow", "purple", "grey"))

_TITLE: dict[str, Any] = {"size": 10.5, "weight": "bold"}
_SUBTITLE: dict[str, Any] = {"size": 8.5, "color": QUIET}
_NOTE: dict[str, Any] = {"size": 7.5, "color": QUIET}
_FACE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so a chart is the same on every machine
    "font.size": 8.5,
    "text.parse_math": False,  # a name may have a $
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "grid.color": HAIR,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "xlmodel",
    "svg.fonttype": "path",
}


@dataclass(frozen=True)
class Chart:
    """One chart: its file's name, the finding as its title, what is plotted, and words for who cannot see it."""

    name: str
    title: str
    subtitle: str
    alt: str
    draw: Callable[[Axes], None]
    note: str = ""
    height: float = 8.8  #: cm
    left: float = 1.25  #: cm, room for the names or numbers of the vertical axis


@contextmanager
def _face() -> Iterator[None]:
    with mpl.rc_context():  # whatever a user set for charts of their own is put back
        mpl.rcdefaults()
        mpl.rcParams.update(_FACE)
        yield


def figure(chart: Chart) -> Figure:
    """Return a chart drawn: title and subtitle at the left above it, a note below."""
    with _face():
        return _drawn(chart)


def _drawn(chart: Chart) -> Figure:
    drawn = Figure(figsize=(WIDTH * CM, chart.height * CM), dpi=DPI)
    FigureCanvasAgg(drawn)
    title, subtitle, note = (
        _wrapped(drawn, text, **style)
        for text, style in ((chart.title, _TITLE), (chart.subtitle, _SUBTITLE), (chart.note, _NOTE))
    )
    titles, subtitles, notes = (text.count("\n") + 1 if text else 0 for text in (title, subtitle, note))
    below_title = 0.3 + 0.47 * titles
    head, foot = below_title + 0.1 + 0.37 * subtitles + 0.35, 1.05 + 0.33 * notes
    height = chart.height + 0.47 * (titles - 1) + 0.37 * (subtitles - 1) + 0.33 * notes
    drawn.set_size_inches(WIDTH * CM, height * CM)
    width = WIDTH - chart.left - MARGIN
    axes = drawn.add_axes((chart.left / WIDTH, foot / height, width / WIDTH, (height - head - foot) / height))
    chart.draw(axes)
    left = MARGIN / WIDTH
    drawn.text(left, 1 - 0.28 / height, title, va="top", linespacing=1.25, **_TITLE)
    drawn.text(left, 1 - (below_title + 0.1) / height, subtitle, va="top", **_SUBTITLE)
    drawn.text(left, 0.15 / height, note, va="bottom", **_NOTE)
    return drawn


def _wrapped(drawn: Figure, text: str, **style: Any) -> str:
    """Return text broken into lines that fit on the figure, measured rather than counted."""
    most = (WIDTH - 2 * MARGIN) * CM * drawn.dpi
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        shown = drawn.text(0, 0, longer, **style)
        fits = shown.get_window_extent().width <= most
        shown.remove()
        if lines and fits:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def save(chart: Chart, folder: Path) -> tuple[str, str]:
    """Write a chart as PNG and SVG and return the files' names; the same chart gives the same bytes."""
    with _face():
        drawn = _drawn(chart)
        png, svg = f"{chart.name}.png", f"{chart.name}.svg"
        about = {"Title": chart.title, "Description": chart.alt}
        drawn.savefig(folder / png, dpi=DPI, metadata={**about, "Software": None})
        drawn.savefig(folder / svg, metadata={**about, "Date": None, "Creator": None})
    return png, svg


def crowded(labels: Sequence[str]) -> bool:
    """Whether there are too many places side by side for names and numbers of full length."""
    return len(labels) > CROWDED


def year_axis(axes: Axes, labels: Sequence[str]) -> None:
    """Set names, one place each, on the horizontal axis; where years are many, without their century, or only some."""
    step = -(-len(labels) // MOST_NAMES)
    shown = [name[2:] if crowded(labels) and name[:4].isdigit() else name for name in labels]
    axes.set_xticks(range(0, len(labels), step), shown[::step])
    axes.tick_params(axis="x", length=0, labelsize=7.5 if crowded(labels) else 8.5)
    axes.set_xlim(-0.6, len(labels) - 0.4)


def value_axis(axes: Axes, *, room: float = 1.08) -> None:
    """Set a value axis that starts at 0, unless values lie below, with quiet lines across."""
    low, high = axes.dataLim.intervaly
    axes.set_ylim(min(0.0, low * room), max(high, 0.0) * room or 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(plain_numbers(*axes.get_ylim()))
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    if low < 0:
        axes.axhline(0, color=QUIET, lw=0.8, zorder=3)


def plain_numbers(low: float, high: float) -> FuncFormatter:
    """Return how numbers stand on an axis from `low` to `high`: with as many decimals as five steps need."""
    dp = 0 if high - low > 4 else 1 if high - low > 0.4 else 2
    return FuncFormatter(lambda x, _: number(x, dp))


def apart(
    places: Sequence[float], heights: float | Sequence[float], low: float = -np.inf, high: float = np.inf
) -> list[float]:
    """Return the middles of labels of some heights, none over another and moved as little as need be.

    They stay between `low` and `high` as far as there is room, and in their order.

    >>> apart([10.0, 11.0, 30.0], 4.0)
    [8.5, 12.5, 30.0]
    >>> apart([10.0, 11.0, 30.0], [4.0, 8.0, 4.0], low=6.0)
    [8.0, 14.0, 30.0]
    """
    order = np.argsort(np.asarray(places), kind="stable").tolist()
    size = np.broadcast_to(np.asarray(heights, np.float64), len(places))
    groups: list[tuple[float, list[int]]] = []  # middle, and the places it holds
    for i in order:
        groups.append((_within(places[i], float(size[i]), low, high), [i]))
        while len(groups) > 1:
            (under, below), (over, above) = groups[-2:]
            if over - under >= float(size[below].sum() + size[above].sum()) / 2:
                break
            members = below + above
            middle = float(np.mean([places[k] for k in members]))
            groups[-2:] = [(_within(middle, float(size[members].sum()), low, high), members)]
    out = list(places)
    for middle, members in groups:
        edge = middle - float(size[members].sum()) / 2
        for i in members:
            out[i] = float(edge + size[i] / 2)
            edge += float(size[i])
    return out


def _within(middle: float, height: float, low: float, high: float) -> float:
    """Return the middle moved so that all of the height is between low and high; low counts more."""
    return max(min(middle, high - height / 2), low + height / 2)


def end_labels(
    axes: Axes, x: float, ends: Sequence[tuple[float, str, str]], size: float = 8.5, fills: Sequence[str] = ()
) -> None:
    """Write (value, text, colour) beside the ends of lines or bars, kept apart: a direct label needs no legend.

    With `fills` each has a small square of its part's colour, for it may have been moved away from the part.
    """
    line = 0.38 * size / 8.5
    heights = [_height_of(axes, line * (text.count("\n") + 1) + 0.06) for _, text, _ in ends]
    places = apart([e[0] for e in ends], heights, *axes.get_ylim())
    for n, (place, (_, text, colour)) in enumerate(zip(places, ends, strict=True)):
        if fills:
            axes.annotate(
                "\u25a0",
                (x, place),
                (0, 0),
                textcoords="offset points",
                color=fills[n],
                size=size,
                va="center_baseline",
            )
        axes.annotate(
            text,
            (x, place),
            (9 if fills else 0, 0),
            textcoords="offset points",
            color=colour,
            size=size,
            va="center",
            ha="left",
            linespacing=1.1,
        )


def bar_total(axes: Axes, tops: Sequence[float] | NDArray[np.float64], texts: Sequence[str]) -> None:
    """Write the total above each column."""
    style: dict[str, Any] = {"size": 7} if crowded(texts) else {"size": 8.5, "weight": "bold"}
    for place, (top, text) in enumerate(zip(tops, texts, strict=True)):
        axes.annotate(text, (place, top), (0, 2), textcoords="offset points", ha="center", va="bottom", **style)


def part_labels(axes: Axes, parts: Sequence[BarContainer], dp: int = 2) -> None:
    """Write each part's number on it, in ink or white, whichever can be read; a part too thin for it has none."""
    least = _height_of(axes, 0.32)
    for bar in (bar for part in parts for bar in part):
        if abs(bar.get_height()) < least:
            continue
        axes.annotate(
            number(float(bar.get_height()), dp),
            (bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2),
            ha="center",
            va="center",
            size=7.5,
            color="white" if _lightness(bar.get_facecolor()) < 0.5 else INK,
            bbox={"fc": bar.get_facecolor(), "ec": "none", "pad": 0.8},  # a line across the column must not cut it
            zorder=6,
        )


def side_marks(axes: Axes, place: int, marks: Sequence[Mark], *, named: bool, numbered: bool = True) -> None:
    """Draw lines across a column, with their numbers at its left, kept apart."""
    known = [m for m in marks if np.isfinite(m[1])]
    edge = COLUMN / 2 + 0.04
    texts = [" ".join((name,) * named + (number(value, 2),) * numbered) for name, value, _ in known]
    gap = _height_of(axes, 0.34)
    for (_, value, line), at, text in zip(known, apart([m[1] for m in known], gap), texts, strict=True):
        axes.plot([place - edge, place + edge], [value, value], color=INK, lw=1.8, ls=line, zorder=5)
        axes.text(place - edge - 0.02, at, text, size=7.5, ha="right", va="center")


def _height_of(axes: Axes, cm: float) -> float:
    """Return how much of the value axis a length on paper takes."""
    low, high = axes.get_ylim()
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float((high - low) * cm * CM / (axes.get_position().height * figure.get_figheight()))


def _lightness(colour: ColorType) -> float:
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
