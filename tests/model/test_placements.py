"""Placements: the catalogue's year, no child lost or made, and the month of a year."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError
from xlmodel.model.placements import monthly_transition, placement_path

STOCK, ENTRANTS = [350, 60, 40], [100, 15, 10]
YEAR = [[0.90, 0.03, 0.02], [0.04, 0.85, 0.06], [0, 0.01, 0.80]]
STAY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
ROUND = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]  # everybody moves on, and no third of a turn is without negative shares

VALUES = [
    (placement_path, (STOCK, YEAR, ENTRANTS, 1), [[417.4, 76.9, 52.6]]),
    (placement_path, (STOCK, YEAR, ENTRANTS, 2), [[417.4, 76.9, 52.6], [478.736, 93.413, 65.042]]),
    (placement_path, (STOCK, [*YEAR, *STAY], ENTRANTS, 2), [[417.4, 76.9, 52.6], [517.4, 91.9, 62.6]]),
    (placement_path, (STOCK, [*STAY, *YEAR], [0, 0, 0], 2), [STOCK, [317.4, 61.9, 42.6]]),
    (placement_path, ([10], [[0.5]], [4], 3), [[9], [8.5], [8.25]]),
    (placement_path, ([10], [[1]], [0.1], 3), [[10.1], [10.2], [10.3]]),
    (placement_path, ([10, None], [[1, 0], [0, 1]], [0, 0], 1), [[None, None]]),
    (placement_path, ([1, 1, 1], [[0.1, 0.2, 0.7]] * 3, [0, 0, 0], 1), [[0.3, 0.6, 2.1]]),
    (monthly_transition, ([[1, 0], [0, 1]],), [[1, 0], [0, 1]]),
]

REFUSALS = [
    (placement_path, (STOCK, [[0.9, 0.1, 0.1], *YEAR[1:]], ENTRANTS, 1), DomainError, "transition"),
    (placement_path, (STOCK, [[1.1, 0, 0], *YEAR[1:]], ENTRANTS, 1), DomainError, "transition"),
    (placement_path, (STOCK, [[-0.1, 0, 0], *YEAR[1:]], ENTRANTS, 1), DomainError, "transition"),
    (placement_path, ([-350, 60, 40], YEAR, ENTRANTS, 1), DomainError, "stock"),
    (placement_path, (STOCK, YEAR, [100, -15, 10], 1), DomainError, "entrants"),
    (placement_path, (STOCK, YEAR, ENTRANTS, 0), DomainError, "periods"),
    (placement_path, (STOCK, YEAR, ENTRANTS, 1.5), DomainError, "periods"),
    (placement_path, (STOCK, YEAR, ENTRANTS, 1201), DomainError, "periods"),
    (placement_path, (STOCK, YEAR, ENTRANTS, float("nan")), DomainError, "periods"),
    (placement_path, (STOCK, YEAR, ENTRANTS, [1, 2]), ShapeError, "periods"),
    (placement_path, (STOCK, YEAR, ENTRANTS[:2], 1), ShapeError, "entrants"),
    (placement_path, (STOCK, YEAR[:2], ENTRANTS, 1), ShapeError, "transition"),
    (placement_path, (STOCK, [*YEAR, *YEAR], ENTRANTS, 3), ShapeError, "transition"),
    (placement_path, (STOCK[:2], YEAR, ENTRANTS[:2], 1), ShapeError, "transition"),
    (placement_path, (STOCK, 0.9, ENTRANTS, 1), ShapeError, "transition"),
    (placement_path, (STOCK, [["0.9", 0, 0], *YEAR[1:]], ENTRANTS, 1), KindError, "transition"),
    (monthly_transition, ([[0.9, 0.2], [0, 1]],), DomainError, "annual"),
    (monthly_transition, (ROUND,), DomainError, "annual"),
    (monthly_transition, ([[0.2, 0.7], [0.7, 0.2]],), DomainError, "annual"),  # its root is not real
    (monthly_transition, ([[0.9, 0.05], [0, 0]],), DomainError, "annual"),  # everybody leaves the second placement
    (monthly_transition, ([[0.0]],), DomainError, "annual"),
    (monthly_transition, ([[0.6, 0.3, 0.0], [0.0, 0.6, 0.3], [0.2, 0.0, 0.6]],), DomainError, "annual"),
    (monthly_transition, ([[0.9, 0.05]],), ShapeError, "annual"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected):
    wanted = np.array(expected, float)
    np.testing.assert_array_equal(function(*arguments), wanted)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_the_row_of_shares_is_named():
    with pytest.raises(DomainError, match=r"add up to no more than 1 in row 5; got 1.01"):
        placement_path(STOCK, [*YEAR, YEAR[0], [0.04, 0.85, 0.12], YEAR[2]], ENTRANTS, 2)


def test_shares_may_be_off_by_what_printing_them_loses():
    thirds = [[1 / 3, 1 / 3, 1 / 3 + 1e-10], *STAY[1:]]
    assert placement_path([9, 0, 0], thirds, [0, 0, 0], 1) == pytest.approx(3)
    with pytest.raises(DomainError):
        placement_path([9, 0, 0], [[1 / 3, 1 / 3, 1 / 3 + 1e-8], *STAY[1:]], [0, 0, 0], 1)


def test_matrices_and_stocks_are_rows_of_a_column():
    out = placement_path([STOCK, ENTRANTS], [YEAR, STAY], [0, 0, 0], 2)
    assert out.shape == (2, 2, 3)
    assert out[0].tolist() == placement_path(STOCK, YEAR, [0, 0, 0], 2).tolist()
    assert out[1].tolist() == [ENTRANTS, ENTRANTS]
    with pytest.raises(DomainError) as caught:
        placement_path([STOCK, STOCK], [YEAR, [[1, 1, 0], *YEAR[1:]]], ENTRANTS, 1)
    assert caught.value.mask.tolist() == [False, True]


def test_a_twelfth_of_the_year_loses_too_few():
    left = 1 - 0.44
    assert float(placement_path([1], monthly_transition([[left]]), [0], 12)[-1, 0]) == pytest.approx(left, abs=1e-12)
    assert round(float(placement_path([1], [[1 - 0.44 / 12]], [0], 12)[-1, 0]), 2) == 0.64


@pytest.mark.parametrize(
    ("annual", "reason"),
    [
        (
            YEAR,
            r"row 3 to column 1 would need a monthly share of -0\.0000",
        ),  # 0 a year, but over the second in two moves
        ([[0.2, 0.7], [0.7, 0.2]], "more children change places than stay"),
        ([[0.9, 0.05], [0, 0]], "a year that empties a placement"),
        ([[0.5, 0.5], [0.5, 0.5]], "or mixes two alike"),
    ],
)
def test_it_is_said_why_a_year_has_no_month(annual, reason):
    with pytest.raises(DomainError, match=reason):
        monthly_transition(annual)


def test_one_matrix_without_a_month_does_not_stop_the_others():
    with pytest.raises(DomainError) as caught:
        monthly_transition([STAY, ROUND])
    assert caught.value.mask.tolist() == [False, True]
    assert np.isnan(monthly_transition([[[0.5]], [[np.nan]]])[:, 0, 0]).tolist() == [False, True]


SHARES = st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any)
CHILDREN = st.lists(st.integers(0, 1000).map(float), min_size=3, max_size=3)


@given(st.lists(SHARES, min_size=3, max_size=3), CHILDREN, CHILDREN, st.integers(1, 6))
def test_no_child_is_lost_or_made(rows, stock, entrants, periods):
    whole = np.array([np.array(r) / sum(r) for r in rows])
    matrix, leaving = whole[:, :3], whole[:, 3]
    path = placement_path(stock, matrix, entrants, periods)
    now = np.array(stock)
    for end in path:
        assert (end >= 0).all()
        assert end.sum() == pytest.approx(now.sum() - leaving @ now + sum(entrants), rel=1e-12, abs=1e-9)
        now = end


@settings(max_examples=30)
@given(st.lists(SHARES, min_size=3, max_size=3))
def test_twelve_months_make_the_year(rows):
    month = np.array([np.array(r) / sum(r) * 0.05 for r in rows])[:, :3] + 0.9 * np.eye(3)
    year = np.linalg.matrix_power(month, 12)
    np.testing.assert_allclose(monthly_transition(year), month, atol=1e-9)
