"""Whole numbers in base 2, 8, 10 and 16: at most ten digits, negative ones in two's complement."""

from __future__ import annotations

from typing import NamedTuple

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Text, Whole
from xlmodel.engine.native.operands import NUM, ExcelError

_MOST_DIGITS = 10


class _Base(NamedTuple):
    digits: str
    format: str

    @property
    def circle(self) -> int:
        """How many numbers ten digits write."""
        return int(len(self.digits) ** _MOST_DIGITS)

    def read(self, text: str) -> int:
        """Return the number that digits write, no digits being 0."""
        if len(text) > _MOST_DIGITS or any(c not in self.digits for c in text.upper()):
            raise ExcelError(NUM)
        number = int(text or "0", len(self.digits))
        return number - self.circle if number >= self.circle // 2 else number

    def write(self, number: int, places: int | None) -> str:
        """Return a number's digits, filled up with zeros; a negative number always has ten."""
        if not -self.circle // 2 <= number < self.circle // 2:
            raise ExcelError(NUM)
        if places is not None and not 1 <= places <= _MOST_DIGITS:
            raise ExcelError(NUM)
        if number < 0:
            return format(number + self.circle, self.format)
        text = format(number, self.format)
        if places is not None and len(text) > places:
            raise ExcelError(NUM)
        return text.rjust(places or 0, "0")


_BINARY = _Base("01", "b")
_OCTAL = _Base("01234567", "o")
_HEXADECIMAL = _Base("0123456789ABCDEF", "X")


@add_in("BIN2DEC")
def bin2dec(number: Text) -> int:
    """Return a binary number as a decimal one."""
    return _BINARY.read(number)


@add_in("BIN2HEX")
def bin2hex(number: Text, places: Whole | None = None) -> str:
    """Return a binary number as a hexadecimal one."""
    return _HEXADECIMAL.write(_BINARY.read(number), places)


@add_in("BIN2OCT")
def bin2oct(number: Text, places: Whole | None = None) -> str:
    """Return a binary number as an octal one."""
    return _OCTAL.write(_BINARY.read(number), places)


@add_in("DEC2BIN")
def dec2bin(number: Whole, places: Whole | None = None) -> str:
    """Return a decimal number as a binary one."""
    return _BINARY.write(number, places)


@add_in("DEC2HEX")
def dec2hex(number: Whole, places: Whole | None = None) -> str:
    """Return a decimal number as a hexadecimal one."""
    return _HEXADECIMAL.write(number, places)


@add_in("DEC2OCT")
def dec2oct(number: Whole, places: Whole | None = None) -> str:
    """Return a decimal number as an octal one."""
    return _OCTAL.write(number, places)


@add_in("HEX2BIN")
def hex2bin(number: Text, places: Whole | None = None) -> str:
    """Return a hexadecimal number as a binary one."""
    return _BINARY.write(_HEXADECIMAL.read(number), places)


@add_in("HEX2DEC")
def hex2dec(number: Text) -> int:
    """Return a hexadecimal number as a decimal one."""
    return _HEXADECIMAL.read(number)


@add_in("HEX2OCT")
def hex2oct(number: Text, places: Whole | None = None) -> str:
    """Return a hexadecimal number as an octal one."""
    return _OCTAL.write(_HEXADECIMAL.read(number), places)


@add_in("OCT2BIN")
def oct2bin(number: Text, places: Whole | None = None) -> str:
    """Return an octal number as a binary one."""
    return _BINARY.write(_OCTAL.read(number), places)


@add_in("OCT2DEC")
def oct2dec(number: Text) -> int:
    """Return an octal number as a decimal one."""
    return _OCTAL.read(number)


@add_in("OCT2HEX")
def oct2hex(number: Text, places: Whole | None = None) -> str:
    """Return an octal number as a hexadecimal one."""
    return _HEXADECIMAL.write(_OCTAL.read(number), places)
