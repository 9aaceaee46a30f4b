"""What a verification says of one item: why it fails, what could not be proved, what is worth knowing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xlmodel.report.escape import safe
from xlmodel.report.figures import count
from xlmodel.report.lines import SHOWN
from xlmodel.report.matter import Matter
from xlmodel.report.matters import matters, problem
from xlmodel.report.text_matters import matter_lines, rest_lines
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Verdict

__all__ = ["Judgement", "of_baseline", "of_file", "of_publication", "of_rule", "of_sheet"]


LONGEST = 200  #: characters of the sentence in a first line


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said of an item, safe to show; "" for nothing. An item with nothing but notes passes."""

    failure: str = ""
    unproved: str = ""
    notes: str = ""


def of_file(outcome: Outcome) -> Judgement:
    """Judge whether a workbook could be verified at all."""
    return Judgement(failure=f"Could not be verified: {safe(problem(outcome))}." if outcome.error else "")


def of_sheet(outcome: Outcome, sheet: str) -> Judgement:
    """Judge the formula cells of a sheet."""
    verification = outcome.verification
    if verification is None:
        return of_file(outcome)
    mine = [f for f in verification.findings if f.cell.sheet == sheet]
    counts = {verdict: sum(f.verdict is verdict for f in mine) for verdict in Verdict}
    differing = counts[Verdict.DIFFERS]
    if differing and not any(f.root for f in mine if f.verdict is Verdict.DIFFERS):
        mine += verification.roots  # they stand on other sheets
    found = matters(Outcome(outcome.path, replace(verification, findings=tuple(mine))))
    failing, unproved = [m for m in found if m.fails], [m for m in found if not m.fails]
    open_cells = counts[Verdict.UNVERIFIED] + counts[Verdict.DISPUTED]
    wrong = f"{count(differing, 'formula cell')} of the sheet {'differs' if differing == 1 else 'differ'}"
    not_proved = f"{count(open_cells, 'formula cell')} of the sheet could not be verified"
    return Judgement(
        failure=_told(failing, wrong) if differing else "", unproved=_told(unproved, not_proved) if open_cells else ""
    )


def of_rule(outcome: Outcome, rule: str) -> Judgement:
    """Judge what one rule finds in a workbook."""
    if outcome.lint is None:
        return of_file(outcome)
    failed = [said for said in outcome.lint.incomplete if said.startswith(f"the rule {rule} ")]
    found = [m for m in matters(Outcome(outcome.path, lint=outcome.lint)) if m.rule == rule]
    return replace(_weighed(found), unproved="\n".join(safe(said) for said in failed))


def of_baseline(outcome: Outcome) -> Judgement:
    """Judge whether a workbook is what its baseline says."""
    if outcome.baseline is None:
        return of_file(outcome) if outcome.error else Judgement(failure="The baseline is no longer there.")
    return _weighed(matters(Outcome(outcome.path, baseline=outcome.baseline)))


def of_publication(outcome: Outcome) -> Judgement:
    """Judge whether a workbook is as it was published, and its functions are."""
    if outcome.record is None:
        return of_file(outcome)
    return _weighed(matters(Outcome(outcome.path, drift=outcome.drift, sign_off=outcome.sign_off)))


def _weighed(found: Sequence[Matter]) -> Judgement:
    failing, notes = [m for m in found if m.fails], [m for m in found if not m.fails]
    return Judgement(
        failure=_told(failing, count(len(failing), "finding")) if failing else "",
        notes=_told(notes, count(len(notes), "note")) if notes else "",
    )


def _told(found: Sequence[Matter], counted: str) -> str:
    """Return what was found; the first line, which is all that a summary shows, names the first of it."""
    first = next((f": {safe(m.place)} {safe(m.what, LONGEST)}" for m in found), "")
    return "\n".join([counted + first, *_lines(found)])


def _lines(found: Sequence[Matter]) -> Iterator[str]:
    for number, matter in enumerate(found[:SHOWN], 1):
        yield from matter_lines(number, matter)
    yield from rest_lines(found[SHOWN:])
