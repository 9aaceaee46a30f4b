"""What the page and the charts make of projects that are not tidy: growth, many years and scenarios, odd names."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from model.demand.given import totals

from xlmodel.model.demand.assumptions import BudgetLine, Plan, SavingLine
from xlmodel.model.demand.run import run
from xlmodel.model.demand.study import Study, study
from xlmodel.report.chart_style import apart, figure
from xlmodel.report.charts import model_charts
from xlmodel.report.findings import claim
from xlmodel.report.model_page import model_page


def growth(years=2, **given):
    """A plan that claims savings and 10 children a year, with more starts than the baseline."""
    nothing = np.full(years, np.nan)
    line = SavingLine("Fewer", np.full(years, 3e6), np.full(years, 5e4), "level", "low", "high", np.full(years, 10.0))
    return totals(
        500,
        [("now", [200.0] * years, {}), ("plan", [230.0] * years, {})],
        plan=Plan((line,), nothing, nothing),
        plan_scenario="plan",
        **given,
    )


def shown(demand, name="plan"):
    found = run(demand)
    return Study(found, found.results[name])


def words(page):
    return " ".join(page.split())


def texts(chart):
    """Return a chart's texts with the boxes they take, and the box of the axes."""
    drawn = figure(chart)
    (axes,) = drawn.axes
    renderer = drawn.canvas.get_renderer()
    return [(t, t.get_window_extent(renderer)) for t in axes.texts if t.get_text()], axes.get_window_extent(renderer)


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_row_of_the_baseline_is_the_baselines_whatever_is_shown(demand):
    page = model_page(shown(demand, demand.baseline))
    base = run(demand).results[demand.baseline].years
    (row,) = [line for line in page.splitlines() if line.strip().startswith("Children on 31 March: baseline")]
    assert row.split()[-2:] == [f"{x:.0f}" for x in base.closing]
    assert page.count("Children on 31 March: baseline") == 1


def test_a_claim_on_flows_that_add_to_cost_is_all_unsupported():
    studied = shown(growth())
    page = words(model_page(studied))
    assert (claim(studied.run).ceiling < 0).all()
    assert "£3.00m is claimed for 2025/26; the flows support none of it: they add £" in page
    assert "never give more than" not in page
    assert "if they went on for ever" not in page
    assert "Claimed and not supported 3.00 3.00" in page


def test_many_years_of_double_counting_are_one_sentence():
    page = words(model_page(shown(growth(years=10))))
    assert "10 in 2024/25, 10 in 2025/26, 10 in 2026/27 and others in 7 more years." in page


def test_the_page_says_whose_forecast_a_budget_is_held_against(studied):
    plan = studied.run.demand.scenarios["plan"].label
    base = replace(studied, shown=studied.run.results[studied.run.demand.baseline])
    for page in (model_page(studied), model_page(base)):
        assert f'Placements are forecast as in "{plan}"; £6.86m of 2024/25 is spent.' in words(page)


def test_the_page_names_no_scenario_where_every_budget_line_has_its_forecast(studied):
    line = BudgetLine("Staff", "2024/25", 1e6, 1.1e6, np.nan)
    own = run(replace(studied.run.demand, budget=(line,)))
    assert "forecast as in" not in model_page(Study(own, own.results["plan"]))


@pytest.mark.parametrize(
    ("base", "plan", "warned"),
    [
        ([140.0, np.nan], [np.nan, np.nan], True),
        ([140.0, 150.0], [135.0, 140.0], False),
        ([np.nan, np.nan], [np.nan, np.nan], False),
    ],
)
def test_ceases_stated_for_the_baseline_alone_are_said(base, plan, warned):
    demand = totals(487, [("now", [180, 180], {"ceases": base}), ("plan", [140, 102], {"ceases": plan})])
    page = words(model_page(shown(demand)))
    assert ("The baseline's stated ceases make its children leave 0." in page) == warned


# --- the charts ------------------------------------------------------------------------------------------------------


def test_a_printed_total_far_above_the_lines_is_on_the_chart(demand):
    stated = np.array([5e6, 50e6])
    studied = shown(replace(demand, plan=replace(demand.plan, stated=stated)))
    (chart,) = [c for c in model_charts(studied) if c.name == "plan"]
    found, box = texts(chart)
    assert {"printed 5.00", "50.00"} <= {t.get_text() for t, _ in found}
    assert all(box.y0 <= b.y0 and b.y1 <= box.y1 for t, b in found if "50.00" in t.get_text())


def test_labels_stay_on_the_chart_with_many_scenarios_of_long_names():
    years = 10
    name = "an extraordinarily long description of what happens next"
    more = [(f"s{i}", [200.0 + 5 * i] * years, {}) for i in range(8)]
    demand = totals(500, more)
    named = {key: replace(s, label=f"{key}, {name}") for key, s in demand.scenarios.items()}
    (chart,) = [c for c in model_charts(shown(replace(demand, scenarios=named), "s7")) if c.name == "stock"]
    found, box = texts(chart)
    ends = sorted((b for _, b in found), key=lambda b: b.y0)
    assert len(ends) == 5
    assert all(box.y0 - 2 <= b.y0 and b.y1 <= box.y1 + 2 for b in ends)
    assert all(low.y1 <= high.y0 + 2 for low, high in itertools.pairwise(ends))


def test_a_name_with_dollars_is_text_and_not_mathematics(demand):
    labels = ("Homes at $5,000 or $6,000", r"$\frac{1}{0}$")
    for chart in model_charts(shown(replace(demand, placement_labels=labels))):
        figure(chart).canvas.draw()


def test_labels_of_different_heights_stay_within_their_limits():
    moved = apart([9.0, 9.5, 10.0], [2.0, 1.0, 1.0], low=0.0, high=10.0)
    assert moved == [7.0, 8.5, 9.5]


# --- a forecast made elsewhere beside others -------------------------------------------------------------------------


def test_a_forecast_made_elsewhere_leaves_the_others_their_sensitivity():
    demand = totals(487, [("now", [180], {}), ("plan", [140], {}), ("other", [150], {})])
    path = replace(run(demand).results["other"].path, exit_factor=np.full(1, np.nan))
    beside = study(demand, "plan", paths={"other": path}, runs=0)
    alone = study(demand, "plan", runs=0)
    assert beside.bars == alone.bars
    assert beside.pays == alone.pays
    assert not beside.left_out
    assert study(demand, "other", paths={"other": path}, runs=0).left_out
