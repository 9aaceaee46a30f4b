"""A claim's formula: read, refused, and written as Excel writes it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile.claims_files import CSC

from xlmodel.reconcile.bounds import enclosure
from xlmodel.reconcile.expressions import Constant, Figure, FormulaError, Operation, excel_text, figures, parse
from xlmodel.reconcile.intervals import Interval

IDS = ["a", "b", "A18", "R1", "C23", "rate_24_25"]


def text(formula):
    return excel_text(parse(formula, IDS, CSC), lambda name, part: name if part == "value" else f"{name}.{part}")


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("=a+b", "a+b"),
        ("=a-(b-a)", "a-(b-a)"),
        ("=(a-b)-a", "a-b-a"),
        ("=a/(b*a)", "a/(b*a)"),
        ("=a/b*a", "a/b*a"),
        ("=-a^2", "-a^2"),
        ("=-(a^2)", "-(a^2)"),
        ("=(a+b)^2", "(a+b)^2"),
        ("=2^(a-b)", "2^(a-b)"),
        ("=a*5%", "a*(5/100)"),
        ("= SUM( a , b )", "SUM(a,b)"),
        ("=A18/R1*C23", "A18/R1*C23"),
        ("=a18+RATE_24_25", "A18+rate_24_25"),
        ("=LOWEST(a)+highest(A18)", "a.lowest+A18.highest"),
        ("=csc_net_change(a,b)", "CSC_NET_CHANGE(a,b)"),
        ('=CSC_WEEK_TO_YEAR(a,"2024/25")', 'CSC_WEEK_TO_YEAR(a,"2024/25")'),
        ("=0.1", "0.1"),
    ],
)
def test_a_formula_is_written_with_the_brackets_it_needs(formula, written):
    assert text(formula) == written


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("a+b", "must begin with ="),
        ("=a+", "ends too early"),
        ("=a+c", "names c, and there is no claim with that id"),
        ("=rate_24_52", r"did you mean rate_24_25\?"),
        ("=D4+a", "must name claims by their id, one by one, not cells; it has D4"),
        ("=SUM(A10:A18)", "not cells"),
        ("=Sheet1!a", "names Sheet1!a"),
        ("=a>b", "not >"),
        ('=a&"x"', "not &"),
        ("=TRUE", "TRUE or FALSE"),
        ("=SUMM(a)", r"no function of that name \(did you mean sum"),
        ("=LOWEST(a+b)", "the id of one claim"),
        ("=SUM()", "something to work on"),
        ("=ROUND(a,)", "leaves an argument of ROUND empty"),
        ("={1,2}", "only have numbers"),
        ("=a b", "only have numbers|cannot be read"),
        ("=[1]Sheet1!A1", "not cells|names"),
    ],
)
def test_what_is_no_formula_over_claims_is_refused(formula, why):
    with pytest.raises(FormulaError, match=why):
        parse(formula, IDS, CSC)


TREES = st.recursive(
    st.sampled_from([Figure("a"), Figure("b")]) | st.integers(0, 36).map(lambda n: Constant(Fraction(n, 4))),
    lambda inner: (
        st.builds(Operation, st.sampled_from(["+", "-", "*"]), st.tuples(inner, inner))
        | st.builds(Operation, st.just("neg"), st.tuples(inner))
        | st.builds(Operation, st.just("^"), st.tuples(inner, st.just(Constant(Fraction(2)))))
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(TREES, st.fractions(-9, 9, max_denominator=8), st.fractions(-9, 9, max_denominator=8))
def test_a_formula_that_is_written_and_read_again_gives_the_same(tree, a, b):
    again = parse("=" + excel_text(tree, lambda name, _: name), ["a", "b"], CSC)
    box = {Figure("a"): Interval.of(a), Figure("b"): Interval.of(b)}
    assert enclosure(again, box, CSC) == enclosure(tree, box, CSC)
    assert {f.id for f in figures(again)} == {f.id for f in figures(tree)}
