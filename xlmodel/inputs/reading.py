"""Reading CSV files as text, row by row as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from xlmodel.inputs.problems import Problems, near_miss
from xlmodel.inputs.tables import TABLES

__all__ = ["read_folder", "read_records", "read_table", "records_of"]

_SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".tsv", ".txt")
_SEPARATORS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SAVE = 'save it as "CSV UTF-8"'


def read_folder(folder: Path, found: Problems) -> dict[str, pd.DataFrame]:
    """Return the input files of a folder, or of its folder `model`, as text; each row is indexed by its number.

    A file that is not one of a project's is a fault, for its name may be mistyped; so is one in another format.
    """
    if not folder.is_dir():
        found.add(str(folder), None, None, "must be a folder with the input files")
        return {}
    inside = folder / "model"
    frames = {}
    for path in sorted((inside if inside.is_dir() else folder).iterdir()):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        suffix = path.suffix.lower()
        if suffix == ".csv":
            if path.stem not in TABLES:
                hint = near_miss(path.stem, TABLES).replace("?)", ".csv?)")
                found.add(path.name, None, None, f"must be one of the files of a project{hint}")
            elif (frame := read_table(path, found)) is not None:
                frames[path.stem] = frame
            else:
                found.lose(path.name)
        elif suffix in _SPREADSHEETS and path.stem in TABLES:
            found.add(path.name, None, None, f"must be a CSV file: {_SAVE} as {path.stem}.csv")
    return frames


def read_table(path: Path, found: Problems) -> pd.DataFrame | None:
    """Return one file as text, each row indexed by its number; None, and the fault noted, where it is unreadable."""
    records = read_records(path, found)
    if records is None:
        return None
    header = [cell.strip() for cell in records[0]]
    while not header[-1]:
        header.pop()
    return _frame(path.name, header, records[1:], found)


def read_records(path: Path, found: Problems) -> list[list[str]] | None:
    """Return the rows of a CSV file, its names of columns first; None, and the fault noted, where it is unreadable."""
    try:
        content = path.read_bytes()
    except OSError as reason:
        found.add(path.name, None, None, f"must be readable ({reason.strerror})")
        return None
    return records_of(path.name, content, found)


def records_of(
    file: str, content: bytes, found: Problems, *, encoding: str = "utf-8-sig", separator: str = ","
) -> list[list[str]] | None:
    """Return the rows of the content of a CSV file, as `read_records` does."""
    text = _text(file, content, found, encoding)
    if text is None:
        return None
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        records.extend(reader)
    except csv.Error as reason:
        found.add(file, len(records) + 1, None, f"must be readable as CSV ({reason})")
        return None
    header = [cell.strip() for cell in records[0]] if records else []
    if not any(header):
        found.add(file, 1, None, "must hold the names of the columns")
        return None
    if len(header) == 1 and any(other in header[0] for other in _SEPARATORS if other != separator):
        between = "commas" if separator == "," else repr(separator)
        found.add(file, 1, None, f"must have {between} between cells", header[0])
        return None
    return records


def _text(file: str, content: bytes, found: Problems, encoding: str) -> str | None:
    if content.startswith(_WORKBOOKS):
        found.add(file, None, None, f"must be a CSV file, and is a workbook: {_SAVE}")
        return None
    if content.startswith(_UTF16):
        found.add(file, None, None, f"must be in UTF-8, and is in UTF-16: {_SAVE}")
        return None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as reason:
        row = content.count(b"\n", 0, reason.start) + 1
        name = "UTF-8" if encoding == "utf-8-sig" else encoding
        found.add(file, row, None, f"must be in {name}, which a character here is not: {_SAVE}")
        return None


def _frame(file: str, header: list[str], records: list[list[str]], found: Problems) -> pd.DataFrame:
    rows, numbers = [], []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        beyond = [cell for cell in record[len(header) :] if cell.strip()]
        if beyond:
            most = f"must have {len(header)} cells at most, as row 1 has, and has {len(record)}"
            found.add(file, number, None, f"{most}: a comma in a cell needs quotes round it")
        rows.append([*record, *[""] * len(header)][: len(header)])
        numbers.append(number)
    return pd.DataFrame(rows, columns=header, index=pd.Index(numbers, name="row"), dtype=object)
