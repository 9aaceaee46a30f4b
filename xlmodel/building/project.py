"""What a workbook is built from: the demand project, and the tables of its folder `book`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from xlmodel.building.money_tables import check_money_tables
from xlmodel.building.tables import BOOK_TABLES, COVER_KEYS
from xlmodel.errors import InputError
from xlmodel.inputs.cells import Kind, UnreadableError, cell_value
from xlmodel.inputs.checking import Checked, checked_table
from xlmodel.inputs.problems import Problem, Problems, near_miss
from xlmodel.inputs.project import read_project
from xlmodel.inputs.reading import read_folder, read_table
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.path import Path as Course

__all__ = ["VARIATIONS", "BookProject", "Rows", "Text", "read_book_project"]

#: A table as it stands in its file, row by row; every cell is a `Text`.
Rows = list[dict[str, str]]

#: The codes of the variations that the workbook calculates beside the scenarios of a project.
VARIATIONS = tuple(f"vary_{what}_{end}" for what in ("starts", "stay", "price", "mix") for end in ("low", "high"))

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_IN_KEYS = "|*?~"  #: the first stands between the parts of a key, a look-up takes the others for any characters


class Text(str):
    """Words that come from a file: text in a cell, even where they begin as a formula does."""

    __slots__ = ()


@dataclass(frozen=True)
class BookProject:
    """A project's folder, read and checked."""

    folder: Path
    demand: Demand
    model: Mapping[str, Rows]  #: the files of the folder model, by name
    book: Mapping[str, Rows]  #: the files of the folder book, by name
    claims: Path | None  #: the file of claims, where there is one
    courses: Mapping[str, Course] = field(default_factory=dict)  #: scenarios that were forecast elsewhere

    @property
    def cover(self) -> Mapping[str, str]:
        """What cover.csv says, by key."""
        return {row["key"]: row["value"] for row in self.book["cover"]}

    @property
    def title(self) -> str:
        """The title of the workbook."""
        return self.cover["title"]

    @property
    def as_at(self) -> date:
        """The date that the workbook speaks of; it stands for the clock wherever a file needs a date."""
        return date.fromisoformat(self.cover["as_at"])

    @property
    def version_line(self) -> str:
        """Version and date, for the foot of printed pages."""
        return f"Version {self.cover['version']}, {self.as_at.day} {self.as_at:%B %Y}"


def read_book_project(folder: Path) -> BookProject:
    """Read a project's folder: `model`, `book` and `claims.csv`.

    Parameters
    ----------
    folder : Path
        Holds the folders `model`, with the tables of the demand model, and `book`.

    Raises
    ------
    InputError
        With every fault that was found in either, by file, row and column.

    References
    ----------
    docs/inputs.md.
    """
    found = Problems()
    known: list[Problem] = []
    project = None
    try:
        project = read_project(folder)
    except InputError as error:
        known.extend(error.problems)
    book = _book(folder / "book", found)
    if project is not None:
        _check_codes(project.demand, found)
        check_money_tables(book, project.demand, found)
    if known or found:
        raise InputError((*known, *found.sorted()))
    assert project is not None, "a project that cannot be read has faults"
    claims = folder / "claims.csv"
    return BookProject(
        folder=folder,
        demand=project.demand,
        model={name: _rows(frame) for name, frame in read_folder(folder, Problems()).items()},
        book=book,
        claims=claims if claims.exists() else None,
        courses=project.paths,
    )


def _book(folder: Path, found: Problems) -> dict[str, Rows]:
    """Return the tables of the folder, each held against what it must be."""
    out: dict[str, Rows] = {}
    for path in sorted(folder.glob("*.csv")):
        table = BOOK_TABLES.get(path.stem)
        if table is None:
            hint = near_miss(path.stem, BOOK_TABLES).replace("?)", ".csv?)")
            found.add(path.name, None, None, f"must be one of the files of the folder book{hint}")
            continue
        frame = read_table(path, found)
        if frame is None:
            found.lose(path.name)
            continue
        checked = checked_table(table, frame, found)
        _check_letters(checked, frame, found)
        if path.stem == "cover":
            _check_cover(checked)
        out[path.stem] = _rows(frame)
    for name, table in BOOK_TABLES.items():
        if table.required and name not in out and not found.touch(table.file, ()):
            found.add(table.file, None, None, "must be there, in the folder book")
    return out


def _check_letters(checked: Checked, frame: pd.DataFrame, found: Problems) -> None:
    for column in frame.columns:
        for row, cell in zip(frame.index, frame[column], strict=True):
            if _UNPRINTABLE.search(cell):
                found.add(checked.file, int(row), column, "must have no characters that cannot be printed")


def _check_cover(checked: Checked) -> None:
    keys = checked.text("key")
    for at, key in enumerate(keys):
        if key and key not in COVER_KEYS:
            hint = near_miss(key, COVER_KEYS)
            checked.fault(at, "key", f"must be one of {', '.join(COVER_KEYS)}{hint}", key)
        if key == "as_at":
            _check_day(checked, at, checked.text("value")[at])
    if not checked.doubtful("key"):
        for key in COVER_KEYS:
            if key not in keys:
                checked.fault(None, "key", f"must have a row {key}")


def _check_day(checked: Checked, at: int, text: str) -> None:
    try:
        cell_value(Kind.DATE, text)
    except UnreadableError as why:
        checked.fault(at, "value", str(why), text)


def _check_codes(demand: Demand, found: Problems) -> None:
    """Note codes that the workbook's look-ups could not tell apart."""
    for file, column, codes in (
        ("scenarios.csv", "scenario", demand.scenarios),
        ("placements.csv", "code", demand.placements),
    ):
        seen: dict[str, str] = {}
        for code in codes:
            if any(letter in code for letter in _IN_KEYS):
                found.add(file, None, column, f"must not have any of {' '.join(_IN_KEYS)} for a workbook", code)
            if code.lower().startswith("vary_"):
                found.add(file, None, column, "must not begin with vary_, as the workbook's own variations do", code)
            other = seen.setdefault(code.lower(), code)
            if other != code:
                found.add(file, None, column, f"must differ from {other} by more than capitals for a workbook", code)


def _rows(frame: pd.DataFrame) -> Rows:
    columns = [str(name).strip() for name in frame.columns]
    return [
        {name: Text(str(cell).strip()) for name, cell in zip(columns, record, strict=True)}
        for record in frame.itertuples(index=False, name=None)
    ]
