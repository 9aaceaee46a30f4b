"""What holds for every function, whoever adds it."""

import ast
import re

import numpy as np
import pytest

from xlmodel.errors import ArgumentError
from xlmodel.kinds import Number
from xlmodel.registry import Registry

CSC = Registry.collect({"CSC": "udfs"})
FUNCTIONS = list(CSC)


def python_arguments(call):
    """Return the arguments of a worked example as Python values; array constants as lists."""
    inner = re.search(r"CSC_\w+\((.*)\)", call)[1]
    depth, end = 0, len(inner)
    for i, c in enumerate(inner):
        depth += (c == "(") - (c == ")")
        if depth < 0:
            end = i
            break
    text = re.sub(r"\{([^}]*)\}", lambda m: "[" + m[1].replace(";", ",") + "]", inner[:end])
    text = re.sub(r"DATE\((\d+),\s*(\d+),\s*(\d+)\)", lambda m: f"'{int(m[1])}-{int(m[2]):02d}-{int(m[3]):02d}'", text)
    text = text.replace("TRUE", "True").replace("FALSE", "False").replace(",,", ",None,")
    return list(ast.literal_eval(f"[{text}]"))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_it_explains_itself(function):
    assert function.examples, "the docstring needs a line: In a cell: ``=CSC_X(...)`` gives ``...``."
    assert function.name in function.examples[0][0]
    for title in ("Parameters", "Returns", "Raises", "Examples", "References"):
        assert function.section(title), f"the docstring needs a section {title}"
    assert ">>>" in function.section("Examples")
    assert not function.summary.startswith("Return")
    assert len(function.name) <= 31


BOUNDS = [
    pytest.param(f, position, op, limit, id=f"{f.name}-{a.name}{op}{limit:g}")
    for f in FUNCTIONS
    for position, a in enumerate(f.arguments)
    if isinstance(a.kind, Number)
    for op, limit in a.kind.bounds
]


@pytest.mark.parametrize(("function", "position", "op", "limit"), BOUNDS)
def test_a_declared_bound_holds_for_python_callers_too(function, position, op, limit):
    arguments = python_arguments(function.examples[0][0])
    while len(arguments) <= position:
        arguments.append(function.arguments[len(arguments)].default)
    beyond = limit if op in (">", "<") else limit - 1 if op == ">=" else limit + 1
    shape = np.shape(arguments[position]) if arguments[position] is not None else ()
    arguments[position] = np.full(shape or ((2,) if function.arguments[position].kind.shape else ()), float(beyond))
    if function.arguments[position].name == "as_at":
        pytest.skip("not a number")
    kept = [
        np.asarray(a, "datetime64[D]") if isinstance(a, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", a) else a
        for a in arguments
    ]
    kept = [int(a[:4]) if isinstance(a, str) and re.fullmatch(r"\d{4}/\d\d", a) else a for a in kept]
    with pytest.raises(ArgumentError):
        function.python(*kept)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_blank_is_missing_and_an_error_travels(function):
    from xlmodel.values import ErrorValue, Values

    required = [a for a in function.arguments if not a.optional]
    blanks = [
        Values.blank((2, len(a.kind.shape) and int([*a.kind.shape, "1"][1]))) if a.kind.shape else Values.blank(())
        for a in required
    ]
    called = CSC.call(function.name, blanks)
    assert called.values.scalars()[0] == ErrorValue("#N/A")
    broken = [Values.of(ErrorValue("#REF!")) for _ in required]
    assert CSC.call(function.name, broken).values.scalars()[0] == ErrorValue("#REF!")
