"""The parts of the Excel adapter that run without Excel.

No Excel is here: `Application`, `Workbook` and the rest below stand in for xlwings' objects, with nothing but what is
asked of them. So these tests hold the adapter's own order of steps (what is held is restored, what was written is taken
back, how long it waits), and nothing about Excel: that is for `test_contract` where Excel is, and for
docs/excel-checks.md.
"""

import pytest

from xlmodel.book import SetValue
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookInUseError, SyncError
from xlmodel.sync.live.excel import ExcelWorkbook
from xlmodel.sync.live.excel_values import as_rows_of, from_excel, to_excel
from xlmodel.sync.live.patience import Patience, is_busy
from xlmodel.values import ErrorValue, Values


class BusyError(Exception):
    """As pywin32 says that a call was put off."""

    hresult = -2147418111


class Application:
    def __init__(self):
        self.screen_updating, self.enable_events, self.calculation = True, True, "semiautomatic"
        self.status_bar = "Ready"
        self.calculated = 0

    def calculate(self):
        self.calculated += 1


class Cells:
    """A range: reads as Excel gives it, and takes a text as if it had been typed."""

    def __init__(self, sheet, top, left, bottom, right):
        self.sheet, self.rows, self.cols = sheet, range(top, bottom + 1), range(left, right + 1)
        self.row, self.column, self.shape = top, left, (len(self.rows), len(self.cols))
        self.api = self

    def _each(self, what):
        rows = tuple(tuple(what(self.sheet.cells.get((r, c))) for c in self.cols) for r in self.rows)
        return rows[0][0] if self.shape == (1, 1) else rows

    @property
    def Value2(self):
        return self._each(lambda content: 42.0 if str(content).startswith("=") and content != "=text" else content)

    @Value2.setter
    def Value2(self, rows):
        self.sheet.fail()
        for r, row in zip(self.rows, rows, strict=True):
            for c, content in zip(self.cols, row, strict=True):
                typed = float(content) if isinstance(content, str) and content.isdigit() else content
                self.sheet.cells[r, c] = typed.removeprefix("'") if isinstance(typed, str) else typed

    @property
    def formula(self):
        return self._each(lambda content: "" if content is None else str(content))

    formula2 = formula

    @formula2.setter
    def formula2(self, text):
        self.sheet.cells[self.row, self.column] = text

    @property
    def number_format(self):
        return self.sheet.formats.get((self.row, self.column), "General")

    @number_format.setter
    def number_format(self, code):
        self.sheet.formats[self.row, self.column] = code


class Row:
    def __init__(self, table, index):
        self.table, self.index = table, index

    def delete(self):
        at = self.table.first + self.index
        cells = self.table.parent.cells
        self.table.parent.cells = {(r - (r > at), c): v for (r, c), v in cells.items() if r != at}
        self.table.count -= 1


class Table:
    name, first = "tblFlows", 2

    def __init__(self, sheet):
        self.parent, self.count = sheet, 2
        self.rows = self
        self.header_row_range = Cells(sheet, 1, 1, 1, 2)

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return Row(self, index)

    def add(self, index=None):
        at = self.first + (self.count if index is None else index - 1)
        self.parent.cells = {(r + (r >= at), c): v for (r, c), v in self.parent.cells.items()}
        self.count += 1

    @property
    def data_body_range(self):
        return Cells(self.parent, self.first, 1, self.first + self.count - 1, 2)


class Sheet:
    name = "Flows"

    def __init__(self):
        self.cells = {(1, 1): "Code", (1, 2): "Amount", (2, 1): "a", (2, 2): 1.0, (3, 1): "b", (3, 2): "=B2+1"}
        self.formats, self.failures = {}, []
        self.tables = [Table(self)]

    def range(self, first, last):
        return Cells(self, *first, *last)

    def fail(self):
        if self.failures:
            raise self.failures.pop(0)


class Workbook:
    def __init__(self):
        self.app, self.sheets = Application(), [Sheet()]


@pytest.fixture
def book():
    return Workbook()


@pytest.fixture
def excel(book, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    return ExcelWorkbook(tmp_path / "budget.xlsx", patience=1.0, book=book)


def settings_of(app):
    return app.screen_updating, app.enable_events, app.calculation, app.status_bar


def test_what_was_held_is_restored_after_a_change(excel, book):
    with excel.changing():
        assert settings_of(book.app)[:3] == (False, False, "manual")
        excel.write([SetValue("Flows", 2, 2, 5.0)])
    assert settings_of(book.app) == (True, True, "semiautomatic", False)
    assert book.app.calculated == 1
    assert book.sheets[0].cells[2, 2] == 5.0


def test_what_was_written_is_taken_back_and_all_restored(excel, book):
    sheet = book.sheets[0]
    before = dict(sheet.cells)

    def changed_half():
        with excel.changing():
            excel.write([SetValue("Flows", 2, 1, "=text"), SetValue("Flows", 2, 2, 5.0, "0.00")])
            excel.append(AppendRows("tblFlows", {"Code": Values.of(["c", "d"]), "Amount": Values.of([7.0, 8.0])}))
            excel.remove(RemoveRows("tblFlows", (3,)))
            assert sheet.cells[3, 1] == "c"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        changed_half()
    assert {place: v for place, v in sheet.cells.items() if v is not None} == before
    assert sheet.tables[0].count == 2
    assert sheet.formats[2, 2] == "General"
    assert settings_of(book.app)[:3] == (True, True, "semiautomatic")


def test_what_cannot_be_taken_back_is_said(excel, book):
    def changed_half():
        with excel.changing():
            excel.write([SetValue("Flows", 2, 2, 5.0)])
            book.sheets[0].failures = [OSError("gone")]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        changed_half()
    assert "gone" in caught.value.__notes__[0]
    assert "without saving" in caught.value.__notes__[0]
    assert settings_of(book.app)[:3] == (True, True, "semiautomatic")


def test_a_calculation_that_fails_takes_the_change_back(excel, book, monkeypatch):
    def broken(self):
        raise OSError("no calculation")

    def changed():
        with excel.changing():
            excel.write([SetValue("Flows", 2, 2, 5.0)])

    monkeypatch.setattr(Application, "calculate", broken)
    with pytest.raises(OSError, match="no calculation"):
        changed()
    assert book.sheets[0].cells[2, 2] == 1.0
    assert settings_of(book.app)[:3] == (True, True, "semiautomatic")


def test_texts_stay_texts(excel, book):
    texts = ["007", "=1", "a", "TRUE", "'x"]
    with excel.changing():
        excel.write([SetValue("Flows", 10 + i, 1, text) for i, text in enumerate(texts)])
    assert [book.sheets[0].cells[10 + i, 1] for i in range(len(texts))] == texts


def test_formulas_are_told_from_texts(excel):
    cells = [CellKey("Flows", 3, 2), CellKey("Flows", 2, 1), CellKey("Flows", 9, 9)]
    assert [tuple(now) for now in excel.read(cells)] == [("B2+1", 42.0), ("", "a"), ("", None)]


def test_writing_outside_a_change_is_refused(excel):
    with pytest.raises(SyncError, match="inside"):
        excel.write([SetValue("Flows", 2, 2, 5.0)])


def test_a_busy_excel_is_asked_again_with_longer_pauses_and_not_for_ever():
    now, pauses = [0.0], []

    def sleep(seconds):
        pauses.append(seconds)
        now[0] += seconds

    def busy(times):
        left = [times]

        def call():
            left[0] -= 1
            if left[0] >= 0:
                raise BusyError
            return "done"

        return call

    patience = Patience(10.0, sleep=sleep, clock=lambda: now[0])
    assert patience(busy(4)) == "done"
    assert pauses == [0.1, 0.2, 0.4, 0.8]
    with pytest.raises(BookInUseError, match=r"busy for 10 s: finish the cell"):
        patience(busy(1000))
    assert sum(pauses[4:]) <= 10.0
    with pytest.raises(ZeroDivisionError):
        patience(lambda: 1 / 0)


@pytest.mark.parametrize(
    ("attributes", "busy"),
    [
        ({"hresult": -2147418111}, True),
        ({"hresult": -2147417846}, True),
        ({"hresult": -2147352567, "excepinfo": (0, None, None, None, 0, -2146777998)}, True),
        ({"hresult": -2147352567, "excepinfo": (0, "Excel", "bad name", None, 0, -2146827284)}, False),
        ({"hresult": -2147352567, "excepinfo": None}, False),
        ({"errornumber": -50}, True),
        ({"errornumber": -1728}, False),
        ({}, False),
    ],
)
def test_only_a_call_that_was_put_off_is_made_again(attributes, busy):
    error = RuntimeError()
    for name, value in attributes.items():
        setattr(error, name, value)
    assert is_busy(error) is busy


@pytest.mark.parametrize(
    ("given", "held"),
    [(-2146826281, "#DIV/0!"), (-2146826246, "#N/A"), (-2146826259, "#NAME?"), (-2146826243, "#SPILL!")],
)
def test_errors_are_told_by_their_numbers(given, held):
    assert from_excel(given) == ErrorValue(held)
    assert from_excel(float(given)) == float(given)


def test_what_excel_gives_for_a_range_has_its_shape():
    assert as_rows_of((1.0, 2.0), 2, 1) == [[1.0], [2.0]]
    assert [to_excel(v, quoted=False) for v in ("Fostering", "Mar 24", "true", None, 1.0, True)] == [
        "Fostering", "'Mar 24", "'true", None, 1.0, True,
    ]  # fmt: skip
