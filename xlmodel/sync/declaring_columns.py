"""Reading the columns of a feed: the table ``[sync.feed.NAME.columns]``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import regex

from xlmodel.engine.native.formats.sections import format_of
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.sync.declared import ColumnType, Combine, FieldRule
from xlmodel.sync.declared_table import DeclaredTable
from xlmodel.sync.units import KNOWN_UNITS, conversion

__all__ = ["parse_columns"]

_TYPES: tuple[ColumnType, ...] = ("text", "number", "whole", "date", "datetime", "boolean")
_COMBINE: tuple[Combine, ...] = ("one", "sum", "last")
_KEYS = (
    "from", "type", "required", "unit", "from_unit", "scale", "decimals", "minimum", "maximum", "choices", "pattern",
    "formats", "combine", "number_format",
)  # fmt: skip
#: which keys make sense for which types; the others for all
_FOR = {
    "number": ("unit", "from_unit", "scale", "decimals", "minimum", "maximum"),
    "whole": ("unit", "from_unit", "scale", "minimum", "maximum"),
    "text": ("choices", "pattern"),
    "date": ("formats",),
    "datetime": ("formats",),
    "boolean": (),
}
#: characters that Excel lets a number format have
_LONGEST_FORMAT = 255
_LIMITED = {key for keys in _FOR.values() for key in keys}

_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_YEARS, _DAYS, _MONTHS, _HOURS = "Yy", "d", "mbB", "HI"
_SUPPORTED = {*_YEARS, *_DAYS, *_MONTHS, *_HOURS, "j", "M", "S", "f", "p", "a", "A", "%"}


def parse_columns(feed: DeclaredTable) -> tuple[FieldRule, ...]:
    """Return the columns that a feed declares, in their order."""
    declared = feed.table("columns")
    if not declared:
        feed.refuse("columns", "must map headings of the workbook to columns of the source")
    return tuple(_rule(heading, entry, feed) for heading, entry in declared.items())


def _rule(heading: str, entry: Any, feed: DeclaredTable) -> FieldRule:
    table = DeclaredTable({"from": entry} if isinstance(entry, str) else entry, f"{feed.where} column {heading!r}:")
    table.only(*_KEYS)
    kind = table.word("type", _TYPES, "text")
    for key in _LIMITED - set(_FOR[kind]):
        if key in table:
            kinds = [name for name, keys in _FOR.items() if key in keys]
            table.refuse(key, f"is for columns of type {' or '.join(kinds)}; this one is of type {kind}")
    combine = table.word("combine", _COMBINE, "one")
    if combine == "sum" and kind not in ("number", "whole"):
        table.refuse("combine", f"must be one or last for a column of type {kind}: only numbers are added up", combine)
    minimum, maximum = table.number("minimum"), table.number("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        table.refuse("minimum", f"must be <= maximum, which is {maximum:g}", minimum)
    return FieldRule(
        heading,
        table.text("from", heading),
        kind,
        table.truth("required", False),
        table.text("unit", ""),
        _scale(table),
        table.whole_number("decimals", 0, 15),
        minimum,
        maximum,
        table.texts("choices"),
        _pattern(table),
        tuple(_date_format(table, kind, form) for form in table.texts("formats")),
        combine,
        _number_format(table),
        table.text("from_unit", ""),
    )


def _scale(table: DeclaredTable) -> Decimal:
    given = table.decimal("scale")
    if "from_unit" not in table:
        return Decimal(1) if given is None else given
    unit, from_unit = table.text("unit", ""), table.text("from_unit")
    if given is not None:
        table.refuse("scale", f"must not stand beside from_unit, which says how to get from {from_unit} to {unit}")
    found = conversion(from_unit, unit)
    if found is None:
        table.refuse(
            "from_unit", f"must be one that can be converted to {unit!r} ({KNOWN_UNITS}); else give scale", from_unit
        )
    return found


def _pattern(table: DeclaredTable) -> str:
    pattern = table.text("pattern", "")
    try:
        regex.compile(pattern)
    except regex.error as reason:
        table.refuse("pattern", f"must be a regular expression ({reason})", pattern)
    return pattern


def _number_format(table: DeclaredTable) -> str:
    code = table.text("number_format", "")
    try:
        format_of(code)
        good = code.isprintable() and len(code) <= _LONGEST_FORMAT
    except UnsupportedError:
        good = True  # one of Excel's, which is only not written here
    except ExcelError:
        good = False
    if not good:
        table.refuse("number_format", "must be a number format as Excel's Format Cells shows it: #,##0.00", code)
    return code


def _date_format(table: DeclaredTable, kind: str, form: str) -> str:
    used = _DIRECTIVE.findall(form)
    unknown = [letter for letter in used if letter not in _SUPPORTED]
    if unknown:
        table.refuse("formats", f"must not use %{unknown[0]}", form)
    dated = any(y in used for y in _YEARS) and ("j" in used or ("d" in used and any(m in used for m in _MONTHS)))
    if not dated:
        table.refuse("formats", "must have day, month and year, such as %d/%m/%Y", form)
    if kind == "date" and any(h in used for h in _HOURS):
        table.refuse("formats", "must have no time of day for type date; declare type = datetime", form)
    return form
