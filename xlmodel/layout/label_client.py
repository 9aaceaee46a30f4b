"""Asking a worker what a workbook calls its cells."""

from __future__ import annotations

from collections.abc import Iterable

from xlmodel.engine.client import Worker
from xlmodel.engine.protocol import CellKey

__all__ = ["labels_of"]


def labels_of(cells: Iterable[CellKey], *, worker: Worker, timeout: float | None = None) -> list[str]:
    """Return what the workbook that the worker read last calls each cell; "" where nothing names it."""
    header, _ = worker.call("labels", timeout=timeout, cells=[list(cell) for cell in cells])
    return list(header["labels"])
