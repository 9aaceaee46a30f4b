"""Angles, circular and hyperbolic functions give Excel's values."""

import math

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

NUM, DIV0, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#VALUE!"))

CASES = [
    ("=PI()", math.pi),
    ("=DEGREES(PI())", 180.0),
    ("=RADIANS(270)", 4.71238898038469),
    ("=SIN(PI())", 1.22514845490862e-16),
    ("=COS(PI()/2)", 6.1257422745431e-17),
    ("=TAN(PI()/2)", 16324552277619072.0),
    ("=SIN(0.5)", 0.479425538604203),
    ("=COS(-5)", 0.28366218546322625),
    ("=TAN(2.8)", -0.3555298316511761),
    ("=SIN(2^27)", NUM),
    ("=COT(0)", DIV0),
    ("=COT(30)", -0.156119952161659),
    ("=SEC(45)", 1.90359440740442),
    ("=CSC(15)", 1.5377805615408537),
    ("=CSC(0)", DIV0),
    ("=ASIN(-0.5)", -0.523598775598299),
    ("=ASIN(2)", NUM),
    ("=ACOS(-0.5)", 2.0943951023932),
    ("=ATAN(1)", math.pi / 4),
    ("=ATAN2(1,1)", math.pi / 4),
    ("=ATAN2(-1,-1)", -2.35619449019234),
    ("=ATAN2(0,0)", DIV0),
    ("=ACOT(2)", 0.463647609000806),
    ("=ACOT(-2)", 2.67794504458899),
    ("=SINH(1)", 1.1752011936438014),
    ("=SINH(1000)", NUM),
    ("=COSH(4)", 27.308232836016487),
    ("=TANH(0.5)", 0.46211715726000973),
    ("=COTH(2)", 1.0373147207275482),
    ("=COTH(0)", DIV0),
    ("=COTH(1E13)", 1.0),
    ("=SECH(45)", 5.72503716109987e-20),
    ("=CSCH(1.5)", 0.46964244059522464),
    ("=SECH(1000)", 0.0),
    ("=ASINH(-2.5)", -1.6472311463710958),
    ("=ACOSH(10)", 2.993222846126381),
    ("=ACOSH(0.5)", NUM),
    ("=ATANH(0.5)", 0.5493061443340549),
    ("=ATANH(1)", NUM),
    ("=ACOTH(6)", 0.16823611831060645),
    ("=ACOTH(1)", NUM),
    ('=SIN("x")', VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_trigonometry(formula, expected):
    found = calculate(formula)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("half_turns", [1, 7, 1000, 40_000_000])
def test_large_angles_lose_nothing_but_the_last_digits_of_pi(half_turns):
    angle = half_turns * math.pi + 1
    assert calculate(f"=SIN({half_turns}*PI()+1)") == pytest.approx(math.sin(angle), abs=1e-11)
