"""Files that Excel saved: read as an independent reader reads them, patched without anything else changing."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import random
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from xlmodel.book import SetFormula, SetSaved, SetValue, patch, read_book
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import TokenKind, bare_function, cell_name, parse_rect, tokens
from xlmodel.values import ErrorValue

KINDS = {None: 0, "n": 1, "d": 1, "s": 2, "b": 3, "e": 4}


def workbooks(shared: Path) -> list[Path]:
    return sorted(p for p in (shared / "corpora").glob("*/*") if p.suffix in (".xlsx", ".xlsm"))


@pytest.fixture
def sample(shared):
    return random.Random(20261121).sample(workbooks(shared), 60)


@pytest.fixture(scope="session")
def independent(shared):
    """The reading of the scoring tool: lxml, and openpyxl's translator for shared formulas."""
    pytest.importorskip("lxml")
    pytest.importorskip("openpyxl")
    spec = importlib.util.spec_from_file_location("fidelity", shared / "tools" / "fidelity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.saved


def comparable(formula: str) -> str:
    """A formula without hosts, and with single spaces: openpyxl's translator drops spaces that are doubled."""
    pieces = []
    for token in tokens(formula):
        name, host = bare_function(token.text) if token.kind is TokenKind.CALL else (token.text, "")
        pieces.append(name if host else token.text)
    return "".join(" ".join("".join(pieces).split()))


def count_reading(paths: list[Path], saved) -> Counter[str]:
    """Compare every formula cell's text, saved value and array range; count what was compared."""
    counts: Counter[str] = Counter()
    for path in paths:
        before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
        book = read_book(path)
        assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
        assert book.sha256 == before[0]
        plain = read_package(Package.open(path), scanning=False)
        assert (book.formulas, book.hosts) == (plain.formulas, plain.hosts)
        for mine, other in zip(book.sheets, plain.sheets, strict=True):
            for column in ("row", "col", "formula", "style"):
                assert np.array_equal(getattr(mine, column), getattr(other, column)), (path.name, mine.name, column)
            for column in ("kind", "num", "text"):
                assert np.array_equal(getattr(mine.values, column), getattr(other.values, column)), (
                    path.name,
                    mine.name,
                )
            for column in ("hidden_rows", "filtered_rows", "hidden_columns"):
                assert np.array_equal(getattr(mine, column), getattr(other, column)), (path.name, mine.name, column)
            for column in ("arrays", "dynamic", "data_tables", "merged"):
                assert getattr(mine, column) == getattr(other, column), (path.name, mine.name, column)
        sheets = {sheet.name: sheet for sheet in book.sheets}
        theirs, _ = saved(str(path))
        counts["files"] += 1
        counts["cells"] += sum(map(len, book.sheets))
        ours = {(s.name, cell_name(int(s.row[i]), int(s.col[i]))) for s, i in book.formula_cells()}
        for (name, ref), (text, array, kind, value) in theirs.items():
            sheet = sheets[name]
            rect = parse_rect(ref)
            at = sheet.find(rect.top, rect.left)
            where = f"{path.name} {name}!{ref}"
            if at in sheet.data_tables:
                counts["data tables"] += 1
            else:
                assert ((name, ref) in ours) == bool(text), where
                if text:
                    assert comparable(book.formula_a1(sheet, at)) == comparable(text), where
                    counts["formulas"] += 1
            ours.discard((name, ref))
            assert sheet.values.kind[at] == KINDS[kind], where
            if kind not in (None, "d"):
                content = sheet.values.item(at)
                assert (content.code if isinstance(content, ErrorValue) else content) == value, where
            assert sheet.arrays.get(at) == (parse_rect(array) if array and text else None), where
        assert not ours, path.name
    return counts


def members(content: bytes) -> dict[str, tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        found = {}
        for x in package.infolist():
            at = x.header_offset + 26
            skip = int.from_bytes(content[at : at + 2], "little") + int.from_bytes(content[at + 2 : at + 4], "little")
            start = x.header_offset + 30 + skip
            raw = content[start : start + x.compress_size]
            found[x.filename] = (
                hashlib.sha256(raw).digest(),
                x.CRC,
                x.date_time,
                x.extra,
                x.external_attr,
                x.compress_type,
            )
        return found


def cell_dump(book):
    for sheet in book.sheets:
        formulas = [book.formulas[n] if n >= 0 else "" for n in sheet.formula]
        places = zip(sheet.row.tolist(), sheet.col.tolist(), strict=True)
        contents = zip(
            formulas,
            sheet.values.kind.tolist(),
            sheet.values.num.tolist(),
            sheet.values.text,
            sheet.style.tolist(),
            strict=True,
        )
        yield from (((sheet.name, *place), content) for place, content in zip(places, contents, strict=True))


def count_edits(paths: list[Path]) -> Counter[str]:
    """Edit one cell of each file in three ways; count by how many members changed, and by why they were refused."""
    counts: Counter[str] = Counter()
    for path in paths:
        book, content = read_book(path), path.read_bytes()
        sheet = max(book.sheets, key=len, default=None)
        pick = random.Random(path.name)
        before = None
        for what in ("value", "formula", "saved"):
            choice = np.flatnonzero((sheet.formula >= 0) == (what == "saved")) if sheet is not None else []
            if not len(choice):
                counts[f"{what}: no such cell"] += 1
                continue
            at = int(pick.choice(choice))
            place = sheet.name, int(sheet.row[at]), int(sheet.col[at])
            edit = {
                "value": SetValue(*place, "new <text> _x0041_\r\x01 "),
                "formula": SetFormula(*place, '"a"&"<b>"', "a<b>"),
                "saved": SetSaved(*place, 0.1 + 0.2),
            }[what]
            try:
                result = patch(path, book, [edit])
            except UnsupportedEditError as error:
                counts[f"{what}: refused, {' '.join(str(error).split('refused, ')[-1].split()[:7])}"] += 1
                continue
            before = before or members(content)
            after = members(result.content)
            changed = {name for name in after if after[name] != before[name]}
            removed = tuple(name for name in before if name not in after)
            assert [name for name in before if name not in removed] == list(after), path.name
            assert (tuple(sorted(changed)), removed) == (result.changed, result.removed), path.name
            chain = [name for name in before if name.casefold() == "xl/calcchain.xml"]
            if what == "formula":
                assert list(removed) == chain, path.name
                assert len(changed) == (3 if chain else 1), (path.name, changed)
            else:
                assert (len(changed), removed) == (1, ()), (path.name, changed)
            counts[f"{what}: {len(changed)} changed, {len(removed)} removed"] += 1
            new = read_package(Package(result.content, path))
            expected, found = dict(cell_dump(book)), dict(cell_dump(new))
            expected.pop(place)
            found.pop(place)
            assert found == expected, path.name
            where = new.sheet(sheet.name)
            assert where.value(*place[1:]) == (edit.saved if what == "formula" else edit.value), path.name
            assert (
                b"calcChain" not in zipfile.ZipFile(io.BytesIO(result.content)).read("[Content_Types].xml")
                or what != "formula"
            )
    return counts


def show(counts: Counter[str]) -> None:
    print()
    for what, count in sorted(counts.items()):
        print(f"{count:8,} {what}")


def test_reading_a_sample(sample, independent):
    counts = count_reading(sample, independent)
    show(counts)
    assert counts["files"] == len(sample)


def test_edits_in_a_sample(sample):
    counts = count_edits(sample)
    show(counts)
    assert counts["value: 1 changed, 0 removed"] > len(sample) / 2


@pytest.mark.full
def test_reading_the_whole_corpus(shared, independent):
    paths = workbooks(shared)
    counts = count_reading(paths, independent)
    show(counts)
    assert counts["files"] == len(paths)


@pytest.mark.full
def test_edits_in_the_whole_corpus(shared):
    counts = count_edits(workbooks(shared))
    show(counts)
    assert counts["formula: 3 changed, 1 removed"] > 500
