"""Outcomes of earlier runs, where nothing that they hang on has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlmodel.caching.store import Store
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.plain import outcome_from_text

__all__ = ["Kept", "lasting"]


@dataclass(frozen=True)
class Kept:
    """The outcomes kept of some workbooks.

    Attributes
    ----------
    store : Store
        Where they are.
    keys : mapping of Path to str
        What each workbook's outcome hangs on; a workbook without a key is neither looked up nor kept.
    key : callable
        Works out the key of a workbook, as it is in `keys`.
    """

    store: Store
    keys: Mapping[Path, str]
    key: Callable[[Path], str | None]

    def get(self, path: Path) -> Outcome | None:
        """Return the outcome kept of a workbook; None where there is none, or what is kept cannot be understood."""
        key = self.keys.get(path)
        text = None if key is None else self.store.get(key)
        try:
            return None if text is None else outcome_from_text(text, path, cached=True)
        except ValueError:
            return None

    def put(self, path: Path, text: str) -> None:
        """Keep an outcome, as `plain.outcome_text` gives it, unless the workbook changed meanwhile."""
        key = self.keys.get(path)
        if key is not None and self.key(path) == key:
            self.store.put(key, text)


def lasting(outcome: Outcome) -> bool:
    """Tell whether a second run over the same files would find the same.

    Not where the clock or chance has a say in a value, nor where something ran out of time or memory.
    """
    verification, drift = outcome.verification, outcome.drift
    if outcome.error is not None or verification is None or (drift is not None and drift.problem):
        return False
    witness = verification.witness
    if witness is not None and (witness.problem or witness.incomplete):
        return False
    if outcome.lint is not None and outcome.lint.incomplete:
        return False
    evaluation = verification.evaluation
    return not any(c is not None and c.volatile for c in (evaluation.calculated, evaluation.local))
