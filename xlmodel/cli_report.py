"""The command that writes a workbook's page: parse, one call, print."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from xlmodel.config import load_registry, load_settings
from xlmodel.console import Unusable, progress
from xlmodel.report.book_page import book_page
from xlmodel.report.book_page_frame import GENERATOR
from xlmodel.report.escape import safe
from xlmodel.report.text import summary_line
from xlmodel.stopping import StoppableMeans
from xlmodel.verify.check import check_all

__all__ = ["report"]

_BEGINNING = 4_000  #: bytes of a file in which a page says what made it


@click.command()
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="BOOK")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The page to write.  [default: BOOK with the ending .html]",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Relative difference of numbers that passes; 1e-9 unless set in xlmodel.toml. 0: 15 significant digits.",
)
@click.option(
    "--witness/--no-witness",
    default=True,
    show_default=True,
    help="Have the other engine judge again what differs; it is slow.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, 1e9, min_open=True),
    metavar="SECONDS",
    help="Seconds the workbook may take; 120 unless set in xlmodel.toml.",
)
def report(book: Path, out: Path | None, tolerance: float | None, witness: bool, time_limit: float | None) -> None:
    """Write one page about a workbook: what ties, what does not, charts, checks, and each figure traced to its source.

    The page is one HTML file that works from any folder without a network. The workbook is recalculated as `verify`
    does it and stays as it is; the exit codes are those of `verify` too.
    """
    settings = load_settings()
    means = StoppableMeans(
        load_registry(settings),
        time_limit or settings.time_limit,
        settings.memory_limit,
        witness="formulas" if witness else None,
    )
    target = out or book.with_suffix(".html")
    _refuse_foreign(target)
    with progress("Verifying", 1, True) as advance, means.stoppable():
        outcomes = check_all([book], means, settings.tolerance if tolerance is None else tolerance, advance=advance)
    outcome = outcomes[0]
    if outcome.verification is None:
        raise Unusable(f"{safe(book)}: {safe(outcome.error or '')}")
    page = book_page(outcome, means.registry)
    _write(target, page)
    click.echo(summary_line(outcomes))
    click.echo(f"Page: {safe(target)} ({len(page.encode()) / 1e6:.1f} MB)")
    sys.exit(outcome.exit_code)


def _refuse_foreign(target: Path) -> None:
    """Refuse to replace a file that is no page of ours."""
    if not target.exists():
        return
    with target.open("rb") as file:
        ours = f'content="{GENERATOR}'.encode() in file.read(_BEGINNING)
    if not ours:
        raise Unusable(f"{safe(target)} is there and is no page that this command wrote; name another file with --out")


def _write(target: Path, page: str) -> None:
    """Put the page in place at once: a page that is being read is never half written."""
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".unfinished-", suffix=".html", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        os.chmod(aside, 0o644)
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
