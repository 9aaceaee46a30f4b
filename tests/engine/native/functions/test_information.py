"""Of what kind a value is, and what conditions come to together."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

DIV, NA, REF, VALUE = (ErrorValue(c) for c in ("#DIV/0!", "#N/A", "#REF!", "#VALUE!"))
SHEET = {"A1": 1.5, "A2": "text", "A3": True, "A4": "=1/0", "A5": "=NA()", "A6": "", "A7": "3", "B1": 0.0, "B2": 2.0}
BLANK = "Z1"

KINDS = ("ISNUMBER", "ISTEXT", "ISNONTEXT", "ISLOGICAL", "ISBLANK", "ISERROR", "ISERR", "ISNA", "ISREF", "ISFORMULA")
FACTS = {
    "A1": "ISNUMBER ISNONTEXT ISREF",
    "A2": "ISTEXT ISREF",
    "A3": "ISLOGICAL ISNONTEXT ISREF",
    "A4": "ISERROR ISERR ISNONTEXT ISREF ISFORMULA",
    "A5": "ISERROR ISNA ISNONTEXT ISREF ISFORMULA",
    "A6": "ISTEXT ISREF",
    BLANK: "ISBLANK ISNONTEXT ISREF",
}
CASES = [
    ("=ISREF(1)", False),
    ("=ISREF(OFFSET(A1,-1,0))", False),
    ("=ISEVEN(2.9)", True),
    ("=ISODD(-3)", True),
    ("=ISODD(A7)", True),
    ("=ISEVEN(A3)", VALUE),
    ("=ISEVEN(A1:A2)", VALUE),
    ("=ISEVEN(Z1)", True),
    ("=N(A1)+N(A2)+N(A3)+N(Z1)", 2.5),
    ("=N(A4)", DIV),
    ("=N(A1:A3)", 1.5),
    ("=TYPE(A1)", 1.0),
    ("=TYPE(A2)", 2.0),
    ("=TYPE(A3)", 4.0),
    ("=TYPE(A4)", 16.0),
    ("=TYPE({1,2})", 64.0),
    ("=ERROR.TYPE(A4)", 2.0),
    ("=ERROR.TYPE(A5)", 7.0),
    ("=ERROR.TYPE(A1)", NA),
    ("=NA()", NA),
    ("=AND(TRUE,1,A3)", True),
    ("=AND(TRUE,B1)", False),
    ("=AND(A2,TRUE)", True),
    ("=AND(A2,A6,Z1)", VALUE),
    ('=AND(TRUE,"0")', True),
    ('=AND(TRUE,"false")', False),
    ("=AND(FALSE,A1:A5)", DIV),
    ("=OR(FALSE,A1:A3)", True),
    ("=OR(B1,FALSE)", False),
    ("=OR(TRUE,NA())", NA),
    ("=XOR(TRUE,TRUE,TRUE)", True),
    ("=XOR(B1:B2,A3)", False),
    ("=NOT(Z1)", True),
    ("=NOT(A2)", VALUE),
    ("=TRUE()", True),
    ("=FALSE()", False),
]


@pytest.mark.parametrize(("cell", "kind"), [(cell, kind) for cell in FACTS for kind in KINDS])
def test_kinds(cell, kind):
    stored = "_xlfn.ISFORMULA" if kind == "ISFORMULA" else kind
    assert calculate(f"={stored}({cell})", SHEET) is (kind in FACTS[cell].split())


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_information(formula, expected):
    assert calculate(formula, SHEET) == expected
