"""The commands that freeze workbooks as text and compare them: parse, one call, print.

What compares is imported only where it is wanted: git starts `diff --textconv` twice for every workbook that it shows.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlmodel.config import load_settings
from xlmodel.console import Unusable
from xlmodel.engine.client import Worker
from xlmodel.errors import XlmodelError
from xlmodel.projection.client import project, project_text
from xlmodel.report.escape import safe

if TYPE_CHECKING:
    from xlmodel.projection.changes import Changes
    from xlmodel.projection.projection import Projection

__all__ = ["diff", "freeze"]

_EXISTING = click.Path(path_type=Path)


@click.command(short_help="Write a workbook as text beside it, for git and as its baseline.")
@click.argument("books", nargs=-1, required=True, metavar="BOOK...", type=_EXISTING)
@click.option("--update", is_flag=True, help="Replace a baseline from which the workbook differs.")
@click.option("--check", is_flag=True, help="Write nothing; fail where a baseline is missing or does not fit.")
@click.option("--out", metavar="FILE", help="Write there; - is the terminal. For one workbook.")
def freeze(books: Sequence[Path], update: bool, check: bool, out: str | None) -> None:
    """Write a workbook as text: BOOK.cells.txt beside it, made for git and for `xlmodel verify`.

    Each line is a row of cells that belong together: what the sheet calls them, the formula, the values. The same
    workbook gives the same text, whichever program saved it. Where the text is there already, `verify` holds the
    workbook to it. One that differs is replaced with --update only.

    Exit codes: 0 written or up to date, 1 the workbook differs from its baseline, 2 unusable.
    """
    if out is not None and len(books) > 1:
        raise click.UsageError("--out is for one workbook")
    worst = 0
    with Worker(memory_bytes=load_settings().memory_limit * 2**20) as worker:
        for book in books:
            try:
                worst = max(worst, _freeze(book, worker, update, check, out))
            except (XlmodelError, OSError) as error:
                click.echo(_why(book, error), err=True)
                worst = 2
    sys.exit(worst)


def _freeze(book: Path, worker: Worker, update: bool, check: bool, out: str | None) -> int:
    """Freeze one workbook, and return the exit code."""
    from xlmodel.projection.baseline import baseline_path, held
    from xlmodel.projection.baseline import freeze as write

    now = _projection(book, worker)
    if out == "-":
        click.echo(now.text, nl=False)
        return 0
    target = baseline_path(book) if out is None else Path(out)
    before = held(book, now, target)
    if before is not None and not before.broken:
        click.echo(f"{safe(target)}: up to date")
        return 0
    if check or (before is not None and not update):
        if before is None:
            click.echo(f"{safe(target)}: missing")
        else:
            click.echo(f"{safe(target)}: {_told(before.problem, before.changes)}")
        if not check:
            click.echo(
                "Nothing was written. If all of that is meant, `xlmodel freeze --update` writes the new baseline."
            )
        return 1
    write(now, target)
    what = "" if before is None else f": {_told(before.problem, before.changes)}"
    click.echo(f"{safe(target)} {'written' if before is None else 'replaced'}{what}")
    return 0


@click.command(short_help="Say what differs between two workbooks.")
@click.argument("old", type=_EXISTING, metavar="A")
@click.argument("new", type=_EXISTING, metavar="B", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--textconv", is_flag=True, help="Print A as text and compare nothing; for git.")
def diff(old: Path, new: Path | None, form: str, textconv: bool) -> None:
    """Say what differs between two workbooks: what was changed first, then what followed from it.

    A and B are workbooks, or texts that `xlmodel freeze` wrote. Inserted rows and columns are told once; a value that
    shows the same has not changed.

    Exit codes: 0 no difference, 1 they differ, 2 unusable.
    """
    with Worker(memory_bytes=load_settings().memory_limit * 2**20) as worker:
        if textconv:
            click.echo(_for_git(old, worker), nl=False)
            return
        from xlmodel.projection.comparison import compare
        from xlmodel.report.changes_text import changes_json, changes_summary, changes_text

        if new is None:
            raise click.UsageError("two workbooks are needed: A and B")
        sides = []
        for path in (old, new):
            try:
                sides.append(_projection(path, worker))
            except (XlmodelError, OSError) as error:
                raise Unusable(_why(path, error)) from error
    changes = compare(*sides)
    if form == "json":
        click.echo(changes_json(old, new, changes))
    else:
        click.echo(f"{safe(old)} → {safe(new)}: {changes_summary(changes)}")
        if changes or changes.volatile:
            click.echo("\n" + changes_text(changes))
    sys.exit(1 if changes else 0)


def _for_git(path: Path, worker: Worker) -> str:
    """Return a workbook as text; a line that says why not, where it cannot be read: git must go on."""
    try:
        return project_text(path, worker=worker).rpartition("\nend ")[0] + "\n"
    except (XlmodelError, OSError) as error:
        return f"xlmodel cannot read this workbook: {safe(error)}\n"


def _projection(path: Path, worker: Worker) -> Projection:
    from xlmodel.projection.projection import ProjectionError
    from xlmodel.projection.reading import is_projection, parse

    if is_projection(path):
        try:
            return parse(path.read_bytes().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ProjectionError("no text of a workbook") from error
    return project(path, worker=worker, timeout=load_settings().time_limit)


def _told(problem: str, changes: Changes | None) -> str:
    from xlmodel.report.changes_text import changes_summary, changes_text

    if changes is None:
        return f"cannot be used: {safe(problem)}"
    return f"{changes_summary(changes)}\n\n{changes_text(changes)}\n"


def _why(path: Path, error: Exception) -> str:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{safe(path)}: {safe(why.removeprefix(path.name).lstrip(' ,:'))}"
