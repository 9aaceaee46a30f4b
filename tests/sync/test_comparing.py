"""The three-way rule over whole tables: what changes, comes, goes and stays, and that no typing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sync.feeds import compare, feed, table_book

from xlmodel.sync.comparing import Comparison
from xlmodel.sync.conflicts import Decision, decide
from xlmodel.sync.declared import FieldRule
from xlmodel.values import ErrorValue

KEY, PRICE, NOTE = "Line", "Price", "Note"
FEED = feed({KEY: "text", PRICE: "number"}, [KEY])


@pytest.mark.parametrize(
    ("base", "source", "workbook", "decision"),
    [
        (10.0, 10.0, 10.0, Decision.NOTHING),
        (10.0, 12.0, 12.0, Decision.NOTHING),  # both changed to the same
        (10.0, 12.0, 10.0, Decision.CHANGE),
        (10.0, 10.0, 12.0, Decision.KEEP),
        (10.0, 11.0, 12.0, Decision.CONFLICT),
        (10.0, None, 10.0, Decision.CHANGE),
        (10.0, None, 12.0, Decision.CONFLICT),
        (10.0, 10.0, None, Decision.KEEP),
        (10.0, 11.0, "10", Decision.CONFLICT),  # a text is never the number it looks like
        ("1", 1.0, "1", Decision.CHANGE),
        (10.0, 11.0, ErrorValue("#N/A"), Decision.CONFLICT),
        (0.3, 0.1 + 0.2, 0.3, Decision.NOTHING),
        (None, "", None, Decision.NOTHING),
        (True, 1.0, True, Decision.CHANGE),
    ],
)
def test_a_cell_is_decided_by_what_was_synced_last(base, source, workbook, decision):
    assert decide(base, source, workbook, synced=True) is decision


@pytest.mark.parametrize(
    ("source", "workbook", "decision"), [(1.0, 1.0, Decision.NOTHING), (1.0, 2.0, Decision.CHANGE)]
)
def test_a_cell_never_synced_takes_the_source(source, workbook, decision):
    assert decide(None, source, workbook, synced=False) is decision


def test_a_first_sync_shows_what_was_there():
    found = compare(FEED, table_book([KEY, PRICE], [["a", 1.0], ["b", 2.0]]), [["b", 3.0], ["a", 1.0], ["c", 4.0]])
    (change,) = found.changes
    assert (str(change.cell), change.key, change.old, change.new, change.first) == ("S!C5", ("b",), 2.0, 3.0, True)
    assert change.source == "ledger.csv, row 2"
    assert [(k.why, k.key) for k in found.kept] == [("unplaced", ("c",))]
    assert (found.before(PRICE), sorted(found.after(PRICE))) == ([1.0, 2.0], [1.0, 3.0])


def test_what_was_typed_since_is_kept_or_asked_about():
    book = table_book([KEY, PRICE], [["a", 9.0], ["b", 9.0], ["c", 1.0]])
    last = [["a", 1.0], ["b", 1.0], ["c", 1.0]]
    found = compare(FEED, book, [["a", 1.0], ["b", 2.0], ["c", 2.0]], last)
    assert [(k.why, k.key, k.workbook_value, k.source_value) for k in found.kept] == [("typed", ("a",), 9.0, 1.0)]
    (conflict,) = found.conflicts
    assert (conflict.key, conflict.base, conflict.source_value, conflict.workbook_value) == (("b",), 1.0, 2.0, 9.0)
    assert [(c.key, c.new, c.first) for c in found.changes] == [(("c",), 2.0, False)]
    chosen = compare(FEED, book, [["a", 1.0], ["b", 2.0], ["c", 2.0]], last, {conflict.id: "source"})
    assert [c.new for c in chosen.changes] == [2.0, 2.0]
    other = compare(FEED, book, [["a", 1.0], ["b", 3.0], ["c", 2.0]], last, {conflict.id: "source"})
    assert other.conflicts[0].choice is None  # another value now: the choice was not for this


def test_a_row_that_somebody_added_is_not_overwritten_when_the_source_has_it_too():
    book = table_book([KEY, PRICE, NOTE], [["a", 1.0, None], ["two", 999.0, None], ["three", None, None]])
    made = feed({KEY: "text", PRICE: "number"}, [KEY], "add")
    found = compare(made, book, [["a", 1.0], ["two", 21.0], ["three", 3.0]], [["a", 1.0]])
    (conflict,) = found.conflicts
    assert (conflict.key, conflict.source_value, conflict.workbook_value) == (("two",), 21.0, 999.0)
    assert [(c.key, c.new) for c in found.changes] == [(("three",), 3.0)]


@pytest.mark.parametrize(
    ("rows", "added", "kept"),
    [("update", [], ["unplaced"]), ("add", [("b",)], []), ("replace", [("b",)], ["own row"])],
)
def test_new_rows_come_where_that_is_declared(rows, added, kept):
    made = feed({KEY: "text", PRICE: "number"}, [KEY], rows)
    found = compare(made, table_book([KEY, PRICE], [["a", 1.0]]), [["b", 2.0]])
    assert ([r.key for r in found.added], [k.why for k in found.kept]) == (added, kept)


def test_rows_that_the_source_lost():
    book = table_book([KEY, PRICE, NOTE], [["a", 1.0, None], ["b", 5.0, None], ["c", 1.0, "mine"], ["d", 1.0, None]])
    last = [["a", 1.0], ["b", 1.0], ["c", 1.0], ["d", 1.0]]
    kept = compare(feed({KEY: "text", PRICE: "number"}, [KEY], "add"), book, [["d", 1.0]], last)
    assert [k.why for k in kept.kept] == ["not in source"] * 3
    found = compare(feed({KEY: "text", PRICE: "number"}, [KEY], "replace"), book, [["d", 1.0]], last)
    assert [(r.row, r.key) for r in found.removed] == [(4, ("a",))]
    assert [(c.key, c.removed_by) for c in found.conflicts] == [(("b",), "source"), (("c",), "source")]


@pytest.mark.parametrize(("now", "conflicts", "kept"), [(1.0, 0, ["deleted"]), (2.0, 1, [])])
def test_a_row_deleted_in_the_workbook_comes_back_only_by_choice(now, conflicts, kept):
    made = feed({KEY: "text", PRICE: "number"}, [KEY], "add")
    book = table_book([KEY, PRICE], [["a", 1.0]])
    found = compare(made, book, [["a", 1.0], ["b", now]], [["a", 1.0], ["b", 1.0]])
    assert (len(found.conflicts), [k.why for k in found.kept], found.added) == (conflicts, kept, [])
    back = compare(made, book, [["a", 1.0], ["b", now]], [["a", 1.0], ["b", 1.0]], {"ledger": "source"})
    assert len(back.added) == conflicts


@pytest.mark.parametrize(
    ("rows", "source", "needle"),
    [
        ([["a", 1.0], ["a", 2.0]], [["a", 1.0]], "rows 4, 5 of S have the same Line"),
        ([["Foster ", 1.0]], [["foster", 1.0]], '"foster" is almost, but not quite, "Foster "'),
        ([[2024.0, 1.0]], [["2024", 1.0]], '"2024" is almost, but not quite, 2024'),
        ([["a", 1.0]], [["b", 1.0], ["B", 1.0]], '"B" is almost, but not quite, "b"'),
        ([["b", 1.0]], [["b", 1.0], ["B ", 1.0]], '"B " is almost, but not quite, "b"'),
        ([["a", "=1+1"], ["b", 1.0]], [["a", 3.0]], "the cell is calculated (=1+1)"),
        ([["a", "=1+1"], ["b", "=1+2"]], [["a", 3.0]], "column 'Price' is calculated in the workbook (=1+1)"),
    ],
)
def test_what_cannot_be_told_apart_or_written_is_a_problem(rows, source, needle):
    found = compare(FEED, table_book([KEY, PRICE], rows), source)
    assert len(found.problems) == 1
    assert needle in found.problems[0].what
    assert not found.changes


@pytest.mark.parametrize(
    ("unit", "code", "needle"),
    [
        ("£m", '"£"0.00,,"m"', "shows £m by its number format, and holds other numbers"),
        ("%", "0.0%", "wrong by a factor of 100"),
        ("£", '"£"0.00,,"m"', ""),
        ("£m", "0.00", ""),
        ("share", "0.0%", ""),
        ("children", "0", ""),
    ],
)
def test_numbers_in_the_unit_that_cells_only_show_are_refused(unit, code, needle):
    rules = (FieldRule(KEY, KEY, "text"), FieldRule(PRICE, PRICE, "number", unit=unit, number_format=code))
    made = replace(FEED, columns=rules)
    found = compare(made, table_book([KEY, PRICE], [["a", 1.0]]), [["a", 2.0]])
    assert [needle in problem.what for problem in found.problems] == [True] * bool(needle)


def test_twice_in_the_workbook_matters_only_where_the_source_speaks_of_it():
    book = table_book([KEY, PRICE], [["x", 1.0], ["x", 2.0], ["a", 1.0], [None, 7.0]])
    assert not compare(FEED, book, [["a", 1.0]]).problems


def test_a_date_is_given_a_format_that_shows_a_date():
    made = feed({KEY: "text", "Day": "date"}, [KEY])
    (change,) = compare(made, table_book([KEY, "Day"], [["a", None]]), [["a", 45_000.0]]).changes
    assert change.number_format == "dd/mm/yyyy"


def test_a_declared_format_is_given():
    rules = (FieldRule(KEY, KEY, "text"), FieldRule(PRICE, PRICE, "number", number_format="0.00"))
    made = feed({}, [KEY])
    found = compare(type(made)(made.name, made.workbook, None, made.target, rules, (KEY,)),
                    table_book([KEY, PRICE], [["a", 1.0]]), [["a", 2.0]])  # fmt: skip
    assert (found.changes[0].number_format, found.edits[0].number_format) == ("0.00", "0.00")


# whatever the three sides hold

_KEYS = st.sampled_from("abcd")
_CONTENTS = st.sampled_from([None, 1.0, 2.0, "1", "x"])
_TABLES = st.dictionaries(_KEYS, st.tuples(_CONTENTS, _CONTENTS), max_size=4)
_COLUMNS = {KEY: "text", "P": "number", "Q": "number"}


def _rows(table):
    return [[key, *contents] for key, contents in table.items()]


def _applied(found: Comparison, table):
    """What the workbook holds once a comparison is applied."""
    new = {key: dict(zip("PQ", contents, strict=True)) for key, contents in table.items()}
    for change in found.changes:
        new[change.key[0]][change.column] = change.new
    for row in found.removed:
        del new[row.key[0]]
    for row in found.added:
        new[row.key[0]] = {column: row.values[column] for column in "PQ"}
    return {key: (row["P"], row["Q"]) for key, row in new.items()}


@settings(deadline=None)
@given(
    last=st.none() | _TABLES,
    source=_TABLES,
    table=_TABLES,
    rows=st.sampled_from(["update", "add", "replace"]),
    side=st.sampled_from(["source", "workbook"]),
)
def test_typing_is_never_lost_silently_and_a_second_plan_is_empty(last, source, table, rows, side):
    made = feed(_COLUMNS, [KEY], rows)
    before = None if last is None else _rows(last)
    found = compare(made, table_book([KEY, "P", "Q"], _rows(table)), _rows(source), before, {"ledger": side})
    assert not found.problems
    after = _applied(found, table)
    chosen = {(c.key[0], c.column) for c in found.conflicts if side == "source"}
    for key, contents in table.items():
        then = None if last is None else last.get(key)
        if then is None:
            continue
        for column, typed, synced in zip("PQ", contents, then, strict=True):
            if typed != synced and (key, column) not in chosen and (key, None) not in chosen:
                assert after[key]["PQ".index(column)] in (typed, source.get(key, contents)["PQ".index(column)])
                assert after[key]["PQ".index(column)] == typed
    for key in table.keys() - (last or {}).keys() - source.keys():
        assert after[key] == table[key]  # a row of the user's own
    again = compare(made, table_book([KEY, "P", "Q"], _rows(after)), _rows(source), found.synced.rows)
    assert (again.changes, again.added, again.removed, again.conflicts) == ([], [], [], [])
    assert again.synced.by_key == found.synced.by_key
