"""One workbook edited in six ways by xlmodel, and by openpyxl beside it: what became of everything else in the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path

from benchmarks import lossless_openpyxl as by_openpyxl
from benchmarks.lossless_checks import Kept, Place, contents, kept, packed, wrong_in
from benchmarks.lossless_edits import KINDS, Trial, appended, trials
from xlmodel.book import Book, patch, read_book
from xlmodel.book.calc_parts import without_calc_chain
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.restyle import CellFormats
from xlmodel.book.table_rows import AppendRows, Restructured, append_rows
from xlmodel.engine.client import Worker
from xlmodel.errors import UnsupportedEditError, XlmodelError
from xlmodel.registry import Registry
from xlmodel.sync.edit import planned_edit
from xlmodel.values import Scalar
from xlmodel.verify.means import Means

__all__ = ["Asked", "Tally", "tally"]


#: members that hold nothing of their own: what is in them can be built from the others
_REBUILT = re.compile(r"calcChain\.xml$|sharedStrings\.xml$|\.rels$", re.IGNORECASE)
_EXTENSIONS = re.compile(rb"<(?:\w+:)?extLst[ />]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What LibreOffice should read in a file that was written for it."""

    original: Path
    file: Path
    kind: str
    cells: Mapping[Place, Scalar]


@dataclass
class Tally:
    """What became of edits, counted; `faults` are those that should never be, with their file."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take over another's counts."""
        self.counts.update(other.counts)
        self.faults += other.faults
        self.asked += other.asked


@cache
def _means() -> tuple[Means, Worker]:
    means = Means(Registry.collect({"CSC": "udfs"}), time_limit=120.0)
    return means, means.worker()


def tally(path: Path, *, beside: bool = True, made: Path | None = None) -> Tally:
    """Edit one workbook in six ways.

    Parameters
    ----------
    path : Path
        The workbook; it is never written to.
    beside : bool
        Let openpyxl make the same edits.
    made : Path, optional
        A folder for the edited workbooks that LibreOffice is to read.
    """
    found, book = Tally(), read_book(path)
    done = [trial for kind in KINDS[:-1] if (trial := _cell_edit(path, book, kind, found)) is not None]
    for number, group in enumerate(_together(done)):
        content = patch(path, book, [trial.edit for trial in group]).content
        _read_by_openpyxl(path, group, content, found)
        if made is not None:
            file = made / f"{path.stem}-{number}{path.suffix}"
            file.write_bytes(content)
            found.asked += [Asked(path, file, trial.kind, {trial.cell: trial.value}) for trial in group]
    if beside and done:
        make = partial(by_openpyxl.edited, path, done)
        _beside(path, book, [trial.kind for trial in done], {trial.cell for trial in done}, make, found)
    if book.tables:
        row = _row_edit(path, book, found, made)
        if row is not None and beside:
            _beside(path, book, KINDS[-1:], set(), partial(by_openpyxl.with_row, path, book, row), found)
    return found


def _together(group: Sequence[Trial]) -> Iterator[list[Trial]]:
    """Yield the edits in groups that have no two for a cell."""
    left = list(group)
    while left:
        first = {trial.cell: trial for trial in reversed(left)}
        yield list(first.values())
        left = [trial for trial in left if first[trial.cell] is not trial]


def _cell_edit(path: Path, book: Book, kind: str, found: Tally) -> Trial | None:
    """Make one edit and look at all of the file; return it, or None where every cell that was tried is refused."""
    means, worker = _means()
    why = "no cell that holds a constant" if kind == "blank" else "no worksheet"
    for trial in trials(book, kind):
        try:
            planned = planned_edit(path, book, [trial.edit], means, worker)
        except UnsupportedEditError as error:
            why = _reason(error)
            continue
        except XlmodelError as error:
            found.counts[f"xlmodel refused {kind}: {_reason(error)}"] += 1
            return None
        break
    else:
        found.counts[f"xlmodel refused {kind}: {why}"] += 1
        return None
    patched, recalculated = planned.patched, {(c.sheet, c.row, c.col) for c in planned.recalculated}
    package, sheets = Package.open(path), {sheet.name: sheet.part for sheet in book.sheets}
    may_change = {sheets[name] for name, *_ in recalculated | {trial.cell}}
    if kind == "date":
        may_change.add(CellFormats(package).part)
    if planned.left_to_excel:
        may_change.add(package.member(package.workbook_part).filename)
    if kind == "formula":
        parts, chain = without_calc_chain(package)
        may_change |= parts.keys() | chain
    _look(path, book, kind, patched.content, recalculated | {trial.cell}, may_change, found)
    found.counts["xlmodel recalculated"] += len(recalculated)
    found.counts["xlmodel left to excel"] += len(planned.left_to_excel)
    after = read_package(Package(patched.content, path))
    sheet, row, col = trial.cell
    if after.sheet(sheet).value(row, col) != trial.value and trial.cell not in recalculated:
        found.faults.append(f"{path.name}: {kind} edit, xlmodel does not read the new value")
    return trial


def _row_edit(path: Path, book: Book, found: Tally, made: Path | None) -> AppendRows | None:
    """Append a row to the first table that takes one."""
    content, why = path.read_bytes(), ""
    for rows in appended(book):
        try:
            new = append_rows(content, book, rows)
        except UnsupportedEditError as error:
            why = _reason(error)
            continue
        break
    else:
        found.counts[f"xlmodel refused {KINDS[-1]}: {why}"] += 1
        return None
    assert new.filled is not None
    table = next(t for t in book.tables if t.name == rows.table)
    _look(path, book, KINDS[-1], new.content, set(), {*new.changed, *new.removed}, found, partial(_moved, new))
    row = {table.rect.left + table.columns.index(h): v.item(0) for h, v in rows.columns.items()}
    if _opens(path):
        right = by_openpyxl.reads_row(new.content, rows.table, table.sheet, new.table, row, new.filled.top)
        found.counts["read by openpyxl"] += right
        if not right:
            found.faults.append(f"{path.name}: table row edit, openpyxl reads another row")
    else:
        found.counts["openpyxl cannot open the original"] += 1
    if made is not None:
        file = made / f"{path.stem}-row{path.suffix}"
        file.write_bytes(new.content)
        top = new.filled.top
        found.asked.append(Asked(path, file, KINDS[-1], {(table.sheet, top, col): v for col, v in row.items()}))
    return rows


def _moved(new: Restructured, sheet: str, row: int) -> int:
    for move in new.moves:
        if move.sheet == sheet:
            row = move.row(row) or row
    return row


def _stays(sheet: str, row: int) -> int:
    return row


def _look(
    path: Path,
    book: Book,
    kind: str,
    content: bytes,
    but: set[Place],
    may_change: set[str],
    found: Tally,
    moved: Callable[[str, int], int] = _stays,
) -> None:
    """Compare a file that xlmodel made with the one it came from; what should not be is a fault."""
    before, where = path.read_bytes(), f"{path.name}: {kind} edit"
    old, new = packed(before), packed(content)
    touched = {name for name in new if new[name] != old.get(name)}
    gone = old.keys() - new.keys()
    for name in sorted((touched | gone) - may_change):
        found.faults.append(f"{where}, {name} is touched")
    parts, now = contents(before), contents(content)
    for name in sorted(touched & parts.keys()):
        wrong = wrong_in(parts[name], now[name])
        if wrong:
            found.faults.append(f"{where}, {name}: {wrong}")
    values = kept(book, read_package(Package(content, path)), but, moved)
    if values.results_lost or values.changed:
        found.faults.append(f"{where}, {values.results_lost} results lost, {values.changed} values changed")
    lost = [name for name in gone if not _REBUILT.search(name)]
    found.counts[f"xlmodel made {kind}"] += 1
    _count("xlmodel", values, found, members=len(old), touched=len(touched), gone=len(lost))


def _count(who: str, values: Kept, found: Tally, *, members: int, touched: int, gone: int) -> None:
    for what, n in (
        ("members", members),
        ("members touched", touched),
        ("members gone", gone),
        ("results", values.results),
        ("results lost", values.results_lost),
        ("values", values.values),
        ("values changed", values.changed),
    ):
        found.counts[f"{who} {what}"] += n


def _beside(
    path: Path,
    book: Book,
    kinds: Sequence[str],
    but: set[Place],
    make: Callable[[], tuple[bytes, list[tuple[str, str]]]],
    found: Tally,
) -> None:
    """Let openpyxl make edits, and count what is left of the file."""
    try:
        content, failed = make()
        after = read_package(Package(content, path))
    except Exception as error:
        # whatever ends it, there is no file
        found.counts.update(f"openpyxl failed {kind}: {type(error).__name__}" for kind in kinds)
        return
    found.counts.update(f"openpyxl failed {kind}: {error}" for kind, error in failed)
    found.counts.update(f"openpyxl made {kind}" for kind in set(kinds) - {kind for kind, _ in failed})
    old, new = contents(path.read_bytes()), contents(content)
    gone = [name for name in old if name not in new and not _REBUILT.search(name)]
    touched = sum(content != old[name] for name, content in new.items() if name in old)
    values = kept(book, after, but, _stays)
    _count("openpyxl", values, found, members=len(old), touched=touched, gone=len(gone))
    found.counts.update(f"openpyxl gone: {_kind_of_part(name)}" for name in gone)
    sheets = (sheet.part for sheet in book.sheets)
    stripped = [x for x in sheets if _EXTENSIONS.search(old[x]) and not _EXTENSIONS.search(new.get(x, b""))]
    found.counts["openpyxl extensions gone"] += len(stripped)


def _kind_of_part(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return folder.rpartition("/")[2] if "/" in folder else re.sub(r"\d+", "", file) or "folders"


@lru_cache(1)
def _opens(path: Path) -> bool:
    """Tell whether openpyxl can open a workbook, and finds its sheets."""
    try:
        sheets = by_openpyxl.loaded(path).sheetnames
    except Exception:
        return False
    return {sheet.name for sheet in read_book(path).sheets} <= set(sheets)


def _read_by_openpyxl(path: Path, group: Sequence[Trial], content: bytes, found: Tally) -> None:
    if not _opens(path):
        found.counts["openpyxl cannot open the original"] += len(group)
        return
    try:
        wrong = by_openpyxl.misread(content, group)
    except Exception as error:
        found.faults.append(f"{path.name}: openpyxl cannot read the edits: {error!r}")
        return
    found.counts["read by openpyxl"] += len(group) - len(wrong)
    found.faults += [f"{path.name}: {kind} edit, openpyxl reads another value" for kind in wrong]


def _reason(error: XlmodelError) -> str:
    text = str(error).partition("refused, ")[2] or str(error).partition(": ")[2] or str(error)
    return " ".join(re.sub(r"\b[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?|'[^']*'|\d+", "…", text).split()[:12])
