"""The kinds of argument a function can declare, and the one coercion of cells into arrays.

A kind states what a cell must hold, its unit, its domain and its core shape, as a generalised ufunc does: ``()`` is
one value a row, ``("n",)`` a vector, ``("n", "2")`` a range of exactly two columns, ``("t", "p")`` a range whose sides
are named. Arguments that name the same dimension must match; "" is a dimension that matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.model.years import year_label
from xlmodel.values import Kind, Scalar, Values

__all__ = [
    "ArgumentKind",
    "Date",
    "Fault",
    "Flag",
    "Flags",
    "Number",
    "Numbers",
    "Row",
    "Rows",
    "Table",
    "Word",
    "Words",
    "Year",
]

#: What a function accepts from Python: anything numpy takes as an array of that kind.
Numbers = ArrayLike
Words = ArrayLike
Flags = ArrayLike
Rows = ArrayLike | Sequence[Sequence[Any]]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fault:
    """One requirement that some elements do not meet: where, and the Excel error each gives."""

    mask: Mask
    requirement: str
    code: str = "#VALUE!"


class ArgumentKind:
    """What one argument or result holds."""

    shape: tuple[str, ...] = ()
    word: ClassVar[str] = "value"
    unit: str = ""

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return the cells as an array for the function, with what is wrong; blanks and errors are known already."""
        raise NotImplementedError

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return what the function gave as cells."""
        raise NotImplementedError

    @property
    def domain(self) -> str:
        """The requirement in words, "" for none."""
        return ""

    @property
    def blank(self) -> str:
        """What a blank element means in a vector: "missing" fails the call, "nan" is passed on as NaN, NaT or ""."""
        return "missing"


@dataclass(frozen=True, slots=True)
class Number(ArgumentKind):
    """A number of a unit. Text is never taken for a number, nor TRUE for 1."""

    word: ClassVar[str] = "number"
    unit: str = ""
    shape: tuple[str, ...] = ()
    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    blank: str = "missing"

    @property
    def bounds(self) -> list[tuple[str, float]]:
        """The declared bounds as operator and limit."""
        every = ((">", self.gt), (">=", self.ge), ("<", self.lt), ("<=", self.le))
        return [(op, limit) for op, limit in every if limit is not None]

    @property
    def domain(self) -> str:
        """The bounds in words."""
        return " and ".join(f"{op} {limit:g}" for op, limit in self.bounds)

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return floats; what is not a number is a fault, as is what lies outside the bounds."""
        is_number = cells.kind == Kind.NUMBER
        faults = [Fault(~is_number & (cells.kind != Kind.BLANK), "must be a number")]
        out = np.where(is_number, cells.num, np.nan)
        outside = np.zeros(out.shape, bool)
        for op, limit in self.bounds:
            outside |= is_number & ~_COMPARE[op](cells.num, limit)
        faults.append(Fault(outside, f"must be {self.domain}", "#NUM!"))
        return out, faults

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return number cells; NaN is #N/A. TypeError where the function gave something else than numbers."""
        return Values.numbers(_as_numbers(result))


def _as_numbers(result: ArrayLike) -> NDArray[np.float64]:
    given = np.ma.filled(np.ma.asarray(result, np.float64), np.nan) if isinstance(result, np.ma.MaskedArray) else result
    numbers = np.asarray(given)
    if numbers.dtype == object:
        fits = all(isinstance(x, (int, float, np.number)) and not isinstance(x, complex) for x in numbers.ravel())
    else:
        fits = numbers.dtype.kind in "biuf"
    if not fits:
        raise TypeError(f"gave {numbers.dtype} where numbers are declared")
    return numbers.astype(np.float64)


_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


@dataclass(frozen=True, slots=True)
class Flag(ArgumentKind):
    """TRUE or FALSE; the numbers 1 and 0 will do."""

    word: ClassVar[str] = "TRUE or FALSE"
    shape: tuple[str, ...] = ()

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return booleans."""
        fits = (cells.kind == Kind.BOOLEAN) | ((cells.kind == Kind.NUMBER) & np.isin(cells.num, (0.0, 1.0)))
        return cells.num == 1.0, [Fault(~fits & (cells.kind != Kind.BLANK), "must be TRUE or FALSE")]

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return boolean cells."""
        given = np.asarray(result)
        if given.dtype.kind not in "biuf" or np.isnan(given.astype(float)).any():
            raise TypeError("gave something else than TRUE and FALSE")
        flags = given.astype(bool)
        return Values(
            np.full(flags.shape, Kind.BOOLEAN, np.uint8), flags.astype(float), np.full(flags.shape, "", object)
        )


@dataclass(frozen=True, slots=True, init=False)
class Word(ArgumentKind):
    """One of a few words, in any case of letters."""

    word: ClassVar[str] = "word"
    choices: tuple[str, ...]
    shape: tuple[str, ...]
    blank: str

    def __init__(self, *choices: str, shape: tuple[str, ...] = (), blank: str = "missing") -> None:
        object.__setattr__(self, "choices", choices)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "blank", blank)

    @property
    def domain(self) -> str:
        """The choices in words."""
        return f"one of {', '.join(self.choices)}" if self.choices else ""

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return the words in lower case."""
        words = np.array([str(t).strip().casefold() for t in cells.text.ravel()], object).reshape(cells.shape)
        known = np.isin(words, self.choices) if self.choices else np.ones(cells.shape, bool)
        fits = (cells.kind == Kind.TEXT) & known
        return words, [Fault(~fits & (cells.kind != Kind.BLANK), f"must be {self.domain or 'text'}")]

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return text cells."""
        words = np.asarray(result, object)
        if not all(isinstance(w, str) and len(w) <= 32_767 for w in words.ravel()):
            raise TypeError("gave what no cell can hold as text")
        return Values(np.full(words.shape, Kind.TEXT, np.uint8), np.zeros(words.shape), words)


_YEAR = re.compile(r"((?:19|20|21)\d\d)\s*[/-]\s*(\d\d|\d{4})\Z")


@dataclass(frozen=True, slots=True)
class Year(ArgumentKind):
    """A financial year, 1 April to 31 March: text such as 2024/25, or the year it starts in."""

    word: ClassVar[str] = "financial year"
    shape: tuple[str, ...] = ()

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return the years in which the financial years start."""
        out = np.zeros(cells.shape, np.int64)
        bad = np.zeros(cells.shape, bool)
        for at in np.ndindex(cells.shape):
            start = _start_year(cells.item(at))
            out[at], bad[at] = start or 0, start is None
        bad &= cells.kind != Kind.BLANK
        return out, [
            Fault(bad, "must be a financial year such as 2024/25 (as text, or Excel turns it into a date) or 2024")
        ]

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return financial years as text."""
        starts = np.asarray(result, np.int64)
        words = np.array([year_label(y) for y in starts.ravel().tolist()], object).reshape(starts.shape)
        return Word().write(words)


def _start_year(content: Scalar) -> int | None:
    if isinstance(content, str):
        match = _YEAR.match(content.strip())
        if match and (int(match[1]) + 1) % 100 == int(match[2]) % 100 and len(match[2]) in (2, 4):
            if len(match[2]) == 4 and int(match[2]) != int(match[1]) + 1:
                return None
            return int(match[1])
    elif isinstance(content, float) and content.is_integer() and 1900 <= content < 2200:
        return int(content)
    return None


@dataclass(frozen=True, slots=True)
class Date(ArgumentKind):
    """A date, as the serial number a cell formatted as a date holds."""

    word: ClassVar[str] = "date"
    shape: tuple[str, ...] = ()
    blank: str = "missing"

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return days, NaT for a blank; the 1900 system's 29 February 1900 (serial 60) is no date."""
        is_number = cells.kind == Kind.NUMBER
        serial = np.where(is_number, np.floor(cells.num), 1.0)
        exists = (serial >= (0 if date1904 else 1)) & (serial <= 2_958_465) & (date1904 | (serial != 60))
        days = np.where(exists, serial, 1).astype(np.int64)
        if date1904:
            out = np.datetime64("1904-01-01", "D") + days
        else:
            out = np.datetime64("1899-12-31", "D") + np.where(days > 60, days - 1, days)
        out = np.where(cells.kind == Kind.BLANK, np.datetime64("NaT", "D"), out)
        return out, [
            Fault(~is_number & (cells.kind != Kind.BLANK), "must be a date"),
            Fault(is_number & ~exists, "must be a date", "#NUM!"),
        ]

    def write(self, result: ArrayLike, *, date1904: bool = False) -> Values:
        """Return dates as serial numbers of the workbook's date system; no date is #N/A."""
        dates = np.asarray(result, "datetime64[D]")
        days = (dates - np.datetime64("1904-01-01" if date1904 else "1899-12-31", "D")).astype(np.float64)
        serial = days if date1904 else np.where(days >= 60, days + 1, days)
        return Values.numbers(np.where(np.isnat(dates), np.nan, serial))


class Table(ArgumentKind):
    """A range with a kind for each column: ``Table(risk=Word(), weight=Number(ge=0))``; one row or more.

    The function gets an array of objects, its last axis the columns; from Python a list of rows will do.
    """

    word: ClassVar[str] = "table"

    def __init__(self, **columns: ArgumentKind) -> None:
        self.columns = columns
        self.shape = ("", str(len(columns)))

    def read(self, cells: Values, *, date1904: bool) -> tuple[NDArray[Any], list[Fault]]:
        """Return the columns side by side, each read as its kind; a fault names its column."""
        out = np.empty(cells.shape, object)
        faults = []
        for at, (name, kind) in enumerate(self.columns.items()):
            out[..., at], found = kind.read(cells[..., at], date1904=date1904)
            for fault in found:
                mask = np.zeros(cells.shape, bool)
                mask[..., at] = fault.mask
                faults.append(Fault(mask, f"column {name} {fault.requirement}", fault.code))
        return out, faults

    def __repr__(self) -> str:
        return f"Table({', '.join(f'{k}={v!r}' for k, v in self.columns.items())})"


class Row:
    """A result of several values side by side, each of its own kind: ``Row(low=Number(...), high=Number(...))``."""

    def __init__(self, **fields: ArgumentKind) -> None:
        self.fields = fields

    def write(self, results: tuple[ArrayLike, ...], *, date1904: bool = False) -> Values:
        """Return the results as cells along the last axis."""
        parts = [kind.write(r, date1904=date1904) for kind, r in zip(self.fields.values(), results, strict=True)]
        shape = np.broadcast_shapes(*(p.shape for p in parts))
        parts = [p.broadcast_to(shape) for p in parts]
        return Values.joined(parts, lambda arrays: np.stack(arrays, axis=-1))

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{k}={v!r}' for k, v in self.fields.items())})"
