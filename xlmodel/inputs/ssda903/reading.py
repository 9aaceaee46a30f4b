"""The files of SSDA903 returns: a Header and an Episodes file a year, read as text so that nothing is guessed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from xlmodel.inputs.problems import Problems, listed
from xlmodel.model.years import year_label

__all__ = ["EPISODES", "HEADER", "REQUIRED", "Returns", "file_name", "read_returns"]

HEADER, EPISODES = "Header", "Episodes"

#: The columns that are used; a file may have others, in any order.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    HEADER: ("CHILD", "DOB"),
    EPISODES: ("CHILD", "DECOM", "RNE", "LS", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
}

_YEARS = re.compile(r"(?<!\d)(20\d\d)(?:[-_ /]?((?:20)?\d\d))?(?!\d)")
_RAGGED = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


@dataclass(frozen=True, eq=False)
class Returns:
    """The returns of one authority: a table of text for each file, and what each file is called in messages.

    A return is named by the calendar year in which its financial year starts: 2023 is the return of 2023/24, up to
    31 March 2024.
    """

    frames: Mapping[tuple[int, str], pd.DataFrame]
    files: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, frames: Mapping[tuple[int, str], pd.DataFrame]) -> Returns:
        """Return tables that were made in memory as returns.

        Parameters
        ----------
        frames : mapping of (year, "Header" or "Episodes") to DataFrame
            All columns of text; a blank is "".

        Returns
        -------
        Returns

        Raises
        ------
        InputError
            A column or a file is missing, a year is left out.
        """
        files = {key: file_name(*key) for key in frames}
        problems = Problems()
        texts = {key: frame.fillna("").astype(str) for key, frame in frames.items()}
        found = {key: _required(frame, files[key], key[1], problems) for key, frame in texts.items()}
        _check_years(files, problems)
        problems.raise_any()
        return cls(found, files)

    @property
    def years(self) -> list[int]:
        """The years in which the financial years of the returns start."""
        return sorted({year for year, _ in self.frames})


def file_name(year: int, kind: str) -> str:
    """Return what a file of a return is called where nobody named it.

    >>> file_name(2023, EPISODES)
    '2023-24/Episodes.csv'
    """
    return f"{year_label(year, '-')}/{kind}.csv"


def read_returns(folder: Path) -> Returns:
    """Read all SSDA903 returns of a folder.

    Parameters
    ----------
    folder : Path
        It and its folders are searched for CSV files with "header" or "episodes" in their names; others are passed
        over. The year is in the file's name or its folder's: 2023-24, 2023_24 or 202324, or 2024 alone, which is
        the return up to 31 March 2024.

    Returns
    -------
    Returns
        The used columns, as text.

    Raises
    ------
    InputError
        All that is wrong with the files: one is missing, named twice, has no year, is no text in UTF-8, lacks a
        column or has a row of another length.

    References
    ----------
    docs/ssda903.md.
    """
    problems = Problems()
    frames: dict[tuple[int, str], pd.DataFrame] = {}
    files: dict[tuple[int, str], str] = {}
    for path, kind in _files(folder):
        name = path.relative_to(folder).as_posix()
        year = _year(name)
        if year is None:
            problems.add(name, None, None, "the name of the file or its folder must say the year, such as 2023-24")
        elif (year, kind) in files:
            other = files[year, kind]
            problems.add(name, None, None, f"there must be one {kind} file for {year_label(year)}; another is {other}")
        else:
            files[year, kind] = name
            frame = _read(path, name, problems)
            if frame is not None:
                frames[year, kind] = _required(frame, name, kind, problems)
    if not files and not problems.sorted():
        problems.add(folder.name, None, None, "the folder must have CSV files named Header and Episodes; it has none")
    _check_years(files, problems)
    problems.raise_any()
    return Returns(frames, files)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".csv" and path.is_file():
            stem = path.stem.lower()
            if "header" in stem:
                yield path, HEADER
            elif "episode" in stem:
                yield path, EPISODES


def _year(name: str) -> int | None:
    """Return the year in which a return starts, from its path: the file's name first, then its folders'."""
    for part in reversed(name.split("/")):
        for first, second in _YEARS.findall(part):
            if not second:
                return int(first) - 1
            if int(second) % 100 == (int(first) + 1) % 100:
                return int(first)
    return None


def _read(path: Path, name: str, problems: Problems) -> pd.DataFrame | None:
    try:
        # without a header, pandas neither renames a second column of one name nor takes a first one for an index
        table = pd.read_csv(
            path, header=None, dtype=str, na_filter=False, skip_blank_lines=False, encoding="utf-8-sig", engine="c"
        )
    except pd.errors.EmptyDataError:
        problems.add(name, None, None, "must have a row of column names; the file is empty")
    except UnicodeDecodeError:
        problems.add(name, None, None, "must be text in UTF-8: save it as 'CSV UTF-8'")
    except (pd.errors.ParserError, csv.Error) as error:
        ragged = _RAGGED.search(str(error))
        if ragged:
            problems.add(name, int(ragged[2]), None, f"must have {ragged[1]} columns as row 1; it has {ragged[3]}")
        else:
            problems.add(name, None, None, "must be a CSV file; a quotation mark is opened and not closed")
    else:
        columns = [str(c).strip().upper() for c in table.iloc[0]]
        for column in sorted({c for c in columns if c and columns.count(c) > 1}):
            problems.add(name, 1, column, "must be there once")
        return table.iloc[1:].reset_index(drop=True).set_axis(columns, axis=1)
    return None


def _required(frame: pd.DataFrame, name: str, kind: str, problems: Problems) -> pd.DataFrame:
    named = frame.rename(columns=lambda c: str(c).strip().upper())
    missing = [c for c in REQUIRED[kind] if c not in named.columns]
    for column in missing:
        problems.add(name, 1, column, f"the column must be there; the file has {listed(named.columns)}")
    columns = [c for c in REQUIRED[kind] if c not in missing]
    one_each = named.loc[:, ~named.columns.duplicated()]
    return one_each[columns].astype(object).reset_index(drop=True)


def _check_years(files: Mapping[tuple[int, str], str], problems: Problems) -> None:
    years = sorted({year for year, _ in files})
    for year in years:
        for kind, other in ((HEADER, EPISODES), (EPISODES, HEADER)):
            if (year, kind) not in files:
                problems.add(files[year, other], None, None, f"there must be a file {kind} for {year_label(year)} too")
    if years:
        gaps = sorted(set(np.arange(years[0], years[-1]).tolist()) - set(years))
        for year in gaps:
            after = min(y for y in years if y > year)
            name = next(name for (y, _), name in sorted(files.items()) if y == after)
            problems.add(name, None, None, f"returns must follow year on year; that of {year_label(year)} is missing")
