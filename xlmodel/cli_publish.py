"""The command that publishes a workbook: parse, one call, print."""

from __future__ import annotations

from pathlib import Path

import click

from xlmodel.config import LARGEST, load_registry, load_settings
from xlmodel.console import progress
from xlmodel.publish import Published, Suppression
from xlmodel.publish import publish as publish_book
from xlmodel.report.escape import safe
from xlmodel.report.lines import SHOWN
from xlmodel.stopping import StoppableMeans
from xlmodel.verify.record import EDITIONS

__all__ = ["publish"]


@click.command(short_help="Write a workbook in another edition: for Excel alone, for an add-in, or as values.")
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--functions",
    "edition",
    type=click.Choice(list(EDITIONS)),
    default="lambda",
    show_default=True,
    help="What calculates the functions: Excel itself, an add-in for Windows, an Office add-in, or nothing any more.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.  [default: BOOK's name-edition]"
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--suppress-below",
    type=click.FloatRange(0, LARGEST, min_open=True, max_open=True),
    metavar="N",
    help="In a values edition show [c] for numbers between 0 and N, in the ranges named with --suppress.",
)
@click.option("--suppress", multiple=True, metavar="RANGE", help="A range with counts, such as Stock!B5:F9, or a name.")
@click.option("--hide", multiple=True, metavar="RANGE", help="A range in which every number is shown as [c].")
@click.option(
    "--time-limit",
    type=click.FloatRange(0, LARGEST, min_open=True, max_open=True),
    metavar="SECONDS",
    help="Seconds a calculation may take; 120 unless set in xlmodel.toml.",
)
def publish(
    book: Path,
    edition: str,
    out: Path | None,
    overwrite: bool,
    suppress_below: float | None,
    suppress: tuple[str, ...],
    hide: tuple[str, ...],
    time_limit: float | None,
) -> None:
    """Write a workbook in another edition; what the edition does not need changed stays as it is.

    lambda calculates in Excel 2024 and 365 with nothing installed; com and officejs calculate with the functions
    installed as an add-in; values holds values, with the formulas on a sheet of their own. The new file is calculated
    before it is written, and is not written unless every cell gives its saved value.
    """
    settings = load_settings()
    means = StoppableMeans(load_registry(settings), time_limit or settings.time_limit, settings.memory_limit)
    suppression = Suppression(suppress_below or 0.0, suppress, hide) if suppress_below or suppress or hide else None
    with progress("Calculating", 1, True) as advance, means.stoppable():
        made = publish_book(book, out, edition, means, suppression=suppression, overwrite=overwrite, advance=advance)
    _tell(made, suppression is not None)


def _tell(made: Published, hiding: bool) -> None:
    record = made.record
    formulas = f"{made.formulas:,} formula cells, each gives its saved value" if made.formulas else "no formulas"
    click.echo(f"{safe(made.path)}: edition {record.edition}, {formulas}; functions: {len(record.functions)}")
    if made.saved_as_values:
        functions = ", ".join(record.without_native)
        click.echo(
            f"  kept as values, for Excel alone cannot calculate them: {len(made.saved_as_values):,} ({functions})"
        )
    if made.hidden:
        click.echo(f"  shown as [c]: {len(made.hidden):,} numbers")
    elif hiding:
        click.echo("  shown as [c]: none, for no number of these ranges is that small")
    for warning in made.warnings[:SHOWN]:
        click.echo(f"  ! look at this: {safe(warning)}")
    if len(made.warnings) > SHOWN:
        click.echo(f"  … and {len(made.warnings) - SHOWN:,} more to look at")
    if record.values:
        click.echo(f"  hash of the values: {record.values}")
