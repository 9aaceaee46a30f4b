"""The generated part of docs/inputs.md: every file and column, from the tables themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from xlmodel.inputs.columns import Column, Table
from xlmodel.inputs.tables import ASSUMPTIONS, PARAMETERS, SETTINGS, TABLES

__all__ = ["reference", "with_reference"]

_START, _END = "<!-- files -->\n", "<!-- /files -->"


def reference() -> str:
    """Return a section for every file, with its columns and rows to copy."""
    return "\n".join(_section(table) for table in TABLES.values())


def with_reference(page: str) -> str:
    """Return a page with the part between its marks written anew."""
    before, start, rest = page.partition(_START)
    _, end, after = rest.partition(_END)
    return f"{before}{start}{reference()}{end}{after}"


def _section(table: Table) -> str:
    listed = {"settings": ("Key", SETTINGS), "assumptions": ("Name", ASSUMPTIONS), "parameters": ("Name", PARAMETERS)}
    names = listed.get(table.name)
    lines = [f"### {table.file}", "", table.about + ("" if table.required else " Optional."), ""]
    lines += _columns("Column", table.columns)
    if names:
        lines += ["", *_columns(*names)]
    header = ",".join(c.name for c in table.columns)
    return "\n".join([*lines, "", "```csv", header, *table.examples, "```", ""])


def _columns(title: str, columns: Iterable[Column]) -> list[str]:
    rows = [f"| {title} | Kind | Must be | What it holds |", "|---|---|---|---|"]
    for c in columns:
        name = f"`{c.name}`" if c.required else f"`{c.name}` (optional)"
        rows.append(f"| {name} | {c.kind} | {c.bounds} | {c.about} |")
    return rows


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_reference(path.read_text("utf-8")), "utf-8")
