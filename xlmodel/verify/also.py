"""What is looked at in a workbook beside its calculation, in the worker that has read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.lint.client import lint
from xlmodel.lint.result import LintResult
from xlmodel.lint.settings import LintSettings
from xlmodel.projection.baseline import BaselineResult, baseline_path, freeze, held
from xlmodel.projection.client import project

__all__ = ["Also"]


@dataclass(frozen=True)
class Also:
    """What is looked at beside the calculation.

    Attributes
    ----------
    lint : LintSettings, optional
        Which rules; None for no rules.
    baseline : bool
        Whether the workbook is held to its baseline, where one stands beside it.
    updated : callable, optional
        Hears of each baseline that was written anew, as the workbook was not what it says; None where none is to be.
    known_as : Path, optional
        What the settings call the workbook, where it was brought here from elsewhere.
    """

    lint: LintSettings | None = None
    baseline: bool = False
    updated: Callable[[Path], None] | None = None
    known_as: Path | None = None

    def linted(self, path: Path, worker: Worker, time_limit: float) -> LintResult | None:
        """Return what the rules find in the workbook that the worker read last."""
        if self.lint is None:
            return None
        return lint(self.known_as or path, worker=worker, settings=self.lint, loaded=True, timeout=time_limit)

    def held(self, path: Path, worker: Worker, time_limit: float) -> BaselineResult | None:
        """Hold the workbook that the worker read last to its baseline; None where it has none."""
        beside = baseline_path(path)
        if not (self.baseline and beside.exists()):
            return None
        now = project(None, worker=worker, timeout=time_limit)
        found = held(path, now)
        if self.updated is None or found is None or not found.broken:
            return found
        freeze(now, beside)
        self.updated(beside)
        return held(path, now)
