"""The values of a plan as a reader knows them from the sheet, and how far two are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeGuard

from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.layout.shown import shown as looks
from xlmodel.report.escape import safe
from xlmodel.report.figures import apart, count
from xlmodel.values import Scalar, display, same_number

__all__ = ["as_name", "difference", "pair", "together", "told"]

LONG = 60  #: characters of a text that are shown
_GROUPED = 10_000  #: from here on a number without a format gets separators; a year does not


def told(value: Scalar, code: str = "", date1904: bool = False) -> str:
    """Return a value as its cell shows it; texts in quotes, so that 0123 and 123 are told apart.

    >>> told(63_600_000.0, '[$£-809]#,##0.00,,"m"_ '), told(45383.0, "d mmm yyyy"), told("0123"), told(None)
    ('£63.60m', '1 Apr 2024', '"0123"', 'blank')
    """
    if not _number(value):
        return safe(display(value), LONG)
    if code in ("", "General", "@"):
        return _plain(value)
    try:
        shown = format_text(value, code, date1904=date1904).strip()
    except (ExcelError, UnsupportedError):
        shown = ""
    return safe(shown, LONG) or _plain(value)


def as_name(value: Scalar, code: str = "", date1904: bool = False) -> str:
    """Return a value that names a row: as `told`, without quotes."""
    return safe(value, LONG) if isinstance(value, str) else told(value, code, date1904)


def pair(old: Scalar, new: Scalar, code: str = "", date1904: bool = False) -> tuple[str, str]:
    """Return two values of a cell, in full where its number format would show them alike.

    >>> pair(71_300_000.0, 71_300_400.0, '0.00,,"m"'), pair(None, 2.5, "0.00")
    (('71,300,000', '71,300,400'), ('blank', '2.50'))
    """
    one, other = told(old, code, date1904), told(new, code, date1904)
    return apart(old, new) if one == other and old != new else (one, other)


def together(values: Sequence[Scalar], code: str = "", date1904: bool = False) -> list[str]:
    """Return several values of a cell, in full where its number format would show some of them alike.

    >>> together([48_200_000.0, 49e6, None], '0.00,,"m"'), together([48_200_000.0, 48_200_001.0, None], '0.00,,"m"')
    (['48.20m', '49.00m', 'blank'], ['48,200,000', '48,200,001', 'blank'])
    """
    shown = [told(value, code, date1904) for value in values]
    return shown if len(set(shown)) >= len(set(values)) else [told(value) for value in values]


def difference(old: Scalar, new: Scalar, code: str = "", date1904: bool = False) -> str:
    """Return by how much a number changes, with its sign; nothing where one of the two is no number.

    >>> difference(63_600_000.0, 64_100_000.0, '[$£-809]#,##0.00,,"m"_ '), difference(45383.0, 45413.0, "d mmm yyyy")
    ('+£0.50m', '+30 days')
    >>> difference(0.1, 0.125, "0.0%"), difference(0.1, 0.10002, "0.0%"), difference(3.0, 1.0), difference("a", 1.0)
    ('+2.5 points', '+0.002 points', '-2', '')
    """
    if not (_number(old) and _number(new)) or same_number(old, new):
        return ""
    look = looks(code or "General")
    by = abs(new - old)
    if look.date:
        size = count(by, "day") if by == math.floor(by) else f"{by:.4g} days"
    elif look.percent:
        alike = told(old, code) == told(new, code)
        size = f"{f'{by * 100:.2g}' if alike else told(by, code).rstrip('% ')} points"
    elif told(old, code, date1904) == told(new, code, date1904):
        size = apart(by, 0.0)[0]
    else:
        # the section for numbers that are not negative, whatever the format does to those that are
        size = told(by, code)
    return f"{'+' if new > old else '-'}{size}"


def _number(value: Scalar) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: float) -> str:
    return f"{value:,.15g}" if abs(value) >= _GROUPED else display(value)
