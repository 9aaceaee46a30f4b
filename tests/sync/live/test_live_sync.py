"""A feed planned and applied to a workbook that LibreOffice has open."""

import pandas as pd
import pytest

from xlmodel.book import SetValue
from xlmodel.book.replacing import file_hash
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import PlanStaleError, SyncError
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.sync.declared import Feed, FieldRule, SyncSettings, Target
from xlmodel.sync.journal import Journal
from xlmodel.sync.live.applying import apply_live, make_live_plan
from xlmodel.sync.live.libreoffice import LibreOfficeWorkbook
from xlmodel.sync.planning import make_plan
from xlmodel.verify.means import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}))


@pytest.fixture
def settings(budget, tmp_path):
    columns = (
        FieldRule("Code", "code", "text"),
        FieldRule("Amount", "amount", "number"),
        FieldRule("When", "when", "date"),
    )
    feed = Feed("flows", budget, None, Target(table="tblFlows"), columns, ("Code",), "replace")
    return SyncSettings(tmp_path, {"flows": feed}, {}, {})


@pytest.fixture
def workbook(office, budget):
    with office.showing(budget), LibreOfficeWorkbook(budget, connection=office.connection, patience=30.0) as opened:
        yield opened


def frame(**amounts):
    when = pd.Timestamp("2024-07-01")
    return {"flows": pd.DataFrame([{"code": c, "amount": float(a), "when": when} for c, a in amounts.items()])}


def held(workbook, names, sheet="Flows"):
    return [now.value for now in workbook.read([CellKey(sheet, *parse_cell(n)) for n in names.split()])]


def synced(workbook, settings, frames):
    plan = make_live_plan(settings, workbook, MEANS, frames=frames)
    return plan, apply_live(plan, workbook, settings, MEANS, frames=frames)


FIRST = {"007": 10, "a": 2, "b": 3}


def test_cells_and_rows_come_in_and_the_journal_knows(workbook, settings, budget, office):
    before = file_hash(budget)
    plan, applied = synced(workbook, settings, frame(**FIRST, c=5))
    (feed,) = plan.feeds
    assert (len(feed.changes), len(feed.added), plan.effects.recalculated) == (4, 1, 3)
    assert held(workbook, "B2 B5 C5 D5 A8") == [10.0, 5.0, 10.0, 45474.0, "below"]
    assert held(workbook, "A1 B1", "Totals") == [20.0, 20.0]
    assert file_hash(budget) == before
    assert (applied.entry.before, applied.entry.after) == (before, "")
    assert "open in LibreOffice" in applied.entry.note
    assert [e.what for e in Journal(settings.folder).entries()] == ["begun", "applied"]
    assert office.person("state", budget) == [False, True, 1]
    office.person("undo", budget)
    assert held(workbook, "B2 B5 A8") == [1.5, None, "below"]
    # closed without saving, the file knows nothing of it: the next plan brings it again
    (again,) = make_plan(settings, budget, MEANS, frames=frame(**FIRST, c=5)).plan.feeds
    assert (again.changes, again.added, again.kept) == (feed.changes, feed.added, feed.kept)


def test_what_was_typed_is_in_the_plan_and_what_is_typed_later_makes_it_stale(workbook, settings, budget, office):
    office.person("type", budget, "Flows", "B3", "99")
    frames = frame(**FIRST)
    plan = make_live_plan(settings, workbook, MEANS, frames=frames)
    changes = [(c.cell.row, c.old, c.new) for c in plan.feeds[0].changes if c.column == "Amount"]
    assert changes == [(2, 1.5, 10.0), (3, 99.0, 2.0)]
    office.person("type", budget, "Flows", "B2", "77")
    with pytest.raises(PlanStaleError, match="does not hold any more"):
        apply_live(plan, workbook, settings, MEANS, frames=frames)
    assert held(workbook, "B2 B3") == [77.0, 99.0]


@pytest.mark.full
def test_changes_on_both_sides_need_a_choice_and_rows_that_left_the_source_go(workbook, settings, budget, office):
    synced(workbook, settings, frame(**FIRST))
    office.person("type", budget, "Flows", "B2", "77")
    frames = frame(**{"007": 12, "b": 4})
    plan = make_live_plan(settings, workbook, MEANS, frames=frames)
    (conflict,) = plan.feeds[0].conflicts
    assert (conflict.base, conflict.source_value, conflict.workbook_value) == (10.0, 12.0, 77.0)
    with pytest.raises(SyncError, match=conflict.id):
        apply_live(plan, workbook, settings, MEANS, frames=frames)
    plan = make_live_plan(settings, workbook, MEANS, choices={conflict.id: "source"}, frames=frames)
    apply_live(plan, workbook, settings, MEANS, frames=frames)
    assert held(workbook, "A2 B2 C2 A3 B3 A4") == ["007", 12.0, 24.0, "b", 4.0, None]
    assert held(workbook, "A1 B1 C1", "Totals") == [16.0, 16.0, 4.0]


def test_a_protected_sheet_is_refused_and_stays_as_it_was(workbook, budget, office):
    def changed():
        with workbook.changing():
            workbook.write([SetValue("Totals", 5, 5, 1.0), SetValue("Flows", 2, 2, 10.0)])

    office.person("protect", budget, "Flows")
    with pytest.raises(SyncError, match="LibreOffice"):
        changed()
    assert held(workbook, "A2 B2 D2") == ["007", 1.5, 45383.0]
    assert held(workbook, "E5", "Totals") == [None]
    assert office.person("state", budget) == [False, True, 1]


def test_a_formula_or_a_row_of_the_users_own_must_be_saved_first(workbook, budget, office, tmp_path):
    office.person("type", budget, "Flows", "B3", "=1+1")
    with pytest.raises(SyncError, match=r"row 3, column 2.*save it there"):
        workbook.copy(tmp_path / "copy.xlsx")
    office.person("undo", budget)
    office.person("insert", budget, "Flows", "3")
    with pytest.raises(SyncError, match="save it there"):
        workbook.copy(tmp_path / "copy.xlsx")


def test_a_workbook_that_is_not_open_is_named_with_what_is(workbook, office, tmp_path):
    other = tmp_path / "other.xlsx"
    other.write_bytes(workbook.path.read_bytes())
    with pytest.raises(SyncError, match=r"does not have other.xlsx open; it has budget"):
        LibreOfficeWorkbook(other, connection=office.connection)


def test_libreoffice_that_does_not_listen_is_told_how(budget):
    with pytest.raises(SyncError, match=r"soffice --accept=pipe,name=nobody;urp;"):
        LibreOfficeWorkbook(budget, connection="pipe,name=nobody")


def test_a_change_that_nobody_ends_is_taken_back(office, budget):
    with office.showing(budget):
        lost = LibreOfficeWorkbook(budget, connection=office.connection)
        lost._ask("begin")
        lost._ask("write", ranges=[["Flows", 2, 2, 2, 2, [[55.0]]]])
        lost.close()
        assert office.person("state", budget) == [False, True, 0]
        with LibreOfficeWorkbook(budget, connection=office.connection) as again:
            assert held(again, "B2") == [1.5]
