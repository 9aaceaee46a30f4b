"""The workbooks of a test run, each read and verified once, in a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from xlmodel.caching.keys import settings_key, workbook_key
from xlmodel.caching.store import Store
from xlmodel.config import installed_functions, load_registry, load_settings, settings_table
from xlmodel.errors import XlmodelError
from xlmodel.projection.baseline import baseline_path
from xlmodel.report.escape import safe
from xlmodel.verify.also import Also
from xlmodel.verify.check import check
from xlmodel.verify.kept import Kept
from xlmodel.verify.means import Means
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculated import Recalculated, Source, recalculated
from xlmodel.verify.record import Record
from xlmodel.verify.run import remembered

__all__ = ["Checks", "Outline", "checks_of"]


@dataclass(frozen=True)
class Outline:
    """What there is to check in a workbook, known without calculating it."""

    sheets: tuple[str, ...]  #: those with formulas
    published: bool  #: whether it records what it was published with
    baseline: bool  #: whether one stands beside it


class Checks:
    """What is known of the workbooks of a run.

    Parameters
    ----------
    root : Path
        The settings that hold in this folder hold for all.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = load_settings(root)
        witness = "auto" if self.settings.verify.witness else None
        self.means = Means(
            load_registry(self.settings), self.settings.time_limit, self.settings.memory_limit, witness=witness
        )
        self._verifying, self._keeping = self.means.worker(), self.means.worker()
        self.rules = tuple(self.settings.lint.selection.rules())
        self._outcomes: dict[Path, Outcome] = {}
        self._opened: dict[tuple[Path, int], Recalculated] = {}

    def outline(self, path: Path) -> Outline:
        """Return what there is to check in a workbook.

        Raises
        ------
        BookError
            The file is not a readable workbook.
        """
        read = self.means.evaluate(path, self._verifying, ())
        sheets = tuple(name for number, name in enumerate(read.sheets) if (read.sheet == number).any())
        return Outline(sheets, Record.of(read.properties) is not None, baseline_path(path).exists())

    def outcome(self, path: Path) -> Outcome:
        """Return what became of a workbook; it is verified the first time, unless a run before did so."""
        if path not in self._outcomes:
            kept = Kept(Store(self.settings.verify.cache), self._keys(path), self._key)
            found = kept.get(path)
            if found is None:
                also = Also(self.settings.lint, baseline=True)
                found = remembered(check(path, self._verifying, self.means, self.settings.tolerance, also=also), kept)
            self._outcomes[path] = found
        return self._outcomes[path]

    def opened(self, path: Path) -> Recalculated:
        """Return a workbook recalculated; once for each state of the file."""
        key = path, path.stat().st_mtime_ns
        if key not in self._opened:
            source = Source(path, self._keeping, self.means.registry, self.means.time_limit)
            self._opened[key] = recalculated(source)
        return self._opened[key]

    def close(self) -> None:
        """End the processes in which workbooks are read."""
        self._verifying.close()
        self._keeping.close()

    def _keys(self, path: Path) -> Mapping[Path, str]:
        key = self._key(path)
        return {} if key is None else {path: key}

    def _key(self, path: Path) -> str | None:
        return workbook_key(self._settings_key, path)

    @cached_property
    def _settings_key(self) -> str:
        source, table = settings_table(self.root)
        functions = installed_functions() if source is None else table.get("functions", {})
        return settings_key(source, table, functions, ["pytest"])


_CHECKS = pytest.StashKey[Checks]()


def checks_of(config: pytest.Config) -> Checks:
    """Return the checks of a run.

    Raises
    ------
    pytest.UsageError
        The settings cannot be used.
    """
    if _CHECKS not in config.stash:
        try:
            config.stash[_CHECKS] = made = Checks(config.rootpath)
        except XlmodelError as error:
            raise pytest.UsageError(safe(error)) from error
        config.add_cleanup(made.close)
    return config.stash[_CHECKS]
