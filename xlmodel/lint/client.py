"""Linting workbooks: each is read by a worker, and what is suppressed or known already is taken out here."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from xlmodel.engine.client import Worker
from xlmodel.lint.baseline import LegacyBaseline, read_legacy
from xlmodel.lint.finding import Finding
from xlmodel.lint.result import LintResult
from xlmodel.lint.settings import LintSettings
from xlmodel.lint.suppression import Suppression, divided

__all__ = ["lint"]


def lint(
    path: Path,
    *,
    worker: Worker,
    settings: LintSettings | None = None,
    loaded: bool = False,
    timeout: float | None = None,
) -> LintResult:
    """Return what the rules find in a workbook.

    Parameters
    ----------
    path : Path
        The workbook.
    worker : Worker
        Where it is read.
    settings : LintSettings, optional
        Which rules run, and what is suppressed or known; the default set by default.
    loaded : bool
        Whether the workbook is the one that the worker read last: it is not read again.
    timeout : float, seconds, optional
        How long it may take.

    Raises
    ------
    BookError
        The file is not a readable workbook.
    EngineError
        It did not finish, or the worker died.
    """
    chosen = settings or LintSettings()
    rules = chosen.selection.rules()
    where = None if loaded else os.path.abspath(path)
    pins = msgspec.to_builtins([pin for pin in chosen.pins if pin.about(Path(os.path.abspath(path)))])
    header, _ = worker.call("lint", timeout=timeout, rules=list(rules), path=where, pins=pins)
    found = [chosen.selection.weighed(f) for f in msgspec.convert(header["findings"], list[Finding])]
    own = msgspec.convert(header["suppressions"], list[Suppression]) if chosen.workbook_suppressions else []
    mine = [s for s in chosen.suppressions if s.holds_for(Path(os.path.abspath(path)))]
    standing, suppressed, used = divided(found, (*mine, *own))
    legacy = LegacyBaseline(Path(), {}) if chosen.baseline is None else read_legacy(chosen.baseline)
    new, known, gone = legacy.divided(path, standing, rules)
    notes = [
        f"{s.where}: no finding of {s.rule} lies wholly within its cells"
        for s in own
        if s.rule in rules and s not in used
    ]
    if chosen.workbook_suppressions:
        notes += header["problems"]
    return LintResult(
        new, suppressed, known, gone, tuple(notes), tuple(header["failed"]), frozenset(s.where for s in used)
    )
