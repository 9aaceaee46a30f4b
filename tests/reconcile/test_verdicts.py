"""From arithmetic and sort of statement to a verdict and a sentence."""

import pytest
from reconcile.claims_files import figure, formula, judged

from xlmodel.reconcile import Verdict

A, B = figure("a", "1.0"), figure("b", "2.0")
PRINTED = {"equal": figure("t", "3.0"), "near": figure("t", "3.1"), "far": figure("t", "3.4")}
TABLE = [
    # kind, printed 3.0, printed 3.1, printed 3.4: the bound is 0.15
    ("figure", "TIES", "ROUNDING", "DOES NOT TIE"),
    ("two-figures", "TIES", "ROUNDING", "UNEXPLAINED"),
    ("assumes", "TIES", "ROUNDING", "READING"),
    ("hypothesis", "READING", "READING", "READING"),
    ("input-missing", "NOT TESTABLE", "NOT TESTABLE", "NOT TESTABLE"),
]


def verdict(found, name="r"):
    return str(next(row for row in found.rows if row.id == name).verdict)


@pytest.mark.parametrize(
    ("kind", "printed", "expected"),
    [(kind, printed, word) for kind, *words in TABLE for printed, word in zip(PRINTED, words, strict=True)],
)
def test_the_sort_of_statement_and_the_arithmetic_make_the_verdict(tmp_path, kind, printed, expected):
    found = judged(tmp_path, A, B, PRINTED[printed], formula("r", "=a+b", "t", kind))
    assert verdict(found) == expected
    assert found.accused == (expected == "DOES NOT TIE")


@pytest.mark.parametrize(
    ("second", "expected"), [("=a+b", "DOES NOT TIE"), ("=a+b+0.4", "READING"), ("=3.4+a-a", "READING")]
)
def test_two_readings_that_disagree_are_a_reading(tmp_path, second, expected):
    row = formula("r", "=a+b", "t", "two-readings", other_formula=second)
    assert verdict(judged(tmp_path, A, B, PRINTED["far"], row)) == expected


def test_two_readings_neither_of_which_is_ruled_out_are_no_reading(tmp_path):
    row = formula("r", "=a+b", "t", "two-readings", other_formula="=a+b+0.1")
    found = judged(tmp_path, A, B, PRINTED["near"], row)
    assert verdict(found) == "ROUNDING"
    assert found.rows[0].sentence == (
        "If so: £3m against £3.1m, rounding can hide the difference. If not: £3.1m against £3.1m, ties."
    )


@pytest.mark.parametrize(("text", "expected"), [("=b-a", "TIES"), ("=a-b", "DOES NOT TIE"), ("=b-2*a-0.1", "ROUNDING")])
def test_what_must_not_be_negative(tmp_path, text, expected):
    assert verdict(judged(tmp_path, A, B, formula("r", text, kind="must-not-be-negative"))) == expected


def test_an_assumption_that_another_row_bears_out_accuses(tmp_path):
    rows = (A, B, PRINTED["far"], formula("proof", "=a+b", "t"))
    assumed = formula("r", "=a+b", "t", "assumes", borne_out_by="proof")
    assert verdict(judged(tmp_path, *rows, assumed)) == "DOES NOT TIE"


def test_a_formula_that_comes_back_to_the_figure_tests_nothing(tmp_path):
    found = judged(tmp_path, A, B, formula("ratio", "=a/b", kind="implied"), formula("r", "=ratio*b", "a"))
    row = found.rows[-1]
    assert (row.verdict, row.circular) == (Verdict.IMPLIED, True)
    assert "tests nothing" in row.sentence


def test_figures_of_other_dates_are_not_compared(tmp_path):
    rows = (figure("a", "1.0", period="March 2023"), figure("b", "2.0", period="March 2024"))
    assert verdict(judged(tmp_path, *rows, formula("r", "=a", "b", "other-date"))) == "NOT COMPARABLE"


def test_a_division_by_zero_is_not_testable_and_says_why(tmp_path):
    found = judged(tmp_path, A, figure("z", "0", "exact"), formula("r", "=a/z", "a"))
    assert verdict(found) == "NOT TESTABLE"
    assert found.rows[0].sentence == "It cannot be worked out: the formula divides by 0."


@pytest.mark.parametrize("kind", ["figure", "two-figures", "assumes", "hypothesis", "input-missing"])
@pytest.mark.parametrize("text", ["=a/z", "=EXP(1000*b)", "=LN(z)"])
def test_what_has_no_result_is_not_testable_whatever_it_says(tmp_path, kind, text):
    rows = (A, B, PRINTED["equal"], figure("z", "0", "exact"), formula("r", text, "t", kind))
    assert verdict(judged(tmp_path, *rows)) == "NOT TESTABLE"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=-a-b", "Only the sign differs"),
        ("=(a+b)*1000", "They differ 1,000 times"),
        ("=(a+b)/100", "They differ 100 times"),
    ],
)
def test_a_difference_in_sign_or_noughts_alone_points_at_the_row_itself(tmp_path, text, says):
    (row,) = judged(tmp_path, A, B, PRINTED["equal"], formula("r", text, "t", unit="")).rows
    assert row.verdict is Verdict.DOES_NOT_TIE
    assert says in row.sentence


def test_a_divisor_that_may_be_zero_accuses_nobody(tmp_path):
    found = judged(tmp_path, A, figure("z", "0.0"), formula("r", "=a/(z+0.01)", "a"))
    assert verdict(found) == "ROUNDING"
    assert "any difference" in found.rows[0].sentence


HIDDEN = "Rounding can hide £0.15m at most."


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            formula("r", "=a+b", "t"),
            f"The document prints £3.4m; its own figures give £3m, £0.4m less. {HIDDEN}",
        ),
        (
            formula("r", "=a+b", "t", "two-figures"),
            f"The document gives £3.4m and £3m, £0.4m apart, for one thing. {HIDDEN} It does not say why.",
        ),
        (
            formula("r", "=a+b", "t", "assumes"),
            f"The document prints £3.4m; if so, its own figures give £3m, £0.4m less. {HIDDEN} If not.",
        ),
        (
            formula("r", "=a/b", kind="implied", unit="share"),
            "The document's figures imply 0.5 share: as they are printed, between 0.46 and 0.54 share.",
        ),
    ],
)
def test_the_sentence_has_the_figures_of_the_arithmetic(tmp_path, row, sentence):
    assert judged(tmp_path, A, B, PRINTED["far"], row).rows[0].sentence == sentence


def test_a_stated_figure_can_be_a_formula_and_its_precision_goes_with_it(tmp_path):
    rows = (figure("total", "1.66", "0.01"), figure("k", "1680", "1", unit="£k"))
    row = judged(tmp_path, *rows, formula("r", "=k", "=total*1000", unit="£k")).rows[0]
    assert (row.stated, row.bound, row.verdict) == (1660.0, 5.5, Verdict.DOES_NOT_TIE)
