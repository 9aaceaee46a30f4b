"""A study of the demand model on one page: what a director reads before anything else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.model.demand.results import PlanResult, ScenarioResult
from xlmodel.model.demand.simulation import Fan, Spread
from xlmodel.model.demand.study import Study
from xlmodel.report.figures import MISSING, count, listed, millions, month_of, number, percent, pounds
from xlmodel.report.findings import (
    Claim,
    assumption_name,
    assumption_value,
    avoided_finding,
    claim,
    claim_finding,
    claimed_finding,
    claimed_scenarios,
    cost_finding,
    label,
    measured,
    modelled_scenario,
    needed_finding,
    plan_finding,
    present_value_finding,
    stock_finding,
    uneven_finding,
    unsteady_years,
)
from xlmodel.report.page_layout import Columns, sentence, warning

__all__ = ["model_page"]

MOST_SCENARIOS = 3  #: beside the baseline; the tables have them all
MOST_PAST = 3  #: years before the forecast
MOST_CLAIMS = 2  #: scenarios whose claims are shown
MOST_LINES = 5  #: of the budget
MOST_FAILED = 5  #: checks that do not hold
MOST_BARS = 3
MOST_WORDS = 3  #: years in a sentence


def model_page(study: Study) -> str:
    """Return the page as text.

    Parameters
    ----------
    study : Study
        What the model gave.

    Returns
    -------
    str
        At most 100 characters a line; its money is in millions of pounds.

    References
    ----------
    docs/demand-model.md, "The page".
    """
    columns = Columns(study.run.demand.months.labels)
    sections = [
        _title(study, columns),
        _findings(study),
        _flows(study, columns),
        _avoided(study, columns),
        _plan(study, columns),
        _budget(study),
        _uncertainty(study, columns),
        _sensitivity(study),
        _checks(study),
    ]
    blocks = [list(section) for section in sections]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(study: Study, columns: Columns) -> Iterator[str]:
    run, shown = study.run, study.shown
    base, labels = run.results[run.demand.baseline], run.demand.months.labels
    yield label(run.demand.title, 96)
    against = "" if shown is base else f", held against the fixed baseline {_quoted(base.scenario.label)}"
    span = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    yield from sentence(
        f"Children on 31 {month_of(run.demand.months.first)}: {number(base.years.opening[0])}. "
        f"Forecast {span}: {_quoted(shown.scenario.label)}{against}.",
        0,
    )
    history = run.demand.history
    if history is not None:
        before = [
            f"{number(n)} on 31 March {int(y[:4]) + 1}" + (f" ({number(rate, 1)} per 10,000)" if rate == rate else "")
            for y, n, rate in zip(history.years, history.closing, history.rate, strict=True)
        ]
        yield from sentence(f"Before: {listed(before[-MOST_PAST:])}.", 0)
    if columns.left_out:
        yield from sentence(f"{count(columns.left_out, 'year')} before the last not shown: years.csv has them.", 0)


def _findings(study: Study) -> Iterator[str]:
    run, shown = study.run, study.shown
    made = claim(run)
    found = [stock_finding(run, shown), cost_finding(run, shown)]
    if shown.avoided is not None:
        found.append(avoided_finding(run, shown))
    claims = claimed_scenarios(run)
    if made is not None:
        found.append(claim_finding(run, made))
    found += [claimed_finding(run, r) for r in claims[:MOST_CLAIMS]]
    if run.plan is not None:
        found.append(plan_finding(run, run.plan))
    for text in found:
        first, *rest = sentence(f"{text}.", 2)
        yield f"- {first[2:]}"
        yield from rest


def _flows(study: Study, columns: Columns) -> Iterator[str]:
    run, shown = study.run, study.shown
    results = list(run.results.values())
    others = [r for r in results[1:] if r is not shown]
    rows = [results[0], *([shown] if shown is not results[0] else []), *others][: MOST_SCENARIOS + 1]
    yield columns.heading("1. What the flows give")
    for what, of, form, shown_rows in (
        ("Children on 31 March", "closing", number, rows),
        ("per 10,000 aged 0 to 17", "rate", lambda x: number(x, 1), rows[:2]),
        ("Cost of placements, £m", "cost", millions, rows),
    ):
        yield columns.row(f"{what}: baseline", getattr(rows[0].years, of), form)
        for r in shown_rows[1:]:
            yield columns.row(label(r.scenario.label), getattr(r.years, of), form, 4)
    yield columns.row(f"Children who start: {label(shown.scenario.label)}", shown.years.starts, number)
    yield columns.row("Children who cease", shown.years.ceases, number, 4)
    if len(results) > len(rows):
        yield f"  {count(len(results) - len(rows), 'more scenario')} in years.csv."
    for found in (needed_finding(run, shown), uneven_finding(run, shown)):
        if found:
            yield from warning(f"{found}.")
    unsteady = dict(unsteady_years(run, shown))
    if unsteady:
        worst = sorted(unsteady, key=lambda year: -abs(unsteady[year]))[:MOST_WORDS]
        said = listed([f"{percent(share)} in {year}" for year, share in unsteady.items() if year in worst])
        unsaid = len(unsteady) - len(worst)
        more = f" and by too much in {count(unsaid, 'more year')}" if unsaid else ""
        yield from warning(
            f"No steady state: the number of children changes by {said}{more}. A mean stay must not be read from "
            "stock and ceases."
        )


def _avoided(study: Study, columns: Columns) -> Iterator[str]:
    found, results = study.shown.avoided, study.run.results
    if found is None:
        return
    yield columns.heading("2. Avoided against the baseline, £m")
    yield columns.row("Children who do not start", found.entrants, number)
    yield columns.row("Fewer children on 31 March", found.children, number)
    yield columns.row("Child-years", found.child_years, lambda x: number(x, 1))
    yield columns.row("Placements", found.gross, millions)
    yield columns.row("Care proceedings", found.legal, millions)
    yield columns.row("Support in place of care", 0 - found.alternative, millions)
    yield columns.row("Investment", 0 - found.investment, millions)
    yield columns.row("Net", found.net, millions)
    yield columns.row("cashable: reduces a budget", found.cashable, millions, 4)
    yield columns.row("avoids growth that is budgeted", found.growth_avoided, millions, 4)
    yield columns.row("neither: releases nothing", found.neither, millions, 4)
    yield columns.row("Ceiling for placements", found.ceiling, millions)
    others = [r for r in results.values() if r.avoided is not None and r is not study.shown][: MOST_SCENARIOS - 1]
    for r in others:
        assert r.avoided is not None
        yield columns.row(f"Net: {label(r.scenario.label)}", r.avoided.net, millions)
    worth = present_value_finding(study.run, study.shown)
    if worth:
        yield from sentence(f"{worth}.")
    if study.shown.scenario.attribution < 1:
        share = percent(study.shown.scenario.attribution)
        yield f"  {share} of the difference from the baseline is taken to be the scenario's doing."


def _plan(study: Study, columns: Columns) -> Iterator[str]:
    run = study.run
    claims = claimed_scenarios(run)
    if run.plan is None and not claims:
        return
    yield columns.heading("3. Claims and what flows support, £m")
    for r in claims[:MOST_CLAIMS]:
        yield from _claimed_for(r, columns)
    if len(claims) > MOST_CLAIMS:
        yield f"  {count(len(claims) - MOST_CLAIMS, 'more claim')} in avoided.csv."
    if run.plan is None:
        return
    plan, made = run.plan, claim(run)
    yield columns.row("The plan: sum of its lines", plan.total, millions)
    yield columns.row("Total as printed", plan.stated, millions, 4)
    yield columns.row("Sum less total", plan.gap, millions, 4)
    yield columns.row("Verdict", [_verdict(v) for v in plan.verdict], str, 4)
    if np.isfinite(plan.weighted).any():
        yield columns.row("Weighted by confidence and risk", plan.weighted[:, 1], millions)
        spans = [f"{millions(low, 1)}-{millions(high, 1)}" for low, _, high in plan.weighted]
        yield columns.row("from low to high", spans, str, 4)
    else:
        yield "  Not weighted: no table of weights is signed off."
    if made is None:
        yield from sentence(
            "No line counts the children it avoids, or the plan has no scenario whose flows are known: there is "
            "nothing to hold against each other."
        )
    else:
        yield from _claimed(made, plan, columns)


def _claimed_for(r: ScenarioResult, columns: Columns) -> Iterator[str]:
    """Yield what is claimed for a scenario, beside what its flows support and their ceiling."""
    assert r.avoided is not None
    yield columns.row(f"Claimed: {label(r.scenario.label)}", r.scenario.claimed, millions)
    yield columns.row("supported: placements", r.avoided.gross, millions, 4)
    if r.avoided.legal.any():
        yield columns.row("and with care proceedings", r.avoided.gross + r.avoided.legal, millions, 4)
    if (r.avoided.entrants > 0).all():  # one cohort alone settles at nothing
        yield columns.row("ceiling for placements", r.avoided.ceiling, millions, 4)


def _claimed(made: Claim, plan: PlanResult, columns: Columns) -> Iterator[str]:
    named = listed([_quoted(line.line) for line in made.lines[:2]])
    more = f" and {count(len(made.lines) - 2, 'more line')}" if len(made.lines) > 2 else ""
    yield from sentence(f"Claimed by counting children: {named}{more}")
    yield columns.row("Claimed, as the saving in each year", made.claimed, millions, 4)
    yield columns.row("Supported by the flows, net", made.supported, millions, 4)
    yield columns.row("Claimed and not supported", made.unsupported, millions, 4)
    yield columns.row("Children claimed", plan.children, number, 4)
    for i in np.flatnonzero(made.above_ceiling > 0)[-1:]:
        yield from warning(
            f"{columns.labels[i]}: the claim of {pounds(made.claimed[i])} is above {pounds(made.ceiling[i])}, the most "
            "that the year's flows could give if they went on for ever."
        )
    twice = np.nan_to_num(plan.overlap)
    if (twice >= 0.5).any():
        years = [f"{number(n)} in {y}" for y, n in zip(columns.labels, twice, strict=True) if n >= 0.5]
        others = len(years) - MOST_WORDS
        said = listed([*years[:MOST_WORDS], f"others in {others} more years"] if others > 1 else years)
        yield from warning(f"Children claimed more often than the flows avoid them: {said}.")


def _budget(study: Study) -> Iterator[str]:
    lines = study.run.budget
    if not lines:
        return
    heads = ("Budget", "Forecast", "Over (+)", "% over", "Still over")
    yield f"{'4. Budget and forecast, £m':<45}" + "".join(f"{h:>11}" for h in heads)
    for line in lines[:MOST_LINES]:
        name = f"{label(line.line, 33)}, {label(line.year, 7)}"
        fraction = number(line.fraction * 100, 1)
        money = (line.budget, line.forecast, line.variance)
        texts = (*(millions(x) for x in money), fraction, millions(line.after_mitigation))
        yield f"  {name:<43}" + "".join(f"{t:>11}" for t in texts)
    if len(lines) > MOST_LINES:
        yield f"  {count(len(lines) - MOST_LINES, 'more line')} in budget.csv."
    held = modelled_scenario(study.run)
    if held is not None:
        spent = [f"{pounds(b.actual)} of {label(b.year, 7)} is spent" for b in lines if b.actual]
        so_far = f"; {listed(spent)}" if spent else ""
        yield from sentence(f"Placements are forecast as in {_quoted(held)}{so_far}.")


def _uncertainty(study: Study, columns: Columns) -> Iterator[str]:
    fan = study.fan
    if fan is None:
        return
    yield columns.heading(f"5. How sure it is: {percent(min(fan.levels))} of {count(fan.runs, 'run')}")
    for what, spread, form in (
        ("Children on 31 March", _at_year_end(fan), number),
        ("Cost of placements, £m", fan.cost, lambda x: millions(x, 1)),
    ):
        low, high = fan.interval(spread, min(fan.levels))
        spans = [f"{form(a)}-{form(b)}" for a, b in zip(low, high, strict=True)]
        yield columns.row(what, spans, str)
    if np.isfinite(fan.inside).any():
        yield columns.row("Chance of ending inside budget", fan.inside, _chance)
    drawn = [assumption_name(name).lower() for name in fan.varied]
    yield from sentence(
        f"Drawn by chance: who starts and who leaves{f'; from their ranges: {listed(drawn)}' if drawn else ''}. "
        f"Seed {fan.seed}."
    )


def _sensitivity(study: Study) -> Iterator[str]:
    bars = [bar for bar in study.bars if bar.swing > 0][:MOST_BARS]
    pays = study.pays
    if not bars and pays is None and not study.left_out:
        return
    yield "6. What matters most"
    if bars:
        central, what = measured(study)
        yield f"  {what}: {pounds(central)}; at the ends of one range at a time"
    for bar in bars:
        ends = f"{assumption_value(bar.name, bar.low)} to {assumption_value(bar.name, bar.high)}"
        yield f"    {assumption_name(bar.name)}, {ends}: {pounds(bar.at_low)} to {pounds(bar.at_high)}"
    if pays is not None and study.shown.scenario.investment.any():
        said = {
            "at": f"It pays for its investment from {number(pays.entrants, 1)} avoided entrants a year.",
            "always": "It pays for its investment without a single avoided entrant.",
            "never": f"It would not pay even if all {number(pays.most)} entrants a year were avoided.",
        }[pays.answer]
        yield f"  {said}"
    for why in study.left_out:
        yield from warning(f"{label(why, 300)}.")


def _checks(study: Study) -> Iterator[str]:
    failed = [c for c in study.run.checks if not c.holds]
    total = len(study.run.checks)
    if not failed:
        yield f"7. Checks: all {total} identities hold."
        return
    yield f"7. Checks: {len(failed)} of {total} identities do not hold; do not use these figures"
    for c in failed[:MOST_FAILED]:
        where = listed([label(x) for x in (c.scenario, c.where) if x])
        yield from warning(f"{label(c.name, 80)}{f' ({where})' if where else ''}: missed by {c.miss:.6g}")
    if len(failed) > MOST_FAILED:
        yield f"  … and {len(failed) - MOST_FAILED} more in checks.csv"


# --- small parts -----------------------------------------------------------------------------------------------------


def _quoted(name: str) -> str:
    return f'"{label(name, 60)}"'


def _verdict(verdict: object) -> str:
    return {"DOES NOT TIE": "NO TIE", "": MISSING}.get(str(verdict), str(verdict))


def _at_year_end(fan: Fan) -> Spread:
    s, last = fan.stock, fan.months.at_year_end
    return Spread(last(s.mean), last(s.deviation), last(s.quantiles))


def _chance(share: float) -> str:
    """Return a share of runs as a percentage; 0 and 100 only where all runs agree."""
    if not np.isfinite(share):
        return MISSING
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 else percent(share)
