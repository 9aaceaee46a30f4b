"""Feeds and tables for the tests of plans."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.books import book as in_memory

from xlmodel.book.workbook import Book, Table
from xlmodel.refs import Rect, cell_name
from xlmodel.sync.choices import Choices
from xlmodel.sync.comparing import Comparison, Incoming
from xlmodel.sync.declared import ColumnType, Feed, FieldRule, RowsPolicy, Target
from xlmodel.sync.planned import Side
from xlmodel.sync.synced import Synced
from xlmodel.sync.targets import locate
from xlmodel.values import Scalar

Row = Sequence[Scalar]


def feed(
    columns: Mapping[str, ColumnType],
    keys: Sequence[str],
    rows: RowsPolicy = "update",
    target: Target | None = None,
    **more: object,
) -> Feed:
    """Return a feed whose source has the columns of its target."""
    rules = tuple(FieldRule(heading, heading, kind) for heading, kind in columns.items())
    return Feed("ledger", Path("book.xlsx"), None, target or Target(table="T"), rules, tuple(keys), rows, **more)


def table_book(headings: Sequence[str], rows: Sequence[Row], **more: object) -> Book:
    """Return a workbook with a table T at S!B3; a text that begins with = is a formula."""
    cells: dict[str, Scalar] = {}
    for r, row in enumerate([headings, *rows]):
        for c, content in enumerate(row):
            if content is not None:
                cells[cell_name(3 + r, 2 + c)] = content
    rect = Rect(3, 2, 3 + max(len(rows), 1), 1 + len(headings))
    return in_memory({"S": cells}, tables=(Table("T", "S", rect, tuple(headings)),), **more)


def compare(
    made: Feed,
    book: Book,
    rows: Sequence[Row],
    last: Sequence[Row] | None = None,
    choices: Mapping[str, Side] | None = None,
) -> Comparison:
    """Hold rows against a table; `last` are the rows that were synced last."""
    headings = tuple(rule.heading for rule in made.columns)
    columns = {heading: [row[i] for row in rows] for i, heading in enumerate(headings)}
    incoming = Incoming(columns, [f"ledger.csv, row {i + 2}" for i in range(len(rows))])
    synced = None if last is None else Synced(made.keys, headings, tuple(map(tuple, last)))
    return Comparison(made, locate(book, made.target, headings), incoming, synced, Choices(choices or {}))
