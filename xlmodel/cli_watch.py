"""`xlmodel watch`: verify again at every save, while someone works."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import click

from xlmodel.cli_options import TIME_LIMIT, means
from xlmodel.console import Unusable
from xlmodel.report.escape import safe
from xlmodel.report.watched import watched_lines
from xlmodel.verify.also import Also
from xlmodel.verify.check import check
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.saves import saves
from xlmodel.workbook_files import named_workbooks

__all__ = ["watch"]

PATIENCE = 1.0  #: seconds until a workbook that could not be read is tried once more


@click.command(short_help="Verify workbooks again at every save, while someone works.")
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@click.option("--lint/--no-lint", default=True, help="Look for mistakes in formulas and figures too.  [default: lint]")
@TIME_LIMIT
def watch(books: Sequence[str], lint: bool, time_limit: float | None) -> None:
    """Verify workbooks, and again at every save, while someone works; end with Ctrl-C.

    BOOK is a workbook, or a folder: workbooks that come into it are verified too. What is printed is the verdict, and
    what has changed since the save before.
    """
    settings, with_these = means(time_limit, "native")
    also = Also(settings.lint if lint else None, baseline=True)
    named = named_workbooks(books)
    for path, why in named.refused.items():
        click.echo(f"{safe(path)}: {safe(why)}", err=True)
    if not named.paths and not any(path.is_dir() for path in named.refused):
        raise Unusable("there is nothing to watch")
    click.echo("Watching; Ctrl-C ends it.", err=True)
    before: dict[Path, Outcome] = {}
    with with_these.worker() as worker, contextlib.suppress(KeyboardInterrupt):
        for path in saves(lambda: named_workbooks(books).paths):
            outcome = check(path, worker, with_these, settings.tolerance, also=also)
            if outcome.error is not None:
                # Excel may still hold the file, or a slow folder still bring it
                time.sleep(PATIENCE)
                outcome = check(path, worker, with_these, settings.tolerance, also=also)
            click.echo("\n".join([time.strftime("%H:%M:%S"), *watched_lines(outcome, before.get(path))]))
            before[path] = outcome
    click.echo("\nNo longer watching.", err=True)
