"""What the tables of money in the folder `book` must say together, beyond what each column must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xlmodel.inputs.problems import Problems, listed
from xlmodel.model.demand.assumptions import Demand

__all__ = ["check_money_tables"]

_Rows = list[dict[str, str]]


def check_money_tables(book: Mapping[str, _Rows], demand: Demand, found: Problems) -> None:
    """Note what the tables contradict one another in, or in the demand project.

    Parameters
    ----------
    book : mapping of str to rows
        The tables of the folder `book`, by name.
    demand : Demand
        The project's inputs.
    found : Problems
        Takes the faults, by file and column.
    """
    neighbours = book.get("neighbours", [])
    own = [row for row in neighbours if row.get("own")]
    if neighbours and len(own) != 1:
        found.add("neighbours.csv", None, "own", "must be yes in exactly one row", f"yes in {len(own)} rows")
    if len({row.get("year") for row in neighbours}) > 1:
        years = listed(sorted({row.get("year", "") for row in neighbours}))
        found.add("neighbours.csv", None, "year", "must be one year in all rows", years)
    lines = {line.line for line in demand.plan.lines} if demand.plan else set()
    for row in book.get("savings_detail", []):
        _among("savings_detail.csv", row, "line", lines, "savings.csv", found)
        _among("savings_detail.csv", row, "year", set(demand.months.labels), "the forecast", found)
    running = book.get("in_year_placements", [])
    known = {row.get("line", "") for row in book.get("in_year", [])}
    for row in running:
        _among("in_year_placements.csv", row, "line", known, "in_year.csv", found)
    for line, rows in Counter(row.get("line", "") for row in running if row.get("new")).items():
        if rows > 1:
            found.add("in_year_placements.csv", None, "new", f"must be yes in one row of {line} at most", rows)


def _among(file: str, row: Mapping[str, str], column: str, known: set[str], of: str, found: Problems) -> None:
    value = row.get(column, "")
    if value not in known:
        found.add(file, None, column, f"must be one of {of}", value)
