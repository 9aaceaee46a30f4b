"""Numbers read many at a time are the numbers that `float` reads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.numerals import read_numbers


def read(texts: list[str], behind: str = "") -> list[float]:
    written = "<".join(texts) + behind
    lengths = np.array([len(text) for text in texts])
    start = np.cumsum(lengths + 1) - lengths - 1
    return read_numbers(written.encode(), start, start + lengths).tolist()


FINITE = st.floats(allow_nan=False, allow_infinity=False)
WRITTEN = st.one_of(
    FINITE.map(repr),
    FINITE.map("{:.17g}".format),
    FINITE.map("{:.15G}".format).filter(lambda text: math.isfinite(float(text))),
    st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,20})?(E[+-][0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"-?\.[0-9]{1,18}", fullmatch=True),
    # an odd number of more than 53 bits lies halfway between two doubles
    st.integers(2**53, 2**55).map(lambda n: str(2 * n + 1)),
    st.integers(2**52, 2**53).map(lambda n: f"{n}.5"),
)


@given(st.lists(WRITTEN, min_size=1), st.sampled_from(["", "<" * 30]))
def test_as_float_reads(texts, behind):
    assert list(map(repr, read(texts, behind))) == [repr(float(text)) for text in texts]


def test_ties_go_to_the_even_double():
    ties = [f"{2**53 + k}" for k in (1, 3)] + ["0.30000000000000004", "9007199254740993.5", "5e-324", "-0", "-0.0"]
    assert list(map(repr, read(ties, "<" * 30))) == [repr(float(text)) for text in ties]


@pytest.mark.parametrize(
    "text", ["", "1_0", "nan", "inf", "1e999", "1.2.3", "1e", "--1", "1-2", "0x1", "1E+-2", "1" * 400]
)
@pytest.mark.parametrize("behind", ["", "<" * 30])
def test_what_is_no_number(text, behind):
    with pytest.raises(ValueError):  # noqa: PT011
        read(["1", text], behind)


def test_many_digits():
    long = "0." + "1" * 300
    assert read([long, "2"], "<" * 30) == [float(long), 2.0]
    assert math.copysign(1, read(["-0"], "<" * 30)[0]) == -1
