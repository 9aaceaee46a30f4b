"""What the commands share on a terminal: an error's exit code, a folder tried before long work, a progress bar."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from xlmodel.report.escape import safe

__all__ = ["Unusable", "progress", "writable_folder"]


class Unusable(click.ClickException):
    """Input that cannot be used: a message and exit code 2."""

    exit_code = 2


def writable_folder(folder: Path) -> None:
    """Make a folder that will be written to, before the long work rather than after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unusable(f"{safe(folder)} cannot be written to: {safe(error.strerror or error)}") from error


@contextmanager
def progress(label: str, works: int, wanted: bool) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal, on standard error, once the work has taken a second; nothing elsewhere."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda share: None
        return
    steps, start, done = 1000, time.monotonic(), 0.0
    with click.progressbar(length=works * steps, label=label, file=sys.stderr, hidden=True) as bar:

        def advance(share: float) -> None:
            nonlocal done
            done += share * steps
            bar.hidden = time.monotonic() - start < 1
            bar.update(int(done) - bar.pos)

        yield advance
