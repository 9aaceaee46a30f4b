"""The faults of input files, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from xlmodel.inputs.problems import Problem
from xlmodel.report.escape import safe
from xlmodel.report.figures import count

__all__ = ["MOST_SHOWN", "problems_text"]

MOST_SHOWN = 50
_WIDTH = 100


def problems_text(problems: Sequence[Problem], most: int = MOST_SHOWN) -> str:
    """Return the faults under the file each is in, at most so many, and how many more there are."""
    return "\n".join(_lines(problems, most))


def _lines(problems: Sequence[Problem], most: int) -> Iterator[str]:
    files = len({p.file for p in problems})
    yield f"{count(len(problems), 'fault')} in {count(files, 'file')}:"
    for file, group in groupby(problems[:most], key=lambda p: p.file):
        yield safe(file)
        for problem in group:
            text = safe(str(problem).removeprefix(problem.file).lstrip(" ,:"))
            yield from wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    if len(problems) > most:
        yield f"… and {count(len(problems) - most, 'more fault')}"
