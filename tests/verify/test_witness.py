"""What a second engine says of the differences: confirmed, unconfirmed or disputed."""

from dataclasses import replace

import openpyxl
import pytest
from evaluations import evaluation

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.errors import EngineError
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.check import Means, check
from xlmodel.verify.recalculation import Verdict, judged
from xlmodel.verify.witness import witnessed

CSC = Registry.collect({"CSC": "udfs"})
DEPENDS = Reason("depends", "depends on S!A9")
CONFIRMED, UNCONFIRMED, DISPUTED = (Verdict.DIFFERS, True), (Verdict.DIFFERS, False), (Verdict.DISPUTED, False)


def heard(rows, witness, refused=(), below=None, tolerance=0.0, **first):
    """Judge rows of (saved, calculated, local), then again by what a witness gives for each."""
    found = judged(evaluation(*rows, **first), tolerance, lambda cells: [1 for _ in cells])
    values = [(None, value, None) for value in witness]
    second = evaluation(*values, engine="second", reasons=dict.fromkeys(refused, DEPENDS))

    def dependents(cells):
        return frozenset(CellKey("S", row, 1) for cell in cells for row in (below or {}).get(cell.row, ()))

    return witnessed(found, second, tolerance, CSC, dependents)


def verdicts(found):
    return [(f.verdict, f.confirmed) for f in found.findings]


@pytest.mark.parametrize(
    ("calculated", "witness", "outcome"),
    [
        (2.0, 2.0, CONFIRMED),
        (2.0, 2.0000000001, CONFIRMED),  # its last digits are its own
        (2.0, 1.0, DISPUTED),  # it agrees with the file
        (2.0, 3.0, DISPUTED),  # it gives a third value
        (1.0000000001, 1.0, DISPUTED),
        (1.0000000001, 1.0000000001, CONFIRMED),
        (ErrorValue("#SPILL!"), ErrorValue("#SPILL!"), CONFIRMED),
        (ErrorValue("#N/A"), ErrorValue("#VALUE!"), DISPUTED),
    ],
)
def test_one_cell(calculated, witness, outcome):
    found = heard([(1.0, calculated, calculated)], [witness])
    assert verdicts(found) == [outcome]
    assert found.exit_code == (3 if outcome is DISPUTED else 1)
    assert found.witness.engine == "second"


def test_a_witness_that_refuses_leaves_the_difference_unconfirmed():
    assert verdicts(heard([(1.0, 2.0, 2.0)], [None], refused=[0])) == [UNCONFIRMED]


def test_what_passed_is_not_asked_about():
    assert heard([(1.0, 1.0, 1.0), (1.0, 2.0, 2.0)], [5.0, 2.0]).counts[Verdict.VERIFIED] == 1


@pytest.mark.parametrize("formula", ["CSC_NET_CHANGE(R1C1,R1C2)", "_xldudf_CSC_NET_CHANGE(1,2)", "Change*2"])
def test_a_function_of_the_registry_is_never_confirmed_by_itself(formula):
    names = {"change": ("CSC_NET_CHANGE",)}
    rows, first = [(1.0, 2.0, 2.0)], {"formulas": [formula], "name_calls": names}
    assert verdicts(heard(rows, [2.0], **first)) == [UNCONFIRMED]
    assert verdicts(heard(rows, [1.0], **first)) == [DISPUTED]


ROOT, FOLLOWS = (1.0, 2.0, 2.0), (10.0, 20.0, 10.0)


@pytest.mark.parametrize(
    ("witness", "refused", "outcomes"),
    [
        ((2.0, 20.0), (), [CONFIRMED, CONFIRMED]),
        ((2.0, 0.0), (1,), [CONFIRMED, UNCONFIRMED]),
        ((2.0, 30.0), (), [CONFIRMED, DISPUTED]),
        ((0.0, 20.0), (0,), [UNCONFIRMED, UNCONFIRMED]),  # no surer than what it follows from
        ((1.0, 10.0), (), [DISPUTED, DISPUTED]),
        ((1.0, 0.0), (1,), [DISPUTED, DISPUTED]),  # nothing is left that accuses it
        ((3.0, 20.0), (), [DISPUTED, DISPUTED]),
    ],
)
def test_consequences_share_the_fate_of_their_roots(witness, refused, outcomes):
    found = heard([ROOT, FOLLOWS], witness, refused, below={1: [2]})
    assert verdicts(found) == outcomes
    assert [f.cell.row for f in found.roots] == ([1] if outcomes[0] is not DISPUTED else [])


def test_a_consequence_of_two_roots_stays_while_one_of_them_does():
    found = heard([ROOT, ROOT, FOLLOWS], (2.0, 1.0, 0.0), refused=[2], below={1: [3], 2: [3]})
    assert verdicts(found) == [CONFIRMED, DISPUTED, UNCONFIRMED]


def test_disputed_cells_are_grouped_by_the_functions_of_their_formulas():
    formulas = ["SUM(R1C2,IRR(R1C3:R9C3))", "R1C2+1", "_xlfn.BETA.INV(R1C2,3,2)"]
    found = heard([ROOT] * 5, [1.0] * 5, formulas=formulas)
    assert [(d.functions, [f.cell.row for f in d.findings]) for d in found.disputes] == [
        (("IRR", "SUM"), [1, 4]),
        ((), [2, 5]),
        (("BETA.INV",), [3]),
    ]


def with_array(made, calculated, local=None):
    return replace(
        made,
        saved_arrays={0: Values.of([[1.0, 7.0]])},
        calculated=replace(made.calculated, spills=calculated),
        local=replace(made.local, spills=local or calculated),
    )


@pytest.mark.parametrize(
    ("spilled", "outcome"),
    [({0: [[1.0, 6.0]]}, CONFIRMED), ({0: [[1.0, 7.0]]}, DISPUTED), ({}, UNCONFIRMED), ({0: [[1.0]]}, UNCONFIRMED)],
)
def test_a_cell_that_an_array_fills_is_held_to_the_same_cell(spilled, outcome):
    first = with_array(evaluation((1.0, 1.0, 1.0)), {0: Values.of([[1.0, 6.0]])})
    second = with_array(evaluation((1.0, 1.0, 1.0)), {i: Values.of(v) for i, v in spilled.items()})
    found = witnessed(judged(first, 0.0, lambda cells: [1]), second, 0.0, CSC, lambda cells: frozenset())
    assert verdicts(found) == [outcome]


def test_another_file_is_no_witness():
    first = evaluation(ROOT)
    second = replace(first, facts=replace(first.facts, sha256="1"))
    with pytest.raises(EngineError, match="changed while it was being verified"):
        witnessed(judged(first, 0.0, lambda cells: [1]), second, 0.0, CSC, lambda cells: frozenset())


# --- a workbook before both engines ----------------------------------------------------------------------------------


@pytest.fixture
def altered(tmp_path):
    """A workbook with altered results: of a plain formula, of a function of the registry, of one the witness lacks."""
    path = tmp_path / "altered.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append([198, 219, "=A1+B1", "=C1*2", "=CSC_NET_CHANGE(A1,B1)", '=_xlfn.TEXTAFTER("a-b","-")'])
    workbook.save(path)
    saved = {3: 400.0, 4: 800.0, 5: -20.0, 6: "c"}
    path.write_bytes(patch(path, read_book(path), [SetSaved("Sheet", 1, c, v) for c, v in saved.items()]).content)
    return path


def checked(path, **means):
    made = Means(CSC, **means)
    with made.worker() as worker:
        return check(path, worker, made, 0.0)


def test_formulas_is_the_witness_of_the_native_engine(altered):
    found = checked(altered).verification
    assert found.evaluation.engine == "native"
    assert (found.witness.engine, found.witness.problem) == ("formulas", "")
    assert {str(f.cell): (f.root, f.confirmed) for f in found.findings} == {
        "Sheet!C1": (True, True),
        "Sheet!D1": (False, True),
        "Sheet!E1": (True, False),
        "Sheet!F1": (True, False),
    }
    assert found.confirmed == 2


def test_without_a_witness_nothing_is_confirmed(altered):
    found = checked(altered, witness=None).verification
    assert found.witness is None
    assert (found.counts[Verdict.DIFFERS], found.confirmed) == (4, 0)


class Failing(Means):
    """Means whose witness fails."""

    def evaluate(self, *args, engine=None, **options):
        if engine is not None:
            raise EngineError("evaluate did not finish within 5 s")
        return super().evaluate(*args, engine=engine, **options)


def test_a_witness_that_fails_is_none_and_it_is_said(altered):
    means = Failing(CSC)
    with means.worker() as worker:
        found = check(altered, worker, means, 0.0).verification
    assert (found.witness.problem, found.confirmed) == ("evaluate did not finish within 5 s", 0)
    assert found.exit_code == 1


def test_where_nothing_differs_no_witness_is_asked(tmp_path):
    path = tmp_path / "right.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append([1, "=A1+1"])
    workbook.save(path)
    path.write_bytes(patch(path, read_book(path), [SetSaved("Sheet", 1, 2, 2.0)]).content)
    means = Failing(CSC)
    with means.worker() as worker:
        assert check(path, worker, means, 0.0).verification.witness is None
