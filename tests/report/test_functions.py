"""What people read of the functions, in the terminal and on the page."""

import re

import pytest

from xlmodel.registry import Registry
from xlmodel.report.catalogue import catalogue_page, family_table
from xlmodel.report.functions import argument_facts, by_hand, families, function_page, result_facts

CSC = Registry.collect({"CSC": "udfs"})
T = Registry.collect({"T": "sample_functions"})


def test_a_page_ends_with_what_people_write_by_hand():
    page = function_page(CSC.resolve("CSC_TIES"))
    assert "By hand\n  =ROUND(C5,0)=B5\n  calls a stated 75" in page
    assert page.index("Example") < page.index("By hand") < page.index("Family: checks.")


def test_a_function_without_a_hand_formula_has_no_such_part():
    assert by_hand(T.resolve("T_RATIO")) == ("", "")
    assert "By hand" not in function_page(T.resolve("T_RATIO"))
    assert "**By hand**" not in catalogue_page(T)


@pytest.mark.parametrize(
    ("name", "position", "facts"),
    [
        ("T_RATIO", 0, "number, children, >= 0"),
        ("T_RATIO", 2, "number; optional"),
        ("T_WEIGHTED", 1, "numbers, >= 0 and <= 1"),
        ("T_IN_YEAR", 2, "TRUE or FALSE; optional"),
        ("T_DAYS", 1, "dates"),
        ("T_MOVED", 1, "range of numbers with as many columns as rows, share, >= 0 and <= 1"),
        ("T_LOOKED_UP", 1, "range of 3 columns: word (word); weight (number, >= 0); year (financial year)"),
        ("T_LOOKED_UP", 2, "range of numbers, >= 0; optional"),
    ],
)
def test_an_argument_is_described_by_kind_unit_and_limits(name, position, facts):
    assert argument_facts(T.resolve(name).arguments[position]) == facts


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("T_RATIO", "number, children"),
        ("T_RUNNING", "numbers, pounds; spills as its input lies"),
        ("T_MOVED", "range of numbers, children; one of them: INDEX(T_MOVED(...), row, column)"),
        ("T_SEEN", "range of 2 columns; one of them: INDEX(T_SEEN(...), row, column)"),
        ("T_WEIGHTED", "a row of total (number, pounds), label (word); one of them: INDEX(T_WEIGHTED(...), k)"),
    ],
)
def test_a_result_is_described_with_the_way_it_spills(name, facts):
    assert result_facts(T.resolve(name)) == facts


def test_a_family_keeps_the_order_of_its_module_and_the_page_the_order_asked_for():
    assert [f.name for f in dict(families(CSC))["plan"]][:2] == ["CSC_PLAN_TOTAL", "CSC_PLAN_BASIS"]
    page = catalogue_page(CSC, ["plan", "checks"])
    headings = re.findall(r"^## (.+)$", page, re.M)
    assert headings[:2] == ["Plan", "Checks"]
    assert headings[2:] == sorted(headings[2:])
    assert "| [In year](x.md#in-year) | `CSC_RUN_RATE`, " in family_table(CSC, page="x.md")


def test_the_page_has_one_kind_of_backtick_and_no_broken_table_row():
    page = catalogue_page(CSC)
    assert "``" not in page
    for row in re.findall(r"^\|.*$", page, re.M):
        assert re.sub(r"\\\|", "", row).count("|") in (3, 4), row
