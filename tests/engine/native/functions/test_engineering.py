"""Number bases, bits, steps, the error function and Bessel functions."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, VALUE = (ErrorValue(c) for c in ("#NUM!", "#VALUE!"))
SHEET = {"A1": True, "A2": "", "A3": "7f", "B1": 1.0, "B2": 10.0}

TEXTS = [
    ("=BIN2DEC(1100100)", 100.0),
    ("=BIN2DEC(1111111111)", -1.0),
    ("=BIN2DEC(C9)", 0.0),
    ("=BIN2DEC(A2)", 0.0),
    ("=BIN2DEC(2)", NUM),
    ("=BIN2DEC(10000000000)", NUM),
    ("=BIN2HEX(11111011,4)", "00FB"),
    ("=BIN2HEX(1111111111)", "FFFFFFFFFF"),
    ("=BIN2OCT(1001,3)", "011"),
    ("=DEC2BIN(9,4)", "1001"),
    ("=DEC2BIN(-100)", "1110011100"),
    ("=DEC2BIN(-1,1)", "1111111111"),
    ("=DEC2BIN(-1,11)", NUM),
    ("=DEC2BIN(-512.7)", "1000000000"),
    ("=DEC2BIN(512)", NUM),
    ("=DEC2BIN(9,3)", NUM),
    ("=DEC2BIN(9,0)", NUM),
    ("=DEC2BIN(A2)", VALUE),
    ("=DEC2BIN({1,2})", "1"),
    ("=DEC2HEX(-54)", "FFFFFFFFCA"),
    ("=DEC2HEX(64,1.9)", NUM),
    ("=DEC2OCT(58,3)", "072"),
    ("=HEX2BIN(A3)", "1111111"),
    ('=HEX2BIN("FFFFFFFE00")', "1000000000"),
    ('=HEX2BIN("FFFFFFFDFF")', NUM),
    ('=HEX2DEC("ad")', 173.0),
    ('=HEX2DEC("FFFFFFFF5B")', -165.0),
    ("=HEX2DEC(2.3)", NUM),
    ('=HEX2OCT("3B4E")', "35516"),
    ("=OCT2BIN(7777777000)", "1000000000"),
    ("=OCT2DEC(7777777533)", -165.0),
    ("=OCT2DEC(8)", NUM),
    ("=OCT2HEX(100,4)", "0040"),
    ("=BITAND(13,25)", 9.0),
    ("=BITAND(TRUE,5)", 1.0),
    ("=BITOR(23,10)", 31.0),
    ("=BITXOR(5,3)", 6.0),
    ("=BITAND(2^48,1)", NUM),
    ("=BITAND(1.5,1)", NUM),
    ("=BITLSHIFT(4,2.9)", 16.0),
    ("=BITLSHIFT(12,-53)", 0.0),
    ("=BITLSHIFT(12,54)", NUM),
    ("=BITLSHIFT(1,48)", NUM),
    ("=BITRSHIFT(13,2)", 3.0),
    ("=BITRSHIFT(12,-2)", 48.0),
    ("=DELTA(5,4)", 0.0),
    ("=DELTA(0)", 1.0),
    ("=DELTA(3,3+1E-14)", 0.0),
    ("=GESTEP(5,4)", 1.0),
    ("=GESTEP(-1)", 0.0),
    ("=BESSELJ(1,-1)", NUM),
    ("=BESSELY(0,1)", NUM),
    ("=BESSELK(0,10000000)", NUM),
    ("=BESSELI(0,10000000)", 0.0),
    ("=BESSELI(1E7,2)", NUM),
]
NUMBERS = [
    ("=ERF(1)", 0.8427007929497149),
    ("=ERF(0.5,1)", 0.3222009151366684),
    ("=ERF.PRECISE(-0.745)", -0.707928920095737),
    ("=ERFC(10)", 2.088487583762545e-45),
    ("=ERFC.PRECISE(-1)", 1.8427007929497148),
    # what Excel gives, which is not the mathematical value
    ("=BESSELJ(2.3,2)", 0.41391458970875217),
    ("=BESSELJ(-1,0)", 0.7651976837548592),
    ("=BESSELJ(10000000,2)", 8.683739567294922e-05),
    ("=BESSELY(2.3,2)", -0.4726168566767928),
    ("=BESSELY(10000000,2)", -0.00023689922733673244),
    ("=BESSELI(3.5,2)", 3.83201207162936),
    ("=BESSELI(-1,0)", 1.2660658480342601),
    ("=BESSELK(2.3,2)", 0.1617333633782021),
]
#: right to seven digits is all that the approximations promise
BESSEL = [
    ("=BESSELJ(0.5,1)", 0.2422684577),
    ("=BESSELJ(0.5,3)", 0.002563729995),
    ("=BESSELJ(12,1)", -0.2234471045),
    ("=BESSELJ(-12,1)", 0.2234471045),
    ("=BESSELJ(-0.5,3)", -0.002563729995),
    ("=BESSELY(0.5,0)", -0.4445187335),
    ("=BESSELY(12,1)", -0.05709921826),
    ("=BESSELI(1.5,1)", 0.9816664286),
    ("=BESSELI(5,1)", 24.33564214),
    ("=BESSELI(5,0)", 27.23987182),
    ("=BESSELI(-5,3)", -10.33115017),
    ("=BESSELK(1.5,1)", 0.2773878005),
    ("=BESSELK(1.5,0)", 0.2138055626),
    ("=BESSELK(5,0)", 0.003691098334),
    ("=BESSELK(5,1)", 0.004044613445),
]


@pytest.mark.parametrize(("formula", "expected"), TEXTS)
def test_a_digit_or_an_error(formula, expected):
    assert calculate(formula, SHEET, plain=True) == expected


@pytest.mark.parametrize(("formula", "expected"), NUMBERS)
def test_a_number_is_excels_to_fifteen_digits(formula, expected):
    assert calculate(formula) == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize(("formula", "expected"), BESSEL)
def test_a_bessel_function_is_right_to_seven_digits(formula, expected):
    assert calculate(formula) == pytest.approx(expected, rel=2e-7)


def test_arrays_are_taken_element_by_element():
    assert calculate_array("=DEC2HEX({10,11;300,-1},{1,2})") == [["A", "0B"], [NUM, "FFFFFFFFFF"]]
    assert calculate_array("=BITOR(B1:B2,1)", SHEET) == [[1.0], [11.0]]


@pytest.mark.parametrize("formula", ["=DEC2HEX(TRUE)", "=DEC2HEX(A1)", "=DEC2HEX(B1:B2)", "=GESTEP(1,A1)"])
def test_a_boolean_and_several_cells_are_no_number_to_the_analysis_toolpak(formula):
    assert calculate(formula, SHEET) == VALUE
