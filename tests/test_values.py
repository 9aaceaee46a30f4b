"""What a cell holds: kinds, comparison at 15 digits, rounding on the decimal."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.values import ErrorValue, Kind, Values, round_half_away, same_number, same_scalar

CONTENTS = [None, 1.5, "text", "", True, False, ErrorValue("#N/A"), -0.0]


def test_every_kind_comes_back_as_it_went_in():
    assert Values.of(CONTENTS).scalars() == CONTENTS
    assert list(Values.of(CONTENTS).kind) == [0, 1, 2, 2, 3, 3, 4, 1]


def test_what_is_no_number_is_an_error():
    values = Values.numbers([1.0, float("nan"), float("inf")])
    assert values.scalars() == [1.0, ErrorValue("#N/A"), ErrorValue("#NUM!")]
    assert Values.of([float("-inf")]).item(0) == ErrorValue("#NUM!")


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "same"),
    [
        (0.1 + 0.2, 0.3, 0.0, True),
        (1 / 3, 0.333333333333333, 0.0, True),
        (1 / 3, 0.33333333333333, 0.0, False),
        (1000.0, 1000.0000005, 1e-9, True),
        (1000.0, 1000.000005, 1e-9, False),
        (0.0, 1e-300, 1e-9, False),
        (0.0, -0.0, 0.0, True),
    ],
)
def test_same_number(a, b, tolerance, same):
    assert same_number(a, b, tolerance) is same
    assert same_number(b, a, tolerance) is same


@pytest.mark.parametrize("i", range(len(CONTENTS)))
@pytest.mark.parametrize("j", range(len(CONTENTS)))
def test_contents_of_different_kinds_are_never_the_same(i, j):
    assert same_scalar(CONTENTS[i], CONTENTS[j]) is (i == j)


@pytest.mark.parametrize(
    ("number", "dp", "rounded"),
    [
        (82.5, 0, 83.0), (-82.5, 0, -83.0), (1.005, 2, 1.01), (2.675, 2, 2.68), (0.285, 2, 0.29), (1250.0, -2, 1300.0),
        (4.0, 2, 4.0), (0.4, 0, 0.0), (0.5, 0, 1.0), (49.0, -2, 0.0), (50.0, -2, 100.0), (1e300, 2, 1e300),
        (1e-300, 5, 0.0),
    ],
)  # fmt: skip
def test_rounding_is_half_away_from_zero_on_the_decimal(number, dp, rounded):
    assert round_half_away(number, dp) == rounded


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3))
def test_rounding_agrees_with_the_decimal_as_typed(typed, dp):
    expected = typed.quantize(Decimal(1).scaleb(-dp), rounding=ROUND_HALF_UP)
    assert Decimal(repr(round_half_away(float(typed), dp))) == expected


def test_blocks_join_and_reshape():
    block = Values.of([[1.0, "a"], [None, True]])
    assert block.reshape((4,)).scalars() == [1.0, "a", None, True]
    assert block[1].scalars() == [None, True]
    assert block[0, 1].item() == "a"
    assert Values.blank(2).kind.tolist() == [Kind.BLANK] * 2
