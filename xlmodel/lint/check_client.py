"""A workbook's own checks, asked in a worker."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.engine.protocol import CellKey

__all__ = ["OwnChecks", "own_checks"]


@dataclass(frozen=True, slots=True)
class OwnChecks:
    """The cells of a workbook that say whether something holds."""

    failed: tuple[CellKey, ...]
    others: tuple[CellKey, ...]  #: those that pass, or fail only since others do


def own_checks(path: Path, *, worker: Worker, timeout: float | None = None) -> OwnChecks:
    """Return what a workbook's own checks say, by its saved values."""
    header, _ = worker.call("checks", timeout=timeout, path=os.path.abspath(path))
    failed, others = (tuple(CellKey(*cell) for cell in header[which]) for which in ("failed", "others"))
    return OwnChecks(failed, others)
