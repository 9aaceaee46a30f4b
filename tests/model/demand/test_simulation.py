"""Many runs of a scenario: right on average, as spread as chance is, and the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model.demand.given import HAZARD, WEEK, deck, full, totals

from xlmodel.errors import DomainError, NoDataError, ShapeError
from xlmodel.model.demand.assumptions import Assumption
from xlmodel.model.demand.flow import path_of
from xlmodel.model.demand.run import run
from xlmodel.model.demand.simulation import difference, simulate
from xlmodel.model.uncertainty import stock_interval, stock_variance

RUNS = 1_500
MODELS = {"deck": deck, "full": full}


@cache
def ran(model):
    return run(MODELS[model]())


def result(model, scenario):
    demand, found = ran(model).demand, ran(model).results[scenario]
    return demand, found, demand.price_week * found.scenario.price_factor[demand.months.year][:, None]


@cache
def fan(model, scenario, seed=903, runs=RUNS):
    _, found, prices = result(model, scenario)
    return simulate(found.path, prices, runs=runs, seed=seed)


def one_year(opening, starts, hazard=HAZARD):
    demand = totals(opening, [("only", [starts], {})], hazard=hazard)
    return path_of(demand, demand.scenarios["only"]), demand.price_week


def ranged(name, low, value, high):
    return Assumption(name, value, low, high, "", "")


def off(spread, expected, runs=RUNS):
    """Return how many standard errors a mean is off, at most."""
    return float(np.abs((spread.mean - expected) / np.maximum(spread.deviation, 1e-9) * np.sqrt(runs)).max())


# --- the mean --------------------------------------------------------------------------------------------------------

SCENARIOS = [("deck", s) for s in ("baseline", "plan", "forty")] + [
    ("full", s) for s in ("baseline", "fewer", "stated")
]


@pytest.mark.parametrize(("model", "scenario"), SCENARIOS)
def test_runs_are_right_on_average(model, scenario):
    demand, found, _ = result(model, scenario)
    drawn = fan(model, scenario)
    assert off(drawn.stock, found.path.stock) < 4
    assert off(drawn.placement_stock, demand.months.at_year_end(found.path.closing.sum(axis=2))) < 4
    assert off(drawn.starts, found.years.starts) < 4
    assert off(drawn.ceases, found.years.ceases) < 4
    assert off(drawn.cost, found.years.cost) < 4


@pytest.mark.parametrize(
    "moves", [[[0.2, 0.5, 0.3], [0.4, 0.1, 0.5], [0.3, 0.3, 0.4]], [[0, 1, 0], [0, 0, 1], [0.5, 0.5, 0]]]
)
def test_children_who_move_a_lot_are_still_right_on_average(moves):
    demand = replace(full(1), moves=np.tile(np.array(moves, float), (4, 1, 1)))
    path = path_of(demand, demand.scenarios["baseline"])
    drawn = simulate(path, demand.price_week, runs=RUNS, seed=6)
    assert off(drawn.stock, path.stock) < 4
    assert off(drawn.placement_stock, path.closing[11:].sum(axis=2)) < 4


def test_children_who_leave_in_the_month_they_start_cost_something():
    path, prices = one_year(0, 600, hazard=30.0)
    drawn = simulate(path, prices, runs=RUNS, seed=7)
    assert off(drawn.cost, [path.care_days.sum() * WEEK / 7]) < 4


def test_a_care_day_costs_what_it_costs_on_paper():
    path, prices = one_year(400, 0, hazard=0.0)
    drawn = simulate(path, prices, runs=10, seed=1)
    assert drawn.cost.mean == pytest.approx([400 * WEEK * 365 / 7], rel=1e-12)
    assert drawn.cost.deviation == pytest.approx([0], abs=1e-6)


def test_parts_of_children_become_whole_ones_with_the_same_total():
    demand, found, prices = result("full", "baseline")
    part = replace(found.path, opening=found.path.opening.copy())
    part.opening[0] += 0.2 / demand.ages.count * np.array([[1], [1], [-2]])
    with pytest.raises(DomainError, match="opening \\+ starts"):
        simulate(part, prices, runs=1, seed=1)
    thirds = totals(10.5, [("only", [0], {})], hazard=0.0)
    path = path_of(thirds, thirds.scenarios["only"])
    assert simulate(path, thirds.price_week, runs=1, seed=1).stock.mean.tolist() == [11.0] * 12


# --- the spread ------------------------------------------------------------------------------------------------------


def near(found, expected):
    return found == pytest.approx(expected, rel=4 * np.sqrt(2 / 10_000))


def test_without_starts_the_first_month_is_binomial():
    path, prices = one_year(400, 0)
    q = path.exit_chance[0, 0]
    drawn = simulate(path, prices, runs=10_000, seed=1)
    assert near(drawn.stock.deviation[0] ** 2, 400 * q * (1 - q))


def test_starts_are_poisson():
    path, prices = one_year(0, 180)
    drawn = simulate(path, prices, runs=10_000, seed=2)
    assert near(drawn.starts.deviation[0] ** 2, 180)
    assert near(drawn.stock.deviation[0] ** 2, path.stock[0])  # those who stay of a Poisson number are Poisson too


def test_a_year_has_the_variance_and_the_limits_of_the_closed_form():
    path, prices = one_year(487, 140)
    leave = float(1 - np.exp(-HAZARD))
    there = path.stock[-1] - 487 * (1 - leave)
    drawn = simulate(path, prices, runs=10_000, seed=3)
    assert near(drawn.stock.deviation[-1] ** 2, stock_variance(487, there, leave))
    low, mid, high = stock_interval(487, there, leave)
    assert drawn.stock.mean[-1] == pytest.approx(float(mid), abs=0.5)
    assert np.array(drawn.interval(drawn.stock, 0.95))[:, -1] == pytest.approx([float(low), float(high)], abs=1.5)


@settings(max_examples=15)
@given(st.data(), st.integers(0, 60), st.integers(0, 40), st.floats(0.01, 3) | st.just(0.0), st.integers(1, 40))
def test_quantiles_rise_and_children_stay_whole(data, opening, starts, hazard, runs):
    path, prices = one_year(opening, starts, hazard)
    levels = data.draw(st.lists(st.floats(0.01, 0.99), max_size=3))
    drawn = simulate(path, prices, runs=runs, seed=data.draw(st.integers(0, 2**63)), levels=levels)
    for spread in (drawn.stock, drawn.placement_stock, drawn.starts, drawn.ceases):
        assert (spread.quantiles == np.rint(spread.quantiles)).all()
        assert (spread.quantiles >= 0).all()
    for spread in (drawn.stock, drawn.placement_stock, drawn.starts, drawn.ceases, drawn.cost):
        assert (np.diff(spread.quantiles, axis=-1) >= 0).all()
        assert spread.quantiles.shape == (*spread.mean.shape, len(drawn.probabilities))
    assert drawn.stock_by_run.mean() == pytest.approx(opening + drawn.starts.mean[0] - drawn.ceases.mean[0])


def test_placements_add_up_to_the_stock():
    drawn = fan("full", "fewer")
    assert drawn.placement_stock.mean.sum(axis=1) == pytest.approx(drawn.stock.mean[11::12], rel=1e-12)
    assert drawn.stock_by_run.mean(axis=1) == pytest.approx(drawn.stock.mean[11::12], rel=1e-12)


def test_nobody_starts_and_everybody_leaves():
    path, prices = one_year(100, 0, hazard=900.0)
    drawn = simulate(path, prices, runs=50, seed=1)
    assert not drawn.stock.quantiles.any()
    assert drawn.ceases.quantiles.tolist() == [[100.0] * 5]


# --- the seed --------------------------------------------------------------------------------------------------------


def test_a_seed_gives_these_very_children():
    drawn = simulate(*one_year(487, 140), runs=1_000, seed=2024)
    assert drawn.probabilities == (0.025, 0.1, 0.5, 0.9, 0.975)
    assert drawn.stock.quantiles[-1].tolist() == [425.0, 435.0, 454.0, 474.0, 483.0]
    assert drawn.starts.quantiles[-1].tolist() == [118.0, 125.0, 140.0, 156.0, 164.0]


def test_the_same_seed_is_the_same_run():
    one, two = fan("full", "fewer", runs=200), fan.__wrapped__("full", "fewer", runs=200)
    assert one is not two
    assert (one.stock.quantiles == two.stock.quantiles).all()
    assert (one.cost_by_run == two.cost_by_run).all()


def test_another_seed_is_another_run():
    assert (fan("deck", "plan", seed=1, runs=50).cost_by_run != fan("deck", "plan", seed=2, runs=50).cost_by_run).all()


def test_one_run_is_its_own_median():
    drawn = fan("full", "stated", runs=1)
    assert (drawn.stock.quantiles == drawn.stock.mean[:, None]).all()
    assert not drawn.stock.deviation.any()


# --- the budget ------------------------------------------------------------------------------------------------------


def test_the_chance_of_staying_within_budget():
    _, found, prices = result("deck", "plan")
    budget = [found.years.cost[0], 0.0, np.nan]
    drawn = simulate(found.path, prices, runs=RUNS, seed=1, budget=budget)
    assert drawn.inside[0] == (drawn.cost_by_run[0] <= budget[0]).mean()
    assert drawn.inside[0] == pytest.approx(0.5, abs=0.05)
    assert drawn.inside_error[0] == pytest.approx(0.5 / np.sqrt(RUNS), rel=0.01)
    assert drawn.inside[1] == 0
    assert 0 < drawn.inside_error[1] < 1 / RUNS
    assert np.isnan([drawn.inside[2], drawn.inside_error[2]]).all()
    assert np.isnan(fan("deck", "plan").inside).all()


# --- what is not known for certain -----------------------------------------------------------------------------------


def test_a_range_of_starts_widens_the_fan():
    path, prices = one_year(0, 180, hazard=0.0)
    sure = simulate(path, prices, runs=10_000, seed=4)
    drawn = simulate(path, prices, runs=10_000, seed=4, assumptions=[ranged("starts_factor", 1.6, 2.0, 2.7)])
    mean, variance = 2.1 / 2.0, (1.6**2 + 2.0**2 + 2.7**2 - 1.6 * 2 - 1.6 * 2.7 - 2 * 2.7) / 18 / 4
    assert drawn.varied == ("starts_factor",)
    assert off(drawn.starts, 180 * mean, 10_000) < 4
    assert near(drawn.starts.deviation[0] ** 2, 180 * mean + 180**2 * variance)
    assert near(sure.starts.deviation[0] ** 2, 180)


@pytest.mark.parametrize("name", ["exit_factor", "exit_hazard"])
def test_a_range_of_the_hazard_bends_the_chance_of_leaving(name):
    path, prices = one_year(600, 0)
    narrow = [ranged(name, 2 * HAZARD - 1e-9, 2 * HAZARD, 2 * HAZARD + 1e-9)]
    drawn = simulate(path, prices, runs=RUNS, seed=5, assumptions=narrow)
    assert off(drawn.stock, path.stock) < 4
    doubled = [ranged(name, HAZARD, HAZARD, 3 * HAZARD)]
    drawn = simulate(path, prices, runs=RUNS, seed=5, assumptions=doubled)
    f = np.linspace(0, 2, 20_001)
    expected = np.trapezoid(600 * np.exp(-HAZARD * (1 + f)) * (1 - f / 2), f)
    assert off(drawn.stock, np.append(drawn.stock.mean[:-1], expected)) < 4


def test_a_range_of_prices_changes_no_child():
    _, found, prices = result("deck", "plan")
    drawn = simulate(found.path, prices, runs=500, seed=903, assumptions=[ranged("price_factor", 0.9, 1.0, 1.1)])
    sure = simulate(found.path, prices, runs=500, seed=903)
    assert (drawn.stock_by_run == sure.stock_by_run).all()
    times = drawn.cost_by_run / sure.cost_by_run
    assert times.std(axis=0) == pytest.approx(np.zeros(500), abs=1e-12)  # one draw a run, whatever the year
    assert times.min() > 0.9
    assert times.max() < 1.1


def test_what_has_no_range_or_no_part_in_a_run_is_not_varied():
    _, found, prices = result("deck", "plan")
    register = [ranged("starts_factor", 1.0, 1.0, 1.0), ranged("price_factor", np.nan, 1, 2), ranged("share", 0, 1, 2)]
    drawn = simulate(found.path, prices, runs=100, seed=903, assumptions=register)
    assert drawn.varied == ()
    assert (drawn.cost_by_run == simulate(found.path, prices, runs=100, seed=903).cost_by_run).all()


# --- two scenarios ---------------------------------------------------------------------------------------------------


def test_fewer_starts_are_fewer_children_in_every_run():
    base, other = fan("deck", "baseline"), fan("deck", "forty")
    assert (base.stock_by_run >= other.stock_by_run).all()
    assert (base.cost_by_run >= other.cost_by_run).all()


def test_a_difference_has_less_spread_than_its_parts():
    base, other = fan("full", "baseline"), fan("full", "fewer")
    children, cost = difference(base, other)
    assert children.mean == pytest.approx(base.stock.mean[11::12] - other.stock.mean[11::12])
    assert cost.mean == pytest.approx(base.cost.mean - other.cost.mean)
    apart = np.sqrt(base.cost.deviation**2 + other.cost.deviation**2)
    assert (cost.deviation < 0.75 * apart).all()


@pytest.mark.parametrize(("name", "other"), [("seed", {"seed": 7}), ("runs", {"runs": 50})])
def test_fans_drawn_unlike_have_no_difference(name, other):
    with pytest.raises(DomainError, match=f"other must have the {name} of base"):
        difference(fan("deck", "baseline", seed=1, runs=40), fan("deck", "forty", **({"seed": 1, "runs": 40} | other)))


# --- refusals --------------------------------------------------------------------------------------------------------


def broken(**changes):
    path, prices = one_year(100, 12)
    return replace(path, **{name: change(getattr(path, name)) for name, change in changes.items()}), prices


REFUSALS = [
    ({"runs": 0}, DomainError, "runs must be a whole number >= 1; got 0"),
    ({"runs": 2.5}, DomainError, "runs must be a whole number >= 1; got 2.5"),
    ({"runs": True}, DomainError, "runs must be a whole number >= 1; got True"),
    ({"seed": -1}, DomainError, "seed must be a whole number >= 0; got -1"),
    ({"levels": [0.8, 1.0]}, DomainError, "levels must be > 0 and < 1; got 1.0"),
    ({"budget": [1.0, 2.0]}, ShapeError, "budget must have the shape (1,); got (2,)"),
    ({"budget": [np.inf]}, DomainError, "budget must be finite; got inf"),
    ({"price_week": [[WEEK]]}, ShapeError, "price_week must have the shape (12, 1); got (1, 1)"),
    ({"price_week": np.full((12, 1), np.nan)}, NoDataError, "price_week must have no gaps"),
    ({"price_week": np.full((12, 1), -1.0)}, DomainError, "price_week must be >= 0; got -1"),
    (
        {"assumptions": [ranged("starts_factor", 1.1, 1.0, 1.2)]},
        DomainError,
        "starts_factor must have 0 < low <= value <= high; got 1.1, 1, 1.2",
    ),
    (
        {"assumptions": [ranged("exit_factor", 0.0, 1.0, 1.2)]},
        DomainError,
        "exit_factor must have 0 < low <= value <= high; got 0, 1, 1.2",
    ),
]
BROKEN = [
    ({"entrant_exit_chance": lambda x: x * np.nan}, NoDataError, "path must have entrant_exit_chance in every month"),
    ({"moves": lambda x: x * np.nan}, NoDataError, "path must have moves in every month"),
    ({"ceases": lambda x: x + 1}, DomainError, "path must have opening + starts + moves - ceases = closing"),
    ({"starts": lambda x: -x, "closing": lambda x: x}, DomainError, "path must have opening + starts"),
    ({"opening": lambda x: x + np.eye(12)[:1].T[:, :, None]}, DomainError, "path must have opening + starts"),
]


@pytest.mark.parametrize(("changes", "error", "message"), REFUSALS)
def test_refusal(changes, error, message):
    path, prices = one_year(100, 12)
    values = {"price_week": prices, "runs": 10, "seed": 1} | changes
    with pytest.raises(error) as caught:
        simulate(path, values.pop("price_week"), **values)
    assert str(caught.value) == message


@pytest.mark.parametrize(("changes", "error", "message"), BROKEN)
def test_a_broken_path_is_refused(changes, error, message):
    path, prices = broken(**changes)
    with pytest.raises(error) as caught:
        simulate(path, prices, runs=10, seed=1)
    assert str(caught.value).startswith(message)


def test_an_interval_that_was_not_asked_for_is_refused():
    drawn = fan("deck", "plan", runs=10)
    with pytest.raises(NoDataError, match=r"level must be one of 0\.8, 0\.95; got 0\.9"):
        drawn.interval(drawn.stock, 0.9)
    assert (drawn.median(drawn.stock) == drawn.stock.quantiles[:, 2]).all()
