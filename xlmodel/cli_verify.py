"""`xlmodel verify`: what is proved of saved workbooks, one or a thousand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from xlmodel.caching.keys import RunKeys, run_keys, settings_key, workbook_key
from xlmodel.caching.pages import Page, keep_page, kept_page
from xlmodel.caching.store import Store
from xlmodel.cli_options import ENGINE, JOBS, TIME_LIMIT, Finite, Grouped, cores, means_of
from xlmodel.config import installed_functions, load_settings, settings_table
from xlmodel.console import progress, writable_folder
from xlmodel.report.escape import safe
from xlmodel.workbook_files import Named, named_workbooks

__all__ = ["verify"]

FORMS = ("text", "json", "junit", "sarif", "github", "html")
SHOWN = 10  #: workbooks of which the findings are printed; each has its line anyway


@dataclass(frozen=True)
class Wanted:
    """What a user asks of a run that changes what is found, in plain data."""

    tolerance: float | None
    lint: bool
    baseline: str
    witness: str
    engine: str
    time_limit: float | None


@click.command(
    cls=Grouped,
    short_help="Say cell by cell what is proved of saved workbooks.",
    groups={
        "What is checked": ("tolerance", "lint", "baseline", "update"),
        "How it is calculated": ("engine", "witness", "time_limit", "jobs", "scheduler", "cache"),
        "What is printed": ("form", "everything", "report"),
    },
)
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@click.option(
    "--tolerance",
    type=Finite(0),
    metavar="NUMBER",
    help="Relative difference of numbers that passes; 1e-9 unless set in xlmodel.toml. 0: 15 significant digits.",
)
@click.option("--lint/--no-lint", default=True, help="Look for mistakes in formulas and figures too.  [default: lint]")
@click.option(
    "--baseline",
    type=click.Choice(["auto", "off"]),
    default="auto",
    help="auto: compare a workbook with BOOK.cells.txt, where `xlmodel freeze` wrote one.  [default: auto]",
)
@click.option("--update", is_flag=True, help="Write these baselines anew.")
@ENGINE
@click.option(
    "--witness",
    default="auto",
    show_default=True,
    metavar="NAMES",
    help="Who calculates again what differs, for a second opinion: none, or native, formulas, ironcalc and "
    "libreoffice with commas between; auto: those that are installed, in the time that is left.",
)
@TIME_LIMIT
@JOBS
@click.option(
    "--scheduler", metavar="ADDRESS", help="Have the workers of a Dask scheduler do the work: tcp://host:8786."
)
@click.option("--cache/--no-cache", default=True, help="Do not look again at what did not change.  [default: cache]")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Print every finding in full; other formats have them all.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write report.txt and report.json there, with every finding.",
)
def verify(
    books: Sequence[str],
    update: bool,
    jobs: int | None,
    scheduler: str | None,
    cache: bool,
    form: str,
    everything: bool,
    report: Path | None,
    **asked: Any,
) -> None:
    """Recalculate saved workbooks and say, cell by cell, what is proved.

    BOOK is a workbook, a pattern, or a folder that is searched to the bottom. Each formula cell is verified, differs,
    is disputed, or is not verified for a reason that is printed; what differs is shown at its root. Workbooks are also
    searched for mistakes in formulas and figures, and compared with a baseline that stands beside them. One that
    cannot be read is named, and the rest goes on.
    """
    if update and scheduler is not None:
        raise click.UsageError("--update writes files on this machine: leave --scheduler out")
    wanted, named = Wanted(**asked), named_workbooks(books)
    full = everything and form == "text"
    if report is not None:
        writable_folder(report)
    store = Store() if cache and not update else None
    settings, keys = _keys(wanted, named, f"{form}, all" if full else form)
    page = None if store is None or report is not None else kept_page(store, keys.page)
    if page is None:
        kept = None if store is None else (store, settings, keys)
        page = _verified(
            wanted, named, form, kept, full=full, update=update, jobs=jobs, scheduler=scheduler, report=report
        )
    else:
        click.echo(page.err, err=True, nl=False)
        click.echo(page.out, nl=False)
    sys.exit(page.code)


def _keys(wanted: Wanted, named: Named, form: str) -> tuple[str, RunKeys]:
    source, table = settings_table()
    functions = installed_functions() if source is None else table.get("functions", {})
    settings = settings_key(source, table, functions, [getattr(wanted, f.name) for f in fields(wanted)])
    return settings, run_keys(settings, named, form)


def _verified(
    wanted: Wanted,
    named: Named,
    form: str,
    cached: tuple[Store, str, RunKeys] | None,
    *,
    full: bool,
    update: bool,
    jobs: int | None,
    scheduler: str | None,
    report: Path | None,
) -> Page:
    """Verify workbooks and print what is found, as it comes; return what was printed."""
    # what calculates is imported only where something is calculated
    from xlmodel.report.formats import FORMATS
    from xlmodel.report.line import outcome_line
    from xlmodel.report.text import report_text
    from xlmodel.verify.also import Also
    from xlmodel.verify.kept import Kept
    from xlmodel.verify.outcome import Outcome, exit_code
    from xlmodel.verify.run import outcomes

    settings = load_settings()
    means = means_of(settings, wanted.time_limit, wanted.engine, wanted.witness)
    tolerance = settings.tolerance if wanted.tolerance is None else wanted.tolerance
    updated: list[Path] = []
    rules = settings.lint if wanted.lint else None
    also = Also(rules, wanted.baseline == "auto", updated.append if update else None)
    kept = None
    if cached is not None:
        store, key, keys = cached
        kept = Kept(store, keys.workbooks, lambda path: workbook_key(key, path))
    found = [Outcome(path, error=why) for path, why in named.refused.items()]
    printed = _Printed()
    listing = form == "text" and len(named.paths) + len(found) > 1
    if listing:
        printed.out(*map(outcome_line, found))
    with progress("Verifying", len(named.paths), form == "text") as advance, means.stoppable():
        run = outcomes(
            named.paths, means, tolerance, also,
            jobs=jobs or cores(), advance=advance, kept=kept, scheduler=scheduler,
        )  # fmt: skip
        with closing(run):  # where the output fails, no thread goes on
            for outcome in run:
                found.append(outcome)
                if listing:
                    printed.out(outcome_line(outcome))
    if listing:
        printed.out(*_details(found, full))
    else:
        printed.out(report_text(found, full=True) if full else FORMATS[form](found))
    if updated:
        printed.err(*(f"Written anew: {safe(path)}" for path in sorted(updated)))
    if named.passed_over:
        printed.err(_passed_over(named.passed_over))
    if report is not None:
        (report / "report.txt").write_text(report_text(found, full=True) + "\n", "utf-8", "replace")
        (report / "report.json").write_text(FORMATS["json"](found) + "\n", "utf-8")
        printed.err(f"Report: {safe(report / 'report.txt')} and report.json")
    page = Page("".join(printed.lines_out), "".join(printed.lines_err), exit_code(found))
    if cached is not None:
        store, _, keys = cached
        if len(keys.workbooks) == len(named.paths) and all(k in store for k in keys.workbooks.values()):
            keep_page(store, keys.page, page)
        store.prune()
    return page


class _Printed:
    """Prints at once, and remembers what."""

    def __init__(self) -> None:
        self.lines_out: list[str] = []
        self.lines_err: list[str] = []

    def out(self, *texts: str) -> None:
        for text in texts:
            self.lines_out.append(text + "\n")
            click.echo(text)

    def err(self, *texts: str) -> None:
        for text in texts:
            self.lines_err.append(text + "\n")
            click.echo(text, err=True)


def _details(found: Sequence[Any], full: bool) -> Iterable[str]:
    """Yield what was found where a workbook does not pass or a stated figure does not tie; the first few, or all."""
    from xlmodel.report.text import outcome_text, summary_line

    worth = [
        o
        for o in found
        if (o.exit_code and (o.verification is not None or o.lint is not None))
        or (o.reconciliation is not None and "DOES NOT TIE" in o.reconciliation.by_verdict())
    ]
    worth.sort(key=lambda o: o.exit_code != 1)
    for outcome in worth if full else worth[:SHOWN]:
        yield ""
        yield outcome_text(outcome, full=full)
    if len(worth) > SHOWN and not full:
        yield ""
        yield f"… and {len(worth) - SHOWN:,} more with findings. To see them, name one, or use --report FOLDER."
    yield ""
    yield summary_line(found)


def _passed_over(paths: Sequence[Path]) -> str:
    """Say which files of other formats were not looked at."""
    names = ", ".join(safe(p) for p in paths[:3]) + (", …" if len(paths) > 3 else "")
    return (
        f"Not verified, as only .xlsx and .xlsm can be: {len(paths):,} other spreadsheet files, {names}; save as .xlsx"
    )
