"""The baseline of legacy findings: what was found when rules were introduced, so that only what is new is reported."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from xlmodel.errors import ConfigurationError
from xlmodel.lint.finding import Finding
from xlmodel.refs import cell_name, quote_sheet

__all__ = ["Entry", "LegacyBaseline", "read_legacy", "write_legacy"]

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that is known; all but its fingerprint is for those who read the file."""

    fingerprint: str
    rule: str
    where: str
    message: str


@dataclass(frozen=True)
class LegacyBaseline:
    """What is known of several workbooks, each by its path from the baseline's folder."""

    folder: Path
    workbooks: Mapping[str, tuple[Entry, ...]]

    def divided(
        self, path: Path, findings: Iterable[Finding], rules: Collection[str]
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...], int]:
        """Return what is new in a workbook, what is known, and how many entries of the rules that ran are gone."""
        entries = self.workbooks.get(_name(path, self.folder), ())
        known = {e.fingerprint for e in entries}
        every = tuple(findings)
        found = {f.fingerprint for f in every}
        return (
            tuple(f for f in every if f.fingerprint not in known),
            tuple(f for f in every if f.fingerprint in known),
            sum(e.fingerprint not in found and e.rule in rules for e in entries),
        )


@dataclass(frozen=True)
class _File:
    schema: int
    workbooks: dict[str, list[Entry]]


def read_legacy(file: Path) -> LegacyBaseline:
    """Read a baseline.

    Raises
    ------
    ConfigurationError
        The file cannot be read, or is no such baseline.
    """
    try:
        read = msgspec.json.decode(file.read_bytes(), type=_File)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is no baseline of findings: {error}") from error
    if read.schema != SCHEMA:
        raise ConfigurationError(f"{file}: schema must be {SCHEMA}; it is {read.schema}: write the baseline anew")
    return LegacyBaseline(file.parent, {name: tuple(entries) for name, entries in read.workbooks.items()})


def write_legacy(file: Path, found: Mapping[Path, Iterable[Finding]]) -> int:
    """Write the findings of some workbooks as the baseline, and return how many there are.

    The entries of other workbooks in a baseline that is there already are kept.
    """
    kept = dict(read_legacy(file).workbooks) if file.exists() else {}
    new = {_name(path, file.parent): tuple(map(_entry, findings)) for path, findings in found.items()}
    merged = {name: sorted(e, key=lambda x: (x.rule, x.where, x.fingerprint)) for name, e in (kept | new).items() if e}
    # plain characters alone: an editor may lose others, and half of a surrogate pair cannot be written
    plain = json.dumps({"schema": SCHEMA, "workbooks": msgspec.to_builtins(merged)}, indent=1, sort_keys=True)
    file.write_text(plain + "\n", "ascii")
    return sum(map(len, new.values()))


def _entry(finding: Finding) -> Entry:
    where = f"{quote_sheet(finding.sheet)}!{cell_name(*finding.cell)}" if finding.cell else finding.sheet
    return Entry(finding.fingerprint, finding.rule, where, finding.message)


def _name(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()
