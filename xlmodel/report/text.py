"""What a verification found, for people: the verdict, the few things that matter most, and the rest counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.lint.finding import Severity
from xlmodel.lint.result import LintResult
from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.changes_text import changes_summary
from xlmodel.report.escape import safe
from xlmodel.report.lines import SHOWN, WIDTH, paragraph
from xlmodel.report.matter import Matter, leading
from xlmodel.report.matters import matters, problem, reason_sentence
from xlmodel.report.text_matters import matter_lines, rest_lines
from xlmodel.report.text_published import drift_lines, sign_off_lines
from xlmodel.report.text_stated import stated_counts, stated_lines
from xlmodel.values import Scalar, display
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Dispute, Verdict, Verification

__all__ = ["SHOWN", "outcome_text", "reason_text", "report_text", "summary_line", "verdict_word"]

FEW = 3  #: things that are told in full

#: The checks whose findings are told one by one; the others have sections of their own.
_TOLD = ("recalculation", "baseline", "lint")

#: What an exit code means for one workbook, in a word.
_WORDS = {0: "PASS", 1: "FAIL", 2: "UNUSABLE", 3: "NOT PROVED"}


def report_text(outcomes: Sequence[Outcome], *, full: bool = False) -> str:
    """Return the report on several workbooks; `full` tells every finding, not only the first few."""
    return "\n\n".join([*(outcome_text(o, full=full) for o in outcomes), summary_line(outcomes)])


def verdict_word(outcome: Outcome) -> str:
    """Return the verdict on a workbook in a word: PASS, FAIL, NOT PROVED or UNUSABLE."""
    return _WORDS[outcome.exit_code]


def outcome_text(outcome: Outcome, *, full: bool = False) -> str:
    """Return the report on one workbook: short where nothing is found."""
    lines = [f"{safe(outcome.path)}: {verdict_word(outcome)}"]
    if outcome.verification is None and outcome.lint is None:
        return "\n".join([*lines, *paragraph(verdict_lines(outcome)[0], 2)])
    verification = outcome.verification
    lines += [line for said in verdict_lines(outcome) for line in paragraph(said, 2)]
    found = matters(outcome)
    lines += _matters([m for m in found if m.check in _TOLD and m.fails], full)
    if verification is not None:
        lines += _about_roots(verification)
        if verification.disputes:
            lines += ["", *_disputed(verification, full)]
        if verification.unverified:
            lines += ["", *_unverified(verification, full)]
    if outcome.drift is not None:
        lines += ["", *drift_lines(outcome.drift)]
    if outcome.sign_off is not None:
        lines += [*([] if outcome.sign_off.holds else [""]), *sign_off_lines(outcome.sign_off)]
    if outcome.error:
        lines += ["", *paragraph(f"{_capital(problem(outcome))}.", 2)]
    if outcome.reconciliation is not None:
        stated = [*stated_lines(outcome.reconciliation, full)]
        lines += ["", *stated] if stated else []
    return "\n".join(lines)


def verdict_lines(outcome: Outcome) -> list[str]:
    """Return what is proved of a workbook and what is not, in a few sentences that are safe to show."""
    if outcome.verification is None and outcome.lint is None:
        return [f"Could not be verified: {safe(problem(outcome))}."]
    said = []
    if outcome.verification is not None:
        said += [_counts(outcome.verification), _facts(outcome.verification)]
        said += [f"{_capital(cause.text)}." for cause in outcome.verification.causes]
    said += [_linted(outcome), _held(outcome)]
    return [line for line in said if line]


def summary_line(outcomes: Sequence[Outcome]) -> str:
    """Return the last lines of a report, over all workbooks."""
    done = [o.verification for o in outcomes if o.verification is not None]
    c = {verdict: sum(v.counts[verdict] for v in done) for verdict in Verdict}
    parts = [_count(len(outcomes), "workbook")]
    if done:
        parts[0] += f": {c[Verdict.VERIFIED]:,} of {_count(sum(v.total for v in done), 'formula cell')} verified"
    if differing := c[Verdict.DIFFERS]:
        parts.append(f"{_count(differing, 'cell')} differ{'s' * (differing == 1)}")
    if c[Verdict.DISPUTED]:
        parts.append(f"{_count(c[Verdict.DISPUTED], 'cell')} disputed")
    if c[Verdict.UNVERIFIED]:
        parts.append(f"{_count(c[Verdict.UNVERIFIED], 'cell')} not verified")
    if findings := sum(_failing(o.lint) for o in outcomes if o.lint is not None):
        parts.append(f"{_count(findings, 'finding')} in formulas and figures")
    if broken := sum(o.baseline is not None and o.baseline.broken for o in outcomes):
        parts.append(f"{_count(broken, 'baseline')} not held")
    if failed := sum(o.error is not None and o.verification is None for o in outcomes):
        parts.append(f"{_count(failed, 'workbook')} could not be verified at all")
    if changed := len({f.function for o in outcomes if o.drift is not None for f in o.drift.functions}):
        parts.append(f"{_count(changed, 'function')} changed")
    if unsigned := sum(o.sign_off is not None and not o.sign_off.holds for o in outcomes):
        parts.append(f"{_count(unsigned, 'workbook')} with values that are not those recorded on publishing")
    stated = [o.reconciliation for o in outcomes if o.reconciliation is not None and o.reconciliation.rows]
    told = [*paragraph(f"{stated_counts(stated)}.", 0)] if stated else []
    return "\n".join([*paragraph("; ".join(parts) + ".", 0), *told])


def reason_text(reason: Reason) -> str:
    """Return why cells were not calculated, so that it can be understood by itself."""
    return safe(reason_sentence(reason))


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _percent(verification: Verification) -> str:
    share = verification.coverage * 100
    # 99.97 % is not 100 %: never round up to a whole that is not there
    return f"{share:.0f} %" if share in (0.0, 100.0) else f"{min(max(share, 0.1), 99.9):.1f} %"


def _counts(verification: Verification) -> str:
    if not verification.total:
        return "No formula cells: there is nothing to recalculate."
    c = verification.counts
    if c[Verdict.VERIFIED] == verification.total:
        return f"{_count(verification.total, 'formula cell')}, all verified: each gives its saved value."
    confirmed = f" ({verification.confirmed:,} confirmed)" if verification.confirmed else ""
    parts = [
        f"{c[Verdict.VERIFIED]:,} verified ({_percent(verification)})",
        f"{c[Verdict.DIFFERS]:,} differ{'s' * (c[Verdict.DIFFERS] == 1)}{confirmed}" if c[Verdict.DIFFERS] else "",
        f"{c[Verdict.DISPUTED]:,} disputed" if c[Verdict.DISPUTED] else "",
        f"{c[Verdict.UNVERIFIED]:,} not verified" if c[Verdict.UNVERIFIED] else "",
    ]
    return f"{_count(verification.total, 'formula cell')}: {', '.join(filter(None, parts))}."


def _facts(verification: Verification) -> str:
    facts = verification.evaluation.facts
    said = []
    explained = {cause.code for cause in verification.causes}
    if facts.calc.mode == "manual" and "manual" not in explained:
        said.append("set to manual calculation: saved values may be stale")
    if facts.calc.iterate and "iterative" not in explained:
        said.append("iterative calculation is on")
    if not facts.calc.full_precision and "precision-as-displayed" not in explained:
        said.append("calculates with precision as displayed")
    if facts.hosts:
        said.append(f"function names as stored by {', '.join(sorted(facts.hosts))}")
    if facts.externals:
        said.append(f"{_count(facts.externals, 'link')} to other workbooks, answered from the values saved here")
    return f"{_capital('; '.join(said))}." if said else ""


def _capital(text: str) -> str:
    shown = safe(text)
    return shown[:1].upper() + shown[1:]


def _linted(outcome: Outcome) -> str:
    """Say what was found of formulas and figures, and what was left out."""
    if outcome.lint is None:
        return ""
    failing = _failing(outcome.lint)
    parts = [f"Formulas and figures: {_count(failing, 'finding') if failing else 'nothing found'}"]
    if notes := len(outcome.lint.findings) - failing:
        parts.append(_count(notes, "note"))
    if outcome.lint.suppressed:
        parts.append(f"{len(outcome.lint.suppressed):,} accepted with a reason")
    if outcome.lint.known:
        parts.append(f"{len(outcome.lint.known):,} known of before")
    if outcome.lint.incomplete:
        parts.append(f"{_count(len(outcome.lint.incomplete), 'rule')} could not be applied")
    return f"{', '.join(parts)}."


def _failing(result: LintResult) -> int:
    return sum(f.severity is not Severity.NOTE for f in result.findings)


def _held(outcome: Outcome) -> str:
    """Say whether the workbook is what its baseline says."""
    held = outcome.baseline
    if held is None:
        return ""
    if held.changes is None:
        return f"Baseline: cannot be used, {safe(held.problem)}."
    if not held.broken:
        return "Baseline: nothing changed."
    return f"Baseline: {changes_summary(held.changes)}."


def _matters(found: Sequence[Matter], full: bool) -> Iterator[str]:
    shown = list(found) if full else leading(found, FEW)
    for number, matter in enumerate(shown, 1):
        yield ""
        yield from matter_lines(number, matter)
    if len(shown) < len(found):
        told = {id(m) for m in shown}
        yield ""
        yield from rest_lines([m for m in found if id(m) not in told])
        yield "  All of them: --all."


def _about_roots(verification: Verification) -> Iterator[str]:
    """Yield what follows from the roots, and what a second engine says of them."""
    roots, witness = verification.roots, verification.witness
    differing = verification.counts[Verdict.DIFFERS]
    if not differing:
        return
    yield ""
    rest = differing - len(roots)
    if rest and roots:
        yield f"  {_count(rest, 'more cell')} differ{'s' * (rest == 1)} only because of these."
    if any(f.confirmed for f in roots) and witness is not None:
        yield from paragraph(f"Confirmed: a second engine, {safe(witness.engine)}, gives the same result.", 2)
    if all(f.confirmed for f in roots):
        return
    if witness is None:
        why = "one engine's calculation, no second engine was asked."
    elif witness.problem:
        why = f"the second engine, {safe(witness.engine)}, could not be asked: {safe(witness.problem)}."
    else:
        why = f"the second engine, {safe(witness.engine)}, cannot judge these cells."
    yield from paragraph(f"Unconfirmed: {why}", 2)


def _disputed(verification: Verification, full: bool) -> Iterator[str]:
    disputes, witness = verification.disputes, verification.witness
    second = "a second engine" if witness is None else safe(witness.engine)
    yield "  Disputed: two engines calculate differently, so nothing is proved of these cells"
    shown = disputes[: SHOWN if full else FEW]
    for dispute in shown:
        yield from _dispute(dispute, second)
    if len(disputes) > len(shown):
        yield f"    … and {len(disputes) - len(shown):,} more kinds of formula"
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


def _unverified(verification: Verification, full: bool) -> Iterator[str]:
    groups = verification.unverified
    shown = groups[: SHOWN if full else FEW]
    yield "  Not verified"
    for group in shown:
        yield from paragraph(
            f"{reason_text(group.reason)}: {_count(len(group.cells), 'cell')}, {_cells(group.cells)}", 4
        )
    if rest := groups[len(shown) :]:
        cells = sum(len(g.cells) for g in rest)
        yield f"    … and {_count(cells, 'cell')} for {_count(len(rest), 'more reason')}"


def _cell(cell: CellKey) -> str:
    return safe(f"{quote_sheet(cell.sheet)}!{cell_name(cell.row, cell.col)}")


def _cells(cells: Sequence[CellKey]) -> str:
    shown = ", ".join(_cell(c) for c in cells[:3])
    return f"{shown}, …" if len(cells) > 3 else shown


def _shown(content: Scalar) -> str:
    return safe(display(content), 60)
