"""Every figure follows its inputs: typed into the workbook or into the tables, they give the same; none is baked in.

And what is not calculated is found: a saved value that was altered is named by the verifier, and nothing else is.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workbooks.published import place_of, saved_in, unlike, values_of

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.building.project import read_book_project
from xlmodel.building.workbook import build_workbook
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.native import Model
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import cell_name
from xlmodel.registry import Registry
from xlmodel.verify.check import Means, check
from xlmodel.verify.recalculation import Verdict

ALONE = Means(Registry(), witness=None)


class Change(NamedTuple):
    """One figure: where it stands among the project's tables, the cell that holds it, and what becomes of it."""

    table: str
    keys: dict[str, str]  #: of the row
    column: str
    cell: str
    to: float


CHANGES = {
    "southampton": [
        Change("model/prices", {"from": "2024-03-08"}, "price_week", "Inputs unit costs!C6", 901.25),
        Change("model/assumptions", {"name": "exit_hazard"}, "value", "Assumptions!C6", 0.41),
        Change("model/starts", {"scenario": "baseline", "year": "2025/26"}, "starts", "Inputs flows!E16", 171.0),
        Change("model/ceases", {"scenario": "plan", "year": "2025/26"}, "ceases", "Inputs flows!E28", 181.0),
        Change("model/opening", {"age": ""}, "children", "Inputs flows!C11", 495.0),
        Change("model/history", {"year": "2023/24"}, "ceases", "Inputs flows!D7", 224.0),
        Change("model/history", {"year": "2023/24"}, "closing", "Inputs flows!E7", 495.0),
        Change("model/population", {"mid_year": "2025"}, "population", "Inputs population!C9", 50_210.0),
        Change("claims", {"id": "plan_total_26_27"}, "value", "Claims!E56", 14.97),
    ],
    "northmoor": [
        Change("model/prices", {"placement": "homes"}, "price_week", "Inputs unit costs!C8", 6120.0),
        Change("model/assumptions", {"name": "exit_hazard"}, "value", "Assumptions!C6", 0.375),
        Change("model/starts", {"scenario": "plan", "year": "2027/28"}, "starts", "Inputs flows!F34", 191.0),
        Change("model/opening", {"placement": "agency"}, "children", "Inputs flows!C14", 220.0),
        Change("model/history", {"year": "2024/25"}, "ceases", "Inputs flows!D9", 210.0),
        Change("model/history", {"year": "2024/25"}, "closing", "Inputs flows!E9", 618.0),
        Change("model/uplift", {"placement": "homes", "year": "2027/28"}, "rate", "Inputs unit costs!E15", 0.061),
        Change("model/population", {"mid_year": "2027"}, "population", "Inputs population!C13", 77_450.0),
        Change("claims", {"id": "plan_total"}, "value", "Claims!E30", 2.1),
    ],
}
#: What the builder writes in words for the figures as it is given them: sentences, and the list of what does not tie.
WORDS = ("Reconciliation!I", "Reconciliation!Z", "Claims!M", "Cover!")


@pytest.fixture(scope="module")
def book(book_at_length: Any) -> Any:
    return book_at_length


def given(book: Any, change: Change) -> float:
    """Return the number that a table gives."""
    (row,) = [r for r in book.csv(change.table) if all(r[k] == v for k, v in change.keys.items())]
    return float(row[change.column])


def rewrite(folder: Path, change: Change) -> None:
    """Put the new number into the table."""
    path = folder / f"{change.table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if all(row[k] == v for k, v in change.keys.items()):
            if "printed" in row:
                row["printed"] = row["printed"].replace(row[change.column], f"{change.to:g}")
            row[change.column] = f"{change.to:g}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def typed_in(book: Any) -> Iterator[dict[str, Any]]:
    """What the workbook gives once the new figures are typed into its cells."""
    before = {change.cell: book.model.value(change.cell) for change in CHANGES[book.name]}
    assert before == {change.cell: given(book, change) for change in CHANGES[book.name]}
    book.model.run({change.cell: change.to for change in CHANGES[book.name]})
    yield book.calculated()
    book.model.run(before)


def test_typed_into_cells_or_into_tables_it_gives_the_same(
    book: Any, typed_in: dict[str, Any], registry: Registry, tmp_path: Path
) -> None:
    """All but the sheet Uncertainty, whose runs are saved with the tables as they were, and what is read from it."""
    folder = tmp_path / book.name
    for part in ("model", "book"):
        shutil.copytree(book.folder / part, folder / part)
    shutil.copy(book.folder / "claims.csv", folder)
    for change in CHANGES[book.name]:
        rewrite(folder, change)
    path = tmp_path / "rebuilt.xlsx"
    build_workbook(read_book_project(folder), path, registry)
    rebuilt = Model.open(path, registry)
    rebuilt.calculate()

    simulated = {place_of(f"Uncertainty!{c.coordinate}") for row in book.wb["Uncertainty"].iter_rows() for c in row}
    after = Dependencies(book.read).dependents(simulated)
    fixed = {f"{k.sheet}!{cell_name(k.row, k.col)}" for k in after} | {
        c for c in typed_in if c.startswith("Uncertainty!")
    }
    there = values_of(rebuilt, book.wb.sheetnames)
    mine, theirs = (
        {cell: value for cell, value in found.items() if cell not in fixed and not cell.startswith(WORDS)}
        for found in (typed_in, there)
    )
    assert len(mine) > 0.85 * len(typed_in)
    assert unlike(mine, theirs, 1e-9) == {}


# --- what is not calculated is found ----------------------------------------------------------------------------------


def altered(book: Any, cells: list[str], path: Path) -> Path:
    """Write a copy in which the saved values of some formula cells are others, each in its own way."""
    saved, edits = saved_in(book.path), []
    for n, cell in enumerate(cells):
        value = saved[cell]
        if isinstance(value, bool):
            other: Any = not value
        else:
            other = value + 1 + n / 7 if isinstance(value, float) else f"{value} {n}"
        edits.append(SetSaved(*place_of(cell), other))
    path.write_bytes(patch(book.path, read_book(book.path), edits).content)
    return path


def hold(book: Any, cells: list[str], path: Path) -> None:
    with ALONE.worker() as worker:
        verification = check(altered(book, cells, path), worker, ALONE, 0.0).verification
    assert verification is not None
    keys: set[CellKey] = {place_of(cell) for cell in cells}
    assert {f.cell for f in verification.findings} == keys
    assert {f.cell for f in verification.roots} == keys
    assert verification.counts[Verdict.UNVERIFIED] == 0
    assert verification.exit_code == 1


def test_altered_values_are_named_and_nothing_else(book: Any, tmp_path: Path) -> None:
    hold(book, random.Random(3).sample(sorted(saved_in(book.path)), 60), tmp_path / "altered.xlsx")


@pytest.mark.full
def test_every_saved_value_altered_once(book: Any, tmp_path: Path) -> None:
    cells = sorted(saved_in(book.path))
    random.Random(4).shuffle(cells)
    for start in range(0, len(cells), 500):
        hold(book, cells[start : start + 500], tmp_path / f"{start}.xlsx")
