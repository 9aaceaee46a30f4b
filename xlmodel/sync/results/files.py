"""Results as files: CSV with a description beside it, Parquet with the description inside."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlmodel.book.replacing import put
from xlmodel.errors import SourceError
from xlmodel.sync.results.columns import Column, ColumnKind, Content
from xlmodel.sync.results.provenance import Provenance

__all__ = ["DESCRIPTION", "write_csv", "write_parquet"]

#: what comes after the name of a CSV file for the name of its description
DESCRIPTION = "-metadata.json"

_DATATYPES: dict[ColumnKind, str] = {
    "text": "string", "number": "number", "date": "date", "datetime": "datetime", "boolean": "boolean",
    "blank": "string", "mixed": "string",
}  # fmt: skip


def write_csv(columns: Sequence[Column], path: Path, provenance: Provenance) -> None:
    """Write a CSV file in UTF-8 with its mark, as Excel opens it, and its description by the standard CSV on the Web.

    A text that a spreadsheet would run as a formula gets an apostrophe in front. The description has the file's hash:
    where the two do not belong together it shows.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_written(column.heading) for column in columns])
    writer.writerows(zip(*([_written(content) for content in column.contents] for column in columns), strict=True))
    content = text.getvalue().encode("utf-8-sig")
    described: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": path.name,
        "dialect": {"encoding": "utf-8"},
        "tableSchema": {"columns": [{"titles": c.heading, "datatype": _DATATYPES[c.kind]} for c in columns]},
        "notes": [{**provenance.texts(), "file_sha256": hashlib.sha256(content).hexdigest()}],
    }
    description = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    _put(content, path)
    _put(description.encode(), path.with_name(path.name + DESCRIPTION))


def write_parquet(columns: Sequence[Column], path: Path, provenance: Provenance) -> None:
    """Write a Parquet file whose schema says where the result comes from.

    Raises
    ------
    SourceError
        A column holds cells of several kinds.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise SourceError("Parquet needs the package pyarrow: pip install xlmodel[sync]") from None
    refuse_mixed(columns)
    types = {
        "text": pa.string(), "number": pa.float64(), "date": pa.date32(), "datetime": pa.timestamp("ms"),
        "boolean": pa.bool_(), "blank": pa.string(),
    }  # fmt: skip
    described = {f"xlmodel.{name}": text for name, text in provenance.texts().items()}
    schema = pa.schema([pa.field(column.heading, types[column.kind]) for column in columns], metadata=described)
    table = pa.table([pa.array(c.contents, types[c.kind]) for c in columns], schema=schema)
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    _put(sink.getvalue(), path)


def refuse_mixed(columns: Sequence[Column]) -> None:
    """Raise SourceError for a column that holds cells of several kinds."""
    for column in columns:
        if column.kind == "mixed":
            raise SourceError(f"column {column.heading!r} must hold one kind of value: {column.mixed}")


def _put(content: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = Path(os.path.realpath(path))
        put(content, target, new=not target.exists())
    except OSError as error:
        raise SourceError(f"{path.name} could not be written: {error.strerror or error}") from error


def _written(content: Content) -> str:
    """Return a cell of a CSV file.

    >>> _written(1e15), _written(True), _written("=1+1"), _written(-5.5), _written("- of which")
    ('1000000000000000', 'TRUE', "'=1+1", '-5.5', "'- of which")
    """
    if content is None:
        return ""
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, str):
        return f"'{content}" if content.lstrip()[:1] in ("=", "+", "-", "@") else content
    return f"{Decimal(repr(content)).normalize():f}" if 1e-9 <= abs(content) <= 1e15 else f"{content + 0.0:.15g}"
