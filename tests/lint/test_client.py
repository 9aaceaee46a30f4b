"""Findings of saved workbooks by way of a worker: what is suppressed, known, gone or new."""

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xlmodel.engine.client import Worker
from xlmodel.lint.baseline import read_legacy, write_legacy
from xlmodel.lint.client import lint
from xlmodel.lint.settings import parse_lint

STYLE = "whole-column-reference"


@pytest.fixture(scope="module")
def worker():
    with Worker() as one:
        yield one


def saved(path, *, above=0, suppressions=(), second="=SUM(E:E)"):
    """A table of costs with two totals of whole columns, and a reference that leads nowhere."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Costs"
    rows = [["Rent", 120.0], ["Heat", 80.0], ["All", "=SUM(D:D)"], ["These", second], ["Share", "=#REF!/2"]]
    for number, row in enumerate(rows, 1 + above):
        sheet.cell(number, 1, row[0])
        sheet.cell(number, 2, row[1])
    if suppressions:
        lists = workbook.create_sheet("Lists")
        for row in (["Rule", "Cells", "Reason"], *suppressions):
            lists.append(row)
        lists.add_table(Table(displayName="Lint_suppressions", ref=f"A1:C{len(suppressions) + 1}"))
    workbook.save(path)
    return path


@pytest.fixture
def look(worker, tmp_path):
    def look(path, **table):
        settings = parse_lint({"select": [STYLE], **table}, tmp_path / "xlmodel.toml")
        return lint(path, worker=worker, settings=settings, timeout=60)

    return look


def places(findings):
    return [(f.sheet, f.cells[0].name) for f in findings]


def test_findings_come_whole_through_the_worker(look, tmp_path):
    result = look(saved(tmp_path / "a.xlsx"), severity={STYLE: "warning"})
    first, second = result.findings
    assert places([first, second]) == [("Costs", "B3"), ("Costs", "B4")]
    assert (first.rule, first.formula, first.severity.value) == (STYLE, "SUM(D:D)", "warning")
    assert first.fingerprint != second.fingerprint
    assert result.failed
    assert not result.incomplete


def test_the_workbook_read_last_is_not_read_again(look, worker, tmp_path):
    path = saved(tmp_path / "a.xlsx")
    before = look(path)
    path.unlink()
    settings = parse_lint({"select": [STYLE]}, tmp_path / "xlmodel.toml")
    assert lint(path, worker=worker, settings=settings, loaded=True) == before


def test_a_suppression_in_the_settings_holds(look, tmp_path):
    entries = [
        {"rule": STYLE, "cells": "Costs!B3", "reason": "agreed in May"},
        {"rule": STYLE, "cells": "Costs!B1", "reason": "long ago"},
        {"rule": STYLE, "book": "other.xlsx", "reason": "another workbook"},
    ]
    result = look(saved(tmp_path / "a.xlsx"), suppress=entries)
    assert places(result.findings) == [("Costs", "B4")]
    assert [s.reason for s in result.suppressed] == ["agreed in May"]
    assert result.used == {"xlmodel.toml, suppression 1"}


def test_a_suppression_in_the_workbook_follows_its_cell(look, tmp_path):
    rows = [(STYLE, "=Costs!B5", "agreed in May"), (STYLE, "Costs!B1", "long ago"), ("no-such", None, "x")]
    path = saved(tmp_path / "a.xlsx", above=2, suppressions=rows)
    result = look(path)
    assert places(result.findings) == [("Costs", "B6")]
    assert [s.reason for s in result.suppressed] == ["agreed in May"]
    assert f"the table Lint_suppressions, row 3: no finding of {STYLE} lies wholly within its cells" in result.notes
    assert any("row 4, does not hold: there is no rule 'no-such'" in note for note in result.notes)
    untrusted = look(path, workbook_suppressions=False)
    assert (len(untrusted.findings), untrusted.notes) == (2, ())


def test_what_is_known_stays_known_when_rows_are_inserted(look, tmp_path):
    path, known = saved(tmp_path / "a.xlsx"), tmp_path / "known.json"
    assert write_legacy(known, {path: look(path).findings}) == 2
    saved(path, above=3)
    result = look(path, baseline="known.json", select=[STYLE, "dead-reference"])
    assert {f.rule for f in result.findings} == {"dead-reference"}
    assert places(result.known) == [("Costs", "B6"), ("Costs", "B7")]
    assert result.gone == 0


def test_what_is_gone_is_counted_where_its_rule_ran(look, tmp_path):
    path, known = saved(tmp_path / "a.xlsx"), tmp_path / "known.json"
    write_legacy(known, {path: look(path).findings})
    saved(path, second="=SUM(B1:B2)")
    result = look(path, baseline="known.json")
    assert (len(result.findings), len(result.known), result.gone) == (0, 1, 1)
    assert look(path, baseline="known.json", select=["long-formula"]).gone == 0


def test_a_baseline_is_written_the_same_way_twice_and_keeps_other_workbooks(look, tmp_path):
    one, two, known = saved(tmp_path / "a.xlsx"), saved(tmp_path / "b.xlsx"), tmp_path / "known.json"
    found = {path: look(path).findings for path in (two, one)}
    write_legacy(known, found)
    text = known.read_text()
    write_legacy(known, dict(reversed(found.items())))
    assert known.read_text() == text
    write_legacy(known, {one: ()})
    assert list(read_legacy(known).workbooks) == ["b.xlsx"]
