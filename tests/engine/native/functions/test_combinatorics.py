"""Factorials, choices, divisors and multiples give Excel's values."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

NUM, VALUE, NA, DIV0 = (ErrorValue(code) for code in ("#NUM!", "#VALUE!", "#N/A", "#DIV/0!"))
CELLS = {"A1": 24.0, "A2": 36.0, "B1": "8", "B2": True, "C1": 5.0, "C3": 2.0, "D1": DIV0}

CASES = [
    ("=FACT(5)", 120.0),
    ("=FACT(1.9)", 1.0),
    ("=FACT(0)", 1.0),
    ("=FACT(-1)", NUM),
    ("=FACT(170)", 7.257415615308e306),
    ("=FACT(171)", NUM),
    ("=FACTDOUBLE(6)", 48.0),
    ("=FACTDOUBLE(7)", 105.0),
    ("=FACTDOUBLE(-1)", 1.0),
    ("=FACTDOUBLE(-1.1)", NUM),
    ("=FACTDOUBLE(301)", NUM),
    ("=COMBIN(8,2)", 28.0),
    ("=COMBIN(10.9,3.9)", 120.0),
    ("=COMBIN(3,10)", NUM),
    ("=COMBIN(1E9,5E8)", NUM),
    ("=COMBIN(1000,200)", 6.6171555606593e215),
    ("=COMBINA(4,3)", 20.0),
    ("=COMBINA(3,10)", 66.0),
    ("=COMBINA(0,5)", NUM),
    ("=COMBINA(0,0)", 1.0),
    ("=MULTINOMIAL(2,3,4)", 1260.0),
    ("=MULTINOMIAL(-1,2)", NUM),
    ("=MULTINOMIAL(B2,2)", VALUE),
    ("=GCD(5,2)", 1.0),
    ("=GCD(A1:A2)", 12.0),
    ("=GCD(7.9,4.9)", 1.0),
    ("=GCD(5,0)", 5.0),
    ("=GCD(2^53,2)", NUM),
    ("=GCD(B1,6)", 2.0),
    ("=GCD(-0.4,TRUE)", VALUE),
    ("=GCD(A1,D1)", DIV0),
    ("=GCD(Z1,5)", 5.0),  # a blank cell is passed over
    ("=GCD(Z1)", VALUE),
    ("=GCD(,5)", NA),
    ("=LCM(5,2)", 10.0),
    ("=LCM(A1:A2)", 72.0),
    ("=LCM(Z1,5)", 5.0),
    ("=LCM(C1:C3)", 0.0),  # in a range it is 0
    ("=LCM(9999999999999,10)", 99999999999990.0),
    ("=LCM(2^31-1,2^30-1)", NUM),
    ('=LCM("x",2)', VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_combinatorics(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-13)


def test_factdouble_refuses_booleans():
    assert calculate("=FACTDOUBLE(TRUE)") == VALUE
