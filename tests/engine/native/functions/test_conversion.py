"""CONVERT: units, prefixes, temperatures."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

NA, VALUE = ErrorValue("#N/A"), ErrorValue("#VALUE!")

CASES = [
    ('=CONVERT(1,"lbm","kg")', 0.45359237),
    ('=CONVERT(1,"sg","lbm")', 32.17404855643044),
    ('=CONVERT(1,"stone","lbm")', 14.0),
    ('=CONVERT(1,"uk_ton","ton")', 1.12),
    ('=CONVERT(2500,"ft","yd")', 2500 / 3),
    ('=CONVERT(1,"survey_mi","m")', 1609.3472186944373),
    ('=CONVERT(1,"pc","ly")', 3.26156377694566),
    ('=CONVERT(1,"Pica","in")', 1 / 72),
    ('=CONVERT(1,"pica","Picapt")', 12.0),
    ('=CONVERT(1,"yr","day")', 365.25),
    ('=CONVERT(1,"psi","Pa")', 6894.757293168362),
    ('=CONVERT(760,"Torr","atm")', 1.0),
    ('=CONVERT(1,"lbf","N")', 4.4482216152605),
    ('=CONVERT(1,"pond","dyn")', 980.665),
    ('=CONVERT(1,"HPh","J")', 2684519.537696173),
    ('=CONVERT(1,"cal","c")', 4.1868 / 4.184),
    ('=CONVERT(1,"flb","J")', 1.3558179483314003),
    ('=CONVERT(1,"HP","W")', 745.6998715822702),
    ('=CONVERT(1,"PS","W")', 735.49875),
    ('=CONVERT(1,"T","ga")', 10000.0),
    ('=CONVERT(1,"gal","L")', 3.785411784),
    ('=CONVERT(1,"uk_gal","uk_pt")', 8.0),
    ('=CONVERT(6,"tsp","tbs")', 2.0),
    ('=CONVERT(1,"GRT","ft3")', 100.0),
    ('=CONVERT(1,"bushel","in^3")', 2150.42),
    ('=CONVERT(1,"us_acre","m2")', 4046.872609874252),
    ('=CONVERT(1,"ha","ar")', 100.0),
    ('=CONVERT(1,"mph","kn")', 1609.344 / 1852),
    ('=CONVERT(1,"m/s","m/h")', 3600.0),
    # prefixes
    ('=CONVERT(1,"km","m")', 1000.0),
    ('=CONVERT(1,"dam","em")', 1.0),
    ('=CONVERT(1,"km2","m2")', 1e6),
    ('=CONVERT(1,"dm3","L")', 1.0),
    ('=CONVERT(1,"Mang^3","L")', 1e-9),
    ('=CONVERT(1,"pc","J")', 4.184e-12),
    ('=CONVERT(1,"kibyte","bit")', 8192.0),
    ('=CONVERT(1,"Yibit","Zibit")', 1024.0),
    ('=CONVERT(1,"mK","K")', 0.001),
    # temperatures
    ('=CONVERT(68,"F","C")', 20.0),
    ('=CONVERT(32,"F","C")', 0.0),
    ('=CONVERT(-40,"cel","fah")', -40.0),
    ('=CONVERT(0,"C","K")', 273.15),
    ('=CONVERT(1,"kK","C")', 726.85),
    ('=CONVERT(1,"Rank","K")', 1 / 1.8),
    ('=CONVERT(80,"Reau","F")', 212.0),
    ('=CONVERT("3.6","C","F")', 38.48),
]
ERRORS = [
    ('=CONVERT(2.5,"ft","sec")', NA),
    ('=CONVERT(1,"FT","m")', NA),
    ('=CONVERT(1,"kft","m")', NA),
    ('=CONVERT(1,"kim","m")', NA),
    ('=CONVERT(1,"kC","K")', NA),
    ('=CONVERT(1,"","m")', NA),
    ('=CONVERT("x","m","km")', VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_a_conversion(formula, expected):
    assert calculate(formula) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize(("formula", "expected"), ERRORS)
def test_what_cannot_be_converted_is_its_error(formula, expected):
    assert calculate(formula) == expected
