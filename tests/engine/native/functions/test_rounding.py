"""Rounding gives Excel's values, on the 15 digits that Excel sees."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

NUM, DIV0, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#VALUE!"))

CASES = [
    ("=ROUND(2.15,1)", 2.2),
    ("=ROUND(1.005,2)", 1.01),
    ("=ROUND(-1.475,2)", -1.48),
    ("=ROUND(-2.5,0)", -3.0),
    ("=ROUND(626.3,-3)", 1000.0),
    ("=ROUND(1.98,-1)", 0.0),
    ("=ROUND(1.05*(0.0284+0.0046)-0.0284,4)", 0.0063),
    ("=ROUND(123456,-2.9)", 123500.0),  # the number of digits is cut
    ("=ROUND(1E300,400)", 1e300),
    ("=ROUNDUP(3.2,0)", 4.0),
    ("=ROUNDUP(7.123,1)", 7.199999999999999),
    ("=ROUNDUP(-3.14159,1)", -3.2),
    ("=ROUNDUP(31415.92654,-2)", 31500.0),
    ("=ROUNDUP(1.7,3)", 1.7),
    ("=ROUNDUP(1.745,-10)", 1e10),
    ("=ROUNDUP(0.1*3,1)", 0.3),  # 0.30000000000000004 has no more than one digit
    ("=ROUNDUP(1,-400)", NUM),
    ("=ROUNDDOWN(3.14159,3)", 3.141),
    ("=ROUNDDOWN(30000*0.0042*3,0)", 378.0),  # 377.99999999999994
    ("=ROUNDDOWN(1,-400)", 0.0),
    ("=TRUNC(-8.9)", -8.0),
    ("=TRUNC(0.45)", 0.0),
    ("=TRUNC(-255.5,-2)", -200.0),
    ("=INT(8.9)", 8.0),
    ("=INT(-8.9)", -9.0),
    ("=INT(123456789-0.0000004)", 123456789.0),
    ("=INT(123456789-0.0000005)", 123456788.0),
    ("=INT(10^14+0.5)", 100000000000001.0),
    ("=INT(10^14-1+0.5)", 99999999999999.0),
    ("=EVEN(1.5)", 2.0),
    ("=EVEN(-1)", -2.0),
    ("=EVEN(10.0000000001)", 12.0),
    ("=EVEN(1E307)", 1e307),
    ("=ODD(1.5)", 3.0),
    ("=ODD(-2)", -3.0),
    ("=ODD(0)", 1.0),
    ("=CEILING(2.5,1)", 3.0),
    ("=CEILING(-2.5,-2)", -4.0),
    ("=CEILING(-2.5,2)", -2.0),
    ("=CEILING(2.5,-2)", NUM),
    ("=CEILING(2.5,0)", 0.0),
    ("=CEILING(0.234,0.01)", 0.24),
    ("=CEILING(0,-2)", 0.0),
    ("=FLOOR(-2.5,-2)", -2.0),
    ("=FLOOR(-2.5,2)", -4.0),
    ("=FLOOR(2.5,-2)", NUM),
    ("=FLOOR(2.5,0)", DIV0),
    ("=FLOOR(1.58,0.1)", 1.5),
    ("=FLOOR(7.1,0.1)", 7.1),  # the quotient is 70.99999999999999
    ("=CEILING.MATH(24.3,5)", 25.0),
    ("=CEILING.MATH(-8.1,2)", -8.0),
    ("=CEILING.MATH(-5.5,2,-1)", -6.0),
    ("=CEILING.MATH(6.7)", 7.0),
    ("=CEILING.MATH(6.7,0)", 0.0),
    ("=FLOOR.MATH(-8.1,2)", -10.0),
    ("=FLOOR.MATH(-5.5,2,-1)", -4.0),
    ("=FLOOR.MATH(-0.6,2,2)", 0.0),
    ("=CEILING.PRECISE(-4.3,-2)", -4.0),
    ("=ISO.CEILING(4.3,2)", 6.0),
    ("=FLOOR.PRECISE(-3.2,-1)", -4.0),
    ("=MROUND(10,3)", 9.0),
    ("=MROUND(1.3,0.2)", 1.4),
    ("=MROUND(6.05,0.1)", 6.0),  # Excel's help names these two: the quotients are 60.49999999999999
    ("=MROUND(7.05,0.1)", 7.1),  # and 70.5
    ("=MROUND(5,-2)", NUM),
    ("=MROUND(5,0)", 0.0),
    ('=ROUND("x",1)', VALUE),
    ('=ROUND("1.745",TRUE)', 1.7),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_rounding(formula, expected):
    found = calculate(formula)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=5e-16)
