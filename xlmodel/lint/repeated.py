"""One thing found by two rules is told once, and from one side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xlmodel.lint.finding import Finding, Severity
from xlmodel.refs import Rect, parse_rect

__all__ = ["once"]

_WEIGHT = {severity: number for number, severity in enumerate(Severity)}


def once(found: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that propose for the same cells what a weightier one proposes.

    A formula that is held against its neighbours is a note where a weightier finding says that they are wrong.
    """
    kept: list[Finding] = []
    accused: dict[str, list[tuple[int, Rect]]] = {}
    proposals: dict[tuple[str, tuple[int, int] | None, str], list[Finding]] = {}
    for finding in sorted(found, key=lambda f: _WEIGHT[f.severity]):
        weight, on_sheet, measure = _WEIGHT[finding.severity], accused.setdefault(finding.sheet, []), _measure(finding)
        if measure is not None and any(w < weight and rect.encloses(measure) for w, rect in on_sheet):
            kept.append(_noted(finding))
            continue
        on_sheet += [(weight, rect) for rect in finding.cells]
        told = proposals.setdefault((finding.sheet, finding.cell, finding.proposed), [])
        if finding.proposed and any(_covers(other, finding) for other in told):
            continue
        told.append(finding)
        kept.append(finding)
    return kept


def _noted(finding: Finding) -> Finding:
    fix = f"Look at {finding.against} first: they are found to be wrong."
    return replace(finding, severity=Severity.NOTE, fix=fix, proposed="", would_be=None, changes_value=None)


def _measure(finding: Finding) -> Rect | None:
    """Return the cells that a formula is held against; None where there are none, or not one range of its sheet."""
    try:
        return parse_rect(finding.against) if finding.formula else None
    except ValueError:
        return None


def _covers(other: Finding, finding: Finding) -> bool:
    return all(any(rect.encloses(one) for rect in other.cells) for one in finding.cells)
