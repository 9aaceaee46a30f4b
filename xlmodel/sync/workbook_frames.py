"""Tables and ranges of a workbook as pandas DataFrames, and frames on their way into them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from xlmodel.book.dates import moment
from xlmodel.engine.native.moments import SHIFT_1904
from xlmodel.errors import SyncError
from xlmodel.layout.shown import shown
from xlmodel.sync.applying import Applied, apply_plan
from xlmodel.sync.declared import ColumnType, Feed, FieldRule, RowsPolicy, SyncSettings, Target
from xlmodel.sync.places import Place, read_place
from xlmodel.sync.planned import Plan, Side
from xlmodel.sync.planning import make_plan
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FrameUpdate", "WorkbookFrames", "WorkbookPlace"]


class WorkbookFrames:
    """A workbook file as pandas sees it.

    Parameters
    ----------
    path : Path
        The workbook.
    settings : SyncSettings
        The project, in whose folder the journal and the backups lie.
    means : Means
        With what the workbook is read and recalculated.
    """

    def __init__(self, path: Path, settings: SyncSettings, means: Means) -> None:
        self.path, self.settings, self.means = path, settings, means

    def table(self, name: str) -> WorkbookPlace:
        """Return an Excel table by its name."""
        return WorkbookPlace(self, name, Target(table=name))

    def range(self, place: str) -> WorkbookPlace:
        """Return a named range, or a range such as Data!A5:G12; its first row holds headings."""
        return WorkbookPlace(self, place, Target(region=place) if "!" in place else Target(name=place))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"


@dataclass(frozen=True, eq=False)
class WorkbookPlace:
    """A table or a range of a workbook."""

    book: WorkbookFrames
    name: str
    target: Target

    @property
    def values(self) -> list[list[Scalar]]:
        """The saved contents of all cells, row by row; without the headings of a table."""
        place = self._read(headings=False)
        return [place.cells[row].scalars() for row in range(place.body.shape[0])]

    def to_frame(self, *, errors: Literal["refuse", "missing"] = "refuse") -> pd.DataFrame:
        """Return the saved contents, a column for each heading.

        Numbers are float64, dates datetime64, truth values bool (boolean where some are blank), texts str; a column
        that holds several of these is of type object. A number is a date where its cell shows one. Blanks are missing.

        Parameters
        ----------
        errors : {"refuse", "missing"}
            What becomes of a cell with an error, such as #DIV/0!.

        Raises
        ------
        SyncError
            A cell holds an error, two columns have one heading, or there is no such table or name.
        BookError
            The file cannot be read, or has no such sheet.
        """
        import pandas as pd

        place = self._read(headings=True)
        columns: dict[str, Any] = {}
        for at, heading in enumerate(place.headings):
            if not heading or heading in columns:
                has = f"has the heading {heading!r} twice" if heading else f"has no heading for its column {at + 1}"
                raise SyncError(f"{self.book.path.name}: {self.name} {has}; a frame needs one for each")
            columns[heading] = _series(_contents(place, at, errors))
        return pd.DataFrame(columns)

    def update(
        self,
        frame: pd.DataFrame,
        keys: Sequence[str],
        *,
        rows: RowsPolicy = "update",
        choices: Mapping[str, Side] | None = None,
    ) -> FrameUpdate:
        """Plan to bring a frame into the place; nothing is written before `apply`.

        Columns of the frame go under the headings of the same name; other columns of the workbook stay as they are.

        Parameters
        ----------
        frame : DataFrame
            The rows.
        keys : sequence of str
            Columns that tell rows apart.
        rows : {"update", "add", "replace"}
            Change rows that are there; also add those that are not; also remove those that the frame has no more.
        choices : mapping of str to Side, optional
            For conflicts by their names: whose value is taken, "source" (the frame's) or "workbook".

        Raises
        ------
        SyncError
            A key is no column, or a column holds several kinds of values.
        """
        missing = [key for key in keys if key not in frame.columns]
        if missing or not keys:
            raise SyncError(
                f"keys must be columns of the frame; {missing[0]!r} is none" if missing else "keys are missing"
            )
        columns = tuple(FieldRule(str(name), str(name), _column_type(frame[name], str(name))) for name in frame.columns)
        feed = Feed(f"python {self.name}", self.book.path, None, self.target, columns, tuple(keys), rows)
        settings = replace(self.book.settings, feeds={feed.name: feed})
        return FrameUpdate(feed.name, settings, self.book, frame.copy(), choices or {})

    def _read(self, *, headings: bool) -> Place:
        with self.book.means.worker() as worker:
            limit = self.book.means.time_limit
            return read_place(self.book.path, self.name, worker, headings=headings, timeout=limit)


class FrameUpdate:
    """What bringing a frame into a workbook would do.

    Attributes
    ----------
    plan : Plan
        In full: cells with old and new values, rows, conflicts, problems, and what is calculated from them.
    """

    def __init__(
        self, feed: str, settings: SyncSettings, book: WorkbookFrames, frame: pd.DataFrame, choices: Mapping[str, Side]
    ) -> None:
        self._settings, self._book, self._frames = settings, book, {feed: frame}
        self.plan: Plan = make_plan(
            settings, book.path, book.means, feeds=[feed], choices=choices, frames=self._frames
        ).plan

    def apply(self) -> Applied:
        """Write the plan into the workbook, if it still holds; `xlmodel sync undo` takes it back.

        Raises
        ------
        PlanStaleError
            The workbook or the functions changed since.
        SyncError
            The plan has problems or conflicts without a choice, or a check of the workbook would begin to fail.
        BookError
            The workbook is open in a program, or cannot be saved.
        """
        return apply_plan(self.plan, self._settings, self._book.means, frames=self._frames)

    def __repr__(self) -> str:
        (feed,) = self.plan.feeds
        parts = {"changed": feed.changes, "added": feed.added, "removed": feed.removed, "conflicts": feed.conflicts}
        told = ", ".join(
            f"{len(found)} {what}" for what, found in {**parts, "problems": feed.problems}.items() if found
        )
        return f"FrameUpdate({feed.target}: {told or 'nothing to do'})"


def _contents(place: Place, at: int, errors: str) -> list[Any]:
    found: list[Any] = []
    for row, cell in enumerate(place.cells[:, at].scalars()):
        if isinstance(cell, ErrorValue):
            if errors == "refuse":
                raise SyncError(
                    f'{place.cell(row, at)} holds the error {cell.code}; errors="missing" takes it for a blank'
                )
            cell = None
        if isinstance(cell, float) and shown(place.number_formats[row][at]).date:
            # a number that is no date is a time of day, or nothing that a calendar has
            found.append(moment(cell + SHIFT_1904 * place.date1904) or cell)
        else:
            found.append(None if cell == "" else cell)
    return found


def _series(contents: list[Any]) -> Any:
    import pandas as pd

    kinds = {type(content) for content in contents if content is not None}
    if kinds == {datetime.datetime}:
        return pd.Series(pd.to_datetime(contents))
    if kinds == {bool}:
        return pd.Series(contents, dtype="boolean" if None in contents else "bool")
    if kinds <= {float}:
        return pd.Series(contents, dtype="float64")
    return pd.Series(contents, dtype="str" if kinds == {str} else "object")


def _column_type(column: Any, name: str) -> ColumnType:
    """Return what a frame's column brings."""
    import pandas as pd

    filled = column.dropna()
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date" if (filled == filled.dt.normalize()).all() else "datetime"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    found = {_type_of(value) for value in filled}
    if len(found) > 1 or None in found:
        odd = next((type(value).__name__ for value in filled if _type_of(value) is None), "")
        what = f"a {odd}" if odd else " and ".join(sorted(str(kind) for kind in found))
        raise SyncError(f"column {name!r} of the frame must hold values of one kind; it holds {what}")
    kind = found.pop() if found else None
    return kind or "text"


def _type_of(value: object) -> ColumnType | None:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case datetime.datetime():
            return "datetime"
        case datetime.date():
            return "date"
        case _:
            return None
