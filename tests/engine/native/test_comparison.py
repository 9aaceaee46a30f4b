"""Excel's order of scalars."""

import itertools

import pytest

from xlmodel.engine.native.comparison import compare, compare_texts, equal, equal_mask
from xlmodel.values import ErrorValue, Values

ASCENDING = [
    -1.0, 0.0, 0.1, 2.0, 1e300, "", " ", "!", "#", "$", "%", "&", "(", "*", ",", ".", "/", ":", "?", "@", "[", "_",
    "~", "+", "<", "=", ">", "0", "10", "2", "A1", "A100", "A11", "coop", "co-op", "co-ops", "de", "dé", "del", "Z",
    "α", "я", False, True,
]  # fmt: skip


def test_every_scalar_is_before_those_that_follow():
    for a, b in itertools.combinations(ASCENDING, 2):
        assert compare(a, b) == -1, (a, b)
        assert compare(b, a) == 1, (a, b)
        assert not equal(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (0.1 + 0.2, 0.3), (10000000.1, 10000000.10000001), ("straße", "STRAßE"), ("Total", "TOTAL"), (None, 0.0),
        (None, ""), (None, False), (None, None), (1e-320, 1e-320),
    ],
)  # fmt: skip
def test_equal(a, b):
    assert compare(a, b) == compare(b, a) == 0
    assert equal(a, b)


def test_hyphens_are_looked_past_at_first():
    assert compare_texts("co-op", "cooper") == -1
    assert compare_texts("it's", "its") == 1
    assert compare_texts("it's", "itself") == -1


@pytest.mark.parametrize("sought", [0.3, 0.0, "a", "", True, False, None, ErrorValue("#N/A")])
def test_a_mask_agrees_with_single_comparisons(sought):
    cells = [0.1 + 0.2, 0.3, 0.0, "A", "b", "", True, False, None, ErrorValue("#N/A")]
    error = isinstance(sought, ErrorValue)
    expected = [not error and not isinstance(x, ErrorValue) and equal(x, sought) for x in cells]
    assert equal_mask(Values.of([cells]), sought).tolist() == [expected]
