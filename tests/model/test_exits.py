"""Exits by reason: the deck's components, the codes that are no exits, and that no child is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError
from xlmodel.model.codes import EXIT_GROUPS, REASONS_CEASED, exit_group
from xlmodel.model.exits import Exits, exits_by_reason

VALUES = [
    (exits_by_reason, ([40, 63, 80, 30], ["E11", "E46", "E4A", "E17"]), (40, 63, 0, 80, 0, 30, 0)),
    (exits_by_reason, ([1, 2, 4, 8], ["E45", "E46", "E47", "E48"]), (0, 15, 0, 0, 0, 0, 0)),
    (exits_by_reason, ([1, 2, 4], ["E41", "E13", "E15"]), (0, 0, 1, 0, 2, 0, 4)),
    (exits_by_reason, ([5, 900], ["E4B", "X1"]), (0, 0, 0, 5, 0, 0, 0)),  # X1 is no exit
    (exits_by_reason, ([5, None], ["E4B", "X1"]), (0, 0, 0, 5, 0, 0, 0)),  # and its count is not needed
    (exits_by_reason, ([5, None], ["E4B", "E2"]), (0, 0, 0, 5, 0, 0, None)),
    (exits_by_reason, ([5, 6], [" e4b", "E4a "]), (0, 0, 0, 11, 0, 0, 0)),
    (exits_by_reason, ([0.1, 0.2], ["E11", "E11"]), (0.3, 0, 0, 0, 0, 0, 0)),
]

REFUSALS = [
    (exits_by_reason, ([40, 63], ["E11", "E43"]), NoDataError, "codes"),
    (exits_by_reason, ([40, 63], ["E11", "E99"]), NoDataError, "codes"),
    (exits_by_reason, ([40, 63], ["E11", ""]), NoDataError, "codes"),
    (exits_by_reason, ([40, 63], ["E11", None]), NoDataError, "codes"),
    (exits_by_reason, ([40, 63], ["E11", 45]), KindError, "codes"),
    (exits_by_reason, ([40, -63], ["E11", "E46"]), DomainError, "counts"),
    (exits_by_reason, ([40, 63], ["E11"]), ShapeError, "codes"),
    (exits_by_reason, (["40"], ["E11"]), KindError, "counts"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_the_deck_lists_213_of_its_215_exits():
    assert sum(map(float, exits_by_reason([40, 63, 80, 30], ["E11", "E46", "E4A", "E17"]))) == 213


def test_a_bad_code_marks_its_rows():
    with pytest.raises(NoDataError, match="E43 is retired: use E45 or E46; got E43") as caught:
        exits_by_reason([[1, 2], [3, 4]], [["E11", "E12"], ["E11", "E43"]])
    assert caught.value.mask.tolist() == [False, True]


def test_the_groups_are_in_the_order_in_which_they_are_reported():
    assert Exits._fields == tuple(EXIT_GROUPS)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(sorted(REASONS_CEASED))), min_size=1, max_size=30))
def test_no_child_is_lost(rows):
    counts, codes = [n / 10 for n, _ in rows], [code for _, code in rows]
    out = exits_by_reason(counts, codes)
    for group, found in zip(EXIT_GROUPS, out, strict=True):
        assert float(found) == sum(n for n, code in rows if exit_group(code) == group) / 10
