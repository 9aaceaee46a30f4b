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
