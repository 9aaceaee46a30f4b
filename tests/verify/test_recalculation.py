"""The four verdicts and the roots of differences, from evaluations made by hand."""

from dataclasses import replace

import pytest
from evaluations import evaluation

from xlmodel.engine.protocol import Reason
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.recalculation import Verdict, judged

UNKNOWN = Reason("unknown-function", "unknown function: CSC_X")


def judge(*rows, tolerance=1e-9, **calculated):
    return judged(evaluation(*rows, **calculated), tolerance, lambda cells: [10 * c.row for c in cells])


@pytest.mark.parametrize(
    ("saved", "calculated", "verdict"),
    [
        (1.0, 1.0, Verdict.VERIFIED),
        (0.3, 0.1 + 0.2, Verdict.VERIFIED),
        (1.0, 1.0000000001, Verdict.VERIFIED),
        (1.0, 1.00001, Verdict.DIFFERS),
        ("a", "a", Verdict.VERIFIED),
        ("a", "A", Verdict.DIFFERS),
        ("1", 1.0, Verdict.DIFFERS),
        (True, 1.0, Verdict.DIFFERS),
        (ErrorValue("#N/A"), ErrorValue("#N/A"), Verdict.VERIFIED),
        (ErrorValue("#N/A"), ErrorValue("#NUM!"), Verdict.UNVERIFIED),  # no figure either way
        (1.0, ErrorValue("#NUM!"), Verdict.DIFFERS),
        (ErrorValue("#VALUE!"), ErrorValue("#SPILL!"), Verdict.VERIFIED),  # as files hold the newer errors
        (ErrorValue("#VALUE!"), ErrorValue("#N/A"), Verdict.UNVERIFIED),
        (ErrorValue("#N/A"), ErrorValue("#SPILL!"), Verdict.UNVERIFIED),
        (ErrorValue("#SPILL!"), ErrorValue("#CALC!"), Verdict.UNVERIFIED),  # a file of another program
        ("", "", Verdict.VERIFIED),
        (0.0, "", Verdict.DIFFERS),
        (None, 1.0, Verdict.UNVERIFIED),  # nothing saved: nothing to hold the formula to
    ],
)
def test_one_cell(saved, calculated, verdict):
    found = judge((saved, calculated, calculated))
    assert found.counts[verdict] == 1
    assert found.coverage == (verdict is Verdict.VERIFIED)


def test_only_the_root_of_a_difference_is_one():
    # A1's saved value was altered; A2 depends on it and was saved right; A3's input was changed without recalculating
    found = judge((5.0, 4.0, 4.0), (8.0, 8.0, 10.0), (1.0, 2.0, 2.0), (7.0, 9.0, 7.0))
    assert [f.cell.row for f in found.findings] == [1, 3, 4]
    assert [(f.cell.row, f.downstream) for f in found.roots] == [(3, 30), (1, 10)]
    assert not any(f.confirmed for f in found.roots)


def test_unverified_cells_are_grouped_and_never_pass():
    depends = {i: Reason("depends", f"depends on S!A{i}") for i in (2, 3)}
    found = judge(
        (1.0, None, None), (1.0, 1.0, 1.0), (2.0, None, None), (2.0, None, None), reasons={0: UNKNOWN, **depends}
    )
    assert found.counts == {Verdict.VERIFIED: 1, Verdict.DIFFERS: 0, Verdict.DISPUTED: 0, Verdict.UNVERIFIED: 3}
    assert [(g.reason.code, len(g.cells)) for g in found.unverified] == [("unknown-function", 1), ("depends", 2)]
    assert found.exit_code == 3


def test_a_reason_outweighs_equal_values():
    assert judge((None, None, None), reasons={0: UNKNOWN}).counts[Verdict.UNVERIFIED] == 1


@pytest.mark.parametrize(
    ("rows", "reasons", "code"),
    [
        ([(1.0, 1.0, 1.0)], {}, 0),
        ([(1.0, 2.0, 2.0)], {}, 1),
        ([(1.0, None, None)], {0: UNKNOWN}, 3),
        ([(1.0, 2.0, 2.0), (1.0, None, None)], {1: UNKNOWN}, 1),  # a finding outranks what is incomplete
        ([], {}, 0),
    ],
)
def test_exit_codes(rows, reasons, code):
    assert judge(*rows, reasons=reasons).exit_code == code


def test_fifteen_digits_on_request():
    assert judge((1.0, 1.0000000001, 1.0000000001), tolerance=0.0).exit_code == 1
    assert judge((0.3, 0.1 + 0.2, 0.1 + 0.2), tolerance=0.0).exit_code == 0


def test_noise_about_zero_proves_nothing():
    found = judge((0.0, 5.5e-17, 5.5e-17), (2.8e-17, -5.5e-17, -5.5e-17))
    assert found.counts[Verdict.UNVERIFIED] == 2
    assert found.exit_code == 3
    assert judge((0.0, 1e-6, 1e-6)).exit_code == 1


def test_what_only_adds_up_from_within_the_tolerance_is_no_accusation():
    found = judge((1e6, 1e6 + 1e-4, 1e6), (1e-3, 1.1e-3, 1e-3))
    assert [f.reason.code for f in found.findings] == ["tolerance"]


def test_what_hangs_on_the_clock_is_unverified_where_it_differs():
    found = judge((1.0, 2.0, 2.0), (1.0, 1.0, 1.0), volatile=frozenset({0, 1}))
    assert [(f.cell.row, f.reason.code) for f in found.findings] == [(1, "volatile")]
    assert found.counts[Verdict.VERIFIED] == 1


def judge_array(saved, calculated, tolerance=0.0):
    """Judge A1, whose array fills cells, and A2, which differs on its own."""
    held, gives = Values.of(saved), Values.of(calculated)
    corner = held.item((0, 0)) if held.size else 2.0
    made = evaluation((corner, gives.item((0, 0)), gives.item((0, 0))), (8.0, 7.0, 7.0), spills={0: gives})
    made = replace(made, saved_arrays={0: held}, local=replace(made.local, spills={0: gives}))
    return judged(made, tolerance, lambda cells: [1 for _ in cells]).findings[:-1]


@pytest.mark.parametrize(
    ("saved", "calculated", "cell", "held", "gives"),
    [
        ([[2.0, 7.0]], [[2.0, 6.0]], "S!B1", 7.0, 6.0),
        ([[3.0, 7.0]], [[2.0, 6.0]], "S!A1", 3.0, 2.0),
        ([[2.0, None, 7.0]], [[2.0, 5.0, 6.0]], "S!C1", 7.0, 6.0),  # rather than the one without a saved value
        ([[2.0]], [[2.0, 6.0]], "S!B1", None, 6.0),  # the array grew
        ([[2.0, 7.0]], [[2.0]], "S!B1", 7.0, None),  # it shrank
        ([[2.0, 7.0]], [[ErrorValue("#SPILL!")]], "S!A1", 2.0, ErrorValue("#SPILL!")),
    ],
)
def test_the_cells_an_array_fills_are_judged_too(saved, calculated, cell, held, gives):
    (found,) = judge_array(saved, calculated)
    assert (str(found.cell), found.verdict, found.saved, found.calculated) == (cell, Verdict.DIFFERS, held, gives)


def test_an_array_that_is_right_is_verified():
    assert judge_array([[2.0, 0.3]], [[2.0, 0.1 + 0.2]]) == ()
    assert judge_array([[2.0], [5.0]], [[2.0], [6.0]]) == ()  # A2 holds a formula, which speaks for itself


@pytest.mark.parametrize(
    ("held", "code"), [(Values.of([[2.0, None]]), "no-saved-value"), (Values.blank((0, 0)), "limit")]
)
def test_an_array_that_cannot_be_compared_whole_is_unverified(held, code):
    gives = Values.of([[2.0, 6.0]])
    made = evaluation((2.0, 2.0, 2.0), spills={0: gives})
    made = replace(made, saved_arrays={0: held}, local=replace(made.local, spills={0: gives}))
    assert [f.reason.code for f in judged(made, 0.0, lambda cells: []).findings] == [code]


@pytest.mark.parametrize(("others", "verdict"), [("", Verdict.UNVERIFIED), ("x", Verdict.DIFFERS)])
def test_where_every_result_is_an_empty_text_the_file_was_never_calculated(others, verdict):
    found = judged(evaluation(("", 2.0, 2.0), (others, others, others)), 0.0, lambda cells: [1 for _ in cells])
    assert [f.verdict for f in found.findings] == [verdict]


@pytest.mark.parametrize(
    ("formula", "calculated", "verdict"),
    [
        ("IRR(R1C2:R9C2)", 0.05 * (1 + 1e-8), Verdict.UNVERIFIED),  # as near as Excel says it goes
        ("IRR(R1C2:R9C2)", 0.05 * (1 + 1e-6), Verdict.DIFFERS),
        ("NPV(0.1,R1C2:R9C2)", 0.05 * (1 + 1e-8), Verdict.DIFFERS),
    ],
)
def test_what_excel_finds_by_trial_need_not_agree_to_the_last_digit(formula, calculated, verdict):
    made = evaluation((0.05, calculated, calculated), formulas=[formula])
    assert [f.verdict for f in judged(made, 1e-9, lambda cells: [1 for _ in cells]).findings] == [verdict]


def test_a_line_break_is_a_line_break():
    assert not judged(evaluation(("a\r\nb", "a\nb", "a\nb"), ("a\rb", "a\nb", "a\nb")), 0.0, lambda cells: []).findings
