"""The second opinion: witnesses are asked in turn about what differs, until each difference is settled."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from xlmodel.engine import ironcalc, libreoffice
from xlmodel.engine.client import Worker, dependents
from xlmodel.engine.frames import unpack_values
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import EngineError, XlmodelError
from xlmodel.registry import Registry
from xlmodel.values import Scalar
from xlmodel.verify.recalculation import Verification, Witness
from xlmodel.verify.witness import questions, settled, witnessed

__all__ = ["WITNESSES", "available", "chosen", "heard"]

#: In the order in which they are asked. No engine is its own witness.
WITNESSES = ("native", "formulas", "ironcalc", "libreoffice")


def available() -> tuple[str, ...]:
    """Return the witnesses that are there: our own two engines, and of the others those that are installed."""
    installed = {"ironcalc": ironcalc.installed(), "libreoffice": libreoffice.program() is not None}
    return tuple(name for name in WITNESSES if installed.get(name, True))


def chosen(text: str) -> tuple[str, ...]:
    """Return the witnesses that a setting names: ``auto``, ``none``, or names with commas between them.

    >>> chosen("none"), chosen("libreoffice, formulas")
    ((), ('libreoffice', 'formulas'))

    Raises
    ------
    EngineError
        There is no such witness, or it is not installed.
    """
    if text == "auto":
        return available()
    if text == "none":
        return ()
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if name not in WITNESSES:
            raise EngineError(f"there is no witness {name!r}; there are {', '.join(WITNESSES)}, or auto, or none")
        if name not in available():
            raise EngineError(f"the witness {name} is not installed")
    return names


def heard(
    found: Verification,
    path: Path,
    worker: Worker,
    registry: Registry,
    witnesses: Sequence[str],
    tolerance: float,
    time_limit: float,
    advance: Callable[[float], None] = lambda share: None,
) -> Verification:
    """Have what differs judged again by witnesses, one after the other, until every root is settled.

    Parameters
    ----------
    found : Verification
        What the engine's calculation showed.
    path : Path
        The workbook.
    worker : Worker
        The one that read it last.
    registry : Registry
        The functions its cells may call.
    witnesses : sequence of str
        From `WITNESSES`, in the order in which they are asked; the engine itself is no witness, and is left out.
    tolerance : float
        Relative difference of a saved and a calculated number that passes.
    time_limit : float, seconds
        For all of them together.
    advance : callable
        Hears by what share of this the work went on.
    """
    deadline = time.monotonic() + time_limit
    findings = list(found.findings)
    asked: list[str] = []
    speaking: list[str] = []
    problems: list[str] = []
    try:
        for name in witnesses:
            if name == found.evaluation.engine:
                continue
            open_cells = questions(findings, found.evaluation)
            if not open_cells:
                break
            asked.append(name)
            try:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise EngineError(f"no time was left of {time_limit:.0f} s")
                given = _given(worker, registry, found.evaluation.facts.sha256, name, open_cells, left)
            except XlmodelError as error:
                problems.append(str(error))
                worker.call("dependents", cells=[], path=os.path.abspath(path))  # read again, should the worker be new
                continue
            if given:
                speaking.append(name)
            findings = witnessed(findings, found.evaluation, name, given, tolerance, registry)
            advance(1 / len(witnesses))
        findings = settled(findings, found.evaluation, registry, partial(dependents, worker=worker))
    except XlmodelError as error:
        return replace(found, witness=Witness(", ".join(witnesses), str(error)))
    if not asked:
        return found
    problem = "" if len(problems) < len(asked) else "; ".join(dict.fromkeys(problems))
    witness = Witness(", ".join(speaking or asked), problem, bool(problems))
    return replace(found, findings=tuple(findings), witness=witness)


def _given(
    worker: Worker, registry: Registry, sha256: str, name: str, asked: Mapping[CellKey, CellKey], time_limit: float
) -> Mapping[CellKey, Scalar]:
    """Return what one witness gives for the cells it can judge."""
    deadline = time.monotonic() + time_limit
    fields: dict[str, Any] = {
        "sha256": sha256,
        "engine": name,
        "registry": registry.spec(),
        "cells": [[list(formula), list(cell)] for formula, cell in asked.items()],
    }
    if name != "libreoffice":
        header, arrays = worker.call("witness", timeout=time_limit, **fields)
    else:
        _, arrays = worker.call("witness", timeout=time_limit, **fields)
        content = arrays["content"].tobytes()
        if not content:
            return {}
        with tempfile.TemporaryDirectory(prefix="xlmodel-") as folder:
            left = max(deadline - time.monotonic(), 0.1)
            answered = libreoffice.recalculated(content, Path(folder), timeout=left)
            left = max(deadline - time.monotonic(), 0.1)
            header, arrays = worker.call("witness", timeout=left, answered=str(answered), **fields)
    values = unpack_values("given", header, arrays)
    return {CellKey(*cell): value for cell, value in zip(header["cells"], values.scalars(), strict=True)}
