"""The rows of a feed: read, typed, checked, and one for each key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlmodel.errors import SourceError
from xlmodel.inputs.cells import UnreadableError
from xlmodel.inputs.problems import shown
from xlmodel.sync.declared import Feed, FieldRule, FileSource, FolderSource, SqlSource, WorkbookSource
from xlmodel.sync.planned import Problem
from xlmodel.sync.sources.combining import Column, combined
from xlmodel.sync.sources.extract import Extract, Faults, UnusableSourceError
from xlmodel.sync.sources.files import file_extract, folder_extracts
from xlmodel.sync.sources.typing import SerialDate, Typed, typed
from xlmodel.values import Values
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SourceRows", "read_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class SourceRows:
    """What a feed brings, as the workbook's columns will hold it."""

    columns: Mapping[str, Values]  #: heading of the workbook -> one value a row; dates as serial numbers from 1900
    places: tuple[str, ...]  #: where each row comes from, for people: "ledger_2024-05.csv, row 7"
    hashes: Mapping[str, str]  #: what was read -> sha256
    rows_read: int
    problems: tuple[Problem, ...]  #: while there is one, `columns` do not hold everything


def read_rows(feed: Feed, means: Means, frame: pd.DataFrame | None = None) -> SourceRows:
    """Read the rows of a feed.

    Parameters
    ----------
    feed : Feed
        What is declared.
    means : Means
        With what workbooks are read, and how long a workbook or a query may take.
    frame : DataFrame, optional
        The rows of a feed that declares no source.

    Returns
    -------
    SourceRows
        Whatever is wrong with the data, a file or a database is among its problems.

    Raises
    ------
    SourceError
        The feed declares no source and no frame is given, or both.
    """
    if (frame is None) == (feed.source is None):
        what = "has a source of its own, and takes no frame" if feed.source else "takes its rows from a frame: give one"
        raise SourceError(f"the feed {feed.name} {what}")
    faults = Faults()
    extracts = _extracts(feed, means, frame, faults)
    for number, extract in enumerate(extracts):
        if not extract.rows and not faults.of(number):
            faults.whole(number, extract.name, "holds no rows under its headings")
    try:
        contents = [_typed(extracts, rule, at, faults) for at, rule in enumerate(feed.columns)]
    except UnusableSourceError:
        extracts, contents = [], [[] for _ in feed.columns]
    columns = [
        Column(rule, rule.heading in feed.keys, column) for rule, column in zip(feed.columns, contents, strict=True)
    ]
    cells, places = combined(extracts, columns, faults)
    return SourceRows(
        {heading: Values.of(contents) for heading, contents in cells.items()},
        tuple(places),
        {extract.name: extract.sha256 for extract in extracts if extract.sha256},
        sum(len(extract.rows) for extract in extracts),
        faults.problems(),
    )


def _extracts(feed: Feed, means: Means, frame: pd.DataFrame | None, faults: Faults) -> list[Extract]:
    wanted = tuple(dict.fromkeys(rule.source for rule in feed.columns))
    match feed.source:
        case FolderSource() as source:
            return folder_extracts(source, wanted, faults)
        case FileSource() as source:
            return [file_extract(source, wanted, faults)]
        case WorkbookSource() as source:
            from xlmodel.sync.sources.workbooks import workbook_extract

            found = workbook_extract(source, feed.columns, means, faults)
        case SqlSource() as source:
            from xlmodel.sync.sources.sql import sql_extract

            keys = [rule.source for rule in feed.columns if rule.heading in feed.keys]
            found = sql_extract(f'query "{feed.name}"', source, wanted, keys, means.time_limit, faults)
        case None:
            from xlmodel.sync.sources.frames import frame_extract

            assert frame is not None
            found = frame_extract(f'frame "{feed.name}"', frame, wanted, faults)
    return [] if found is None else [found]


def _typed(extracts: Sequence[Extract], rule: FieldRule, at: int, faults: Faults) -> list[Typed]:
    """Return a column of all extracts, typed; faults are noted and leave a blank.

    Raises
    ------
    UnusableSourceError
        The column's pattern takes too long; this is noted too.
    """
    out: list[Typed] = []
    for number, extract in enumerate(extracts):
        known: dict[object, Typed] = {}
        for row, raw in enumerate(extract.columns[rule.source]):
            key = raw if isinstance(raw, str) else None
            if key is not None and key in known:
                out.append(known[key])
                continue
            try:
                value = typed(raw, rule)
            except UnusableSourceError as reason:
                faults.whole(number, extract.name, f"column {rule.source}: {reason}")
                raise
            except UnreadableError as reason:
                place = f"{extract.place(row)}, column {rule.source}"
                faults.cell(number, row, at, place, f"{reason}{_it_is(raw)}")
                value = None
            else:
                if key is not None:
                    known[key] = value
            out.append(value)
    return out


def _it_is(raw: object) -> str:
    if raw is None or raw == "":
        return ""
    if isinstance(raw, SerialDate):
        raw = raw.serial
    return f"; it is {shown(raw if isinstance(raw, (str, float)) else str(raw))}"
