"""Correlation, lines and curves give Excel's values."""

import pytest
from sheets import NotCalculatedError, calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, DIV0, NA, REF, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#N/A", "#REF!", "#VALUE!"))

CELLS = {
    "A1": 1.0, "A2": 9.0, "A3": 5.0, "A4": 7.0,  # known y's of Excel's help
    "B1": 0.0, "B2": 4.0, "B3": 2.0, "B4": 3.0,
    "C1": 6.0, "C2": 7.0, "C3": 9.0, "C4": 15.0, "C5": 21.0,
    "D1": 20.0, "D2": 28.0, "D3": 31.0, "D4": 38.0, "D5": 40.0,
    "E1": 1.0, "E2": "x", "E4": 4.0,
    "F1": 2.0, "F2": 3.0, "F3": 9.0, "F4": 1.0, "F5": 8.0, "F6": 7.0, "F7": 5.0,
    "G1": 6.0, "G2": 5.0, "G3": 11.0, "G4": 7.0, "G5": 5.0, "G6": 4.0, "G7": 4.0,
    "H1": ErrorValue("#NULL!"), "H2": 1.0,
}  # fmt: skip

CASES = [
    ("=CORREL({3,2,4,5,6},{9,7,12,15,17})", 0.9970544855015816),
    ("=PEARSON({9,7,5,3,1},{10,6,1,5,3})", 0.6993786061802354),
    ("=CORREL({1,2},{3,3})", DIV0),
    ("=CORREL({1,2,3},{1,2})", NA),
    ("=CORREL(A1:A4,E1:E4)", 1.0),  # pairs without a number are left out: (1, 1) and (7, 4)
    ("=CORREL(H1:H2,A1:A2)", NUM),  # #NULL! turns into #NUM!
    ("=RSQ({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})", 0.05795019157088122),
    ("=COVAR({3,2,4,5,6},{9,7,12,15,17})", 5.2),
    ("=COVARIANCE.S({2,4,8},{5,11,12})", 9.666666666666666),
    ("=COVARIANCE.S({1},{2})", DIV0),
    ("=SLOPE(F1:F7,G1:G7)", 0.3055555555555556),
    ("=SLOPE(A1:A4,E6)", VALUE),  # one blank cell
    ("=INTERCEPT({2,3,9,1,8},{6,5,11,7,5})", 0.04838709677419217),
    ("=STEYX(F1:F7,G1:G7)", 3.305718950210041),
    ("=STEYX({1,2},{3,4})", DIV0),
    ("=FORECAST(30,C1:C5,D1:D5)", 10.607253086419753),
    ("=FORECAST.LINEAR(30,C1:C5,{1,1,1,1,1})", DIV0),
    ("=LINEST(A1:A4,B1:B3)", REF),
    ("=LINEST(A1:A4,E1:E4)", VALUE),
    ("=GROWTH({1;-1},{1;2})", NUM),
    ("=SUM(LINEST({3100,4500,4400,5400,7500,8100},{1,2,3,4,5,6})*{9,1})", 11000.0),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_value(formula, expected):
    found = calculate(formula, CELLS)
    assert found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)


ARRAYS = [
    ("=LINEST(A1:A4,B1:B4,,FALSE)", [[2.0, 1.0]]),
    # a line without error: no error to divide by
    ("=LINEST({1;2;3},{2;3;4},TRUE,TRUE)", [[1.0, -1.0], [0.0, 0.0], [1.0, 0.0], [NUM, 1.0], [2.0, 0.0]]),
    (
        "=LINEST({1;2;3},{2;3;4},FALSE,TRUE)",
        [
            [20 / 29, 0.0],
            [0.05972588991616814, NA],
            [200 / 203, 0.32163376045133824],
            [400 / 3, 2.0],
            [400 / 29, 6 / 29],
        ],
    ),
    # variables that do not vary have no coefficient; as many coefficients as points leave no error
    (
        "=LINEST({1;2;3},{2,3;2,3;2,3},,TRUE)",
        [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0], [1.0, 0.0, NA], [NUM, 0.0, NA], [2.0, 0.0, NA]],
    ),
    ("=LINEST({1,4,9,16},{1,2,3,4}^{1;2})", [[1.0, 0.0, 0.0]]),
    ("=LOGEST({2;4;8},{1;2;3})", [[2.0, 1.0]]),
    ("=TREND({1;3;5})", [[1.0], [3.0], [5.0]]),
    ("=TREND({1,3,5},,{4,5})", [[7.0, 9.0]]),
    ("=TREND({3;5;8;7},{1,1;2,1;3,2;1,3},{4,4})", [[13.4]]),
    ("=TREND({2;4},{1;2},{3},FALSE)", [[6.0]]),
    ("=TREND({1;2;4;3},{1,1;2,1;1,2;3,1},{1,2,3})", [[REF]]),
    ("=GROWTH({2,4,8},{1,2,3},{4,5})", [[16.0, 32.0]]),
]


@pytest.mark.parametrize(("formula", "expected"), ARRAYS)
def test_array(formula, expected):
    found = calculate_array(formula, CELLS)
    for row, wanted in zip(found, expected, strict=True):
        for got, want in zip(row, wanted, strict=True):
            assert got == (pytest.approx(want, rel=1e-12, abs=1e-12) if isinstance(want, float) else want)


def test_collinear_variables_are_refused():
    with pytest.raises(NotCalculatedError, match="collinear"):
        calculate("=LINEST({1;2;4;7},{1,2;2,4;3,6;5,10})")
