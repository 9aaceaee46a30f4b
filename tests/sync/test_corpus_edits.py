"""One-cell edits of files that Excel saved, with what depends on them: only what must change does."""

import random
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from xlmodel.book import SetFormula, SetValue, read_book
from xlmodel.errors import BookError, UnsupportedEditError
from xlmodel.registry import Registry
from xlmodel.sync.edit import edit, planned_edit
from xlmodel.values import Kind
from xlmodel.verify.check import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}), time_limit=120.0)
TRIES = 25


def books(shared):
    return sorted(p for p in (shared / "corpora" / "excel_saved").iterdir() if p.suffix in (".xlsx", ".xlsm"))


def targets(book):
    """Yield cells to try: constants that hold a number, then other constants, then a new cell below all others."""
    chance = random.Random(book.sha256)
    for numbers in (True, False):
        found = []
        for sheet in book.sheets:
            constant = (sheet.formula < 0) & ((sheet.values.kind == Kind.NUMBER) == numbers)
            found += [(sheet, int(i)) for i in np.flatnonzero(constant)[:10_000]]
        for sheet, i in chance.sample(found, min(TRIES, len(found))):
            yield sheet.name, int(sheet.row[i]), int(sheet.col[i])
    for sheet in book.sheets:
        yield sheet.name, sheet.used.bottom + 2, 1


def changed_members(before: Path, after: bytes) -> set[str]:
    with tempfile.TemporaryFile() as file:
        file.write(after)
        with zipfile.ZipFile(before) as old, zipfile.ZipFile(file) as new:
            names = {n for n in new.namelist() if old.read(n) != new.read(n)}
            return names | (set(old.namelist()) ^ set(new.namelist()))


def counted(paths):
    """Edit one cell of each file, as a value and as a formula; count what changed, and why a file was refused."""
    counts: Counter[str] = Counter()
    with MEANS.worker() as worker:
        for path in paths:
            counts.update(edited(path, worker))
    return counts


def edited(path, worker):
    """Yield what became of the edits of one file."""
    book = read_book(path)
    why = "no worksheet"
    for name, row, col in targets(book):
        try:
            value = planned_edit(path, book, [SetValue(name, row, col, 12345.5)], MEANS, worker)
            formula = planned_edit(path, book, [SetFormula(name, row, col, "1+1", None)], MEANS, worker)
        except UnsupportedEditError as error:
            why = str(error).partition("refused, ")[2] or str(error)
            continue
        break
    else:
        yield f"refused: {why}"
        return
    parts = {s.name: s.part for s in book.sheets}
    changed = changed_members(path, value.patched.content)
    extra = changed - {parts[name]} - {parts[c.sheet] for c in value.recalculated}
    assert parts[name] in changed, path.name
    assert not extra or (value.left_to_excel and extra == {"xl/workbook.xml"}), (path.name, extra)
    kind = "with dependents recalculated" if value.recalculated else "nothing depends on the cell"
    yield "value edits: " + ("dependents left to Excel" if value.left_to_excel else kind)
    yield f"value edits: {len(changed)} members changed"
    moved = changed_members(path, formula.patched.content) - {parts[name], "xl/workbook.xml"}
    moved -= {parts[c.sheet] for c in formula.recalculated}
    with zipfile.ZipFile(path) as archive:
        chain = {n for n in archive.namelist() if n.casefold().endswith("calcchain.xml")}
    goes = chain | {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"} if chain else set()
    assert moved == goes, (path.name, moved)
    yield "formula edits: calcChain removed" if chain else "formula edits: there was no calcChain"


def test_a_sample(shared):
    sample = random.Random(7).sample(books(shared), 16)
    counts = counted(sorted(sample))
    print(dict(counts))
    assert sum(n for what, n in counts.items() if what.startswith("formula edits")) >= 14


@pytest.mark.full
def test_the_whole_corpus(shared):
    every = books(shared)
    counts = counted(every)
    print(dict(counts))
    done = sum(n for what, n in counts.items() if what.startswith("formula edits"))
    assert done + sum(n for what, n in counts.items() if what.startswith("refused")) == len(every)


def test_an_edit_of_a_copy_is_written(shared, tmp_path):
    source = next(p for p in books(shared) if p.name.startswith("F0025"))
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes())
    book = read_book(path)
    name, row, col = next(targets(book))
    edit(path, [SetValue(name, row, col, "text, ünïcode ]]> & <b>")], MEANS)
    assert read_book(path).sheet(name).value(row, col) == "text, ünïcode ]]> & <b>"
    with pytest.raises(BookError):
        edit(path, [SetValue("no such sheet", 1, 1, 1.0)], MEANS)
