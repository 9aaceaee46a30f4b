"""The command `explain`: how a number comes about."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xlmodel.cli_options import TIME_LIMIT, means

__all__ = ["explain"]

#: With --all: as good as everything, and still an end.
_EVERY_DEPTH, _EVERY_STEP = 1_000, 20_000


@click.command(short_help="Walk from a number in a workbook to the inputs it is made of.")
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("cell")
@click.option(
    "--depth",
    type=click.IntRange(1, 100),
    metavar="N",
    default=3,
    show_default=True,
    help="Formulas to follow one after the other.",
)
@click.option("--all", "everything", is_flag=True, help="Follow every formula to its inputs, however many there are.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@TIME_LIMIT
def explain(book: Path, cell: str, depth: int, everything: bool, form: str, time_limit: float | None) -> None:
    """Walk from a number in BOOK to the inputs it is made of.

    CELL is given as Sheet!C5 (in quotes where the sheet's name has spaces: "'Unit costs'!C5"), or as a defined name.
    Each step shows what the sheet calls the cell, its value and unit, and its formula, once as it stands and once with
    labels for cells. What was typed in is marked so. Where a formula looks a cell up, the one that it took is shown. A
    saved value that is not what the formula gives is marked with "!".

    Exit codes: 0, or 1 where a saved value on the way differs from the calculated one.
    """
    from xlmodel.report.explain_text import explain_json, explain_text
    from xlmodel.verify.explain import differs_somewhere
    from xlmodel.verify.explain import explain as walked

    _, with_what = means(time_limit, "native")
    deep, most = (_EVERY_DEPTH, _EVERY_STEP) if everything else (depth, 60)
    with with_what.worker() as worker:
        step = walked(
            book,
            cell,
            worker=worker,
            registry=with_what.registry,
            depth=deep,
            most=most,
            timeout=with_what.time_limit,
        )
    click.echo(explain_json(step) if form == "json" else explain_text(step))
    sys.exit(1 if differs_somewhere(step) else 0)
