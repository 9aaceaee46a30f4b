"""The units that CONVERT knows: what each measures, how large it is, and which prefixes it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_INCH, _FOOT, _YARD, _MILE, _SEA_MILE = 0.0254, 0.3048, 0.9144, 1609.344, 1852.0
_SURVEY_MILE = 5280 * 1200 / 3937
_LIGHT_YEAR = 9.4607304725808e15
_PARSEC = 3.08567758128155e16
_POINT = _INCH / 72
_POUND, _GRAVITY = 453.59237, 9.80665
_POUND_FORCE = _POUND / 1000 * _GRAVITY
_HORSEPOWER = 550 * _FOOT * _POUND_FORCE
_GALLON = 231 * (_INCH * 10) ** 3  #: litres
_IMPERIAL_GALLON = 4.54609

#: measure -> its units in the size of the first, which is the measure's own unit
_SIZES = {
    "mass": {
        "g": 1.0, "sg": _POUND * _GRAVITY / _FOOT, "lbm": _POUND, "u": 1.660538782e-24, "ozm": _POUND / 16,
        "grain": _POUND / 7000, "cwt shweight": 100 * _POUND, "uk_cwt lcwt hweight": 112 * _POUND,
        "stone": 14 * _POUND, "ton": 2000 * _POUND, "uk_ton LTON brton": 2240 * _POUND,
    },
    "distance": {
        "m": 1.0, "mi": _MILE, "Nmi": _SEA_MILE, "in": _INCH, "ft": _FOOT, "yd": _YARD, "ang": 1e-10, "ell": 1.143,
        "ly": _LIGHT_YEAR, "parsec pc": _PARSEC, "Picapt Pica": _POINT, "pica": 12 * _POINT, "survey_mi": _SURVEY_MILE,
    },
    "time": {"sec s": 1.0, "mn min": 60.0, "hr": 3600.0, "day d": 86400.0, "yr": 365.25 * 86400},
    "pressure": {
        "Pa p": 1.0, "atm at": 101325.0, "mmHg": 133.322, "psi": _POUND_FORCE / _INCH**2, "Torr": 101325 / 760,
    },
    "force": {"N": 1.0, "dyn dy": 1e-5, "lbf": _POUND_FORCE, "pond": _GRAVITY / 1000},
    "energy": {
        "J": 1.0, "e": 1e-7, "c": 4.184, "cal": 4.1868, "eV ev": 1.602176487e-19, "HPh hh": 3600 * _HORSEPOWER,
        "Wh wh": 3600.0, "flb": _FOOT * _POUND_FORCE, "BTU btu": 1055.05585262,
    },
    "power": {"W w": 1.0, "HP h": _HORSEPOWER, "PS": 75 * _GRAVITY},
    "magnetism": {"T": 1.0, "ga": 1e-4},
    "volume": {
        "l L lt": 1.0, "tsp": _GALLON / 768, "tspm": 0.005, "tbs": _GALLON / 256, "oz": _GALLON / 128,
        "cup": _GALLON / 16, "pt us_pt": _GALLON / 8, "uk_pt": _IMPERIAL_GALLON / 8, "qt": _GALLON / 4,
        "uk_qt": _IMPERIAL_GALLON / 4, "gal": _GALLON, "uk_gal": _IMPERIAL_GALLON, "barrel": 42 * _GALLON,
        "bushel": 2150.42 * (_INCH * 10) ** 3, "GRT regton": 100 * (_FOOT * 10) ** 3, "MTON": 40 * (_FOOT * 10) ** 3,
        "ang3 ang^3": 1e-27, "ft3 ft^3": (_FOOT * 10) ** 3, "in3 in^3": (_INCH * 10) ** 3, "m3 m^3": 1000.0,
        "ly3 ly^3": 1000 * _LIGHT_YEAR**3, "mi3 mi^3": 1000 * _MILE**3, "yd3 yd^3": (_YARD * 10) ** 3,
        "Nmi3 Nmi^3": 1000 * _SEA_MILE**3, "Picapt3 Picapt^3 Pica3 Pica^3": 1000 * _POINT**3,
    },
    "area": {
        "m2 m^2": 1.0, "uk_acre": 4840 * _YARD**2, "us_acre": _SURVEY_MILE**2 / 640, "ang2 ang^2": 1e-20, "ar": 100.0,
        "ft2 ft^2": _FOOT**2, "ha": 10_000.0, "in2 in^2": _INCH**2, "ly2 ly^2": _LIGHT_YEAR**2, "Morgen": 2500.0,
        "mi2 mi^2": _MILE**2, "Nmi2 Nmi^2": _SEA_MILE**2, "Picapt2 Picapt^2 Pica2 Pica^2": _POINT**2,
        "yd2 yd^2": _YARD**2,
    },
    "information": {"bit": 1.0, "byte": 8.0},
    "speed": {"m/s m/sec": 1.0, "m/h m/hr": 1 / 3600, "mph": _MILE / 3600, "kn": 1852 / 3600, "admkn": 1853.184 / 3600},
    "temperature": {"K kel": 1.0, "Rank": 1 / 1.8, "C cel": 1.0, "F fah": 1 / 1.8, "Reau": 1.25},
}  # fmt: skip

#: the units that take a decimal prefix; the prefix of a square or a cube is squared or cubed with it
_METRIC = frozenset(
    """g u m ang ly parsec pc sec s Pa p atm at mmHg N dyn dy pond J e c cal eV ev Wh wh W w T ga K kel uk_pt l L lt
    ang3 ang^3 m3 m^3 ang2 ang^2 ar m2 m^2 bit byte m/h m/hr m/s m/sec mph""".split()
)
_POWERS = {"2": 2, "3": 3}

_DECIMAL = {
    "Y": 1e24, "Z": 1e21, "E": 1e18, "P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "h": 1e2, "da": 10.0,
    "e": 10.0, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15, "a": 1e-18, "z": 1e-21,
    "y": 1e-24,
}  # fmt: skip
_BINARY = {f"{letter}i": 2.0 ** (10 * i) for i, letter in enumerate("kMGTPEZY", 1)}


class Unit(NamedTuple):
    """One unit, with its prefix."""

    measure: str
    name: str
    size: float  #: in the measure's own unit


_UNITS = {
    name: Unit(measure, names.split()[0], size)
    for measure, sizes in _SIZES.items()
    for names, size in sizes.items()
    for name in names.split()
}


def readings(name: str) -> Iterator[Unit]:
    """Give what a name can mean, capitals counting: a unit, a unit with a prefix (pc is a parsec and a picocalorie)."""
    if name in _UNITS:
        yield _UNITS[name]
    for length in (1, 2):
        prefix, rest = name[:length], name[length:]
        if rest not in _METRIC:
            continue
        unit = _UNITS[rest]
        if prefix in _DECIMAL:
            yield unit._replace(size=unit.size * _DECIMAL[prefix] ** _POWERS.get(rest[-1], 1))
        elif prefix in _BINARY and unit.measure == "information":
            yield unit._replace(size=unit.size * _BINARY[prefix])
