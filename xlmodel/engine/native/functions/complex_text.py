"""Complex numbers as Excel keeps them: text such as 3+4i, with i or j for the imaginary unit."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from xlmodel.engine.native.numerals import general_text
from xlmodel.engine.native.operands import NUM, ExcelError
from xlmodel.values import ErrorValue

_WIDEST = 21  #: the widest text of a part that is still written without an exponent

_PART = r"[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?"
_REAL = re.compile(rf"[-+]?(?:{_PART})")
_IMAGINARY = re.compile(rf"([-+]?)({_PART}|)([ij])")


class ComplexNumber(NamedTuple):
    """A number and the letter of its imaginary unit, which is empty in a real number."""

    value: complex
    unit: str = ""

    def text(self) -> str:
        """Return the number as text; #NUM! where it is not finite."""
        return complex_text(self.value, self.unit)


def read_complex(text: str) -> ComplexNumber:
    """Return the number that a text writes, no text being 0; #NUM! where it writes none.

    >>> read_complex("3-4j"), read_complex("-i"), read_complex("2.5")
    (ComplexNumber(value=(3-4j), unit='j'), ComplexNumber(value=-1j, unit='i'), ComplexNumber(value=(2.5+0j), unit=''))
    """
    if not text:
        return ComplexNumber(0j)
    imaginary = _IMAGINARY.fullmatch(text)
    real = None if imaginary else _REAL.match(text)
    if real is not None:
        imaginary = _IMAGINARY.fullmatch(text, real.end())
        if real.end() < len(text) and (imaginary is None or not imaginary[1]):
            raise ExcelError(NUM)
    elif imaginary is None:
        raise ExcelError(NUM)
    value = complex(float(real[0]) if real else 0.0, float((imaginary[1] + (imaginary[2] or "1")) if imaginary else 0))
    if not (math.isfinite(value.real) and math.isfinite(value.imag)):
        raise ExcelError(NUM)
    return ComplexNumber(value, imaginary[3] if imaginary else "")


def complex_text(value: complex, unit: str) -> str:
    """Return a complex number as text; #NUM! where it is not finite.

    >>> complex_text(3 - 4j, "j"), complex_text(-1j, "i"), complex_text(2.5 + 0j, "")
    ('3-4j', '-i', '2.5')
    """
    if not (math.isfinite(value.real) and math.isfinite(value.imag)):
        raise ExcelError(NUM)
    real, imaginary = general_text(value.real, _WIDEST), general_text(value.imag, _WIDEST)
    if imaginary == "0":
        return real
    imaginary = {"1": "", "-1": "-"}.get(imaginary, imaginary) + (unit or "i")
    if real == "0":
        return imaginary
    return f"{real}{imaginary}" if imaginary.startswith("-") else f"{real}+{imaginary}"


def common_unit(numbers: tuple[ComplexNumber, ...], mixed: ErrorValue) -> str:
    """Return the letter that several numbers share; `mixed` is the error where some have i and some j."""
    units = {number.unit for number in numbers if number.unit}
    if len(units) > 1:
        raise ExcelError(mixed)
    return next(iter(units), "")
