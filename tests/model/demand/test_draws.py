"""Draws by inversion: the distributions themselves, and that a higher chance never gives a lower draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from xlmodel.model.demand.draws import binomial, poisson, triangular

LUCK = (np.arange(996) + 0.5) / 996  # none of them at a step of a small distribution
EDGES = np.array([0.0, 2.0**-53, 0.5, 1 - 2.0**-53])
HAZARDS = st.floats(0, 40) | st.floats(0, 1e-3) | st.just(np.inf)
UNIFORM = st.floats(1e-9, 1 - 1e-9)


@pytest.mark.parametrize("trials", [1, 3, 80, 500, 40_000])
@pytest.mark.parametrize("chance", [1e-6, 0.003, 0.035, 0.3, 0.5, 0.7, 0.999])
def test_a_binomial_draw_is_the_quantile(trials, chance):
    found = binomial(LUCK, np.full(len(LUCK), trials), -np.log1p(-chance))
    assert found.tolist() == stats.binom.ppf(LUCK, trials, chance).tolist()


@pytest.mark.parametrize("mean", [1e-6, 0.2, 3.0, 81.0, 81.1, 2_500.0])
def test_a_poisson_draw_is_the_quantile(mean):
    known = stats.poisson.ppf(LUCK, mean).tolist()
    assert poisson(LUCK, mean).tolist() == known
    assert poisson(LUCK, np.full(len(LUCK), mean)).tolist() == known


def test_each_draw_has_its_own_children_and_chance():
    trials = np.resize([0, 7, 90, 600, 9_000], len(LUCK))
    chance = np.resize([0.01, 0.4, 0.9], len(LUCK))
    assert binomial(LUCK, trials, -np.log1p(-chance)).tolist() == stats.binom.ppf(LUCK, trials, chance).tolist()
    mean = np.resize([0.5, 20.0, 400.0], len(LUCK))
    assert poisson(LUCK, mean).tolist() == stats.poisson.ppf(LUCK, mean).tolist()


@pytest.mark.parametrize(
    ("trials", "hazard", "expected"), [(9, 0.0, 0), (9, np.inf, 9), (0, 0.4, 0), (0, np.inf, 0), (10**6, 0.0, 0)]
)
def test_what_is_certain_is_drawn_at_any_luck(trials, hazard, expected):
    assert binomial(EDGES, np.full(len(EDGES), trials), hazard).tolist() == [expected] * len(EDGES)


@settings(max_examples=60)
@given(st.lists(st.tuples(UNIFORM, st.integers(0, 300), HAZARDS), min_size=2, max_size=6))
def test_a_draw_does_not_depend_on_those_drawn_beside_it(rows):
    u, trials, hazards = (np.array(x) for x in zip(*rows, strict=True))
    alone = [int(binomial(u[[i]], trials[[i]], hazards[[i]])[0]) for i in range(len(rows))]
    assert binomial(u, trials, hazards).tolist() == alone


def test_nobody_expected_is_nobody_drawn():
    assert poisson(EDGES, 0.0).tolist() == poisson(EDGES, np.zeros(len(EDGES))).tolist() == [0] * len(EDGES)


@given(UNIFORM, st.integers(0, 2_000), HAZARDS, HAZARDS)
def test_a_binomial_draw_is_possible_and_rises_with_the_chance(u, trials, one, other):
    low, high = sorted((one, other))
    few, many = (int(binomial(np.array([u]), np.array([trials]), h)[0]) for h in (low, high))
    assert 0 <= few <= many <= trials


@given(UNIFORM, st.integers(0, 2_000), HAZARDS)
def test_one_more_child_is_at_most_one_more_draw(u, trials, hazard):
    one, more = (int(binomial(np.array([u]), np.array([n]), hazard)[0]) for n in (trials, trials + 1))
    assert more - one in (0, 1)


@given(UNIFORM, st.floats(0, 2_000), st.floats(0, 2_000))
def test_a_poisson_draw_rises_with_the_mean(u, one, other):
    low, high = sorted((one, other))
    assert poisson(np.array([u]), low)[0] <= poisson(np.array([u]), high)[0]


def test_the_luck_is_left_as_it_was():
    u, trials = LUCK.copy(), np.full(len(LUCK), 50)
    binomial(u, trials, 0.1)
    poisson(u, 3.0)
    assert (u == LUCK).all()
    assert (trials == 50).all()


@pytest.mark.parametrize(("low", "mode", "high"), [(0.9, 1.0, 1.2), (0.0, 0.0, 2.0), (-1.0, 3.0, 3.0)])
def test_a_triangular_draw_is_the_quantile(low, mode, high):
    known = stats.triang.ppf(LUCK, (mode - low) / (high - low), loc=low, scale=high - low)
    np.testing.assert_allclose(triangular(LUCK, low, mode, high), known, rtol=1e-12, atol=1e-12)
