"""`xlmodel functions`: what cells can call."""

from __future__ import annotations

import click

from xlmodel.config import load_registry, load_settings
from xlmodel.console import Unusable
from xlmodel.report.escape import safe
from xlmodel.report.functions import function_list, function_page, function_table

__all__ = ["functions"]


@click.command(short_help="List the functions cells can call, or explain one.")
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
