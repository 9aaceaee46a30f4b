"""One thing found by two rules is told once."""

from __future__ import annotations

from collections.abc import Iterable

from xlmodel.lint.finding import Finding, Severity

__all__ = ["once"]

_WEIGHT = {severity: number for number, severity in enumerate(Severity)}


def once(found: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that propose for the same cells what a weightier one proposes."""
    kept: list[Finding] = []
    proposals: dict[tuple[str, tuple[int, int] | None, str], list[Finding]] = {}
    for finding in sorted(found, key=lambda f: _WEIGHT[f.severity]):
        told = proposals.setdefault((finding.sheet, finding.cell, finding.proposed), [])
        if finding.proposed and any(_covers(other, finding) for other in told):
            continue
        told.append(finding)
        kept.append(finding)
    return kept


def _covers(other: Finding, finding: Finding) -> bool:
    return all(any(rect.encloses(one) for rect in other.cells) for one in finding.cells)
