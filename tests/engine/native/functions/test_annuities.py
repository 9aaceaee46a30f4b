"""Annuities, cash flows and compound interest give Excel's values."""

import pytest
from sheets import NotCalculatedError, calculate

from xlmodel.values import ErrorValue

NUM, VALUE, NA, DIV0 = (ErrorValue(code) for code in ("#NUM!", "#VALUE!", "#N/A", "#DIV/0!"))

ANNUITIES = [
    ("=FV(0.06/12,10,-200,-500,1)", 2581.4033740601367),
    ("=FV(0,4,-100)", 400.0),
    ("=PV(0.08/12,20*12,500)", -59777.14585118777),
    ("=PV(0,4,100,50)", -450.0),
    ("=PV(-1,20,300)", DIV0),
    ("=PV(-3,0.5,1)", NUM),
    ('=PV(1,2,3,4,"false")', VALUE),
    ("=PMT(0.08/12,10,10000)", -1037.0320893591606),
    ("=PMT(0.08/12,10,10000,0,1)", -1030.1643271779741),
    ("=PMT(0,4,10,10000)", -2502.5),
    ("=PMT(0.1,0,10)", NUM),
    ("=PMT(-1,1,100)", NUM),
    ("=NPER(0.12/12,-100,-1000,10000,1)", 59.67386567429457),
    ("=NPER(0,-100,1000)", 10.0),
    ("=NPER(0.1,0,1000)", NUM),
    ("=RATE(4*12,-200,8000)", 0.007701472488246),
    ("=RATE(1,-388,22000)", 388 / 22000 - 1),
    ("=RATE(10,-1200,2000)", NUM),  # the first steps lead below -1
    ("=RATE(0,-1,2)", NUM),
    ("=IPMT(0.1/12,1,3*12,8000)", -66.66666666666667),
    ("=IPMT(0.1,3,3,8000)", -292.4471299093658),
    ("=IPMT(0.1,1,3,8000,0,1)", 0.0),
    ("=IPMT(0.1,4,3,8000)", NUM),
    ("=PPMT(0.1/12,1,2*12,2000)", -75.62318600836667),
    ("=PPMT(0.08,10,10,200000)", -27598.05346242135),
    ("=PPMT(2,3,33,10000,0,1)", -20000 / (3**33 - 1) * 3),  # far below the 15th digit of the payment
    ("=PPMT(0,3,4,100)", -25.0),
    ("=ISPMT(0.1,0,3,8000000)", -800000.0),
    ("=CUMIPMT(0.09/12,30*12,125000,13,24,0)", -11135.232130750845),
    ("=CUMPRINC(0.09/12,30*12,125000,13,24,0)", -934.1071234208765),
    ("=CUMIPMT(0.09/12,30*12,125000,1,1,0)", -937.5),
    ("=CUMPRINC(0.1,4,100,1.5,3.5,0)-PPMT(0.1,2,4,100)-PPMT(0.1,3,4,100)", 0.0),
    ("=CUMIPMT(0,10,100,1,1,0)", NUM),
    ("=CUMIPMT(0.1,10,100,1,1,0.5)", NUM),
    ("=CUMIPMT(0.1,10,100,TRUE,1,0)", VALUE),
]
FLOWS = {
    "A1": -70000.0,
    "A2": 12000.0,
    "A3": 15000.0,
    "A4": 18000.0,
    "A5": 21000.0,
    "A6": 26000.0,
    "A7": "x",
    "A8": True,
}
DATED = {
    "A1": -10000.0, "A2": 2750.0, "A3": 4250.0, "A4": 3250.0, "A5": 2750.0,
    "B1": 39448.0, "B2": 39508.0, "B3": 39751.0, "B4": 39859.0, "B5": 39904.0,
}  # fmt: skip

CASH_FLOWS = [
    ("=NPV(0.1,-10000,3000,4200,6800)", 1188.4434123352207, {}),
    ("=NPV(1,A1:A3)", 0.75, {"A1": 1.0, "A2": None, "A3": 1.0}),  # a blank is left out, and so is its period
    ("=NPV(1,A1:A3)", 0.75, {"A1": 1.0, "A2": "2", "A3": 1.0}),
    ("=NPV(-1,1)", DIV0, {}),
    ("=IRR(A1:A5)", -0.02124484827341083, FLOWS),
    ("=IRR(A1:A8)", 0.08663094803653162, FLOWS),
    ("=IRR(A1:A3,-0.1)", -0.4435069413347343, FLOWS),
    ("=IRR({-20,5,5,5,5,5},17)", 0.0793082611605282, {}),
    ("=IRR({-400,1,1,1,1,1})", -0.6737366751808405, {}),
    ("=IRR({1,2})", NUM, {}),
    ("=IRR({-1,2},-1)", VALUE, {}),
    ("=IRR({-1,2,#N/A})", VALUE, {}),
    ("=MIRR({-120000,39000,30000,21000,37000,46000},10%,12%)", 0.12609413036590511, {}),
    ("=MIRR({5,6},0.1,0.2)", DIV0, {}),
    ("=MIRR({-5,4},-1,0.2)", -0.2, {}),
    ("=XNPV(0.09,A1:A5,B1:B5)", 2086.6476020315344, DATED),
    ("=XNPV(0,A1:A5,B1:B5)", NUM, DATED),
    ("=XNPV(0.09,A1:A4,B1:B5)", NUM, DATED),
    ("=XNPV(0.09,A1:A5,B1:B5)", NUM, {**DATED, "A2": "x"}),
    ("=XIRR(A1:A5,B1:B5,0.1)", 0.3733625352382659, DATED),  # 0.373362535 in Excel's help, the root being 0.3733625335
    ("=XIRR(A1:A5,B1:B5)", VALUE, {**DATED, "A2": "x"}),
    ("=XIRR(A2:A5,B2:B5)", NUM, DATED),
    ("=XIRR({-100,50},{1,2,3})", NUM, {}),
    ("=XIRR({-100,110},{366,1})", NUM, {}),
    ("=XIRR({-100,50},{1,366})", -0.5 + 3.7252903e-09, {}),
]

COMPOUNDING = [
    ("=EFFECT(0.0525,4)", 0.05354266737075819),
    ("=EFFECT(0.0525,4.9)", 0.05354266737075819),
    ("=EFFECT(0,4)", NUM),
    ("=NOMINAL(0.053543,4)", 0.05250031986836),
    ("=NOMINAL(0.05,0.9)", NUM),
    ("=RRI(96,10000,11000)", 0.0009933073762913303),
    ("=RRI(2,3,0)", -1.0),
    ("=RRI(0,3,4)", NUM),
    ("=PDURATION(2.5%,2000,2200)", 3.859866162622655),
    ("=PDURATION(0,1,2)", NUM),
    ("=FVSCHEDULE(1,{0.09,0.11,0.1})", 1.33089),
    ("=FVSCHEDULE(1000,-1.5)", -500.0),
    ("=FVSCHEDULE(1,TRUE)", VALUE),
]


@pytest.mark.parametrize(
    ("formula", "expected", "cells"),
    [(formula, expected, {}) for formula, expected in ANNUITIES + COMPOUNDING] + CASH_FLOWS,
)
def test_money_over_time(formula, expected, cells):
    found = calculate(formula, cells)
    if isinstance(expected, ErrorValue):
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_xirr_halves_its_interval_as_often_as_excel_does():
    cells = {"A1": -10.0, "A2": 1.0, "A3": 5.0, "A4": 1e-4, "A5": 4.5}
    dates = "{1;99;55;4;9}"
    assert calculate(f"=XIRR(A1:A5,{dates})", cells) == pytest.approx(0.5993197500705721, rel=1e-15)
    assert calculate(f"=XIRR(A1:A5,{dates},1)", cells) == pytest.approx(0.5993197485804558, rel=1e-15)


def test_xirr_does_not_guess_where_excel_gives_up():
    with pytest.raises(NotCalculatedError, match="iteration"):
        calculate("=XIRR({-100,-100,-100,250},{1,31,61,91})")
