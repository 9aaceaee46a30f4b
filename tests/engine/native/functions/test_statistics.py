"""Descriptive statistics give Excel's values."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

CELLS = {
    "A1": 10.0, "A2": 7.0, "A3": 9.0, "A4": 27.0, "A5": 2.0,  # the sample of Excel's help
    "B1": 1.0, "B2": "5", "B3": True, "B5": "", "B6": -2.0,
    "C1": ErrorValue("#N/A"), "C2": 4.0,
}  # fmt: skip

NUM, DIV0, NA, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#N/A", "#VALUE!"))

CASES = [
    ("=AVERAGE(A1:A5)", 11.0),
    ("=AVERAGE(A1:A5,5)", 10.0),
    ('=AVERAGE(A1:A5,"5")', 10.0),
    ("=AVERAGE(0.1,0.2,0.3)", 0.20000000000000004),  # added from left to right
    ("=AVERAGE(B2:B4)", DIV0),
    ('=AVERAGE("a")', VALUE),
    ("=AVERAGE(C1:C2)", NA),
    ("=AVERAGEA(B1:B6)", 0.0),  # 1, text, TRUE, text, -2
    ("=COUNT(B1:B6)", 2.0),
    ('=COUNT(B1:B6,"5",TRUE,#N/A,"x")', 4.0),
    ("=COUNT(C1:C2)", 1.0),
    ('=COUNT({1,"2",TRUE})', 1.0),
    ("=COUNTA(B1:B6)", 5.0),
    ("=COUNTA(C1,#N/A,B4)", 2.0),
    ("=COUNTA((A1:A2,B1:B6))", 7.0),
    ("=MAX(A1:A5,30)", 30.0),
    ("=MAX(B2:B5)", 0.0),
    ('=MAX(B6,"-1")', -1.0),
    ("=MIN(A1:A5)", 2.0),
    ("=MIN(B2:B5)", 0.0),
    ("=MIN(C1:C2)", NA),
    ("=MAXA(B3:B6)", 1.0),
    ("=MINA(B1:B3)", 0.0),
    ('=MINA(4,"-1",TRUE)', -1.0),
    ("=MEDIAN(1,2,3,4,5)", 3.0),
    ("=MEDIAN(1,2,3,4,5,6)", 3.5),
    ("=MEDIAN(B4)", NUM),
    ("=MODE({5.6,4,4,3,2,4})", 4.0),
    ("=MODE.SNGL({1,2,2,1})", 1.0),  # the first met
    ("=MODE.SNGL({1,2,3})", NA),
    ("=VAR.S({1345,1301,1368,1322,1310,1370,1318,1350,1303,1299})", 754.2666666666667),
    ("=VAR({5})", DIV0),
    ("=VAR.P({1345,1301,1368,1322,1310,1370,1318,1350,1303,1299})", 678.84),
    ("=VARP({5})", 0.0),
    ("=STDEV.S({1345,1301,1368,1322,1310,1370,1318,1350,1303,1299})", 27.463915719843495),
    ("=STDEVP({1345,1301,1368,1322,1310,1370,1318,1350,1303,1299})", 26.054558142482477),
    ('=STDEV("1","2")', 0.7071067811865476),
    ("=VARA(B1:B3)", 1 / 3),
    ("=VARPA(B1:B3)", 2 / 9),
    ("=STDEVA(B1:B3)", 0.5773502691896257),
    ("=STDEVPA(B1:B2)", 0.5),
    ("=AVEDEV({4,5,6,7,5,4,3})", 1.0204081632653061),
    ("=DEVSQ({4,5,8,7,11,4,3})", 48.0),
    ("=DEVSQ(B4)", NUM),
    ("=GEOMEAN({4,5,8,7,11,4,3})", 5.476986969656962),
    ("=GEOMEAN({1,0})", NUM),
    ("=HARMEAN({4,5,8,7,11,4,3})", 5.028375962061728),
    ("=HARMEAN({1,-1})", NUM),
    ("=TRIMMEAN({4,5,6,7,2,3,4,5,1,2,3},0.2)", 3.7777777777777777),
    ("=TRIMMEAN({1,2},1)", NUM),
    ("=SKEW({3,4,5,2,3,4,5,6,4,7})", 0.3595430714067974),
    ("=SKEW({1,1,1})", DIV0),
    ("=SKEW.P({3,4,5,2,3,4,5,6,4,7})", 0.303193339354144),
    ("=KURT({3,4,5,2,3,4,5,6,4,7})", -0.151799637208416),
    ("=KURT({1,2,3})", DIV0),
    ("=STANDARDIZE(42,40,1.5)", 1.3333333333333333),
    ("=STANDARDIZE(1,1,0)", NUM),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_value(formula, expected):
    found = calculate(formula, CELLS)
    assert found == (pytest.approx(expected, rel=1e-14, abs=1e-15) if isinstance(expected, float) else expected)


def test_mode_mult_lists_all_in_the_order_met():
    assert calculate_array("=MODE.MULT({3,1,2,1,3})") == [[3.0], [1.0]]
