"""The command line: parse, one call, print."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from xlmodel import __version__, cli_report
from xlmodel.cli_book import build, new
from xlmodel.cli_model import model
from xlmodel.cli_publish import publish
from xlmodel.cli_reconcile import reconcile
from xlmodel.config import LARGEST, Settings, load_registry, load_settings
from xlmodel.console import Unusable, progress, writable_folder
from xlmodel.engine import engines
from xlmodel.errors import XlmodelError
from xlmodel.report.escape import SUBSTITUTES, safe
from xlmodel.report.functions import function_list, function_page, function_table
from xlmodel.report.json_report import report_json
from xlmodel.report.text import SHOWN, outcome_text, reason_text, summary_line
from xlmodel.stopping import StoppableMeans
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import check_all, exit_code, values_all

__all__ = ["main"]


class _Finite(click.FloatRange):
    """A number in a range; infinity and nan compare with nothing, and would pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = float(super().convert(value, param, ctx))
        if not number < LARGEST:
            self.fail(f"{value} must be < 1e9.", param, ctx)
        return number


BOOKS = click.argument("books", nargs=-1, required=True, metavar="BOOK...")
TIME_LIMIT = click.option(
    "--time-limit",
    type=_Finite(0, min_open=True),
    metavar="SECONDS",
    help="Seconds a workbook may take; 120 unless set in xlmodel.toml.",
)
ENGINE = click.option(
    "--engine",
    type=click.Choice(list(engines())),
    default="native",
    show_default=True,
    help="What calculates: the engine of this package, or the open library `formulas`.",
)
JOBS = click.option("--jobs", type=click.IntRange(1), metavar="N", default=1, help="Workbooks at a time.  [default: 1]")
INTERRUPTED = 130


class _Group(click.Group):
    """Turns our own errors, and those of files and folders, into a message and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # what an old Windows console cannot show must not end the command
                stream.reconfigure(errors=SUBSTITUTES)
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XlmodelError as error:
            raise Unusable(safe(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped; files are as they were.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if isinstance(error, BrokenPipeError) or error.filename is None:
                raise
            raise Unusable(f"{safe(error.filename)}: {safe(error.strerror)}") from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xlmodel")
def main() -> None:
    """Recalculate and verify workbooks without Excel.

    Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 verification incomplete.
    """


for command in (new, build, publish, cli_report.report, reconcile, model):
    main.add_command(command)


@main.command(short_help="Say cell by cell what is proved of saved workbooks.")
@BOOKS
@click.option(
    "--tolerance",
    type=_Finite(0),
    metavar="NUMBER",
    help="Relative difference of numbers that passes; 1e-9 unless set in xlmodel.toml. 0: 15 significant digits.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write report.txt and report.json there.",
)
@click.option(
    "--witness/--no-witness",
    default=True,
    show_default=True,
    help="Have the other engine judge again what differs, in the time that is left; it is slow.",
)
@ENGINE
@TIME_LIMIT
@JOBS
def verify(
    books: Sequence[str],
    tolerance: float | None,
    form: str,
    report: Path | None,
    witness: bool,
    engine: str,
    time_limit: float | None,
    jobs: int,
) -> None:
    """Recalculate saved workbooks and say, cell by cell, what is proved.

    Each formula cell is verified, differs, is disputed, or is not verified for a reason that is printed. Differences
    are shown at their root, and are confirmed where the other engine finds them too; where the engines contradict each
    other, a cell is disputed. A workbook with a Reconciliation table gets its stated figures judged too.
    """
    settings, means = _means(time_limit, engine, witness)
    limit = settings.tolerance if tolerance is None else tolerance
    paths = _paths(books)
    if report is not None:
        writable_folder(report)
    with progress("Verifying", len(paths), form == "text") as advance, means.stoppable():
        outcomes = check_all(paths, means, limit, jobs=jobs, advance=advance)
    text = "\n\n".join([*(outcome_text(o) for o in outcomes), summary_line(outcomes)])
    as_json = report_json(outcomes)
    click.echo(as_json if form == "json" else text)
    if report is not None:
        (report / "report.txt").write_text(text + "\n", "utf-8")
        (report / "report.json").write_text(as_json + "\n", "utf-8")
        click.echo(f"Report: {safe(report / 'report.txt')} and report.json", err=form == "json")
    sys.exit(exit_code(outcomes))


@main.command(short_help="Write calculated values into a workbook.")
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write there and leave BOOK as it is.")
@ENGINE
@TIME_LIMIT
def recalc(book: Path, out: Path | None, engine: str, time_limit: float | None) -> None:
    """Write the calculated value of every formula cell into a workbook; nothing else in it changes."""
    _, means = _means(time_limit, engine)
    with progress("Calculating", 1, True) as advance:
        result = recalculate(book, means, out=out, advance=advance)
    target = out or book
    if result.changed:
        click.echo(f"{safe(target)}: {result.total:,} formula cells, saved values written: {len(result.changed):,}")
    else:
        click.echo(f"{safe(target)}: {result.total:,} formula cells, all saved values are right; nothing was written")
    groups = list(result.left_alone())
    for reason, count in groups[:SHOWN]:
        click.echo(f"  left alone: {count:,} cell{'s' * (count != 1)}: {reason_text(reason)}")
    if len(groups) > SHOWN:
        click.echo(f"  … and {len(groups) - SHOWN:,} more reasons")
    if result.resized:
        count = len(result.resized)
        click.echo(f"  left to Excel: the range of {count:,} array{'s' * (count != 1)} that grew or shrank")
    sys.exit(3 if result.unverified or result.resized else 0)


@main.command(short_help="Write calculated values as JSON files.")
@BOOKS
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="Folder for the JSON files.",
)
@ENGINE
@TIME_LIMIT
@JOBS
def values(books: Sequence[str], out: Path, engine: str, time_limit: float | None, jobs: int) -> None:
    """Write the calculated values of formula cells, and of the cells that arrays fill, as JSON: one file a workbook.

    A workbook that cannot be calculated gets a file that says why, and does not stop the others.
    """
    _, means = _means(time_limit, engine)
    paths = _paths(books)
    _one_file_each(paths)
    writable_folder(out)
    with progress("Calculating", len(paths), True) as advance, means.stoppable():
        failed = values_all(paths, means, out, jobs=jobs, advance=advance)
    for path, why in failed:
        click.echo(f"{safe(path)}: {safe(why.removeprefix(path.name).lstrip(' ,:'))}", err=True)
    click.echo(f"workbooks calculated: {len(paths) - len(failed):,} of {len(paths):,}; values in {safe(out)}")
    sys.exit(2 if failed else 0)


@main.command(short_help="List the functions cells can call, or explain one.")
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def functions(name: str | None, form: str) -> None:
    """List the functions that cells can call, or explain one."""
    registry = load_registry(load_settings())
    if name is None:
        click.echo(function_table(registry) if form == "markdown" else function_list(registry))
        return
    function = registry.resolve(name)
    if function is None:
        raise Unusable(f"unknown function: {safe(name)}; `xlmodel functions` lists them all")
    click.echo(function_page(function))


def _means(time_limit: float | None, engine: str, witness: bool = False) -> tuple[Settings, StoppableMeans]:
    settings = load_settings()
    other = next((name for name in engines() if name != engine), None)
    means = StoppableMeans(
        load_registry(settings),
        time_limit or settings.time_limit,
        settings.memory_limit,
        engine,
        other if witness else None,
    )
    return settings, means


def _paths(books: Sequence[str]) -> list[Path]:
    """Return the workbooks meant; Windows' shell leaves patterns to the program."""
    paths: list[Path] = []
    for book in books:
        # unlike Path.exists, False for a name that is too long to exist
        found = [book] if os.path.exists(book) else sorted(glob.glob(book))
        if not found:
            raise click.BadParameter(f"no such file: {safe(book)}", param_hint="BOOK")
        paths += [Path(f) for f in found if not Path(f).name.startswith("~$")]
    if not paths:
        raise click.BadParameter(
            f"{safe(books[0])} is no workbook: Excel keeps a file ~$... beside one that is open", param_hint="BOOK"
        )
    return list(dict.fromkeys(paths))


def _one_file_each(paths: Sequence[Path]) -> None:
    """Refuse workbooks of one name: the values of the second would replace those of the first."""
    seen: dict[str, Path] = {}
    for path in paths:
        other = seen.setdefault(path.name.casefold(), path)
        if other is not path:
            raise click.BadParameter(
                f"{safe(other)} and {safe(path)} have one name, and would have one file; give each a folder of its own",
                param_hint="BOOK",
            )
