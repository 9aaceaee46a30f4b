"""Charts of children: how many are looked after, and how they start and cease."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes

from xlmodel.model.demand.results import Run, ScenarioResult
from xlmodel.model.demand.simulation import Fan
from xlmodel.model.domain import FloatArray
from xlmodel.report.chart_style import (
    BASELINE,
    COLOURS,
    CROWDED,
    INK,
    LINES,
    QUIET,
    Chart,
    crowded,
    end_labels,
    value_axis,
    year_axis,
)
from xlmodel.report.figures import listed, month_of, number, percent
from xlmodel.report.findings import assumption_name, flows_finding, label, stock_finding
from xlmodel.report.waterfall import waterfall

__all__ = ["bridge_chart", "flows_chart", "stock_chart"]

MOST_LINES = 4  #: scenarios beside the baseline in one chart
MOST_REASONS = 6
MOST_PAST = 5  #: actual years
_ACRONYMS = {"cao", "sgo", "uasc"}


def stock_chart(run: Run, shown: ScenarioResult, fan: Fan | None) -> Chart:
    """Children looked after, month by month: every scenario, the baseline fixed, and the range of the one shown."""
    others = [r for r in run.results.values() if r.avoided is not None]
    others = ([shown] if shown in others else []) + [r for r in others if r is not shown]
    left_out = others[MOST_LINES:]
    others = others[:MOST_LINES]
    months, past = run.demand.months, _past(run)

    def draw(axes: Axes) -> None:
        time = np.arange(months.count + 1, dtype=np.float64)
        if fan is not None:
            _ranges(axes, time, fan, shown.years.opening[0])
        ends = []
        looks = [(run.results[run.demand.baseline], BASELINE), *zip(others, LINES, strict=False)]
        for result, look in reversed(looks):
            stock = np.concatenate([[result.years.opening[0]], result.path.stock])
            axes.plot(time, stock, color=look.colour, ls=look.line, lw=1.8, zorder=4)
            axes.plot(time[12::12], stock[12::12], color=look.colour, ls="", marker=look.marker, ms=4.5, zorder=5)
            room = 48 if len(looks) < 4 else 38
            text = f"{number(stock[-1])}: {label(result.scenario.label, room)}"
            ends.append((float(stock[-1]), fill(text, 26), look.colour))
        first = -12 * len(past)
        actual = [y.opening for y in past[:1]] + [y.closing for y in past] or [float(shown.years.opening[0])]
        axes.plot(np.arange(first, 1, 12), actual, color=INK, lw=1.8, marker="o", ms=4.5, zorder=6)
        value_axis(axes)
        axes.set_xlim(first, months.count + 0.4 * (months.count - first))
        step = -(-(len(past) + months.years) // CROWDED)
        years = range(-len(past), months.years + 1, step)
        axes.set_xticks([12 * k for k in years], [f"Mar {months.first + k}" for k in years])
        axes.spines["bottom"].set_bounds(first, months.count)
        end_labels(axes, months.count + 0.02 * (months.count - first), ends, size=8)
        if past:
            axes.annotate("actual", (first, actual[0]), (2, 6), textcoords="offset points", size=8, color=INK)

    return Chart(
        "stock",
        stock_finding(run, shown),
        "Children looked after at the end of each month",
        "Line chart of children looked after by month. "
        + "".join(
            f"Actual, March {months.first - len(past) + k + 1}: {number(y.closing)}. " for k, y in enumerate(past)
        )
        + " ".join(
            f"{label(r.scenario.label)}: {number(r.years.opening[0])} in {month_of(months.first)}, then "
            f"{listed([number(x) for x in r.years.closing])} at the end of each financial year."
            for r in [run.results[run.demand.baseline], *others]
        ),
        draw,
        _stock_note(shown, fan, left_out),
    )


def _stock_note(shown: ScenarioResult, fan: Fan | None, left_out: Sequence[ScenarioResult]) -> str:
    said = []
    if fan is not None:
        levels = listed([percent(level) for level in sorted(fan.levels)])
        drawn = [assumption_name(name).lower() for name in fan.varied]
        ranges = f", with the ranges of {listed(drawn)}" if drawn else ""
        said.append(f"Shaded: {levels} of {fan.runs:,} simulated runs of “{label(shown.scenario.label)}”{ranges}.")
    if left_out:
        said.append(f"Not shown: {listed([f'“{label(r.scenario.label, 60)}”' for r in left_out])}.")
    return " ".join(said)


@dataclass(frozen=True)
class _Year:
    """One actual year."""

    label: str
    opening: float
    starts: float
    ceases: float
    closing: float


def _past(run: Run) -> list[_Year]:
    """Return the last actual years before the forecast."""
    known = run.demand.history
    if known is None:
        return []
    rows = zip(known.years, known.opening, known.starts, known.ceases, known.closing, strict=True)
    return [_Year(*row) for row in rows][-MOST_PAST:]


def _ranges(axes: Axes, time: FloatArray, fan: Fan, opening: float) -> None:
    for level in sorted(fan.levels, reverse=True):
        low, high = (np.concatenate([[opening], end]) for end in fan.interval(fan.stock, level))
        axes.fill_between(time, low, high, color=LINES[0].colour, alpha=0.16, lw=0, zorder=1)


def flows_chart(run: Run, shown: ScenarioResult) -> Chart:
    """Starts against ceases, year by year, with the actual years before."""
    past = _past(run)
    labels = [*(y.label for y in past), *run.demand.months.labels]
    starts = np.array([*(y.starts for y in past), *shown.years.starts])
    ceases = np.array([*(y.ceases for y in past), *shown.years.ceases])

    def draw(axes: Axes) -> None:
        place = np.arange(len(labels))
        for shift, values, colour, hatch, name in (
            (-0.19, starts, COLOURS["blue"], None, "start"),
            (0.19, ceases, COLOURS["orange"], "///", "cease"),
        ):
            bars = axes.bar(place + shift, values, 0.36, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
            texts = [number(v) for v in values]
            if not crowded(labels):
                texts[0] = f"{name}\n{texts[0]}"
            axes.bar_label(bars, texts, padding=2, size=7.5 if crowded(labels) else 8.5)
        year_axis(axes, labels)
        value_axis(axes, room=1.18)
        if past:
            axes.axvline(len(past) - 0.5, color=QUIET, lw=0.8, ls=(0, (4, 3)))
            for side, text, shift in (("right", "actual", -4), ("left", "forecast", 4)):
                at = (len(past) - 0.5, axes.get_ylim()[1])
                axes.annotate(text, at, (shift, -2), textcoords="offset points", ha=side, va="top", size=8, color=QUIET)

    rows = zip(labels, starts, ceases, strict=True)
    return Chart(
        "flows",
        flows_finding(run, shown),
        f"{label(shown.scenario.label)}: children who start (plain) and who cease (hatched) in the year",
        "Pairs of columns by financial year. "
        + " ".join(f"{y}: {number(s)} start, {number(c)} cease." for y, s, c in rows),
        draw,
    )


def bridge_chart(run: Run, shown: ScenarioResult) -> Chart:
    """From the children looked after at the start to those at the end: starts, and ceases by reason."""
    months, years = run.demand.months, shown.years
    reasons = _by_reason(shown)
    steps = [("Start", float(years.starts.sum())), *((name, -n) for name, n in reasons)]
    ends = (f"March\n{months.first}", f"March\n{months.first + months.years}")

    def draw(axes: Axes) -> None:
        waterfall(axes, (ends[0], float(years.opening[0])), steps, (ends[1], float(years.closing[-1])))

    before, after = number(years.opening[0]), number(years.closing[-1])
    largest = max(reasons, key=lambda r: r[1], default=("", 0.0))
    finding = f"{number(years.starts.sum())} start and {number(years.ceases.sum())} cease"
    most = f"; the largest reason: {largest[0]} ({number(largest[1])})" if len(reasons) > 1 else ""
    return Chart(
        "bridge",
        f"From {before} to {after} children: {finding}{most}",
        f"{label(shown.scenario.label)}: children, {month_of(months.first)} to "
        f"{month_of(months.first + months.years)}; starts, and ceases by reason",
        f"Waterfall chart. {month_of(months.first)}: {before}. "
        + " ".join(f"{name}: {number(n)}." for name, n in steps)
        + f" {month_of(months.first + months.years)}: {after}.",
        draw,
    )


def _by_reason(shown: ScenarioResult) -> list[tuple[str, float]]:
    """Return ceases by reason, the largest first; small groups together."""
    counts = shown.path.ceases_by_reason.sum(axis=(0, 1))
    if len(counts) == 1 or not np.isfinite(counts).all():
        return [("Cease", float(shown.years.ceases.sum()))]
    named = sorted(
        ((reason_name(r), float(n)) for r, n in zip(shown.path.reasons, counts, strict=True) if n > 0),
        key=lambda row: -row[1],
    )
    if len(named) > MOST_REASONS:
        rest = sum(n for _, n in named[MOST_REASONS - 1 :])
        named = [*named[: MOST_REASONS - 1], ("All other reasons", rest)]
    return named


def reason_name(code: str) -> str:
    """Return a reason as words.

    >>> reason_name("turned_18"), reason_name("sgo")
    ('Turned 18', 'SGO')
    """
    words = " ".join(w.upper() if w in _ACRONYMS else w for w in label(code).replace("_", " ").split())
    return words[:1].upper() + words[1:]
