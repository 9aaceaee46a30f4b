"""What the rules found, for people: what matters most first, each with where it is and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xlmodel.lint.finding import Severity
from xlmodel.lint.result import LintResult
from xlmodel.lint.rule import Rule
from xlmodel.report.escape import safe
from xlmodel.report.figures import count, listed
from xlmodel.report.lines import paragraph
from xlmodel.report.matter import leading
from xlmodel.report.matters import matters, problem
from xlmodel.report.text_matters import matter_lines, rest_lines
from xlmodel.verify.outcome import Outcome

__all__ = ["lint_summary", "lint_text", "rules_text", "unreadable"]

#: Findings told in full unless all are asked for.
TOLD = 10


def lint_text(outcome: Outcome, *, everything: bool = False) -> str:
    """Return what the rules found in one workbook; with the most telling findings in full, or all of them."""
    result = outcome.lint
    if result is None:
        return "\n".join(paragraph(unreadable(outcome), 0))
    found = matters(outcome)
    told = list(found) if everything else leading(found, TOLD)
    lines = [f"{safe(outcome.path)}: {_counts(result)}"]
    for number, matter in enumerate(told, 1):
        lines += ["", *matter_lines(number, matter)]
    rest = [*rest_lines([m for m in found if m not in told])]
    lines += ["", *rest, "  `--all` prints them too."] if rest else []
    lines += [line for text in (*result.incomplete, *result.notes) for line in paragraph(f"Note: {safe(text)}.", 2)]
    return "\n".join(lines)


def unreadable(outcome: Outcome) -> str:
    """Return why a workbook could not be looked at, with its path once."""
    return f"{safe(outcome.path)}: {safe(problem(outcome))}"


def lint_summary(outcomes: Sequence[Outcome]) -> str:
    """Return the last line over several workbooks."""
    counts = [len(o.lint.findings) for o in outcomes if o.lint is not None]
    said = f"{count(len(outcomes), 'workbook')}: {count(sum(counts), 'finding') if any(counts) else 'no findings'}"
    if len(outcomes) > 1 and any(counts):
        said += f" in {sum(map(bool, counts)):,} of them"
    unread = len(outcomes) - len(counts)
    return said + (f"; {unread:,} could not be read." if unread else ".")


def rules_text(rules: Iterable[Rule]) -> str:
    """Return a list of the rules: those of the default set, then the others."""
    by_set: dict[bool, list[Rule]] = {True: [], False: []}
    for rule in rules:
        by_set[rule.default].append(rule)
    lines = []
    for default, some in by_set.items():
        lines += ["Rules that run unless ignored" if default else "Rules that run where they are selected", ""]
        for rule in some:
            lines += [f"  {rule.id} ({rule.severity.value})", *paragraph(rule.summary, 6)]
        lines.append("")
    return "\n".join(lines).rstrip()


def _counts(result: LintResult) -> str:
    parts = []
    for severity in Severity:
        n = sum(f.severity is severity for f in result.findings)
        if n:
            parts.append(count(n, severity.value))
    said = listed(parts) if parts else "no findings"
    return "; ".join([said, *_beside(result)])


def _beside(result: LintResult) -> Iterator[str]:
    if result.suppressed:
        yield f"{len(result.suppressed):,} suppressed"
    if result.known:
        yield f"{len(result.known):,} known from the baseline"
    if result.gone:
        yield f"{result.gone:,} of the baseline no longer there"
