"""The command `reconcile`: a file of claims, judged."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xlmodel.config import load_registry, load_settings
from xlmodel.console import Unusable
from xlmodel.errors import InputError
from xlmodel.reconcile import judge, read_claims
from xlmodel.report.claims_text import claims_csv, claims_json, claims_text
from xlmodel.report.escape import safe

__all__ = ["reconcile"]

_WRITERS = {"json": claims_json, "csv": claims_csv}


@click.command(short_help="Compare a document's printed figures with what its own figures give.")
@click.argument("claims", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CLAIMS")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Print every row in full; JSON and CSV have them all anyway.")
def reconcile(claims: Path, form: str, everything: bool) -> None:
    """Compare the figures that a document prints with what its own figures give.

    CLAIMS is a CSV file with a row for each figure; docs/claims.md describes it. Each recomputed figure gets a verdict.
    Only DOES NOT TIE says that a figure cannot be right. Exit code 1: something does not tie.
    """
    registry = load_registry(load_settings())
    try:
        found = judge(read_claims(claims, registry))
    except InputError as error:
        raise Unusable("\n".join(safe(problem) for problem in error.problems)) from error
    writer = _WRITERS.get(form)
    click.echo(writer(found) if writer else claims_text(found, everything=everything))
    sys.exit(1 if found.accused else 0)
