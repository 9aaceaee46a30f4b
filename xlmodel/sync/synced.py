"""What was synced last: the source's rows as they were then, against which both sides are held."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec

from xlmodel.errors import JournalError
from xlmodel.sync.keys import Identity, identity
from xlmodel.values import Scalar

__all__ = ["Synced", "read_synced", "synced_text"]

_WHAT: Final = "xlmodel synced"
VERSION: Final = 1


@dataclass(frozen=True, eq=False)
class Synced:
    """The rows of one feed, as its source had them."""

    keys: tuple[str, ...]  #: headings of the columns that tell rows apart
    columns: tuple[str, ...]  #: all headings, the keys among them
    rows: tuple[tuple[Scalar, ...], ...]

    @cached_property
    def by_key(self) -> dict[Identity, dict[str, Scalar]]:
        """The contents of each row by heading, found by its key."""
        at = [self.columns.index(key) for key in self.keys]
        return {identity(tuple(row[i] for i in at)): dict(zip(self.columns, row, strict=True)) for row in self.rows}

    @classmethod
    def of(cls, keys: tuple[str, ...], columns: tuple[str, ...], rows: Iterable[Mapping[str, Scalar]]) -> Synced:
        """Gather rows that are given by heading."""
        return cls(keys, columns, tuple(tuple(row.get(column) for column in columns) for row in rows))


def synced_text(feeds: Mapping[str, Synced]) -> str:
    """Return what was synced as JSON, a line for each row."""
    parts = []
    for name, synced in feeds.items():
        rows = ",\n".join(_json(row) for row in synced.rows)
        parts.append(
            f'{_json(name)}: {{"keys": {_json(synced.keys)}, "columns": {_json(synced.columns)}, "rows": [\n{rows}\n]}}'
        )
    return f'{{"{_WHAT}": {VERSION}, "feeds": {{\n' + ",\n".join(parts) + "\n}}\n"


def _json(content: object) -> str:
    # escaped: what a cell holds may be half of a surrogate pair, which no encoding has
    return json.dumps(msgspec.to_builtins(content))


def read_synced(text: str) -> dict[str, Synced]:
    """Return what a text of `synced_text` holds.

    Raises
    ------
    JournalError
        It is none.
    """
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or found.get(_WHAT) != VERSION:
            raise JournalError(f"what was synced last cannot be read: {_WHAT!r} must be {VERSION}")
        return msgspec.convert(found.get("feeds"), dict[str, Synced])
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise JournalError(f"what was synced last cannot be read: {error}") from error
