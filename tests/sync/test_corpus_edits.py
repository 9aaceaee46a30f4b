"""Six kinds of edit in files that Excel saved: the cell and what depends on it change, and nothing else does."""

import random
import shutil
import zipfile
from collections import Counter
from datetime import date

import openpyxl
import pytest

from benchmarks import lossless_checks as checks
from benchmarks.lossless import read_by_libreoffice, workbooks
from benchmarks.lossless_edits import KINDS, TEXTS, trials
from benchmarks.lossless_openpyxl import loaded
from benchmarks.lossless_tally import Tally, tally
from xlmodel.book import SetFormula, SetValue, patch, read_book
from xlmodel.book.dates import date_serial
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.engine.libreoffice import program
from xlmodel.errors import BookError
from xlmodel.registry import Registry
from xlmodel.sync.edit import edit
from xlmodel.verify.check import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}), time_limit=120.0)


def tallied(paths, **options):
    found = Tally()
    for path in paths:
        found.add(tally(path, **options))
    return found


def per_kind(counts, what):
    """Count by kind of edit: made, or refused for whatever reason."""
    found = Counter()
    for kind in KINDS:
        found[kind] = sum(n for name, n in counts.items() if name.startswith(f"xlmodel {what} {kind}"))
    return found


def test_a_sample(shared):
    small = [p for p in workbooks(shared / "corpora" / "excel_saved") if p.stat().st_size < 40_000]
    paths = random.Random(7).sample(small, 6)
    found = tallied(paths, beside=False)
    assert found.faults == []
    made, refused = per_kind(found.counts, "made"), per_kind(found.counts, "refused")
    assert all(made[kind] + refused[kind] == len(paths) for kind in KINDS[:-1])
    assert made["number"] >= 5


def test_a_table_gets_a_row(shared):
    # by their names: few of the files have tables
    paths = [p for p in workbooks(shared / "corpora" / "excel_saved") if "able" in p.name and read_book(p).tables]
    found = tallied(random.Random(1).sample(paths, 3), beside=False)
    assert found.faults == []
    assert per_kind(found.counts, "made")["table row"] + per_kind(found.counts, "refused")["table row"] == 3
    assert per_kind(found.counts, "made")["table row"] >= 2


def test_openpyxl_beside_loses_results(shared):
    path = next(p for p in workbooks(shared / "corpora" / "excel_saved") if p.name.startswith("F0025"))
    found = tally(path)
    assert found.faults == []
    assert found.counts["openpyxl made number"] == found.counts["xlmodel made number"] == 1
    assert found.counts["openpyxl results lost"] == found.counts["openpyxl results"] > 0
    assert found.counts["xlmodel results lost"] == 0 < found.counts["xlmodel results"]


@pytest.mark.full
def test_the_whole_corpus(shared):
    paths = workbooks(shared / "corpora" / "excel_saved")
    found = tallied(paths, beside=False)
    print(dict(found.counts))
    assert found.faults == []
    made, refused = per_kind(found.counts, "made"), per_kind(found.counts, "refused")
    assert all(made[kind] + refused[kind] == len(paths) for kind in KINDS[:-1])


@pytest.mark.full
@pytest.mark.skipif(program() is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_edits(shared, tmp_path):
    paths = random.Random(9).sample(workbooks(shared / "corpora" / "excel_saved"), 20)
    made, said = tmp_path / "made", tmp_path / "said"
    made.mkdir()
    said.mkdir()
    found = read_by_libreoffice(tallied(paths, beside=False, made=made).asked, said)
    assert found.faults == []
    assert found.counts["read by libreoffice"] >= 90


def test_an_edit_of_a_copy_is_written(shared, tmp_path):
    source = next(p for p in workbooks(shared / "corpora" / "excel_saved") if p.name.startswith("F0025"))
    path = tmp_path / source.name
    shutil.copyfile(source, path)
    name, row, col = next(trials(read_book(path), "number")).cell
    edit(path, [SetValue(name, row, col, "text, ünïcode ]]> & <b>")], MEANS)
    assert read_book(path).sheet(name).value(row, col) == "text, ünïcode ]]> & <b>"
    with pytest.raises(BookError):
        edit(path, [SetValue("no such sheet", 1, 1, 1.0)], MEANS)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
def test_texts_stay_texts(one_cell, text):
    path = one_cell()
    content = patch(path, read_book(path), [SetValue("Data", 1, 1, text)]).content
    assert read_package(Package(content, path)).sheet("Data").value(1, 1) == text


@pytest.mark.parametrize("year_1904", [False, True])
def test_a_date_is_a_date_in_both_systems(one_cell, year_1904):
    path = one_cell('<workbookPr date1904="1"/>' if year_1904 else "")
    book = read_book(path)
    assert book.date1904 == year_1904
    serial = date_serial(date(2026, 3, 31), year_1904)
    content = patch(path, book, [SetValue("Data", 1, 1, serial, "dd/mm/yyyy")]).content
    cell = loaded(content)["Data"]["A1"]
    assert (cell.value.date(), cell.number_format) == (date(2026, 3, 31), "dd/mm/yyyy")


def test_a_formula_newer_than_the_file(one_cell):
    path = one_cell()
    formula = "_xlfn.XLOOKUP(2,{1,2},{5,6})"
    content = patch(path, read_book(path), [SetFormula("Data", 1, 1, formula, 6.0)]).content
    assert loaded(content)["Data"]["A1"].value == "=" + formula
    assert loaded(content, values=True)["Data"]["A1"].value == 6


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("<s><a/><b/></s>", "<s><a/><b x='1'/></s>", ""),
        ("<s><a/><b/></s>", "<s><n/><a/><b/></s>", ""),
        ("<s><a/><b/></s>", "<s><b/><a/></s>", "elements ['a', 'b'] became ['b', 'a']"),
        ("<s><a/></s>", "<s><a></s>", "not well-formed: mismatched tag: line 1, column 8"),
        ("<s/>", '<s><row r="2"/><row r="2"/></s>', "row 2 after row 2"),
        ("<s/>", '<s><row r="2"><c r="B2"/><c r="A2"/></row></s>', "cell A2 is out of order"),
    ],
)
def test_what_is_wrong_in_a_part_is_seen(before, after, wrong):
    assert checks.wrong_in(before.encode(), after.encode()) == wrong


def test_lost_values_are_seen(one_cell):
    path = one_cell(
        rows='<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c><c r="C1"><v>4</v></c></row>'
    )
    bare = one_cell(rows='<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><v>3.5</v></c></row>', name="bare.xlsx")
    found = checks.kept(read_book(path), read_book(bare), {("Data", 1, 3)}, lambda sheet, row: row)
    assert found == checks.Kept(values=2, results=1, results_lost=1, changed=1)


@pytest.fixture
def one_cell(tmp_path):
    """Write a workbook with one cell by openpyxl, or with other rows in its sheet."""

    def make(settings="", rows='<row r="1"><c r="A1" t="b"><v>1</v></c></row>', name="book.xlsx"):
        path, plain = tmp_path / name, tmp_path / "plain.xlsx"
        workbook = openpyxl.Workbook()
        workbook.active.title = "Data"
        workbook.save(plain)
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
            for part in old.namelist():
                content = old.read(part).decode()
                if part == "xl/workbook.xml" and settings:
                    content = content.replace("<workbookPr/>", settings)
                if part == "xl/worksheets/sheet1.xml":
                    content = content.replace("<sheetData/>", f"<sheetData>{rows}</sheetData>")
                    content = content.replace("<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>")
                new.writestr(part, content)
        return path

    return make
