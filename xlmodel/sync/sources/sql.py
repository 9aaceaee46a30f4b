"""Extracts from databases: the rows of a query."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.refs import MAX_ROW
from xlmodel.sync.declared import SqlSource
from xlmodel.sync.sources.databases import connected
from xlmodel.sync.sources.extract import Extract, Faults, UnusableSourceError, column_places
from xlmodel.sync.sources.unordered import contents_hash, sorted_rows

__all__ = ["sql_extract"]


def sql_extract(
    name: str, source: SqlSource, wanted: Sequence[str], keys: Sequence[str], time_limit: float, faults: Faults
) -> Extract | None:
    """Return the wanted columns of a query, their rows named by the columns of the key."""
    try:
        columns = sorted_rows(_queried(source, wanted, time_limit))
    except UnusableSourceError as reason:
        faults.whole(0, name, str(reason))
        return None
    known = zip(*(columns[key] for key in keys), strict=True)
    rows = [", ".join(f"{key} {value}" for key, value in zip(keys, row, strict=True)) for row in known]
    return Extract(name, contents_hash(columns), columns, rows)


def _queried(source: SqlSource, wanted: Sequence[str], time_limit: float) -> dict[str, list[object]]:
    with connected(source.url, reading=True, time_limit=time_limit) as connection:
        # as it stands: a colon or a per cent sign in the query is no parameter
        result = connection.execution_options(no_parameters=True).exec_driver_sql(source.query)
        if not result.returns_rows:
            raise UnusableSourceError("must be a query that gives rows: SELECT ...")
        at = column_places(list(map(str, result.keys())), wanted)
        rows = result.fetchmany(MAX_ROW)
        if len(rows) == MAX_ROW:
            raise UnusableSourceError(f"must give fewer rows than a sheet has, {MAX_ROW:,}")
    return {heading: [row[place] for row in rows] for heading, place in at.items()}
