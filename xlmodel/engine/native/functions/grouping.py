"""Rows of data grouped by one or more fields, outer before inner, in order: the axes of GROUPBY and PIVOTBY."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.comparison import compare
from xlmodel.engine.native.operands import VALUE, ExcelError, UnsupportedError
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["Axis", "Group", "Order", "axis", "order"]

_MOST_FIELDS = 64

Rows = NDArray[np.intp]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rows that agree in their first fields."""

    labels: tuple[Scalar, ...]
    rows: Rows
    parent: Group | None
    children: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """How groups are ordered: a direction for each field, and the value that orders the innermost ones."""

    directions: tuple[int, ...]
    value: int | None = None  #: position among the value columns
    direction: int = 1


@dataclass(frozen=True, slots=True)
class Axis:
    """The groups in the order in which they are shown, totals among them."""

    groups: tuple[Group, ...]
    fields: int
    total: str  #: what the grand total is called

    def heading(self, group: Group) -> list[Scalar]:
        """Return a group's labels, padded to the number of fields."""
        labels = group.labels if group.parent is not None else (self.total,)
        return [*labels, *[""] * (self.fields - len(labels))]


def order(sort: Sequence[float], fields: int, values: int) -> Order:
    """Read a sort order: field numbers, then value numbers, negative for descending."""
    directions = [1] * fields
    for number in sort:
        at = int(abs(number))
        if not 1 <= at <= fields + values:
            raise ExcelError(VALUE)
        if at > fields:
            if len(sort) > 1:
                raise ExcelError(VALUE)
            return Order((1,) * fields, at - fields - 1, 1 if number > 0 else -1)
        directions[at - 1] = 1 if number > 0 else -1
    return Order(tuple(directions))


def axis(fields: Values, rows: Rows, depth: int, by: Order, value: Callable[[Group], Scalar], flat: bool) -> Axis:
    """Group rows by fields.

    Parameters
    ----------
    fields : Values, rows by fields
    rows : positions of the rows that count
    depth : the totals to show: 1 the grand total, 2 also those of the outermost groups, ...; negative before the groups
    by : the order of the groups
    value : what orders a group where a value does
    flat : fields are not nested: groups are ordered by all of them at once
    """
    width = fields.shape[1]
    if abs(depth) > width:
        raise ExcelError(VALUE)
    if width > _MOST_FIELDS:
        raise UnsupportedError(f"groups of more than {_MOST_FIELDS} fields", "limit")
    if flat and width > 1 and (abs(depth) > 1 or (by.value is None and min(by.directions) < 0)):
        raise UnsupportedError("this order or depth of fields that are not nested")
    if not flat and width > 1 and by.value is not None and by.direction < 0:
        raise UnsupportedError("nested groups in descending order of their values")
    columns = [_field(fields[:, at], rows) for at in range(width)]
    grand = _grown(Group((), rows, None), columns, by, value)
    if flat:
        groups = list(_innermost(grand))
        grand = Group((), rows, None, tuple(groups if by.value is None else _by_value(groups, by, value)))
    shown = tuple(_shown(grand, abs(depth), depth < 0))
    return Axis(shown, width, "Total" if abs(depth) <= 1 else "Grand Total")


def _field(column: Values, rows: Rows) -> list[Scalar]:
    content = column.scalars()
    for row in rows:
        if content[row] is None or isinstance(content[row], ErrorValue):
            raise UnsupportedError("groups of blank cells or errors")
    return content


def _grown(group: Group, columns: Sequence[list[Scalar]], by: Order, value: Callable[[Group], Scalar]) -> Group:
    """Return a group with its subgroups below it."""
    level = len(group.labels)
    if level == len(columns):
        return group
    column, met = columns[level], dict[tuple[type, Scalar], list[int]]()
    for row in group.rows.tolist():
        label = column[row]
        met.setdefault((type(label), label.casefold() if isinstance(label, str) else label), []).append(row)
    parts = _sorted(list(met.values()), [column[part[0]] for part in met.values()])
    if by.directions[level] < 0:
        parts.reverse()
    children = [Group((*group.labels, column[part[0]]), np.array(part, np.intp), group) for part in parts]
    if level + 1 == len(columns) and by.value is not None:
        children = _by_value(children, by, value)
    return Group(group.labels, group.rows, group.parent, tuple(_grown(c, columns, by, value) for c in children))


def _by_value(groups: list[Group], by: Order, value: Callable[[Group], Scalar]) -> list[Group]:
    return _sorted(groups, [value(group) for group in groups], by.direction)


def _sorted(things: list[Thing], by: list[Scalar], direction: int = 1) -> list[Thing]:
    def before(a: int, b: int) -> int:
        return direction * compare(by[a], by[b])

    return [things[at] for at in sorted(range(len(things)), key=cmp_to_key(before))]


def _innermost(group: Group) -> Iterator[Group]:
    if not group.children:
        yield group
    for child in group.children:
        yield from _innermost(child)


def _shown(group: Group, depth: int, totals_first: bool, level: int = 0) -> Iterator[Group]:
    """Go through the innermost groups, and the totals of those around them that lie less deep than `depth`."""
    if not group.children:
        yield group
        return
    if level < depth and totals_first:
        yield group
    for child in group.children:
        yield from _shown(child, depth, totals_first, level + 1)
    if level < depth and not totals_first:
        yield group
