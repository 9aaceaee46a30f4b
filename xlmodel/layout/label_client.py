"""Asking a worker what a workbook calls its cells."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.engine.protocol import CellKey

__all__ = ["labels_of"]


def labels_of(
    cells: Iterable[CellKey], *, worker: Worker, path: Path | None = None, timeout: float | None = None
) -> list[str]:
    """Return what a workbook, the one that the worker read last by default, calls each cell; "" for no name."""
    where = None if path is None else os.path.abspath(path)
    header, _ = worker.call("labels", timeout=timeout, cells=[list(cell) for cell in cells], path=where)
    return list(header["labels"])
