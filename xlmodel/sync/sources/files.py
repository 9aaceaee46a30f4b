"""Extracts from CSV and Parquet files, and from folders of monthly ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlmodel.inputs.problems import Problems, listed, shown
from xlmodel.inputs.reading import records_of
from xlmodel.sync.declared import FileSource, FolderSource
from xlmodel.sync.sources.extract import Extract, Faults, UnusableSourceError, column_places
from xlmodel.sync.sources.patterns import month_in

if TYPE_CHECKING:
    import pyarrow

__all__ = ["file_extract", "folder_extracts"]

_MONTH = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])", re.ASCII)
_FOLDER = -1  #: in place of the number of an extract
_UTF8_MARK_IN_CP1252 = "ï»¿"
_LARGEST = 1 << 30  #: bytes; a sheet of numbers that is full to its last row takes less


def file_extract(source: FileSource, wanted: Sequence[str], faults: Faults, number: int = 0) -> Extract:
    """Return the wanted columns of a file; no rows, and the fault noted, where it cannot be used.

    Parameters
    ----------
    source : FileSource
        The file.
    wanted : sequence of str
        The columns that are taken.
    faults : Faults
        Where to note what is wrong.
    number : int
        Which of several extracts this is.
    """
    name, found = source.path.name, None
    try:
        content = _content(source.path)
        if source.kind == "parquet":
            found = _parquet(name, content, wanted)
        else:
            found = _csv(name, content, source, wanted, faults, number)
    except OSError as reason:
        faults.whole(number, name, f"must be readable ({reason.strerror or reason})")
    except UnusableSourceError as reason:
        faults.whole(number, name, str(reason))
    return Extract(name, "", dict.fromkeys(wanted, ()), ()) if found is None else found


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if not path.is_file():
        # a device or a pipe would be read for ever
        raise UnusableSourceError("must be a file")
    if size > _LARGEST:
        raise UnusableSourceError(f"must have at most {_LARGEST >> 30} GiB, and has {size / (1 << 30):.1f}")
    return path.read_bytes()


def _csv(
    name: str, content: bytes, source: FileSource, wanted: Sequence[str], faults: Faults, number: int
) -> Extract | None:
    if not content.strip():
        raise UnusableSourceError("is empty")
    found = Problems()
    records = records_of(name, content, found, encoding=source.encoding, separator=source.separator)
    if records is None:
        for problem in found.sorted():
            where = "" if problem.row is None else f"row {problem.row} "
            it_is = "" if problem.offender is None else f"; it is {shown(problem.offender)}"
            faults.whole(number, name, f"{where}{problem.requirement}{it_is}")
        return None
    if source.encoding == "cp1252" and records[0] and records[0][0].startswith(_UTF8_MARK_IN_CP1252):
        raise UnusableSourceError('is in UTF-8, by the mark it begins with: leave out encoding = "cp1252"')
    width = len(records[0])
    rows, kept = [], []
    for row, record in enumerate(records[1:], start=2):
        if not any(map(str.strip, record)):
            continue
        if len(record) != width:
            what = f"must have {width} cells, as row 1 has, and has {len(record)}"
            more = f": {_why_more(source.separator)}" if len(record) > width else ""
            faults.cell(number, row, 0, f"{name}, row {row}", what + more)
        elif any("\0" in cell for cell in record):
            faults.cell(number, row, 0, f"{name}, row {row}", "must hold no NUL characters: the file is damaged")
        elif any("\ufeff" in cell for cell in record):
            what = "must hold no mark that begins a file: several files were joined here, or a cell holds one unseen"
            faults.cell(number, row, 0, f"{name}, row {row}", what)
        else:
            rows.append(row)
            kept.append(record)
    at = column_places(records[0], wanted)
    columns = {heading: [record[place] for record in kept] for heading, place in at.items()}
    return Extract(name, hashlib.sha256(content).hexdigest(), columns, [f"row {row}" for row in rows])


def _why_more(separator: str) -> str:
    return f"a {'comma' if separator == ',' else repr(separator)} in a cell needs quotes round the cell"


def _parquet(name: str, content: bytes, wanted: Sequence[str]) -> Extract:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UnusableSourceError("needs the package pyarrow: pip install xlmodel[sync]") from None
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        headings = file.schema_arrow.names
        at = column_places(headings, wanted)
        table = file.read(columns=[headings[place] for place in at.values()])
        columns = {heading: _values(table.column(headings[place])) for heading, place in at.items()}
    except (pa.ArrowException, OSError, ValueError) as reason:
        raise UnusableSourceError(f"must be readable as Parquet ({str(reason).splitlines()[0]})") from None
    return Extract(
        name, hashlib.sha256(content).hexdigest(), columns, [f"row {row}" for row in range(1, table.num_rows + 1)]
    )


def _values(column: pyarrow.ChunkedArray) -> list[object]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        # nanoseconds are more than a cell can show
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return list(column.to_pylist())


def folder_extracts(source: FolderSource, wanted: Sequence[str], faults: Faults) -> list[Extract]:
    """Return the extracts of a folder in the order of their months, with what is wrong with the months noted."""
    if not source.folder.is_dir():
        faults.whole(_FOLDER, source.folder.name, "must be a folder with extracts")
        return []
    names = sorted(path.name for path in source.folder.iterdir() if path.is_file() and not path.name.startswith("."))
    matching = [name for name in names if source.takes(name)]
    if not matching:
        faults.whole(
            _FOLDER, source.folder.name, f"must hold files {source.files}; it holds {listed(names) or 'no files'}"
        )
        return []
    ending = Path(source.files).suffix.lower()
    others = [name for name in names if name not in matching and name.lower().endswith(ending)]
    if source.month:
        matching = _by_month(source, matching, others, faults)
    found, seen = [], dict[str, str]()
    for number, name in enumerate(matching):
        kind: Literal["csv", "parquet"] = "parquet" if name.lower().endswith(".parquet") else "csv"
        file = FileSource(source.folder / name, kind, source.encoding, source.separator)
        extract = file_extract(file, wanted, faults, number)
        if extract.sha256 in seen:
            faults.whole(number, name, f"is the same, byte for byte, as {seen[extract.sha256]}: was it sent again?")
        if extract.sha256:
            seen.setdefault(extract.sha256, name)
        found.append(extract)
    return found


def _by_month(source: FolderSource, names: Sequence[str], others: Sequence[str], faults: Faults) -> list[str]:
    """Return names in the order of their months; note months that are missing, doubled or not asked for."""
    months: dict[str, str] = {}
    order = []
    for name in names:
        try:
            month = _MONTH.fullmatch(month_in(source.month, name))
        except UnusableSourceError as reason:
            faults.whole(_FOLDER, source.folder.name, str(reason))
            return []
        if month is None:
            order.append(("", name))
            faults.whole(_FOLDER, name, f"must have a month such as 2024-04 in its name, where {source.month} finds it")
            continue
        label = f"{month[1]}-{month[2]}"
        order.append((label, name))
        if label in months:
            faults.whole(_FOLDER, name, f"must be the only extract of {label}; there is {months[label]} too")
        elif (source.first and label < source.first) or (source.last and label > source.last):
            span = f"{source.first or 'the first month'} to {source.last or 'now'}"
            faults.whole(
                _FOLDER, name, f"is of {label}, and the feed takes {span}: move it away, or change first and last"
            )
        else:
            months[label] = name
    expected = list(_months(source.first or min(months, default=""), source.last or max(months, default="")))
    missing = [month for month in expected if month not in months]
    if missing:
        near = f"; {listed(others)} does not match {source.files}" if others else ""
        faults.whole(_FOLDER, source.folder.name, f"must hold an extract of {listed(missing, 24)}{near}")
    return [name for _, name in sorted(order)]


def _months(first: str, last: str) -> Iterator[str]:
    """Yield the months from one to another."""
    if not first or not last:
        return
    month = first
    while month <= last:
        yield month
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"
