"""Plans and what was synced last, as files."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.engine.protocol import CellKey
from xlmodel.errors import JournalError, SyncError
from xlmodel.sync.keys import identity
from xlmodel.sync.plan_file import _hash, plan_sha256, plan_text, read_plan
from xlmodel.sync.planned import CellChange, Conflict, Effects, FeedPlan, Figure, Kept, Plan, Problem, RowAdded
from xlmodel.sync.synced import Synced, read_synced, synced_text
from xlmodel.values import ErrorValue

TEXTS = st.text() | st.sampled_from(["1", "=1+1", "007", "\ud800", "\x1b[31m", "line\nbreak", "£"])
CONTENTS = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.sampled_from([ErrorValue("#N/A"), 1.0])
)
CELL = CellKey("Data", 3, 2)


def plan(*contents) -> Plan:
    old, new, key = contents
    feed = FeedPlan(
        "ledger", "table T", {"a.csv": "0" * 64}, "1" * 64, 3, ("Line",),
        (CellChange(CELL, (key,), "Amount", old, new, "a.csv, row 2"),),
        (RowAdded((key,), {"Line": key, "Amount": new}, "a.csv, row 3"),),
        conflicts=(Conflict("C1F2A3", (key,), "Amount", CELL, old, new, key, "a.csv", "source"),),
        kept=(Kept("typed", (key,), "Amount", CELL, old, new),),
        problems=(Problem("what", CELL),),
    )  # fmt: skip
    effects = Effects(1, {"Out": 1}, (Figure(CELL, "Total", old, new),), 0, 2, (), ("Check",))
    return Plan("book.xlsx", "2" * 64, "3" * 64, (feed,), effects, "4" * 64, {"C1F2A3": "source"})


@settings(deadline=None)
@given(CONTENTS, CONTENTS, CONTENTS)
def test_a_plan_comes_back_from_its_text_to_the_kind_of_every_cell(old, new, key):
    made = plan(old, new, key)
    text = plan_text(made)
    text.encode()
    again = read_plan(text)
    assert again == made
    assert plan_text(again) == text
    change = again.feeds[0].changes[0]
    assert (type(change.old), type(change.new), type(change.key[0])) == (type(old), type(new), type(key))


def test_each_change_has_a_line_of_its_own():
    lines = plan_text(plan(1.0, 2.0, "a")).splitlines()
    assert sum('"column": "Amount"' in line for line in lines) == 3


@pytest.mark.parametrize(
    ("spoil", "needle"),
    [
        (lambda text: "", "this is no plan"),
        (lambda text: "[" * 100_000, "this is no plan"),
        (lambda text: "{}", "it lacks 'xlmodel plan'"),
        (lambda text: text.replace('"xlmodel plan": 1', '"xlmodel plan": 9'), "of version 9, and 1 is needed"),
        (lambda text: text.replace('"new": 2.0', '"new": 3.0'), "was changed after it was made"),
        (lambda text: text.replace('"new": 2.0', '"new": NaN'), "was changed after it was made"),
        (lambda text: text.replace('"new": 2.0', '"new": 3.0, "new": 2.0'), "a name is there twice"),
        (lambda text: text.replace('"plan": {', '"plan": {"more": 1,'), "was changed after it was made"),
    ],
)
def test_a_foreign_or_changed_plan_is_refused(spoil, needle):
    with pytest.raises(SyncError, match=needle):
        read_plan(spoil(plan_text(plan(1.0, 2.0, "a"))))


def test_a_plan_with_other_fields_is_refused_even_with_its_hash():
    text = json.loads(plan_text(plan(1.0, 2.0, "a")))
    text["plan"]["feeds"] = "none"
    text["sha256"] = _hash(text["plan"])
    with pytest.raises(SyncError, match="this is no plan"):
        read_plan(json.dumps(text))


def test_the_hash_of_a_plan_is_that_in_its_file():
    made = plan(1.0, 2.0, "a")
    assert json.loads(plan_text(made))["sha256"] == plan_sha256(made)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, CONTENTS), max_size=5))
def test_what_was_synced_comes_back(rows):
    made = Synced(("Line",), ("Line", "Amount"), tuple(rows))
    again = read_synced(synced_text({"ledger": made, "other": Synced(("K",), ("K",), ())}))
    assert again["ledger"].rows == made.rows
    assert again["ledger"].by_key.keys() == {identity((row[0],)) for row in rows}
    assert not again["other"].rows


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"xlmodel synced": 2}', '{"xlmodel synced": 1, "feeds": {"a": 1}}'])
def test_anything_else_is_nothing_that_was_synced(text):
    with pytest.raises(JournalError):
        read_synced(text)
