"""The lowest and highest a result can be: nothing inside the printed precision leaves them, and they are reached."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile.claims_files import CSC, claims_of, figure, formula

from xlmodel.reconcile.bounds import UnboundedError, enclosure, ends
from xlmodel.reconcile.expressions import Constant, Figure, Operation, parse
from xlmodel.reconcile.intervals import Interval, NoResultError

IDS = ["a", "b", "c"]


def bounds(tree, box):
    def at(end):
        sides = dict(box)
        for name, interval in box.items():
            sides[Figure(name.id, "lowest")] = Interval.of(interval.low)
            sides[Figure(name.id, "highest")] = Interval.of(interval.high)
        return enclosure(end, sides, CSC)

    low, high = ends(tree, box, CSC)
    return Interval(at(low).low, at(high).high)


QUARTERS = st.builds(Fraction, st.integers(-24, 24), st.just(4))
TREES = st.recursive(
    st.sampled_from([Figure(name) for name in IDS]) | QUARTERS.map(Constant),
    lambda inner: (
        st.builds(Operation, st.sampled_from(["+", "-", "*", "/"]), st.tuples(inner, inner))
        | st.builds(Operation, st.sampled_from(["neg", "ABS"]), st.tuples(inner))
        | st.builds(Operation, st.sampled_from(["SUM", "MIN", "MAX", "AVERAGE", "PRODUCT"]), st.tuples(inner, inner))
        | st.builds(Operation, st.just("^"), st.tuples(inner, st.integers(0, 3).map(Fraction).map(Constant)))
    ),
    max_leaves=7,
)
BOXES = st.tuples(*[st.tuples(QUARTERS, st.builds(Fraction, st.integers(0, 8), st.just(4))) for _ in IDS])
SHARES = st.tuples(*[st.builds(Fraction, st.integers(0, 8), st.just(8)) for _ in IDS])


@settings(max_examples=80, deadline=None)
@given(TREES, BOXES, SHARES)
def test_no_figure_within_its_precision_gives_a_result_beyond_the_bounds(tree, spans, shares):
    box = {Figure(name): Interval(low, low + width) for name, (low, width) in zip(IDS, spans, strict=True)}
    inside = {
        figure: Interval.of(span.low + (span.high - span.low) * share)
        for (figure, span), share in zip(box.items(), shares, strict=True)
    }
    try:
        found = bounds(tree, box)
        result = enclosure(tree, inside, CSC).low
    except NoResultError:
        return
    assert found.low <= result <= found.high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("=(b-a)/a", Fraction("8.5") / Fraction("1.5") - 1, Fraction("9.5") / Fraction("0.5") - 1),
        ("=a/(a+b)", Fraction(1, 20), Fraction(3, 20)),
        ("=b-b", 0, 0),
        ("=a*a", Fraction("0.25"), Fraction("2.25")),
        ("=MAX(a,b)", Fraction("8.5"), Fraction("9.5")),
        ("=ABS(a-1)", 0, Fraction("0.5")),
        ("=ROUND(a,0)", 1, 2),
        ("=CSC_NET_CHANGE(b,a)", 7, 9),
        ("=CSC_CLOSING_STOCK(b,a,a)", Fraction("8.5"), Fraction("9.5")),
        ("=ROUND(a*2,0)+a", Fraction("1.5"), Fraction("4.5")),
    ],
)
def test_the_bounds_are_the_true_ones(text, low, high):
    box = {
        Figure("a"): Interval(Fraction("0.5"), Fraction("1.5")),
        Figure("b"): Interval(Fraction("8.5"), Fraction("9.5")),
    }
    found = bounds(parse(text, ["a", "b"], CSC), box)
    assert found == Interval(low, high)


def test_bounds_part_by_part_hold_the_true_ones():
    box = {Figure("a"): Interval(Fraction("0.5"), Fraction("1.5"))}
    found = bounds(parse("=(a-1)*(a-1)", ["a"], CSC), box)
    assert found.low <= 0
    assert Fraction("0.25") <= found.high


def test_a_function_that_rises_and_falls_has_no_bound():
    box = {Figure("a"): Interval(Fraction(1), Fraction(5))}
    with pytest.raises(UnboundedError, match="SIN rises and falls"):
        ends(parse("=SIN(a)", ["a"], CSC), box, CSC)


def test_a_row_that_a_formula_names_is_written_out_so_that_a_figure_is_the_same_wherever_it_stands(tmp_path):
    claims = claims_of(
        tmp_path, figure("a", "10", "1"), formula("twice", "=a+a", kind="implied"), formula("same", "=twice-a", "a")
    )
    assert claims.result("=twice-a-a") == (0, Interval.of(Fraction(0)))
    assert claims.result("=HIGHEST(twice)-a")[1] == Interval(Fraction("10.5"), Fraction("11.5"))
