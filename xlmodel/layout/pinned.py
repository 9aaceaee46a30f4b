"""Pins in a workbook: the cells that a pin is about, and the pin that a relation would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.layout.balances import following
from xlmodel.layout.labels import Labels
from xlmodel.layout.lines import Lines, tables
from xlmodel.layout.measure import measured
from xlmodel.layout.pins import Pin
from xlmodel.layout.relation import Check, Op, Relation, State
from xlmodel.layout.words import is_total

__all__ = ["Held", "held", "pin_of"]


class Held(NamedTuple):
    """A pin and what became of it in a workbook."""

    pin: Pin
    relation: Relation | None
    problem: str  #: why its cells cannot be found; "" where they were


def held(book: Book, labels: Labels, pins: Iterable[Pin]) -> Iterator[Held]:
    """Yield what becomes of the pins that are about a workbook."""
    numbers = {sheet.name.casefold(): number for number, sheet in enumerate(book.sheets)}
    of_sheet: dict[int, list[Lines]] = {}
    for pin in pins:
        if not pin.about(book.path):
            continue
        number = numbers.get(pin.sheet.casefold())
        if number is None:
            yield Held(pin, None, f"there is no sheet {pin.sheet!r}")
            continue
        if number not in of_sheet:
            of_sheet[number] = list(tables(book, labels, number))
        sides = [rows if pin.down else rows.turned() for rows in of_sheet[number]]
        found = _found(pin, sides)
        yield Held(pin, None, found) if isinstance(found, str) else Held(pin, found, "")


def _found(pin: Pin, sides: Sequence[Lines]) -> Relation | str:
    """Return the relation that a pin is about, or why there is none."""
    word = pin.lines.removesuffix("s")
    named = [(lines, line) for lines in sides for line in _named(lines, pin.figure)]
    if len(named) < pin.occurrence:
        return f"no {word} is named {pin.figure!r}" + (f" {pin.occurrence} times" if pin.occurrence > 1 else "")
    lines, line = named[pin.occurrence - 1]
    places = {name: [p for p in _named(lines, name) if p != line] for name in pin.of or (pin.first, pin.last)}
    lost = next((name for name, at in places.items() if not at), None)
    if lost is not None:
        return f"no {word} is named {lost!r} beside {pin.figure!r}"
    nearest = _nearest(places, line)
    terms = [nearest[name] for name in pin.of] or _between(lines, line, nearest[pin.first], nearest[pin.last])
    fixed = None
    if pin.base:
        crossings = [i for i, name in enumerate(lines.crossing_names) if name == pin.base]
        if not crossings:
            return f"nothing is named {pin.base!r} beside {pin.figure!r}"
        fixed = crossings[0]
    checks = tuple(_checks(pin, lines, line, terms, fixed))
    if not checks:
        return f"the {word} {pin.figure!r} holds no figure that could be checked"
    return Relation(
        Op(pin.kind), lines.sheet, lines.down, int(lines.at[line]), tuple(int(lines.at[t]) for t in terms), pin.scale,
        checks, "pinned", None if fixed is None else int(lines.across[fixed]),
    )  # fmt: skip


def _nearest(places: dict[str, list[int]], line: int) -> dict[str, int]:
    """Return the place of each name that is nearest to a line; all before it where they can be, as parts are."""
    before = {name: [p for p in at if p < line] for name, at in places.items()}
    chosen = before if all(before.values()) else places
    return {name: min(at, key=lambda place: abs(place - line)) for name, at in chosen.items()}


def _named(lines: Lines, name: str) -> list[int]:
    return [i for i in range(len(lines)) if name in (lines.names[i], lines.paths[i])]


def _between(lines: Lines, line: int, one: int, other: int) -> list[int]:
    """Return the lines from one to another, without totals among them."""
    return [i for i in range(min(one, other), max(one, other) + 1) if i != line and not is_total(lines.names[i])]


def _checks(pin: Pin, lines: Lines, line: int, terms: Sequence[int], fixed: int | None) -> Iterator[Check]:
    op = Op(pin.kind)
    if op is Op.CONTINUITY:
        found: list[Check | None] = list(following(lines, line, terms[0]))
    else:
        signs = [-1 if name in pin.minus else 1 for name in pin.of] if pin.minus else []
        used = (terms[0], terms[0]) if fixed is not None else terms
        crossings = [
            i for i, name in enumerate(lines.crossing_names)
            if i != fixed and name not in pin.leave_out and not np.isnan(lines.value[line, i])
        ]  # fmt: skip
        found = [measured(lines, op, line, used, i, signs=signs, scale=pin.scale, elsewhere=fixed) for i in crossings]
    for check in found:
        if check is not None:
            yield replace(check, accused=check.state is State.DOES_NOT_TIE)


def pin_of(sides: Sequence[Lines], lines: Lines, relation: Relation) -> Pin | None:
    """Return a relation as a pin; None where the names of its lines cannot tell them.

    Parameters
    ----------
    sides : sequence of Lines
        The tables of the sheet, in the direction of the relation.
    lines : Lines
        The one it was found in.
    """
    at = {int(place): i for i, place in enumerate(lines.at)}
    line, terms = at[relation.line], [at[term] for term in relation.terms]
    names = [lines.names[i] for i in terms]
    if not all((lines.names[line], *names)):
        return None
    same = [(id(side), i) for side in sides for i in _named(side, lines.names[line])]
    figure = lines.names[line] if len(same) == 1 else lines.paths[line]
    same = [(id(side), i) for side in sides for i in _named(side, figure)]
    signs = {t.row if relation.down else t.col: t.sign for check in relation.checks for t in check.terms}
    whole = (
        relation.op in (Op.SUM, Op.AVERAGE) and len(terms) > 2 and terms == _between(lines, line, terms[0], terms[-1])
    )
    balance = relation.op is Op.BALANCE
    pin = Pin(
        sheet=relation.sheet,
        kind=relation.op.value,
        figure=figure,
        lines="rows" if relation.down else "columns",
        of=() if whole else tuple(names),
        first=names[0] if whole else "",
        last=names[-1] if whole else "",
        minus=tuple(n for n, t in zip(names, relation.terms, strict=True) if balance and signs[t] < 0),
        base="" if relation.fixed is None else lines.crossing_names[list(lines.across).index(relation.fixed)],
        scale=relation.scale,
        occurrence=same.index((id(next(s for s in sides if s.at is lines.at)), line)) + 1,
    )  # fmt: skip
    again = _found(pin, sides)
    if isinstance(again, str) or (again.line, again.terms) != (relation.line, relation.terms):
        return None
    accused = {(c.row, c.col) for c in relation.checks if c.accused}
    aside = [c for c in again.checks if c.accused and (c.row, c.col) not in accused]
    crossing = {int(place): name for place, name in zip(lines.across, lines.crossing_names, strict=True)}
    return replace(pin, leave_out=tuple(dict.fromkeys(crossing[c.col if relation.down else c.row] for c in aside)))
