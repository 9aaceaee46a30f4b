"""Pins: as they stand in a file, and what they find in a workbook that has changed since."""

import tomllib
from dataclasses import replace

import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.tables import cells, table
from layout.test_relations import CHANGES, COSTS, FLOWS, RATES, SHARES

from xlmodel.errors import ConfigurationError
from xlmodel.layout.labels import Labels
from xlmodel.layout.listing import listed
from xlmodel.layout.pinned import held
from xlmodel.layout.pins import Pin, as_toml, parse_pins
from xlmodel.layout.relation import Op, State
from xlmodel.lint.rule import all_rules, findings
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name

TOTAL = {"sheet": "S", "kind": "total", "figure": "Total", "first": "Residential", "last": "Supported"}


def held_to(of, *pins):
    return list(held(of, Labels(of), pins))


def broken(of, pin):
    ((_, relation, problem),) = held_to(of, pin)
    return problem or {cell_name(c.row, c.col) for c in relation.checks if c.accused}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("text", "must be a table"),
        ({**TOTAL, "colour": "red"}, "unknown key 'colour'"),
        ({"sheet": "S", "kind": "total"}, "figure is missing"),
        ({**TOTAL, "kind": "sum"}, "kind must be one of total"),
        ({**TOTAL, "lines": "diagonals"}, "lines must be rows or columns"),
        ({**TOTAL, "of": ["A", "B"]}, "either of, or first and last"),
        ({**TOTAL, "last": ""}, "either of, or first and last"),
        ({"sheet": "S", "kind": "rate", "figure": "Rate", "of": ["Children"]}, "must have two names"),
        ({"sheet": "S", "kind": "balance", "figure": "Closing", "of": ["A", "B"], "minus": ["C"]}, "minus must name"),
        ({**TOTAL, "occurrence": 0}, "occurrence must be"),
        ({**TOTAL, "scale": float("inf")}, "scale must be"),
        ({**TOTAL, "accept": "no"}, "accept must be"),
        ({**TOTAL, "accept": False}, "must have a reason"),
        ({**TOTAL, "leave_out": [3]}, "leave_out must be a list"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(entry, said):
    with pytest.raises(ConfigurationError, match=r"xlmodel\.toml: \[\[relation\]\] number 2") as caught:
        parse_pins([TOTAL, entry], "xlmodel.toml")
    assert said in str(caught.value)


names = st.text(min_size=1, max_size=12).filter(lambda t: max(t) < "\ud800" or min(t) > "\udfff")


@settings(max_examples=25, deadline=None)
@given(sheet=names, figure=names, of=st.lists(names, min_size=2, max_size=4), scale=st.sampled_from([1.0, 100.0, 1e6]))
def test_pins_survive_being_written(sheet, figure, of, scale):
    pin = Pin(sheet, "total", figure, of=tuple(of), scale=scale, accept=False, reason="x::y ##[z]")
    text = as_toml([pin])
    assert parse_pins(tomllib.loads(text)["relation"]) == (pin,)
    assert "::" not in text
    assert "##" not in text


@pytest.mark.parametrize("text", [COSTS, FLOWS, SHARES, CHANGES, RATES])
def test_what_is_found_can_be_pinned_and_holds(text):
    of = table(text)
    items = list(listed(of))
    assert items
    for item in items:
        assert item.pin is not None
        again = parse_pins(tomllib.loads(as_toml([item.pin]))["relation"])
        ((_, relation, problem),) = held_to(of, *again)
        assert not problem
        assert (relation.line, relation.terms, relation.op) == (
            item.relation.line,
            item.relation.terms,
            item.relation.op,
        )
        assert relation.state is not State.DOES_NOT_TIE
    assert not [item for item in listed(of, [item.pin for item in items]) if not item.pinned]


def test_a_pin_holds_where_rows_are_inserted_and_sees_the_total_that_leaves_one_out():
    (pin,) = parse_pins([TOTAL])
    more = COSTS.replace("Fostering", "Kinship     | 10 | 11 | 12 | 13\nFostering", 1)
    assert broken(table("Costs of the year\n\n" + COSTS), pin) == set()
    assert broken(table(more), pin) == {"B6", "C6", "D6", "E6"}
    whole = more.replace("487     | 500     | 521     | 522", "497 | 511 | 533 | 535")
    assert broken(table(whole), pin) == set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("Total", "Sum total"), "no row is named 'Total'"),
        (lambda t: t.replace("Supported", "Supportive"), "no row is named 'Supported' beside 'Total'"),
    ],
)
def test_a_pin_whose_cells_are_gone_says_so(change, said):
    (pin,) = parse_pins([TOTAL])
    assert broken(table(change(COSTS)), pin) == said
    assert held_to(book({"Other": cells(COSTS)}), pin)[0].problem == "there is no sheet 'S'"


def test_a_pin_is_about_the_workbooks_it_names():
    (pin,) = parse_pins([{**TOTAL, "book": "costs*.xlsx"}])
    assert held_to(table(COSTS), pin) == []
    assert len(held_to(replace(table(COSTS), path=pin_path("costs 2024.xlsx")), pin)) == 1


def pin_path(name):
    return table(COSTS).path.with_name(name)


def test_where_a_name_stands_twice_the_occurrence_tells_which():
    text = COSTS.strip() + "\n" + "\n".join(COSTS.strip().splitlines()[1:]).replace("522", "999")
    pins = [item.pin for item in listed(table(text)) if item.relation.down and item.relation.op is Op.SUM]
    assert [pin.occurrence for pin in pins] == [1, 2]
    assert broken(table(text), pins[0]) == set()


def test_a_relation_that_is_declined_accuses_nothing():
    wrong = table(COSTS.replace("521", "531"))
    rule = all_rules()["stated-total"]
    assert len(findings(Subject(wrong), {rule.id: rule})) == 1
    (pin,) = parse_pins([{**TOTAL, "accept": False, "reason": "out-of-area children are counted elsewhere"}])
    assert findings(Subject(wrong, (pin,)), {rule.id: rule}) == []
    assert [item.declined for item in listed(wrong, [pin])] == [True]


def test_a_pin_that_is_broken_or_lost_is_a_finding():
    rule = all_rules()["pinned-relation"]
    (pin,) = parse_pins([TOTAL])
    (one,) = findings(Subject(table(COSTS.replace("521", "531")), (pin,)), {rule.id: rule})
    assert one.cells[0].name == "D5"
    (lost,) = findings(Subject(table(COSTS.replace("Total", "All of it")), (pin,)), {rule.id: rule})
    assert lost.cells == ()
    assert "no row is named 'Total'" in lost.message
