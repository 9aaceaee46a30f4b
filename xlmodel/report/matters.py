"""What a reader should look at in a workbook, the most important first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.lint.finding import Finding, Severity
from xlmodel.projection.baseline import BaselineResult
from xlmodel.projection.changes import Change
from xlmodel.refs import Rect, cell_name
from xlmodel.report.figures import apart, listed
from xlmodel.report.matter import Matter, own
from xlmodel.report.own_rules import CHECKS
from xlmodel.values import ErrorValue, Scalar, display
from xlmodel.verify.drift import Drift
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import CellFinding, Dispute, Group, Verdict, Verification
from xlmodel.verify.reconciliation import Reconciliation, ReconciliationRow
from xlmodel.verify.sign_off import SignOff

__all__ = ["figure", "matters", "problem", "reason_sentence"]


def matters(outcome: Outcome) -> tuple[Matter, ...]:
    """Return all that is to be looked at in a workbook, the most important first."""
    found = [*_file(outcome)]
    if outcome.verification is not None:
        found += _recalculated(outcome.verification)
    if outcome.sign_off is not None:
        found += _signed_off(outcome.sign_off)
    if outcome.drift is not None:
        found += _drifted(outcome.drift)
    if outcome.baseline is not None:
        found += _against_baseline(outcome.baseline)
    if outcome.lint is not None:
        found += [_linted(f) for f in sorted(outcome.lint.findings, key=lambda f: not _corrects(f))]
    if outcome.reconciliation is not None:
        found += _stated(outcome.reconciliation)
    weights, checks = list(Severity), list(CHECKS)
    return tuple(
        sorted(found, key=lambda m: (weights.index(m.severity), checks.index(m.check), -m.downstream, not m.effect))
    )


def problem(outcome: Outcome) -> str:
    """Return why a workbook could not be verified, without its name at the beginning."""
    said = (outcome.error or "").removeprefix(str(outcome.path)).removeprefix(outcome.path.name).lstrip(" ,:")
    return f"the file {said}" if said.startswith("is ") else said


def reason_sentence(reason: Reason) -> str:
    """Return why cells were not calculated, so that it can be understood by itself.

    >>> reason_sentence(Reason("unknown-function", "CSC_X"))
    'unknown function: CSC_X'
    """
    introduced = _INTRODUCED.get(reason.code, "")
    return introduced + reason.text.removeprefix(introduced)


#: How a reason is introduced where its text alone would not tell.
_INTRODUCED = {
    "unknown-function": "unknown function: ",
    "unsupported-function": "not supported by the engine: ",
    "unsupported-syntax": "not supported by the engine: ",
    "engine-error": "the engine failed: ",
}


def _file(outcome: Outcome) -> Iterator[Matter]:
    if outcome.error is not None:
        yield own("file", "unusable-file", Severity.ERROR, problem(outcome), fix="")


def _recalculated(verification: Verification) -> Iterator[Matter]:
    for finding in verification.roots:
        yield _difference(finding, verification)
    differing = verification.counts[Verdict.DIFFERS]
    if differing and not verification.roots:
        what = f"{differing:,} saved values are not what their formulas give; where it starts is not verified"
        yield own("recalculation", "value-differs", Severity.WARNING, what, count=differing)
    for dispute in verification.disputes:
        yield _disputed(dispute)
    for group in verification.unverified:
        yield _unverified(group)


def _difference(finding: CellFinding, verification: Verification) -> Matter:
    message = f" ({finding.message})" if finding.message else ""
    saved, calculated = apart(finding.saved, finding.calculated)
    return own(
        "recalculation",
        "value-differs",
        Severity.ERROR if finding.confirmed else Severity.WARNING,
        f"saved {saved}, its formula gives {calculated}{message}",
        sheet=finding.cell.sheet,
        cells=(_cell(finding.cell),),
        label=finding.label,
        formula=finding.formula,
        cause="" if finding.cause is None else finding.cause.text,
        second=_second(finding, verification),
        downstream=finding.downstream,
    )


def _second(finding: CellFinding, verification: Verification) -> str:
    witness = verification.witness
    if finding.confirmed:
        return (
            f"the engine {finding.witnessed_by} gives the same result"
            if finding.witnessed_by
            else "it gives the same result"
        )
    if witness is None:
        return "none was asked"
    return f"{witness.engine} could not be asked: {witness.problem}" if witness.problem else "none can judge this cell"


def _disputed(dispute: Dispute) -> Matter:
    first = dispute.findings[0]
    called = listed(dispute.functions) if dispute.functions else "operators alone"
    what = (
        f"two engines calculate {called} differently: saved {display(first.saved)}, "
        f"one gives {display(first.calculated)}, the other {display(first.witness)}"
    )
    cells = [f.cell for f in dispute.findings]
    return _grouped("value-disputed", what, cells, first.formula)


def _unverified(group: Group) -> Matter:
    return _grouped("not-verified", reason_sentence(group.reason), group.cells)


def _grouped(rule: str, what: str, cells: Sequence[CellKey], formula: str = "") -> Matter:
    here = tuple(_cell(c) for c in cells if c.sheet == cells[0].sheet)
    return own(
        "recalculation",
        rule,
        Severity.NOTE,
        what,
        sheet=cells[0].sheet,
        cells=here,
        formula=formula,
        count=len(cells),
    )


def _cell(cell: CellKey) -> Rect:
    return Rect(cell.row, cell.col, cell.row, cell.col)


def _signed_off(sign_off: SignOff) -> Iterator[Matter]:
    for sheet in sign_off.sheets:
        what = f"the values are not those recorded when it was published (hash {sign_off.recorded[:12]}…)"
        yield own("published", "not-as-published", Severity.ERROR, what, sheet=sheet)


def _drifted(drift: Drift) -> Iterator[Matter]:
    results = f"; {len(drift.results):,} results differ by what changed" if drift.results else ""
    for function in drift.functions:
        yield own("published", "function-changed", Severity.WARNING, function.sentence + results)


def _against_baseline(held: BaselineResult) -> Iterator[Matter]:
    if held.changes is None:
        what = f"the baseline {held.path.name} cannot be used: {held.problem}"
        yield own("baseline", "baseline-stale", Severity.ERROR, what)
        return
    for change in held.changes.roots:
        yield own(
            "baseline",
            "baseline-changed",
            Severity.WARNING,
            _changed(change),
            sheet=change.sheet,
            cells=() if change.rect is None else (change.rect,),
            label=change.label,
            downstream=change.reaches,
        )
    if held.changes.followed and not held.changes.roots:
        what = f"{held.changes.propagated:,} calculated values changed, and nothing that they depend on"
        yield own("baseline", "baseline-changed", Severity.WARNING, what, count=held.changes.propagated)


def _changed(change: Change) -> str:
    subject = f" ({change.subject})" if change.subject else ""
    values = f": {change.before or 'blank'} before, {change.after or 'blank'} now"
    return f"{change.kind.value}{subject}" + (values if change.before or change.after else "")


def _linted(finding: Finding) -> Matter:
    return Matter(
        check="lint",
        rule=finding.rule,
        severity=finding.severity,
        what=finding.message,
        fix=finding.fix,
        sheet=finding.sheet,
        cells=finding.cells,
        label=finding.label,
        formula=finding.formula,
        proposed=finding.proposed,
        effect=_effect(finding),
        fingerprint=finding.fingerprint,
    )


def _effect(finding: Finding) -> str:
    if not finding.proposed or finding.changes_value is None:
        return ""
    several = len(finding.cells) != 1 or finding.cells[0].shape != (1, 1)
    here = f" in {cell_name(*finding.cells[0][:2])}" if several and finding.cells else ""
    if not finding.changes_value:
        return f"gives the same value today{here}"
    if _fails(finding):
        return f"gives {display(finding.would_be)}{here} until the cells that it takes in are put right"
    would_be, saved = apart(finding.would_be, finding.saved)
    return f"gives {would_be} in place of {saved}{here}"


def _corrects(finding: Finding) -> bool:
    """Tell whether what is proposed would change the figure to another one."""
    return finding.changes_value is True and not _fails(finding)


def _fails(finding: Finding) -> bool:
    return isinstance(finding.would_be, ErrorValue) and not isinstance(finding.saved, ErrorValue)


def _stated(found: Reconciliation) -> Iterator[Matter]:
    for row in found.by_verdict().get("DOES NOT TIE", ()):
        yield own("stated", "stated-figure", Severity.NOTE, _sentence(row), label=row.item)


def _sentence(row: ReconciliationRow) -> str:
    stated = "" if row.stated in (None, "") else f"stated {figure(row.stated)}, "
    unit = f" {row.unit}" if row.unit else ""
    return f"{row.id} [{row.source}]: {stated}recomputed {figure(row.recomputed)}{unit}"


def figure(content: Scalar) -> str:
    """Return a stated or recomputed figure: numbers to six digits."""
    return f"{content:,.6g}" if isinstance(content, float) and abs(content) < 1e6 else display(content)
