"""The number-format language: what TEXT makes of a value and a format code."""

from __future__ import annotations

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.formats.dates import date_text
from xlmodel.engine.native.formats.digits import number_text, scientific_text
from xlmodel.engine.native.formats.fractions import fraction_text
from xlmodel.engine.native.formats.general import general_display
from xlmodel.engine.native.formats.parts import Kind
from xlmodel.engine.native.formats.sections import Section, Style, format_of
from xlmodel.engine.native.numerals import general_text
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.values import ErrorValue, Scalar, decimal15

__all__ = ["format_text"]


def format_text(value: Scalar, code: str, locale: Locale | None = None, date1904: bool = False) -> str:
    """Return a value as a number format shows it; colours, and widths but that of a space, are left out.

    Raises
    ------
    ExcelError
        #VALUE!: the code is no format, or the number is no date; or the value is an error.
    UnsupportedError
        What Excel shows depends on the machine, or is not known.

    Examples
    --------
    >>> format_text(1234.5, "#,##0.00"), format_text(-0.25, "0%;(0%)"), format_text(45000.75, "d mmm yyyy h AM/PM")
    ('1,234.50', '(25%)', '15 Mar 2023 6 PM')
    """
    if isinstance(value, ErrorValue):
        raise ExcelError(value)
    locale = locale or Locale()
    form = format_of(code)
    if isinstance(value, bool):
        value = "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value if form.text is None else _with_text(form.text, value)
    number = value or 0.0
    section, signless = form.choose(number)
    if any(part.kind is Kind.ERA for part in section.parts):
        raise UnsupportedError(f"letters of the number format {code[:40]!r}", "number-format")
    if section.style is Style.DATE:
        return date_text(section.parts, abs(number) if signless else number, locale, date1904)
    text, nothing = _unsigned(section, abs(number), locale)
    return text if signless or number >= 0 or nothing else f"-{text}"


def _unsigned(section: Section, number: float, locale: Locale) -> tuple[str, bool]:
    """Return a number that is not negative in a section, and whether nothing of it is left."""
    if section.style is Style.TEXT:
        return _with_text(section, general_text(number)), False
    if section.style is Style.GENERAL:
        shown = general_display(number)
        return "".join(shown if p.kind is Kind.GENERAL else p.text for p in section.parts), False
    exact = decimal15(number)
    if section.style is Style.FRACTION:
        return fraction_text(section.parts, exact)
    if section.style is Style.SCIENTIFIC:
        return scientific_text(section.parts, exact, locale)
    return number_text(section.parts, exact, locale)


def _with_text(section: Section, text: str) -> str:
    return "".join(text if p.kind is Kind.TEXT else p.text for p in section.parts if p.kind is not Kind.LOCALE)
