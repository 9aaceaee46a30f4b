"""Complex numbers in text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import calculate

from xlmodel.engine.native.functions.complex_text import complex_text, read_complex
from xlmodel.values import ErrorValue

DIV, NUM, VALUE = (ErrorValue(c) for c in ("#DIV/0!", "#NUM!", "#VALUE!"))
SHEET = {"A1": "3+4i", "A2": 5.0, "A3": True, "A5": "i"}

CASES = [
    ("=COMPLEX(3,4)", "3+4i"),
    ('=COMPLEX(3,-1,"j")', "3-j"),
    ("=COMPLEX(0,1)", "i"),
    ("=COMPLEX(-2.5,0)", "-2.5"),
    ('=COMPLEX(1,2,"")', "1+2i"),
    ('=COMPLEX(1,2,"I")', VALUE),
    ("=COMPLEX(1E-18,0)", "0.000000000000000001"),
    ("=COMPLEX(1E-20,1.2E-45)", "1E-20+1.2E-45i"),
    ('=IMREAL("6-9i")', 6.0),
    ('=IMAGINARY("-j")', -1.0),
    ("=IMREAL(C9)", 0.0),
    ("=IMAGINARY(4)", 0.0),
    ('=IMREAL("1E3-2.5e-1i")', 1000.0),
    ('=IMABS("5+12i")', 13.0),
    ('=IMARGUMENT("-1")', 3.141592653589793),
    ("=IMARGUMENT(0)", DIV),
    ('=IMCONJUGATE("3+4i")', "3-4i"),
    ('=IMSUM("3+4i","5-3i")', "8+i"),
    ("=IMSUM(A1:A2,A4:A5)", "8+5i"),
    ('=IMSUM("3+4i","5-3j")', VALUE),
    ("=IMSUM(A3,1)", VALUE),
    ('=IMSUB("13+4i","5+3i")', "8+i"),
    ('=IMSUB("i","j")', NUM),
    ('=IMPRODUCT("3+4i","5-3i")', "27+11i"),
    ("=IMPRODUCT(A4,A1)", "0"),
    ('=IMDIV("-238+240i","10+24i")', "5+12i"),
    ('=IMDIV("1+i",0)', NUM),
    ('=IMPOWER("2+3i",3)', "-46+9.00000000000001i"),
    ("=IMPOWER(0,2.3)", "0"),
    ("=IMPOWER(0,0)", NUM),
    ('=IMSQRT("1+i")', "1.09868411346781+0.455089860562227i"),
    ('=IMEXP("1+i")', "1.46869393991589+2.28735528717884i"),
    ('=IMLN("3+4i")', "1.6094379124341+0.927295218001612i"),
    ("=IMLN(0)", NUM),
    ('=IMLOG10("3+4i")', "0.698970004336019+0.402719196273373i"),
    ('=IMLOG2("3+4i")', "2.32192809488736+1.33780421245098i"),
    ('=IMSIN("4+3i")', "-7.61923172032141-6.548120040911i"),
    ('=IMCOS("1+i")', "0.833730025131149-0.988897705762865i"),
    ('=IMTAN("4+3i")', "0.00490825806749606+1.00070953606723i"),
    ('=IMTAN("7+25j")', "3.82126757337684E-22+j"),
    ('=IMCOT("4+3i")', "0.00490118239430447-0.999266927805902i"),
    ("=IMCOT(0)", NUM),
    ('=IMSEC("4+3i")', "-0.0652940278579471-0.0752249603027732i"),
    ('=IMCSC("4+3i")', "-0.0754898329158637+0.0648774713706355i"),
    ('=IMSINH("4+3i")', "-27.0168132580039+3.85373803791938i"),
    ('=IMCOSH("4+3i")', "-27.0349456030742+3.85115333481178i"),
    ('=IMSECH("4+3i")', "-0.0362534969158689-0.00516434460775318i"),
    ('=IMCSCH("4+3i")', "-0.036275889628626-0.0051744731840194i"),
    ("=IMEXP(1000)", NUM),
]
NO_NUMBERS = ["x", "3+4", "3+4k", "3i+4", " 3+4i", "3 + 4i", "3+4I", "+-i", "3++i", "1e400", "34i5", "="]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_a_function_gives_excels_text(formula, expected):
    assert calculate(formula, SHEET) == expected


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_complex_number_is_a_number_error(text):
    assert calculate(f'=IMABS("{text}")') == NUM


@given(st.complex_numbers(max_magnitude=1e300, allow_subnormal=False), st.sampled_from("ij"))
def test_a_number_is_read_as_it_was_written_to_fifteen_digits(value, unit):
    again = read_complex(complex_text(value, unit)).value
    assert again.real == pytest.approx(value.real, rel=1e-13, abs=1e-300)
    assert again.imag == pytest.approx(value.imag, rel=1e-13, abs=1e-300)
