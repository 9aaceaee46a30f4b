"""The command line: parse, one call, print."""

from __future__ import annotations

import glob
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from xlmodel import __version__
from xlmodel.config import Settings, load_settings
from xlmodel.errors import XlmodelError
from xlmodel.registry import Registry
from xlmodel.report.escape import safe
from xlmodel.report.functions import function_list, function_page, function_table
from xlmodel.report.json_report import report_json
from xlmodel.report.text import outcome_text, summary_line
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Means, check_all, exit_code, values_all

__all__ = ["main"]

BOOKS = click.argument("books", nargs=-1, required=True, metavar="BOOK...")
TIME_LIMIT = click.option("--time-limit", type=click.FloatRange(0, min_open=True), help="Seconds a workbook may take.")
JOBS = click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Workbooks at a time.")


class _Group(click.Group):
    """Turns our own errors into a message and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XlmodelError as error:
            raise _Unusable(safe(error)) from error


class _Unusable(click.ClickException):
    exit_code = 2


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xlmodel")
def main() -> None:
    """Recalculate and verify workbooks without Excel.

    Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 verification incomplete.
    """


@main.command()
@BOOKS
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    help="Relative difference of numbers that passes; 0: 15 significant digits.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--report", type=click.Path(path_type=Path, file_okay=False), help="Write report.txt and report.json there."
)
@TIME_LIMIT
@JOBS
def verify(
    books: Sequence[str], tolerance: float | None, form: str, report: Path | None, time_limit: float | None, jobs: int
) -> None:
    """Recalculate saved workbooks and say, cell by cell, what is proved.

    Each formula cell is verified, differs, is disputed, or is not verified for a reason that is printed. Differences
    are shown at their root. A workbook with a Reconciliation table gets its stated figures judged too.
    """
    settings, means = _means(time_limit)
    limit = settings.tolerance if tolerance is None else tolerance
    paths = _paths(books)
    with _progress("Verifying", len(paths), form == "text") as advance:
        outcomes = check_all(paths, means, limit, jobs=jobs, advance=advance)
    text = "\n\n".join([*(outcome_text(o) for o in outcomes), summary_line(outcomes)])
    as_json = report_json(outcomes)
    click.echo(as_json if form == "json" else text)
    if report is not None:
        report.mkdir(parents=True, exist_ok=True)
        (report / "report.txt").write_text(text + "\n", "utf-8")
        (report / "report.json").write_text(as_json + "\n", "utf-8")
        click.echo(f"Report: {report / 'report.txt'} and report.json", err=form == "json")
    sys.exit(exit_code(outcomes))


@main.command()
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write there and leave BOOK as it is.")
@TIME_LIMIT
def recalc(book: Path, out: Path | None, time_limit: float | None) -> None:
    """Write the calculated value of every formula cell into a workbook; nothing else in it changes."""
    _, means = _means(time_limit)
    result = recalculate(book, means, out=out)
    target = out or book
    if result.changed:
        click.echo(f"{safe(target)}: {result.total:,} formula cells, saved values written: {len(result.changed):,}")
    else:
        click.echo(f"{safe(target)}: {result.total:,} formula cells, all saved values are right; nothing was written")
    for line in result.left_alone():
        click.echo(f"  left alone: {safe(line)}")
    sys.exit(3 if result.unverified else 0)


@main.command()
@BOOKS
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the JSON files."
)
@TIME_LIMIT
@JOBS
def values(books: Sequence[str], out: Path, time_limit: float | None, jobs: int) -> None:
    """Write the calculated values of formula cells as JSON, one file a workbook.

    A workbook that cannot be calculated gets a file that says why, and does not stop the others.
    """
    _, means = _means(time_limit)
    paths = _paths(books)
    with _progress("Calculating", len(paths), True) as advance:
        failed = values_all(paths, means, out, jobs=jobs, advance=advance)
    for path, why in failed:
        click.echo(f"{safe(path)}: {safe(why)}", err=True)
    click.echo(f"workbooks calculated: {len(paths) - len(failed):,} of {len(paths):,}; values in {safe(out)}")
    sys.exit(2 if failed else 0)


@main.command()
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def functions(name: str | None, form: str) -> None:
    """List the functions that cells can call, or explain one."""
    registry = _registry(load_settings())
    if name is None:
        click.echo(function_table(registry) if form == "markdown" else function_list(registry))
        return
    function = registry.resolve(name)
    if function is None:
        raise _Unusable(f"unknown function: {safe(name)}; `xlmodel functions` lists them all")
    click.echo(function_page(function))


def _registry(settings: Settings) -> Registry:
    for folder in settings.path:
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return Registry.collect(settings.functions)


def _means(time_limit: float | None) -> tuple[Settings, Means]:
    settings = load_settings()
    return settings, Means(_registry(settings), time_limit or settings.time_limit, settings.memory_limit)


def _paths(books: Sequence[str]) -> list[Path]:
    """Return the workbooks meant; Windows' shell leaves patterns to the program."""
    paths: list[Path] = []
    for book in books:
        found = [book] if Path(book).exists() else sorted(glob.glob(book))
        if not found:
            raise click.BadParameter(f"no such file: {safe(book)}", param_hint="BOOK")
        paths += [Path(f) for f in found if not Path(f).name.startswith("~$")]
    return paths


@contextmanager
def _progress(label: str, books: int, wanted: bool) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal, on standard error, once the work has taken a second; nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda share: None
        return
    steps, start, done = 1000, time.monotonic(), 0.0
    with click.progressbar(length=books * steps, label=label, file=sys.stderr, hidden=True) as bar:

        def advance(share: float) -> None:
            nonlocal done
            done += share * steps
            bar.hidden = time.monotonic() - start < 1
            bar.update(int(done) - bar.pos)

        yield advance
