"""What the sheets call the cells that a verification is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xlmodel.engine.protocol import CellKey
from xlmodel.verify.recalculation import Verdict, Verification

__all__ = ["labelled"]

MOST = 2_000  #: cells of a workbook that are named: reports print fewer


def labelled(found: Verification, labels: Callable[[Sequence[CellKey]], Sequence[str]]) -> Verification:
    """Name the cells where a difference starts, accused or disputed.

    Parameters
    ----------
    found : Verification
        What differs.
    labels : callable
        Gives what the workbook calls each of some cells.
    """
    named = [i for i, f in enumerate(found.findings) if f.root and f.verdict is not Verdict.UNVERIFIED][:MOST]
    if not named:
        return found
    findings = list(found.findings)
    for i, label in zip(named, labels([findings[i].cell for i in named]), strict=True):
        findings[i] = replace(findings[i], label=label)
    return replace(found, findings=tuple(findings))
