"""Answers of Excel's that are known from its documentation and its literature, to their last digit."""

import pytest
from sheets import calculate

from xlmodel.values import ErrorValue

#: Y9 and Z9 are blank
CELLS = {"Y1": "5", "Y2": True, "Y3": 3.0}

#: 15 digits
NUMBERS = [
    ("=52.8-8.8*6", 0.0),
    ("=70.4-8.8-61.6", 0.0),
    ("=0.5-0.4-0.1", 0.0),
    ("=(0.1+0.2-0.3)", 5.55111512312578e-17),
    ("=(43.1-43.2)+1", 0.899999999999999),
    ("=IF(0.1*3=0.3,1,2)", 1.0),
    ("=12345678901234567", 1.23456789012345e16),
    ("=ROUND(-2.5,0)", -3.0),
    ("=ROUND(1.005,2)", 1.01),
    ("=ROUND(1.015,2)", 1.02),
    ("=ROUND(626.3,-3)", 1000.0),
    ("=ROUND(-50.55,-2)", -100.0),
    ("=ROUNDUP(3.2,0)", 4.0),
    ("=ROUNDUP(31415.92654,-2)", 31500.0),
    ("=TRUNC(-8.9)", -8.0),
    ("=MROUND(1.3,0.2)", 1.4),
    ("=MROUND(-10,-3)", -9.0),
    ("=CEILING(-2.5,-2)", -4.0),
    ("=CEILING(1.5,0.1)", 1.5),
    ("=FLOOR(-2.5,-2)", -2.0),
    ("=FLOOR(1.58,0.1)", 1.5),
    ("=EVEN(-1)", -2.0),
    ("=ODD(0)", 1.0),
    ("=MOD(3,2)", 1.0),
    ("=MOD(3,-2)", -1.0),
    ("=2^3^2", 64.0),
    ("=-1%", -0.01),
    ("=TRUE+1", 2.0),
    ("=SUM(TRUE,1)", 2.0),
    ('="10%"+0', 0.1),
    ('="1e3"+0', 1000.0),
    ('="1,234"+0', 1234.0),
    ('="2020-01-02"+0', 43832.0),
    ("=Z9+1", 1.0),
    ("=COUNTBLANK(Z9:Z10)", 2.0),
    ("=MAX(Z9:Z10)", 0.0),
    ('=MIN("3",5)', 3.0),
    ("=Y1+1", 6.0),
    ("=AVERAGE(Y1:Y4)", 3.0),
    ("=SUMPRODUCT(Y1:Y4,Y1:Y4)", 9.0),
    ('=COUNTIF(Y1:Y4,"5")', 1.0),
    ("=DATE(1900,3,1)", 61.0),
    ("=DAY(60)", 29.0),
    ("=DAY(0)", 0.0),
    ("=MONTH(0)", 1.0),
    ("=WEEKDAY(1)", 1.0),
    ("=DATE(108,1,2)", 39449.0),
    ("=DATE(2008,-3,2)", 39327.0),
    ('=DATEDIF(36892,37621,"Y")', 1.0),
    ("=EOMONTH(60,0)", 60.0),
    ("=NPV(0.1,-10000,3000,4200,6800)", 1188.44341233522),
    ("=DB(1000000,100000,6,1,7)", 186083.333333333),
    ("=SLN(30000,7500,10)", 2250.0),
    ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30))", 0.580555555555556),
    ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),3)", 0.578082191780822),
    ("=XNPV(0.09,{-10000,2750,4250,3250,2750},{39448,39508,39751,39859,39904})", 2086.64760203153),
    ("=CUMIPMT(0.09/12,30*12,125000,13,24,0)", -11135.2321307508),
    ("=PRICE(DATE(2008,2,15),DATE(2017,11,15),0.0575,0.065,100,2,0)", 94.6343616213221),
    ("=STDEV(1E9+1,1E9+2,1E9+3)", 1.0),
    ("=COMBIN(8,2)", 28.0),
]
#: as many digits as are printed
ROUNDED = [
    ("=PV(0.08/12,12*20,500)", -59777.145851188),
    ("=RATE(48,-200,8000)", 0.0077014724882),
    ("=NORM.S.INV(0.908789)", 1.33333467),
]
#: texts
TEXTS = [
    ('=12345678901234567&""', "12345678901234500"),
    ('=0.1+0.2&""', "0.3"),
    ('=TRUE&""', "TRUE"),
    ('=Z9&"x"', "x"),
    ('=TEXT(60,"yyyy-mm-dd")', "1900-02-29"),
    ('=TEXT(0.5,"0")', "1"),
    ('=TEXT(1.005,"0.00")', "1.01"),
    ("=FIXED(1234.567,1)", "1,234.6"),
    ('=TEXT(-1234.5,"#,##0.00;(#,##0.00)")', "(1,234.50)"),
]
#: TRUE or FALSE
CONDITIONS = [
    ("=10000000.1=10000000.10000001", True),
    ('=AND("TRUE")', True),
    ('=Z9=""', True),
    ('="a"="A"', True),
    ('="a"<TRUE', True),
    ("=TRUE>1E300", True),
    ('="abc"<"ABD"', True),
]
#: errors
ERRORS = [
    ("=MOD(5,0)", "#DIV/0!"),
    ("=POWER(0,0)", "#NUM!"),
    ("=0^-1", "#DIV/0!"),
    ("=(-1)^0.5", "#NUM!"),
    ("=SQRT(-1)", "#NUM!"),
    ("=EXP(710)", "#NUM!"),
    ("=LN(0)", "#NUM!"),
    ("=ATAN2(0,0)", "#DIV/0!"),
    ('="abc"+1', "#VALUE!"),
    ('=--"TRUE"', "#VALUE!"),
    ('="inf"+0', "#VALUE!"),
    ('="0x10"+0', "#VALUE!"),
    ("=YEAR(2958466)", "#NUM!"),
    ("=GCD(2^53,2)", "#NUM!"),
]


@pytest.mark.parametrize(("formula", "expected"), NUMBERS)
def test_numbers(formula, expected):
    found = calculate(formula, CELLS, plain=True)
    assert isinstance(found, float)
    assert f"{found:.15g}" == f"{expected:.15g}"


@pytest.mark.parametrize(("formula", "expected"), ROUNDED)
def test_numbers_that_are_printed_rounded(formula, expected):
    assert calculate(formula, CELLS, plain=True) == pytest.approx(expected, rel=5e-9)


@pytest.mark.parametrize(("formula", "expected"), TEXTS + CONDITIONS)
def test_texts_and_conditions(formula, expected):
    assert calculate(formula, CELLS, plain=True) == expected


@pytest.mark.parametrize(("formula", "code"), ERRORS)
def test_errors(formula, code):
    assert calculate(formula, CELLS, plain=True) == ErrorValue(code)


@pytest.mark.parametrize(("locale", "expected"), [("en-US", 43832.0), ("en-GB", 43862.0)])
def test_a_date_that_reads_by_the_country(locale, expected):
    assert calculate('="1/2/2020"+0', plain=True, locale=locale) == expected
