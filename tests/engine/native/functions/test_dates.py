"""Dates and times give Excel's values: in both date systems, at the edges of the calendar, for odd arguments."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, VALUE, NA = (ErrorValue(code) for code in ("#NUM!", "#VALUE!", "#N/A"))

DATES = [
    ("=DATE(2008,14,2)", 39846.0),
    ("=DATE(2008,-3,2)", 39327.0),
    ("=DATE(2008,1,35)", 39482.0),
    ("=DATE(108,1,2)", 39449.0),  # 1900 + 108
    ("=DATE(2024.9,1.9,1.9)", 45292.0),
    ("=DATE(1900,2,29)", 60.0),
    ("=DATE(0,1,0)", 0.0),
    ("=DATE(0,0,0)", NUM),
    ("=DATE(9999,12,31)", 2958465.0),
    ("=DATE(9999,12,32)", NUM),
    ("=DATE(10000,1,1)", NUM),
    ("=DATE(-1,1,1)", NUM),
    ('=DATEVALUE("2011-08-22")', 40777.0),
    ('=DATEVALUE("22 May 2011")', 40685.0),
    ("=DATEVALUE(40777)", VALUE),
    ("=DAY(60)", 29.0),
    ("=DAY(1)", 1.0),
    ("=DAY(0)", 0.0),
    ("=DAY(TRUE)", 1.0),
    ("=DAY(-1)", NUM),
    ("=MONTH(0)", 1.0),
    ("=MONTH(39846.9)", 2.0),
    ("=YEAR(2958465)", 9999.0),
    ("=YEAR(2958466)", NUM),
    ('=YEAR("2008-07-05")', 2008.0),
    ("=EDATE(DATE(2011,1,31),1)", 40602.0),
    ("=EDATE(DATE(2011,1,15),-1)", 40527.0),
    ("=EDATE(DATE(2011,1,15),1.9)", 40589.0),
    ("=EDATE(0,0)", 0.0),
    ("=EDATE(10,-1)", NUM),
    ("=EDATE(TRUE,1)", VALUE),
    ("=EOMONTH(DATE(2011,1,1),1)", 40602.0),
    ("=EOMONTH(DATE(2011,1,1),-3)", 40482.0),
    ("=EOMONTH(DATE(2023,3,2),-4.7)", 44895.0),
    ("=EOMONTH(0,0)", 31.0),
    ("=EOMONTH(1,TRUE)", VALUE),
]

TIMES = [
    ("=TIME(12,0,0)", 0.5),
    ("=TIME(27,0,0)", 0.125),
    ("=TIME(0,750,0)", 25 / 48),
    ("=TIME(12,-2,10)", 43090 / 86400),
    ("=TIME(23,59,59.999)", 86399 / 86400),
    ("=TIME(-1,1,1)", NUM),
    ("=TIME(32768,0,0)", NUM),
    ('=TIMEVALUE("2:24 AM")', 0.1),
    ('=TIMEVALUE("2011-08-22 6:35")', 395 / 1440),
    ("=TIMEVALUE(0.5)", VALUE),
    ("=HOUR(0.75)", 18.0),
    ("=HOUR(TIME(23,59,59)+0.6/86400)", 0.0),
    ("=MINUTE(PI())", 23.0),
    ("=SECOND(PI())", 54.0),  # 53.6 is rounded
    ("=MINUTE(TIME(1,59,59)+0.6/86400)", 0.0),
    ("=HOUR(-1)", NUM),
]

PERIODS = [
    ("=DAYS(DATE(2011,12,31),DATE(2011,1,1.9))", 364.0),
    ('=DAYS("2011-03-15","2011-02-01")', 42.0),
    ("=DAYS360(DATE(2011,1,30),DATE(2011,2,1))", 1.0),
    ("=DAYS360(DATE(2011,1,1),DATE(2011,12,31))", 360.0),
    ("=DAYS360(DATE(2011,1,1),DATE(2011,12,31),TRUE)", 359.0),
    ("=DAYS360(DATE(2011,2,28),DATE(2011,3,1))", 1.0),
    ("=DAYS360(DATE(2011,3,1),DATE(2011,2,28))", -3.0),
    ('=DATEDIF(DATE(2001,1,1),DATE(2003,1,1),"y")', 2.0),
    ('=DATEDIF(DATE(2001,6,1),DATE(2002,8,15),"D")', 440.0),
    ('=DATEDIF(DATE(2001,6,1),DATE(2002,8,15),"YD")', 75.0),
    ('=DATEDIF(DATE(2011,1,31),DATE(2011,12,30),"M")', 10.0),
    ('=DATEDIF(DATE(2010,1,31),DATE(2011,12,30),"YM")', 10.0),
    ('=DATEDIF(DATE(2001,6,1),DATE(2002,8,15),"MD")', 14.0),
    ('=DATEDIF(DATE(2009,1,31),DATE(2009,3,1),"MD")', -2.0),  # from 31 February, which is 3 March
    ('=DATEDIF(8,1987,"YD")', 153.0),  # within 1900, which has a 29 February
    ('=DATEDIF(2,1,"D")', NUM),
    ('=DATEDIF(1,2,"x")', NUM),
    ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30))", 0.58055555555555556),
    ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),1)", 0.57650273224043716),
    ("=YEARFRAC(DATE(2012,7,30),DATE(2012,1,1),3)", 0.57808219178082187),
    ("=YEARFRAC(DATE(2011,2,28),DATE(2012,2,29))", 1.0),
    ("=YEARFRAC(DATE(2011,2,28),DATE(2012,2,29),4)", 361 / 360),
    ("=YEARFRAC(DATE(2011,2,28),DATE(2012,2,29),1)", 732 / 731),  # more than a year: of the mean of both
    ("=YEARFRAC(1,200,5)", NUM),
    ("=YEARFRAC(#N/A,200,5)", NUM),  # the basis is looked at first
    ("=YEARFRAC(1,200,TRUE)", VALUE),
    ("=YEARFRAC(1,TRUE)", VALUE),
]

WEEKS = [
    ("=WEEKDAY(DATE(2008,2,14))", 5.0),
    ("=WEEKDAY(DATE(2008,2,14),2)", 4.0),
    ("=WEEKDAY(DATE(2008,2,14),3)", 3.0),
    ("=WEEKDAY(DATE(2008,2,14),11)", 4.0),
    ("=WEEKDAY(DATE(2008,2,14),14)", 1.0),
    ("=WEEKDAY(DATE(2008,2,14),17)", 5.0),
    ("=WEEKDAY(0)", 7.0),
    ("=WEEKDAY(1,18)", NUM),
    ("=WEEKNUM(DATE(2012,3,9))", 10.0),
    ("=WEEKNUM(DATE(2012,3,9),2)", 11.0),
    ("=WEEKNUM(DATE(2012,1,1),21)", 52.0),
    ("=WEEKNUM(DATE(2012,1,1),16)", 1.0),
    ("=WEEKNUM(DATE(2012,1,7),16)", 2.0),
    ("=WEEKNUM(0)", 0.0),
    ("=WEEKNUM(1,3)", NUM),
    ("=WEEKNUM(TRUE)", VALUE),
    ("=ISOWEEKNUM(DATE(2012,3,9))", 10.0),
    ("=ISOWEEKNUM(DATE(2024,12,30))", 1.0),
    ("=ISOWEEKNUM(TRUE)", 52.0),
    ("=ISOWEEKNUM(8)", 1.0),
]

HOLIDAYS = {"A1": 41235.0, "A2": 41247.0, "A3": 41295.0, "A4": None}  # 22 November, 4 December 2012, 21 January 2013

WORKDAYS = [
    ("=NETWORKDAYS(DATE(2012,10,1),DATE(2013,3,1))", 110.0),
    ("=NETWORKDAYS(DATE(2012,10,1),DATE(2013,3,1),A1)", 109.0),
    ("=NETWORKDAYS(DATE(2012,10,1),DATE(2013,3,1),A1:A4)", 107.0),
    ("=NETWORKDAYS(DATE(2013,3,1),DATE(2012,10,1),A1:A4)", -107.0),
    ("=NETWORKDAYS(DATE(2024,6,1),DATE(2024,6,2))", 0.0),
    ("=NETWORKDAYS(TRUE,10)", VALUE),
    ("=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,1,31))", 22.0),
    ("=NETWORKDAYS.INTL(DATE(2006,2,28),DATE(2006,1,31))", -21.0),
    ('=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),7,{"2006-01-02","2006-01-16"})', 22.0),
    ('=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),"0010001",{"2006-01-02","2006-01-16"})', 20.0),
    ('=NETWORKDAYS.INTL(1,100,"1111111")', 0.0),
    ("=NETWORKDAYS.INTL(1,100,8)", NUM),
    ('=NETWORKDAYS.INTL(1,100,"012")', VALUE),
    ("=WORKDAY(DATE(2008,10,1),151)", 39933.0),
    ("=WORKDAY(DATE(2008,10,1),151,{39778,39786,39834})", 39938.0),
    ("=WORKDAY(DATE(2024,6,1),0)", 45444.0),
    ("=WORKDAY(DATE(2024,6,3),-1)", 45443.0),
    ("=WORKDAY(DATE(2024,6,3),-1,45443)", 45442.0),
    ("=WORKDAY(1,-5)", NUM),
    ("=WORKDAY.INTL(DATE(2012,1,1),30,0)", NUM),
    ("=WORKDAY.INTL(DATE(2012,1,1),90,11)", 41013.0),
    ("=WORKDAY.INTL(DATE(2012,1,1),30,17)", 40944.0),
    ("=WORKDAY.INTL(DATE(2012,1,1),1,,40910)", 40911.0),
    ('=WORKDAY.INTL(DATE(2012,1,1),1,"1111111")', VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), DATES + TIMES + PERIODS + WEEKS + WORKDAYS)
def test_dates_and_times(formula, expected):
    found = calculate(formula, HOLIDAYS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-14)


IN_1904 = [
    ("=DATE(1904,1,2)", 1.0),
    ("=DATE(4,1,2)", 1.0),
    ("=DATE(1903,12,31)", NUM),
    ("=YEAR(0)", 1904.0),
    ("=WEEKDAY(0)", 6.0),
    ("=EOMONTH(0,1)", 59.0),
    ("=EDATE(0,-1)", NUM),
    ("=YEARFRAC(0,366,1)", 1.0),
    ("=WORKDAY(0,1)", 3.0),
]


@pytest.mark.parametrize(("formula", "expected"), IN_1904)
def test_the_1904_system(formula, expected):
    assert calculate(formula, date1904=True) == expected


def test_an_array_is_taken_element_by_element_but_several_cells_are_not_by_an_add_in_function():
    cells = {"A1": 1.0, "A2": 32.0}
    assert calculate_array("=MONTH(A1:A2)", cells) == [[1.0], [2.0]]
    assert calculate_array("=EOMONTH(+A1:A2,0)", cells) == [[31.0], [60.0]]
    assert calculate("=EOMONTH(A1:A2,0)", cells) == VALUE


def test_today_is_the_day_of_now():
    assert calculate("=INT(NOW())-TODAY()") == 0.0
