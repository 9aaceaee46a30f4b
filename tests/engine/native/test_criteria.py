"""The language of criteria."""

import pytest

from xlmodel.engine.native.criteria import Criterion
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.values import ErrorValue, Values

NA, DIV0 = ErrorValue("#N/A"), ErrorValue("#DIV/0!")
CELLS = [5.0, "5", -5.0, 0.0, True, False, "TRUE", "apple", "Apple pie", "banana", "", None, NA, DIV0, "#N/A", "*"]


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        (5.0, [5.0, "5"]),
        ("5", [5.0, "5"]),
        ("=5", [5.0, "5"]),
        (" 5 ", [5.0, "5"]),
        ("£5.00", [5.0, "5"]),
        ("500%", [5.0, "5"]),
        (">=5", [5.0]),
        (">0", [5.0]),
        ("<=0", [-5.0, 0.0]),
        ("0", [0.0]),
        (None, [0.0]),
        (True, [True]),
        ("true", [True]),
        ("=FALSE", [False]),
        (">FALSE", [True]),
        ("apple", ["apple"]),
        ("=APPLE", ["apple"]),
        ("apple*", ["apple", "Apple pie"]),
        ("*an?na", ["banana"]),
        ("~*", ["*"]),
        ("?", ["5", "*"]),
        (">apple", ["TRUE", "Apple pie", "banana"]),
        ("<apple", ["5", "", "#N/A", "*"]),
        ("", ["", None]),
        ("=", [None]),
        (NA, [NA]),
        ("#n/a", [NA]),
        ("=#DIV/0!", [DIV0]),
        (">", []),
        ("<=", []),
        (">>", ["5", "TRUE", "apple", "Apple pie", "banana"]),
    ],
)
def test_the_cells_that_meet_a_criterion(criterion, met):
    mask = Criterion.of(criterion).matches(Values.of(CELLS))
    assert [x for x, m in zip(CELLS, mask.tolist(), strict=True) if m] == met


@pytest.mark.parametrize(
    ("criterion", "unmet"),
    [
        ("<>5", [5.0]),  # the text 5 is equal to the number, and not equal to it too
        ("<>apple", ["apple"]),
        ("<>a*", ["apple", "Apple pie"]),
        ("<>", [None]),
        ("<>TRUE", [True]),
        ("<>#N/A", [NA]),
        ("<>*", ["5", "TRUE", "apple", "Apple pie", "banana", "", "#N/A", "*"]),
    ],
)
def test_the_cells_that_differ(criterion, unmet):
    mask = Criterion.of(criterion).matches(Values.of(CELLS))
    assert [x for x, m in zip(CELLS, mask.tolist(), strict=True) if not m] == unmet


def test_numbers_are_compared_to_the_last_bit():
    cells = Values.of([0.1 + 0.2, 0.3])
    assert Criterion.of(0.3).matches(cells).tolist() == [False, True]
    assert Criterion.of(">0.3").matches(cells).tolist() == [True, False]


def test_dates_are_read():
    cells = Values.of([45474.0, "2024-07-01", 45475.0])
    assert Criterion.of("2024-07-01").matches(cells).tolist() == [True, True, False]
    assert Criterion.of(">=2024-07-01").matches(cells).tolist() == [True, False, True]


def test_a_band_that_may_be_a_date_is_met_by_its_own_text():
    bands = Values.of(["0-4", "5-9", "10-15", None, 12.0])
    assert Criterion.of("5-9").matches(bands).tolist() == [False, True, False, False, False]
    assert Criterion.of(12.0).matches(bands).tolist() == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("criterion", "cells"),
    [("5-9", [45_174.0]), ("5-9", ["9-5"]), ("<>5-9", ["5-9"]), (">5-9", [1.0]), (45_174.0, ["5-9"])],
)
def test_where_the_date_matters_it_is_refused(criterion, cells):
    with pytest.raises(UnsupportedError):
        Criterion.of(criterion).matches(Values.of(cells))


def test_a_number_and_a_boolean_are_different_criteria():
    assert Criterion.of(1.0) != Criterion.of(True)
    assert hash(Criterion.of("a*")) == hash(Criterion.of("A*"))


def test_a_text_of_more_than_255_characters_is_an_error():
    with pytest.raises(ExcelError):
        Criterion.of("a" * 256)


@pytest.mark.parametrize(("criterion", "taken"), [("", True), ("=", True), ("<>5", True), ("<>", False), ("0", False)])
def test_whether_unused_cells_count(criterion, taken):
    assert Criterion.of(criterion).takes_blanks is taken
