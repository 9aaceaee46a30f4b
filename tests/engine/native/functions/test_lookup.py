"""Lookup, held to Excel's documented answers and to what its halving finds in cells out of order."""

import pytest
from sheets import NotCalculatedError, calculate, calculate_array

from xlmodel.values import ErrorValue

NA, REF, VALUE = (ErrorValue(c) for c in ("#N/A", "#REF!", "#VALUE!"))
SHEET = {
    "A1": 1.0, "A2": 2.0, "A3": 2.0, "A4": 4.0, "A5": 5.0,
    "B1": "apple", "B2": "Banana", "B3": "cherry", "B4": "dat?", "B5": "",
    "C1": 10.0, "C2": 20.0, "C3": 30.0, "C4": 40.0, "C5": 50.0,
    "D1": 5.0, "D2": 3.0, "D3": 3.0, "D4": 1.0,
    "E1": 0.1, "E2": 0.2, "E3": 0.3,
    "F1": True, "F2": 0.0,
}  # fmt: skip

MATCH = [
    ("=MATCH(2,A1:A5,0)", 2.0),
    ("=MATCH(2,A1:A5)", 3.0),
    ("=MATCH(3,A1:A5,1)", 3.0),
    ("=MATCH(0,A1:A5,1)", NA),
    ("=MATCH(9,A:A)", 5.0),
    ("=MATCH(3,D1:D4,-1)", 2.0),
    ("=MATCH(2,D1:D4,-1)", 3.0),
    ("=MATCH(6,D1:D4,-1)", NA),
    ('=MATCH("BANANA",B1:B5,0)', 2.0),
    ('=MATCH("*an*",B1:B5,0)', 2.0),
    ('=MATCH("dat~?",B1:B5,0)', 4.0),
    ('=MATCH("",B1:B5,0)', 5.0),
    ('=MATCH("1",A1:A5,0)', NA),
    ("=MATCH(Z1,F1:F5,0)", 2.0),
    ("=MATCH(Z1,F3:F5,0)", NA),
    ("=MATCH(TRUE,F1:F2,0)", 1.0),
    ("=MATCH(0.1+0.2,E1:E3,0)", NA),
    ("=MATCH(1,A1:C5,0)", NA),
    ("=MATCH(4,{4.1,3.1,2.1,1.1})", 4.0),
    ('=MATCH(4.1,{"c",4.1,"a",1.1})', 2.0),
    ('=MATCH(9,{"c",4.1,"a",1.1})', 4.0),
    ('=MATCH(TRUE,{TRUE,4.1,FALSE,"b"})', 3.0),
    ('=MATCH("ß",{"ss","ß"},0)', 2.0),
    ('=MATCH(REPT("a",256),B1:B5,0)', VALUE),
    ('=_xlfn.XMATCH("ß",{"ss","ß"})', 1.0),
    ("=_xlfn.XMATCH(3,A1:A5,-1)", 2.0),
    ("=_xlfn.XMATCH(3,A1:A5,-1,-1)", 3.0),
    ("=_xlfn.XMATCH(3,A1:A5,1)", 4.0),
    ('=_xlfn.XMATCH(3,{"a",2,TRUE},1)', 1.0),
    ('=_xlfn.XMATCH("b",{1,2,TRUE},-1)', 2.0),
    ("=_xlfn.XMATCH(Z1,{1,9,2},-1)", 2.0),
    ("=_xlfn.XMATCH(Z1,F1:F5)", 3.0),
    ("=_xlfn.XMATCH(4,A1:A5,0,2)", 4.0),
    ("=_xlfn.XMATCH(1,D1:D4,0,-2)", 4.0),
    ("=_xlfn.XMATCH(1,A1:A5,2,2)", VALUE),
    ("=_xlfn.XMATCH(1,A1:A5,4)", VALUE),
    ('=_xlfn.XMATCH("b*",B1:B5,2)', 2.0),
]
TABLE = [
    ("=VLOOKUP(4,A1:C5,3,FALSE)", 40.0),
    ("=VLOOKUP(3,A1:C5,3)", 30.0),
    ("=VLOOKUP(3,A1:C5,3,FALSE)", NA),
    ("=VLOOKUP(4,A1:C5,4,FALSE)", REF),
    ("=VLOOKUP(4,A1:C5,0,FALSE)", VALUE),
    ("=VLOOKUP(3,A1:C5,0,FALSE)", NA),
    ('=VLOOKUP("ch*",B1:C5,2,0)', 30.0),
    ("=VLOOKUP(4,A:C,2,0)", "dat?"),
    ("=SUM(VLOOKUP(4,A1:C5,{1,3},0))", 44.0),
    ('=HLOOKUP("b",{"a","b";1,2},2,FALSE)', 2.0),
    ("=HLOOKUP(2.5,{1,2,3;4,5,6},2)", 5.0),
    ("=LOOKUP(3,A1:A5,C1:C5)", 30.0),
    ("=LOOKUP(3,{1,2,3;4,5,6})", 6.0),
    ("=LOOKUP(2,{1,9;2,8;3,7})", 8.0),
    ("=LOOKUP(2,1/(A1:A5<3),C1:C5)", 30.0),
    ("=LOOKUP(0,A1:A5)", NA),
]
XLOOKUP = [
    ("=_xlfn.XLOOKUP(4,A1:A5,C1:C5)", 40.0),
    ("=_xlfn.XLOOKUP(3,A1:A5,C1:C5)", NA),
    ('=_xlfn.XLOOKUP(3,A1:A5,C1:C5,"none")', "none"),
    ("=_xlfn.XLOOKUP(3,A1:A5,C1:C5,,1)", 40.0),
    ("=_xlfn.XLOOKUP(2,A1:A5,C1:C5,,0,-1)", 30.0),
    ("=_xlfn.XLOOKUP(4,A:A,C:C)", 40.0),
    ("=_xlfn.XLOOKUP(4,A1:A5,C1:C4)", VALUE),
    ("=SUM(_xlfn.XLOOKUP(1,A1:A5,C1:C5):_xlfn.XLOOKUP(4,A1:A5,C1:C5))", 100.0),
]


@pytest.mark.parametrize(("formula", "expected"), [*MATCH, *TABLE, *XLOOKUP])
def test_lookup(formula, expected):
    assert calculate(formula, SHEET) == expected


def test_a_row_is_returned_whole():
    assert calculate_array("=_xlfn.XLOOKUP(4,A1:A5,A1:C5)", SHEET) == [[4.0, "dat?", 40.0]]


@pytest.mark.parametrize("formula", ["=_xlfn.XMATCH(2,A1:A5,0,2)", '=_xlfn.XMATCH("p",B1:B5,3)'])
def test_what_is_refused(formula):
    with pytest.raises(NotCalculatedError):
        calculate(formula, SHEET)
