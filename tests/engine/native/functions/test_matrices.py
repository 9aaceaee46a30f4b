"""Products, determinants and inverses of matrices."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, VALUE, NA = (ErrorValue(code) for code in ("#NUM!", "#VALUE!", "#N/A"))
CELLS = {"A1": 1.0, "B1": 2.0, "A2": 3.0, "B2": 4.0, "C1": "2", "D1": NA}

ARRAYS = [
    ("=MMULT({1,2;3,4},{5,6;7,8})", [[19.0, 22.0], [43.0, 50.0]]),
    ("=MMULT({1;2},{3,4})", [[3.0, 4.0], [6.0, 8.0]]),
    ("=MMULT(A1:B2,A1:B2*1)", [[7.0, 10.0], [15.0, 22.0]]),
    ("=MINVERSE({4,-1;2,0})", [[0.0, 0.5], [-1.0, 2.0]]),
    ("=MUNIT(2)", [[1.0, 0.0], [0.0, 1.0]]),
]
SCALARS = [
    ("=MMULT({1,2},{1,2})", VALUE),
    ("=MMULT({1E200,1},{1E200;1})", NUM),  # one cell too large leaves none of the others
    ("=MMULT(A1:C1,{1;2;3})", VALUE),  # a text, even of a number
    ("=MMULT(A1:A3,1)", VALUE),  # a blank
    ("=MMULT(D1,1)", NA),
    ("=MDETERM({3,6,1;1,1,0;3,10,2})", 1.0),
    ("=MDETERM({1,2;2,4})", 0.0),
    ("=MDETERM({1,2})", VALUE),
    ("=MINVERSE({1,2;2,4})", NUM),
    ("=MINVERSE({1,2})", VALUE),
    ("=MUNIT(0)", VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), ARRAYS)
def test_matrices(formula, expected):
    found = calculate_array(formula, CELLS)
    assert [len(row) for row in found] == [len(row) for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert row == [w if isinstance(w, ErrorValue) else pytest.approx(w, abs=1e-15) for w in wanted]


@pytest.mark.parametrize(("formula", "expected"), SCALARS)
def test_one_value(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, abs=1e-14)
