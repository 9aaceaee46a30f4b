"""The command `lint`: what people get wrong by hand in a workbook."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from xlmodel.cli_options import JOBS, Grouped, cores
from xlmodel.config import load_settings
from xlmodel.console import Unusable, progress, writable_folder
from xlmodel.engine.client import Worker
from xlmodel.lint.baseline import read_legacy, write_legacy
from xlmodel.lint.finding import Severity
from xlmodel.lint.rule import all_rules
from xlmodel.lint.selection import Selection, known_rule
from xlmodel.lint.settings import LintSettings
from xlmodel.report.escape import safe
from xlmodel.report.figures import count
from xlmodel.report.formats import FORMATS
from xlmodel.report.json_report import report_json
from xlmodel.report.lint_text import lint_summary, lint_text, rules_text, unreadable
from xlmodel.verify.linting import lint_each
from xlmodel.verify.outcome import Outcome, exit_code
from xlmodel.workbook_files import named_workbooks

__all__ = ["lint"]

_RANK = {severity: number for number, severity in enumerate(Severity)}


@click.command(
    cls=Grouped,
    short_help="Look for mistakes in formulas and figures: totals that leave out a row, numbers typed over formulas.",
    groups={
        "What is looked for": ("select", "extend", "ignore", "listing"),
        "What is known already": ("no_suppressions", "baseline", "write_baseline", "strict_baseline"),
        "What is printed": ("form", "severity", "everything", "out"),
    },
)
@click.argument("books", nargs=-1, metavar="BOOK...")
@click.option("--select", multiple=True, metavar="RULES", help="Run these rules alone; `all` for every one.")
@click.option("--extend", multiple=True, metavar="RULES", help="Run these rules too.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Leave these rules out.")
@click.option("--rules", "listing", is_flag=True, help="List the rules, and look at no workbook.")
@click.option("--no-suppressions", is_flag=True, help="Report what is suppressed too, in settings or in a workbook.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Count the findings in it, and report new ones alone.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what is found to it, for --baseline.",
)
@click.option("--strict-baseline", is_flag=True, help="Fail where a finding of the baseline is no longer there.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option(
    "--severity",
    type=click.Choice([s.value for s in Severity]),
    default="note",
    show_default=True,
    help="The least that a finding must weigh to be reported.",
)
@click.option("--all", "everything", is_flag=True, help="Print every finding in full; JSON has them all anyway.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write a JSON file for each workbook there.",
)
@JOBS
def lint(
    books: Sequence[str],
    select: Sequence[str],
    extend: Sequence[str],
    ignore: Sequence[str],
    listing: bool,
    no_suppressions: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    strict_baseline: bool,
    form: str,
    severity: str,
    everything: bool,
    out: Path | None,
    jobs: int | None,
) -> None:
    """Look for mistakes in the formulas and figures of workbooks; nothing in them is recalculated or changed.

    BOOK is a workbook, a pattern, or a folder that is searched to the bottom; RULES are names with commas between. Exit
    codes: 0 no errors or warnings, 1 some, 2 a workbook could not be read, 3 a rule could not be applied.
    """
    if listing:
        click.echo(rules_text(all_rules().values()))
        return
    if not books:
        raise click.UsageError("Missing argument 'BOOK...'.")
    settings = load_settings()
    chosen = settings.lint
    chosen = replace(
        chosen,
        selection=_selection(chosen.selection, select, extend, ignore),
        suppressions=() if no_suppressions else chosen.suppressions,
        baseline=None if write_baseline else baseline or chosen.baseline,
        workbook_suppressions=chosen.workbook_suppressions and not no_suppressions,
    )
    if chosen.baseline is not None:
        read_legacy(chosen.baseline)  # one that is of no use is said before the long work
    if out is not None:
        writable_folder(out)
    named = named_workbooks(books)
    outcomes = [Outcome(path, error=why) for path, why in named.refused.items()]
    for outcome in outcomes:
        click.echo(unreadable(outcome), err=True)
    with progress("Looking", len(named.paths), form == "text") as advance:
        for outcome in lint_each(
            named.paths,
            chosen,
            make_worker=lambda: Worker(memory_bytes=settings.memory_limit * 2**20),
            time_limit=settings.time_limit,
            jobs=jobs or cores(),
        ):
            advance(1)
            outcomes.append(told := _weighing(outcome, Severity(severity)))
            if outcome.error is not None:
                click.echo(unreadable(outcome), err=True)
            elif form == "text":
                click.echo(lint_text(told, everything=everything) + "\n")
            if out is not None:
                (out / f"{outcome.path.name}.json").write_text(report_json([told]) + "\n", "ascii")
    if form == "text":
        click.echo(lint_summary(outcomes))
    else:
        click.echo(FORMATS[form](outcomes))
    for where in _unneeded(chosen, outcomes):
        click.echo(f"Note: {safe(where)}: no finding lies wholly within its cells.", err=form != "text")
    if write_baseline is not None:
        _write(write_baseline, outcomes)
        sys.exit(2 if exit_code(outcomes) == 2 else 0)
    gone = strict_baseline and any(o.lint is not None and o.lint.gone for o in outcomes)
    sys.exit(exit_code(outcomes) or int(gone))


def _selection(set_: Selection, select: Sequence[str], extend: Sequence[str], ignore: Sequence[str]) -> Selection:
    """Return the selection of the settings with what the command line says: its select replaces theirs."""
    more, less = _names(extend), _names(ignore)
    if select:
        return replace(set_, select=_names(select), extend=more, ignore=less)
    return replace(set_, extend=set_.extend + more, ignore=set_.ignore + less)


def _names(options: Sequence[str]) -> tuple[str, ...]:
    return tuple(known_rule(name) for option in options for name in option.split(",") if name.strip())


def _weighing(outcome: Outcome, least: Severity) -> Outcome:
    """Return an outcome with the findings that weigh enough to be reported."""
    if outcome.lint is None:
        return outcome
    heavy = tuple(f for f in outcome.lint.findings if _RANK[f.severity] <= _RANK[least])
    return replace(outcome, lint=replace(outcome.lint, findings=heavy))


def _unneeded(settings: LintSettings, outcomes: Sequence[Outcome]) -> list[str]:
    """Return the suppressions of the settings that are about these workbooks, and that none of them needed."""
    read = [o for o in outcomes if o.lint is not None]
    ran = settings.selection.rules()
    about = [s for s in settings.suppressions if s.rule in ran and any(s.holds_for(o.path.absolute()) for o in read)]
    used = {where for o in read if o.lint is not None for where in o.lint.used}
    return list(dict.fromkeys(s.where for s in about if s.where not in used))


def _write(file: Path, outcomes: Sequence[Outcome]) -> None:
    try:
        written = write_legacy(file, {o.path: o.lint.findings for o in outcomes if o.lint is not None})
    except OSError as error:
        raise Unusable(f"{safe(file)} cannot be written: {safe(error.strerror or error)}") from error
    said = f"{safe(file)}: {count(written, 'finding')} written; with --baseline only new ones are reported"
    click.echo(said, err=True)
