"""What a criterion of COUNTIF and its like asks of a cell.

A criterion is a number, a boolean, an error, or a text: a relation (`=`, `<>`, `<`, `<=`, `>`, `>=`) and what follows.
A text that reads as a number, a date, TRUE or an error's code means that; any other is a pattern with wildcards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.comparison import compare_texts
from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.numerals import read_number
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError
from xlmodel.engine.native.wildcards import has_wildcards, unescaped, wildcard
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["Criterion", "wildcard"]

Mask = NDArray[np.bool_]

_RELATIONS = ("<>", "<=", ">=", "=", "<", ">")  # the longer first
_LONGEST = 255
_LOCALE = Locale()
#: where a date of these decades lies, in either date system
_DATES = 30_000, 60_000
_ERRORS = frozenset(
    """#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN!
    #CONNECT! #BUSY! #PYTHON!""".split()
)

_DIGIT = re.compile(r"\d")
_number_in = lru_cache(maxsize=65_536)(read_number)


def _digits(text: str) -> list[int]:
    """Return the numbers that stand in a text, in order of size: what two ways to write one date have in common."""
    return sorted(int(part) for part in "".join(c if "0" <= c <= "9" else " " for c in text).split())


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is asked of each cell of a range; equal criteria ask the same.

    >>> Criterion.of(">=2").matches(Values.of([1.0, 2.0, "3", None])).tolist()
    [False, True, False, False]
    """

    relation: str
    kind: Kind  #: of what is compared with; a blank is nothing at all, as in "<>"
    number: float = 0.0  #: 0 or 1 for a boolean
    text: str = ""  #: a pattern, or an error's code
    bare: bool = False  #: written without a relation
    doubtful: bool = False  #: the text may be a date, but which one is not known
    locale: Locale = _LOCALE
    date1904: bool = False

    @classmethod
    def of(cls, content: Scalar, locale: Locale = _LOCALE, date1904: bool = False) -> Criterion:
        """Return what a criterion means; a blank cell as a criterion is 0."""
        if isinstance(content, str):
            return cls._of_text(content, locale, date1904)
        return cls._of_operand("=", content, True, locale, date1904)

    @classmethod
    def _of_operand(cls, relation: str, operand: Scalar, bare: bool, locale: Locale, date1904: bool) -> Criterion:
        if isinstance(operand, bool):
            return cls(relation, Kind.BOOLEAN, float(operand), bare=bare)
        if isinstance(operand, ErrorValue):
            return cls(relation, Kind.ERROR, text=operand.code, bare=bare)
        if isinstance(operand, str):
            kind = Kind.TEXT if operand else Kind.BLANK
            return cls(relation, kind, 0.0, operand.lower(), bare, False, locale, date1904)
        return cls(relation, Kind.NUMBER, float(operand or 0.0), "", bare, False, locale, date1904)

    @classmethod
    def _of_text(cls, text: str, locale: Locale, date1904: bool) -> Criterion:
        if len(text) > _LONGEST:
            raise ExcelError(VALUE)
        relation = next((r for r in _RELATIONS if text.startswith(r)), "")
        rest = text[len(relation) :]
        operand: Scalar = rest
        if rest.upper() in ("TRUE", "FALSE"):
            operand = rest.upper() == "TRUE"
        elif rest.upper() in _ERRORS:
            operand = ErrorValue(rest.upper())
        elif rest:
            try:
                number = _number_in(rest, locale, date1904)
            except UnsupportedError:
                return cls(relation or "=", Kind.TEXT, 0.0, rest.lower(), not relation, True, locale, date1904)
            operand = rest if number is None else number
        return cls._of_operand(relation or "=", operand, not relation, locale, date1904)

    def matches(self, cells: Values) -> Mask:
        """Tell of each cell whether it meets the criterion."""
        if self.relation == "=":
            return self._equal(cells)
        if self.relation != "<>":
            return self._ordered(cells)
        if self.kind == Kind.NUMBER:  # a text that reads as this number is equal to it, and is not equal to it too
            same: Mask = (cells.kind == Kind.NUMBER) & (cells.num == self.number)
            return ~same
        return ~self._equal(cells)

    @property
    def takes_blanks(self) -> bool:
        """Whether a cell that was never filled meets the criterion."""
        return bool(self.matches(Values.blank(1))[0])

    def _equal(self, cells: Values) -> Mask:
        found: Mask = cells.kind == self.kind
        if self.kind == Kind.BLANK:
            if self.bare:
                found = found | ((cells.kind == Kind.TEXT) & (cells.text == ""))
        elif self.kind == Kind.ERROR:
            found = found & (cells.text == self.text)
        elif self.kind == Kind.TEXT:
            self._keep_texts(cells, found)
            if self.doubtful:
                self._refuse_dates(cells, found)
        else:
            found = found & (cells.num == self.number)
            if self.kind == Kind.NUMBER:
                self._add_number_texts(cells, found)
        return found

    def _keep_texts(self, cells: Values, found: Mask) -> None:
        """Leave of the texts those that fit the pattern."""
        one = unescaped(self.text) if has_wildcards(self.text) else self.text
        fits = wildcard(self.text).fits if one is None else lambda t: t.lower() == one
        texts = cells.text[found].tolist()
        known = {t: fits(t) for t in set(texts)}  # a column of texts holds few different ones
        found[found] = [known[t] for t in texts]

    def _add_number_texts(self, cells: Values, found: Mask) -> None:
        """Add the texts that read as the number."""
        texts = cells.kind == Kind.TEXT
        digit = _DIGIT.search
        found[texts] = [digit(t) is not None and self._reads_as_number(t) for t in cells.text[texts].tolist()]

    def _reads_as_number(self, text: str) -> bool:
        try:
            return _number_in(text, self.locale, self.date1904) == self.number
        except UnsupportedError:
            if _DATES[0] <= self.number <= _DATES[1]:
                raise
            return False

    def _refuse_dates(self, cells: Values, found: Mask) -> None:
        """Refuse the cells that may be the date that the criterion may be, "5-9" for one."""
        refuse = UnsupportedError(f"the criterion {self.text!r}, which may be a date")
        numbers = cells.num[cells.kind == Kind.NUMBER]
        if ((numbers >= _DATES[0]) & (numbers <= _DATES[1])).any() or (self.relation == "<>" and found.any()):
            raise refuse
        digits = _digits(self.text)
        for text in set(cells.text[(cells.kind == Kind.TEXT) & ~found].tolist()):
            if _digits(text) == digits:
                raise refuse

    def _ordered(self, cells: Values) -> Mask:
        found: Mask = cells.kind == self.kind
        if self.kind == Kind.BLANK:
            return np.zeros(cells.shape, np.bool_)
        if self.kind == Kind.ERROR:
            if found.any():
                raise UnsupportedError(f"the order of errors, asked for by the criterion {self.relation}{self.text}")
            return found
        if self.doubtful:
            raise UnsupportedError(f"the criterion {self.relation}{self.text}, which may be a date")
        if self.kind == Kind.TEXT:
            order = np.zeros(cells.shape, np.int8)
            order[found] = [compare_texts(t, self.text) for t in cells.text[found].tolist()]
        else:
            order = np.sign(cells.num - self.number).astype(np.int8)
        low, same, high = "<" in self.relation, "=" in self.relation, ">" in self.relation
        meets: Mask = ((order < 0) & low) | ((order == 0) & same) | ((order > 0) & high)
        return found & meets
