"""Inputs given one after another: each stays until it is given again."""

from books import book
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xlmodel.engine.native import Model

CELLS = {"A1": 1.0, "A2": 2.0, "B1": "=A1*10+A2+Z99", "B2": "=SUM(A1:A9)+Y98"}
INPUTS = st.dictionaries(st.sampled_from(["A1", "A2", "A5", "Z99", "Y98", "X3"]), st.integers(0, 9), max_size=3)


@settings(max_examples=40, deadline=None)
@example([{"A1": 5}, {"X3": 1}])
@given(st.lists(INPUTS, max_size=4))
def test_an_input_stays_until_it_is_given_again(runs):
    model = Model(book(CELLS))
    model.calculate()
    now = {"A1": 1, "A2": 2}
    for inputs in runs:
        model.run({f"S!{cell}": content for cell, content in inputs.items()})
        now |= inputs
        assert model.value("S!B1") == now["A1"] * 10 + now["A2"] + now.get("Z99", 0)
        assert model.value("S!B2") == now["A1"] + now["A2"] + now.get("A5", 0) + now.get("Y98", 0)
