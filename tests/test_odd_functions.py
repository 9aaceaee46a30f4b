"""Functions that misbehave: what they give is a value of the kind declared, or an error; never a number by accident."""

from typing import Annotated

import numpy as np
import pytest

from xlmodel.errors import DomainError
from xlmodel.registry import Date, Flag, Number, Numbers, Registry, Word, declared, udf
from xlmodel.values import ErrorValue, Values

NA, NUM, VALUE = (ErrorValue(c) for c in ("#N/A", "#NUM!", "#VALUE!"))


def made(body, kind=None):
    def odd(a):
        return body(np.asarray(a))

    odd.__doc__ = "Return something.\n\nParameters\n----------\na : number\n    A number.\n"
    odd.__annotations__ = {"a": Annotated[Numbers, Number()], "return": Annotated[Numbers, kind or Number()]}
    return Registry([declared(udf(odd), "T")])


def refuses(mask):
    def body(a):
        raise DomainError("must be nice", argument="a", mask=np.asarray(mask))

    return body


def unmade(error):
    def body(a):
        raise error

    return body


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (lambda a: a + 0j, None, VALUE),
        (lambda a: "5", None, VALUE),
        (lambda a: None, None, VALUE),
        (lambda a: np.datetime64("2020-01-01"), None, VALUE),
        (lambda a: np.ma.masked_greater(a, 0), None, NA),
        (lambda a: np.inf, None, NUM),
        (lambda a: np.array([7] * len(a), object), None, 7.0),
        (lambda a: np.float32(0.5), None, 0.5),
        (lambda a: np.nan, Flag(), VALUE),
        (lambda a: a > 1, Flag(), True),
        (lambda a: 5, Word(), VALUE),
        (lambda a: "x" * 40_000, Word(), VALUE),
        (lambda a: np.datetime64("NaT"), Date(), NA),
        (lambda a: np.datetime64("2024-03-01"), Date(), 45352.0),
        (refuses(np.ones((3, 3), bool)), None, NUM),
        (refuses(False), None, NUM),
        (unmade(SystemExit(3)), None, VALUE),
        (lambda a: np.ones((len(a), 2)), None, VALUE),  # a result of another shape than declared
        (lambda a: np.ones(7), None, VALUE),
        (lambda a: np.float64(3), None, 3.0),
    ],
)
def test_one_call_and_a_column(body, kind, expected):
    registry = made(body, kind)
    assert registry.call("T_ODD", [Values.of(2.0)]).values.item() == expected
    column = registry.call_column("T_ODD", [Values.of([2.0, 2.0])], 2)
    assert column.values.scalars() == [expected, expected]


def test_dates_in_a_workbook_that_counts_from_1904():
    registry = made(lambda a: np.datetime64("2024-03-01"), Date())
    assert registry.call("T_ODD", [Values.of(2.0)], date1904=True).values.item() == 43890.0


def test_a_function_cannot_change_what_a_second_try_sees():
    def greedy(a):
        a += 1
        return a

    called = made(greedy).call_column("T_ODD", [Values.of([1.0, 2.0])], 2)
    assert called.values.scalars() == [VALUE, VALUE]
    assert "read-only" in called.problems[(0,)].text


def test_running_out_of_memory_is_not_a_value():
    with pytest.raises(MemoryError):
        made(unmade(MemoryError())).call("T_ODD", [Values.of(2.0)])
