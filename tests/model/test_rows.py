"""A call with many rows gives each row the bits that a call for it alone gives."""

import numpy as np
import pytest

from xlmodel.model import (
    avoidance,
    care,
    cohorts,
    exits,
    flows,
    inyear,
    neighbours,
    placements,
    plan,
    precision,
    prices,
    rates,
    savings,
    survival,
    unit_cost,
)

ROWS = 120
RNG = np.random.default_rng(20240331)
WORDS = np.array(plan.BASES, dtype=object)


def mixed(low, high, shape=(ROWS,)):
    """Whole numbers, short decimals and noisy doubles, so that every way through the arithmetic is taken."""
    x = RNG.uniform(low, high, shape)
    kind = RNG.integers(0, 3, shape[:1]).reshape((-1,) + (1,) * (len(shape) - 1))
    return np.where(kind == 0, np.round(x), np.where(kind == 1, np.round(x, 2), x))


def places(shape=(ROWS,)):
    return RNG.integers(-2, 4, shape).astype(float)


DAYS = np.datetime64("2023-04-01") + RNG.integers(0, 500, ROWS)
STOCKS = mixed(1, 900, (ROWS, 4))
DATED = np.stack([np.cumsum(RNG.integers(1, 90, (ROWS, 4)), axis=-1).astype(float), STOCKS], axis=-1)
COHORTS = np.concatenate([mixed(1, 3)[:, None], mixed(0, 3, (ROWS, 5))], axis=-1)
DECOMS = np.datetime64("2023-04-01") + RNG.integers(0, 500, (ROWS, 3))
FIRST = np.datetime64("2023-04-01") + RNG.integers(0, 300, ROWS)
MATRICES = RNG.dirichlet(np.ones(4), (ROWS, 3))[..., :3]
CODES = RNG.choice(np.array(["E11", "E46", "E4A", "X1", "E2"], dtype=object), (ROWS, 5))
TIMINGS = RNG.choice(np.array(flows.TIMINGS, dtype=object), ROWS)
METHODS = RNG.choice(np.array(neighbours.METHODS, dtype=object), ROWS)
TABLE_TIMES = np.cumsum(mixed(0.1, 3, (ROWS, 5)).clip(0.1), axis=-1)
TABLE_SHARES = np.sort(RNG.uniform(0, 1, (ROWS, 5)), axis=-1)[:, ::-1] * [1, 1, 1, 1, 0]
TABLES = np.stack([TABLE_TIMES, TABLE_SHARES], axis=-1)
HAZARDS = mixed(0, 2).reshape(ROWS, 1, 1)
MIX = RNG.multinomial(100, [0.5, 0.3, 0.2], ROWS) / 100
PRICES = mixed(0, 1e5, (ROWS, 3))
SHARE = np.round(RNG.random(ROWS), 2)
AGE_IN = np.where(RNG.random(ROWS) < 0.5, np.nan, 14)
PV_TIMINGS = RNG.choice(np.array(prices.TIMINGS, dtype=object), ROWS)
YEARS = (RNG.integers(2020, 2023, ROWS), RNG.integers(2018, 2025, ROWS))

CALLS = [
    (flows.net_change, (mixed(0, 300), mixed(0, 300))),
    (flows.closing_stock, (mixed(300, 600), mixed(0, 300), mixed(0, 300), mixed(0, 9))),
    (flows.stock_path, (mixed(900, 999), mixed(0, 100, (ROWS, 6)), mixed(0, 100, (ROWS, 6)))),
    (flows.opening_stock, (mixed(300, 600), mixed(0, 300), mixed(0, 300))),
    (flows.avg_stock, (STOCKS[:, 0], STOCKS[:, -1])),
    (flows.avg_stock, (STOCKS[:, 0], STOCKS[:, -1], DATED)),
    (rates.rate_per_10k, (mixed(0, 900), mixed(1000, 60000), np.where(RNG.random(ROWS) < 0.3, np.nan, places()))),
    (rates.implied_population, (mixed(1, 900), mixed(1, 200), places())),
    (rates.common_population, (np.full((ROWS, 3), 500.0), mixed(99.9, 100.1, (ROWS, 3)), np.zeros((ROWS, 3)))),
    (rates.count_from_rate, (mixed(0, 200), mixed(0, 60000))),
    (rates.pct_change, (mixed(1, 99), mixed(0, 99))),
    (avoidance.avoided_cost_recurring, (mixed(0, 5, (ROWS, 3)), COHORTS, RNG.random(ROWS) < 0.5)),
    (avoidance.cohort_profile, (mixed(0, 9, (ROWS, 6)), COHORTS)),
    (avoidance.implied_unit_cost, (mixed(0, 1e6), mixed(1, 400))),
    (plan.plan_total, (mixed(0, 9, (ROWS, 5)), mixed(20, 26), places((ROWS, 5)), places())),
    (plan.plan_basis, (mixed(0, 9, (ROWS, 5)), RNG.choice(WORDS, ROWS), RNG.choice(WORDS, ROWS))),
    (inyear.run_rate, (mixed(0, 90), DAYS, np.full(ROWS, 2023), np.where(RNG.random(ROWS) < 0.5, np.nan, 0.7))),
    (inyear.period_implied, (mixed(0, 90), mixed(1, 90), places())),
    (inyear.variance, (mixed(1, 90), mixed(0, 90))),
    (inyear.after_mitigation, (mixed(0, 9), mixed(0, 3, (ROWS, 4)), np.round(RNG.random((ROWS, 4)), 1))),
    (flows.child_months, (mixed(0, 9), mixed(0, 24), TIMINGS)),
    (flows.exit_rate, (mixed(0, 300), mixed(1, 600))),
    (flows.mean_stay, (mixed(0, 600), mixed(1, 300))),
    (care.care_days, (DECOMS, DECOMS + RNG.integers(0, 400, DECOMS.shape), FIRST, FIRST + 365)),
    (care.age_out, (DECOMS - 6600, FIRST, FIRST + 365)),
    (exits.exits_by_reason, (mixed(0, 90, (ROWS, 5)), CODES)),
    (placements.placement_path, (mixed(0, 400, (ROWS, 3)), MATRICES, mixed(0, 90, (ROWS, 3)), np.full(ROWS, 3))),
    (neighbours.sn_average, (mixed(0, 9, (ROWS, 6)), mixed(1, 9, (ROWS, 6)), METHODS)),
    (neighbours.sn_gap, (mixed(0, 99), mixed(0, 99), mixed(0, 60000))),
    (neighbours.sn_rank, (mixed(0, 9), mixed(0, 9, (ROWS, 6)), RNG.integers(0, 2, ROWS))),
    (neighbours.funnel_limits, (mixed(0, 99), mixed(1000, 60000), mixed(0.5, 4))),
    (avoidance.avoided_entrants, (mixed(0, 300, (ROWS, 5)), mixed(0, 300, (ROWS, 5)), SHARE)),
    (
        avoidance.avoided_cost_cohort,
        (mixed(0, 90), HAZARDS, MIX, PRICES, SHARE[:, None] / 10, np.full(ROWS, 6), mixed(0, 5000), AGE_IN),
    ),
    (
        avoidance.avoided_cost_cohort,
        (mixed(0, 90), TABLES, MIX, PRICES, mixed(0, 1, (ROWS, 6)) / 10, np.full(ROWS, 6)),
    ),
    (avoidance.legal_avoided, (mixed(0, 90), SHARE, mixed(0, 20000), mixed(0, 12))),
    (cohorts.cohort_child_years, (mixed(0, 90), TABLES, RNG.integers(0, 9, ROWS), np.round(SHARE * 0.9, 1))),
    (survival.survival_exp, (mixed(0, 3), mixed(0, 9))),
    (unit_cost.unit_cost_week, (mixed(0, 1e6), mixed(1, 9e4), mixed(0, 1e4))),
    (unit_cost.cost_per_child_week, (mixed(0, 1e6), mixed(1, 900))),
    (unit_cost.week_to_year, (mixed(0, 1e5), RNG.integers(2000, 2100, ROWS))),
    (
        unit_cost.price_volume_mix,
        (mixed(1, 300, (ROWS, 4)), mixed(0, 300, (ROWS, 4)), mixed(1, 6000, (ROWS, 4)), mixed(1, 6000, (ROWS, 4))),
    ),
    (prices.uplift, (mixed(0, 1e5), mixed(0, 9, (ROWS, 5)) / 100, *YEARS)),
    (prices.real_terms, (mixed(0, 1e5), mixed(80, 120), mixed(80, 120))),
    (
        prices.present_value,
        (mixed(0, 1e5, (ROWS, 40)), np.where(RNG.random(ROWS) < 0.5, np.nan, 0.02), PV_TIMINGS),
    ),
    (savings.part_year, (mixed(0, 1e6), DAYS, np.full(ROWS, 2023))),
    (savings.full_year_roll, (mixed(0, 1e6), DAYS, np.full(ROWS, 2023))),
    (savings.saving_class, (mixed(0, 1e6), mixed(0, 1e6), mixed(0, 1e6))),
    (precision.ties, (mixed(0, 9), mixed(0, 9), places(), mixed(0, 1))),
]


def columns(result):
    return [np.asarray(x) for x in (result if isinstance(result, tuple) else (result,))]


@pytest.mark.parametrize(("function", "arguments"), CALLS, ids=[f"{f.__name__}-{len(a)}" for f, a in CALLS])
def test_a_column_is_its_rows(function, arguments):
    together = columns(function(*arguments))
    for row in range(ROWS):
        alone = columns(function(*(a[row] for a in arguments)))
        for column, value in zip(together, alone, strict=True):
            expected = np.asarray(column[row])
            assert value.shape == expected.shape
            assert value.tolist() == expected.tolist() or value.tobytes() == expected.tobytes()


@pytest.mark.parametrize(("function", "arguments"), CALLS, ids=[f"{f.__name__}-{len(a)}" for f, a in CALLS])
def test_scenarios_are_a_further_leading_axis(function, arguments):
    half = ROWS // 2
    together = columns(function(*arguments))
    stacked = columns(function(*(a.reshape(2, half, *a.shape[1:]) for a in arguments)))
    for one, two in zip(together, stacked, strict=True):
        assert two.shape == (2, half, *one.shape[1:])
        np.testing.assert_array_equal(two.reshape(one.shape), one)


def test_too_large_a_result_is_infinite_and_warns_nobody():
    assert np.isinf(rates.pct_change(1e-300, 1e300))
    assert np.isinf(flows.closing_stock(1.7e308, 1.7e308, 0))
    assert np.isinf(inyear.run_rate(1e308, "2023-04-01", 2023))
