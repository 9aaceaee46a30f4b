"""What the default rules accuse beyond their examples, and what they must leave alone."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from xlmodel.book import read_book
from xlmodel.lint.examples import example_book
from xlmodel.lint.rule import all_rules, findings
from xlmodel.lint.subject import Subject

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
OWN = [
    "approximate-lookup-unsorted", "blank-reference", "calculation-settings", "circular-reference", "date-order",
    "dead-link", "dead-name", "dead-reference", "duplicate-key", "error-value", "failed-check", "figure-of-another-row",
    "formula-as-text", "hidden-rows-in-total", "misaligned-ranges", "number-as-text", "number-compared-with-text",
    "number-unlike-its-text", "sign-changes-along-line", "sum-omits-adjacent", "text-in-arithmetic",
    "total-includes-subtotal", "unit-changes-along-line",
]  # fmt: skip


def accused(rule, cells):
    """Return the ranges that each finding of a rule names."""
    found = findings(Subject(example_book(cells)), {rule: all_rules()[rule]})
    return [",".join(rect.name for rect in finding.cells) for finding in found]


def column(letter, contents, top=1):
    return {f"{letter}{top + n}": content for n, content in enumerate(contents) if content is not None}


def row(number, contents, left="B"):
    return {f"{chr(ord(left) + n)}{number}": content for n, content in enumerate(contents) if content is not None}


NAMES = ["Rent", "Heat", "Light", "Staff", "Books", "Paper", "Post"]
FIVE = column("A", NAMES[:5]) | column("B", [10, 20, 30, 40, 50])
TABLE = column("A", ["North", "East", "South", "West"]) | column("B", [10, 20, 30, 40])
YEARS = row(1, ["2021/22", "2022/23", "2023/24", "2024/25", "2025/26"])

ACCUSED = [
    ("sum-omits-adjacent", "the first row is left out", FIVE | {"B6": "=SUM(B2:B5)"}, ["B6"]),
    ("sum-omits-adjacent", "two rows at the end", FIVE | {"B6": "=SUM(B1:B3)"}, ["B6"]),
    ("sum-omits-adjacent", "along a row", row(1, [1.5, 2.5, 3.5, 4.5, "=SUM(B1:D1)"]), ["F1"]),
    ("sum-omits-adjacent", "within ROUND", FIVE | {"B6": "=ROUND(SUM(B1:B4),1)"}, ["B6"]),
    ("sum-omits-adjacent", "still blank of value: 0", FIVE | {"B5": 0, "B6": "=SUM(B1:B4)"}, ["B6"]),
    ("sum-omits-adjacent", "a filled total is one finding",
     FIVE | column("C", [1, 2, 3, 4, 5]) | {"B6": "=SUM(B1:B4)", "C6": "=SUM(C1:C4)"}, ["B6:C6"]),
    ("total-includes-subtotal", "an average of figures and their total",
     FIVE | {"B6": "=SUM(B1:B5)", "B7": "=AVERAGE(B1:B6)"}, ["B7"]),
    ("total-includes-subtotal", "a subtotal by plus signs", FIVE | {"B3": "=B1+B2", "B6": "=SUM(B1:B5)"}, ["B6"]),
    ("total-includes-subtotal", "on another sheet", FIVE | {"B3": "=SUM(B1:B2)", "T!A1": "=SUM(S!B1:B5)"}, ["A1"]),
    ("misaligned-ranges", "INDEX with MATCH", TABLE | {"D1": '=INDEX(B2:B5,MATCH("East",A1:A4,0))'}, ["D1"]),
    ("misaligned-ranges", "SUMIFS", TABLE | {"D1": '=SUMIFS(B2:B5,A1:A4,"East")'}, ["D1"]),
    ("number-as-text", "with a thousands separator", FIVE | {"B2": "1,200", "B6": "=SUM(B1:B5)"}, ["B2"]),
    ("number-as-text", "with a space", FIVE | {"B3": "30 "}, ["B3"]),
    ("text-in-arithmetic", "one text, two formulas", {"A1": "none", "B1": "=A1*2", "C1": "=A1*3+1"}, ["A1"]),
    ("error-value", "one blank divisor, many formulas", {"A1": 1, "A2": 2, "C1": "=A1/$E$1", "C2": "=1+A2/$E$1"},
     ["C1:C2"]),
    ("error-value", "a key that is not in the list", TABLE | {"D1": "Hill", "E1": "=VLOOKUP(D1,A1:B4,2,FALSE)"},
     ["E1"]),
    ("dead-reference", "in a branch not taken", {"A1": 1, "B1": "=IF(A1=1,5,#REF!)"}, ["B1"]),
    ("circular-reference", "two cells", {"A1": "=B1+1", "B1": "=A1*2"}, ["A1:B1"]),
    ("approximate-lookup-unsorted", "MATCH without a mode", TABLE | {"D1": "East", "E1": "=MATCH(D1,A1:A4)"}, ["E1"]),
    ("approximate-lookup-unsorted", "a name that is not among sorted ones",
     column("A", ["Ash", "Elm", "Oak"]) | column("B", [1, 2, 3]) | {"D1": "Fir", "E1": "=VLOOKUP(D1,A1:B3,2)"}, ["E1"]),
    ("approximate-lookup-unsorted", "one lookup unlike the others",
     column("A", [1, 2, 3]) | column("B", [5, 6, 7]) | column("D", [1, 2, 3, 2]) | column("E", [
         "=VLOOKUP(D1,A$1:B$3,2,FALSE)", "=VLOOKUP(D2,A$1:B$3,2,FALSE)", "=VLOOKUP(D3,A$1:B$3,2,FALSE)",
         "=VLOOKUP(D4,A$1:B$3,2,TRUE)"]), ["E4"]),
    ("failed-check", "a word", {"A1": 1, "A2": 2, "A3": '=IF(A1=A2,"OK","Does not balance")'}, ["A3"]),
    ("failed-check", "at its root only",
     {"A1": 1, "A2": 2, "A3": '=IF(A1=A2,"OK","FAIL")', "A4": '=IF(A3="OK","OK","FAIL")'}, ["A3"]),
    ("number-compared-with-text", "the other way round", {"A1": 5, "B1": '=IF("4"<A1,1,0)'}, ["B1"]),
    ("unit-changes-along-line", "thousands among units", YEARS | row(2, [1.2, 1.3, 1250, 1.1, 1.4]), ["D2"]),
    ("unit-changes-along-line", "a percentage among shares", YEARS | row(2, [0.42, 0.45, 0.47, 44, 0.43]), ["E2"]),
    ("unit-changes-along-line", "down a list", column("B", [410, 395, 402000, 388, 420, 405]), ["B3"]),
    ("number-unlike-its-text", "a unit slip", column("A", ["£1.2m", "£3m", "£5m", "£2.5m", "£7m", "£81.5m", "40"])
     | column("B", [1.2e6, 3e6, 5e6, 2.5e6, 7e6, 81.5e9, 40]), ["B6"]),
    ("sign-changes-along-line", "among negative figures", YEARS | row(2, [-41, -43, -40, 42, -44]), ["E2"]),
    ("date-order", "twice the same year", row(1, [2021, 2022, 2022, 2024, 2025, 2026]), ["D1"]),
    ("date-order", "financial years", YEARS | {"D1": "2032/33"}, ["D1"]),
    ("date-order", "half the table sorted backwards", column("A", [2022, 2021, 2020, 2023, 2024, 2025, 2026]),
     ["A1,A3"]),
    ("figure-of-another-row", "on another sheet",
     column("A", NAMES[:5]) | column("B", [1, 2, 3, 4, 5])
     | {f"T!A{n}": name for n, name in enumerate(["Heat", "Rent", "Light", "Staff", "Books"], 1)}
     | {f"T!B{n}": f"=S!B{n}" for n in range(1, 6)}, ["B1:B2"]),
]  # fmt: skip

LEFT_ALONE = [
    ("outside-stated-range", "calculated, and lower the higher the assumption is",
     {"A1": "Low", "B1": "Value", "C1": "High"} | {f"{c}{r}": n for r in (2, 3, 4, 5) for n, c in enumerate("ABC", 1)}
     | {"A6": "=6/A2", "B6": "=6/B2", "C6": "=6/C2"}),
    ("number-unlike-its-text", "figures kept in thousands",
     column("A", ["12,000", "£15,500", "20,000", "31,000", "47,000", "£50,000", "9"])
     | column("B", [12, 15.5, 20, 31, 47, 50, 9])),
    ("number-unlike-its-text", "codes beside figures", column("A", [f"No. {n}" for n in range(1, 9)])
     | column("B", [5, 9, 2, 8, 1, 7, 3, 6])),
    ("sum-omits-adjacent", "a year above is a heading", column("B", [2024, 2000, 2010, 2020, "=SUM(B2:B4)"])),
    ("sum-omits-adjacent", "a subtotal between", FIVE | {"A5": "Subtotal", "B5": 100, "B6": "=SUM(B1:B4)"}),
    ("sum-omits-adjacent", "the opening balance is no movement", FIVE | {"A1": "Opening", "B6": "=SUM(B2:B5)"}),
    ("sum-omits-adjacent", "a formula among typed figures", FIVE | {"B5": "=B4*2", "B6": "=SUM(B1:B4)"}),
    ("sum-omits-adjacent", "another format", FIVE | {"format B5": "0%", "B6": "=SUM(B1:B4)"}),
    ("sum-omits-adjacent", "taken in by the total before", FIVE
     | {"B3": "=SUM(B1:B2)", "B6": "=SUM(B3:B5)"}),
    ("sum-omits-adjacent", "added by itself elsewhere in the column", FIVE | {"B6": "=SUM(B2:B5)", "B8": "=B1+B6"}),
    ("total-includes-subtotal", "SUBTOTAL passes over SUBTOTAL",
     FIVE | {"B3": "=SUBTOTAL(9,B1:B2)", "B6": "=SUBTOTAL(9,B1:B5)"}),
    ("total-includes-subtotal", "subtotals alone", FIVE | {"B3": "=SUM(B1:B2)", "B6": "=SUM(B3:B5)"}),
    ("total-includes-subtotal", "a running total", FIVE | {"C1": "=B1", "C2": "=C1+B2", "C3": "=C2+B3"}),
    ("misaligned-ranges", "the row after is asked for", TABLE | {"D1": '=INDEX(B1:B4,MATCH("East",A1:A4,0)+1)'}),
    ("misaligned-ranges", "two tables far apart", TABLE | {"D1": '=SUMIF(A1:A4,"East",B21:B24)'}),
    ("number-as-text", "codes throughout", column("A", ["1", "2", "3", "4"]) | column("B", [1, 2, 3, 4])),
    ("number-as-text", "a year as a heading", FIVE | {"B1": "2024", "B6": "=SUM(B1:B5)"}),
    ("number-as-text", "a code with zeros in front", FIVE | {"B2": "007"}),
    ("text-in-arithmetic", "a number as text is added up all the same", {"A1": "5", "B1": "=A1*2"}),
    ("error-value", "NA() on purpose", {"A1": 1, "B1": "=IF(A1>5,A1,NA())"}),
    ("error-value", "an error written out to be shown", {"B1": "=1/0"}),
    ("error-value", "an error that is caught", {"A1": 1, "B1": "=IFERROR(A1/A2,0)"}),
    ("dead-name", "a print area that is gone", {"name _xlnm.Print_Area": "=#REF!", "A1": 1}),
    ("circular-reference", "a range that is only counted", {"A1": 1, "A2": "=ROWS(A1:A2)"}),
    ("circular-reference", "a choice that does not come round",
     {"A1": 1, "B1": "=IF(A1=1,5,C1)", "C1": "=IF(A1=2,1,B1)"}),
    ("calculation-settings", "Excel's own", {"A1": 1, "setting mode": "auto"}),
    ("hidden-rows-in-total", "the hidden row holds nothing",
     FIVE | {"B2": None, "B6": "=SUM(B1:B5)", "hidden row 2": True}),
    ("approximate-lookup-unsorted", "bands in order",
     column("A", [0, 100, 500]) | column("B", [1, 2, 3]) | {"D1": 250, "E1": "=VLOOKUP(D1,A1:B3,2)"}),
    ("approximate-lookup-unsorted", "the last number of a list",
     column("A", [5, 3, 4]) | {"B1": "=MATCH(1E+300,A1:A3)"}),
    ("duplicate-key", "both rows the same", TABLE | {"A5": "East", "B5": 20, "A6": "Hill", "B6": 1, "D1": "East",
     "E1": "=VLOOKUP(D1,A1:B6,2,FALSE)"}),
    ("duplicate-key", "a column of categories", column("A", ["x", "y", "x", "y"]) | column("B", [1, 2, 3, 4])
     | {"D1": "x", "E1": "=VLOOKUP(D1,A1:B4,2,FALSE)"}),
    ("failed-check", "a difference that is no check", {"A1": 5, "A2": 3, "A3": "Growth", "B3": "=A1-A2"}),
    ("failed-check", "a verdict on something else", {"A1": 1, "B1": '=IF(A1=2,"TIES","DOES NOT TIE")'}),
    ("failed-check", "only the last digits differ", {"A1": 0.3, "A2": "=0.1+0.2", "A3": "Check", "B3": "=A1-A2"}),
    ("failed-check", "a cheque number", {"A1": 105, "A2": 5, "A3": "Check no.", "B3": "=A1-A2"}),
    ("formula-as-text", "formulas shown beside their results", {"A1": " =B1", "A2": " =B2"}),
    ("number-compared-with-text", "a text cell", {"A1": "5", "B1": '=IF(A1="5",1,0)'}),
    ("unit-changes-along-line", "amounts of every size", YEARS | row(2, [3, 900, 2500000, 12, 40000])),
    ("unit-changes-along-line", "a record of several fields", row(2, [17, 2500, 3, 41, 250000])),
    ("sign-changes-along-line", "changes go either way", YEARS | {"A2": "Net change"} | row(2, [41, 43, -42, 40, 44])),
    ("sign-changes-along-line", "an outlay comes first", YEARS | row(2, [-41, 43, 42, 40, 44])),
    ("date-order", "years chosen at will", row(1, [2001, 2005, 2010, 2011, 2020, 2030])),
    ("date-order", "a last year further ahead", row(1, [2021, 2022, 2023, 2024, 2025, 2030])),
    ("date-order", "two tables side by side", row(1, [2021, 2022, 2023, 2021, 2022, 2023])),
    ("date-order", "newest first", column("A", [2026, 2025, 2024, 2023, 2022])),
    ("blank-reference", "quantities not filled in yet",
     column("A", [5, 6, 7, 8]) | {"B1": 2} | column("C", [f"=A{n}*B{n}" for n in range(1, 5)])),
    ("figure-of-another-row", "the balance of the row before",
     column("A", NAMES[:5]) | column("B", [1, 2, 3, 4, 5]) | column("C", [None, "=B1", "=B2", "=B3", "=B4"])),
    ("figure-of-another-row", "names written in another way",
     column("A", ["Rent*", "HEAT", "Light ", "Staff"]) | column("B", [1, 2, 3, 4])
     | {f"T!A{n}": name for n, name in enumerate(NAMES[:4], 1)} | {f"T!B{n}": f"=S!B{n}" for n in range(1, 5)}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "why", "cells", "expected"), ACCUSED, ids=[f"{r}: {w}" for r, w, *_ in ACCUSED])
def test_a_rule_accuses(rule, why, cells, expected):
    assert accused(rule, cells) == expected


@pytest.mark.parametrize(("rule", "why", "cells"), LEFT_ALONE, ids=[f"{r}: {w}" for r, w, _ in LEFT_ALONE])
def test_a_rule_leaves_alone(rule, why, cells):
    assert accused(rule, cells) == []


@pytest.mark.full
@pytest.mark.parametrize("name", ["southampton", "northmoor"])
def test_the_published_workbooks_have_no_finding(name):
    subject = Subject(read_book(WORKBOOKS / name / f"{name}.xlsx"))
    assert findings(subject, {rule: all_rules()[rule] for rule in OWN}) == []


@given(st.lists(st.integers(1, 999).filter(lambda n: n % 10 != 0), min_size=4, max_size=9), st.data())
@settings(max_examples=25, deadline=None)
def test_a_range_that_stops_short_is_found_wherever_it_does(figures, data):
    last = data.draw(st.integers(2, len(figures) - 1))
    total = {f"B{len(figures) + 1}": f"=SUM(B1:B{last})"}
    left_out, taken = sum(figures[last:]), sum(figures[:last])
    cells = column("B", figures) | total
    expected = [] if abs(left_out - taken) <= 0.005 * taken else [f"B{len(figures) + 1}"]
    assert accused("sum-omits-adjacent", cells) == expected


@given(st.permutations(range(2015, 2023)))
@settings(max_examples=25, deadline=None)
def test_periods_in_order_are_never_accused_and_a_swap_always_is(years):
    ordered = sorted(years)
    assert accused("date-order", column("A", ordered)) == []
    one, two = sorted((years[0] - 2015, years[1] - 2015))
    swapped = list(ordered)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    (found,) = accused("date-order", column("A", swapped))
    assert set(found.replace(":", ",").split(",")) == {f"A{one + 1}", f"A{two + 1}"}


@given(st.sampled_from([1_000.0, 1_000_000.0]), st.lists(st.integers(400, 600), min_size=5, max_size=9), st.data())
@settings(max_examples=25, deadline=None)
def test_a_unit_slip_is_found_at_its_cell(factor, figures, data):
    at = data.draw(st.integers(0, len(figures) - 1))
    slipped = [n * factor if k == at else n for k, n in enumerate(figures)]
    assert accused("unit-changes-along-line", column("B", slipped)) == [f"B{at + 1}"]
    assert accused("unit-changes-along-line", column("B", figures)) == []
