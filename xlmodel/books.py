"""A workbook for use from Python, with the settings of the project it is used in."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from xlmodel.config import load_registry, load_settings
from xlmodel.sync.workbook_frames import WorkbookFrames
from xlmodel.verify.means import Means

__all__ = ["Book"]


class Book(WorkbookFrames):
    """A workbook: its tables and ranges as pandas DataFrames, and frames brought into them by plan and apply.

    The settings are those of the current folder: an xlmodel.toml there or above. Journal and backups lie in the folder
    .xlmodel beside it; without one, beside the workbook.

    Parameters
    ----------
    path : str or Path
        The workbook.

    Raises
    ------
    ConfigurationError
        The settings, or the functions they name, cannot be used.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        settings = load_settings()
        sync = settings.sync
        book = Path(path).resolve()
        if settings.source is None:
            sync = replace(sync, folder=book.parent)
        means = Means(load_registry(settings), settings.time_limit, settings.memory_limit)
        super().__init__(book, sync, means)
