"""The relations of a workbook: found from its layout, its names and the figures that agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from xlmodel.book.workbook import Book
from xlmodel.layout.balances import balances
from xlmodel.layout.labels import Labels
from xlmodel.layout.lines import Lines, tables
from xlmodel.layout.ratios import ratios
from xlmodel.layout.relation import Op, Relation, State
from xlmodel.layout.sums import sums

__all__ = ["related", "relations"]


def relations(book: Book, labels: Labels | None = None) -> Iterator[Relation]:
    """Yield the relations between the figures of a workbook, sheet by sheet."""
    labels = labels or Labels(book)
    for number in range(len(book.sheets)):
        for rows in tables(book, labels, number):
            yield from related(rows, rows.turned())


def related(rows: Lines, columns: Lines) -> Iterator[Relation]:
    """Yield the relations of a table, given as its rows and as its columns."""
    yield from _without_the_systematic(
        [relation for lines in (rows, columns) for relation in (*sums(lines), *ratios(lines), *balances(lines))]
    )


def _without_the_systematic(found: list[Relation]) -> Iterator[Relation]:
    """Yield relations that accuse nothing that mostly does not tie: no sum in two totals is none by mistake."""
    accused: Counter[tuple[Op, bool, int]] = Counter()
    tied: Counter[tuple[Op, bool, int]] = Counter()
    cells = {(check.row, check.col) for relation in found for check in relation.checks if check.accused}
    for relation in found:
        for check in relation.checks:
            key = relation.op, relation.down, check.col if relation.down else check.row
            if check.state is State.DOES_NOT_TIE:
                brought_about = any((term.row, term.col) in cells for term in check.terms)
                accused[key] += check.accused and not brought_about
            else:
                tied[key] += 1
    meant = {key for key, times in accused.items() if times > max(1, tied[key])}
    for relation in found:
        checks = tuple(
            replace(c, accused=False) if (relation.op, relation.down, c.col if relation.down else c.row) in meant else c
            for c in relation.checks
        )
        yield replace(relation, checks=checks)
