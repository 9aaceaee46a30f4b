"""The command line: the commands by name, and what all of them have in common."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from xlmodel import __version__
from xlmodel.console import Unusable
from xlmodel.errors import XlmodelError
from xlmodel.report.escape import SUBSTITUTES, safe

__all__ = ["COMMANDS", "main"]

#: Each command's module; it is imported when the command is called, so that none waits for what another needs.
COMMANDS = {
    "build": "cli_book",
    "diff": "cli_baseline",
    "explain": "cli_explain",
    "freeze": "cli_baseline",
    "functions": "cli_functions",
    "lint": "cli_lint",
    "model": "cli_model",
    "new": "cli_book",
    "publish": "cli_publish",
    "recalc": "cli_recalc",
    "reconcile": "cli_reconcile",
    "relations": "cli_relations",
    "report": "cli_report",
    "values": "cli_recalc",
    "verify": "cli_verify",
    "watch": "cli_watch",
}
INTERRUPTED = 130


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(importlib.import_module(f"xlmodel.{COMMANDS[name]}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


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


@click.group(
    cls=_Group,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="xlmodel")
def main() -> None:
    """Recalculate and verify workbooks without Excel.

    Exit codes: 0 clean, 1 findings, 2 unusable input or usage, 3 verification incomplete.
    """
