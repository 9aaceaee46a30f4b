"""A document reconciled, as text, table or data: first what a director must know, then how many of each verdict."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from textwrap import wrap

from xlmodel.reconcile import MEANING, Finding, Reconciliation, ReconciliationRow, Verdict
from xlmodel.report.escape import safe

__all__ = ["claims_csv", "claims_json", "claims_text"]

_WIDTH = 90
_INDENT = "    "
_FIRST = (Verdict.DOES_NOT_TIE, Verdict.UNEXPLAINED)
_HEADINGS = {
    Verdict.DOES_NOT_TIE: "CANNOT BE RIGHT",
    Verdict.UNEXPLAINED: "TWO FIGURES FOR ONE THING, AND NO EXPLANATION",
    Verdict.READING: "DEPENDS ON HOW IT IS READ: PROVES NO ERROR",
}
_NOTHING = "Nothing in it that is wrong or unexplained."


def claims_text(found: Reconciliation, *, everything: bool = False) -> str:
    """Return the report for people; `everything` adds every row, otherwise readings are listed in short."""
    lines = [_headline(found)]
    for verdict in _FIRST:
        lines += _group(found, verdict)
    verdicts = {row.verdict for row in found.rows} | {finding.verdict for finding in found.findings}
    if verdicts.isdisjoint(_FIRST):
        lines += ["", _NOTHING]
    lines += ["", *_counts(found), *_idle(found)]
    rest = [verdict for verdict in Verdict if verdict not in _FIRST]
    if everything:
        for verdict in rest:
            lines += _group(found, verdict)
    else:
        lines += _readings(found)
    return "\n".join(lines)


def _headline(found: Reconciliation) -> str:
    return (
        f"{safe(found.name)}: {_many(len(found.rows), 'figure')} recomputed, {_many(found.tests, 'further comparison')}"
    )


def _many(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _group(found: Reconciliation, verdict: Verdict) -> Iterator[str]:
    rows = [row for row in found.rows if row.verdict is verdict]
    findings = [finding for finding in found.findings if finding.verdict is verdict]
    if not rows and not findings:
        return
    heading = _HEADINGS.get(verdict, f"{verdict}: {MEANING[verdict]}")
    yield from ("", f"{heading} ({len(rows) + len(findings)})")
    for row in rows:
        yield from ("", *_row(row))
    for finding in findings:
        yield from ("", *_finding(finding))


def _row(row: ReconciliationRow) -> Iterator[str]:
    yield from _titled(row.id, row.item, row.source)
    yield from _paragraph(row.sentence)
    yield from _paragraph(row.explanation)
    for finding in row.findings:
        if finding.verdict is row.verdict or finding.verdict in _FIRST:
            yield from _paragraph(finding.beyond)


def _finding(finding: Finding) -> Iterator[str]:
    yield from _titled("", finding.item, finding.source)
    yield from _paragraph(finding.sentence)


def _titled(name: str, item: str, source: str) -> Iterator[str]:
    lead = f"{safe(name)}  " if name else ""
    yield from wrap(f"{lead}{safe(item)}  [{safe(source)}]", _WIDTH, subsequent_indent=_INDENT, break_on_hyphens=False)


def _paragraph(text: str) -> list[str]:
    return wrap(safe(text), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)


def _counts(found: Reconciliation) -> Iterator[str]:
    for verdict in Verdict:
        n = sum(row.verdict is verdict for row in found.rows)
        if n:
            yield f"{n:>5}  {verdict:<14}  {MEANING[verdict]}"
    more = [finding for finding in found.findings if finding.verdict is not Verdict.IMPLIED]
    if more:
        yield f"{len(more):>5}  found from the roles of figures, and in none of the counts above"


def _idle(found: Reconciliation) -> Iterator[str]:
    for name in found.idle:
        said = f"No figures of the set '{name}' could be compared: see that they have one period, and all roles."
        yield from ("", *wrap(safe(said), _WIDTH))


def _readings(found: Reconciliation) -> Iterator[str]:
    rows = [row for row in found.rows if row.verdict is Verdict.READING]
    findings = [finding for finding in found.findings if finding.verdict is Verdict.READING]
    if not rows and not findings:
        return
    yield from ("", f"{_HEADINGS[Verdict.READING]} ({len(rows) + len(findings)}; in full with --all)")
    for row in rows:
        yield from _titled(row.id, row.item, row.source)
    for finding in findings:
        yield from _finding(finding)


def claims_json(found: Reconciliation) -> str:
    """Return everything that was found as JSON."""
    return json.dumps(
        {
            "name": found.name,
            "accused": found.accused,
            "verdicts": {str(verdict): len(rows) for verdict, rows in found.by_verdict().items()},
            "rows": [asdict(row) for row in found.rows],
            "findings": [asdict(finding) for finding in found.findings],
            "comparisons_by_roles": found.tests,
            "sets_without_comparison": found.idle,
        },
        ensure_ascii=False,
        indent=2,
        allow_nan=False,
        default=str,
    )


def claims_csv(found: Reconciliation) -> str:
    """Return the rows, and after them the findings that no row covers, as CSV; nothing in it is a formula of Excel."""
    columns = [column.name for column in fields(ReconciliationRow) if column.name not in ("findings", "readings")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, "readings"])
    for row in found.rows:
        writer.writerow([*(_cell(getattr(row, name)) for name in columns), _cell(" / ".join(row.readings))])
    for finding in found.findings:
        cells = {"source": finding.source, "item": finding.item, "kind": finding.test}
        cells |= {"verdict": str(finding.verdict), "sentence": finding.sentence}
        writer.writerow([*(_cell(cells.get(name, "")) for name in columns), ""])
    return out.getvalue().rstrip("\n")


def _cell(content: object) -> str:
    """Return a cell that a spreadsheet shows as it is: text that would begin a formula gets a space before it."""
    if content is None:
        return ""
    if isinstance(content, float):
        return f"{content:.15g}"
    text = safe(content)
    return f" {text}" if text.startswith(("=", "+", "-", "@")) else text
