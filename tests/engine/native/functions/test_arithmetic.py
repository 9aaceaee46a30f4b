"""Powers, logarithms and remainders give Excel's values."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

NUM, DIV0, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#VALUE!"))
CELLS = {"A1": 1.0, "A2": -0.5, "A3": 1 / 24, "A4": "x", "B1": True}

CASES = [
    ("=ABS(-4)", 4.0),
    ("=SIGN(-0.00001)", -1.0),
    ("=SIGN(0)", 0.0),
    ("=SQRT(16)", 4.0),
    ("=SQRT(-1)", NUM),
    ("=SQRTPI(2)", 2.506628274631),
    ("=SQRTPI(-1)", NUM),
    ("=POWER(5,2)", 25.0),
    ("=POWER(0,0)", NUM),
    ("=POWER(0,-1)", DIV0),
    ("=POWER(-8,1/3)", -2.0),
    ("=EXP(1)", 2.718281828459045),
    ("=EXP(710)", NUM),
    ("=EXP(-1000)", 0.0),
    ("=LN(0)", NUM),
    ("=LN(86)", 4.454347296253507),
    ("=LOG10(1000)", 3.0),
    ("=LOG(1000)", 3.0),
    ("=LOG(8,2)", 3.0),
    ("=LOG(10,1)", DIV0),
    ("=LOG(10,0)", NUM),
    ("=LOG(-1,1)", NUM),
    ("=LOG(86,2.7182818)", 4.454347342888),
    ("=MOD(3,2)", 1.0),
    ("=MOD(-3,2)", 1.0),
    ("=MOD(3,-2)", -1.0),
    ("=MOD(-3,-2)", -1.0),
    ("=MOD(3,0)", DIV0),
    ("=MOD(10.2,10)", 0.1999999999999993),
    ("=MOD(5,1E-10)", 9.999981783901343e-11),  # the remainder of the floats themselves
    ("=MOD(5,-1E-10)", -1.821609865774887e-16),
    ("=MOD(2E12,1)", NUM),
    ("=MOD(TRUE,2)", 1.0),
    ("=QUOTIENT(5,2)", 2.0),
    ("=QUOTIENT(-10,3)", -3.0),
    ("=QUOTIENT(1,0)", DIV0),
    ("=SERIESSUM(2,0,1,{1,2,3})", 17.0),
    ("=SERIESSUM(-1,0,2,{1,2,3})", 6.0),
    ("=SERIESSUM(0,0,1,{1,2,3})", NUM),
    ("=SERIESSUM(PI()/4,0,2,A1:A3)", 0.707429206709773),
    ("=SERIESSUM(1,0,2,A1:A4)", VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_arithmetic(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("formula", ["=QUOTIENT(B1,1)", "=SQRTPI(TRUE)", "=SERIESSUM(B1,0,1,{1,2})"])
def test_functions_of_the_analysis_toolpak_refuse_booleans(formula):
    assert calculate(formula, CELLS) == VALUE
