"""Several rows of one key made into one: refused, added up, or the newest extract's taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from xlmodel.inputs.cells import UnreadableError
from xlmodel.inputs.problems import shown
from xlmodel.sync.declared import FieldRule
from xlmodel.sync.sources.extract import Extract, Faults
from xlmodel.sync.sources.typing import EXACT, Typed, as_cell, in_workbook
from xlmodel.values import Scalar

__all__ = ["Column", "combined"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of all extracts, one after the other."""

    rule: FieldRule
    key: bool
    values: list[Typed]


def combined(
    extracts: Sequence[Extract], columns: Sequence[Column], faults: Faults
) -> tuple[dict[str, list[Scalar]], list[str]]:
    """Return the cells of each column, one row a key in the order in which keys come, and where each row comes from."""
    rows = _Rows(extracts, faults)
    groups = _grouped(rows, columns)
    if all(column.rule.combine == "one" for column in columns):
        for first, *others in groups:
            for row in others:
                rows.fault(row, 0, None, f"must have a key of its own; {rows.place(first)} has the same")
        groups = [group[:1] for group in groups]
    cells = {
        column.rule.heading: [_cell(column, number, group, rows) for group in groups]
        for number, column in enumerate(columns)
    }
    newest = not any(column.rule.combine == "sum" for column in columns)
    return cells, [rows.newest_place(group) if newest else rows.places(group) for group in groups]


class _Rows:
    """The rows of all extracts, one after the other."""

    def __init__(self, extracts: Sequence[Extract], faults: Faults) -> None:
        self.extracts = extracts
        self.faults = faults
        self.stand = [(number, row) for number, extract in enumerate(extracts) for row in range(len(extract.rows))]

    def extract(self, row: int) -> int:
        """Return the number of a row's extract."""
        return self.stand[row][0]

    def place(self, row: int) -> str:
        """Return where a row comes from."""
        extract, at = self.stand[row]
        return self.extracts[extract].place(at)

    def places(self, group: Sequence[int]) -> str:
        """Return where the rows of one key come from."""
        first, last = group[0], group[-1]
        if self.extract(first) == self.extract(last):
            return self.place(first) + _more(len(group) - 1)
        return f"{self.place(first)} to {self.place(last)} ({len(group)} rows)"

    def newest_place(self, group: Sequence[int]) -> str:
        """Return where the newest extract has its rows of one key."""
        return self.places([row for row in group if self.extract(row) == self.extract(group[-1])])

    def known(self, row: int, number: int) -> bool:
        """Tell whether a cell is known to be at fault."""
        return self.faults.known(*self.stand[row], number)

    def fault(self, row: int, number: int, rule: FieldRule | None, what: str) -> None:
        """Note what is wrong in a row, and in which column."""
        place = self.place(row) + ("" if rule is None else f", column {rule.source}")
        self.faults.cell(*self.stand[row], number, place, what)


def _more(count: int) -> str:
    return f" and {count} more row{'s' * (count > 1)}" if count else ""


def _grouped(rows: _Rows, columns: Sequence[Column]) -> list[list[int]]:
    """Return the rows of each key; a row without a key is a fault, and left out."""
    parts = []
    for number, column in enumerate(columns):
        if column.key:
            known = [_key(value, column.rule) for value in column.values]
            for row, part in enumerate(known):
                if part is None and not rows.known(row, number):
                    rows.fault(row, number, column.rule, "must not be blank: it tells the row apart from others")
            parts.append(known)
    groups: dict[tuple[Typed, ...], list[int]] = {}
    for row, key in enumerate(zip(*parts, strict=True)):
        if None not in key:
            groups.setdefault(key, []).append(row)
    return list(groups.values())


def _key(value: Typed, rule: FieldRule) -> Typed:
    """Return a part of a key as the workbook has it."""
    if isinstance(value, Decimal):
        return in_workbook(value, rule)
    return value.strip() if isinstance(value, str) else value


def _cell(column: Column, number: int, group: Sequence[int], rows: _Rows) -> Scalar:
    """Return what the rows of one key make of a column."""
    rule, first = column.rule, group[0]
    if column.key:
        value = _key(column.values[first], rule)
    elif rule.combine == "sum":
        value = _total([amount for amount in (column.values[row] for row in group) if isinstance(amount, Decimal)])
    else:
        newest = rows.extract(group[-1]) if rule.combine == "last" else 0
        first, *others = [row for row in group if rows.extract(row) >= newest]
        value = column.values[first]
        for row in others:
            if column.values[row] != value and not (rows.known(row, number) or rows.known(first, number)):
                here, there = _said(column.values[row]), f"{rows.place(first)} has {_said(value)}"
                rows.fault(row, number, rule, f"must be the same in all rows of the key: {there}, this one {here}")
    if not isinstance(value, Decimal):
        return value
    try:
        return as_cell(value if column.key else in_workbook(value, rule), rule)
    except UnreadableError as reason:
        it_is = shown(float(value if column.key else EXACT.multiply(value, rule.scale)))
        summed = _more(len(group) - 1) if rule.combine == "sum" else ""
        rows.fault(first, number, rule, f"{reason}; it is {it_is}" + (summed and f", with{summed[4:]} of its key"))
        return None


def _total(amounts: Sequence[Decimal]) -> Decimal | None:
    return reduce(EXACT.add, amounts) if amounts else None


def _said(value: Typed) -> str:
    return "nothing" if value is None else shown(str(value) if isinstance(value, Decimal) else value)
