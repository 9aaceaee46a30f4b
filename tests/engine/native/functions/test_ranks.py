"""Ranks, percentiles and frequencies give Excel's values."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, NA, VALUE, DIV0 = (ErrorValue(code) for code in ("#NUM!", "#N/A", "#VALUE!", "#DIV/0!"))

CELLS = {
    "A1": 7.0, "A2": 3.5, "A3": 3.5, "A4": 1.0, "A5": 2.0, "A6": "9", "A7": True,
    "B1": 79.0, "B2": 85.0, "B3": 78.0, "B4": 85.0, "B5": 50.0, "B6": 81.0, "B7": 95.0, "B8": 88.0, "B9": 97.0,
    "C1": 70.0, "C2": 89.0, "C3": 79.0, "C4": "none",
    "D1": NA, "D2": 1.0,
}  # fmt: skip

CASES = [
    ("=LARGE(A1:A7,2)", 3.5),
    ("=LARGE(A1:A7,3.1)", 2.0),  # up to the fourth
    ("=LARGE(A1:A7,0.9)", NUM),
    ("=LARGE(A1:A7,6)", NUM),
    ("=LARGE(D1:D2,#DIV/0!)", DIV0),  # the position is looked at first
    ("=LARGE(D1:D2,1)", NA),
    ("=SMALL(A1:A7,2)", 2.0),
    ("=SMALL(A1:A7,3.9)", 3.5),
    ('=SMALL("3.4",1)', 3.4),
    ("=SMALL(A6,1)", NUM),  # text in a cell is no number
    ("=SUM(LARGE(A1:A5,{1,2}))", 10.5),
    ("=RANK(A2,A1:A5,1)", 3.0),
    ("=RANK.EQ(A1,A1:A5,1)", 5.0),
    ("=RANK(3.5,A1:A5)", 2.0),
    ("=RANK.AVG(3.5,A1:A5)", 2.5),
    ("=RANK(4,A1:A5)", NA),
    ("=RANK(2,(A4:A5,B1:B2),1)", 2.0),
    ("=PERCENTILE({1,3,2,4},0.3)", 1.9),
    ("=PERCENTILE.INC({1,2},1.1)", NUM),
    ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.25)", 2.5),
    ("=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.01)", NUM),
    ("=QUARTILE({1,2,4,7,8,9,10,12},1)", 3.5),
    ("=QUARTILE({1,2,4,7,8,9,10,12},1.9)", 3.5),
    ("=QUARTILE({1,2},-0.5)", NUM),
    ("=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},3)", 43.0),
    ("=QUARTILE.EXC({1,2,3},4)", NUM),
    ("=PERCENTRANK({13,12,11,8,4,3,2,1,1,1},2)", 0.333),
    ("=PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},5)", 0.583),
    ("=PERCENTRANK.INC({1,2,3,4,5,6,7,8,9,10},5.12,6)", 0.457777),  # cut off, not rounded
    ("=PERCENTRANK.INC({1,2,3},4)", NA),
    ("=PERCENTRANK.INC({1,2,3},2,0)", NUM),
    ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},7)", 0.7),
    ("=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43,1)", 0.3),
    ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},2)", 0.1),
    ("=PROB({0,1,2,3},{0.2,0.3,0.1,0.4},1,3)", 0.8),
    ("=PROB({0,1},{0.2,0.3},1)", NUM),
    ("=PROB({0,1,2},{0.5,0.5},1)", NA),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_value(formula, expected):
    found = calculate(formula, CELLS)
    assert found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=FREQUENCY(B1:B9,C1:C4)", [1.0, 4.0, 2.0, 2.0]),  # limits in any order; texts left out
        ("=FREQUENCY({1,2,3},{2;2})", [2.0, 0.0, 1.0]),
        ("=FREQUENCY({-1,0,1},C4)", [2.0, 1.0]),  # no limit is a limit of 0
        ("=FREQUENCY(C4,{1;2})", [0.0, 0.0, 0.0]),
    ],
)
def test_frequency(formula, expected):
    assert [row[0] for row in calculate_array(formula, CELLS)] == expected
