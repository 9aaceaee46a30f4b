"""What there is to look at in a workbook, numbered, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xlmodel.lint.finding import Severity
from xlmodel.report.escape import safe
from xlmodel.report.lines import WIDTH, paragraph
from xlmodel.report.matter import Matter

__all__ = ["matter_lines", "rest_lines"]

MOST_TEXT = 300  #: characters of a sentence that holds text from a workbook

#: How a matter's weight is said.
_WEIGHTS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def matter_lines(number: int, matter: Matter) -> Iterator[str]:
    """Yield one thing to look at: where, what is there, what it should be, what to do, what depends on it."""
    named = f", {safe(matter.label, 120)}" if matter.label else ""
    where = f"{safe(matter.place, 60)}{named}" if matter.place else "The workbook"
    head = paragraph(f"{number}. {where} ({_WEIGHTS[matter.severity]}: {safe(matter.rule)})", 2)
    yield head[0]
    yield from (f"     {line.strip()}" for line in head[1:])
    yield from paragraph(_sentence(matter.what), 5)
    if matter.formula:
        yield f"     ={safe(matter.formula, WIDTH - 6)}"
    if matter.cause:
        yield from paragraph(f"Because: {_sentence(matter.cause)}", 5)
    if matter.fix:
        yield from paragraph(f"To do: {_sentence(matter.fix)}", 5)
    if matter.proposed:
        yield f"     Proposed: ={safe(matter.proposed, WIDTH - 16)}"
    if matter.effect:
        yield from paragraph(f"This {safe(matter.effect, MOST_TEXT)}.", 5)
    if matter.downstream:
        yield f"     {matter.downstream:,} formula cell{' depends' if matter.downstream == 1 else 's depend'} on it."


def _sentence(said: str) -> str:
    text = safe(said, MOST_TEXT)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…", "!", "?", ":")) else ".")


def rest_lines(rest: Sequence[Matter]) -> Iterator[str]:
    """Yield how many more there are of each sort."""
    counted = Counter((m.rule, m.severity) for m in rest)
    if counted:
        parts = [f"{n:,} {safe(rule)} ({_WEIGHTS[weight]})" for (rule, weight), n in counted.most_common()]
        yield from paragraph(f"And {len(rest):,} more: {', '.join(parts)}.", 2)
