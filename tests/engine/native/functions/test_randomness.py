"""Random numbers stay where they belong."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

NUM, VALUE = ErrorValue("#NUM!"), ErrorValue("#VALUE!")


def test_they_lie_between_their_bounds():
    assert 0 <= calculate("=RAND()") < 1
    assert calculate("=RANDBETWEEN(3,3)") == 3.0
    assert calculate("=RANDBETWEEN(1,6)") in range(1, 7)
    drawn = calculate_array("=RANDARRAY(4,5,10,20,TRUE)")
    assert [len(row) for row in drawn] == [5] * 4
    assert all(x in range(10, 21) for row in drawn for x in row)
    assert 0 <= calculate("=RANDARRAY(,,,)") < 1


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("=RANDBETWEEN(2,1)", NUM),
        ("=RANDARRAY(2,2,5,1)", VALUE),
        ("=RANDARRAY(2,2,0.5,5,TRUE)", VALUE),
        ("=RANDARRAY(-1)", VALUE),
    ],
)
def test_bounds_that_make_no_sense(formula, error):
    assert calculate(formula) == error
