"""A document whose figures are all true, each rounded by itself, is accused of nothing; a false one in it is found."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile.claims_files import CSC

from xlmodel.reconcile import Claim, Claims, Kind, Verdict, judge
from xlmodel.reconcile.claims import Role

HARMLESS = {Verdict.TIES, Verdict.ROUNDING, Verdict.IMPLIED}


def rounded(true, nearest):
    """Round half away from zero, as people do."""
    steps = (abs(true) / nearest + Fraction(1, 2)).__floor__() if nearest else 0
    return (steps if true >= 0 else -steps) * nearest if nearest else true


class Document:
    """The claims of a document made of true figures."""

    def __init__(self):
        self.claims = []

    def prints(self, name, true, nearest="0", unit="£m", period="", roles=""):
        pairs = tuple(Role(*role.split(": ")) for role in roles.split("; ") if role)
        value = rounded(Fraction(true), Fraction(nearest))
        self.claims.append(
            Claim(name, name, len(self.claims) + 2, period, "", value, unit, Fraction(nearest), "p. 1", roles=pairs)
        )

    def checks(self, formula, states):
        row = len(self.claims) + 2
        self.claims.append(
            Claim(f"check_{states}", states, row, kind=Kind.FIGURE, formula=f"={formula}", states=states)
        )

    def judged(self, **changed):
        rows = (replace(claim, value=changed[claim.id]) if claim.id in changed else claim for claim in self.claims)
        return judge(Claims(tuple(rows), CSC))


MONEY = st.builds(Fraction, st.integers(-9_000, 20_000), st.just(1_000))
NEAREST = st.sampled_from(["0.01", "0.1", "1", "5"])
COUNT = st.integers(20, 900)


@st.composite
def documents(draw):
    made = Document()
    parts = draw(st.lists(MONEY, min_size=2, max_size=6))
    for i, part in enumerate(parts):
        made.prints(f"part{i}", part, draw(NEAREST), period="2024/25", roles="plan: part")
    made.prints("total", sum(parts), draw(NEAREST), period="2024-25", roles="plan: total")
    made.checks("+".join(f"part{i}" for i in range(len(parts))), "total")

    before, after = (Fraction(draw(st.integers(100, 9_000)), 100) for _ in range(2))
    made.prints(
        "old", before, draw(st.sampled_from(["0.01", "1"])), period="2023/24", roles="budget: before; slice: share"
    )
    made.prints("new", after, draw(st.sampled_from(["0.1", "1"])), period="2024/25", roles="budget: after; slice: base")
    made.prints("change", (after / before - 1) * 100, "0.1", "%", "2024/25", "budget: percentage change")
    made.prints("slice", before / after * 100, "1", "%", roles="slice: percentage")
    made.checks("(new-old)/old*100", "change")
    made.checks("old/new*100", "slice")

    opening, starts, ceases, population = draw(COUNT) + 900, draw(COUNT), draw(COUNT), draw(COUNT) * 100
    closing = opening + starts - ceases
    for name, count, period in (
        ("stock0", opening, "2022/23"), ("starts", starts, "2023/24"), ("ceases", ceases, "2023/24"),
        ("stock", closing, "2023/24"),
    ):  # fmt: skip
        made.prints(name, count, unit="children", period=period, roles=f"care: {name.rstrip('0')}")
    for name, count in (("stock", closing), ("starts", starts)):
        rate = Fraction(count, population) * 10_000
        made.prints(f"{name}_rate", rate, draw(st.sampled_from(["0.1", "1"])), "per 10,000", "2023/24",
                    f"care: rate of {name}")  # fmt: skip
    made.prints("population", population, "100", "children")
    made.checks("CSC_RATE_PER_10K(stock,population)", "stock_rate")
    return made


@settings(max_examples=30, deadline=None)
@given(documents())
def test_true_figures_are_accused_of_nothing(document):
    found = document.judged()
    assert {row.verdict for row in found.rows} <= HARMLESS
    assert {finding.verdict for finding in found.findings} <= HARMLESS
    assert found.idle == ()


@settings(max_examples=15, deadline=None)
@given(documents(), st.sampled_from(["total", "change", "slice", "stock_rate"]), st.sampled_from([1, -1]))
def test_a_figure_that_is_false_beyond_rounding_is_found(document, name, way):
    # a quotient can be out by more to one side than to the other: what it can be is asked, not how far it can be out
    row = next(row for row in document.judged().rows if row.id == f"check_{name}")
    claim = next(claim for claim in document.claims if claim.id == name)
    false = Fraction(row.high if way > 0 else row.low) + way * claim.nearest
    found = {row.id: row.verdict for row in document.judged(**{name: false}).rows}
    assert found[f"check_{name}"] is Verdict.DOES_NOT_TIE


@pytest.mark.parametrize(
    ("true", "nearest", "printed"), [("0.25", "0.1", "0.3"), ("-0.25", "0.1", "-0.3"), ("7", "5", "5")]
)
def test_figures_are_rounded_as_people_do(true, nearest, printed):
    assert rounded(Fraction(true), Fraction(nearest)) == Fraction(printed)
