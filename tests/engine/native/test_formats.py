"""The number-format language."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError

SHOWN = {
    "digits": [
        (12.344, "0.00", "12.34"), (12.3, "000.00", "012.30"), (12.3, "###.##", "12.3"), (1, "#.##", "1."),
        (0, "#.##", "."),
        (0.3, "#.0", ".3"), (1, "0.0#0", "1.00"), (1, "0.#0", "1.0"), (1.005, "0.00", "1.01"), (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (-0.3, "0", "0"), (-0.3, "0;(0)", "(0)"), (1.1, "|??.??|", "| 1.1 |"), (5, "", ""), (-5, "", "-"),
        (1e21, "0", "1" + "0" * 21),
        (1.2345678901234567e19, "0.0", "12345678901234600000.0"), (123456, "##0° 00' 00''", "12° 34' 56''"),
        (1234567.89, '#,#"ZZ"#.0"YY"00', "1,234,56ZZ7.8YY90"), (1234, "5000700", "5012734"),
        (7, "0000-00", "0000-07"),
    ],
    "commas and percents": [
        (1234567, "#,##0", "1,234,567"), (12, "0,000", "0,012"), (1234567, "?,?????????", "    1,234,567"),
        (12, "0,", "0"),
        (1234567, "0,", "1235"), (1234567, "0.0,,", "1.2"), (1234567, "#,##0,K", "1,235K"),
        (1234567, ",0", ",1234567"),
        (890123.456789, "0,x#.00.0", "89012x3.45.7"), (0.256, "0%", "26%"),
        (123.45, "#,##0.00%%", "1,234,500.00%%"), (89, "%#", "%8900"),
    ],
    "exponents": [
        (12345, "0.00E+00", "1.23E+04"), (0.000122, "0.00E-##", "1.22E-4"), (12200000, "0.00E-##", "1.22E7"),
        (12345, "##0.0E+0", "12.3E+3"), (999999, "0.0E+0", "1.0E+6"), (0, "0.0E+0", "0.0E+0"),
        (-12, "0.0E+0", "-1.2E+1"),
    ],
    "fractions": [
        (0.75, "# ?/?", " 3/4"), (5, "# ?/?", "5    "), (23.75, "# ??/??", "23  3/4 "), (3.75, "#/#", "15/4"),
        (0.3, "# ?/?", " 2/7"),
        (3.141592653589793, "# ?/???", "3 16/113"), (2.3, "# ?/8", "2 2/8"), (2.99, "# ?/8", "3    "),
        (-0.75, "#:#/#", "-3/4"),
        (0, "0 0/0", "0 0/1"), (1.5, "# ?/100", "1 50/100"),
    ],
    "sections": [
        (-5, "0;(0)", "(5)"), (0, "0;(0);-", "-"), (0, "0;(0)", "0"), ("x", "0;0;0;<@>", "<x>"), ("x", "0", "x"),
        ("x", ";;;", ""),
        (5, "0;@", "5"), (-5, "0;@", "-5"), (True, "0", "TRUE"), (1, "[Red]0;[Color 5]-0", "1"),
        (-1.5, "_(* 0.0_);_(* (0.0)", " (1.5)"),
        (1500, '[>=1000]0.0,"K";0', "1.5K"), (-1500, '[>=1000]0.0,"K";0', "-1500"), (5, "[<0]-0;[=0]nil;0", "5"),
        (-2e6, '[>=1000000]0,,"M";[<=-1000000]-0,,"M";0', "-2M"), (11, '[<10]0" low"', "11"),
        (-4, "[=0]nil;0", "-4"),
        (None, "0.0", "0.0"), (5, "@", "5"), (5, '"n"@', "n5"), (1, "[$£-809]0.00", "£1.00"),
        (1, "[$EUR] 0", "EUR 1"),
    ],
    "General": [
        (1 / 3, "General", "0.333333333"), (1234567.891234, "General", "1234567.891"),
        (12345678901.5, "General", "12345678902"),
        (123456789012, "General", "1.23457E+11"), (1e-9, "General", "0.000000001"),
        (-2.5e-9, "General", "-2.5E-09"),
        (0.00012345678, "General", "0.000123457"), (99999999999.6, "General", "1E+11"), (0, "General", "0"),
        (-3, '"x "General', "-x 3"),
    ],
    "dates": [
        (45000, "dd/mm/yyyy", "15/03/2023"), (45000, "d-mmm-yy", "15-Mar-23"),
        (45000, "dddd d mmmm", "Wednesday 15 March"),
        (45000, "ddd mmmmm yyy", "Wed M 2023"), (60, "d mmm yyyy", "29 Feb 1900"), (0, "d/m/yyyy", "0/1/1900"),
        (1, "dddd", "Sunday"),
        (45000, "[$-809]d mmmm", "15 March"), (45000, "d.m.yy", "15.3.23"),
        (45000, "mmmm d, yyyy", "March 15, 2023"), (130, "yyyy", "1900"),
    ],
    "times": [
        (0.75, "h:mm AM/PM", "6:00 PM"), (0, "h A/P", "12 A"), (0.5, "h:mm am/pm", "12:00 PM"),
        (0.999999, "hh:mm:ss", "00:00:00"),
        (130.33332, "hm hmmm", "759 7May"), (3.14159, "[h]:mm:ss.000", "75:23:53.376"),
        (3.14159, "[m]:ss.0", "4523:53.4"),
        (3.14159, "[s]", "271433"), (0.08546296296296296, "[hh]:mm:ss", "02:03:04"), (-1, "[h]", "-24"),
        (45000.5, "d/m h:mm", "15/3 12:00"),
        (0.5208333333, "mm:ss", "30:00"), (0.0001, "s.00", "8.64"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("value", "code", "text"), [row for rows in SHOWN.values() for row in rows])
def test_what_a_format_shows(value: object, code: str, text: str) -> None:
    assert format_text(float(value) if type(value) is int else value, code) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1, '0"x'), (1, "0\\"), (1, "mm###"), (1, "0@"), (1, "0;@;0;0"), (1, "0;0;0;@;0"), (1, "General0"),
        (1, "[Pink]0"),
        (1, "0e+00.0"), (1, "0.0Y"), (-1, "d/m/yyyy"), (2_958_466, "yyyy"), (-1, "[h]:mm"), (1, "h:mm.00"),
        (1, "ss.0000"),
    ],
)  # fmt: skip
def test_what_is_no_format_or_no_date_is_a_value_error(value: float, code: str) -> None:
    with pytest.raises(ExcelError) as problem:
        format_text(float(value), code)
    assert problem.value.value == VALUE


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1, "[DBNum1]0"),
        (1, "0 kg"),
        (1, "[$-F800]dddd"),
        (1, "[$-407]mmmm"),
        (44999.999999, "d/m/yyyy"),
        (-9, "[<-10]0"),
    ],
)
def test_what_depends_on_the_machine_is_refused(value: float, code: str) -> None:
    with pytest.raises(UnsupportedError):
        format_text(float(value), code)


def test_the_1904_system() -> None:
    assert format_text(1.5, "yyyy-mm-dd hh:mm", date1904=True) == "1904-01-02 12:00"
    assert format_text(-0.5, "[h]:mm", date1904=True) == "-12:00"
    assert format_text(0.0, "dddd", date1904=True) == "Friday"


def test_the_locale_gives_the_marks() -> None:
    assert format_text(1234.5, "#,##0.00", Locale("de-DE", decimal=",", group=".")) == "1.234,50"


@given(st.floats(-1e12, 1e12, allow_nan=False), st.text(alphabet='0#?.,%;@/eE+-dmyhsaApP[]"\\_* :$<>=1', max_size=12))
def test_any_code_is_shown_or_refused(number: float, code: str) -> None:
    with suppress(ExcelError, UnsupportedError):
        assert isinstance(format_text(number, code), str)
