"""`xlmodel recalc` and `xlmodel values`: calculated values, written into a workbook or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from xlmodel.cli_options import BOOKS, ENGINE, JOBS, TIME_LIMIT, cores, means
from xlmodel.console import progress, writable_folder
from xlmodel.report.escape import safe
from xlmodel.report.text import SHOWN, reason_text
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.values_files import values_all
from xlmodel.workbook_files import named_workbooks

__all__ = ["recalc", "values"]


@click.command(short_help="Write calculated values into a workbook.")
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write there and leave BOOK as it is.")
@ENGINE
@TIME_LIMIT
def recalc(book: Path, out: Path | None, engine: str, time_limit: float | None) -> None:
    """Write the calculated value of every formula cell into a workbook; nothing else in it changes."""
    _, with_these = means(time_limit, engine)
    with progress("Calculating", 1, True) as advance:
        result = recalculate(book, with_these, out=out, advance=advance)
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


@click.command(short_help="Write calculated values as JSON files.")
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
def values(books: Sequence[str], out: Path, engine: str, time_limit: float | None, jobs: int | None) -> None:
    """Write the calculated values of formula cells, and of the cells that arrays fill, as JSON: one file a workbook.

    A workbook that cannot be calculated gets a file that says why, and does not stop the others.
    """
    _, with_these = means(time_limit, engine)
    named = named_workbooks(books)
    _one_file_each(named.paths)
    writable_folder(out)
    with progress("Calculating", len(named.paths), True) as advance, with_these.stoppable():
        failed = values_all(named.paths, with_these, out, jobs=jobs or cores(), advance=advance)
    for path, why in [*named.refused.items(), *failed]:
        click.echo(f"{safe(path)}: {safe(why.removeprefix(path.name).lstrip(' ,:'))}", err=True)
    done = len(named.paths) - len(failed)
    click.echo(f"workbooks calculated: {done:,} of {len(named.paths) + len(named.refused):,}; values in {safe(out)}")
    sys.exit(2 if failed or named.refused else 0)


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
