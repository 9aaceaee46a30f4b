"""The commands that make workbooks: parse, one call, print."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xlmodel.config import load_registry, load_settings
from xlmodel.console import Unusable, progress
from xlmodel.errors import InputError
from xlmodel.report.escape import safe
from xlmodel.report.figures import count
from xlmodel.report.input_problems import problems_text
from xlmodel.stopping import StoppableMeans
from xlmodel.verify.record import EDITIONS

__all__ = ["build", "new"]

_SHOWN = 10


@click.command(short_help="Build a project's workbook from its tables.")
@click.argument("project", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="PROJECT")
@click.option(
    "--functions",
    "edition",
    type=click.Choice(list(EDITIONS)),
    default="lambda",
    show_default=True,
    help="How cells get their functions: carried in the workbook, from an add-in, or values alone.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The workbook.  [default: in PROJECT, with its name]",
)
def build(project: Path, edition: str, out: Path | None) -> None:
    """Build a project's workbook from its tables; the same tables give the same bytes.

    PROJECT is a folder with the tables of a demand model in `model`, those of the workbook in `book`, and the figures
    that a report prints in claims.csv; `xlmodel new` makes one. The workbook of an earlier build is replaced. Exit
    code 1: a check of the workbook fails, and its figures must not be used.
    """
    from xlmodel.building.delivering import deliver

    settings = load_settings()
    means = StoppableMeans(load_registry(settings), settings.time_limit, settings.memory_limit, witness=None)
    try:
        with progress("Building", 1, True) as advance, means.stoppable():
            made = deliver(project, means, edition=edition, out=out, advance=advance)
    except InputError as error:
        raise Unusable(problems_text(error.problems)) from error
    click.echo(
        f"{safe(made.published.path)}: {made.sheets} sheets, {count(made.published.formulas, 'formula')}; "
        f"{made.checks - len(made.failed)} of {made.checks} checks pass"
    )
    for failed in made.failed[:_SHOWN]:
        click.echo(f"  FAIL  {safe(failed)}")
    if len(made.failed) > _SHOWN:
        click.echo(f"  and {len(made.failed) - _SHOWN} more: see its sheet Checks")
    sys.exit(1 if made.failed else 0)


@click.command(short_help="Start a project that works at once, on sample figures.")
@click.argument("project", type=click.Path(path_type=Path), metavar="PROJECT")
def new(project: Path) -> None:
    """Start a project that works at once, on sample figures of a council that does not exist.

    PROJECT is a new folder; one with files in it is refused. Its README.md says what to fill in, and which two commands
    build and verify the workbook.
    """
    from xlmodel.building.starting import start_project

    made = start_project(project)
    click.echo(
        f"{len(made)} files in {safe(project)}, all of them sample figures. Then:\n\n"
        f"    cd {safe(project)}\n    xlmodel build .\n    xlmodel verify {safe(project.resolve().name)}.xlsx"
    )
