from dataclasses import replace

import numpy as np
import pytest
from demand_project import example_frames

from xlmodel.inputs.project import project_from
from xlmodel.model.demand.run import run
from xlmodel.model.demand.sensitivity import BreakEven, standard_bars, tornado, varied
from xlmodel.model.demand.simulation import simulate
from xlmodel.model.demand.study import Study, net_over_horizon, placement_budget


@pytest.fixture(scope="session")
def demand():
    return project_from(example_frames()).demand


@pytest.fixture(scope="session")
def studied(demand):
    """The example project: two years, two placements, a baseline, the plan and half the plan."""
    found = run(demand)
    shown, factor = found.results["plan"], demand.scenarios["plan"].price_factor
    prices = demand.price_week * factor[demand.months.year][:, None]
    fan = simulate(
        shown.path, prices, runs=200, seed=3, assumptions=demand.assumptions, budget=placement_budget(demand)
    )
    few = [row for row in standard_bars(demand) if row.name in ("starts_factor", "proceedings_share")]
    bars = tornado(lambda changes: net_over_horizon(run(varied(found, changes), ["plan"]), "plan"), few)
    return Study(found, shown, {"plan": fan}, tuple(bars), BreakEven("at", 6.1, 180.0, -8e5, 2e7))


@pytest.fixture(scope="session")
def baseline_only(demand):
    """The same without a plan, a budget, or anything to compare with."""
    alone = replace(
        demand,
        scenarios={demand.baseline: demand.scenarios[demand.baseline]},
        plan=None,
        plan_scenario=None,
        budget=(),
        history=None,
    )
    found = run(alone)
    return Study(found, found.results[demand.baseline])


@pytest.fixture(scope="session")
def overclaimed(demand):
    """The plan claims ten times as much, on twice the children, and prints a total that its lines do not give."""
    line = demand.plan.lines[0]
    more = replace(line, amounts=line.amounts * 10, children=line.children * 2)
    plan = replace(demand.plan, lines=(more, *demand.plan.lines[1:]), stated=np.array([10e6, 30e6]))
    found = run(replace(demand, plan=plan))
    return Study(found, found.results["plan"])
