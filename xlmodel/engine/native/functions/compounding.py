"""Compound interest: what a rate comes to in other periods, and what a sum grows to."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number, Value, Whole, excel
from xlmodel.engine.native.functions.cash_flows import numbers
from xlmodel.engine.native.operands import NUM, ExcelError


@add_in("EFFECT")
def effect(nominal_rate: Number, npery: Whole) -> float:
    """Return the yearly rate of a nominal one that is compounded several times a year."""
    if nominal_rate <= 0 or npery < 1:
        raise ExcelError(NUM)
    return (1 + nominal_rate / npery) ** npery - 1


@add_in("NOMINAL")
def nominal(effect_rate: Number, npery: Whole) -> float:
    """Return the nominal rate that gives a yearly one when it is compounded several times a year."""
    if effect_rate <= 0 or npery < 1:
        raise ExcelError(NUM)
    return float(npery * ((1 + effect_rate) ** (1 / npery) - 1))


@excel("RRI")
def rri(nper: Number, pv: Number, fv: Number) -> float:
    """Return the rate at which one sum grows to another."""
    if nper <= 0 or pv == 0 or fv / pv < 0:
        raise ExcelError(NUM)
    return float((fv / pv) ** (1 / nper) - 1)


@excel("PDURATION")
def pduration(rate: Number, pv: Number, fv: Number) -> float:
    """Return the periods in which one sum grows to another."""
    if rate <= 0 or pv <= 0 or fv <= 0:
        raise ExcelError(NUM)
    return (math.log(fv) - math.log(pv)) / math.log(1 + rate)


@add_in("FVSCHEDULE")
def fvschedule(context: Context, principal: Number, schedule: Value) -> float:
    """Return what a sum grows to at one rate after another."""
    for rate in numbers(context, schedule):
        principal *= 1 + rate
    return principal
