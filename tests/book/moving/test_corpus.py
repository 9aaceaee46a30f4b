"""Workbooks that Excel saved: rows come in the middle of each sheet, and every value stays."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from xlmodel.book import read_book
from xlmodel.book.archive import rewrite
from xlmodel.book.calc_parts import without_calc_chain
from xlmodel.book.moving import RowMove, follow
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.workbook import Book
from xlmodel.engine import CellKey, engines
from xlmodel.errors import BookError, UnsupportedEditError
from xlmodel.refs import TokenKind, tokens
from xlmodel.registry import Registry
from xlmodel.values import same_scalar

#: what looks at places, and not only at what stands there
PLACES = re.compile(r"\b(ROW|ADDRESS|CELL|FORMULATEXT|INDEX|INDIRECT|MATCH|XMATCH|OFFSET)\(|\[")


def calculated(book: Book) -> dict[CellKey, object]:
    engine = engines()["native"]()
    engine.load(book.stripped(), Registry())
    result = engine.calculate()
    engine.close()
    values = zip(result.cells, result.values.scalars(), strict=True)
    return {cell: value for cell, value in values if cell not in result.reasons and cell not in result.volatile}


def inserted(package: Package, book: Book, move: RowMove) -> bytes:
    parts, gone = without_calc_chain(package)
    return rewrite(package, parts | follow(package, book, [move], []), gone)


def shapes(formula: str) -> list[tuple[int, int]]:
    return [token.area.at(500, 50).shape for token in tokens(formula, 500, 50) if token.area]


def explained(old: str, new: str, widened: set[str]) -> bool:
    """Whether a formula may differ: it looks at places, or blank rows came inside a range or a name of it."""
    names = {token.text.casefold() for token in tokens(old) if token.kind is TokenKind.NAME}
    return bool(PLACES.search(old)) or shapes(old) != shapes(new) or bool(names & widened)


def differing(book: Book, after: Book, move: RowMove, counts: Counter[str]) -> list[tuple[str, str, str]]:
    """The cells whose value became another though nothing explains it."""
    values, new = calculated(book), calculated(after)
    names = zip(book.names, after.names, strict=True)
    widened = {old.name.casefold() for old, now in names if shapes(old.formula) != shapes(now.formula)}
    changed: set[CellKey] = set()
    found = []
    for cell, value in values.items():
        sheet = book.sheet(cell.sheet)
        if not same_scalar(value, sheet.value(cell.row, cell.col), 1e-9):
            continue
        counts["cells"] += 1
        there = CellKey(cell.sheet, move.row(cell.row), cell.col) if cell.sheet == move.sheet else cell
        if there in new and same_scalar(new[there], value, 1e-9):
            continue
        changed.add(there)
        index = after.sheet(cell.sheet).find(there.row, there.col)
        texts = book.formula_a1(sheet, sheet.find(cell.row, cell.col)), after.formula_a1(after.sheet(cell.sheet), index)
        found.append((there, *texts))
    return [
        (str(cell), *texts)
        for cell, *texts in found
        if not explained(*texts, widened) and not refers_to(texts[1], cell, changed - {cell})
    ]


def refers_to(formula: str, home: CellKey, cells: Iterable[CellKey]) -> bool:
    rects = [token.area.at(home.row, home.col) for token in tokens(formula, home.row, home.col) if token.area]
    return any(r.top <= c.row <= r.bottom and r.left <= c.col <= r.right for r in rects for c in cells)


def insert_everywhere(paths: Iterable[Path], *, sheets: int = 3) -> tuple[Counter[str], list[object]]:
    openpyxl = pytest.importorskip("openpyxl")
    counts: Counter[str] = Counter()
    wrong: list[object] = []
    for path in paths:
        try:
            package, book = Package.open(path), read_book(path)
        except BookError:
            continue
        for sheet in book.sheets[:sheets]:
            move = RowMove(sheet.name, max(2, sheet.used.bottom // 2 + 1), 3)
            try:
                content = inserted(package, book, move)
            except UnsupportedEditError:
                counts["refused"] += 1
                continue
            counts["sheets"] += 1
            wrong += [
                (path.name, move, *x) for x in differing(book, read_package(Package(content, path)), move, counts)
            ]
            try:
                openpyxl.load_workbook(io.BytesIO(package.content)).close()
            except Exception:
                continue
            openpyxl.load_workbook(io.BytesIO(content)).close()
    return counts, wrong


def workbooks(shared: Path, largest: int = 1_500_000) -> list[Path]:
    return sorted(p for p in (shared / "corpora" / "excel_saved").glob("*.xls[xm]") if p.stat().st_size < largest)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_sample(shared):
    counts, wrong = insert_everywhere(random.Random(20261122).sample(workbooks(shared, 25_000), 12), sheets=2)
    assert not wrong
    assert counts["sheets"] > 8
    assert counts["cells"] > 100


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
def test_all(shared):
    counts, wrong = insert_everywhere(workbooks(shared))
    assert not wrong
    assert counts["refused"] < counts["sheets"] / 5


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_became_of_them(shared, tmp_path):
    made = []
    for path in random.Random(7).sample(workbooks(shared), 8):
        package, book = Package.open(path), read_book(path)
        move = RowMove(book.sheets[0].name, book.sheets[0].used.bottom // 2 + 1, 3)
        try:
            made.append(tmp_path / path.name)
            made[-1].write_bytes(inserted(package, book, move))
        except UnsupportedEditError:
            made.pop()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path / "out"),
        *map(str, made),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    assert {p.stem for p in (tmp_path / "out").glob("*.csv")} == {p.stem for p in made}
    assert made
