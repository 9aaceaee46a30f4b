"""What a run of the demand model says, in sentences made from its numbers; a neutral one where there is no finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xlmodel.model.decimals import difference, exact_sum, quotient
from xlmodel.model.demand.assumptions import SavingLine
from xlmodel.model.demand.discounting import is_discounted
from xlmodel.model.demand.parameters import DISCOUNT_RATE, STEADY_STATE_CHANGE, USUAL_STEADY_STATE_CHANGE
from xlmodel.model.demand.results import PlanResult, Run, ScenarioResult
from xlmodel.model.demand.study import Study, net_over_horizon
from xlmodel.model.domain import FloatArray
from xlmodel.model.plan import plan_basis
from xlmodel.report.escape import safe
from xlmodel.report.figures import count, listed, month_of, number, percent, pounds

__all__ = [
    "LABEL",
    "Claim",
    "assumption_name",
    "assumption_value",
    "avoided_finding",
    "claim",
    "claim_finding",
    "claimed_finding",
    "claimed_scenarios",
    "cost_finding",
    "difference_finding",
    "flows_finding",
    "label",
    "measured",
    "modelled_scenario",
    "needed_finding",
    "plan_finding",
    "present_value_finding",
    "stock_finding",
    "uneven_finding",
    "unsteady_years",
]

LABEL = 40  #: the most of a name that a page or a chart shows
_FITTED = 0.01  #: how far from 1 a factor must be for a word about it
AS_THEY_STAY = 0.05  #: how far a factor on the chance of leaving may be from 1 and not be worth a word


_NAMES = {
    "starts_factor": "Starts",
    "exit_factor": "Chance of leaving",
    "exit_hazard": "Yearly chance of leaving",
    "price_factor": "Prices",
    "mix_factor": "Entrants to the dearest placement",
    "attribution": "Share that is the scenario's doing",
    "alternative_factor": "Support in place of care",
    "proceedings_share": "Share with care proceedings",
    "proceedings_cost": "Cost of care proceedings",
}


@dataclass(frozen=True)
class Claim:
    """What the plan's lines that count children claim, and what the flows of its scenario support; (Y,), £."""

    lines: tuple[SavingLine, ...]
    claimed: FloatArray  #: as the saving in each year
    gross: FloatArray  #: placements and proceedings avoided
    supported: FloatArray  #: net of support and investment
    ceiling: FloatArray  #: the most that placements and proceedings could come to if the year's flows went on for ever

    @property
    def gap(self) -> FloatArray:
        """What is claimed and not supported; negative where the flows support more."""
        return self.claimed - self.supported

    @property
    def unsupported(self) -> FloatArray:
        """The part of the claim that is not supported: all of it where the flows add to cost."""
        return np.clip(self.gap, 0.0, np.maximum(self.claimed, 0.0))

    @property
    def above_ceiling(self) -> FloatArray:
        """By how much the claim exceeds all that the flows could ever give; 0 where it does not, or they add to it."""
        return np.where(self.ceiling > 0, np.maximum(self.claimed - self.ceiling, 0.0), 0.0)


def label(text: str, limit: int = LABEL) -> str:
    """Return a name from the inputs, safe to print and short enough for a line."""
    return safe(text, limit)


def assumption_name(name: str) -> str:
    """Return an assumption in the words of a report.

    >>> assumption_name("price_factor"), assumption_name("tail_hazard")
    ('Prices', 'Tail hazard')
    """
    words = label(name).replace("_", " ")
    return _NAMES.get(name, words[:1].upper() + words[1:])


def assumption_value(name: str, value: float) -> str:
    """Return an assumption's value: a factor as the change that it is.

    >>> assumption_value("starts_factor", 0.9), assumption_value("starts_factor", 1.15), assumption_value("x", 9000)
    ('-10 %', '+15 %', '9,000')
    """
    if name.endswith("_factor"):
        shown = percent(value - 1)
        return f"+{shown}" if value > 1 and not shown.startswith("0") else shown
    return number(value, 0 if abs(value) >= 100 else 2)


def claim(run: Run) -> Claim | None:
    """Return the plan's claims on children beside what its flows support; None where either is not given."""
    result = run.results.get(run.demand.plan_scenario or "")
    if run.demand.plan is None or result is None or result.avoided is None:
        return None
    lines = tuple(line for line in run.demand.plan.lines if np.isfinite(line.children).any())
    if not lines:
        return None
    avoided = result.avoided
    if not np.isfinite(avoided.net).all():
        return None
    return Claim(
        lines=lines,
        claimed=exact_sum(*(plan_basis(line.amounts, line.basis, "level") for line in lines)),
        gross=avoided.gross + avoided.legal,
        supported=avoided.net,
        ceiling=avoided.ceiling + avoided.legal,
    )


def claimed_scenarios(run: Run) -> list[ScenarioResult]:
    """Return the scenarios for whose flows somebody claims money; the plan's lines speak for its own, where they do."""
    spoken = run.demand.plan_scenario if run.plan is not None and np.isfinite(run.plan.children).any() else None
    return [
        r
        for name, r in run.results.items()
        if r.avoided is not None and name != spoken and np.isfinite(r.scenario.claimed).any()
    ]


def claimed_finding(run: Run, shown: ScenarioResult) -> str:
    """Say what is claimed for a scenario's flows in the last year, what they support and what they could ever give."""
    avoided, claimed = shown.avoided, shown.scenario.claimed
    assert avoided is not None
    last = int(np.flatnonzero(np.isfinite(claimed))[-1])
    supported, ceiling = avoided.gross[last] + avoided.legal[last], avoided.ceiling[last] + avoided.legal[last]
    said = (
        f"{_quoted(shown.scenario.label)}: {pounds(claimed[last])} is claimed for {run.demand.months.labels[last]}; "
        f"the flows {_supported(supported)}"
    )
    if np.isfinite(ceiling) and claimed[last] > ceiling > 0:
        said += f" and could never give more than {pounds(ceiling)} a year"
    return said


def needed_finding(run: Run, shown: ScenarioResult) -> str | None:
    """Say how much more often children must leave than their stays say, where a scenario states its ceases."""
    stated = np.flatnonzero(np.isfinite(shown.scenario.ceases))
    factor = shown.path.exit_factor[stated]
    if not len(stated) or not np.isfinite(factor).all() or np.all(np.abs(factor - 1) < AS_THEY_STAY):
        return None
    labels = run.demand.months.labels
    (first, often), *rest = list(zip(stated, factor, strict=True))[:3]
    said = [f"{number(often, 2)} times as often as their stays say in {labels[first]}"]
    said += [f"{number(f, 2)} times in {labels[i]}" for i, f in rest]
    return f"For the stated ceases children must leave {listed(said)}"


def uneven_finding(run: Run, shown: ScenarioResult) -> str | None:
    """Say that the baseline was fitted to stated ceases and this scenario was not.

    Part of what is avoided then comes from the fit, not from anything that somebody does.
    """
    base = run.results[run.demand.baseline]
    fitted = np.isfinite(base.scenario.ceases) & np.isnan(shown.scenario.ceases)
    factor, own = base.path.exit_factor, shown.scenario.exit_factor
    known = fitted & np.isfinite(shown.path.exit_factor) & (np.abs(factor - 1) >= _FITTED)
    if shown is base or not known.any():
        return None
    i = int(np.flatnonzero(known)[np.argmax(np.abs(factor[known] - 1))])
    kept = "as often as" if own[i] == 1 else f"{number(own[i], 2)} times as often as"
    return (
        f"The baseline's stated ceases make its children leave {number(factor[i], 2)} times as often as their stays "
        f"say in {run.demand.months.labels[i]}; those of {_quoted(shown.scenario.label)} leave {kept} their stays say. "
        "Part of what is avoided comes from that: state ceases for both, or for neither"
    )


def modelled_scenario(run: Run) -> str | None:
    """Return the label of the scenario that budget lines without a forecast are held against; None without any."""
    if not any(line.modelled for line in run.demand.budget):
        return None
    return run.demand.scenarios[run.demand.budget_scenario].label


def _supported(amount: float) -> str:
    return f"support {pounds(amount)}" if not amount < 0 else f"support none of it: they add {pounds(-amount)}"


def _quoted(name: str) -> str:
    return f'"{label(name, 60)}"'


def measured(study: Study) -> tuple[float, str]:
    """Return the amount of money that sensitivity is about, £, and what it is."""
    labels = study.run.demand.months.labels
    span = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    what = "Cost of placements" if study.shown.avoided is None else "Net avoided cost"
    return net_over_horizon(study.run, study.shown.scenario.name), f"{what}, {span}"


def stock_finding(run: Run, shown: ScenarioResult) -> str:
    """Say where the number of children goes."""
    first, years = run.demand.months.first, shown.years
    before, after = number(years.opening[0]), number(years.closing[-1])
    end = month_of(first + run.demand.months.years)
    if before == after:
        said = f"{count(years.opening[0], 'child', 'children')} in {month_of(first)}, and {after} in {end}"
    else:
        verb = "becomes" if before == "1" else "become"
        said = f"{count(years.opening[0], 'child', 'children')} in {month_of(first)} {verb} {after} in {end}"
    baseline = run.results[run.demand.baseline]
    return said if shown is baseline else f"{said}; {number(baseline.years.closing[-1])} in the baseline"


def flows_finding(run: Run, shown: ScenarioResult) -> str:
    """Say whether more children start or cease."""
    starts, ceases = np.rint(shown.years.starts), np.rint(shown.years.ceases)  # as they are printed
    labels = run.demand.months.labels
    totals = f"{number(shown.years.starts.sum())} start and {number(shown.years.ceases.sum())} cease"
    span = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    if np.all(ceases > starts):
        return f"More children cease than start in every year: {totals}, {span}"
    if np.all(starts > ceases):
        return f"More children start than cease in every year: {totals}, {span}"
    more = [y for y, s, c in zip(labels, starts, ceases, strict=True) if s > c]
    if not more:
        return f"{totals}, {span}"
    return f"More children start than cease in {_years(more)}; {totals}, {span}"


def cost_finding(run: Run, shown: ScenarioResult) -> str:
    """Say what placements cost at the ends of the forecast, and what the baseline would cost."""
    cost, labels = shown.years.cost, run.demand.months.labels
    said = f"Placements cost {pounds(cost[0])} in {labels[0]}"
    if len(labels) > 1:
        said += f" and {pounds(cost[-1])} in {labels[-1]}"
    if shown.avoided is None:
        return said
    return f"{said}; {pounds(run.results[run.demand.baseline].years.cost[-1])} in the baseline"


def difference_finding(run: Run, shown: ScenarioResult) -> str:
    """Say how much the number of children, their placements and prices explain of the last year's difference."""
    avoided = shown.avoided
    assert avoided is not None
    year, total = run.demand.months.labels[-1], avoided.volume[-1] + avoided.mix[-1] + avoided.price[-1]
    parts = {
        "the number of children accounts": avoided.volume[-1],
        "the mix of placements accounts": avoided.mix[-1],
        "prices account": avoided.price[-1],
    }
    if not abs(total) >= 5_000:
        return f"{year}: placements cost what the baseline's do"
    way = "less" if total < 0 else "more"
    cause = max(parts, key=lambda name: parts[name] * np.sign(total))
    return f"{year} costs {pounds(abs(total))} {way} than the baseline; {cause} for {pounds(abs(parts[cause]))}"


def claim_finding(run: Run, made: Claim) -> str:
    """Say what is claimed for the last year and what the flows support."""
    year = run.demand.months.labels[-1]
    said = f"{pounds(made.claimed[-1])} is claimed for {year}; the flows {_supported(made.supported[-1])}"
    if made.above_ceiling[-1] > 0:
        said += f" and could never give more than {pounds(made.ceiling[-1])}"
    return said


def avoided_finding(run: Run, shown: ScenarioResult) -> str:
    """Say what the flows avoid in the last year, and how much of it takes money out of a budget."""
    avoided = shown.avoided
    assert avoided is not None
    year, net = run.demand.months.labels[-1], avoided.net[-1]
    if not np.isfinite(net):
        return (
            f"Placements avoided come to {pounds(avoided.gross[-1])} in {year}; the net is not known, as starts are not"
        )
    if net < 0:
        return f"The flows add {pounds(-net)} in {year} after support and investment: nothing is avoided"
    said = f"The flows avoid {pounds(net)} net in {year}"
    cashable = avoided.cashable[-1]
    if cashable < 0.005e6:
        return f"{said}; none of it takes money out of a budget"
    return f"{said}; {pounds(cashable)} of it takes money out of a budget"


def plan_finding(run: Run, plan: PlanResult) -> str:
    """Say whether the plan's lines give its total; if they do, what they weigh."""
    labels = run.demand.months.labels
    wrong = [i for i, verdict in enumerate(plan.verdict) if verdict == "DOES NOT TIE"]
    if wrong:
        i = max(wrong, key=lambda k: abs(plan.gap[k]))
        way = "more" if plan.gap[i] > 0 else "less"
        return (
            f"{labels[i]}: the lines add up to {pounds(plan.total[i])}, {pounds(abs(plan.gap[i]))} {way} than the "
            "printed total"
        )
    expected = plan.weighted[-1, 1]
    weight = f", {pounds(expected)} once weighted by confidence and risk" if np.isfinite(expected) else ""
    return f"The plan's lines add up to {pounds(plan.total[-1])} in {labels[-1]}{weight}"


def unsteady_years(run: Run, shown: ScenarioResult) -> Iterator[tuple[str, float]]:
    """Yield the years whose stock changes too much for the rules of a steady state, with the change as a fraction."""
    years, demand = shown.years, run.demand
    most = demand.yearly(STEADY_STATE_CHANGE, USUAL_STEADY_STATE_CHANGE)
    net, mean = difference(years.closing, years.opening), exact_sum(years.opening, years.closing) / 2
    change = quotient(net, np.where(mean > 0, mean, np.inf))
    for name, share, limit in zip(demand.months.labels, change.tolist(), most.tolist(), strict=True):
        if abs(share) > limit:
            yield name, share


def present_value_finding(run: Run, shown: ScenarioResult) -> str | None:
    """Say what the net over all years is worth when the forecast begins; None where nobody asks for it."""
    demand, avoided = run.demand, shown.avoided
    if avoided is None or not is_discounted(demand):
        return None
    rates = demand.yearly(DISCOUNT_RATE)
    span = " to ".join(dict.fromkeys(f"{100 * rate:.6g}" for rate in (rates.min(), rates.max())))
    worth = f"{pounds(avoided.present_value)} on 1 April {demand.months.first}"
    return f"Present value, {demand.months.labels[0]} prices, {span} % a year: {worth}"


def _years(labels: Sequence[str]) -> str:
    return listed(labels) if len(labels) < 4 else f"{len(labels)} of the years"
