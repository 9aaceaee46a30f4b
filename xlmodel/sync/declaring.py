"""Reading what a project declares: the tables ``[sync]`` and ``[export]`` of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlmodel.inputs.problems import listed
from xlmodel.sync.declared import Export, Feed, SyncSettings, Target
from xlmodel.sync.declared_table import DeclaredTable
from xlmodel.sync.declaring_columns import parse_columns
from xlmodel.sync.declaring_sources import checked_url, parse_source
from xlmodel.sync.overwriting import overwritten

__all__ = ["parse_sync"]


def parse_sync(table: Any, exports: Any, source: Path) -> SyncSettings:
    """Return what the tables ``[sync]`` and ``[export]`` of a file declare.

    Parameters
    ----------
    table, exports : dict
        The tables as they are in the file.
    source : Path
        The file; paths in it are relative to its folder.

    Raises
    ------
    ConfigurationError
        Naming the file, the key, what it should be and what it is.

    Examples
    --------
    >>> feed = {"workbook": "plan.xlsx", "source": {"file": "ledger.csv"}, "target": {"table": "Ledger"},
    ...         "keys": ["Line"], "columns": {"Line": "line", "Cost": {"from": "cost", "type": "number"}}}
    >>> parse_sync({"feed": {"ledger": feed}}, {}, Path("xlmodel.toml")).feeds["ledger"].columns[1].source
    'cost'
    """
    declared = DeclaredTable(table, f"{source}: [sync]")
    declared.only("feed", "key_figures", "record_in_workbook")
    places = DeclaredTable(exports, f"{source}: [export]").whole()
    settings = SyncSettings(
        source.parent,
        {name: _feed(name, entry, source) for name, entry in declared.table("feed").items()},
        {name: _export(name, entry, source) for name, entry in places.items()},
        _key_figures(declared),
        declared.truth("record_in_workbook", False),
    )
    for name, export in settings.exports.items():
        what = overwritten(export, settings)
        if what:
            entry = DeclaredTable(places[name], f"{source}: [export.{name}]")
            entry.refuse("to", f"must not write over {what}", entry.text("to"))
    return settings


def _key_figures(declared: DeclaredTable) -> Mapping[str, tuple[str, ...]]:
    figures = DeclaredTable(declared.table("key_figures"), f"{declared.where} key_figures:")
    return {name: figures.texts(name) for name in figures.whole()}


def _feed(name: str, declared: Any, file: Path) -> Feed:
    entry, folder = DeclaredTable(declared, f"{file}: [sync.feed.{name}]"), file.parent
    entry.only("workbook", "source", "target", "keys", "rows", "failing_checks", "columns")
    columns = parse_columns(entry)
    combined = {rule.heading: rule.combine for rule in columns}
    keys = entry.texts("keys")
    if not keys:
        entry.refuse("keys", "must name the columns that tell rows apart, as headings of the workbook", keys)
    for key in keys:
        if key not in combined:
            entry.refuse("keys", f"must name columns of the feed, which are {listed(combined)}", key)
        if combined[key] != "one":
            entry.refuse("columns", f"must not combine {key!r}, which is a key", combined[key])
        if keys.count(key) > 1:
            entry.refuse("keys", "must not name a column twice", key)
    return Feed(
        name,
        entry.path("workbook", folder),
        parse_source(entry.inner("source"), folder) if "source" in entry else None,
        _target(entry.inner("target")),
        columns,
        keys,
        entry.word("rows", ("update", "add", "replace"), "update"),
        entry.word("failing_checks", ("refuse", "allow"), "refuse"),
    )


def _target(entry: DeclaredTable) -> Target:
    kind = entry.one_of("table", "name", "region")
    entry.only(kind)
    return Target(**{kind: entry.text(kind)})


def _export(name: str, declared: Any, file: Path) -> Export:
    entry, folder = DeclaredTable(declared, f"{file}: [export.{name}]"), file.parent
    kind = entry.one_of("to", "url")
    entry.only("workbook", "place", "headings", "errors", "unverified", kind, *(["table"] if kind == "url" else []))
    to = entry.path("to", folder) if kind == "to" else None
    if to is not None and to.suffix.lower() not in (".csv", ".parquet"):
        entry.refuse("to", "must be a file that ends in .csv or .parquet", entry.text("to"))
    return Export(
        name,
        entry.path("workbook", folder),
        entry.text("place"),
        to,
        checked_url(entry, folder) if kind == "url" else "",
        entry.text("table") if kind == "url" else "",
        entry.truth("headings", True),
        entry.word("errors", ("refuse", "null"), "refuse"),
        entry.word("unverified", ("refuse", "allow"), "refuse"),
    )
