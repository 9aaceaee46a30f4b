"""Part-year and full-year effect, and saving classes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError
from xlmodel.model.decimals import exact_sum
from xlmodel.model.savings import full_year_roll, part_year, saving_class

VALUES = [
    (part_year, (1_600_000, "2024-07-01", 2024), "1201095.89"),
    (part_year, (365, "2024-07-01", 2024), 274),
    (part_year, (365, ["2024-03-31", "2024-04-01", "2025-03-31", "2025-04-01"], 2024), [365, 365, 1, 0]),
    (part_year, (366, "2024-02-29", 2023), 32),
    (part_year, ([365, -365], "2024-07-01", 2024), [274, -274]),
    (part_year, (3.65, "2024-07-01", 2024), 2.74),
    (part_year, (365, "2024-07-01", [2023, 2024, 2025]), [0, 274, 365]),
    (part_year, (365, "NaT", 2024), None),
    (part_year, (float("nan"), "2024-07-01", 2024), None),
    (full_year_roll, (1_600_000, "2024-07-01", 2024), "398904.11"),
    (
        full_year_roll,
        (365, ["2024-03-31", "2024-04-01", "2025-03-31", "2025-04-01", "2030-01-01"], 2024),
        [0, 0, 364, 365, 365],
    ),
    (full_year_roll, (365, "NaT", 2024), None),
    (saving_class, (1_660_000, 664_000, 500_000), (664_000, 500_000, 496_000)),
    (saving_class, (1.66, 0.664, 0.5), (0.664, 0.5, 0.496)),  # plain doubles give 0.49599999999999994
    (saving_class, (500, 664, 500), (500, 0, 0)),
    (saving_class, (700, 0, 800), (0, 700, 0)),
    (saving_class, ([0, 700], 0, 0), ([0, 0], [0, 0], [0, 700])),
    (saving_class, (float("nan"), 664, 500), (None, None, None)),
]

REFUSALS = [
    (part_year, (1, 45474, 2024), KindError, "start_date"),
    (part_year, (1, "July", 2024), KindError, "start_date"),
    (part_year, (1, "2024-07-01", 2024.5), DomainError, "fy"),
    (part_year, ("1", "2024-07-01", 2024), KindError, "annual"),
    (part_year, (1, ["2024-07-01"] * 3, [2024, 2025]), ShapeError, "start_date"),
    (full_year_roll, (1, "2024-07-01", 24), DomainError, "fy"),
    (full_year_roll, (float("inf"), "2024-07-01", 2024), DomainError, "annual"),
    (saving_class, (-1, 0, 0), DomainError, "claimed"),
    (saving_class, (1, -1, 0), DomainError, "budget_reduction"),
    (saving_class, (1, 0, -1), DomainError, "growth_avoided"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


PENCE = st.integers(0, 10**9).map(lambda pence: pence / 100)


@given(PENCE, st.integers(-30, 400), st.sampled_from([2023, 2024]))
def test_a_part_year_and_its_roll_are_the_annual_amount(annual, day, fy):
    start = np.datetime64(f"{fy}-04-01") + day
    first, rest = part_year(annual, start, fy), full_year_roll(annual, start, fy)
    assert float(exact_sum(first, rest)) == annual
    length = 366 if fy == 2023 else 365
    left = min(max(length - day, 0), length)
    exact = Fraction(round(100 * annual), 100) * left / length
    assert float(first) == pytest.approx(float(exact), abs=1e-14 * annual)


@given(PENCE, PENCE, PENCE)
def test_the_classes_are_the_claim_and_none_exceeds_its_limit(claimed, cut, growth):
    cashable, avoided, neither = saving_class(claimed, cut, growth)
    assert float(exact_sum(cashable, avoided, neither)) == claimed
    assert 0 <= cashable <= cut
    assert 0 <= avoided <= growth
    assert neither >= 0
    assert neither == 0 or (cashable == cut and avoided == growth)
