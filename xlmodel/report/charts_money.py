"""Charts of money: what placements cost, what is avoided and what a plan claims, all in £m."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes

from xlmodel.model.demand.results import PlanResult, Run, ScenarioResult
from xlmodel.model.demand.study import placement_budget
from xlmodel.model.domain import FloatArray
from xlmodel.report.chart_style import (
    COLOURS,
    COLUMN,
    FILLS,
    INK,
    Chart,
    Mark,
    bar_total,
    crowded,
    end_labels,
    part_labels,
    side_marks,
    value_axis,
    year_axis,
)
from xlmodel.report.figures import MISSING, listed, millions
from xlmodel.report.findings import (
    Claim,
    avoided_finding,
    claim_finding,
    cost_finding,
    difference_finding,
    label,
    plan_finding,
)
from xlmodel.report.waterfall import waterfall

__all__ = ["avoided_chart", "claim_chart", "cost_chart", "difference_chart", "plan_chart"]

MOST_PARTS = 7  #: of a stacked column; the smallest share one part beyond that
MILLION = 1e6
LEAST = 5_000  #: £, the least that two decimals of a million show

Part = tuple[str, FloatArray]

#: What reduces a budget is dark, what releases nothing is grey.
RELEASED = (COLOURS["blue"], COLOURS["sky"], "#B8C0CA")


def cost_chart(run: Run, shown: ScenarioResult) -> Chart:
    """Cost by placement and year, against the budget where one is held against the model's cost."""
    labels = run.demand.months.labels
    by_placement = shown.years.cost_by_placement
    parts = [(label(n), by_placement[:, i]) for i, n in enumerate(run.demand.placement_labels)]
    parts = _largest_first(parts, "All other placements")
    known = zip(labels, placement_budget(run.demand), strict=True)
    budget = {year: amount for year, amount in known if np.isfinite(amount)}

    def draw(axes: Axes) -> None:
        marks = placement_budget(run.demand)
        _stacked(axes, labels, parts, totals=shown.years.cost, marks=(marks,))
        for year, amount in budget.items():
            mark: Mark = ("budget", amount / MILLION, "-")
            side_marks(axes, labels.index(year), [mark], named=year == min(budget), numbered=not crowded(labels))

    return Chart(
        "cost",
        cost_finding(run, shown),
        f"{label(shown.scenario.label)}: cost of placements by type, £m",
        _said(f"Stacked columns of cost in £m, {label(shown.scenario.label)}.", labels, parts)
        + "".join(f" Budget {y}: {millions(b)}." for y, b in budget.items()),
        draw,
    )


def difference_chart(run: Run, shown: ScenarioResult) -> Chart:
    """From the baseline's cost to the scenario's in the last year: number of children, mix, price."""
    avoided = shown.avoided
    assert avoided is not None
    base, year = run.results[run.demand.baseline], run.demand.months.labels[-1]
    steps = [
        ("Number of children", float(avoided.volume[-1]) / MILLION),
        ("Mix of placements", float(avoided.mix[-1]) / MILLION),
        ("Prices", float(avoided.price[-1]) / MILLION),
    ]
    first = ("Baseline", float(base.years.cost[-1]) / MILLION)
    last = (label(shown.scenario.label), float(shown.years.cost[-1]) / MILLION)
    return Chart(
        "difference",
        difference_finding(run, shown),
        f"Cost of placements in {year}, £m: from the baseline to {label(shown.scenario.label)}",
        f"Waterfall chart in £m. {label(base.scenario.label)}: {millions(base.years.cost[-1])}. "
        + " ".join(f"{name}: {millions(step * MILLION)}." for name, step in steps)
        + f" {label(shown.scenario.label)}: {millions(shown.years.cost[-1])}.",
        lambda axes: waterfall(axes, first, steps, last, dp=2),
    )


def avoided_chart(run: Run, shown: ScenarioResult) -> Chart:
    """Net avoided cost by what it releases: a budget, budgeted growth, or nothing."""
    avoided = shown.avoided
    assert avoided is not None
    labels = run.demand.months.labels
    parts = [
        ("Cashable", avoided.cashable),
        ("Budgeted growth avoided", avoided.growth_avoided),
        ("Neither", avoided.neither),
    ]
    some = [(part, colour) for part, colour in zip(parts, RELEASED, strict=True) if np.abs(part[1]).max() >= LEAST]
    return Chart(
        "avoided",
        avoided_finding(run, shown),
        f"{label(shown.scenario.label)}: net cost avoided against the fixed baseline, by what it releases, £m",
        _said("Stacked columns of net avoided cost in £m, by what it releases.", labels, parts),
        lambda axes: _stacked(axes, labels, [p for p, _ in some], totals=avoided.net, fills=[c for _, c in some]),
        "Cashable: a budget is reduced by it. Neither: it releases no money.",
    )


def claim_chart(run: Run, made: Claim) -> Chart:
    """What the plan claims on children, what the flows support, and the most they could ever give."""
    labels = run.demand.months.labels

    def draw(axes: Axes) -> None:
        place = np.arange(len(labels))
        series = (
            (-0.19, made.claimed, COLOURS["orange"], "///", "claimed"),
            (0.19, made.supported, COLOURS["blue"], None, "supported"),
        )
        for shift, values, colour, hatch, name in series:
            heights = values / MILLION
            bars = axes.bar(place + shift, heights, 0.36, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
            texts = [millions(v, 1 if crowded(labels) else 2) for v in values]
            if len(labels) < 4:
                texts[0] = f"{name}\n{texts[0]}"
            axes.bar_label(bars, texts, padding=2, size=7 if crowded(labels) else 8.5)
        for x, most in zip(place, made.ceiling, strict=True):
            if most > 0:  # of growth there is no ceiling
                axes.plot([x - 0.42, x + 0.42], [most / MILLION] * 2, color=INK, lw=2, zorder=5)
                text = millions(most) if x or crowded(labels) else f"ceiling {millions(most)}"
                axes.annotate(
                    text, (x, most / MILLION), (0, 3), textcoords="offset points", size=8, ha="center", weight="bold"
                )
        year_axis(axes, labels)
        value_axis(axes, room=1.15)

    rows = zip(labels, made.claimed, made.supported, made.ceiling, strict=True)
    named = listed([f"“{label(line.line)}”" for line in made.lines][:3]) + (" and more" if len(made.lines) > 3 else "")
    return Chart(
        "claim",
        claim_finding(run, made),
        f"Saving in each year, £m: {named}, and what the children in the model support",
        "Pairs of columns in £m with a line for the ceiling. "
        + " ".join(
            f"{y}: claimed {millions(c)}, supported {millions(s)}, ceiling {millions(m)}." for y, c, s, m in rows
        ),
        draw,
        "Hatched: claimed. Plain: supported, which is placements and proceedings avoided, less support and "
        "investment. Line: the ceiling, placements and proceedings avoided if the year's flows and prices went on for "
        "ever, before support and investment.",
    )


def plan_chart(run: Run, plan: PlanResult) -> Chart:
    """The plan's lines by confidence, its printed total and what it weighs."""
    labels = run.demand.months.labels
    assert run.demand.plan is not None
    lines = run.demand.plan.lines
    words = sorted(dict.fromkeys(label(line.confidence) or "not stated" for line in lines), key=_confidence)
    parts: list[Part] = []
    for word in words:
        amounts = np.sum([li.amounts for li in lines if (label(li.confidence) or "not stated") == word], axis=0)
        parts.append((f"{word} confidence" if word != "not stated" else "confidence not stated", amounts))
    weighted = plan.weighted[:, 1]

    def draw(axes: Axes) -> None:
        _stacked(axes, labels, parts, totals=plan.total, marks=(plan.stated, weighted))
        for x, (printed, weight) in enumerate(zip(plan.stated / MILLION, weighted / MILLION, strict=True)):
            marks: list[Mark] = [("printed", printed, "-"), ("weighted", weight, (0, (2, 1)))]
            side_marks(axes, x, marks, named=x == 0, numbered=not crowded(labels))

    return Chart(
        "plan",
        plan_finding(run, plan),
        "The savings plan's lines as printed, by confidence, £m",
        _said("Stacked columns of the plan's lines in £m, by confidence.", labels, parts)
        + "".join(
            f" {y}: printed total {millions(s)}, weighted {millions(w)}."
            for y, s, w in zip(labels, plan.stated, weighted, strict=True)
        ),
        draw,
        "Lines: the printed total, and the lines weighted by the signed-off table of confidence and risk."
        if np.isfinite(weighted).any()
        else "Line: the printed total.",
    )


def _confidence(word: str) -> int:
    known = ("high", "medium", "low")
    return known.index(word.casefold()) if word.casefold() in known else len(known)


def _largest_first(parts: list[Part], rest: str) -> list[Part]:
    ordered = sorted((p for p in parts if p[1].any()), key=lambda p: -float(p[1].sum()))
    if len(ordered) > MOST_PARTS:
        others = np.sum([amounts for _, amounts in ordered[MOST_PARTS - 1 :]], axis=0)
        ordered = [*ordered[: MOST_PARTS - 1], (rest, others)]
    return ordered


def _stacked(
    axes: Axes,
    labels: tuple[str, ...],
    parts: list[Part],
    totals: FloatArray,
    fills: Sequence[str] = FILLS,
    marks: Sequence[FloatArray] = (),
) -> None:
    """Draw columns of parts, each labelled at the last column, with the total above; what is negative hangs down.

    There is room for `marks`, amounts by year that will be drawn across the columns.
    """
    place = np.arange(len(labels))
    above, below = np.zeros(len(labels)), np.zeros(len(labels))
    ends, drawn = [], []
    for (name, amounts), colour in zip(parts, fills, strict=False):
        heights = np.asarray(amounts) / MILLION
        bottom = np.where(heights >= 0, above, below)
        drawn.append(axes.bar(place, heights, COLUMN, bottom=bottom, color=colour, edgecolor="white", lw=0.6))
        ends.append((float(bottom[-1] + heights[-1] / 2), fill(label(name, 30), 16), INK))
        above, below = above + np.maximum(heights, 0), below + np.minimum(heights, 0)
    across = np.array([m / MILLION for m in marks if np.isfinite(m).any()]).reshape(-1, len(labels))
    if across.size:
        axes.update_datalim([(0.0, np.nanmin(across)), (0.0, np.nanmax(across))])
    year_axis(axes, labels)
    value_axis(axes, room=1.12)
    named = 0.15 if crowded(labels) else 0.24  # of a column's place, for the names of the first column's marks
    left = max(0.85, 0.33 + named * len(labels)) if across.size else 0.85
    axes.set_xlim(-left, (len(labels) - 0.68 + left) / 0.74 - left)  # a quarter of the width is for names
    axes.spines["bottom"].set_bounds(-left, len(labels) - 0.6)
    if len(drawn) > 1 and not crowded(labels):
        part_labels(axes, drawn)
    bar_total(axes, _clear_of(axes, above, across), [millions(t) for t in totals])
    end_labels(axes, len(labels) - 1 + COLUMN / 2 + 0.06, ends, size=8, fills=fills if len(ends) > 1 else ())


def _clear_of(axes: Axes, tops: FloatArray, across: FloatArray) -> FloatArray:
    """Return where totals go: above the columns, and above a line that would run through them."""
    low, high = axes.get_ylim()
    near = (across >= tops) & (across - tops < 0.06 * (high - low))
    return np.asarray(np.maximum(tops, np.where(near, across, -np.inf).max(axis=0, initial=-np.inf)))


def _said(opening: str, labels: tuple[str, ...], parts: list[Part]) -> str:
    rows = (
        f"{year}: " + ", ".join(f"{name} {millions(float(a[i])) if len(a) else MISSING}" for name, a in parts) + "."
        for i, year in enumerate(labels)
    )
    return " ".join([opening, *rows])
