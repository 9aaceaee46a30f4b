"""How a worksheet function is declared: once, its argument kinds in its signature.

    @excel("ROUND")
    def round_(number: Number, num_digits: Number) -> float: ...

A parameter's annotation says what the function wants to be given; `calling` does the rest: coercion, errors, blanks,
and, where a kind is scalar and an array comes, one call for each element. A default makes an argument optional; a
variadic parameter takes all that follow. A first parameter annotated `Context` is given the workbook's side.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.operands import Lambda, Operand
from xlmodel.engine.native.operands import Reference as _Reference
from xlmodel.values import Scalar, Values

__all__ = [
    "Any_",
    "Array",
    "ArrayValue",
    "Callback",
    "Cell",
    "Function",
    "Logical",
    "Number",
    "Numbers",
    "NumbersA",
    "Parameter",
    "Range",
    "Reference",
    "Takes",
    "Text",
    "Value",
    "Whole",
    "excel",
]


class Takes(Enum):
    """What a parameter is given."""

    NUMBER = "number"  #: a float; text that reads as a number and booleans count, a blank is 0, other text is #VALUE!
    WHOLE = "whole"  #: the same, cut towards zero, as an int
    TEXT = "text"  #: a str; numbers as General shows them, a blank is ""
    LOGICAL = "logical"  #: a bool; numbers, and the words TRUE and FALSE; other text is #VALUE!
    CELL = "cell"  #: one scalar as it is, None for a blank; an error travels
    ANY = "any"  #: one scalar as it is, an error too
    NUMBERS = "numbers"  #: a flat float array: of ranges and arrays the numbers alone, of a literal its number
    NUMBERS_A = "numbers-a"  #: the same, but in ranges text is 0 and booleans count (AVERAGEA)
    ARRAY = "array"  #: rows by columns; what is computed in this place is computed as an array (SUMPRODUCT, MMULT)
    RANGE = "range"  #: rows by columns; in old formulas an expression in this place still meets ranges cell by cell
    REFERENCE = "reference"  #: a reference; anything else is #VALUE!
    ARRAY_VALUE = "array-value"  #: whatever it is; what is computed in this place is computed as an array (AGGREGATE)
    VALUE = "value"  #: whatever it is: scalar, array, reference or lambda
    CALLBACK = "callback"  #: a LAMBDA; anything else is #VALUE!


#: kinds that take one scalar: given an array, the function is called for each element
SCALAR_KINDS = frozenset((Takes.NUMBER, Takes.WHOLE, Takes.TEXT, Takes.LOGICAL, Takes.CELL, Takes.ANY))

Number = Annotated[float, Takes.NUMBER]
Whole = Annotated[int, Takes.WHOLE]
Text = Annotated[str, Takes.TEXT]
Logical = Annotated[bool, Takes.LOGICAL]
Cell = Annotated[Scalar, Takes.CELL]
Any_ = Annotated[Scalar, Takes.ANY]
Numbers = Annotated[NDArray[np.float64], Takes.NUMBERS]
NumbersA = Annotated[NDArray[np.float64], Takes.NUMBERS_A]
Array = Annotated[Values, Takes.ARRAY]
Range = Annotated[Values, Takes.RANGE]
Reference = Annotated[_Reference, Takes.REFERENCE]
ArrayValue = Annotated[Operand, Takes.ARRAY_VALUE]
Value = Annotated[Operand, Takes.VALUE]
Callback = Annotated[Lambda, Takes.CALLBACK]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument."""

    name: str
    takes: Takes
    required: bool
    default: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A worksheet function."""

    name: str
    call: Callable[..., Any]
    parameters: tuple[Parameter, ...]  #: without the variadic one
    variadic: tuple[Parameter, ...]  #: empty, or the kinds that repeat from there on
    context: bool  #: whether the workbook's side is wanted
    empty_is_default: bool  #: `F(1,)` takes the default, as if the argument were left out; else it is a blank
    volatile: bool
    reference: bool  #: it may return a reference, so what it reads is not known before it is calculated
    add_in: bool = False  #: see `add_in`: no booleans, and no several cells where one value is wanted

    @property
    def most(self) -> int:
        """The largest number of arguments."""
        return 255 if self.variadic else len(self.parameters)

    @property
    def least(self) -> int:
        """The smallest number of arguments."""
        return sum(p.required for p in self.parameters)

    def parameter(self, position: int) -> Parameter:
        """Return the parameter that takes the argument at a position."""
        if position < len(self.parameters):
            return self.parameters[position]
        return self.variadic[(position - len(self.parameters)) % len(self.variadic)]


def excel(
    *names: str,
    empty_is_default: bool = False,
    volatile: bool = False,
    reference: bool = False,
    repeats: int = 1,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a plain function as a worksheet function; it stays a plain function.

    Parameters
    ----------
    names : str
        Its names in Excel, without ``_xlfn.``; more than one where an old name means the same.
    empty_is_default : bool
        An argument left empty between commas takes the default.
    volatile : bool
        It is calculated again at every calculation.
    reference : bool
        It may return a reference made at run time.
    repeats : int
        How many of the last positional parameters, the variadic one included, repeat in turn (SUMIFS: 2).
    """

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__worksheet__ = (names, empty_is_default, volatile, reference, repeats)  # type: ignore[attr-defined]
        return function

    return mark


def names_of(function: object) -> tuple[str, ...]:
    """Return the names under which `excel` marked a function; none where it did not."""
    marked: tuple[Any, ...] = getattr(function, "__worksheet__", ((),))
    return tuple(marked[0])


def declared(function: Callable[..., Any]) -> tuple[Function, ...]:
    """Return what `excel` marked on a function, one for each name."""
    names, empty_is_default, volatile, reference, repeats = function.__worksheet__  # type: ignore[attr-defined]
    hints = get_type_hints(function, include_extras=True)
    fixed: list[Parameter] = []
    variadic: tuple[Parameter, ...] = ()
    context = False
    for i, (name, p) in enumerate(inspect.signature(function).parameters.items()):
        if i == 0 and hints.get(name) is Context:
            context = True
            continue
        parameter = Parameter(
            name, _takes(hints[name]), p.default is p.empty, None if p.default is p.empty else p.default
        )
        if p.kind is p.VAR_POSITIONAL:
            variadic = (parameter, *fixed[len(fixed) - repeats + 1 :])  # the fixed ones have been taken once
        else:
            fixed.append(parameter)
    return tuple(
        Function(
            n, function, tuple(fixed), variadic, context, empty_is_default, volatile, reference,
            getattr(function, "__add_in__", False),
        )
        for n in names
    )  # fmt: skip


def _takes(hint: Any) -> Takes:
    if get_origin(hint) is Annotated:
        return next(x for x in hint.__metadata__ if isinstance(x, Takes))
    for part in get_args(hint):  # X | None
        if get_origin(part) is Annotated:
            return _takes(part)
    raise TypeError(f"no argument kind in {hint!r}")
