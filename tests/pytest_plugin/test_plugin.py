"""The pytest plugin, run by pytest within pytest."""

import re
import subprocess
import sys
from importlib.metadata import entry_points
from xml.etree import ElementTree

import openpyxl
import pytest
from altered_books import written
from hostile_text import SHEET, hostile_workbook

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.engine.client import Worker
from xlmodel.projection.baseline import baseline_path, freeze
from xlmodel.projection.client import project
from xlmodel.pytest_plugin import collecting, opening

#: imported here once: pytester forgets what a run within pytest imports, and numpy cannot be imported twice
assert collecting
assert opening

#: the tests run from a checkout too, where the plugin is not installed
INSTALLED = any(e.value == "xlmodel.pytest_plugin" for e in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "xlmodel.pytest_plugin")

GOOD = {"A1": "Children", "B1": 5, "A2": "Twice", "B2": "=B1*2"}
#: D2 is stale, and D4 with it; D4 leaves out D3
BAD = {
    "A1": "Residential", "B1": 5000, "C1": 52, "D1": "=B1*C1",
    "A2": "Fostering", "B2": 900, "C2": 50, "D2": "=B2*C2",
    "A3": "Kinship", "B3": 300, "C3": 50, "D3": "=B3*C3",
    "A4": "Total", "D4": "=SUM(D1:D2)",
}  # fmt: skip
BAD_SAVED = {"D1": 260_000, "D2": 44_000, "D3": 15_000, "D4": 304_000}


def set_up(folder, text=""):
    (folder / "xlmodel.toml").write_text(f"{text}\n[functions]\n")


@pytest.fixture
def project_folder(pytester):
    """A project whose settings do not come from the folders above, nor its functions from what is installed."""
    set_up(pytester.path)
    return pytester.path


@pytest.fixture
def run(pytester, project_folder):
    quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # the plugin is imported already, by this very module
    return lambda *arguments: pytester.runpytest_inprocess(*PLUGIN, *quiet, *map(str, arguments))


def outcomes(path):
    """Return which tests of a JUnit file did not pass, and what each says."""
    cases = ElementTree.parse(path).getroot().iter("testcase")
    return {f"{c.get('classname')} {c.get('name')}": c[0].text for c in cases if len(c)}


def test_it_costs_nothing_until_it_is_asked():
    code = "import sys, xlmodel.pytest_plugin; print([m for m in ('numpy', 'msgspec', 'click') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_workbooks_are_left_alone_until_they_are_asked_for(run, project_folder):
    written(project_folder / "bad.xlsx", BAD, BAD_SAVED)
    (project_folder / "test_nothing.py").write_text("def test_nothing(): pass\n")
    run().assert_outcomes(passed=1)


def test_failures_say_what_is_wrong_and_can_be_run_again(run, project_folder):
    written(project_folder / "bad.xlsx", BAD, BAD_SAVED)
    written(project_folder / "good.xlsx", GOOD, {"B2": 10})
    (project_folder / "broken.xlsx").write_text("no workbook")
    (project_folder / "~$good.xlsx").write_text("Excel's own")
    done = run("--xlmodel", "--junitxml", project_folder / "junit.xml")
    found = outcomes(project_folder / "junit.xml")
    assert set(found) == {"bad.xlsx.values S", "bad.xlsx.lint sum-omits-adjacent", "broken.xlsx file"}
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    values = found["bad.xlsx.values S"].splitlines()
    first = values[0].replace(",000", "000")
    assert first == "2 formula cells of the sheet differ: S!D2 saved 44000, its formula gives 45000"
    assert values[1].strip() == "1. S!D2, Fostering (error: value-differs)"
    assert {"=B2*C2", "1 formula cell depends on it."} <= {line.strip() for line in values}
    assert "Proposed: =SUM(D1:D3)" in found["bad.xlsx.lint sum-omits-adjacent"]
    assert "not an .xlsx workbook" in found["broken.xlsx file"]
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*.py:*")
    run("--xlmodel", "--lf").assert_outcomes(failed=3)
    assert run("--xlmodel", "-k", "values and not bad").parseoutcomes()["passed"] == 1


def test_a_sheet_that_is_wrong_because_of_another_is_told_where_it_starts(run, project_folder):
    path = project_folder / "model.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "Inputs"
    workbook["Inputs"]["A1"], workbook["Inputs"]["B1"] = 5, "=A1*2"
    workbook.create_sheet("Costs")["A1"] = "=Inputs!B1*3"
    workbook.save(path)
    path.write_bytes(patch(path, read_book(path), [SetSaved("Inputs", 1, 2, 11), SetSaved("Costs", 1, 1, 33)]).content)
    done = run("model.xlsx::values::Costs")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([
        "*model.xlsx: values Costs*",
        "1 formula cell of the sheet differs: Inputs!B1 saved 11, its formula gives 10",
    ])  # fmt: skip


def test_a_file_of_another_format_that_is_named_is_not_passed_over(run, project_folder):
    (project_folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    run("old.xls").assert_outcomes(failed=1)
    assert run("--xlmodel").ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize("allowed", [False, True])
def test_what_is_not_proved_is_not_passed(run, project_folder, allowed):
    written(project_folder / "model.xlsx", {"A1": 2, "B1": "=NOT_KNOWN(A1)", "B2": "=A1*2"}, {"B1": 4, "B2": 4})
    (project_folder / "pytest.ini").write_text(f"[pytest]\nxlmodel_allow_unverified = {allowed}\n")
    done = run("-rs", "model.xlsx::values::S")
    done.assert_outcomes(**{"skipped" if allowed else "failed": 1})
    done.stdout.fnmatch_lines(["*1 formula cell of the sheet could not be verified: S!B1 unknown function: NOT_KNOWN*"])


def test_the_settings_name_workbooks_that_are_always_verified(run, project_folder):
    books = project_folder / "books"
    books.mkdir()
    (project_folder / "tests").mkdir()
    (project_folder / "tests" / "test_nothing.py").write_text("def test_nothing(): pass\n")
    book = written(books / "model.xlsx", GOOD, {"B2": 10})
    with Worker() as worker:
        freeze(project(book, worker=worker), baseline_path(book))
    ini = "[pytest]\ntestpaths = tests\nxlmodel_books = books/*.xlsx\n"
    (project_folder / "pytest.ini").write_text(ini)
    set_up(project_folder, '[lint]\nselect = ["sum-omits-adjacent"]\n')
    assert run().parseoutcomes() == {"passed": 4}  # the test, a sheet, a rule, the baseline
    assert run("tests").parseoutcomes() == {"passed": 1}
    changed = openpyxl.load_workbook(book)
    changed["S"]["B1"] = 6
    changed.save(book)
    done = run("-k", "baseline")
    assert done.parseoutcomes()["failed"] == 1
    done.stdout.fnmatch_lines(["*S!B1*5 before, 6 now*"])
    book.unlink()
    done = run()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*xlmodel_books: *no such file or folder*"])


def test_settings_that_cannot_be_used_stop_the_run(run, project_folder):
    written(project_folder / "good.xlsx", GOOD, {"B2": 10})
    set_up(project_folder, "tolerence = 1")
    done = run("--xlmodel")
    assert done.ret != pytest.ExitCode.OK
    assert "unknown setting 'tolerence'" in done.stdout.str() + done.stderr.str()


@pytest.mark.full
def test_processes_of_xdist_collect_the_same(run, project_folder):
    written(project_folder / "bad.xlsx", BAD, BAD_SAVED)
    written(project_folder / "good.xlsx", GOOD, {"B2": 10})
    set_up(project_folder, '[lint]\nselect = ["sum-omits-adjacent"]\n')
    run("--xlmodel", "-n", "2", "--dist", "loadfile").assert_outcomes(failed=2, passed=2)


def test_text_from_workbooks_does_not_act(run, project_folder):
    hostile_workbook(project_folder / "hostile.xlsx")
    done = run("-rA", "hostile.xlsx", "--junitxml", project_folder / "junit.xml")
    said = done.stdout.str()
    assert "S <b>&'" in said
    assert SHEET not in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", said)
    for line in said.splitlines():
        text = re.sub(r"hostile\.xlsx::(values|lint)::", "", line)
        assert "::" not in text
        assert not re.search(r"##\w*\[", text)
    assert "hostile.xlsx.values" in " ".join(outcomes(project_folder / "junit.xml"))


TESTS = """
import pytest
from xlmodel.values import ErrorValue

@pytest.fixture(scope="module")
def book(workbook):
    return workbook("books/model.xlsx")

def test_values(book):
    assert book["S!B2"] == 10
    assert book["B2"] == 10
    assert book["Children"] == 5
    assert book.range("S!A1:B2") == [["Children", 5], ["Twice", 10]]
    assert book.sheets == ("S",)
    assert book["S!B3"] == ErrorValue("#DIV/0!")

def test_inputs(book):
    assert book.with_inputs({"Children": 7}).with_inputs({"S!B9": 1})["S!B2"] == 14
    assert book.with_inputs({"S!B2": 1}, over_formulas=True).value("S!B2") == 1

def test_assertion(book):
    assert book.with_inputs({"Children": 8}).value("S!B2") == 15

def test_sheet(book):
    book["T!A1"]

def test_formula(book):
    book.with_inputs({"S!B2": 1})

def test_file(workbook):
    workbook("books/none.xlsx")
"""


def test_the_fixture_gives_recalculated_cells(run, project_folder):
    (project_folder / "books").mkdir()
    path = written(project_folder / "books" / "model.xlsx", {**GOOD, "B3": "=1/0"}, {"B2": 999})
    named = openpyxl.load_workbook(path)
    named.defined_names["Children"] = openpyxl.workbook.defined_name.DefinedName("Children", attr_text="S!$B$1")
    named.save(path)
    before = path.read_bytes()
    (project_folder / "test_model.py").write_text(TESTS)
    done = run()
    done.assert_outcomes(passed=2, failed=4)
    done.stdout.fnmatch_lines([
        "*where 16.0 = value('S!B2')",
        "*value = <model.xlsx recalculated with S!B1 = 8.0>.value",
        ">*book?\"T!A1\"?",
        "E*there is no sheet 'T'*",
        "test_model.py:*: BookError",
        "E*S!B2 holds a formula*over_formulas=True*",
        "test_model.py:*: EngineError",
        "E*none.xlsx: there is no such file or folder*",
    ])  # fmt: skip
    assert path.read_bytes() == before
