"""What a user sets for the rules: which run, what they weigh, what is suppressed, what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlmodel.errors import ConfigurationError
from xlmodel.layout.pins import Pin
from xlmodel.lint.finding import Severity
from xlmodel.lint.selection import Selection, known_rule
from xlmodel.lint.suppression import Suppression, meant

__all__ = ["LintSettings", "parse_lint"]

_KEYS = ("select", "extend", "ignore", "severity", "baseline", "suppress", "workbook_suppressions")
_SUPPRESS_KEYS = ("rule", "book", "cells", "reason")


@dataclass(frozen=True)
class LintSettings:
    """What a user sets for the rules.

    Attributes
    ----------
    baseline : Path, optional
        The file of findings that are known already.
    workbook_suppressions : bool
        Whether the suppressions that a workbook itself holds count.
    pins : tuple of Pin
        The relations that are always checked, or are none.
    """

    selection: Selection = field(default_factory=Selection)
    suppressions: tuple[Suppression, ...] = ()
    baseline: Path | None = None
    workbook_suppressions: bool = True
    pins: tuple[Pin, ...] = ()


def parse_lint(table: Any, file: Path) -> LintSettings:
    """Return the settings that the table ``[lint]`` of a file holds.

    Raises
    ------
    ConfigurationError
        Naming the file, the key and what it should be.
    """
    try:
        return _parsed(table, file)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: [lint] {error}") from error


def _parsed(table: Any, file: Path) -> LintSettings:
    if not isinstance(table, dict):
        raise ConfigurationError(f"must be a table; it is {table!r}")
    _refuse_unknown(table, _KEYS)
    baseline, own = table.get("baseline"), table.get("workbook_suppressions", True)
    if baseline is not None and not isinstance(baseline, str):
        raise ConfigurationError(f"baseline must be a file's name; it is {baseline!r}")
    if not isinstance(own, bool):
        raise ConfigurationError(f"workbook_suppressions must be true or false; it is {own!r}")
    select, extend, ignore = (_rules(table, key) for key in ("select", "extend", "ignore"))
    return LintSettings(
        Selection(select, extend, ignore, _severities(table.get("severity", {}))),
        tuple(s for n, entry in enumerate(_entries(table), 1) for s in _suppressions(entry, n, file)),
        None if baseline is None else file.parent / baseline,
        own,
    )


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise ConfigurationError(f"unknown key {unknown[0]!r}; there are {', '.join(known)}")


def _rules(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    named = table.get(key, [])
    if not isinstance(named, list) or not all(isinstance(n, str) for n in named):
        raise ConfigurationError(f"{key} must be a list of rules; it is {named!r}")
    return tuple(known_rule(name) for name in named)


def _severities(table: Any) -> dict[str, Severity]:
    words = [s.value for s in Severity]
    if not isinstance(table, dict) or not all(isinstance(w, str) and w in words for w in table.values()):
        raise ConfigurationError(f"severity must map rules to {', '.join(words)}; it is {table!r}")
    return {known_rule(name): Severity(word) for name, word in table.items()}


def _entries(table: Mapping[str, Any]) -> list[Any]:
    entries = table.get("suppress", [])
    if not isinstance(entries, list):
        raise ConfigurationError("suppress must be a list of tables: [[lint.suppress]]")
    return entries


def _suppressions(entry: Any, number: int, file: Path) -> tuple[Suppression, ...]:
    try:
        if not isinstance(entry, dict):
            raise ConfigurationError(f"must be a table; it is {entry!r}")
        _refuse_unknown(entry, _SUPPRESS_KEYS)
        for key in ("rule", "reason"):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise ConfigurationError(f"{key} must be given, as a text")
        book, cells = entry.get("book", "*"), entry.get("cells", "")
        places = cells if isinstance(cells, list) else [cells]
        if not isinstance(book, str) or not all(isinstance(p, str) for p in places):
            raise ConfigurationError("book and cells must be texts")
        where = f"{file.name}, suppression {number}"
        rule = known_rule(entry["rule"])
        return tuple(Suppression(rule, entry["reason"].strip(), where, *meant(p), book) for p in places)
    except ConfigurationError as error:
        raise ConfigurationError(f"suppression {number}: {error}") from error
