"""The four verdicts and the roots of differences, from evaluations made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from xlmodel.book import CalcSettings
from xlmodel.engine.evaluation import Calculation, Evaluation, Facts
from xlmodel.engine.protocol import Reason
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.recalculation import Verdict, judged

UNKNOWN = Reason("unknown-function", "unknown function: CSC_X")


def evaluation(*rows, reasons=None):
    """Make an evaluation from (saved, calculated, local) rows; the cells are S!A1, S!A2 and so on."""
    n = len(rows)
    return Evaluation(
        engine="hand",
        facts=Facts("0", "", frozenset(), False, 0, CalcSettings()),
        sheets=("S",),
        sheet=np.zeros(n, np.int32),
        row=np.arange(1, n + 1, dtype=np.int32),
        col=np.ones(n, np.int32),
        formulas=("1+1",),
        formula=np.zeros(n, np.int32),
        number_formats=("General",),
        number_format=np.zeros(n, np.int32),
        saved=Values.of([r[0] for r in rows]),
        calculated=Calculation(Values.of([r[1] for r in rows]), reasons or {}),
        local=Calculation(Values.of([r[2] for r in rows])),
    )


def judge(*rows, reasons=None, tolerance=1e-9):
    return judged(evaluation(*rows, reasons=reasons), tolerance, lambda cells: [10 * c.row for c in cells])


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
        (ErrorValue("#N/A"), ErrorValue("#NUM!"), Verdict.DIFFERS),
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


def test_the_cells_an_array_fills_are_judged_too():
    made = evaluation((2.0, 2.0, 2.0), (8.0, 7.0, 8.0))
    saved, right = Values.of([[2.0], [7.0]]), Values.of([[2.0], [6.0]])
    made = replace(
        made,
        saved_arrays={0: saved},
        calculated=replace(made.calculated, spills={0: right}),
        local=replace(made.local, spills={0: right}),
    )
    found = judged(made, 0.0, lambda cells: [1 for _ in cells])
    assert [(f.cell.row, f.saved, f.calculated) for f in found.roots] == [(2, 7.0, 6.0)]
    assert found.counts[Verdict.DIFFERS] == 2
