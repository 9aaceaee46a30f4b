"""Roman numerals and numbers in any base."""

import pytest
from sheets import calculate

from xlmodel.engine.native.functions.numeral_systems import arabic
from xlmodel.values import ErrorValue

NUM, VALUE = (ErrorValue(code) for code in ("#NUM!", "#VALUE!"))

CASES = [
    ("=ROMAN(499)", "CDXCIX"),
    ("=ROMAN(499,TRUE)", "CDXCIX"),
    ("=ROMAN(499,1)", "LDVLIV"),
    ("=ROMAN(499,2)", "XDIX"),
    ("=ROMAN(499,3)", "VDIV"),
    ("=ROMAN(499,4)", "ID"),
    ("=ROMAN(499,FALSE)", "ID"),
    ("=ROMAN(999.9,1.9)", "LMVLIV"),
    ("=ROMAN(94,3)", "XCIV"),
    ("=ROMAN(0)", ""),
    ("=ROMAN(3999)", "MMMCMXCIX"),
    ("=ROMAN(4000)", VALUE),
    ("=ROMAN(-1)", VALUE),
    ("=ROMAN(5,5)", VALUE),
    ('=ARABIC("mcmxii")', 1912.0),
    ('=ARABIC(" -MMXI ")', -2011.0),
    ('=ARABIC("")', 0.0),
    ('=ARABIC("IL")', 49.0),
    ('=ARABIC("IIIIIIV")', -1.0),
    ('=ARABIC("IILMIIC")', 1046.0),
    ('=ARABIC("Vh")', VALUE),
    ('=ARABIC("' + "I" * 256 + '")', VALUE),
    ("=BASE(7,2)", "111"),
    ("=BASE(100,16)", "64"),
    ("=BASE(15,2,10)", "0000001111"),
    ("=BASE(0,2)", "0"),
    ("=BASE(12.567,2)", "1100"),
    ("=BASE(123456789,36)", "21I3V9"),
    ("=BASE(5,1)", NUM),
    ("=BASE(5,37)", NUM),
    ("=BASE(-1,2)", NUM),
    ("=BASE(2^53,2)", NUM),
    ("=BASE(1,2,256)", NUM),
    ('=DECIMAL("FF",16)', 255.0),
    ("=DECIMAL(111,2.5)", 7.0),
    ('=DECIMAL("zap",36)', 45745.0),
    ("=DECIMAL(113,2)", NUM),
    ('=DECIMAL("FF",1)', NUM),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_numeral_systems(formula, expected):
    assert calculate(formula) == expected


@pytest.mark.parametrize("form", range(5))
def test_roman_numerals_of_each_form_are_read_back(form):
    from xlmodel.engine.native.functions.numeral_systems import _NUMERALS

    for number in range(4000):
        text, rest = "", number
        for letters, worth in _NUMERALS[form]:
            times, rest = divmod(rest, worth)
            text += letters * times
        assert arabic(text) == number
