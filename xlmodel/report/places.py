"""Where in a repository a reader finds a cell: the line of the workbook's text, where that stands beside it."""

from __future__ import annotations

from pathlib import Path

from xlmodel.projection.projection import SUFFIX, Projection, ProjectionError
from xlmodel.projection.reading import parse
from xlmodel.report.matter import Matter

__all__ = ["place_in_file", "projection_beside", "text_beside"]


def text_beside(path: Path) -> Path:
    """Return where the text of a workbook stands, if it does.

    >>> text_beside(Path("plans/budget.xlsx")).name
    'budget.xlsx.cells.txt'
    """
    return path.with_name(path.name + SUFFIX)


def projection_beside(path: Path) -> Projection | None:
    """Return the text of a workbook; None where there is none that can be read."""
    try:
        return parse(text_beside(path).read_text("utf-8"))
    except (OSError, ValueError, ProjectionError):
        return None


def place_in_file(path: Path, matter: Matter, projection: Projection | None) -> tuple[str, int | None]:
    """Return the file to point at, with forward slashes, and the line in it; no line in a workbook itself."""
    if projection is not None and matter.cells:
        line = projection.line_of(matter.sheet, matter.cells[0].top, matter.cells[0].left)
        if line is not None:
            return text_beside(path).as_posix(), line
    return path.as_posix(), None
