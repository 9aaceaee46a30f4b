"""Steps from one level to another, as columns that hang between them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from matplotlib.axes import Axes

from xlmodel.report.chart_style import COLOURS, INK, QUIET, value_axis, year_axis
from xlmodel.report.figures import number

__all__ = ["waterfall"]

#: Up is blue and plain, down is orange and hatched.
_UP, _DOWN = (COLOURS["blue"], None), (COLOURS["orange"], "///")


def waterfall(
    axes: Axes, first: tuple[str, float], steps: Sequence[tuple[str, float]], last: tuple[str, float], dp: int = 0
) -> None:
    """Draw named steps from one level to another, each with its number."""
    place = len(steps) + 1
    _level(axes, 0, first[1], dp)
    level = first[1]
    for at, (_, step) in enumerate(steps, 1):
        colour, hatch = _UP if step > 0 else _DOWN
        axes.bar(at, step, 0.62, bottom=level, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
        axes.plot([at - 0.69, at + 0.31], [level, level], color=INK, lw=0.6)
        axes.text(at, max(level, level + step), _signed(step, dp), ha="center", va="bottom", size=8.5)
        level += step
    axes.plot([place - 0.69, place + 0.31], [level, level], color=INK, lw=0.6)
    _level(axes, place, last[1], dp)
    width = max(8, 85 // (place + 1))
    year_axis(axes, ["\n".join(wrap(n, width, max_lines=2, placeholder="…")) for n, _ in (first, *steps, last)])
    value_axis(axes, room=1.12)


def _level(axes: Axes, place: int, value: float, dp: int) -> None:
    axes.bar(place, value, 0.62, color=QUIET)
    axes.text(place, value, number(value, dp), ha="center", va="bottom", size=8.5, weight="bold")


def _signed(step: float, dp: int) -> str:
    shown = number(step, dp)
    return f"+{shown}" if step > 0 and shown.strip("0.,") else shown.replace("-", "−")
