"""Recalculated values written into real files, and edits with their dependents."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from xlmodel.book import SetFormula, SetValue, patch, read_book
from xlmodel.errors import BookError, BookInUseError, UnsupportedEditError
from xlmodel.registry import Registry
from xlmodel.sync.edit import edit
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import Means, Outcome, check
from xlmodel.verify.recalculation import Verdict

MEANS = Means(Registry.collect({"CSC": "udfs"}))
#: of an engine that calculates no data tables
FEWER = Means(MEANS.registry, engine="formulas")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A stock flow over three years on one sheet, its rate on another; without any saved value."""
    workbook = openpyxl.Workbook()
    flows = workbook.active
    flows.title = "Flows"
    flows.append(["opening", "starts", "ceases", "closing"])
    for row, (starts, ceases) in enumerate([(198, 219), (180, 232), (140, 215)], 2):
        opening = 560 if row == 2 else f"=D{row - 1}"
        flows.append([opening, starts, ceases, f"=CSC_CLOSING_STOCK(A{row},B{row},C{row})"])
    rates = workbook.create_sheet("Rates")
    rates["A1"], rates["B1"] = 49756.1, "=CSC_RATE_PER_10K(Flows!D4,A1,1)"
    rates["A2"], rates["B2"] = "note", '=IF(B1>80,"above","below")'
    rates["A3"] = 7
    workbook.calculation.fullCalcOnLoad = False
    path = tmp_path_factory.mktemp("built") / "flows.xlsx"
    workbook.save(path)
    return path


@pytest.fixture(scope="session")
def with_values(built):
    """The same with its saved values."""
    path = built.with_name("values.xlsx")
    recalculate(built, MEANS, out=path)
    return path


@pytest.fixture
def bare(built, tmp_path):
    return Path(shutil.copy(built, tmp_path / "flows.xlsx"))


@pytest.fixture
def book(with_values, tmp_path):
    return Path(shutil.copy(with_values, tmp_path / "flows.xlsx"))


def saved(path):
    sheet_values = {}
    for sheet in openpyxl.load_workbook(path, data_only=True):
        for row in sheet.iter_rows():
            sheet_values |= {f"{sheet.title}!{c.coordinate}": c.value for c in row}
    return sheet_values


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {i.filename: hashlib.sha256(archive.read(i)).hexdigest() for i in archive.infolist()}


def verified(path) -> Outcome:
    with MEANS.worker() as worker:
        return check(path, worker, MEANS, 0.0)


def test_recalculation_writes_every_value_and_only_sheets_change(bare):
    before = members(bare)
    result = recalculate(bare, MEANS)
    values = saved(bare)
    assert [values[f"Flows!D{r}"] for r in (2, 3, 4)] == [539, 487, 412]
    assert (values["Rates!B1"], values["Rates!B2"]) == (82.8, "above")
    assert len(result.changed) == result.total == 7
    changed = {name for name, digest in members(bare).items() if before[name] != digest}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert verified(bare).exit_code == 0


def test_a_second_recalculation_writes_nothing(book):
    digest = hashlib.sha256(book.read_bytes()).digest()
    assert recalculate(book, MEANS).changed == ()
    assert hashlib.sha256(book.read_bytes()).digest() == digest


def test_out_leaves_the_book_alone_and_overwrites_nothing(bare, tmp_path):
    digest = hashlib.sha256(bare.read_bytes()).digest()
    out = tmp_path / "out.xlsx"
    recalculate(bare, MEANS, out=out)
    assert saved(out)["Flows!D4"] == 412
    assert hashlib.sha256(bare.read_bytes()).digest() == digest
    with pytest.raises(BookError, match=r"out\.xlsx already exists"):
        recalculate(bare, MEANS, out=out)


def test_an_unknown_function_keeps_its_value_and_is_said(book):
    few = Means(Registry([f for f in MEANS.registry if f.name != "CSC_RATE_PER_10K"]))
    few.registry.collections.clear()  # nothing to import: the functions are gone altogether
    result = recalculate(book, few)
    assert saved(book)["Rates!B1"] == 82.8
    assert {str(k): r.code for k, r in result.unverified.items()} == {
        "Flows!D2": "unknown-function",
        "Flows!A3": "depends",
        "Flows!D3": "unknown-function",
        "Flows!A4": "depends",
        "Flows!D4": "unknown-function",
        "Rates!B1": "unknown-function",
        "Rates!B2": "depends",
    }


def test_an_edit_carries_its_dependents_on_every_sheet(book):
    before = members(book)
    result = edit(book, [SetValue("Flows", 4, 2, 150.0)], MEANS)
    values = saved(book)
    assert (values["Flows!B4"], values["Flows!D4"], values["Flows!D3"]) == (150, 422, 487)
    assert values["Rates!B1"] == 84.8
    assert {str(c) for c in result.recalculated} == {"Flows!D4", "Rates!B1"}
    assert result.left_to_excel == ()
    changed = {name for name, digest in members(book).items() if before[name] != digest}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert verified(book).exit_code == 0


def test_an_edit_that_nothing_depends_on_changes_one_member(book):
    before = members(book)
    edit(book, [SetValue("Rates", 3, 1, 8.0)], MEANS)
    assert [n for n, digest in members(book).items() if before[n] != digest] == ["xl/worksheets/sheet2.xml"]


def test_a_formula_edit_saves_what_the_formula_gives(book):
    edit(book, [SetFormula("Rates", 3, 1, "CSC_NET_CHANGE(Flows!B4,Flows!C4)", None)], MEANS)
    assert saved(book)["Rates!A3"] == -75
    assert verified(book).exit_code == 0


def test_a_dependent_the_engine_cannot_vouch_for_is_left_to_excel(book):
    edit(book, [SetFormula("Rates", 3, 1, "_xlfn.WEBSERVICE(Flows!D4)", 1438.0)], MEANS)
    result = edit(book, [SetValue("Flows", 4, 2, 150.0)], MEANS)
    assert [str(c) for c in result.left_to_excel] == ["Rates!A3"]
    assert read_book(book).calc.full_calc_on_load
    assert saved(book)["Flows!D4"] == 422


def test_what_follows_from_a_doubtful_cell_is_left_to_excel(book):
    # as an engine would see it that is wrong about D3: its D4 is wrong with it, though D4 agreed before
    altered = rewritten(book, b"<v>487</v></c></row>", b"<v>490</v></c></row>")
    result = edit(altered, [SetValue("Flows", 4, 2, 150.0)], MEANS)
    assert result.recalculated == ()
    assert [str(c) for c in result.left_to_excel] == ["Flows!D4", "Rates!B1", "Rates!B2"]
    assert (saved(altered)["Flows!B4"], saved(altered)["Flows!D4"]) == (150, 412)
    assert read_book(altered).calc.full_calc_on_load
    result = edit(altered, [SetFormula("Rates", 3, 1, "Flows!D4+1", 7.0)], MEANS)
    assert [str(c) for c in result.left_to_excel] == ["Rates!A3"]
    assert saved(altered)["Rates!A3"] == 7


def test_an_edit_that_changes_nothing_writes_nothing(book):
    edit(book, [SetFormula("Rates", 3, 1, "_xlfn.WEBSERVICE(Flows!D4)", 1438.0)], MEANS)
    before = book.stat()
    result = edit(book, [SetValue("Flows", 4, 2, 140), SetValue("Flows", 9, 9, None)], MEANS)
    assert (result.patched.changed, result.left_to_excel) == ((), ())
    after = book.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.fixture
def arrays(tmp_path):
    """An array formula over two cells, a data table, and cells that read inside them."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "D"
    sheet["A1"], sheet["A2"] = 10, 20
    sheet["B1"] = ArrayFormula("B1:B2", "=A1:A2*2")
    sheet["B2"] = 0
    sheet["C1"] = "=B2+1"
    sheet["F5"] = "=A2+1"
    sheet["E6"], sheet["E7"] = 1, 2
    sheet["F6"] = DataTableFormula("F6:F7", dt2D=False, dtr=False, r1="A2")
    sheet["F7"] = 0
    sheet["G7"] = "=F7+1"
    path = tmp_path / "arrays.xlsx"
    workbook.save(path)
    recalculate(path, MEANS)
    return path


def test_an_array_is_written_in_all_its_cells(arrays):
    result = edit(arrays, [SetValue("D", 2, 1, 50.0)], MEANS)
    values = saved(arrays)
    assert (values["D!B1"], values["D!B2"], values["D!C1"]) == (20, 100, 101)
    assert {str(c) for c in result.recalculated} == {"D!B2", "D!C1", "D!F5"}


def test_a_doubtful_part_of_an_array_makes_all_of_it_doubtful(arrays):
    altered = rewritten(arrays, b"<v>40</v>", b"<v>41</v>")
    result = edit(altered, [SetValue("D", 1, 1, 50.0)], MEANS)
    assert {"D!B1", "D!C1"} <= {str(c) for c in result.left_to_excel}
    assert saved(altered)["D!B1"] == 20


def test_a_data_table_is_recalculated_with_what_reads_it(arrays):
    # nothing in its formula refers to the cell
    assert (saved(arrays)["D!F6"], saved(arrays)["D!F7"], saved(arrays)["D!G7"]) == (2, 3, 4)
    result = edit(arrays, [SetValue("D", 7, 5, 8.0)], MEANS)
    assert [str(c) for c in result.recalculated] == ["D!F7", "D!G7"]
    assert (saved(arrays)["D!F6"], saved(arrays)["D!F7"], saved(arrays)["D!G7"]) == (2, 9, 10)
    assert verified(arrays).exit_code == 0


def test_a_data_table_that_cannot_be_calculated_is_left_to_excel_whatever_changes(arrays):
    result = edit(arrays, [SetValue("D", 7, 5, 8.0)], FEWER)
    assert "D!F6" in [str(c) for c in result.left_to_excel]
    assert read_book(arrays).calc.full_calc_on_load
    assert saved(arrays)["D!F7"] == 3


@pytest.fixture
def dynamic(tmp_path):
    """A dynamic array over two cells, and an error newer than the format, before they are calculated."""
    workbook = openpyxl.Workbook()
    workbook.calculation.fullCalcOnLoad = False
    sheet = workbook.active
    sheet.title = "D"
    sheet["A1"], sheet["A2"], sheet["A3"] = 1, 5, 7
    sheet["B1"] = ArrayFormula("B1:B2", "=_xlfn._xlws.FILTER(A1:A3,A1:A3>3)")
    sheet["B2"] = 0
    sheet["C1"] = ArrayFormula("C1", "=_xlfn._xlws.FILTER(A1:A3,A1:A3>30)")
    sheet["D1"] = "=IFERROR(C1,ERROR.TYPE(C1))"
    path = tmp_path / "plain.xlsx"
    workbook.save(path)
    for cell in (b"B1", b"C1"):
        path = rewritten(path, b'<c r="%s"' % cell, b'<c r="%s" cm="1"' % cell, cell.decode() + ".xlsx")
    return path


def test_a_dynamic_array_is_written_in_the_cells_the_file_gives_it(dynamic):
    result = recalculate(dynamic, MEANS)
    values = saved(dynamic)
    assert [values["D!B1"], values["D!B2"], values["D!C1"], values["D!D1"]] == [5, 7, "#VALUE!", 14]
    assert (result.resized, result.unverified) == ((), {})
    assert verified(dynamic).exit_code == 0
    assert recalculate(dynamic, MEANS).changed == ()


@pytest.mark.parametrize(
    ("row", "value", "held"),
    [
        (1, 4.0, [4, 5, None]),  # it grew: what lies beyond the file's range is Excel's to fill
        (2, 2.0, [7, None, None]),  # it shrank: no old value stays
    ],
)
def test_an_array_of_another_size_is_written_where_it_fits_and_left_to_excel(dynamic, row, value, held):
    recalculate(dynamic, MEANS)
    dynamic.write_bytes(patch(dynamic, read_book(dynamic), [SetValue("D", row, 1, value)]).content)
    assert verified(dynamic).exit_code == 1
    result = recalculate(dynamic, MEANS)
    assert [str(c) for c in result.resized] == ["D!B1"]
    assert [saved(dynamic).get(f"D!B{r}") for r in (1, 2, 3)] == held
    assert read_book(dynamic).calc.full_calc_on_load


def test_an_edit_that_resizes_an_array_leaves_it_to_excel(dynamic):
    recalculate(dynamic, MEANS)
    result = edit(dynamic, [SetValue("D", 1, 1, 4.0)], MEANS)
    assert "D!B1" in [str(c) for c in result.left_to_excel]
    assert [saved(dynamic)[f"D!B{r}"] for r in (1, 2)] == [5, 7]
    assert read_book(dynamic).calc.full_calc_on_load


def rewritten(path, old, new, name="altered.xlsx"):
    altered = path.with_name(name)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(altered, "w") as target:
        assert any(old in source.read(item) for item in source.infolist())
        for item in source.infolist():
            target.writestr(item, source.read(item).replace(old, new, 1))
    return altered


def test_refused_and_in_use_leave_the_file_as_it_is(book):
    digest = hashlib.sha256(book.read_bytes()).digest()
    with pytest.raises(UnsupportedEditError, match="lies outside a sheet"):
        edit(book, [SetValue("Flows", 4, 2, 1.0), SetValue("Flows", 0, 1, 1.0)], MEANS)
    owner = book.with_name("~$" + book.name)
    owner.write_bytes(b"\x04Anna" + b" " * 50)
    with pytest.raises(BookInUseError, match=book.name):
        edit(book, [SetValue("Flows", 4, 2, 1.0)], MEANS)
    owner.unlink()
    assert hashlib.sha256(book.read_bytes()).digest() == digest


def test_an_altered_saved_value_is_named_and_only_its_root(book):
    altered = rewritten(book, b"<v>487</v>", b"<v>488</v>")
    verification = verified(altered).verification
    assert [(str(f.cell), f.saved, f.calculated, f.downstream) for f in verification.roots] == [
        ("Flows!D3", 488.0, 487.0, 4)
    ]
    assert verification.counts[Verdict.DIFFERS] == 1


def test_an_unreadable_file_is_an_outcome_and_not_an_exception(tmp_path):
    path: Path = tmp_path / "no.xlsx"
    path.write_bytes(b"not a zip")
    outcome = verified(path)
    assert outcome.exit_code == 2
    assert "no.xlsx" in outcome.error
