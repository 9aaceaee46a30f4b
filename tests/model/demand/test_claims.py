"""A plan's claims on children, beside what its flows hold."""

import numpy as np
import pytest
from model.demand.given import totals

from xlmodel.errors import NoDataError
from xlmodel.model.demand.assumptions import BudgetLine, Plan, SavingLine
from xlmodel.model.demand.run import run


@pytest.mark.parametrize(
    ("starts", "overlap"),
    [
        (140.0, [8.0, 8.0]),  # 40 fewer, 48 claimed
        (180.0, [48.0, 48.0]),
        (200.0, [48.0, 48.0]),  # more than the baseline: there is nobody to avoid
    ],
)
def test_children_are_claimed_beyond_those_who_do_not_start(starts, overlap):
    nothing = np.full(2, np.nan)
    lines = tuple(
        SavingLine(name, np.full(2, 1e6), np.full(2, 5e4), "level", "low", "high", np.full(2, children))
        for name, children in (("one", 30.0), ("two", 18.0), ("no children", np.nan))
    )
    demand = totals(
        487,
        [("now", [180.0, 180.0], {}), ("plan", [starts, starts], {})],
        plan=Plan(lines, nothing, nothing),
        plan_scenario="plan",
    )
    found = run(demand).plan
    np.testing.assert_allclose(found.overlap, overlap, atol=1e-9)
    np.testing.assert_array_equal(found.children, [48.0, 48.0])


def test_the_cost_of_all_placements_is_held_against_one_line_a_year():
    def lines(*years):
        return tuple(BudgetLine(f"line {i}", year, 9e6, np.nan, np.nan) for i, year in enumerate(years))

    demand = totals(487, [("now", [180.0, 180.0], {})], budget=lines("2024/25", "2025/26"))
    found = run(demand)
    cost = found.results["now"].years.cost
    np.testing.assert_allclose([line.variance for line in found.budget], cost - 9e6)
    with pytest.raises(NoDataError, match="all but one of line 0, line 1 must be given in 2024/25"):
        run(totals(487, [("now", [180.0, 180.0], {})], budget=lines("2024/25", "2024/25")))


def test_an_outturn_is_actual_to_date_and_the_model_after_it():
    spent = np.full(24, np.nan)
    spent[:4] = [1.9e6, 1.8e6, 2.0e6, 1.7e6]
    line = BudgetLine("Placements", "2024/25", 20e6, np.nan, np.nan, (0.5e6,), (0.5,))
    later = BudgetLine("Placements", "2025/26", 20e6, np.nan, np.nan)
    demand = totals(487, [("now", [180.0, 180.0], {})], budget=(line, later), actual_cost=spent)
    found = run(demand)
    path = found.results["now"].path
    to_come = path.care_days[4:12].sum() / 7 * demand.price_week[0, 0]
    this, following = found.budget
    assert this.forecast == pytest.approx(7.4e6 + to_come, rel=1e-12)
    assert this.actual == 7.4e6
    assert this.variance == pytest.approx(this.forecast - 20e6, rel=1e-12)
    assert this.after_mitigation == pytest.approx(this.variance - 0.25e6, rel=1e-12)
    assert (following.forecast, following.actual) == (found.results["now"].years.cost[1], 0.0)
