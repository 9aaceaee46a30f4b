"""Functions of complex numbers."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterator

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.coercion import to_text
from xlmodel.engine.native.declaration import Number, Range, Text
from xlmodel.engine.native.functions.complex_text import ComplexNumber, common_unit, complex_text, read_complex
from xlmodel.engine.native.operands import DIV0, NUM, VALUE, ExcelError
from xlmodel.values import Values


def _mapped(inumber: str, function: Callable[[complex], complex]) -> str:
    """Return a function of a number in text; #NUM! where it has a pole or the angle is too large."""
    number = read_complex(inumber)
    try:
        return complex_text(function(number.value), number.unit)
    except (ZeroDivisionError, ValueError):
        raise ExcelError(NUM) from None


@add_in("COMPLEX")
def complex_(real_num: Number, i_num: Number, suffix: Text = "i") -> str:
    """Return a complex number from its two parts."""
    if suffix not in ("", "i", "j"):
        raise ExcelError(VALUE)
    return complex_text(complex(real_num, i_num), suffix)


@add_in("IMREAL")
def imreal(inumber: Text) -> float:
    """Return the real part."""
    return read_complex(inumber).value.real


@add_in("IMAGINARY")
def imaginary(inumber: Text) -> float:
    """Return the coefficient of the imaginary part."""
    return read_complex(inumber).value.imag


@add_in("IMABS")
def imabs(inumber: Text) -> float:
    """Return the modulus."""
    return abs(read_complex(inumber).value)


@add_in("IMARGUMENT")
def imargument(inumber: Text) -> float:
    """Return the angle in radians; 0 has none."""
    value = read_complex(inumber).value
    if not value:
        raise ExcelError(DIV0)
    return cmath.phase(value)


@add_in("IMCONJUGATE")
def imconjugate(inumber: Text) -> str:
    """Return the conjugate."""
    return _mapped(inumber, complex.conjugate)


def _numbers(arguments: tuple[Values, ...]) -> Iterator[ComplexNumber]:
    """Return the numbers of several arguments in order; a blank cell alone is 0, among others it is passed over."""
    for values in arguments:
        for x in values.scalars():
            if x is None and values.size > 1:
                continue
            if isinstance(x, bool):
                raise ExcelError(VALUE)
            yield read_complex(to_text(x))


@add_in("IMSUM")
def imsum(*inumber: Range) -> str:
    """Return the sum of complex numbers."""
    numbers = tuple(_numbers(inumber))
    return complex_text(sum((number.value for number in numbers), 0j), common_unit(numbers, VALUE))


@add_in("IMPRODUCT")
def improduct(*inumber: Range) -> str:
    """Return the product of complex numbers."""
    numbers = tuple(_numbers(inumber))
    return complex_text(math.prod((number.value for number in numbers), start=1 + 0j), common_unit(numbers, VALUE))


@add_in("IMSUB")
def imsub(inumber1: Text, inumber2: Text) -> str:
    """Return the difference of two complex numbers."""
    a, b = read_complex(inumber1), read_complex(inumber2)
    return complex_text(a.value - b.value, common_unit((a, b), NUM))


@add_in("IMDIV")
def imdiv(inumber1: Text, inumber2: Text) -> str:
    """Return the quotient of two complex numbers."""
    a, b = read_complex(inumber1), read_complex(inumber2)
    unit = common_unit((a, b), NUM)
    if not b.value:
        raise ExcelError(NUM)
    return complex_text(_quotient(a.value, b.value), unit)


def _quotient(a: complex, b: complex) -> complex:
    size = b.real * b.real + b.imag * b.imag
    real, imag = a.real * b.real + a.imag * b.imag, a.imag * b.real - a.real * b.imag
    return complex(real / size, imag / size)


def _power(base: complex, exponent: float) -> complex:
    if base:
        return cmath.rect(abs(base) ** exponent, cmath.phase(base) * exponent)
    if exponent <= 0:
        raise ExcelError(NUM)
    return base


@add_in("IMPOWER")
def impower(inumber: Text, number: Number) -> str:
    """Return a complex number raised to a real power."""
    return _mapped(inumber, lambda z: _power(z, number))


@add_in("IMSQRT")
def imsqrt(inumber: Text) -> str:
    """Return the square root."""
    return _mapped(inumber, lambda z: _power(z, 0.5))


@add_in("IMEXP")
def imexp(inumber: Text) -> str:
    """Return e raised to a complex number."""
    return _mapped(inumber, cmath.exp)


def _logarithm(z: complex) -> complex:
    if not z:
        raise ExcelError(NUM)
    return complex(math.log(abs(z)), cmath.phase(z))


@add_in("IMLN")
def imln(inumber: Text) -> str:
    """Return the natural logarithm."""
    return _mapped(inumber, _logarithm)


@add_in("IMLOG10")
def imlog10(inumber: Text) -> str:
    """Return the logarithm to base 10."""
    return _mapped(inumber, lambda z: _logarithm(z) / math.log(10))


@add_in("IMLOG2")
def imlog2(inumber: Text) -> str:
    """Return the logarithm to base 2."""
    return _mapped(inumber, lambda z: _logarithm(z) / math.log(2))


@add_in("IMSIN")
def imsin(inumber: Text) -> str:
    """Return the sine."""
    return _mapped(inumber, cmath.sin)


@add_in("IMCOS")
def imcos(inumber: Text) -> str:
    """Return the cosine."""
    return _mapped(inumber, cmath.cos)


# Quotients of sines and cosines are taken in double angles, as Excel rounds them.


def _cosines(z: complex) -> float:
    """Return twice the squared modulus of the cosine."""
    return math.cosh(2 * z.imag) + math.cos(2 * z.real)


def _sines(z: complex) -> float:
    """Return twice the squared modulus of the sine."""
    return math.cosh(2 * z.imag) - math.cos(2 * z.real)


def _tangent(z: complex) -> complex:
    return complex(math.sin(2 * z.real), math.sinh(2 * z.imag)) / _cosines(z)


def _cotangent(z: complex) -> complex:
    return complex(math.sin(2 * z.real), -math.sinh(2 * z.imag)) / _sines(z) if z.imag else 1 / cmath.tan(z)


def _secant(z: complex) -> complex:
    return 2 * cmath.cos(z).conjugate() / _cosines(z)


def _cosecant(z: complex) -> complex:
    return 2 * cmath.sin(z).conjugate() / _sines(z) if z.real and z.imag else 1 / cmath.sin(z)


@add_in("IMTAN")
def imtan(inumber: Text) -> str:
    """Return the tangent."""
    return _mapped(inumber, _tangent)


@add_in("IMCOT")
def imcot(inumber: Text) -> str:
    """Return the cotangent."""
    return _mapped(inumber, _cotangent)


@add_in("IMSEC")
def imsec(inumber: Text) -> str:
    """Return the secant."""
    return _mapped(inumber, _secant)


@add_in("IMCSC")
def imcsc(inumber: Text) -> str:
    """Return the cosecant."""
    return _mapped(inumber, _cosecant)


@add_in("IMSINH")
def imsinh(inumber: Text) -> str:
    """Return the hyperbolic sine."""
    return _mapped(inumber, cmath.sinh)


@add_in("IMCOSH")
def imcosh(inumber: Text) -> str:
    """Return the hyperbolic cosine."""
    return _mapped(inumber, cmath.cosh)


@add_in("IMSECH")
def imsech(inumber: Text) -> str:
    """Return the hyperbolic secant."""
    return _mapped(inumber, lambda z: _secant(z * 1j))


@add_in("IMCSCH")
def imcsch(inumber: Text) -> str:
    """Return the hyperbolic cosecant."""
    return _mapped(inumber, lambda z: _cosecant(z * 1j) * 1j)
