"""What a cell can hold, and the rules by which Excel compares and rounds it.

A block of cells is three parallel arrays of one shape: the kind, the number and the text. Booleans keep 0 or 1 in the
number; errors keep their code, such as ``#N/A``, in the text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ErrorValue",
    "Kind",
    "Scalar",
    "Values",
    "decimal15",
    "display",
    "round_half_away",
    "same_number",
    "same_scalar",
]


class Kind(IntEnum):
    """The kind of one cell's content."""

    BLANK = 0
    NUMBER = 1
    TEXT = 2
    BOOLEAN = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An Excel error in a cell, such as ``#DIV/0!``."""

    code: str

    def __str__(self) -> str:
        return self.code


#: One cell's content as a Python value; None is a blank cell.
Scalar = None | float | str | bool | ErrorValue

# members of an enumeration are slow to look up, and this is done for every cell
_BLANK, _NUMBER, _TEXT, _BOOLEAN, _ERROR = (int(k) for k in Kind)


def _scalar(kind: int, number: float, text: Any) -> Scalar:
    if kind == _NUMBER:
        return number
    if kind == _TEXT:
        return str(text)
    if kind == _BLANK:
        return None
    return ErrorValue(str(text)) if kind == _ERROR else number != 0


def _parts(content: Scalar) -> tuple[int, float, str]:
    """Return the kind, the number and the text that keep a content."""
    if content is None:
        return _BLANK, 0.0, ""
    if isinstance(content, str):
        return _TEXT, 0.0, content
    if isinstance(content, (bool, np.bool_)):
        return _BOOLEAN, float(content), ""
    if isinstance(content, ErrorValue):
        return _ERROR, 0.0, content.code
    number = float(content)
    if math.isfinite(number):
        return _NUMBER, number, ""
    return _ERROR, 0.0, "#N/A" if math.isnan(number) else "#NUM!"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Cells as parallel arrays of one shape.

    >>> v = Values.of([[1.0, "a"], [None, ErrorValue("#N/A")]])
    >>> v.shape, v.item((0, 1)), v.item((1, 1))
    ((2, 2), 'a', ErrorValue(code='#N/A'))
    """

    kind: NDArray[np.uint8]
    num: NDArray[np.float64]
    text: NDArray[np.object_]

    @classmethod
    def blank(cls, shape: int | tuple[int, ...]) -> Values:
        """Return blank cells of a shape."""
        return cls(np.zeros(shape, np.uint8), np.zeros(shape, np.float64), np.full(shape, "", object))

    @classmethod
    def numbers(cls, numbers: Any) -> Values:
        """Return number cells from anything numpy takes as floats; NaN becomes #N/A and infinity #NUM!."""
        num = np.array(numbers, np.float64)
        kind = np.full(num.shape, Kind.NUMBER, np.uint8)
        text = np.full(num.shape, "", object)
        bad = ~np.isfinite(num)
        if bad.any():
            kind[bad] = Kind.ERROR
            text[bad] = np.where(np.isnan(num[bad]), "#N/A", "#NUM!")
            num = np.where(bad, 0.0, num)
        return cls(kind, num, text)

    @classmethod
    def of(cls, content: Scalar | Sequence[Any]) -> Values:
        """Return cells from one scalar or from equally long nested sequences of scalars."""
        shape: list[int] = []
        probe: Any = content
        while isinstance(probe, (list, tuple)):
            shape.append(len(probe))
            probe = probe[0] if probe else None
        flat: Any = content if shape else [content]
        for _ in shape[1:]:
            flat = [x for row in flat for x in row]
        out = cls.blank(len(flat))
        if flat:
            kinds, numbers, out.text[:] = zip(*map(_parts, flat), strict=True)
            out.kind[:], out.num[:] = kinds, numbers
        return out.reshape(tuple(shape))

    @property
    def shape(self) -> tuple[int, ...]:
        """The common shape of the three arrays."""
        return self.kind.shape

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.kind.size

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, index: Any) -> Values:
        k, n, t = self.kind[index], self.num[index], self.text[index]
        if isinstance(k, np.ndarray):
            return Values(k, n, t)
        single = Values.blank(())
        single.kind[()], single.num[()], single.text[()] = k, n, t
        return single

    def put(self, index: Any, content: Scalar) -> None:
        """Set one cell in place; only for arrays that nobody else holds yet."""
        kind, number, text = _parts(content)
        self.kind[index], self.num[index], self.text[index] = kind, number, text

    def item(self, index: Any = ()) -> Scalar:
        """Return one cell as a Python value."""
        return _scalar(int(self.kind[index]), float(self.num[index]), self.text[index])

    def scalars(self) -> list[Scalar]:
        """Return all cells, flattened in row order, as Python values."""
        parts = (self.kind.ravel().tolist(), self.num.ravel().tolist(), self.text.ravel().tolist())
        return list(map(_scalar, *parts))

    def reshape(self, shape: tuple[int, ...]) -> Values:
        """Return the same cells in another shape."""
        return self if shape == self.shape else self.map(lambda a: a.reshape(shape))

    def map(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Values:
        """Return the cells after the same change of shape to each of the three arrays."""
        return Values(change(self.kind), change(self.num), change(self.text))

    def broadcast_to(self, shape: tuple[int, ...]) -> Values:
        """Return the cells repeated to a shape, as numpy broadcasts."""
        return self if shape == self.shape else self.map(lambda a: np.broadcast_to(a, shape))

    def copy(self) -> Values:
        """Return a copy that may be written to."""
        return self.map(np.copy)

    def set(self, index: Any, cells: Values) -> None:
        """Set several cells in place; only for arrays that nobody else holds yet."""
        self.kind[index], self.num[index], self.text[index] = cells.kind, cells.num, cells.text

    @classmethod
    def concat(cls, parts: Iterable[Values]) -> Values:
        """Return several blocks one below the other; no cells where there are no blocks."""
        every = list(parts)
        return cls.joined(every, np.concatenate) if every else cls.blank(0)

    @classmethod
    def joined(cls, parts: Sequence[Values], join: Callable[[list[NDArray[Any]]], NDArray[Any]]) -> Values:
        """Return several blocks as one, joined as `numpy.concatenate` or `numpy.stack` does."""
        return cls(join([v.kind for v in parts]), join([v.num for v in parts]), join([v.text for v in parts]))


def decimal15(number: float) -> Decimal:
    """Return a number as Excel sees it: the nearest decimal of 15 significant digits.

    >>> decimal15(0.1 + 0.2) == Decimal("0.3")
    True
    """
    return Decimal(f"{number:.14e}")


def round_half_away(number: float, dp: int) -> float:
    """Round as Excel's ROUND does: half away from zero, on the 15-digit decimal.

    >>> round_half_away(82.5, 0), round_half_away(1.005, 2), round_half_away(1250.0, -2)
    (83.0, 1.01, 1300.0)
    """
    exact = decimal15(number)
    if exact.adjusted() + dp < -1:
        return 0.0
    if exact.adjusted() + dp > 20:
        return number
    return float(exact.quantize(Decimal(1).scaleb(-dp), rounding=ROUND_HALF_UP))


def same_number(a: float, b: float, tolerance: float = 0.0) -> bool:
    """Tell whether two numbers are one: equal to 15 significant digits, or within a relative tolerance.

    >>> same_number(0.3, 0.1 + 0.2), same_number(100.0, 100.00000001), same_number(100.0, 100.00000001, 1e-9)
    (True, False, True)
    """
    if a == b:
        return True
    if not (math.isfinite(a) and math.isfinite(b)):
        return False
    return abs(a - b) <= tolerance * max(abs(a), abs(b)) or f"{a:.14e}" == f"{b:.14e}"


def same_scalar(a: Scalar, b: Scalar, tolerance: float = 0.0) -> bool:
    """Tell whether two cells hold the same content, of the same kind."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float) and isinstance(b, float):
        return same_number(a, b, tolerance)
    if isinstance(a, str) and isinstance(b, str):
        return a.replace("\r\n", "\n") == b.replace("\r\n", "\n")
    return a == b


def display(content: Scalar) -> str:
    """Return a cell's content for people: 15 digits, text in quotes.

    >>> display(0.1 + 0.2), display("a"), display(True), display(None)
    ('0.3', '"a"', 'TRUE', 'blank')
    """
    if content is None:
        return "blank"
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, str):
        return '"' + content.replace('"', '""') + '"'
    if isinstance(content, ErrorValue):
        return content.code
    return f"{content:.15g}"
