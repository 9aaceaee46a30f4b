"""What a formula's parts evaluate to, and how an error stops it.

An operand is a scalar (number, text, boolean, error, None for a blank), an array (`Values` of rows by columns), a
reference to cells, or a function made by LAMBDA.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlmodel.engine.references import Region
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = [
    "BLOCKED",
    "CALC",
    "DIV0",
    "EMPTY",
    "NA",
    "NAME",
    "NULL",
    "NUM",
    "REF",
    "SPILL",
    "VALUE",
    "Bound",
    "Empty",
    "ExcelError",
    "Lambda",
    "Operand",
    "Reference",
    "UnsupportedError",
    "array",
]

NULL, DIV0, VALUE, REF = (ErrorValue(code) for code in ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!"))
NAME, NUM, NA = ErrorValue("#NAME?"), ErrorValue("#NUM!"), ErrorValue("#N/A")
SPILL, CALC, BLOCKED = ErrorValue("#SPILL!"), ErrorValue("#CALC!"), ErrorValue("#BLOCKED!")


class ExcelError(Exception):
    """A formula's part has an error for a value; `value` is that error."""

    def __init__(self, value: ErrorValue) -> None:
        self.value = value
        super().__init__(value.code)


class UnsupportedError(Exception):
    """What Excel would give is not known: the cell is not calculated, for this reason."""

    def __init__(self, text: str, code: str = "unsupported-function") -> None:
        self.code = code
        self.text = text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Reference:
    """One or more areas of cells."""

    areas: tuple[Region, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the first area."""
        return self.areas[0].rect.shape

    @property
    def is_cell(self) -> bool:
        """Tell whether exactly one cell is meant."""
        return len(self.areas) == 1 and self.areas[0].rect.shape == (1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    """A function made by LAMBDA, with the variables it was made among."""

    parameters: tuple[str, ...]  #: in the case-folded form in which a file stores them
    optional: frozenset[str]
    body: Any  #: the syntax tree
    bound: Any  #: the frame it was made in


class Empty:
    """An argument left empty between commas."""

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY = Empty()

Operand = Scalar | Values | Reference | Lambda
#: What a variable of LET or LAMBDA stands for.
Bound = Operand | Empty


def array(rows: Sequence[Sequence[Scalar]]) -> Values:
    """Return an array operand from rows of scalars.

    >>> array([[1.0, "a"]]).shape
    (1, 2)
    """
    return Values.of([list(row) for row in rows])
