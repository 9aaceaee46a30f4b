"""An outcome as plain data and back: what the cache keeps, and what comes from another machine.

What is kept is what reports print. The arrays of the evaluation, most of the memory, are left behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import numpy as np

from xlmodel.engine.evaluation import Evaluation, Facts
from xlmodel.values import Values
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Verification

__all__ = ["Extract", "outcome_from_text", "outcome_text"]

#: What belongs to the run, not to the workbook.
_APART = ("path", "cached")


@dataclass(frozen=True, eq=False)
class Extract(Evaluation):
    """An evaluation without its cells: how many there were, and which functions those with findings call."""

    cells: int = 0
    called: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.cells

    def functions(self, index: int) -> tuple[str, ...]:
        """Return the functions that a cell's formula calls, also through defined names, sorted."""
        return self.called.get(index, ())


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome, but for its path, as JSON."""
    plain = {f.name: _plain(getattr(outcome, f.name)) for f in fields(Outcome) if f.name not in _APART}
    # not msgspec's own encoder: it refuses half of a surrogate pair, which a workbook may hold
    return json.dumps(plain, separators=(",", ":"), allow_nan=False)


def outcome_from_text(text: str | bytes, path: Path, *, cached: bool = False) -> Outcome:
    """Return the outcome that a text from `outcome_text` stands for.

    Raises
    ------
    ValueError
        The text is not such a one.
    """
    plain = json.loads(text)
    hints = {name: hint for name, hint in _hints(Outcome).items() if name not in _APART}
    try:
        return Outcome(path, **{name: _rebuilt(hint, plain[name]) for name, hint in hints.items()}, cached=cached)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise ValueError(f"not an outcome: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _plain(part: Any) -> Any:
    if not isinstance(part, Verification):
        return msgspec.to_builtins(part, enc_hook=_text)
    rest = {
        f.name: msgspec.to_builtins(getattr(part, f.name), enc_hook=_text)
        for f in fields(part)
        if f.name != "evaluation"
    }
    evaluation = part.evaluation
    return rest | {
        "evaluation": {
            "engine": evaluation.engine,
            "facts": msgspec.to_builtins(evaluation.facts),
            "sheets": list(evaluation.sheets),
            "cells": len(evaluation),
            "called": [[f.place, evaluation.functions(f.place)] for f in part.findings if f.place >= 0],
        }
    }


def _rebuilt(kind: Any, plain: Any) -> Any:
    if kind != Verification | None or plain is None:
        return msgspec.convert(plain, kind, dec_hook=_path)
    rest = {
        n: msgspec.convert(plain[n], hint, dec_hook=_path)
        for n, hint in _hints(Verification).items()
        if n != "evaluation"
    }
    return Verification(_extract(plain["evaluation"]), **rest)


def _text(part: Any) -> str:
    if not isinstance(part, Path):
        raise TypeError(f"{type(part).__name__} cannot be kept as plain data")
    return str(part)


def _path(kind: type, plain: Any) -> Any:
    if kind is not Path or not isinstance(plain, str):
        raise TypeError(f"{kind.__name__} is not kept as plain data")
    return Path(plain)


def _extract(plain: Mapping[str, Any]) -> Extract:
    nothing, no_values = np.zeros(0, np.int32), Values.blank(0)
    return Extract(
        engine=msgspec.convert(plain["engine"], str),
        facts=msgspec.convert(plain["facts"], Facts),
        sheets=msgspec.convert(plain["sheets"], tuple[str, ...]),
        sheet=nothing,
        row=nothing,
        col=nothing,
        formulas=(),
        formula=nothing,
        number_formats=(),
        number_format=nothing,
        saved=no_values,
        cells=msgspec.convert(plain["cells"], int),
        called=dict(msgspec.convert(plain["called"], list[tuple[int, tuple[str, ...]]])),
    )
