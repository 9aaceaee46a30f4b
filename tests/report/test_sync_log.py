"""What was done, in words: the journal, how feeds stand, and what a command has just done."""

import json
import re
from dataclasses import replace

import pytest
from hostile_text import PAYLOADS
from sync_plans import MONTH, NOTHING

from xlmodel.report.sync_log import applied_lines, log_json, log_lines, status_lines, undone_lines
from xlmodel.sync.applying import Applied
from xlmodel.sync.journal import Entry
from xlmodel.sync.status import FeedStatus, State
from xlmodel.sync.undoing import Undone

A, B = "a" * 64, "b" * 64
SOURCES = {f"ledger_2024-{month:02}.csv": A for month in range(4, 13)}
BEGUN = Entry(
    1, "begun", "2026-11-22T10:54:27Z", "priya on FIN-12", "books/budget.xlsx", A, B, ("ledger",), SOURCES,
    counts={"cells": 3, "added": 1, "removed": 0, "recalculated": 1412},
)  # fmt: skip
APPLIED = Entry(2, "applied", "2026-11-22T10:54:28Z", "priya on FIN-12", "books/budget.xlsx", A, B, ("ledger",), of=1)
UNDONE = Entry(3, "undone", "2026-11-22T11:02:00Z", "sam on FIN-3", "books/budget.xlsx", B, A, ("ledger",), of=1)
SENT = Entry(4, "exported", "2026-11-22T12:00:00Z", "sam on FIN-3", "books/budget.xlsx", A, A, note="out/stock.parquet")
HALF = Entry(5, "begun", "2026-11-22T13:00:00Z", "sam on FIN-3", "books/budget.xlsx", A, B)


@pytest.fixture(autouse=True)
def in_london(monkeypatch):
    monkeypatch.setenv("TZ", "UTC0")


def test_the_journal_tells_who_did_what_when_and_from_what():
    assert (
        "\n".join(log_lines([BEGUN, APPLIED, UNDONE, SENT, HALF], 100))
        == """\
1  22 Nov 2026 10:54  applied      books/budget.xlsx  aaaaaaaa → bbbbbbbb
    by priya on FIN-12; ledger; 3 cells changed, 1 row added and 1,412 cells recalculated; from
    ledger_2024-04.csv to ledger_2024-12.csv (9)
3  22 Nov 2026 11:02  1 undone     books/budget.xlsx  bbbbbbbb → aaaaaaaa
    by sam on FIN-3; ledger
4  22 Nov 2026 12:00  exported     books/budget.xlsx  aaaaaaaa
    by sam on FIN-3; out/stock.parquet
5  22 Nov 2026 13:00  interrupted  books/budget.xlsx  aaaaaaaa → bbbbbbbb
    by sam on FIN-3
Times are of this computer's clock (UTC). Last: the workbook's fingerprint before → after.
An apply takes two numbers of the journal: the second says how it ended."""
    )


def test_what_was_saved_between_by_other_means_is_told():
    typed = replace(BEGUN, number=3, before="c" * 64, after="d" * 64)
    gap = "    before this, the workbook was saved outside sync, after 1"
    assert [gap in list(log_lines([BEGUN, APPLIED, then], 100)) for then in (typed, UNDONE)] == [True, False]
    failed = replace(APPLIED, what="failed")
    again = replace(BEGUN, number=3)
    assert gap not in list(log_lines([BEGUN, failed, again], 100))
    assert gap not in list(log_lines([BEGUN, typed], 100)), "how the interrupted one ended is not known"


def test_an_empty_journal_says_so():
    assert list(log_lines([], 100)) == ["Nothing has been synced yet."]


def test_the_journal_as_data_keeps_every_entry_and_field():
    found = json.loads(log_json([BEGUN, APPLIED]))
    assert [e["what"] for e in found] == ["begun", "applied"]
    assert found[0]["sources"] == SOURCES


def test_status_says_how_each_feed_stands_by_workbook():
    feeds = [
        FeedStatus(
            "ledger", "books/budget.xlsx", "table Lines on sheet In-year", State.CURRENT, "2026-11-22T10:54:27Z"
        ),
        FeedStatus("rates", "books/budget.xlsx", "table Rates on sheet Rates", State.BOTH, counts=(2, 0, 1, 1)),
        FeedStatus("homes", "homes.xlsx", "name Homes", State.PROBLEM, problem="homes.csv is not there"),
    ]
    assert (
        "\n".join(status_lines(feeds, 100))
        == """\
books/budget.xlsx
  ledger  table Lines on sheet In-year  up to date    synced 22 Nov 2026 10:54
  rates   table Rates on sheet Rates    both changed
    2 cells to change, 1 row to remove and 1 conflict to decide.
homes.xlsx
  homes  name Homes  problem
    homes.csv is not there
Next: xlmodel sync plan"""
    )


def test_status_offers_nothing_where_all_is_up_to_date():
    feeds = [FeedStatus("ledger", "budget.xlsx", "table Lines", State.CURRENT)]
    assert list(status_lines(feeds, 100)) == ["budget.xlsx", "  ledger  table Lines  up to date"]


def test_what_was_just_done_is_said_with_what_takes_it_back():
    assert list(applied_lines(Applied(BEGUN, MONTH))) == [
        "Done: books/budget.xlsx: 3 cells changed, 1 row added and 1,412 cells recalculated.",
        "  Number 1 in the journal; the workbook's fingerprint: aaaaaaaa → bbbbbbbb.",
        "  To take it back: xlmodel sync undo budget.xlsx",
    ]
    assert list(applied_lines(Applied(None, NOTHING))) == ["books/budget.xlsx: nothing to do."]
    assert "noted in the journal" in " ".join(applied_lines(Applied(BEGUN, NOTHING)))
    (line,) = undone_lines(Undone(UNDONE, BEGUN, A))
    assert line == (
        "books/budget.xlsx is again as it was before number 1, 22 Nov 2026 10:54: byte for byte, fingerprint aaaaaaaa."
    )


@pytest.mark.parametrize("name", PAYLOADS)
def test_texts_do_not_act(name):
    text = PAYLOADS[name]
    entry = Entry(1, "begun", text, text, text, text, text, (text,), {text: text}, counts={text: 2}, note=text)
    lines = [
        *log_lines([entry], 100),
        *status_lines([FeedStatus(text, text, text, State.PROBLEM, text, text)], 100),
        *applied_lines(Applied(entry, MONTH)),
        *undone_lines(Undone(entry, entry, text)),
    ]
    for line in lines:
        assert not re.search(
            "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", line
        )
        assert "::" not in line
        assert not re.search(r"##\w*\[", line)
