"""The relations of a workbook as a list: those found and those pinned, each with the names of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlmodel.book.workbook import Book
from xlmodel.layout.labels import Labels
from xlmodel.layout.lines import tables
from xlmodel.layout.pinned import held, pin_of
from xlmodel.layout.pins import Pin
from xlmodel.layout.relation import Op, Relation
from xlmodel.layout.relations import related

__all__ = ["Listed", "declined", "listed"]


@dataclass(frozen=True)
class Listed:
    """A relation in the list.

    Attributes
    ----------
    relation : Relation or None
        None for a pin whose cells are not found.
    pin : Pin or None
        What would pin it, or does; None where the names of its lines cannot tell them.
    pinned, declined : bool
        What the settings say of it.
    problem : str
        Why the cells of a pin are not found.
    """

    relation: Relation | None
    figure: str
    of: tuple[str, ...]
    pin: Pin | None
    pinned: bool = False
    declined: bool = False
    problem: str = ""


def declined(book: Book, labels: Labels, pins: Iterable[Pin]) -> set[tuple[Op, str, bool, int]]:
    """Return what tells the relations that the settings do not accept: kind, sheet, direction, line."""
    refused = (pin for pin in pins if not pin.accept)
    return {_key(h.relation) for h in held(book, labels, refused) if h.relation is not None}


def _key(relation: Relation) -> tuple[Op, str, bool, int]:
    return relation.op, relation.sheet, relation.down, relation.line


def listed(book: Book, pins: Iterable[Pin] = ()) -> Iterator[Listed]:
    """Yield what is pinned for a workbook, then what is found in it besides, sheet by sheet."""
    labels, pins = Labels(book), tuple(pins)
    refused, known = declined(book, labels, pins), set()
    for pin, relation, problem in held(book, labels, (pin for pin in pins if pin.accept)):
        if relation is not None:
            known.add(_key(relation))
        yield Listed(relation, pin.figure, pin.of or (pin.first, pin.last), pin, pinned=True, problem=problem)
    for number in range(len(book.sheets)):
        sides = list(tables(book, labels, number))
        turned = [rows.turned() for rows in sides]
        for rows, columns in zip(sides, turned, strict=True):
            for relation in related(rows, columns):
                if _key(relation) in known:
                    continue
                lines = rows if relation.down else columns
                pin_for = pin_of(sides if relation.down else turned, lines, relation)
                at = {int(place): name for place, name in zip(lines.at, lines.names, strict=True)}
                of = tuple(at[term] for term in relation.terms)
                yield Listed(relation, at[relation.line], of, pin_for, declined=_key(relation) in refused)
