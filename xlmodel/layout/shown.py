"""What a number format says of a figure: a date, a percentage, an amount of money."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from xlmodel.engine.native.formats.digits import point_shift
from xlmodel.engine.native.formats.parts import Kind
from xlmodel.engine.native.formats.sections import Style, format_of
from xlmodel.engine.native.operands import ExcelError, UnsupportedError

__all__ = ["Shown", "shown"]

_CURRENCIES = "£€$¥"


class Shown(NamedTuple):
    """How a number format shows a figure."""

    date: bool = False
    percent: bool = False
    currency: str = ""  #: "£" and the like, "" where it shows none
    plain: bool = True  #: without thousands separators or decimals, as a year is shown
    shift: int = 0  #: the power of ten by which it moves the point: 2 for a percentage, -6 where it shows millions


@lru_cache(maxsize=2048)
def shown(code: str) -> Shown:
    """Return what a number format says of a positive figure.

    >>> shown("0.0%").percent, shown('"£"#,##0').currency, shown("dd/mm/yyyy").date, shown("#,##0.0,,").shift
    (True, '£', True, -6)
    """
    try:
        section = format_of(code).choose(1.0)[0]
    except (ExcelError, UnsupportedError):
        return Shown()
    texts = "".join(part.text for part in section.parts)
    percent = any(part.kind is Kind.PERCENT for part in section.parts)
    return Shown(
        date=section.style is Style.DATE,
        percent=percent,
        currency=next((sign for sign in _CURRENCIES if sign in texts), ""),
        plain=not (percent or "," in texts or "." in texts),
        shift=0 if section.style is Style.DATE else point_shift(section.parts),
    )
