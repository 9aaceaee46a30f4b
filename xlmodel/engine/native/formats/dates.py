"""Dates and times: y, m, d, h, s and AM/PM, with hours, minutes or seconds in brackets counted past their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.formats.parts import Kind, Part
from xlmodel.engine.native.moments import DAY_NAMES, LAST_SERIAL, MONTH_NAMES, SHIFT_1904, date_of
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError

__all__ = ["date_text"]

_DAY = 86_400
_ENGLISH = 0x09
_CLOCK = ("h", "i", "s")


@dataclass(frozen=True, slots=True)
class _Layout:
    """A section's parts in order: a letter (i for minutes) and its length, or a literal."""

    parts: tuple[tuple[str, int, str], ...]
    elapsed: str  #: which of h, i, s is counted past its limit, if any
    places: int  #: digits after the seconds' point
    twelve: bool  #: hours to twelve, with AM or PM

    @property
    def letters(self) -> frozenset[str]:
        """What the section shows."""
        return frozenset(letter for letter, _, _ in self.parts if letter)


@lru_cache(maxsize=512)
def _layout(parts: tuple[Part, ...]) -> _Layout:
    letters = [p.text[0].lower() if p.kind in (Kind.DATE, Kind.ELAPSED) else "" for p in parts]
    dates = [i for i, letter in enumerate(letters) if letter]
    for order, i in enumerate(dates):
        before = letters[dates[order - 1]] if order else ""
        after = letters[dates[order + 1]] if order + 1 < len(dates) else ""
        of_time = len(parts[i].text) <= 2 and (before in ("h", "s") or after == "s")
        if letters[i] == "m" and (of_time or parts[i].kind is Kind.ELAPSED):
            letters[i] = "i"
    elapsed = {letters[i] for i in dates if parts[i].kind is Kind.ELAPSED}
    if len(elapsed) > 1:
        raise ExcelError(VALUE)
    _check_locale(parts, letters)
    out: list[tuple[str, int, str]] = []
    places = 0
    i = 0
    while i < len(parts):
        part = parts[i]
        if letters[i]:
            out.append((letters[i], len(part.text), part.text))
        elif part.kind is Kind.HALF:
            out.append(("p", len(part.text), part.text))
        elif part.kind is Kind.POINT and (zeros := _zeros(parts, i + 1)):
            if "s" not in letters[:i] or zeros > 3:
                raise ExcelError(VALUE)
            out.append((".", zeros, "."))
            places = max(places, zeros)
            i += zeros
        elif part.kind is Kind.DIGIT:
            raise ExcelError(VALUE)
        elif part.kind is not Kind.LOCALE:
            out.append(("", 0, part.text))
        i += 1
    return _Layout(tuple(out), next(iter(elapsed), ""), places, any(p.kind is Kind.HALF for p in parts))


def _zeros(parts: Sequence[Part], start: int) -> int:
    end = start
    while end < len(parts) and parts[end].kind is Kind.DIGIT:
        end += 1
    return end - start


def _check_locale(parts: Sequence[Part], letters: Sequence[str]) -> None:
    """Refuse codes of other languages where names are written, of other calendars, and of the system's own dates."""
    named = any(x in ("m", "d") and len(p.text) > 2 for x, p in zip(letters, parts, strict=True))
    for part in parts:
        if part.kind is Kind.LOCALE:
            code = int(part.text, 16)
            other = code & 0x3FF != _ENGLISH and (named or any(p.kind is Kind.HALF for p in parts))
            if code >> 16 > 1 or code & 0xFFFF in (0xF800, 0xF400) or (other and code & 0xFFFF):
                raise UnsupportedError(f"dates of the locale {part.text}", "number-format")


def date_text(parts: tuple[Part, ...], number: float, locale: Locale, date1904: bool) -> str:
    """Return a number as a date or time; the 1900 system has no negative ones but for a lone elapsed time."""
    layout = _layout(parts)
    sign, number = ("-", -number) if number < 0 else ("", number)
    lone = len(layout.letters) == 1 and bool(layout.elapsed)
    last = LAST_SERIAL + 1 - (SHIFT_1904 if date1904 else 0)
    if not lone and ((sign and not date1904) or number >= last):
        raise ExcelError(VALUE)
    clock = layout.letters & {*_CLOCK, "p", "."}
    fine = Decimal(10) ** layout.places
    ticks = int((Decimal(number) * _DAY * fine).to_integral_value(ROUND_HALF_UP))
    day = ticks // int(_DAY * fine)
    if not clock and day != int(number):
        raise UnsupportedError("the date of a time within half a second of midnight", "number-format")
    return sign + "".join(
        _field(letter, length, text, layout, day, ticks, locale, date1904) if letter else text
        for letter, length, text in layout.parts
    )


def _field(
    letter: str, length: int, text: str, layout: _Layout, day: int, ticks: int, locale: Locale, date1904: bool
) -> str:
    fine = 10**layout.places
    seconds = ticks // fine
    if letter == ".":
        return locale.decimal + f"{ticks % fine:0{layout.places}d}"[:length]
    if letter in _CLOCK or letter == "p":
        return _clock(letter, length, text, layout, seconds)
    if day > LAST_SERIAL - (SHIFT_1904 if date1904 else 0):
        raise ExcelError(VALUE)
    year, month, of_month = date_of(day, date1904)
    if letter == "y":
        return f"{year % 100:02d}" if length <= 2 else f"{year:04d}"
    if letter == "m":
        name = MONTH_NAMES[month - 1]
        return {1: f"{month}", 2: f"{month:02d}", 3: name[:3], 5: name[0]}.get(length, name)
    weekday = DAY_NAMES[(day + (SHIFT_1904 if date1904 else 0) - 1) % 7]
    return {1: f"{of_month}", 2: f"{of_month:02d}", 3: weekday[:3]}.get(length, weekday)


def _clock(letter: str, length: int, text: str, layout: _Layout, seconds: int) -> str:
    hour = seconds // 3600 % 24
    if letter == "p":
        half = text[text.index("/") + 1 :] if hour >= 12 else text[: text.index("/")]
        return half if len(half) == 1 else half.upper()
    unit, limit = {"h": (3600, 24), "i": (60, 60), "s": (1, 60)}[letter]
    count = seconds // unit
    if letter != layout.elapsed:
        count %= limit
        if letter == "h" and layout.twelve:
            count = count % 12 or 12
        length = min(length, 2)
        return f"{count:0{length}d}"
    return f"{count:0{length - 2 if text.startswith('[') else length}d}"
