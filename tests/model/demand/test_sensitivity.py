"""What matters most, and where a scenario pays: against sums that can be done by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model.demand.given import HAZARD, WEEK, full, totals

from xlmodel.errors import DomainError, NoDataError
from xlmodel.model.cohorts import cohort_child_years
from xlmodel.model.demand.assumptions import Assumption, Legal
from xlmodel.model.demand.run import run
from xlmodel.model.demand.sensitivity import avoiding, break_even, standard_bars, tornado, varied

COST = 200_000.0  #: £ a year of the programme


def ranged(name, low, value, high):
    return Assumption(name, value, low, high, "", "")


@cache
def programme(**given):
    """Return the run of a programme that avoids 40 of 180 entrants a year and costs something."""
    values = {"legal": Legal(0.5, 10_000.0), "alternative_week": np.full(3, 120.0)} | given
    cost = {"investment": [COST] * 3}
    return run(totals(487, [("baseline", [180] * 3, {}), ("fewer", [140] * 3, cost)], **values))


@cache
def everything():
    return run(full())


def net(demand, scenario="fewer"):
    return float(run(demand, [scenario]).results[scenario].avoided.net.sum())


# --- tornado ---------------------------------------------------------------------------------------------------------

PRICES = {"few": 10.0, "dear": 300.0, "both": -20.0}


def priced(changes):
    few, dear, both = (changes.get(name, 1.0) for name in PRICES)
    return 10 * few + 300 * dear - 20 * (both - 1) ** 2


def test_bars_are_sorted_by_what_they_move():
    bars = tornado(priced, [ranged(n, 0.5, 1.0, 2.0) for n in PRICES])
    assert [b.name for b in bars] == ["dear", "both", "few"]
    assert [(b.at_low, b.at_value, b.at_high, b.swing) for b in bars] == [
        (160, 310, 610, 450),
        (305, 310, 290, 20),  # both ends lie on one side
        (305, 310, 320, 15),
    ]


def test_a_row_without_a_range_has_no_bar():
    assert tornado(priced, [ranged("few", 1.0, 1.0, 1.0), ranged("dear", np.nan, 1.0, 2.0)]) == []


def test_bars_of_one_width_stay_in_the_order_of_the_register():
    bars = tornado(lambda changes: sum(changes.values()), [ranged(n, 0.0, 0.5, 1.0) for n in "zay"])
    assert [b.name for b in bars] == ["z", "a", "y"]


def test_a_result_that_is_no_number_is_refused():
    with pytest.raises(DomainError) as caught:
        tornado(lambda changes: np.nan if "dear" in changes else 1.0, [ranged(n, 0.5, 1.0, 2.0) for n in PRICES])
    assert str(caught.value) == "evaluate must give a number at dear = 0.5; got nan"


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(-100, 100), min_size=1))
def test_a_weighted_sum_has_bars_as_wide_as_its_weights(weights):
    bars = tornado(
        lambda changes: sum(w * changes.get(n, 1.0) for n, w in weights.items()),
        [ranged(n, 0.9, 1.0, 1.1) for n in weights],
    )
    assert [b.swing for b in bars] == sorted((b.swing for b in bars), reverse=True)
    assert {b.name: b.swing for b in bars} == pytest.approx({n: 0.2 * abs(w) for n, w in weights.items()}, abs=1e-9)


# --- what a tornado varies -------------------------------------------------------------------------------------------


def test_a_tenth_either_way_where_no_range_is_registered():
    assert [(a.name, round(a.low, 3), a.value, round(a.high, 3)) for a in standard_bars(full())] == [
        ("starts_factor", 0.9, 1.0, 1.1),
        ("exit_factor", 0.909, 1.0, 1.111),
        ("price_factor", 0.9, 1.0, 1.1),
        ("mix_factor", 0.9, 1.0, 1.1),
    ]


def test_a_registered_range_comes_first():
    register = (
        ranged("exit_hazard", 0.3, 0.4, 0.5),
        ranged("starts_factor", np.nan, 2.0, np.nan),
        ranged("discount_rate", 0.0, 0.035, 0.05),
    )
    found = standard_bars(replace(full(), assumptions=register))
    assert [a.name for a in found] == ["exit_hazard", "starts_factor", "price_factor", "mix_factor"]
    assert found[0] is register[0]
    assert (found[1].low, found[1].value, found[1].high) == pytest.approx((1.8, 2.0, 2.2))


def test_one_placement_has_no_mix():
    assert "mix_factor" not in [a.name for a in standard_bars(programme().demand)]


@pytest.mark.parametrize("name", ["starts_factor", "exit_factor", "price_factor", "mix_factor"])
def test_the_registered_value_changes_nothing(name):
    assert net(varied(everything(), {name: 1.0})) == pytest.approx(net(everything().demand), rel=1e-9)


def test_a_stated_scenario_answers_to_the_chance_of_leaving():
    before = everything().results["stated"].years
    same = run(varied(everything(), {"starts_factor": 1.0})).results["stated"].years
    assert same.closing == pytest.approx(before.closing, rel=1e-9)
    after = run(varied(everything(), {"exit_factor": 1.5})).results["stated"].years
    assert (after.closing < before.closing).all()
    assert after.ceases[0] > before.ceases[0]


@pytest.mark.parametrize(
    ("changes", "gross", "legal", "alternative"),
    [
        ({"starts_factor": 1.5}, 1.5, 1.5, 1.5),
        ({"price_factor": 1.5}, 1.5, 1.0, 1.0),
        ({"attribution": 0.5}, 0.5, 0.5, 0.5),
        ({"alternative_factor": 2.0}, 1.0, 1.0, 2.0),
        ({"proceedings_share": 2.0}, 1.0, 2.0, 1.0),
        ({"proceedings_cost": 0.5}, 1.0, 0.5, 1.0),
        ({"proceedings_cost": 0.5, "price_factor": 3.0}, 3.0, 0.5, 1.0),
    ],
)
def test_each_assumption_scales_its_own_part(changes, gross, legal, alternative):
    before = programme().results["fewer"].avoided
    after = run(varied(programme(), changes)).results["fewer"].avoided
    assert after.gross == pytest.approx(before.gross * gross)
    assert after.legal == pytest.approx(before.legal * legal)
    assert after.alternative == pytest.approx(before.alternative * alternative)
    assert after.investment.tolist() == [COST] * 3


def test_a_registered_value_is_what_a_change_is_a_multiple_of():
    registered = programme(assumptions=(ranged("proceedings_cost", 5_000.0, 10_000.0, 15_000.0),))
    found = varied(registered, {"proceedings_cost": 15_000.0}).legal
    assert found.cost == pytest.approx(15_000.0)


@pytest.mark.parametrize("factor", [0.0, 0.9, 1.1, 50.0])
def test_another_mix_has_as_many_entrants_by_month_and_age(factor):
    before = full().scenarios["baseline"].starts
    after = varied(everything(), {"mix_factor": factor}).scenarios["baseline"].starts
    assert after.sum(axis=1) == pytest.approx(before.sum(axis=1))
    assert (after >= 0).all()
    dearest = np.minimum(before[:, 2] * factor, before.sum(axis=1))
    assert after[:, 2] == pytest.approx(dearest)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"discount_rate": 0.03}, NoDataError, "changes must name one of starts_factor, "),
        ({"starts_factor": -1.0}, DomainError, "starts_factor must be >= 0; got -1.0"),
        ({"attribution": 1.2}, DomainError, "attribution must be <= 1 at the end of its range; got 1.2"),
        ({"proceedings_share": 3.0}, DomainError, "proceedings_share must be <= 1 at the end of its range; got 1.5"),
    ],
)
def test_a_change_that_cannot_be_is_refused(changes, error, message):
    with pytest.raises(error) as caught:
        varied(programme(), changes)
    assert str(caught.value).startswith(message)


def test_nothing_is_a_multiple_of_a_registered_0():
    with pytest.raises(DomainError, match="proceedings_cost must be registered with a value > 0"):
        varied(programme(assumptions=(ranged("proceedings_cost", 0.0, 0.0, 1.0),)), {"proceedings_cost": 1.0})


def test_a_forecast_made_elsewhere_is_not_varied():
    made = programme()
    elsewhere = replace(made.results["fewer"], path=replace(made.results["fewer"].path, exit_factor=np.full(3, np.nan)))
    with pytest.raises(NoDataError, match="fewer must be forecast here to be varied"):
        varied(replace(made, results={**made.results, "fewer": elsewhere}), {"starts_factor": 1.1})


# --- break-even ------------------------------------------------------------------------------------------------------


def test_break_even_is_the_closed_form_of_one_exponential_stay():
    made = programme()
    found = break_even(lambda entrants: net(avoiding(made, "fewer", entrants)), most=180)
    days = made.demand.months.year_days
    cohorts = cohort_child_years(1, HAZARD, np.arange(3))
    each_year = np.cumsum(cohorts)  # a cohort every year
    worth = (each_year * days / 7 * (WEEK - 120)).sum() + 3 * 0.5 * 10_000
    assert found.answer == "at"
    assert found.entrants == pytest.approx(3 * COST / worth, rel=2e-3)  # months of a year differ in length
    assert net(avoiding(made, "fewer", found.entrants)) == pytest.approx(0, abs=1e-3)


def test_avoiding_is_the_baseline_with_fewer_entrants():
    made = everything()
    demand = avoiding(made, "stated", 19.0)
    assert list(demand.scenarios) == ["baseline", "stated"]
    after = run(demand)
    gone = made.results["baseline"].years.starts - after.results["stated"].years.starts
    assert gone == pytest.approx([19.0] * 3)
    assert after.results["baseline"].years.closing == pytest.approx(made.results["baseline"].years.closing)
    nobody = run(avoiding(made, "stated", 0.0)).results["stated"].avoided
    assert nobody.gross == pytest.approx(np.zeros(3), abs=1e-6)


def test_avoiding_leaves_no_price_of_the_scenario():
    dearer = {"price_factor": [1.2] * 3, "exit_factor": [2.0] * 3}
    made = run(totals(487, [("baseline", [180] * 3, {}), ("dearer", [140] * 3, dearer)]))
    assert net(avoiding(made, "dearer", 0.0), "dearer") == pytest.approx(0, abs=1e-6)


def test_all_entrants_can_be_avoided():
    starts = programme().demand.months.by_year(programme().demand.scenarios["baseline"].starts.sum(axis=(1, 2)))
    assert starts.min() == pytest.approx(180)
    for everybody in (180.0, starts.min(), starts.max()):
        assert not avoiding(programme(), "fewer", everybody).scenarios["fewer"].starts.min() < 0


@pytest.mark.parametrize("entrants", [-1.0, 180.5])
def test_more_entrants_than_there_are_cannot_be_avoided(entrants):
    with pytest.raises(DomainError, match="entrants must be >= 0 and <= the 180 of the baseline"):
        avoiding(programme(), "fewer", entrants)


@pytest.mark.parametrize(
    ("each", "cost", "answer", "entrants"),
    [
        (70_000.0, 1_400_000.0, "at", 20.0),
        (70_000.0, 12_600_000.0, "at", 180.0),
        (70_000.0, 12_600_001.0, "never", None),
        (-5.0, 10.0, "never", None),
        (0.0, 10.0, "never", None),
        (70_000.0, 0.0, "always", None),
        (0.0, 0.0, "always", None),
        (10.0, -500.0, "always", None),
    ],
)
def test_break_even(each, cost, answer, entrants):
    found = break_even(lambda n: each * n - cost, most=180)
    assert found.answer == answer
    assert (found.entrants == pytest.approx(entrants)) if entrants else np.isnan(found.entrants)
    assert (found.net_at_none, found.net_at_most) == (-cost, each * 180 - cost)


@pytest.mark.parametrize(
    ("net_of", "most", "argument"),
    [
        (lambda n: 10 - n, 180, "net_of"),
        (lambda n: np.nan, 180, "net_of"),
        (lambda n: n, 0, "most"),
        (lambda n: n, np.inf, "most"),
        (lambda n: n, np.nan, "most"),
    ],
)
def test_break_even_refusal(net_of, most, argument, refused):
    refused(break_even, (net_of, most), DomainError, argument)


@given(st.floats(1, 1e6), st.floats(0.01, 0.99))
def test_break_even_finds_the_root(each, share):
    found = break_even(lambda n: each * (n - 180 * share), most=180)
    assert found.entrants == pytest.approx(180 * share, abs=1e-6)
