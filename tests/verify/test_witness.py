"""What witnesses say of the differences: confirmed, unconfirmed or disputed."""

from dataclasses import replace

import pytest
from evaluations import evaluation

from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.recalculation import Verdict, judged
from xlmodel.verify.witness import questions, settled, witnessed

CSC = Registry.collect({"CSC": "udfs"})
CONFIRMED, UNCONFIRMED, DISPUTED = (Verdict.DIFFERS, True), (Verdict.DIFFERS, False), (Verdict.DISPUTED, False)
NA, VALUE, NUM = (ErrorValue(code) for code in ("#N/A", "#VALUE!", "#NUM!"))


def heard(rows, *witnesses, engine="second", below=None, tolerance=0.0, **first):
    """Judge rows of (saved, calculated, local), then again by what witnesses give, each by row."""
    made = evaluation(*rows, **first)
    found = judged(made, tolerance, lambda cells: [1 for _ in cells])
    findings = list(found.findings)
    for given in witnesses:
        asked = questions(findings, made)
        said = {CellKey("S", row, 1): value for row, value in given.items() if CellKey("S", row, 1) in asked}
        findings = witnessed(findings, made, engine, said, tolerance, CSC)

    def dependents(cells):
        return frozenset(CellKey("S", row, 1) for cell in cells for row in (below or {}).get(cell.row, ()))

    return replace(found, findings=tuple(settled(findings, made, CSC, dependents)))


def verdicts(found):
    return [(f.verdict, f.confirmed) for f in found.findings]


@pytest.mark.parametrize(
    ("saved", "calculated", "witness", "outcome"),
    [
        (1.0, 2.0, 2.0, CONFIRMED),
        (1.0, 2.0, 2.0000000001, CONFIRMED),  # its last digits are its own
        (1.0, 2.0, 1.0, DISPUTED),  # it agrees with the file
        (1.0, 2.0, 3.0, DISPUTED),  # it gives a third value
        (1.0, 1.0000000001, 1.0, DISPUTED),
        (1.0, 1.0000000001, 1.0000000001, CONFIRMED),
        (5.0, 0.0, 1e-17, CONFIRMED),  # it lacks Excel's snap to zero
        (1.0, ErrorValue("#SPILL!"), ErrorValue("#SPILL!"), CONFIRMED),
        (1.0, NA, VALUE, DISPUTED),
        (1.0, 2.0, VALUE, UNCONFIRMED),  # it failed where neither the file nor the engine did
        (VALUE, 2.0, VALUE, DISPUTED),
        (1.0, NA, ErrorValue("#NAME?"), UNCONFIRMED),  # it does not know a function
        (1.0, ErrorValue("#NAME?"), ErrorValue("#NAME?"), UNCONFIRMED),
        (1.0, 2.0, None, UNCONFIRMED),
        ("a", "b", "b", CONFIRMED),
        (True, False, True, DISPUTED),
    ],
)
def test_one_cell(saved, calculated, witness, outcome):
    found = heard([(saved, calculated, calculated)], {1: witness})
    assert verdicts(found) == [outcome]
    assert found.exit_code == (3 if outcome is DISPUTED else 1)


def test_two_errors_of_other_kinds_accuse_no_figure():
    (finding,) = heard([(NUM, VALUE, VALUE)]).findings
    assert (finding.verdict, finding.reason.code) == (Verdict.UNVERIFIED, "error-kind")


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        ({1: 2.0}, {1: 1.0}, CONFIRMED),  # the first that supports the engine or the file settles it
        ({1: 1.0}, {1: 2.0}, DISPUTED),
        ({1: 3.0}, {1: 2.0}, CONFIRMED),  # one that stands alone does not
        ({1: 3.0}, {1: 1.0}, DISPUTED),
        ({1: 3.0}, {1: 4.0}, DISPUTED),
        ({1: 3.0}, {}, DISPUTED),
        ({}, {1: 2.0}, CONFIRMED),
        ({}, {}, UNCONFIRMED),
    ],
)
def test_the_next_witness_is_asked_until_a_cell_is_settled(first, then, outcome):
    assert verdicts(heard([(1.0, 2.0, 2.0)], first, then)) == [outcome]


@pytest.mark.parametrize(
    ("witness", "outcome"), [(2.0, CONFIRMED), (1.0, UNCONFIRMED), (3.0, UNCONFIRMED)], ids=["engine", "file", "third"]
)
def test_libreoffice_contradicts_nobody_where_a_number_is_rounded(witness, outcome):
    formulas = ["ROUND(R1C2,0)"]
    assert verdicts(heard([(1.0, 2.0, 2.0)], {1: witness}, engine="libreoffice", formulas=formulas)) == [outcome]


def test_what_passed_and_what_only_follows_is_not_asked_about():
    made = evaluation((1.0, 1.0, 1.0), (1.0, 2.0, 2.0), (10.0, 20.0, 10.0))
    found = judged(made, 0.0, lambda cells: [1 for _ in cells])
    assert list(questions(found.findings, made)) == [CellKey("S", 2, 1)]


def test_a_root_that_reads_a_cell_without_a_saved_value_is_not_asked_about():
    made = evaluation((1.0, 2.0, None))
    made = replace(made, local=replace(made.local, reasons={0: Reason("depends", "depends on S!A9")}))
    assert questions(judged(made, 0.0, lambda cells: [1 for _ in cells]).findings, made) == {}


@pytest.mark.parametrize("formula", ["CSC_NET_CHANGE(R1C1,R1C2)", "_xldudf_CSC_NET_CHANGE(1,2)", "Change*2"])
def test_a_function_of_the_registry_is_never_confirmed_by_itself(formula):
    names = {"change": ("CSC_NET_CHANGE",)}
    rows, first = [(1.0, 2.0, 2.0)], {"formulas": [formula], "name_calls": names}
    assert verdicts(heard(rows, {1: 2.0}, **first)) == [UNCONFIRMED]
    assert verdicts(heard(rows, {1: 1.0}, **first)) == [DISPUTED]


ROOT, FOLLOWS = (1.0, 2.0, 2.0), (10.0, 20.0, 10.0)


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ({1: 2.0}, [CONFIRMED, CONFIRMED]),
        ({}, [UNCONFIRMED, UNCONFIRMED]),  # no surer than what it follows from
        ({1: 1.0}, [DISPUTED, DISPUTED]),  # nothing is left that accuses it
        ({1: 3.0}, [DISPUTED, DISPUTED]),
    ],
)
def test_consequences_share_the_fate_of_their_roots(given, outcomes):
    found = heard([ROOT, FOLLOWS], given, below={1: [2]})
    assert verdicts(found) == outcomes
    assert [f.cell.row for f in found.roots] == ([1] if outcomes[0] is not DISPUTED else [])


def test_a_consequence_of_two_roots_stays_while_one_of_them_does():
    found = heard([ROOT, ROOT, FOLLOWS], {1: 2.0, 2: 1.0}, below={1: [3], 2: [3]})
    assert verdicts(found) == [CONFIRMED, DISPUTED, UNCONFIRMED]


def test_a_root_is_held_to_what_its_formula_gives_from_the_saved_cells_it_reads():
    # the second root reads the first: from what is saved it gives 30, from what is calculated 40
    found = heard([ROOT, (7.0, 40.0, 30.0)], {1: 2.0, 2: 30.0})
    assert verdicts(found) == [CONFIRMED, CONFIRMED]


def test_disputed_cells_are_grouped_by_the_functions_of_their_formulas():
    formulas = ["SUM(R1C2,IRR(R1C3:R9C3))", "R1C2+1", "_xlfn.BETA.INV(R1C2,3,2)"]
    found = heard([ROOT] * 5, dict.fromkeys(range(1, 6), 1.0), formulas=formulas)
    assert [(d.functions, [f.cell.row for f in d.findings]) for d in found.disputes] == [
        (("IRR", "SUM"), [1, 4]),
        ((), [2, 5]),
        (("BETA.INV",), [3]),
    ]


def test_a_cell_that_an_array_fills_is_asked_about_through_its_formula():
    made = evaluation((1.0, 1.0, 1.0))
    blocks = {0: Values.of([[1.0, 6.0]])}
    made = replace(
        made,
        saved_arrays={0: Values.of([[1.0, 7.0]])},
        calculated=replace(made.calculated, spills=blocks),
        local=replace(made.local, spills=blocks),
    )
    findings = judged(made, 0.0, lambda cells: [1]).findings
    anchor, filled = CellKey("S", 1, 1), CellKey("S", 1, 2)
    assert questions(findings, made) == {anchor: filled}
    for value, outcome in ((6.0, CONFIRMED), (7.0, DISPUTED)):
        (finding,) = witnessed(findings, made, "second", {filled: value}, 0.0, CSC)
        assert (finding.verdict, finding.confirmed) == outcome
