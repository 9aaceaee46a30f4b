"""Real witnesses before real workbooks: what they are asked, that they can echo nothing, and what comes of it."""

import io
import re
import zipfile
from functools import partial

import pytest
from altered_books import written
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.book import DefinedName, read_book
from xlmodel.engine import ironcalc, libreoffice
from xlmodel.engine.asked import asked, beside, saved_cells
from xlmodel.engine.client import downstream
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue
from xlmodel.verify.check import Means, check
from xlmodel.verify.recalculation import Verdict, judged
from xlmodel.verify.second_opinion import WITNESSES, available, chosen, heard

CSC = Registry.collect({"CSC": "udfs"})
MEANS = Means(CSC)
with_ironcalc = pytest.mark.skipif(not ironcalc.installed(), reason="ironcalc is not installed")
with_libreoffice = pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice is not installed")

CELLS = {
    "A1": 198, "B1": 219, "A2": "'=not a formula", "B2": True, "A3": "#N/A",
    "C1": "=A1+B1",
    "D1": "=C1*2",  # only follows from C1
    "E1": "=CSC_NET_CHANGE(A1,B1)",
    "F1": '=A2&"x"',
    "G1": "=SUM(C1:D1)",  # reads two cells with wrong results, and has one of its own
    "H1": "=IFERROR(A3,7)",
    "I1": "=COUNT($A:$A)",
    "J1": "=ROUND(1.005,2)",
    "K1": "=OFFSET(A1,0,1)",
    "L1": "=IF(B2,ROW(),0)",
}  # fmt: skip
SAVED = {"C1": 400.0, "D1": 800.0, "E1": -20.0, "F1": "?", "G1": 5.0, "H1": 8.0, "I1": 9.0, "J1": 1.0, "K1": 1.0}
SAVED |= {"L1": 5.0}
#: what the formulas give from the saved cells they read
RIGHT = {"C1": 417.0, "F1": "=not a formulax", "G1": 1200.0, "H1": 7.0, "I1": 1.0, "J1": 1.01, "K1": 219.0, "L1": 1.0}
ROOTS = {*RIGHT, "E1"}


@pytest.fixture(scope="module")
def altered(tmp_path_factory):
    """A workbook of which every saved result but one is wrong."""
    return written(tmp_path_factory.mktemp("altered") / "altered.xlsx", CELLS, SAVED)


def cell(name):
    return CellKey("S", 1, ord(name[0]) - 64)


@pytest.fixture(scope="module")
def worker():
    with MEANS.worker() as worker:
        yield worker


def differing(path, worker):
    evaluation = MEANS.evaluate(path, worker, ("calculate", "local"))
    return judged(evaluation, 0.0, partial(downstream, worker=worker))


def told(path, worker, *witnesses, time_limit=120.0):
    return heard(differing(path, worker), path, worker, CSC, witnesses, 0.0, time_limit)


def asked_in(made, *cells):
    return asked(made, Scope(made), CSC, cells)


@pytest.mark.parametrize(
    ("witness", "silent"),
    [
        ("formulas", {"K1"}),  # OFFSET
        pytest.param("ironcalc", {"I1"}, marks=with_ironcalc),  # a whole column
        pytest.param("libreoffice", set(), marks=with_libreoffice),
    ],
)
def test_a_witness_confirms_each_root_from_what_is_saved_in_the_cells_it_reads(altered, worker, witness, silent):
    found = told(altered, worker, witness)
    assert (found.witness.engine, found.witness.problem) == (witness, "")
    roots = {f.cell: f for f in found.findings if f.root}
    assert set(roots) == {cell(name) for name in ROOTS}
    said = {name: roots[cell(name)].witness for name in RIGHT if name not in silent}
    assert said == {name: pytest.approx(value) for name, value in RIGHT.items() if name not in silent}
    assert {name for name in ROOTS if not roots[cell(name)].confirmed} == {"E1", *silent}
    (follows,) = (f for f in found.findings if not f.root)
    assert (follows.cell, follows.confirmed) == (cell("D1"), True)


def test_the_native_engine_is_a_witness_of_others_and_never_its_own(altered, worker):
    assert told(altered, worker, "native").witness is None
    evaluation = MEANS.evaluate(altered, worker, ("calculate", "local"), engine="formulas")
    found = judged(evaluation, 0.0, partial(downstream, worker=worker))
    assert heard(found, altered, worker, CSC, ["formulas", "native"], 0.0, 120.0).witness.engine == "native"


def test_what_libreoffice_is_given_holds_no_result(altered):
    made = read_book(altered)
    questions = asked_in(made, *(cell(name) for name in ROOTS))
    content = libreoffice.written(made, questions)
    sheets = zipfile.ZipFile(io.BytesIO(content))
    texts = [sheets.read(n).decode() for n in sheets.namelist() if n.startswith("xl/worksheets/")]
    formulas = re.findall(r"<f>[^<]*</f>(<v ?/>|<v></v>)", "".join(texts))
    assert len(formulas) == len(questions) == len(RIGHT)


def test_had_libreoffice_calculated_nothing_it_would_say_nothing(altered, tmp_path):
    made = read_book(altered)
    questions = asked_in(made, *(cell(name) for name in ROOTS))
    (tmp_path / "untouched.xlsx").write_bytes(libreoffice.written(made, questions))
    assert libreoffice.read_answers(tmp_path / "untouched.xlsx", made, questions) == {}


@pytest.mark.parametrize(
    ("formula", "alone"),
    [
        ("=B1*2", "S!B1*2"),
        ("=SUM($A:$A)", "SUM(S!$A:$A)"),
        ("=Rate*'My sheet'!A1", "(S!$Z$1)*'My sheet'!A1"),
        ("=_xlfn.XLOOKUP(B1,C1:C9,D1:D9)", "_xlfn.XLOOKUP(S!B1,S!C1:C9,S!D1:D9)"),
        ("=INDIRECT(B1)", None),
        ("=SUBTOTAL(9,B1:B9)", None),
        ("=CSC_NET_CHANGE(B1,B2)", None),
        ("=_xlfn.LET(_xlpm.x,B1,_xlpm.x)", None),
        ("=[1]Sheet1!A1+1", None),
        ("=Unknown_name+1", None),
        ('=_xlfn.WEBSERVICE("http://127.0.0.1/"&B1)', None),
        ("=SUM(S:'My sheet'!B1)", None),
    ],
)
def test_a_formula_stands_alone_or_is_not_asked_about(formula, alone):
    made = book({"S": {"A1": formula}, "My sheet": {"A1": 1.0}}, names=(DefinedName("Rate", "S!$Z$1", None),))
    assert [one.formula for one in asked_in(made, CellKey("S", 1, 1))] == ([] if alone is None else [alone])


def test_array_formulas_are_not_asked_about_on_their_own():
    made = book({"A1": "=B1:B2*2"}, arrays={"A1": "A1:A2"})
    assert asked_in(made, CellKey("S", 1, 1)) == []


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["Asked 1", "asked 2", "Asked0 1", "S", "Asked1 9"]), unique=True, min_size=1))
def test_the_sheets_beside_are_new_ones(names):
    made = book({name: {"A1": 1.0} for name in names})
    new = beside(made)
    assert len(set(new)) == len(names)
    assert not {n.casefold() for n in new} & {n.casefold() for n in names}


def test_only_what_is_read_is_handed_on():
    made = book({"A1": 1.0, "A2": 2.0, "B1": "=A1+1", "C1": 7.0}, saved={"B1": 9.0})
    assert list(saved_cells(made, asked_in(made, CellKey("S", 1, 2)))) == [(0, 1, 1, 1.0)]


@with_ironcalc
@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("=SUM(A1:A3)*2", 6.0),
        ('="#"&A4', "#text"),  # a text that looks like an error
        ("=A5", ErrorValue("#N/A")),
        ("=NO_SUCH_FUNCTION(A1)", None),
        ("=A1:A2", None),  # one cell to Excel of old, two to the library
    ],
)
def test_what_ironcalc_answers(formula, answer):
    made = book({"A1": 1.0, "A2": 2.0, "A4": "text", "A5": ErrorValue("#N/A"), "C9": formula})
    at = CellKey("S", 9, 3)
    assert ironcalc.answers(made, asked_in(made, at)).get(at) == answer


def test_a_witness_that_has_no_time_is_none_and_it_is_said(altered, worker):
    found = told(altered, worker, "formulas", "native", time_limit=0.0)
    assert (found.witness.problem, found.confirmed) == ("no time was left of 0 s", 0)
    assert found.exit_code == 1


def test_a_file_that_changed_meanwhile_is_said(tmp_path, worker):
    path = written(tmp_path / "changing.xlsx", {"A1": 2, "B1": "=A1*2"}, {"B1": 5.0})
    found = differing(path, worker)
    written(path, {"A1": 3, "B1": "=A1*2"}, {"B1": 5.0})
    worker.call("dependents", cells=[], path=str(path))  # as where the worker died and read the file again
    assert "changed" in heard(found, path, worker, CSC, ["formulas"], 0.0, 60.0).witness.problem


def test_a_worker_that_dies_costs_the_witness_and_nothing_else(tmp_path, worker):
    path = written(tmp_path / "book.xlsx", {"A1": 2, "B1": "=A1*2", "C1": "=B1+1"}, {"B1": 5.0, "C1": 6.0})
    found = differing(path, worker)
    worker.close()
    heard_of = heard(found, path, worker, CSC, ["ironcalc", "formulas"], 0.0, 60.0)
    assert heard_of.witness.engine == "formulas"
    assert downstream([cell("B1")], worker=worker) == [1]  # the workbook is there again


def test_verify_asks_witnesses_only_where_something_differs(tmp_path, altered, worker):
    means = Means(CSC, witness="formulas")
    right = written(tmp_path / "right.xlsx", {"A1": 1, "B1": "=A1+1"}, {"B1": 2.0})
    assert check(right, worker, means, 0.0).verification.witness is None
    assert check(altered, worker, means, 0.0).verification.witness.engine == "formulas"
    assert check(altered, worker, Means(CSC, witness=None), 0.0).verification.confirmed == 0


def test_a_cell_of_several_witnesses_says_who_spoke(tmp_path, worker):
    path = written(
        tmp_path / "book.xlsx", {"A1": 2, "B1": "=A1*2", "C1": '=_xlfn.TEXTAFTER("a-b","-")'}, {"B1": 5.0, "C1": "c"}
    )
    found = told(path, worker, *(name for name in available() if name not in ("native", "libreoffice")))
    assert {str(f.cell): f.witnessed_by for f in found.findings}["S!B1"] == "formulas"
    assert found.counts[Verdict.DIFFERS] == 2


@pytest.mark.parametrize(
    ("text", "message"), [("oracle", "there is no witness 'oracle'; there are native, formulas"), ("", "no witness ''")]
)
def test_a_witness_that_is_none(text, message):
    with pytest.raises(EngineError, match=message):
        chosen(text)


def test_which_witnesses_there_are():
    assert chosen("none") == ()
    assert chosen("auto") == available()
    assert set(available()) <= set(WITNESSES)
    assert chosen("formulas, native,formulas") == ("formulas", "native")
