"""Plans over real files: made, applied, made again, refused where something changed, taken back."""

import datetime
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table, TableColumn, TableFormula
from sync.feeds import feed

from xlmodel.book import SetFormula, SetValue, patch, read_book
from xlmodel.errors import PlanStaleError, SyncError
from xlmodel.registry import Registry
from xlmodel.sync.applying import apply_plan
from xlmodel.sync.declared import FieldRule, FileSource, SyncSettings, Target
from xlmodel.sync.journal import Journal
from xlmodel.sync.plan_file import plan_sha256, plan_text, read_plan
from xlmodel.sync.planning import make_plan
from xlmodel.sync.recalc import recalculate
from xlmodel.sync.status import State, status
from xlmodel.sync.undoing import undo
from xlmodel.values import ErrorValue
from xlmodel.verify.check import check
from xlmodel.verify.means import Means

MEANS = Means(Registry.collect({}), witness=None)


@pytest.fixture(scope="session")
def worker():
    with MEANS.worker() as one:
        yield one


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """A ledger as a table with a calculated column, a total of it elsewhere, a check, and a history that is a name."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Data"
    sheet.append(["Line", "Day", "Amount", "Double", "Note"])
    for row, (line, amount) in enumerate([("Fostering", 10), ("Residential", 20), ("Supported", 30)], 2):
        sheet.append([line, datetime.date(2024, 4, 1), amount, f"=C{row}*2", None])
        sheet.cell(row, 2).number_format = "dd/mm/yyyy"
        sheet.cell(row, 3).number_format = "#,##0.00"
    table = Table(displayName="Ledger", ref="A1:E4")
    table._initialise_columns()
    table.tableColumns = [
        TableColumn(id=i, name=n) for i, n in enumerate(["Line", "Day", "Amount", "Double", "Note"], 1)
    ]
    table.tableColumns[3].calculatedColumnFormula = TableFormula(attr_text="Ledger[[#This Row],[Amount]]*2")
    sheet.add_table(table)
    sheet["A6"] = "below"
    out = workbook.create_sheet("Out")
    for row in [
        ("Total", "=SUM(Data!C2:C4)"),
        ("Doubled", "=SUM(Ledger[Double])"),
        ("Limit", 100),
        ("Check", '=IF(B1<=B3,"PASS","FAIL")'),
    ]:
        out.append(row)
    history = workbook.create_sheet("History")
    for row in [("Year", "Children"), ("2022/23", 539), ("2023/24", 487)]:
        history.append(row)
    history["D1"] = "=SUM(B2:B3)"
    workbook.defined_names["Past"] = DefinedName("Past", attr_text="History!$A$2:$B$3")
    path = tmp_path_factory.mktemp("saved") / "book.xlsx"
    workbook.save(path)
    recalculate(path, MEANS)
    return path


class Project:
    """A folder with a workbook and the feeds of a test."""

    def __init__(self, folder: Path, saved: Path, worker, *feeds) -> None:
        self.book = Path(shutil.copy(saved, folder / "book.xlsx"))
        self.worker = worker
        made = [replace(f, workbook=self.book, source=f.source or self.source(folder, f.name)) for f in feeds]
        self.settings = SyncSettings(folder, {f.name: f for f in made}, {}, {"book.xlsx": ("Out!B1",)})

    @staticmethod
    def source(folder: Path, name: str) -> FileSource:
        return FileSource(folder / f"{name}.csv", "csv")

    def write(self, text: str, name: str = "ledger") -> None:
        self.source(self.settings.folder, name).path.write_text(text, "utf-8")

    def plan(self, **more):
        return make_plan(self.settings, self.book, MEANS, worker=self.worker, **more)

    def apply(self, **more):
        return self.applied(self.plan(**more).plan)

    def applied(self, plan, **more):
        return apply_plan(plan, self.settings, MEANS, worker=self.worker, **more)

    def type(self, sheet: str, row: int, col: int, value) -> None:
        """Change a constant as a user does: a save of another program."""
        book = read_book(self.book)
        self.book.write_bytes(patch(self.book, book, [SetValue(sheet, row, col, value)]).content)

    def value(self, sheet: str, row: int, col: int):
        return read_book(self.book).sheet(sheet).value(row, col)

    def hash(self) -> str:
        return hashlib.sha256(self.book.read_bytes()).hexdigest()

    def state(self):
        (one,) = status(self.settings, MEANS)
        return one.state


UPDATE = feed({"Line": "text", "Amount": "number"}, ["Line"], target=Target(table="Ledger"))


def test_the_life_of_a_feed(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE)
    first = project.hash()
    project.write("Line,Amount\nFostering,10\nResidential,25\nUnknown,1\n")
    assert project.state() is State.NEVER
    planned = project.plan()
    plan = planned.plan
    (made,) = plan.feeds
    assert [(str(c.cell), c.old, c.new) for c in made.changes] == [("Data!C3", 20.0, 25.0)]
    assert [(t.column, t.before, t.after) for t in made.totals] == [("Amount", 60.0, 65.0)]
    assert made.formats == {"Amount": "#,##0.00"}
    assert plan.effects is not None
    assert (plan.effects.recalculated, dict(plan.effects.by_sheet)) == (3, {"Data": 1, "Out": 2})
    (figure,) = plan.effects.figures
    assert (str(figure.cell), figure.label, figure.before, figure.after) == ("Out!B1", "Total", 60.0, 65.0)
    assert (plan.effects.checks_total, plan.effects.failing_before, plan.effects.failing_after) == (1, (), ())
    assert project.hash() == first, "planning writes nothing"
    text = plan_text(plan)
    assert read_plan(text) == plan
    assert plan_text(project.plan().plan) == text

    entry = project.applied(read_plan(text)).entry
    assert entry is not None
    assert (entry.before, entry.after, entry.plan) == (first, project.hash(), plan_sha256(plan))
    assert (plan.after_sha256, dict(entry.counts or {})) == (
        project.hash(),
        {"cells": 1, "added": 0, "removed": 0, "recalculated": 3},
    )
    verified = check(project.book, worker, MEANS, 0.0).verification
    assert verified is not None
    assert not verified.findings
    assert project.plan().plan.empty
    assert project.state() is State.CURRENT

    second = project.book.read_bytes()
    project.type("Data", 3, 3, 26.0)
    assert project.state() is State.WORKBOOK
    project.write("Line,Amount\nFostering,11\nResidential,27\n")
    plan = project.plan().plan
    (conflict,) = plan.feeds[0].conflicts
    assert (conflict.base, conflict.source_value, conflict.workbook_value) == (25.0, 27.0, 26.0)
    assert plan.blocked
    assert plan.effects is None
    assert project.state() is State.BOTH
    with pytest.raises(SyncError, match=conflict.id):
        project.applied(plan)
    typed = project.hash()
    project.apply(choices={conflict.id: "workbook"})
    assert [project.value("Data", row, 3) for row in (2, 3, 4)] == [11.0, 26.0, 30.0]
    plan = project.plan().plan
    assert plan.empty
    assert [k.why for k in plan.feeds[0].kept] == ["typed"]

    assert undo(project.settings, project.book).sha256 == typed
    assert [e.number for e in Journal(tmp_path).standing(project.book)] == [entry.number]
    with pytest.raises(SyncError, match="changed since"):
        undo(project.settings, project.book)
    project.book.write_bytes(second)
    assert [c.new for c in project.plan().plan.feeds[0].changes] == [11.0, 27.0]
    assert undo(project.settings, project.book).sha256 == first
    assert project.state() is State.NEVER


def test_a_table_grows_with_its_formulas_and_what_refers_to_it(tmp_path, saved, worker):
    made = feed({"Line": "text", "Day": "date", "Amount": "number"}, ["Line"], "add", Target(table="Ledger"))
    project = Project(tmp_path, saved, worker, made)
    project.write("Line,Day,Amount\nFostering,2024-04-01,10\n=1+1,2024-05-01,0.30\n007,2024-06-01,2\n")
    plan = project.plan().plan
    assert [r.key for r in plan.feeds[0].added] == [("=1+1",), ("007",)]
    assert plan.feeds[0].rows_moved == "rows 5 and below of Data move down by 2"
    assert plan.effects is not None
    assert {str(f.cell): (f.before, f.after) for f in plan.effects.figures} == {"Out!B1": (60.0, 62.3)}
    project.applied(plan)
    book = read_book(project.book)
    sheet = book.sheet("Data")
    assert [sheet.value(5, col) for col in range(1, 5)] == ["=1+1", 45_413.0, 0.3, 0.6]
    assert [sheet.value(6, col) for col in (1, 3, 4)] == ["007", 2.0, 4.0]
    assert (sheet.value(8, 1), book.tables[0].rect.name) == ("below", "A1:E6")
    assert (book.sheet("Out").value(1, 2), book.sheet("Out").value(2, 2)) == (62.3, 124.6)
    assert book.number_formats[sheet.style[sheet.find(5, 2)]] == "dd/mm/yyyy"
    verified = check(project.book, worker, MEANS, 0.0).verification
    assert verified is not None
    assert not verified.findings
    assert project.plan().plan.empty


def test_last_digits_that_no_change_touches_stay_as_they_were_saved(tmp_path, saved, worker):
    made = feed({"Line": "text", "Amount": "number"}, ["Line"], "add", Target(table="Ledger"))
    project = Project(tmp_path, saved, worker, made)
    book = read_book(project.book)
    project.book.write_bytes(patch(project.book, book, [SetFormula("Out", 1, 3, "0.1+0.2", 0.3)]).content)
    project.write("Line,Amount\nFostering,10\nNew,1\n")
    project.apply()
    assert (project.value("Out", 1, 2), project.value("Out", 1, 3)) == (61.0, 0.3)


def test_cells_that_would_begin_to_show_an_error_are_named(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE)
    book = read_book(project.book)
    project.book.write_bytes(patch(project.book, book, [SetFormula("Out", 1, 3, "1/Data!C2", 0.1)]).content)
    project.write("Line,Amount\nFostering,0\n")
    effects = project.plan().plan.effects
    assert effects is not None
    assert [(str(f.cell), f.before, f.after) for f in effects.errors] == [("Out!C1", 0.1, ErrorValue("#DIV/0!"))]


def test_rows_the_source_lost_go_and_come_back_by_undo(tmp_path, saved, worker):
    made = feed({"Line": "text", "Day": "date", "Amount": "number"}, ["Line"], "replace", Target(table="Ledger"))
    project = Project(tmp_path, saved, worker, made)
    rows = "Line,Day,Amount\nFostering,2024-04-01,10\nResidential,2024-04-01,20\nSupported,2024-04-01,30\n"
    project.write(rows)
    remembered = project.apply().entry
    assert remembered is not None
    assert remembered.before == remembered.after, "nothing to change, and still worth remembering"
    assert project.apply().entry is None
    first = project.hash()
    project.write(rows.replace("Residential,2024-04-01,20\n", ""))
    project.apply()
    assert [project.value("Data", row, 1) for row in (2, 3)] == ["Fostering", "Supported"]
    assert project.value("Out", 1, 2) == 40.0
    undo(project.settings, project.book)
    assert project.hash() == first


def test_wrong_saved_values_elsewhere_are_not_in_the_way(tmp_path, saved, worker):
    project = Project(
        tmp_path, saved, worker, feed({"Line": "text", "Note": "text"}, ["Line"], "update", Target(table="Ledger"))
    )
    project.type("Data", 2, 3, 11.0)  # by a program that does not recalculate
    project.write("Line,Note\nFostering,checked\n")
    project.apply()
    assert (project.value("Data", 2, 5), project.value("Out", 1, 2)) == ("checked", 60.0)


def test_a_named_range_grows_into_blank_rows(tmp_path, saved, worker):
    made = feed({"Year": "text", "Children": "whole"}, ["Year"], "add", Target(name="Past"))
    project = Project(tmp_path, saved, worker, made)
    project.write("Year,Children\n2024/25,400\n")
    project.apply()
    book = read_book(project.book)
    assert [book.sheet("History").value(4, col) for col in (1, 2)] == ["2024/25", 400.0]
    assert book.sheet("History").value(1, 4) == 1426.0
    assert [n.formula for n in book.names] == ["History!$A$2:$B$4"]
    project.type("History", 5, 1, "in the way")
    project.write("Year,Children\n2024/25,400\n2025/26,390\n")
    (problem,) = project.plan().plan.feeds[0].problems
    assert "History!A5:B5 is not free" in problem.what


def test_rows_do_not_come_below_a_table_that_would_not_grow(tmp_path, saved, worker):
    made = feed({"Line": "text", "Amount": "number"}, ["Line"], "add", Target(region="Data!A1"))
    project = Project(tmp_path, saved, worker, made)
    project.write("Line,Amount\nAgency,40\n")
    (problem,) = project.plan().plan.feeds[0].problems
    assert 'below the table Ledger, which would not grow; name it as the target: { table = "Ledger" }' in problem.what


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.write("Line,Amount\nFostering,13\n"), "ledger.csv was changed"),
        (lambda p: p.type("Out", 3, 2, 90.0), "book.xlsx was changed since"),
        (lambda p: p.settings.feeds.update(ledger=replace(p.settings.feeds["ledger"], rows="add")), "its settings"),
    ],
)
def test_a_plan_that_holds_no_more_is_refused(tmp_path, saved, worker, change, said):
    project = Project(tmp_path, saved, worker, UPDATE)
    project.write("Line,Amount\nFostering,12\n")
    plan = project.plan().plan
    change(project)
    now = project.hash()
    with pytest.raises(PlanStaleError, match=said):
        project.applied(plan)
    assert project.hash() == now


def test_a_check_that_would_fail_forbids_the_apply_unless_that_is_allowed(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE)
    project.write("Line,Amount\nFostering,1000\n")
    plan = project.plan().plan
    assert plan.effects is not None
    assert (len(plan.effects.failing_after), plan.effects.failing_before) == (1, ())
    with pytest.raises(SyncError, match=r"1 of the workbook's own checks would begin to fail: Check.*\(Out!B4\)"):
        project.applied(plan)
    project.settings.feeds["ledger"] = replace(project.settings.feeds["ledger"], failing_checks="allow")
    project.apply()
    assert project.value("Out", 4, 2) == "FAIL"


def test_two_feeds_may_not_have_their_way_with_one_cell(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE, replace(UPDATE, name="second"))
    project.write("Line,Amount\nFostering,1\n")
    project.write("Line,Amount\nFostering,2\n", "second")
    first, second = project.plan().plan.feeds
    assert not first.problems
    assert "changed by the feed ledger as well" in second.problems[0].what


def test_rows_from_a_frame(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE)
    project.settings.feeds["ledger"] = replace(project.settings.feeds["ledger"], source=None)
    frames = {"ledger": pd.DataFrame({"Line": ["Fostering"], "Amount": [11.5]})}
    plan = project.plan(frames=frames).plan
    project.applied(plan, frames=frames)
    assert project.value("Out", 1, 2) == 61.5


def test_a_choice_for_no_conflict_is_refused(tmp_path, saved, worker):
    project = Project(tmp_path, saved, worker, UPDATE)
    project.write("Line,Amount\nFostering,12\n")
    with pytest.raises(SyncError, match="there is no conflict 'C12345'"):
        project.plan(choices={"C12345": "source"})


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path, worker):
    workbook = openpyxl.Workbook()
    workbook.epoch = datetime.datetime(1904, 1, 1)
    sheet = workbook.active
    for row in [("Line", "Day"), ("a", None)]:
        sheet.append(row)
    workbook.save(tmp_path / "old.xlsx")
    rules = (FieldRule("Line", "Line", "text"), FieldRule("Day", "Day", "date"))
    made = replace(feed({}, ["Line"], target=Target(region="Sheet!A1")), columns=rules)
    project = Project(tmp_path, tmp_path / "old.xlsx", worker, made)
    project.settings = replace(project.settings, key_figures={})
    project.write("Line,Day\na,2024-04-01\n")
    plan = project.plan().plan
    assert plan.date1904
    assert plan.feeds[0].changes[0].new == 43_921.0
    project.apply()
    cell = openpyxl.load_workbook(project.book).active["B2"]
    assert (cell.value, cell.number_format) == (datetime.datetime(2024, 4, 1), "dd/mm/yyyy")
    project.write("Line,Day\na,1903-12-31\n")
    assert "1904 or later" in project.plan().plan.feeds[0].problems[0].what
