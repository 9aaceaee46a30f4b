"""Baselines: the text of a workbook beside it, to which it is held."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xlmodel.projection.changes import Changes
from xlmodel.projection.comparison import compare
from xlmodel.projection.projection import SUFFIX, Projection, ProjectionError
from xlmodel.projection.reading import parse

__all__ = ["BaselineResult", "baseline_path", "freeze", "held"]


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """A workbook held to its baseline.

    Attributes
    ----------
    path : Path
        The baseline.
    changes : Changes or None
        What differs from it; None where it cannot be used.
    problem : str
        Why it cannot be used; "" where it can.
    """

    path: Path
    changes: Changes | None
    problem: str = ""

    @property
    def stale(self) -> bool:
        """Whether the baseline itself cannot be used: another version, damaged, joined by a merge."""
        return self.changes is None

    @property
    def broken(self) -> bool:
        """Whether the workbook is not what its baseline says, or the baseline says nothing."""
        return self.changes is None or bool(self.changes)


def baseline_path(book: Path) -> Path:
    """Return where the baseline of a workbook stands.

    >>> baseline_path(Path("model.xlsx")).name
    'model.xlsx.cells.txt'
    """
    return book.with_name(book.name + SUFFIX)


def held(book: Path, now: Projection, path: Path | None = None) -> BaselineResult | None:
    """Hold a workbook to its baseline; None where it has none.

    Parameters
    ----------
    book : Path
        The workbook.
    now : Projection
        The workbook as it is.
    path : Path, optional
        The baseline; the one beside the workbook unless given.
    """
    where = path or baseline_path(book)
    try:
        text = where.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else "no text of a workbook"
        return BaselineResult(where, None, why)
    try:
        return BaselineResult(where, compare(parse(text), now))
    except ProjectionError as problem:
        return BaselineResult(where, None, str(problem))


def freeze(now: Projection, path: Path) -> None:
    """Write a baseline at once: it is the old one or the new one, whatever happens in between."""
    handle, aside = tempfile.mkstemp(prefix=".unfinished-", suffix=SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(now.text)
        os.chmod(aside, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
