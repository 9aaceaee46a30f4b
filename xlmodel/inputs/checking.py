"""Tables of text made into tables of values, each checked on its own: names, kinds, bounds, blanks and repetitions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandera.errors import SchemaErrors

from xlmodel.inputs.cells import BLANK, Kind, UnreadableError, cell_value
from xlmodel.inputs.columns import Column, Table
from xlmodel.inputs.problems import Problems, listed, near_miss
from xlmodel.inputs.tables import TABLES
from xlmodel.model.domain import FloatArray

__all__ = ["Checked", "Tables", "checked_table", "checked_tables"]

#: Columns that say which children a row is about: filled in every row of a file, or in none.
_WHICH = ("placement", "age")

#: starts.csv may be finer for one scenario than for another.
_MIXED = ("starts",)


@dataclass(frozen=True)
class Checked:
    """One file's rows as values. A cell that could not be read is blank here, and its fault is known."""

    table: Table
    frame: pd.DataFrame
    found: Problems

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.table.file

    def __len__(self) -> int:
        return len(self.frame)

    def text(self, column: str) -> list[str]:
        """Return a column of text; "" where blank."""
        return [str(x) for x in self.frame[column]]

    def numbers(self, column: str) -> FloatArray:
        """Return a column of numbers or of years; NaN where blank."""
        return np.asarray(self.frame[column], dtype=np.float64)

    def days(self, column: str) -> NDArray[np.datetime64]:
        """Return a column of dates or of months; NaT where blank."""
        return np.asarray(self.frame[column], dtype="datetime64[D]")

    def row(self, at: int) -> int:
        """Return the number of a row in the file."""
        return int(self.frame.index[at])

    def fault(self, at: int | None, column: str | None, requirement: str, offender: object = None) -> None:
        """Note a fault of a row, or of the file."""
        self.found.add(self.file, None if at is None else self.row(at), column, requirement, offender)

    def doubtful(self, *columns: str) -> bool:
        """Whether a column has a known fault, so that what seems missing may be there."""
        return self.found.touch(self.file, columns)

    def positions(self, column: str, known: Sequence[str]) -> NDArray[np.intp]:
        """Return where each cell's code stands in a list; -1 where blank, -2 where unknown, which is a fault."""
        places = {code: i for i, code in enumerate(known)} | {"": -1}
        out = np.array([places.get(code, -2) for code in self.text(column)], dtype=np.intp)
        for at in np.flatnonzero(out == -2):
            code = str(self.frame[column].iloc[at])
            requirement = f"must be one of {listed(known)}{near_miss(code, known)}"
            self.fault(int(at), column, requirement, code)
        return out


Tables = Mapping[str, Checked]


def checked_tables(frames: Mapping[str, pd.DataFrame], found: Problems) -> dict[str, Checked]:
    """Return the tables that are there, with every fault that one file shows by itself noted."""
    for name in frames:
        if name not in TABLES:
            found.add(name, None, None, f"must be one of the tables of a project{near_miss(name, TABLES)}")
    for table in TABLES.values():
        if table.required and table.name not in frames and not found.touch(table.file, ()):
            found.add(table.file, None, None, "must be there")
    return {n: checked_table(t, frames[n], found) for n, t in TABLES.items() if n in frames}


def checked_table(table: Table, frame: pd.DataFrame, found: Problems) -> Checked:
    """Return one table as values, its faults noted."""
    frame = _numbered(frame)
    _headers(table, [str(c).strip() for c in frame.columns], found)
    names = {str(c).strip(): i for i, c in enumerate(frame.columns)}
    wrong: dict[str, set[int]] = {}
    values: dict[str, Any] = {}
    for column in table.columns:
        cells = frame.iloc[:, names[column.name]].tolist() if column.name in names else [None] * len(frame)
        values[column.name], wrong[column.name] = _typed(table, column, cells, frame.index, column.name in names, found)
    typed = pd.DataFrame(values, index=frame.index)
    out = Checked(table, typed, found)
    if not len(frame) and not out.doubtful():
        out.fault(None, None, "must have rows below the names of its columns")
    _bounds(out)
    _filled(out)
    _repeated(out, wrong)
    return out


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its rows numbered as in its file, or as if it were one; blank rows left out."""
    if frame.index.name == "row":
        return frame
    frame = frame.set_axis(pd.RangeIndex(2, len(frame) + 2, name="row"))
    blank = [
        all(c is None or c is pd.NaT or c != c or (isinstance(c, str) and not c.strip()) for c in record)
        for record in frame.itertuples(False)
    ]
    return frame[~np.array(blank, dtype=bool)] if any(blank) else frame


def _headers(table: Table, names: list[str], found: Problems) -> None:
    known = [c.name for c in table.columns]
    meant = set()
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            found.add(table.file, 1, name, "must be the name of one column only")
        if name not in known:
            hint = near_miss(name, [k for k in known if k not in names])
            meant.add(hint)
            found.add(table.file, 1, name or None, f"must be one of the columns {listed(known, 20)}{hint}")
    for column in table.columns:
        if column.required and column.name not in names and f" (did you mean {column.name}?)" not in meant:
            found.add(table.file, 1, column.name, "must be there")


def _typed(
    table: Table, column: Column, cells: list[Any], rows: Collection[int], given: bool, found: Problems
) -> tuple[Any, set[int]]:
    """Return a column's values, and the rows whose cell is not to be used."""
    values, wrong = [], set()
    blank = BLANK[column.kind]
    for row, cell in zip(rows, cells, strict=True):
        value = blank
        try:
            value = cell_value(column.kind, cell)
        except UnreadableError as reason:
            wrong.add(row)
            found.add(table.file, int(row), column.name, str(reason), cell if isinstance(cell, float) else str(cell))
        else:
            if column.required and given and _is_blank(value):
                wrong.add(row)
                found.add(table.file, int(row), column.name, "must not be blank")
        values.append(value)
    if column.kind in (Kind.TEXT, Kind.NUMBERS):
        return np.fromiter(values, dtype=object, count=len(values)), wrong
    if column.kind in (Kind.MONTH, Kind.DATE):
        return np.array(values, dtype="datetime64[s]"), wrong
    return np.array(values, dtype=np.float64), wrong


def _is_blank(value: Any) -> bool:
    return not value if isinstance(value, (str, tuple)) else bool(value != value)


def _bounds(checked: Checked) -> None:
    """Note what breaks the bounds of its column."""
    if not checked.table.schema.columns:
        return
    try:
        checked.table.schema.validate(checked.frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            value = case.failure_case
            offender = float(value) if isinstance(value, (int, float, np.number)) else value
            checked.found.add(checked.file, int(case.index), str(case.column), str(case.check), offender)


def _filled(checked: Checked) -> None:
    """Note rows that do not say which children they are about where others do."""
    if checked.table.name in _MIXED:
        return
    for column in checked.table.columns:
        if column.name in _WHICH:
            blank = np.array([not x for x in checked.text(column.name)], dtype=bool)
            for at in np.flatnonzero(blank) if not blank.all() else ():
                checked.fault(int(at), column.name, "must be filled in every row, or blank in every row")


def _repeated(checked: Checked, wrong: Mapping[str, set[int]]) -> None:
    """Note rows that stand for the same thing as one before."""
    key = checked.table.key
    unusable = set().union(*(wrong[k] for k in key))
    first: dict[tuple[Any, ...], int] = {}
    for row, *values in zip(checked.frame.index, *(checked.frame[k].tolist() for k in key), strict=True):
        same = tuple(None if _is_blank(v) else v for v in values)
        if row not in unusable and first.setdefault(same, int(row)) != row:
            given = [k for k, v in zip(key, same, strict=True) if v is not None]
            what = f" (the same {' and '.join(given)})" if given else ""
            checked.found.add(checked.file, int(row), None, f"must not repeat row {first[same]}{what}")
