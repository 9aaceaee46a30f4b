"""The sections of a number format, and which of them a number takes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from xlmodel.engine.native.formats.parts import Kind, Part, parts_of
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError

__all__ = ["Condition", "Format", "Section", "Style", "format_of"]


class Style(Enum):
    """What a section writes."""

    NUMBER = auto()
    SCIENTIFIC = auto()
    FRACTION = auto()
    DATE = auto()
    GENERAL = auto()
    TEXT = auto()


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison that a number must pass to take a section."""

    sign: str
    limit: float

    def holds(self, number: float) -> bool:
        """Tell whether a number passes."""
        return _COMPARE[self.sign](number, self.limit)

    def never_positive(self) -> bool:
        """Tell whether no positive number passes."""
        return (self.sign in ("<", "<=") and self.limit <= 0) or (self.sign == "=" and self.limit <= 0)

    def always_positive(self) -> bool:
        """Tell whether all positive numbers pass."""
        return (self.sign in (">", ">=") and self.limit <= 0) or (self.sign == "<>" and self.limit <= 0)


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its style, its parts without conditions and colours."""

    style: Style
    parts: tuple[Part, ...]
    condition: Condition | None = None


_GENERAL = Section(Style.GENERAL, (Part(Kind.GENERAL, "General"),))


@dataclass(frozen=True, slots=True)
class Format:
    """A number format: up to three sections for numbers and one for text."""

    numbers: tuple[Section, ...]
    text: Section | None

    def choose(self, number: float) -> tuple[Section, bool]:
        """Return the section a number takes, and whether that section leaves out the minus sign."""
        if any(section.condition for section in self.numbers):
            return self._by_condition(number)
        if not self.numbers:
            return self.text or _GENERAL, False
        if number < 0 and len(self.numbers) > 1:
            return self.numbers[1], True
        if number == 0 and len(self.numbers) > 2:
            return self.numbers[2], False
        return self.numbers[0], False

    def _by_condition(self, number: float) -> tuple[Section, bool]:
        """Choose where a section has a condition; the minus sign goes where no positive number can come."""
        first, *others = self.numbers
        one = first.condition or Condition(">" if others[1:] else ">=", 0.0)
        if one.holds(number):
            return first, one.never_positive()
        if not others:
            others = [_GENERAL]
        two = others[0].condition
        if two is None and len(others) > 1:
            two = Condition("<", 0.0)
        if two is not None:
            if two.holds(number):
                return others[0], two.never_positive()
            if len(others) == 1:
                raise UnsupportedError("a number that no section of a number format takes", "number-format")
            return others[1], False
        if number < 0 and one.sign in ("<", "<=") and one.limit < 0:
            raise UnsupportedError("the sign of a number in a section without a condition", "number-format")
        return others[0], one.always_positive()


@lru_cache(maxsize=2048)
def format_of(code: str) -> Format:
    """Return what a format code means; raises #VALUE! where it is not a format."""
    sections = [_section(parts) for parts in parts_of(code)]
    if len(sections) > 4 or any(section.style is Style.TEXT for section in sections[:-1]):
        raise ExcelError(VALUE)
    if len(sections) == 4 or sections[-1].style is Style.TEXT:
        return Format(tuple(sections[:-1]), sections[-1])
    return Format(tuple(sections), None)


def _section(parts: list[Part]) -> Section:
    condition = None
    for part in parts:
        if part.kind is Kind.CONDITION:
            sign = re.match("[<>=]+", part.text)
            if sign is not None:
                condition = Condition(sign[0], float(part.text[sign.end() :].replace(" ", "")))
    kept = tuple(part for part in parts if part.kind is not Kind.CONDITION)
    return Section(_style(kept), kept, condition)


def _style(parts: tuple[Part, ...]) -> Style:
    """Return what a section writes; what does not go together is no format."""
    kinds = {part.kind for part in parts}
    dates = kinds & {Kind.DATE, Kind.ELAPSED, Kind.HALF}
    if len([k for k in (Kind.TEXT, Kind.GENERAL) if k in kinds]) + bool(dates) > 1:
        raise ExcelError(VALUE)
    if dates:
        if Kind.EXPONENT in kinds or any(part.text in ("#", "?") for part in parts if part.kind is Kind.DIGIT):
            raise ExcelError(VALUE)
        return Style.DATE
    if Kind.TEXT in kinds or Kind.GENERAL in kinds:
        if Kind.DIGIT in kinds or Kind.EXPONENT in kinds:
            raise ExcelError(VALUE)
        return Style.TEXT if Kind.TEXT in kinds else Style.GENERAL
    if Kind.EXPONENT in kinds:
        return Style.SCIENTIFIC
    if Kind.SLASH in kinds:
        at = next(i for i, part in enumerate(parts) if part.kind is Kind.SLASH)
        below = {part.kind for part in parts[at:]}
        if any(part.kind is Kind.DIGIT for part in parts[:at]) and below & {Kind.DIGIT, Kind.NUMERAL}:
            return Style.FRACTION
    return Style.NUMBER
