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

#: Each command's module, by what the command is for; it is imported when the command is called, so that none waits for
#: what another needs.
GROUPS = {
    "Check workbooks": {
        "verify": "cli_verify",
        "lint": "cli_lint",
        "explain": "cli_explain",
        "relations": "cli_relations",
        "reconcile": "cli_reconcile",
        "watch": "cli_watch",
    },
    "See what changed": {"freeze": "cli_baseline", "diff": "cli_baseline"},
    "Make workbooks and what is drawn from them": {
        "new": "cli_book",
        "build": "cli_book",
        "recalc": "cli_recalc",
        "publish": "cli_publish",
        "report": "cli_report",
        "values": "cli_recalc",
    },
    "Bring data in and take results out": {"sync": "cli_sync"},
    "Calculate": {"functions": "cli_functions", "model": "cli_model"},
}
COMMANDS = {name: module for group in GROUPS.values() for name, module in group.items()}
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, those of each group under its heading."""
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(n, self.commands[n].get_short_help_str(limit=formatter.width)) for n in names])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XlmodelError as error:
            raise Unusable(safe(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped; files are as they were.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            where = "the output" if error.filename is None else error.filename
            raise Unusable(f"{safe(where)}: {safe(error.strerror or error)}") from error


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
