"""One run: every scenario's children and money, what each avoids, the plan, the budget and the checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.claims import budget_result, plan_result
from xlmodel.model.demand.comparison import avoided
from xlmodel.model.demand.flow import path_of
from xlmodel.model.demand.groups import Groups
from xlmodel.model.demand.identities import checks
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.results import Run, ScenarioResult
from xlmodel.model.demand.years import year_table

__all__ = ["run"]


def run(
    demand: Demand,
    scenarios: Sequence[str] | None = None,
    *,
    paths: Mapping[str, Path] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Run:
    """Return all results of a demand model.

    Parameters
    ----------
    demand : Demand
        The inputs.
    scenarios : sequence of str, optional
        Those to run beside the baseline and the plan's; all by default.
    paths : mapping of str to Path, optional
        Forecasts made elsewhere, by scenario, in place of ours.
    progress : callable, optional
        Told what share of the work each step was.

    Returns
    -------
    Run
        The baseline first, then the others in the order of the inputs.

    Raises
    ------
    NoDataError
        A scenario that does not exist, or a parameter without a value on its date.
    DomainError
        A scenario states more ceases than there are children.

    References
    ----------
    docs/model.md, "The demand model".
    """
    given = dict(paths or {})
    wanted = [demand.scenario(name).name for name in scenarios] if scenarios is not None else list(demand.scenarios)
    needed = [demand.baseline, *([demand.plan_scenario] if demand.plan_scenario else [])]
    names = list(dict.fromkeys([demand.baseline, *(n for n in demand.scenarios if n in {*wanted, *needed})]))
    groups = Groups.of(demand) if any(n not in given for n in names) else None
    results: dict[str, ScenarioResult] = {}
    for name in names:
        scenario = demand.scenario(name)
        path = given[name] if name in given else path_of(demand, scenario, groups)
        years = year_table(demand, scenario, path)
        base = results.get(demand.baseline)
        found = None
        if base is not None:
            found = avoided(demand, (base.scenario, base.path, base.years), (scenario, path, years))
        results[name] = ScenarioResult(scenario, path, years, found)
        if progress:
            progress(1 / len(names))
    plan = plan_result(demand, demand.plan, results) if demand.plan else None
    budget = tuple(budget_result(demand, line, results) for line in demand.budget)
    return Run(demand, results, checks(demand, results, plan), plan, budget)
