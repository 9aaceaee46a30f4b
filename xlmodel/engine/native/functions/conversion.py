"""CONVERT: a number of one unit in another."""

from __future__ import annotations

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Number, Text
from xlmodel.engine.native.functions.units import Unit, readings
from xlmodel.engine.native.operands import NA, ExcelError

#: temperatures that do not start at the absolute zero: what they show at the melting point of ice
_ICE = {"C": 0.0, "F": 32.0, "Reau": 0.0}
_ICE_IN_KELVIN = 273.15


@add_in("CONVERT")
def convert(number: Number, from_unit: Text, to_unit: Text) -> float:
    """Return a number of one unit in another; #N/A where a unit is not known or they do not measure the same."""
    ends = {unit.measure: unit for unit in reversed([*readings(to_unit)])}
    start = next((unit for unit in readings(from_unit) if unit.measure in ends), None)
    if start is None:
        raise ExcelError(NA)
    end = ends[start.measure]
    if start.name in _ICE or end.name in _ICE:
        return _above_ice(_celsius(number, start), end)
    return number * start.size / end.size


def _celsius(number: float, unit: Unit) -> float:
    if unit.name in _ICE:
        return (number - _ICE[unit.name]) * unit.size
    return number * unit.size - _ICE_IN_KELVIN


def _above_ice(celsius: float, unit: Unit) -> float:
    if unit.name in _ICE:
        return celsius / unit.size + _ICE[unit.name]
    return (celsius + _ICE_IN_KELVIN) / unit.size
