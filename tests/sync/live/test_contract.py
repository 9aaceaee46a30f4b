"""What every open workbook does alike: one on disk, one that LibreOffice has open, one in Excel where that is."""

import contextlib
import sys
from importlib.util import find_spec

import pytest

from xlmodel.book import SetValue, read_book
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import XlmodelError
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.sync.live.closed import ClosedWorkbook
from xlmodel.sync.live.excel import ExcelWorkbook
from xlmodel.sync.live.libreoffice import LibreOfficeWorkbook
from xlmodel.values import Values
from xlmodel.verify.means import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}))
EXCEL = sys.platform in ("win32", "darwin") and find_spec("xlwings") is not None


@contextlib.contextmanager
def in_excel(path):
    import xlwings

    with xlwings.App(visible=False) as app:
        app.books.open(path)
        yield ExcelWorkbook(path)


@pytest.fixture(params=["closed", "libreoffice", "excel"])
def open_book(request, budget):
    """The budget, open in one program after the other."""
    with contextlib.ExitStack() as stack:
        if request.param == "closed":
            yield ClosedWorkbook(budget, MEANS)
        elif request.param == "libreoffice":
            office = request.getfixturevalue("office")
            stack.enter_context(office.showing(budget))
            yield stack.enter_context(LibreOfficeWorkbook(budget, connection=office.connection, patience=15.0))
        elif EXCEL:
            yield stack.enter_context(in_excel(budget))
        else:
            pytest.skip("Excel and xlwings are not here")


def at(name):
    sheet, _, cell = name.rpartition("!")
    return CellKey({"T": "Totals"}.get(sheet, "Flows"), *parse_cell(cell))


def held(book, names):
    return [now.value for now in book.read([at(name) for name in names.split()])]


def to(name, value, number_format=None):
    return SetValue("Flows", *parse_cell(name), value, number_format)


def test_it_says_what_cells_hold(open_book):
    assert held(open_book, "A2 A3 B2 D2 E2 E3 E4 T!D1 Z99") == [
        "007",
        "a",
        1.5,
        45383.0,
        True,
        None,
        False,
        "=1+1",
        None,
    ]
    assert held(open_book, "C2 T!A1 T!B1") == [3.0, 6.5, 6.5]


def test_it_says_which_cells_are_formulas(open_book):
    formulas = [now.formula for now in open_book.read([at(n) for n in ("C2", "T!B1", "A2", "E2", "T!D1", "Z99")])]
    assert formulas == ["B2*2", "SUM(tblFlows[Amount])", "", "", "", ""]


VALUES = [
    0.1 + 0.2, -2.5, 1e300, 0.0, True, False, None, "plain", "007", "=1+1", "@SUM", "+1", "1/2", "TRUE", "'x", "#N/A",
    "1e5", "50%", "£5", "12:30", "Jan 24", " space ", "two\nlines", "naïve – ü 😀", "{=1}", "a" * 300,
]  # fmt: skip


def test_what_is_written_is_read_back(open_book):
    cells = [CellKey("Flows", 20 + i, 11) for i in range(len(VALUES))]
    with open_book.changing():
        open_book.write([SetValue(*cell, value) for cell, value in zip(cells, VALUES, strict=True)])
        open_book.write([to("A2", "=1+1"), to("B2", 10.0), to("B3", 20.0), to("E2", False), to("E3", True)])
    now = open_book.read(cells)
    assert [n.value for n in now] == VALUES
    assert [type(n.value) for n in now] == list(map(type, VALUES))
    assert {n.formula for n in now} == {""}
    assert held(open_book, "A2 E2 E3 C2 C3 T!A1 T!B1") == ["=1+1", False, True, 20.0, 40.0, 33.0, 33.0]


def appended(codes, amounts):
    rows = {
        "Code": Values.of(list(codes)),
        "Amount": Values.of(list(amounts)),
        "When": Values.of([45474.0] * len(codes)),
    }
    return AppendRows("tblFlows", rows)


def test_a_table_grows_with_its_formulas_and_what_refers_to_it(open_book):
    with open_book.changing():
        assert open_book.append(appended(["008", "=x"], [10.0, 20.0])) == 5
    assert held(open_book, "A5 A6 B5 B6 C5 C6 D6 E5") == ["008", "=x", 10.0, 20.0, 20.0, 40.0, 45474.0, None]
    assert held(open_book, "T!A1 T!B1 T!C1 A8") == [36.5, 36.5, 3.0, "below"]


def test_what_stands_below_moves_where_there_is_no_room(open_book):
    many = appended([f"k{i}" for i in range(6)], [1.0] * 6)
    with open_book.changing():
        assert open_book.append(many) == 5
    assert held(open_book, "A10 T!A1 T!B1") == ["k5", 12.5, 12.5]
    assert "below" in held(open_book, "A11 A12 A13 A14 A15")


def test_rows_go(open_book):
    with open_book.changing():
        open_book.remove(RemoveRows("tblFlows", (2, 3)))
    assert held(open_book, "A2 B2 A3 T!A1 T!B1 T!C1") == ["b", 3.0, None, 3.0, 3.0, 3.0]


def test_a_change_that_fails_is_taken_back(open_book):
    cells = "A2 A3 A4 A5 B2 B5 C2 C5 E3 K12 L12 T!A1 T!B1 T!E5 A8"
    before = held(open_book, cells)

    def changed_half():
        with open_book.changing():
            open_book.write([to("B2", 10.0), to("A3", None), to("E3", True), to("K12", 1.0), to("L12", "x")])
            open_book.write([SetValue("Totals", 5, 5, 1.0)])
            open_book.append(appended(["n"], [1.0]))
            open_book.remove(RemoveRows("tblFlows", (2,)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        changed_half()
    assert held(open_book, cells) == before


def changed_and(open_book, ask):
    with open_book.changing():
        open_book.write([to("B2", 5.0)])
        ask()


def test_what_is_not_there_is_refused_and_nothing_changes(open_book):
    before = held(open_book, "A2 B2 A5 T!A1")
    for ask in (
        lambda: open_book.write([SetValue("No such sheet", 1, 1, 1.0)]),
        lambda: open_book.append(AppendRows("tblNone", {"A": Values.of([1.0])})),
        lambda: open_book.append(AppendRows("tblFlows", {"No such column": Values.of([1.0])})),
        lambda: open_book.remove(RemoveRows("tblNone", (2,))),
    ):
        with pytest.raises(XlmodelError, match=r"No such|tblNone"):
            changed_and(open_book, ask)
        assert held(open_book, "A2 B2 A5 T!A1") == before


def test_a_copy_has_what_was_typed_since(open_book, tmp_path):
    copy, later = tmp_path / "copy.xlsx", tmp_path / "later.xlsx"
    assert open_book.copy(copy)
    assert read_book(copy).sheet("Flows").value(2, 1) == "007"
    with open_book.changing():
        open_book.write([to("B2", 10.0), to("A3", "=text"), to("E2", None), to("E3", True)])
    open_book.copy(later)
    sheet = read_book(later).sheet("Flows")
    assert [sheet.value(*parse_cell(n)) for n in ("B2", "A3", "E2", "E3", "B3")] == [10.0, "=text", None, True, 2.0]
