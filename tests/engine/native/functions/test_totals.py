"""Sums and products give Excel's values."""

import pytest
from sheets import NotCalculatedError, calculate

from xlmodel.values import ErrorValue

VALUE, NUM, NA, DIV0 = (ErrorValue(code) for code in ("#VALUE!", "#NUM!", "#N/A", "#DIV/0!"))
CELLS = {
    "A1": 1.0, "A2": 2.0, "A3": 3.0, "B1": 4.0, "B2": "5", "B3": True,
    "C1": NA, "C2": NUM, "D1": 1e200, "E1": 0.1, "E2": 0.2, "E3": 0.3,
}  # fmt: skip

CASES = [
    ("=SUM(A1:A3)", 6.0),
    ("=SUM(A1:B3)", 10.0),  # texts and booleans in cells are left out
    ('=SUM("5",TRUE)', 6.0),
    ('=SUM(A1,"x")', VALUE),
    ("=SUM(A1:A3,C2,C1)", NUM),
    ("=SUM(E1:E3)", 0.6000000000000001),  # added from left to right
    ("=SUM(E3,E2,E1)", 0.6),
    ("=SUM(1E308,1E308)", NUM),
    ("=SUM(Z1:Z9)", 0.0),
    ("=PRODUCT(A1:B3)", 24.0),
    ("=PRODUCT(Z1:Z9)", 0.0),
    ("=PRODUCT(B2)", 0.0),
    ('=PRODUCT("7")', 7.0),
    ("=SUMSQ(A1:A3,4)", 30.0),
    ("=SUMSQ(D1)", NUM),
    ("=SUMPRODUCT(A1:A3,B1:B3)", 4.0),
    ("=SUMPRODUCT({1,2;3,4},{1,0;0,1})", 5.0),
    ("=SUMPRODUCT((A1:A3>1)*A1:A3)", 5.0),
    ("=SUMPRODUCT(A1:A3>1)", 0.0),
    ("=SUMPRODUCT(A1:A3,A1:A2)", VALUE),
    ("=SUMPRODUCT(C1:C2,A1:A3)", NA),  # the error is met before the shape
    ("=SUMX2MY2({2,3,9},{6,5,11})", -88.0),
    ("=SUMX2PY2({2,3,9},{6,5,11})", 276.0),
    ("=SUMXMY2({2,3,9},{6,5,11})", 24.0),
    ("=SUMX2MY2(A1:A3,{1,2,4})", -7.0),
    ("=SUMXMY2(A1:A3,B1:B3)", 9.0),  # pairs of numbers only
    ("=SUMXMY2(A1:A3,B1:B2)", NA),
    ("=PERCENTOF(A1:A2,A1:A3)", 0.5),
    ("=PERCENTOF(A1,Z1)", DIV0),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_totals(formula, expected):
    assert calculate(formula, CELLS) == expected


def test_plain_formulas_too_take_arrays_in_sumproduct():
    assert calculate("=SUMPRODUCT((A1:A3>1)*A1:A3)", CELLS, plain=True) == 5.0


def test_no_pair_of_numbers_is_refused():
    with pytest.raises(NotCalculatedError):
        calculate("=SUMXMY2(B2:B3,A2:A3)", CELLS)
