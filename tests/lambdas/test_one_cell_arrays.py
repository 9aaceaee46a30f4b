"""A native form must not rely on a one-cell array being a value: to Excel it is an array, whatever it holds.

Excel takes ``SEQUENCE(TAKE(x, 1))`` for one SEQUENCE for each cell of an array and shows the first value of each; this
project's engine takes the one cell for its value. Here the engine is made as strict as Excel, and no form may notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from lambdas.calls import CSC, differs, drawn, expected, native

from xlmodel.engine.native import evaluator
from xlmodel.engine.native.calling import call
from xlmodel.engine.native.declaration import SCALAR_KINDS, Function
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.operands import VALUE, Lambda, Operand, Reference
from xlmodel.lambdas import stored
from xlmodel.values import Scalar, Values

NATIVE = [f for f in CSC if f.native]


def _value(self: Frame, operand: Operand) -> Scalar | Values:
    """Return an operand as an operator takes it: an array stays one, even of one cell."""
    if isinstance(operand, Reference):
        operand = self.met(operand)
    return VALUE if isinstance(operand, (Lambda, Reference)) else operand


def _call(function: Function, operands: Sequence[Any], frame: Frame) -> Operand:
    """Call a function; of what it gives for a one-cell array in the place of a value only the first value is left."""
    result = call(function, operands, frame)
    given = ((function.parameter(at), x) for at, x in enumerate(operands))
    arrays = any(p.takes in SCALAR_KINDS and isinstance(x, Values) and x.size == 1 for p, x in given)
    if not arrays or isinstance(result, Lambda):
        return result
    if isinstance(result, Reference):
        result = frame.values(result)
    return Values.of([[result.item((0, 0)) if isinstance(result, Values) else result]])


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Frame, "value", _value)
    monkeypatch.setattr(evaluator, "call", _call)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("function", NATIVE, ids=lambda f: f.name)
def test_no_form_takes_a_one_cell_array_for_a_value(function):
    calls = drawn(function, 2, seed=3)
    faults = [
        differs(function, arguments, expected(function, arguments), got)
        for arguments, got in zip(calls, native([(function, c) for c in calls]), strict=True)
    ]
    assert not any(faults), faults


@pytest.mark.usefixtures("strict")
def test_the_strict_engine_does_notice(monkeypatch):
    function = CSC.resolve("CSC_STOCK_PATH")
    whole = "LAMBDA(opening, starts, ceases, SUM(SEQUENCE(TAKE(VSTACK(3, 4), 1))))"
    monkeypatch.setattr("lambdas.calls.definitions", lambda *_: {function.name: stored(whole)})
    assert native([(function, ([[1.0]], [[1.0]], [[1.0]]))])[0].scalars() == [1.0]  # 6 were it a value
