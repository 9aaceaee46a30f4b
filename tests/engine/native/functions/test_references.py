"""References made, taken apart and asked where they are."""

import pytest
from sheets import NotCalculatedError, calculate, calculate_array

from xlmodel.values import ErrorValue

DIV, NA, REF, VALUE = (ErrorValue(c) for c in ("#DIV/0!", "#N/A", "#REF!", "#VALUE!"))
SHEET = {
    "A1": 1.0, "B1": 2.0, "C1": 3.0,
    "A2": 4.0, "B2": 5.0, "C2": 6.0,
    "A3": 7.0, "B3": "text", "C3": True,
    "E1": "=A1+1", "E2": "=1/0",
}  # fmt: skip

CASES = [
    ("=ADDRESS(2,3)", "$C$2"),
    ("=ADDRESS(2,3,2)", "C$2"),
    ("=ADDRESS(2,3,3,FALSE)", "R[2]C3"),
    ('=ADDRESS(2,3,,,"Sheet 2")', "'Sheet 2'!$C$2"),
    ('=ADDRESS(2,3,4,TRUE,"S")', "S!C2"),
    ("=ADDRESS(2,3,4,TRUE,Z1)", "!C2"),
    ("=ADDRESS(2,3,5)", VALUE),
    ("=ADDRESS(0,3)", VALUE),
    ("=AREAS((A1:B2,C3))", 2.0),
    ("=ROWS(A1:C3)*10+COLUMNS(A1:B3)", 32.0),
    ("=ROWS({1,2;3,4;5,6})", 3.0),
    ("=COLUMNS(A:C)", 3.0),
    ("=COLUMNS((A1,B2))", REF),
    ("=ROW()+COLUMN()", 99.0 + 702.0),
    ("=SUM(ROW(A2:A4))", 9.0),
    ("=MAX((A:A=7)*ROW(A:A))", 3.0),
    ("=INDEX(A1:C3,2,3)", 6.0),
    ("=INDEX(A1:C1,3)", 3.0),
    ("=SUM(INDEX(A1:C3,0,1))", 12.0),
    ("=SUM(INDEX(A1:C3,2,))", 15.0),
    ("=INDEX(A1:C3,2)", REF),
    ("=INDEX(A1:C3,4,1)", REF),
    ("=INDEX(A1:C3,-1,1)", VALUE),
    ("=INDEX((A1:A3,B1:B3),2,1,2)", 5.0),
    ("=INDEX((A1:A3,B1:B3),2,1,3)", REF),
    ("=SUM(INDEX({1,2;3,4},2))", 7.0),
    ("=INDEX({1,2,3},2,1)", REF),
    ("=SUM(A1:INDEX(A1:A3,2))", 5.0),
    ("=SUM(OFFSET(A1,1,1,2,2))", 11.0),
    ("=SUM(OFFSET(C3,0,0,-2,-2))", 11.0),
    ("=SUM(OFFSET(A1:B2,1,0))", 16.0),
    ("=SUM(OFFSET(A1,0,0,,2))", 3.0),
    ("=SUM(OFFSET(A1,0.9,0,1,0.5))", 1.0),
    ("=OFFSET(A1,0,0,0,1)", REF),
    ("=OFFSET(A1,-1,0)", REF),
    ('=INDIRECT("B"&2)', 5.0),
    ('=SUM(INDIRECT("R1C1:R2C2",FALSE))', 12.0),
    ('=INDIRECT("nowhere")', REF),
    ('=INDIRECT("")', REF),
    ('=HYPERLINK("there","here")', "here"),
    ('=HYPERLINK("there")', "there"),
    ("=SHEET()", 1.0),
    ('=SHEET("s")', 1.0),
    ('=SHEET("none")', NA),
    ("=SHEETS()", 1.0),
    ("=_xlfn.FORMULATEXT(E1)", "=A1+1"),
    ("=_xlfn.FORMULATEXT(A1)", NA),
    ('=CELL("address",B2:C3)', "$B$2"),
    ('=CELL("row",B2)+CELL("COL",B2)', 4.0),
    ('=CELL("type",B3)&CELL("type",A1)&CELL("type",Z9)', "lvb"),
    ('=CELL("contents",E2)', DIV),
    ('=CELL("format",A1)', "G"),
    ('=CELL("nothing",A1)', VALUE),
    ('=MID(CELL("filename",A1),FIND("]",CELL("filename",A1))+1,31)', "S"),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_references(formula, expected):
    assert calculate(formula, SHEET) == expected


def test_rows_become_columns():
    assert calculate_array("=TRANSPOSE(A1:C2)", SHEET) == [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]


@pytest.mark.parametrize("formula", ['=CELL("filename",A1)', '=CELL("width",A1)', '=INFO("release")'])
def test_what_is_refused(formula):
    with pytest.raises(NotCalculatedError):
        calculate(formula, SHEET)
