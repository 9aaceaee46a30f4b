"""Results as tables of databases: all rows replaced in one transaction, and a row that says where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlmodel.errors import SourceError
from xlmodel.inputs.problems import listed
from xlmodel.sync.results.columns import Column
from xlmodel.sync.results.files import refuse_mixed
from xlmodel.sync.results.provenance import Provenance
from xlmodel.sync.sources.databases import connected
from xlmodel.sync.sources.extract import UnusableSourceError

if TYPE_CHECKING:
    import sqlalchemy

__all__ = ["REGISTER", "write_table"]

#: the table beside the results, with a row for each of them
REGISTER = "xlmodel_exports"


def write_table(columns: Sequence[Column], url: str, table: str, provenance: Provenance) -> None:
    """Replace all rows of a table, made where it is not there; all or nothing.

    A table that is there keeps its definition, and whoever may read it still may. Its columns must be those of the
    result. The table xlmodel_exports in the same schema gets a row that says where the rows come from.

    Raises
    ------
    SourceError
        The table has other columns, a column holds cells of several kinds, or the database refuses; it is as it was.
    """
    refuse_mixed(columns)
    schema, _, name = table.rpartition(".")
    try:
        with connected(url, reading=False) as connection:
            made = _made(connection, name, schema or None, columns)
            connection.execute(made.delete())
            rows = zip(*(column.contents for column in columns), strict=True)
            filled = [dict(zip(made.columns.keys(), row, strict=True)) for row in rows]
            if filled:
                connection.execute(made.insert(), filled)
            _register(connection, name, schema or None, provenance)
    except UnusableSourceError as reason:
        raise SourceError(f"table {table}: {reason}") from None


def _made(
    connection: sqlalchemy.Connection, name: str, schema: str | None, columns: Sequence[Column]
) -> sqlalchemy.Table:
    import sqlalchemy as sa

    types: dict[str, Any] = {
        "text": sa.Text(), "number": sa.Double(), "date": sa.Date(), "datetime": sa.DateTime(),
        "boolean": sa.Boolean(), "blank": sa.Text(),
    }  # fmt: skip
    table = sa.Table(name, sa.MetaData(), *(sa.Column(c.heading, types[c.kind]) for c in columns), schema=schema)
    if not sa.inspect(connection).has_table(name, schema):
        table.create(connection)
        return table
    there = connection.execute(sa.select(sa.text("*")).select_from(table).where(sa.false())).keys()
    headings = [column.heading for column in columns]
    if set(there) != set(headings):
        raise SourceError(
            f"table {name} must have the columns {listed(headings)}; it has {listed(there)}: drop it, or rename them"
        )
    return table


def _register(connection: sqlalchemy.Connection, name: str, schema: str | None, provenance: Provenance) -> None:
    import sqlalchemy as sa

    row = {"table_name": name, **provenance.texts()}
    # a key must be short for SQL Server
    columns = [sa.Column("table_name", sa.String(400), primary_key=True)]
    columns += [sa.Column(name, sa.String()) for name in row if name != "table_name"]
    register = sa.Table(REGISTER, sa.MetaData(), *columns, schema=schema)
    register.create(connection, checkfirst=True)
    connection.execute(register.delete().where(register.c.table_name == name))
    connection.execute(register.insert(), row)
