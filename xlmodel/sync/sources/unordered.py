"""Rows that have no order of their own: those of a query come in any."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

__all__ = ["contents_hash", "sorted_rows"]


def sorted_rows(columns: Mapping[str, Sequence[object]]) -> dict[str, list[object]]:
    """Return columns with their rows in an order that depends on nothing but what they hold."""
    rows = sorted(zip(*columns.values(), strict=True), key=_written)
    return {heading: [row[at] for row in rows] for at, heading in enumerate(columns)}


def contents_hash(columns: Mapping[str, Sequence[object]]) -> str:
    """Return a hash of what rows hold, the same in whatever order they come.

    >>> contents_hash({"a": [1, 2]}) == contents_hash({"a": [2, 1]})
    True
    """
    digest = hashlib.sha256("\0".join(columns).encode("utf-8", "surrogatepass"))
    for text in sorted(map(_written, zip(*columns.values(), strict=True))):
        digest.update(b"\1" + text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _written(row: tuple[object, ...]) -> str:
    return "\0".join(f"{type(value).__name__} {_value(value)}" for value in row)


def _value(value: object) -> str:
    if isinstance(value, memoryview):
        return repr(value.tobytes())
    # 1.50 and 1.5 are one amount, whichever of them a driver gives
    return str(value.normalize()) if isinstance(value, Decimal) and value.is_finite() else str(value)
