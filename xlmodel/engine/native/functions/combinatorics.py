"""Factorials, choices, common divisors and multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number, Value, Whole, excel
from xlmodel.engine.native.operands import NA, NUM, VALUE, ExcelError, Lambda, Operand, Reference
from xlmodel.values import Scalar, Values

_LARGEST_FACTORIAL = 170
_LARGEST_DOUBLE_FACTORIAL = 300
_MOST_CHOSEN = 520  #: C(2k, k) is beyond all floats from here on
_EXACT = 2**53  #: from here on floats step over whole numbers


def _choices(count: int, size: int) -> int:
    """Return how many ways there are to choose some out of many, order aside."""
    if min(size, count - size) > _MOST_CHOSEN:
        raise ExcelError(NUM)
    return math.comb(count, size)


@excel("FACT")
def fact(number: Number) -> float:
    """Return the product of the whole numbers up to a number."""
    if not 0 <= number < _LARGEST_FACTORIAL + 1:
        raise ExcelError(NUM)
    return float(math.factorial(int(number)))


@add_in("FACTDOUBLE")
def factdouble(number: Number) -> float:
    """Return the product of every other whole number down from a number."""
    if not -1 <= number < _LARGEST_DOUBLE_FACTORIAL + 1:
        raise ExcelError(NUM)
    return float(math.prod(range(int(number), 0, -2)))


@excel("COMBIN")
def combin(number: Whole, number_chosen: Whole) -> float:
    """Return how many ways there are to choose, order aside."""
    if not 0 <= number_chosen <= number:
        raise ExcelError(NUM)
    return float(_choices(number, number_chosen))


@excel("COMBINA")
def combina(number: Whole, number_chosen: Whole) -> float:
    """Return how many ways there are to choose with repetition, order aside."""
    if number < 0 or number_chosen < 0 or number == 0 < number_chosen:
        raise ExcelError(NUM)
    return float(_choices(number + number_chosen - 1, number_chosen)) if number_chosen else 1.0


@excel("MULTINOMIAL")
def multinomial(context: Context, *numbers: Value) -> float:
    """Return the factorial of a sum, divided by the factorials of its parts."""
    total, product = 0, 1.0
    for number in _whole_numbers(context, numbers):
        total += number
        product *= _choices(total, number)
    return product


@excel("GCD")
def gcd(context: Context, *numbers: Value) -> int:
    """Return the greatest common divisor."""
    return math.gcd(*_whole_numbers(context, numbers))


@excel("LCM")
def lcm(context: Context, *numbers: Value) -> int:
    """Return the least common multiple."""
    multiple = 1
    for number in _whole_numbers(context, numbers):
        multiple = math.lcm(multiple, number)
        if multiple >= _EXACT:
            raise ExcelError(NUM)
    return multiple


def _whole_numbers(context: Context, operands: Sequence[Operand]) -> list[int]:
    """Return the arguments as the Analysis ToolPak takes them: a blank cell alone is passed over, in a range it is 0.

    Texts count by what they read as, booleans are #VALUE!, and so are no arguments at all.
    """
    reading = Reading(context.locale, context.date1904)
    found = [_number(x, reading) for operand in operands for x in _scalars(context, operand)]
    if not found:
        raise ExcelError(VALUE)
    if not all(0 <= number < _EXACT for number in found):
        raise ExcelError(NUM)
    return [int(number) for number in found]


def _scalars(context: Context, operand: Operand) -> list[Scalar]:
    if isinstance(operand, Reference):
        cells = context.values(operand)
        scalars = cells.scalars()
        if operand.is_cell:
            return [] if scalars == [None] else scalars
        return scalars if cells.shape == operand.shape else [*scalars, None]  # the unused rest is blank
    if isinstance(operand, Values):
        return operand.scalars()
    if isinstance(operand, Lambda):
        raise ExcelError(VALUE)
    if operand is None:  # nothing between two commas
        raise ExcelError(NA)
    return [operand]


def _number(x: Scalar, reading: Reading) -> float:
    if isinstance(x, bool):
        raise ExcelError(VALUE)
    return to_number(x, reading)
