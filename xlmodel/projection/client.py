"""Asking a worker for the text of a workbook."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.book.package import Limits
from xlmodel.engine.client import Worker

if TYPE_CHECKING:
    from xlmodel.projection.projection import Projection

__all__ = ["project", "project_text"]


def project_text(
    path: Path | str | None, *, worker: Worker, limits: Limits | None = None, timeout: float | None = None
) -> str:
    """Return the text of the workbook at a path; of the one the worker read last, where there is none.

    Raises
    ------
    BookError
        The file is not a readable workbook, or is larger than the limits.
    EngineError
        It did not finish in time, or no workbook was read before.
    """
    header, _ = worker.call(
        "project",
        timeout=timeout,
        path=None if path is None else os.path.abspath(path),
        limits=None if limits is None else asdict(limits),
    )
    return str(header["text"])


def project(
    path: Path | str | None, *, worker: Worker, limits: Limits | None = None, timeout: float | None = None
) -> Projection:
    """Return the projection of the workbook at a path, or of the one the worker read last."""
    from xlmodel.projection.reading import parse  # git, which wants the text alone, does not wait for it

    return parse(project_text(path, worker=worker, limits=limits, timeout=timeout))
