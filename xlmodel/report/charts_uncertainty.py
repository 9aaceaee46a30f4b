"""The chart of what the result hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from xlmodel.model.demand.sensitivity import Bar
from xlmodel.report.chart_style import COLOURS, INK, Chart, plain_numbers
from xlmodel.report.figures import millions, pounds
from xlmodel.report.findings import assumption_name, assumption_value

__all__ = ["tornado_chart"]

MOST_BARS = 8
MILLION = 1e6


def tornado_chart(bars: Sequence[Bar], central: float, what: str) -> Chart:
    """How far each assumption's range moves an amount of money, the widest at the top."""
    shown = [bar for bar in bars if bar.swing > 0][:MOST_BARS]

    def draw(axes: Axes) -> None:
        for place, bar in enumerate(shown):
            low, high = bar.at_low / MILLION, bar.at_high / MILLION
            middle = central / MILLION
            for end, given, colour, hatch in (
                (low, bar.low, COLOURS["orange"], "///"),
                (high, bar.high, COLOURS["blue"], None),
            ):
                axes.barh(place, end - middle, 0.6, left=middle, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
                right = end >= middle
                axes.annotate(
                    f"{millions(end * MILLION)} at {assumption_value(bar.name, given)}",
                    (end, place),
                    (3 if right else -3, 0),
                    textcoords="offset points",
                    ha="left" if right else "right",
                    va="center",
                    size=7.5,
                )
        axes.axvline(central / MILLION, color=INK, lw=1)
        axes.set_yticks(range(len(shown)), [fill(assumption_name(bar.name), 22) for bar in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        low, high = axes.dataLim.intervalx
        span = (high - low) or 1.0
        axes.set_xlim(low - 0.34 * span, high + 0.34 * span)
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(plain_numbers(*axes.get_xlim()))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")

    return Chart(
        "tornado",
        tornado_finding(bars, what),
        f"{what}, £m; {millions(central)} as assumed, and at the low and high end of each assumption",
        f"Tornado chart in £m around {millions(central)}. "
        + " ".join(
            f"{assumption_name(b.name)}: {millions(b.at_low)} at {assumption_value(b.name, b.low)}, "
            f"{millions(b.at_high)} at {assumption_value(b.name, b.high)}."
            for b in shown
        ),
        draw,
        "Hatched: low end of the range. Plain: high end.",
        height=3.6 + 0.75 * len(shown),
        left=4.0,
    )


def tornado_finding(bars: Sequence[Bar], what: str) -> str:
    """Say which assumption matters most."""
    if not bars or bars[0].swing <= 0:
        return f"{what}: no assumption's range changes it"
    widest = bars[0]
    ends = sorted((widest.at_low, widest.at_high))
    name = assumption_name(widest.name)
    return f"{what}: from {pounds(ends[0])} to {pounds(ends[1])}, depending most on {name[:1].lower()}{name[1:]}"
