"""What a verification found, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.escape import safe
from xlmodel.report.lines import SHOWN, WIDTH, paragraph
from xlmodel.report.text_published import drift_lines, sign_off_lines
from xlmodel.values import Scalar, display
from xlmodel.verify.check import Outcome
from xlmodel.verify.recalculation import CellFinding, Dispute, Verdict, Verification
from xlmodel.verify.reconciliation import VERDICTS, Reconciliation, ReconciliationRow

__all__ = ["SHOWN", "outcome_text", "reason_text", "summary_line"]


def outcome_text(outcome: Outcome) -> str:
    """Return the report on one workbook."""
    lines = [safe(outcome.path)]
    if outcome.verification is None:
        lines += paragraph(f"could not be verified: {safe(outcome.error or '')}", 2)
        return "\n".join(lines)
    verification = outcome.verification
    lines += _indented(_counts(verification), 2)
    lines += _indented(_facts(verification), 2)
    if verification.counts[Verdict.DIFFERS]:
        lines += ["", "  Differences, at their root", *_differences(verification)]
    if verification.disputes:
        lines += ["", *_disputed(verification)]
    if verification.unverified:
        lines += ["", "  Not verified", *_unverified(verification)]
    if outcome.drift is not None:
        lines += ["", *drift_lines(outcome.drift)]
    if outcome.sign_off is not None:
        lines += ["", *sign_off_lines(outcome.sign_off)]
    if outcome.error:
        lines += ["", *paragraph(safe(outcome.error), 2)]
    if outcome.reconciliation is not None:
        lines += ["", *_reconciliation(outcome.reconciliation)]
    return "\n".join(lines)


def summary_line(outcomes: Sequence[Outcome]) -> str:
    """Return the last lines of a report, over all workbooks."""
    done = [o.verification for o in outcomes if o.verification is not None]
    total = sum(v.total for v in done)
    verified = sum(v.counts[Verdict.VERIFIED] for v in done)
    differing = sum(v.counts[Verdict.DIFFERS] for v in done)
    disputed = sum(v.counts[Verdict.DISPUTED] for v in done)
    unverified = sum(v.counts[Verdict.UNVERIFIED] for v in done)
    failed = len(outcomes) - len(done)
    parts = [f"{_count(len(outcomes), 'workbook')}: {verified:,} of {_count(total, 'formula cell')} verified"]
    if differing:
        parts.append(f"{_count(differing, 'cell')} differ" + "s" * (differing == 1))
    if disputed:
        parts.append(f"{_count(disputed, 'cell')} disputed")
    if unverified:
        parts.append(f"{_count(unverified, 'cell')} not verified")
    if failed:
        parts.append(f"{_count(failed, 'workbook')} could not be verified at all")
    changed = len({f.function for o in outcomes if o.drift is not None for f in o.drift.functions})
    if changed:
        parts.append(f"{_count(changed, 'function')} changed")
    unsigned = sum(o.sign_off is not None and not o.sign_off.holds for o in outcomes)
    if unsigned:
        parts.append(f"{_count(unsigned, 'workbook')} with values that are not those recorded on publishing")
    return "\n".join(["; ".join(parts) + ".", *_stated(outcomes)])


#: What is counted of each verdict in the last line of a report.
_COUNTED = {
    "DOES NOT TIE": "cannot be right",
    "UNEXPLAINED": "unexplained",
    "READING": "depend on a reading",
    "ROUNDING": "within rounding",
    "TIES": "equal as printed",
    "IMPLIED": "with nothing printed to compare",
    "NOT COMPARABLE": "of different dates",
    "NOT TESTABLE": "without an input",
}


def _stated(outcomes: Sequence[Outcome]) -> Iterator[str]:
    rows = [r for o in outcomes if o.reconciliation is not None for r in o.reconciliation.rows]
    if rows:
        groups = Reconciliation(tuple(rows)).by_verdict()
        counted = (f"{len(found)} {_COUNTED.get(verdict, safe(verdict))}" for verdict, found in groups.items())
        yield from paragraph(f"{_count(len(rows), 'stated figure')}: {', '.join(counted)}.", 0)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _indented(text: str, by: int) -> list[str]:
    return [" " * by + text] if text else []


def _percent(verification: Verification) -> str:
    share = verification.coverage * 100
    # 99.97 % is not 100 %: never round up to a whole that is not there
    return f"{share:.0f} %" if share in (0.0, 100.0) else f"{min(max(share, 0.1), 99.9):.1f} %"


def _counts(verification: Verification) -> str:
    if not verification.total:
        return "no formula cells"
    c = verification.counts
    parts = [f"{c[Verdict.VERIFIED]:,} verified ({_percent(verification)})"]
    confirmed = f" ({verification.confirmed:,} confirmed)" if verification.confirmed else ""
    parts.append(f"{c[Verdict.DIFFERS]:,} differ{confirmed}")
    if c[Verdict.DISPUTED]:
        parts.append(f"{c[Verdict.DISPUTED]:,} disputed")
    parts.append(f"{c[Verdict.UNVERIFIED]:,} not verified")
    return f"{_count(verification.total, 'formula cell')}: {', '.join(parts)}"


def _facts(verification: Verification) -> str:
    facts = verification.evaluation.facts
    said = []
    if facts.calc.mode == "manual":
        said.append("set to manual calculation: saved values may be stale")
    if facts.calc.iterate:
        said.append("iterative calculation is on")
    if not facts.calc.full_precision:
        said.append("calculates with precision as displayed")
    if facts.hosts:
        said.append(f"function names as stored by {', '.join(sorted(facts.hosts))}")
    if facts.externals:
        said.append(f"{_count(facts.externals, 'link')} to other workbooks, answered from the values saved here")
    return safe("; ".join(said))


def _differences(verification: Verification) -> Iterator[str]:
    roots = verification.roots
    for number, finding in enumerate(roots[:SHOWN], 1):
        yield from _difference(number, finding)
    if len(roots) > SHOWN:
        yield f"    … and {len(roots) - SHOWN:,} more roots (all of them in the JSON report)"
    rest = verification.counts[Verdict.DIFFERS] - len(roots)
    if rest and roots:
        yield f"    {_count(rest, 'more cell')} differ{'s' * (rest == 1)} only because of these."
    elif rest:
        yield f"    {_count(rest, 'cell')} differ{'s' * (rest == 1)}, none on its own: the roots are not verified."
    yield from _certainty(verification)


def _certainty(verification: Verification) -> Iterator[str]:
    """Yield what the words behind the roots mean, those that are there."""
    roots, witness = verification.roots, verification.witness
    if any(f.confirmed for f in roots) and witness is not None:
        yield from paragraph(f"Confirmed: a second engine, {safe(witness.engine)}, gives the same result.", 4)
    if all(f.confirmed for f in roots):
        return
    if witness is None:
        why = "one engine's calculation, no second engine was asked."
    elif witness.problem:
        why = f"the second engine, {safe(witness.engine)}, could not be asked: {safe(witness.problem)}."
    else:
        why = f"the second engine, {safe(witness.engine)}, cannot judge these cells."
    yield from paragraph(f"Unconfirmed: {why}", 4)


def _difference(number: int, finding: CellFinding) -> Iterator[str]:
    values = f"saved {_shown(finding.saved)}, its formula gives {_shown(finding.calculated)}"
    yield f"    {number}. {_cell(finding.cell)}: {values} ({'confirmed' if finding.confirmed else 'unconfirmed'})"
    yield f"       ={safe(finding.formula, WIDTH - 8)}"
    if finding.message:
        yield from paragraph(safe(finding.message), 7)
    if finding.downstream:
        yield f"       {_count(finding.downstream, 'formula cell')} depend{'s' * (finding.downstream == 1)} on it"


def _disputed(verification: Verification) -> Iterator[str]:
    disputes, witness = verification.disputes, verification.witness
    second = "a second engine" if witness is None else safe(witness.engine)
    yield "  Disputed: two engines calculate differently, so nothing is proved of these cells"
    for dispute in disputes[:SHOWN]:
        yield from _dispute(dispute, second)
    if len(disputes) > SHOWN:
        yield f"    … and {len(disputes) - SHOWN:,} more kinds of formula (all of them in the JSON report)"
    rest = verification.counts[Verdict.DISPUTED] - sum(len(d.findings) for d in disputes)
    if rest:
        yield f"    {_count(rest, 'more cell')} follow{'s' * (rest == 1)} from these."


def _dispute(dispute: Dispute, second: str) -> Iterator[str]:
    cells = [f.cell for f in dispute.findings]
    called = ", ".join(dispute.functions) or "operators alone"
    yield from paragraph(f"{safe(called)}: {_count(len(cells), 'cell')}, {_cells(cells)}", 4)
    first = dispute.findings[0]
    yield f"       {_cell(first.cell)}: ={safe(first.formula, WIDTH - 8)}"
    saved, calculated, other = _shown(first.saved), _shown(first.calculated), _shown(first.witness)
    yield from paragraph(f"saved {saved}, its formula gives {calculated}, by {second} {other}", 7)


#: How a reason is introduced where its text alone would not tell.
_INTRODUCED = {
    "unknown-function": "unknown function: ",
    "unsupported-function": "not supported by the engine: ",
    "unsupported-syntax": "not supported by the engine: ",
    "engine-error": "the engine failed: ",
}


def reason_text(reason: Reason) -> str:
    """Return why cells were not calculated, so that it can be understood by itself."""
    introduced = _INTRODUCED.get(reason.code, "")
    return introduced + safe(reason.text).removeprefix(introduced)


def _unverified(verification: Verification) -> Iterator[str]:
    for group in verification.unverified[:SHOWN]:
        yield from paragraph(
            f"{reason_text(group.reason)}: {_count(len(group.cells), 'cell')}, {_cells(group.cells)}", 4
        )
    if len(verification.unverified) > SHOWN:
        yield f"    … and {len(verification.unverified) - SHOWN:,} more reasons (all of them in the JSON report)"


def _cell(cell: CellKey) -> str:
    return safe(f"{quote_sheet(cell.sheet)}!{cell_name(cell.row, cell.col)}")


def _cells(cells: Sequence[CellKey]) -> str:
    shown = ", ".join(_cell(c) for c in cells[:3])
    return f"{shown}, …" if len(cells) > 3 else shown


def _shown(content: Scalar) -> str:
    return safe(display(content), 60)


def _reconciliation(found: Reconciliation) -> Iterator[str]:
    yield f"  Stated figures against recomputed ones ({len(found.rows)})"
    for verdict, rows in found.by_verdict().items():
        yield ""
        yield f"  {verdict} ({len(rows)}): {VERDICTS.get(verdict, 'unknown verdict')}"
        if verdict in ("TIES", "IMPLIED"):
            yield from paragraph(", ".join(safe(r.id) for r in rows), 4)
        else:
            for row in rows:
                yield from _row(row)


def _row(row: ReconciliationRow) -> Iterator[str]:
    stated = "" if row.stated in (None, "") else f"stated {_figure(row.stated)}, "
    unit = f" ({safe(row.unit)})" if row.unit else ""
    yield from wrap(
        f"{safe(row.id)}  {safe(row.item)} [{safe(row.source)}]: {stated}recomputed {_figure(row.recomputed)}{unit}",
        WIDTH,
        initial_indent="    ",
        subsequent_indent="         ",
    )
    yield from paragraph(safe(row.explanation), 9)


def _figure(content: Scalar) -> str:
    return f"{content:,.6g}" if isinstance(content, float) and abs(content) < 1e6 else _shown(content)
