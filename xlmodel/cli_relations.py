"""The command `relations`: which figures of a workbook follow from others, and whether they do."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import click

from xlmodel.config import load_settings, settings_table
from xlmodel.console import Unusable
from xlmodel.engine.client import Worker
from xlmodel.layout.listing import Listed
from xlmodel.layout.pins import Pin, as_toml
from xlmodel.layout.relation import State
from xlmodel.layout.service import relations_of
from xlmodel.report.escape import as_json, safe
from xlmodel.report.relations_text import relations_json, relations_text

__all__ = ["relations"]


@click.command(short_help="List the totals, percentages, rates and balances in a workbook, and whether they tie.")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "toml", "json"]), default="text", show_default=True)
@click.option("--sheet", metavar="NAME", help="The relations of one sheet alone.")
@click.option(
    "--pin", "write", is_flag=True, help="Add those that tie to the settings file, so that they are always checked."
)
def relations(book: Path, form: str, sheet: str | None, write: bool) -> None:
    """List which figures of BOOK follow from others, as its layout and its figures say, and whether they do.

    Exit codes: 0 all tie, 1 some do not, or a pinned one is not found, 2 BOOK or the settings cannot be used.
    """
    settings = load_settings()
    with Worker(memory_bytes=settings.memory_limit * 1_000_000) as worker:
        found = relations_of(book, worker=worker, pins=settings.lint.pins, timeout=settings.time_limit)
    if sheet is not None:
        found = tuple(item for item in found if _sheet(item).casefold() == sheet.casefold())
    new = [item.pin for item in found if item.pin and not item.pinned and not item.declined and _ties(item)]
    if write:
        _add(new, settings_table()[0])
    elif form == "toml":
        click.echo(as_toml(new))
    elif form == "json":
        click.echo(as_json({"schema": 1, "workbook": str(book), "relations": relations_json(found)}))
    else:
        click.echo(relations_text(found), nl=False)
    if not all(item.declined or _ties(item) for item in found):
        raise SystemExit(1)


def _sheet(item: Listed) -> str:
    return item.relation.sheet if item.relation is not None else item.pin.sheet if item.pin is not None else ""


def _ties(item: Listed) -> bool:
    return item.relation is not None and item.relation.state is not State.DOES_NOT_TIE


def _add(pins: list[Pin], file: Path | None) -> None:
    """Write pins behind what a settings file holds: the file is either as it was, or whole with them."""
    if file is None or file.name != "xlmodel.toml":
        raise Unusable("--pin writes to xlmodel.toml, and there is none here or above; make one, or use --format toml")
    if not pins:
        click.echo("There is nothing to pin.")
        return
    before = file.read_bytes()
    content = before + (b"" if before.endswith(b"\n") or not before else b"\n") + b"\n" + as_toml(pins).encode()
    try:
        tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{safe(file)}: the pins cannot be added to what it holds: {safe(error)}") from error
    aside = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        aside.write_bytes(content)
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
    click.echo(f"{len(pins)} relation{'s' * (len(pins) != 1)} pinned in {safe(file)}.")
