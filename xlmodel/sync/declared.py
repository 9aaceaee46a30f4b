"""What a project declares: feeds that bring data into workbooks, and exports that take results out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

__all__ = [
    "ColumnType",
    "Combine",
    "Export",
    "Feed",
    "FieldRule",
    "FileSource",
    "FolderSource",
    "RowsPolicy",
    "Source",
    "SqlSource",
    "SyncSettings",
    "Target",
    "WorkbookSource",
]  # fmt: skip

ColumnType = Literal["text", "number", "whole", "date", "datetime", "boolean"]
#: how several source rows with one key become one: refuse, add up, take the newest extract's
Combine = Literal["one", "sum", "last"]
RowsPolicy = Literal["update", "add", "replace"]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One column of a target: where it comes from, what it may hold."""

    heading: str  #: in the workbook
    source: str  #: the column of the source
    type: ColumnType
    required: bool = False  #: a blank is refused
    unit: str = ""  #: of the workbook's column, as people read it: £m, children, %
    scale: Decimal = Decimal(1)  #: source number times this is the workbook's; exact
    decimals: int | None = None  #: round to so many, half away from zero; None keeps all
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""  #: a regular expression for the whole text
    formats: tuple[str, ...] = ()  #: of dates in texts, as strptime's; ISO by default
    combine: Combine = "one"
    number_format: str = ""  #: for cells that have another
    from_unit: str = ""  #: of the source's column, as `scale` has it already


@dataclass(frozen=True, slots=True)
class FileSource:
    """A CSV or Parquet file; encoding and separator are those of a CSV file."""

    path: Path
    kind: Literal["csv", "parquet"]
    encoding: str = "utf-8-sig"
    separator: str = ","


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of extracts, one a month: all of them are read, in the order of their months."""

    folder: Path
    files: str  #: a pattern such as ledger_*.csv
    month: str = ""  #: a regular expression with a group `month` that finds 2024-04 in a file's name
    first: str = ""  #: the months that must be there, without a gap: 2024-04 ...
    last: str = ""  #: ... to 2025-03
    encoding: str = "utf-8-sig"
    separator: str = ","

    def takes(self, name: str) -> bool:
        """Tell whether a file of the folder is an extract, by its name."""
        return not name.startswith(".") and fnmatchcase(name.lower(), self.files.lower())


@dataclass(frozen=True, slots=True)
class WorkbookSource:
    """A table, a named range or a region of another workbook."""

    path: Path
    place: str  #: a table, a name, Sheet!A5:G12 with its heading row, or Sheet!A5: its first heading


@dataclass(frozen=True, slots=True)
class SqlSource:
    """A query over SQLAlchemy. No secret stands in the file: ${NAME} in the URL is taken from the environment."""

    url: str
    query: str


Source = FileSource | FolderSource | WorkbookSource | SqlSource


@dataclass(frozen=True, slots=True)
class Target:
    """Where a feed's rows go: exactly one of the three."""

    table: str = ""
    name: str = ""  #: a named range; `headings` stand in the row above it unless the range has them
    region: str = ""  #: Sheet!A5: the first heading of a region, which ends at the first blank row


@dataclass(frozen=True, slots=True)
class Feed:
    """Data on its way into a workbook: the table [sync.feed.NAME]."""

    name: str
    workbook: Path
    source: Source | None  #: None where the rows come as a frame from Python
    target: Target
    columns: tuple[FieldRule, ...]
    keys: tuple[str, ...]  #: headings that tell rows apart
    rows: RowsPolicy = "update"
    failing_checks: Literal["refuse", "allow"] = "refuse"  #: whether a check of the workbook may begin to fail


@dataclass(frozen=True, slots=True)
class Export:
    """Results on their way out: the table [export.NAME]."""

    name: str
    workbook: Path
    place: str  #: a table, a name or Sheet!A5:G12
    to: Path | None = None  #: a .csv or .parquet file
    url: str = ""  #: or a database, with `table`
    table: str = ""
    headings: bool = True  #: the first row of a range holds headings
    errors: Literal["refuse", "null"] = "refuse"  #: whether a cell with an error goes out empty
    unverified: Literal["refuse", "allow"] = "refuse"  #: whether values go out that could not be recalculated here


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """All that a project declares."""

    folder: Path  #: where xlmodel.toml stands; .xlmodel lies there
    feeds: Mapping[str, Feed]
    exports: Mapping[str, Export]
    key_figures: Mapping[str, tuple[str, ...]]  #: workbook file name -> cells or names shown before and after
    record_in_workbook: bool = False  #: whether the journal's entry also goes into the workbook, as a custom XML part
