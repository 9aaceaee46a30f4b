"""Taking a calculated range or table out of a workbook: to a CSV or Parquet file, or into a database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from xlmodel import __version__
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.errors import SourceError, StaleBookError
from xlmodel.inputs.problems import listed
from xlmodel.sync.declared import Export
from xlmodel.sync.places import Place, read_place
from xlmodel.sync.results.checking import differing, unverified
from xlmodel.sync.results.columns import Column, columns_of
from xlmodel.sync.results.files import write_csv, write_parquet
from xlmodel.sync.results.provenance import Provenance
from xlmodel.sync.results.tables import write_table
from xlmodel.sync.sources.databases import shown_url
from xlmodel.verify.means import Means

__all__ = ["Exported", "export_all", "export_results"]

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out, and where to."""

    name: str
    rows: int
    columns: int
    to: str  #: the file, relative to the project's folder; or the table and its database, without a secret
    sha256: str  #: of the workbook
    functions: str  #: a hash of the functions' source that it was checked with
    notes: tuple[str, ...] = ()  #: what the reader of the result should know


def export_results(export: Export, folder: Path, means: Means, *, tolerance: float = TOLERANCE) -> Exported:
    """Write one result where the settings say; see `export_all`."""
    return next(export_all([export], folder, means, tolerance=tolerance))


def export_all(
    exports: Iterable[Export], folder: Path, means: Means, *, tolerance: float = TOLERANCE
) -> Iterator[Exported]:
    """Write calculated ranges and tables of workbooks where the settings say, one after the other.

    The saved values go out, which are what Excel shows. The workbook is recalculated first: nothing goes out where one
    of them is not what its formula gives.

    Parameters
    ----------
    exports : iterable of Export
        What is declared; a workbook is recalculated once for those of it that follow one another.
    folder : Path
        The project's folder.
    means : Means
        The functions, the engine and the limits.
    tolerance : float
        Relative difference of a saved and a calculated number that passes.

    Yields
    ------
    Exported
        As soon as it is written.

    Raises
    ------
    BookError
        The workbook cannot be read, has no such place, or changed meanwhile.
    EngineError
        It cannot be calculated within the limits.
    SourceError
        A value is wrong, could not be checked, or holds an error; or the file or the table cannot be written, and is as
        it was.
    """
    for workbook, those in groupby(exports, lambda export: export.workbook):
        with means.worker() as worker:
            evaluation = means.evaluate(workbook, worker)
            for export in those:
                place = read_place(workbook, export.place, worker, headings=export.headings, timeout=means.time_limit)
                if evaluation.facts.sha256 != place.sha256:
                    raise StaleBookError(f"{workbook.name} changed while it was read; export it again")
                yield _exported(export, place, evaluation, folder, means, tolerance)


def _exported(
    export: Export, place: Place, evaluation: Evaluation, folder: Path, means: Means, tolerance: float
) -> Exported:
    wrong = differing(place, evaluation, tolerance)
    if wrong:
        raise SourceError(
            f"{export.workbook.name}: saved values are not what their formulas give: {wrong}; open the workbook in "
            "Excel and save it, or run xlmodel recalc"
        )
    unknown = unverified(place, evaluation)
    if unknown and export.unverified == "refuse":
        cells = [f"{cell} ({reason.text})" for cell, reason in unknown.items()]
        raise SourceError(
            f"{export.workbook.name}: cells could not be recalculated here: {listed(cells, 3)}; declare unverified = "
            '"allow" for the export to take what Excel saved'
        )
    columns, empty = columns_of(place, headed=export.headings, errors=export.errors)
    provenance = Provenance(
        export.name,
        export.workbook.name,
        place.sha256,
        export.place,
        f"{place.sheet}!{place.body.name}",
        means.registry.source_hash,
        __version__,
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        empty,
        len(unknown),
        "; ".join(column.heading for column in columns if column.shown_in),
    )
    if export.to is None:
        write_table(columns, export.url, export.table, provenance)
        to = f"table {export.table} at {shown_url(export.url)}"
    else:
        (write_csv if export.to.suffix.lower() == ".csv" else write_parquet)(columns, export.to, provenance)
        to = Path(os.path.relpath(export.to, folder)).as_posix()
    notes = tuple(_notes(columns, empty, unknown))
    return Exported(export.name, place.cells.shape[0], len(columns), to, place.sha256, provenance.functions, notes)


def _notes(columns: Sequence[Column], empty: int, unknown: Mapping[CellKey, Reason]) -> Iterator[str]:
    moved = [f"{column.heading!r} in {column.shown_in}" for column in columns if column.shown_in]
    if moved:
        yield f"as the cells show them, not as they hold them: {listed(moved)}"
    if empty:
        yield f"cells with errors that went out empty: {empty:,}"
    if unknown:
        cell, reason = next(iter(unknown.items()))
        yield f"cells as Excel saved them, unchecked: {len(unknown):,}, such as {cell} ({reason.text})"
