"""Data tables of what-if analysis, written as Excel shows them: TABLE(row input cell, column input cell)."""

from __future__ import annotations

from collections.abc import Mapping

from xlmodel.refs import ReferenceSyntaxError, column_letters, parse_cell

__all__ = ["formula_text"]


def formula_text(written: str, about: Mapping[str, str]) -> str:
    """Return a cell's own formula, "" where it shares another's, from its text and attributes."""
    return _table_call(about) if about.get("t") == "dataTable" else written


def _table_call(about: Mapping[str, str]) -> str:
    """Write a data table as Excel shows it: TABLE(row input, column input)."""

    def cell(name: str, deleted: str) -> str:
        if about.get(deleted, "0") in ("1", "true"):
            return "#REF!"
        return _absolute(about[name]) if name in about else ""

    first, second = cell("r1", "del1"), cell("r2", "del2")
    if about.get("dt2D", "0") in ("1", "true"):
        return f"TABLE({first},{second})"
    return f"TABLE({first},)" if about.get("dtr", "0") in ("1", "true") else f"TABLE(,{first})"


def _absolute(name: str) -> str:
    """Write a cell's name with dollars.

    >>> _absolute("B7"), _absolute("no cell")
    ('$B$7', '#REF!')
    """
    try:
        row, col = parse_cell(name)
    except ReferenceSyntaxError:
        return "#REF!"
    return f"${column_letters(col)}${row}"
