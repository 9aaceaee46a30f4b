"""The list of relations from a worker: the workbook is read there, and plain data comes back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from xlmodel.engine.client import Worker
from xlmodel.layout.listing import Listed, listed
from xlmodel.layout.pins import Pin

__all__ = ["answer", "relations_of"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the relations of a request's workbook."""
    pins = msgspec.convert(request.get("pins", []), list[Pin])
    return {"listed": msgspec.to_builtins(list(listed(service.book(request), pins)))}, {}


def relations_of(
    path: Path, *, worker: Worker, pins: Iterable[Pin] = (), timeout: float | None = None
) -> tuple[Listed, ...]:
    """Return the relations between the figures of a workbook, read in a worker.

    Raises
    ------
    BookError
        The file is not a readable workbook.
    EngineError
        It did not finish, or the worker died.
    """
    plain = msgspec.to_builtins(list(pins))
    header, _ = worker.call("relations", timeout=timeout, path=os.path.abspath(path), pins=plain)
    return msgspec.convert(header["listed"], tuple[Listed, ...])
