"""One workbook in one line, for lists of many."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.report.escape import safe
from xlmodel.report.figures import count
from xlmodel.report.text import verdict_word
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Verdict

__all__ = ["outcome_line"]


def outcome_line(outcome: Outcome) -> str:
    """Return the verdict on a workbook, its path and what was found in it, counted."""
    if outcome.error is not None:
        said = safe(outcome.error.removeprefix(outcome.path.name).lstrip(" ,:"))
    else:
        said = ", ".join(_counted(outcome)) or "no formula cells"
    return f"{verdict_word(outcome):<10}  {safe(outcome.path)}: {said}"


def _counted(outcome: Outcome) -> Iterator[str]:
    if outcome.verification is not None:
        counts = outcome.verification.counts
        if counts[Verdict.VERIFIED]:
            yield f"{count(counts[Verdict.VERIFIED], 'formula cell')} verified"
        if differing := counts[Verdict.DIFFERS]:
            yield f"{differing:,} differ{'s' * (differing == 1)}"
        if counts[Verdict.DISPUTED]:
            yield f"{counts[Verdict.DISPUTED]:,} disputed"
        if counts[Verdict.UNVERIFIED]:
            yield f"{counts[Verdict.UNVERIFIED]:,} not verified"
    if outcome.lint is not None and outcome.lint.findings:
        yield count(len(outcome.lint.findings), "finding")
    if outcome.baseline is not None and outcome.baseline.broken:
        yield "baseline not held"
    if outcome.drift is not None:
        yield count(len(outcome.drift.functions), "function") + " changed"
    if outcome.sign_off is not None and not outcome.sign_off.holds:
        yield "values are not those recorded on publishing"
