"""The children of a scenario: against closed forms, against children drawn one by one, and by every identity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from model.demand.given import HAZARD, deck, full, scenario, totals
from scipy.integrate import solve_ivp

from xlmodel.errors import DomainError
from xlmodel.model.demand.flow import TURNED_18, path_of
from xlmodel.model.demand.groups import Groups
from xlmodel.model.demand.identities import checks
from xlmodel.model.demand.leaving import staying
from xlmodel.model.demand.results import ScenarioResult
from xlmodel.model.demand.years import year_table
from xlmodel.model.stays import ExponentialStay, child_years


def result(demand, name):
    path = path_of(demand, demand.scenarios[name])
    return ScenarioResult(demand.scenarios[name], path, year_table(demand, demand.scenarios[name], path), None)


def test_the_decks_path_to_the_last_child():
    years = result(deck(), "plan").years
    assert years.opening.tolist() == [487, 412, 339]
    assert years.starts.tolist() == [140, 102, 70]
    assert years.ceases.tolist() == [215, 175, 125]
    assert years.closing.tolist() == [412, 339, 284]


def test_two_earlier_years_lead_to_the_decks_stock():
    flows = {"ceases": [219, 232, 215, 175, 125]}
    demand = totals(560, [("plan", [198, 180, 140, 102, 70], flows)], first=2022)
    assert result(demand, "plan").years.closing.tolist() == [539, 487, 412, 339, 284]


@pytest.mark.parametrize("factor", [1.0, 0.5, 3.0])
def test_one_placement_against_the_differential_equation(factor):
    demand = totals(487, [("baseline", [180, 90, 240], {"exit_factor": [1, factor, 1]})])
    found = result(demand, "baseline")
    stock, area = [487.0], []
    for starts, f in ((180, 1.0), (90, factor), (240, 1.0)):
        flow = solve_ivp(
            lambda t, n, s=starts, f=f: [s - f * HAZARD * n[0], n[0]], (0, 1), [stock[-1], 0], rtol=1e-12, atol=1e-12
        )
        stock.append(flow.y[0, -1])
        area.append(flow.y[1, -1])
    assert found.years.closing == pytest.approx(stock[1:], rel=1e-9)
    assert found.years.child_years == pytest.approx(area, rel=1e-9)


def test_a_leap_year_has_more_care_days_and_as_many_child_years():
    common, leap = (totals(0, [("baseline", [40], {})], first=y) for y in (2024, 2023))
    one, other = result(common, "baseline"), result(leap, "baseline")
    assert other.years.child_years[0] == pytest.approx(one.years.child_years[0], rel=1e-12)
    assert other.path.care_days.sum() / one.path.care_days.sum() == pytest.approx(366 / 365, rel=1e-12)


def test_child_years_of_entrants_are_those_of_the_function():
    found = result(totals(0, [("baseline", [40, 0, 0, 0], {})]), "baseline")
    expected = child_years(40, ExponentialStay(HAZARD), [0, 1, 2, 3])
    assert found.years.child_years == pytest.approx(expected, rel=1e-12)
    assert found.path.cohort_child_years[1] == pytest.approx(expected, rel=1e-12)


def test_the_years_factor_is_the_one_that_gives_the_stated_ceases():
    demand = full()
    found = result(demand, "stated")
    assert found.years.ceases[0] == 190
    again = scenario(
        demand.months,
        "again",
        demand.months.by_year(demand.scenarios["stated"].starts),
        exit_factor=found.path.exit_factor,
    )
    assert path_of(demand, again).closing == pytest.approx(found.path.closing, rel=1e-12)


@pytest.mark.parametrize(
    ("ceases", "message"),
    [(667, "must be below the 667.0 children"), (700, "ceases of baseline in 2024/25 must be below")],
)
def test_more_ceases_than_children_are_refused(ceases, message):
    demand = totals(487, [("baseline", [180], {"ceases": [ceases]})])
    with pytest.raises(DomainError, match=message):
        path_of(demand, demand.scenarios["baseline"])


def test_fewer_ceases_than_turn_18_are_refused():
    demand = full(1)
    low = scenario(demand.months, "low", demand.months.by_year(demand.scenarios["baseline"].starts), ceases=[5])
    with pytest.raises(DomainError, match=r"must be above the .* who leave whatever is done"):
        path_of(demand, low)


def test_nobody_ceases_where_none_are_stated():
    assert result(totals(487, [("baseline", [180], {"ceases": [0]})]), "baseline").years.closing.tolist() == [667]


def test_a_stay_is_that_of_the_age_at_entry_where_it_is_given():
    demand = full(1)
    opening = demand.opening
    older = replace(opening, entry_band=np.where(opening.band == 3, 3, -1))
    young = replace(opening, entry_band=np.where(opening.band == 3, 0, -1))
    two = [Groups.of(replace(demand, opening=given)).stay[: len(opening.children), 0] for given in (older, young)]
    known = (opening.band == 3) & (opening.years_in_care == 1.0)
    assert (two[0][~(opening.band == 3)] == two[1][~(opening.band == 3)]).all()
    expected = [demand.stays[0][band].after(1.0).share(demand.months.edges[1]) for band in (3, 0)]
    assert [x[known][0] for x in two] == pytest.approx([float(e) for e in expected], rel=1e-12)
    unknown = Groups.of(demand).stay[: len(opening.children), 0]
    assert unknown[known][0] == two[0][known][0]  # 17 now and a year in care: 16 then


# --- children drawn one by one ---------------------------------------------------------------------------------------

REPEATS = 150


def drawn(demand, name, seed=7):
    """Return children by year end, placement and band, ceases at 18 by year and care days by placement: one by one."""
    rng = np.random.default_rng(seed)
    months, ages = demand.months, demand.ages
    grid = np.linspace(0, 40, 40_001)
    stock = np.zeros((months.years, len(demand.placements), ages.count))
    days = np.zeros(len(demand.placements))
    adults = np.zeros(months.years)
    edges = np.asarray(ages.edges)

    def follow(n, placement, band, first, stay, years):
        """Let children live through the months: `first` is -1 for those there at the beginning."""
        n = round(n * REPEATS)
        age = rng.uniform(edges[band], edges[band + 1], n)
        if first < 0:
            entry = np.zeros(n)
            if np.isnan(years):
                at = np.searchsorted(stay.area(grid), rng.uniform(0, stay.mean, n))
                left = grid[np.minimum(at, len(grid) - 1)]
            else:
                share = stay.share(years + grid) / stay.share(years)
                left = grid[np.minimum(np.searchsorted(-share, -rng.uniform(0, 1, n)), len(grid) - 1)]
        else:
            entry = rng.uniform(months.edges[first], months.edges[first + 1], n)
            left = grid[np.minimum(np.searchsorted(-stay.share(grid), -rng.uniform(0, 1, n)), len(grid) - 1)]
        birthday = entry + 18 - age
        leave = np.minimum(entry + left, birthday)
        turned = leave == birthday
        where = np.full(n, placement)
        for m in range(max(first, 0), months.count):
            begin, end = months.edges[m], months.edges[m + 1]
            time = (
                np.clip(np.minimum(leave, end) - np.maximum(entry, begin), 0, None) * months.year_days[months.year[m]]
            )
            before = where.copy()
            there = leave > end
            if m > first:
                now = np.clip(np.searchsorted(edges, age + begin - entry, side="right") - 1, 0, ages.count - 1)
                chance = np.cumsum(demand.moves[now, where], axis=1)
                to = (rng.uniform(size=(n, 1)) > chance).sum(axis=1)
                where = np.where(there, np.minimum(to, len(demand.placements) - 1), where)
            np.add.at(days, before, time / 2)
            np.add.at(days, where, time / 2)
            adults[months.year[m]] += (turned & (leave > begin) & (leave <= end)).sum()
            if m % 12 == 11:
                band_now = np.clip(np.searchsorted(edges, age + end - entry, side="right") - 1, 0, ages.count - 1)
                np.add.at(stock[months.year[m]], (where[there], band_now[there]), 1)

    opening = demand.opening
    for n, p, a, y in zip(opening.children, opening.placement, opening.band, opening.years_in_care, strict=True):
        at_entry = ages.band(max(0.0, (edges[a] + edges[a + 1]) / 2 - y)) if not np.isnan(y) else a
        follow(n, p, a, -1, demand.stays[p][at_entry], y)
    for m, p, a in np.ndindex(demand.scenarios[name].starts.shape):
        follow(demand.scenarios[name].starts[m, p, a], p, a, m, demand.stays[p][a], 0.0)
    return stock / REPEATS, adults / REPEATS, days / REPEATS


def test_a_full_model_against_children_drawn_one_by_one():
    demand = full(2)
    path = path_of(demand, demand.scenarios["baseline"])
    stock, adults, days = drawn(demand, "baseline")
    found = demand.months.at_year_end(path.closing)
    spread = 4.5 * np.sqrt(np.maximum(stock, 0.5) / REPEATS)
    assert (np.abs(found - stock) <= spread + 0.01 * stock).all(), np.abs(found - stock) / spread
    at_18 = demand.months.by_year(path.ceases_by_reason[..., path.reasons.index(TURNED_18)].sum(axis=1))
    assert at_18 == pytest.approx(adults, abs=4.5 * np.sqrt(adults.max() / REPEATS))
    assert path.care_days.sum(axis=(0, 2)) == pytest.approx(days, rel=0.02)


def test_children_leave_sooner_from_where_they_do():
    demand = full(2)
    alike = path_of(demand, demand.scenarios["baseline"])
    weighted = replace(demand, leaving=np.array([[1.0] * 4, [1.0] * 4, [6.0] * 4]))
    path = path_of(weighted, demand.scenarios["baseline"])
    assert path.stock == pytest.approx(alike.stock, rel=1e-12)  # of a group, as many leave
    assert (path.closing[-1, 2] < alike.closing[-1, 2]).all()
    assert (path.exit_chance[1:, 2] > alike.exit_chance[1:, 2]).all()
    assert (path.exit_chance[1:, 0] < alike.exit_chance[1:, 0]).all()
    made = ScenarioResult(
        demand.scenarios["baseline"], path, year_table(weighted, demand.scenarios["baseline"], path), None
    )
    assert [c for c in checks(weighted, {"baseline": made}, None) if not c.holds] == []


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(float, (4, 3, 2), elements=st.floats(0, 100, allow_subnormal=False)),
    hnp.arrays(float, 4, elements=st.floats(0, 1)),
    hnp.arrays(float, (3, 2), elements=st.floats(0, 20)),
)
def test_weights_move_leavers_about_and_change_no_total(children, share, weights):
    kept = staying(children, share, weights)
    assert (kept >= 0).all()
    assert (kept <= children * (1 + 1e-12)).all()
    assert kept.sum(axis=(1, 2)) == pytest.approx(children.sum(axis=(1, 2)) * share, rel=1e-9, abs=1e-12)


# --- every identity, on models nobody thought of ---------------------------------------------------------------------


@st.composite
def changed(draw):
    """Return the full model with other stocks, starts, stays and moves."""
    demand = full(2)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = numbers.dirichlet(np.array([30.0, 1.0, 1.0]), size=(4, 3))
    moves = np.stack([np.array([np.roll(row, p) for p, row in enumerate(band)]) for band in moves])
    opening = replace(demand.opening, children=numbers.uniform(0, 30, len(demand.opening.children)))
    starts = numbers.uniform(0, 40, (2, 3, 4)) * numbers.integers(0, 2, (2, 3, 4))
    factor = numbers.uniform(0.2, 4, 2)
    scenarios = {**demand.scenarios, "changed": scenario(demand.months, "changed", starts, exit_factor=factor)}
    return replace(demand, moves=moves, opening=opening, scenarios=scenarios, baseline="changed", plan_scenario=None)


@settings(max_examples=20, deadline=None)
@given(changed())
def test_every_identity_holds_on_any_model(demand):
    groups = Groups.of(demand)
    path = path_of(demand, demand.scenarios["changed"], groups)
    made = ScenarioResult(
        demand.scenarios["changed"], path, year_table(demand, demand.scenarios["changed"], path), None
    )
    found = checks(demand, {"changed": made}, None)
    assert len(found) > 10
    assert [c for c in found if not c.holds] == []


def test_a_number_that_is_none_fails_a_check():
    demand = full(1)
    made = result(demand, "baseline")
    days = made.path.care_days.copy()
    days[3, 0, 0] = np.nan
    broken = replace(made, path=replace(made.path, care_days=days))
    assert [c.name for c in checks(demand, {"baseline": broken}, None) if not c.holds]


def test_a_broken_path_is_found():
    demand = full(1)
    made = result(demand, "baseline")
    closing = made.path.closing.copy()
    closing[5, 1, 2] += 0.01
    broken = replace(made, path=replace(made.path, closing=closing))
    failed = {c.name: c.where for c in checks(demand, {"baseline": broken}, None) if not c.holds}
    assert failed["opening + starts - ceases = closing, by placement and age"] == "2023-09"
    assert failed["closing = opening of the next month"] == "2023-09"
