"""What a save changed in what is known of a workbook, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.report.escape import safe
from xlmodel.report.line import outcome_line
from xlmodel.report.matter import Matter
from xlmodel.report.matters import matters
from xlmodel.report.text_matters import matter_lines
from xlmodel.verify.outcome import Outcome

__all__ = ["watched_lines"]

FEW = 3  #: things that are told in full


def watched_lines(outcome: Outcome, before: Outcome | None = None) -> Iterator[str]:
    """Yield the verdict on a workbook, and what is wrong that was not before; what is mended is named.

    Parameters
    ----------
    outcome : Outcome
        Of the workbook as it was just saved.
    before : Outcome, optional
        Of the save before; everything is new without it.
    """
    yield outcome_line(outcome)
    now, then = _failing(outcome), {} if before is None else _failing(before)
    new = [matter for key, matter in now.items() if key not in then]
    for number, matter in enumerate(new[:FEW], 1):
        yield from matter_lines(number, matter)
    if len(new) > FEW:
        yield f"  And {len(new) - FEW:,} more{' new' if before else ''}."
    if before is not None and outcome.error is None:
        for matter in [matter for key, matter in then.items() if key not in now][:FEW]:
            yield f"  Mended: {safe(matter.place or 'the workbook', 60)} ({safe(matter.rule)})"
        if not new and now:
            yield f"  Nothing new; {len(now):,} as before."


def _failing(outcome: Outcome) -> dict[tuple[str, ...], Matter]:
    """Return what makes a workbook fail, by what stays the same from save to save."""
    if outcome.error is not None:
        return {}
    return {(m.rule, m.sheet, m.fingerprint or f"{m.place} {m.what}"): m for m in matters(outcome) if m.fails}
