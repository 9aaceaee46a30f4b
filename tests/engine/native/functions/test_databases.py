"""Functions of a database give Excel's values."""

import pytest
from sheets import NotCalculatedError, calculate

from xlmodel.values import ErrorValue, Scalar

VALUE, NUM, DIV0 = (ErrorValue(code) for code in ("#VALUE!", "#NUM!", "#DIV/0!"))

#: the orchard of Excel's help, and criteria beside it
TABLE: list[list[Scalar]] = [
    ["Tree", "Height", "Age", "Yield", "Profit"],
    ["Apple", 18.0, 20.0, 14.0, 105.0],
    ["Pear", 12.0, 12.0, 10.0, 96.0],
    ["Cherry", 13.0, 14.0, 9.0, 105.0],
    ["Apple", 14.0, None, 10.0, 75.0],
    ["Pear", 9.0, 8.0, 8.0, 76.8],
    ["Apple", 8.0, 9.0, 6.0, 45.0],
]
CELLS: dict[str, Scalar] = {f"{'ABCDE'[c]}{r + 1}": x for r, row in enumerate(TABLE) for c, x in enumerate(row)}
CELLS |= {
    "G1": "Tree", "H1": "Height", "I1": "Height", "G2": "=\"=Apple\"", "H2": ">10", "I2": "<16", "G3": "=\"=Pear\"",
    "K1": "tree", "K2": "P", "L1": "Tree", "L2": "*rr*", "M1": "Age", "M2": 12.0, "N1": "Shape", "N2": "round",
    "O1": "Tree", "O2": "<>Apple", "P1": "Old", "P2": "=C2>10", "Q1": "Tree", "Q2": "<>Pe", "R1": "Yes", "R2": True,
}  # fmt: skip

CASES = [
    ('=DSUM(A1:E7,"Profit",G1:G2)', 225.0),
    ('=DSUM(A1:E7,"profit",G1:I3)', 247.8),  # one row of criteria or the other
    ("=DSUM(A1:E7,5,G1:G3)", 397.8),
    ("=DSUM(A1:E7,5.9,G1:G3)", 397.8),
    ('=DSUM(A1:E7,"Profit",K1:K2)', 172.8),  # what begins with P
    ('=DSUM(A1:E7,"Profit",L1:L2)', 105.0),
    ('=DSUM(A1:E7,"Profit",M1:M2)', 96.0),
    ('=DSUM(A1:E7,"Profit",G1:G4)', 502.8),  # an empty row is met by all
    ('=DSUM(A1:E7,"Profit",N1:N2)', 0.0),
    ('=DSUM(A1:E7,"Profit",R1:R2)', 502.8),
    ('=DSUM(A1:E7,"Profit",O1:O2)', 277.8),
    ('=DSUM(A1:E7,"Weight",G1:G2)', VALUE),
    ("=DSUM(A1:E7,6,G1:G2)", VALUE),
    ("=DSUM(A1:E7,0,G1:G2)", VALUE),
    ("=DSUM(A1:E7,A1:B1,G1:G2)", VALUE),
    ("=DSUM(A1:E1,5,G1:G2)", VALUE),
    ("=DSUM(A1:E7,,G1:G2)", VALUE),
    ('=DPRODUCT(A1:E7,"Yield",G1:H2)', 140.0),
    ('=DAVERAGE(A1:E7,"Yield",G1:H2)', 12.0),
    ("=DAVERAGE(A1:E7,3,A1:E7)", 12.6),
    ('=DAVERAGE(A1:E7,"Yield",N1:N2)', DIV0),
    ('=DMAX(A1:E7,"Profit",G1:G3)', 105.0),
    ('=DMIN(A1:E7,"Profit",G1:H2)', 75.0),
    ('=DCOUNT(A1:E7,"Age",G1:H2)', 1.0),
    ('=DCOUNT(A1:E7,"Tree",G1:H2)', 0.0),
    ("=DCOUNT(A1:E7,,G1:H2)", 2.0),
    ('=DCOUNTA(A1:E7,"Tree",G1:H2)', 2.0),
    ('=DGET(A1:E7,"Yield",G1:G3)', NUM),
    ('=DGET(A1:E7,"Yield",M1:M2)', 10.0),
    ('=DGET(A1:E7,"Yield",N1:N2)', VALUE),
    ('=DSTDEV(A1:E7,"Yield",G1:G3)', 2.96647939483827),
    ('=DSTDEVP(A1:E7,"Yield",G1:G3)', 2.65329983228432),
    ('=DVAR(A1:E7,"Yield",G1:G3)', 8.8),
    ('=DVARP(A1:E7,"Yield",G1:G3)', 7.04),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_databases(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "criteria",
    ["P1:P2", "Q1:Q2"],  # a formula about the first record; <> of what texts begin with
)
def test_what_is_not_known_is_refused(criteria):
    with pytest.raises(NotCalculatedError):
        calculate(f'=DSUM(A1:E7,"Profit",{criteria})', CELLS)
