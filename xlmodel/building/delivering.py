"""From a project's folder to the workbook that people open: built, calculated, published."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from xlmodel.building.checks import failed_checks
from xlmodel.building.project import read_book_project
from xlmodel.building.workbook import build_workbook
from xlmodel.errors import EngineError
from xlmodel.publish import Published, default_path, publish
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Advance, Means

__all__ = ["Delivered", "deliver"]


@dataclass(frozen=True, eq=False)
class Delivered:
    """A workbook that was built from its tables."""

    published: Published
    sheets: int
    checks: int
    failed: tuple[str, ...]  #: the checks that fail, each with its sheet


def deliver(
    folder: Path, means: Means, *, edition: str = "lambda", out: Path | None = None, advance: Advance | None = None
) -> Delivered:
    """Build a project's workbook and publish it; the workbook of an earlier build is replaced.

    Parameters
    ----------
    folder : Path
        The project: its folders `model` and `book`, and `claims.csv` where there is one.
    means : Means
        The functions, the engine and the limits.
    edition : str
        lambda, com, officejs or values.
    out : Path, optional
        The file to write; by default it is in the project and has the folder's name, followed by the edition
        where that is not lambda.
    advance : callable, optional
        Hears by what share of the workbook the work went on.

    Raises
    ------
    InputError
        With every fault of the tables, by file, row and column; nothing was written.
    EngineError
        A cell could not be calculated; nothing was written.
    BookError
        The file cannot be written.
    """
    project = read_book_project(folder)
    with tempfile.TemporaryDirectory() as held:
        master = Path(held) / "master.xlsx"
        build = build_workbook(project, master, means.registry)
        calculated = recalculate(master, means, advance=advance)
        if calculated.unverified:
            cell, reason = next(iter(calculated.unverified.items()))
            raise EngineError(
                f"{len(calculated.unverified)} cells could not be calculated, the first {cell}: {reason.text}"
            )
        failed = failed_checks(master)
        published = publish(master, out or _target(folder, edition), edition, means, overwrite=True)
    return Delivered(published, len(build.wb.sheetnames), len(build.checks), failed)


def _target(folder: Path, edition: str) -> Path:
    plain = folder / f"{folder.resolve().name}.xlsx"
    return plain if edition == "lambda" else default_path(plain, edition)
