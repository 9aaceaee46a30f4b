"""Every number and edge case of the catalogue, as cells give them to the functions."""

import inspect
import itertools
import pkgutil
import typing
from importlib import import_module

import catalogue
import numpy as np
import pytest
from catalogue import BLANK, NA
from catalogue.flows import CEASES, DATED, STARTS
from catalogue.rates import COUNTS, PLACES, RATES

from xlmodel.errors import KindError
from xlmodel.kinds import Number, Row, Word
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Kind, Values

CSC = Registry.collect({"CSC": "udfs"})

#: All modules' rows: function, arguments, what its cells show.
CATALOGUE = [
    row for m in pkgutil.iter_modules(catalogue.__path__) for row in import_module(f"catalogue.{m.name}").CATALOGUE
]
NAMED = {name: [row for row in CATALOGUE if row[0] == name] for name, _, _ in CATALOGUE}


def cells(content):
    if isinstance(content, list):
        return Values.of(content if isinstance(content[0], list) else [[x] for x in content])
    return Values.of(content)


def called(name, arguments):
    return CSC.call(f"CSC_{name}", [cells(a) for a in arguments])


def shown(value, expected):
    if isinstance(expected, str) and isinstance(value, float):
        _, _, decimals = expected.partition(".")
        return value == pytest.approx(float(expected), rel=0, abs=0.5 * 10.0 ** -len(decimals))
    return value == expected


@pytest.mark.parametrize(("name", "arguments", "expected"), CATALOGUE)
def test_cell(name, arguments, expected):
    call = called(name, arguments)
    values = call.values.scalars()
    if isinstance(expected, ErrorValue):
        assert set(values) == {expected}
        assert call.problems, "an error has its reason"
        return
    wanted = expected if isinstance(expected, list) else [expected]
    assert len(values) == len(wanted)
    assert all(shown(v, w) for v, w in zip(values, wanted, strict=True)), values


def test_every_function_is_in_the_table_with_a_value_and_an_error():
    assert {f"CSC_{name}" for name in NAMED} == set(CSC.functions)
    for function in CSC:
        expected = [e for _, _, e in NAMED[function.name.removeprefix("CSC_")]]
        assert any(isinstance(e, ErrorValue) for e in expected), function.name
        assert any(not isinstance(e, ErrorValue) for e in expected), function.name


def test_a_vector_spills_as_its_input_lies_and_a_row_of_results_is_a_row():
    assert called("PLAN_BASIS", ([1, 4.2, 6], "level", "new_in_year")).values.shape == (3, 1)
    lying = CSC.call("CSC_PLAN_BASIS", [Values.of([[1, 4.2, 6]]), Values.of("level"), Values.of("new_in_year")])
    assert lying.values.shape == (1, 3)
    assert called("IMPLIED_POPULATION", (539, 108)).values.shape == (1, 3)
    assert called("COMMON_POPULATION", (COUNTS, RATES, PLACES)).values.shape == (1, 2)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("STOCK_PATH", (20, STARTS, CEASES), "ceases must be <= the stock and the starts of period 1"),
        ("COMMON_POPULATION", ([*COUNTS, 412], [*RATES, 85], [*PLACES, 0]), "rows 1 and 5 clash"),
        ("RATE_PER_10K", (412, 0), "population must be > 0; it is 0"),
        ("PLAN_BASIS", ([1], "level", "x"), "level, new_in_year, running_total"),
        ("AVG_STOCK", (486, 412, DATED), "path must start with the opening stock; got 487"),
    ],
)
def test_the_reason_is_told(name, arguments, message):
    problems = list(called(name, arguments).problems.values())
    assert message in problems[0].message()


def columns():
    """For each function the table's calls of one arrangement, so that they are rows of one column call."""
    for name, rows in NAMED.items():
        kinds = [a.kind for a in CSC.functions[f"CSC_{name}"].arguments]
        calls = [
            c for _, c, _ in rows if all(k.shape or not isinstance(a, list) for k, a in zip(kinds, c, strict=False))
        ]
        for width, alike in itertools.groupby(sorted(calls, key=len), key=len):
            yield pytest.param(name, list(alike), id=f"{name}-{width}")


def in_a_column(kind, contents):
    """Return what one argument is in each row: a block of cells for a vector, of any length, or one cell."""
    if not kind.shape:
        return Values.of(contents)
    blocks = [cells(content) for content in contents]
    return [block.reshape(block.shape or (1, 1)) for block in blocks]


@pytest.mark.parametrize(("name", "rows"), list(columns()))
def test_a_column_with_good_and_bad_rows_gives_each_cell_what_it_gives_alone(name, rows):
    kinds = [a.kind for a in CSC.functions[f"CSC_{name}"].arguments]
    arguments = [in_a_column(kind, contents) for kind, contents in zip(kinds, zip(*rows, strict=True), strict=False)]
    together = CSC.call_column(f"CSC_{name}", arguments, len(rows))
    for i, row in enumerate(rows):
        alone, here = called(name, row), together.values[i]
        if () in alone.problems:  # an error fills its row
            assert set(here.scalars()) == {alone.values.item()}
            assert together.problems[(i,)].text == alone.problems[()].text
            continue
        sides = alone.values.shape if len(here.shape) == 2 else (alone.values.size,) * len(here.shape)
        part = tuple(map(slice, sides))
        assert here[part].scalars() == alone.values.scalars()
        filled = np.ones(here.shape, bool)
        filled[part] = False
        assert set(here[filled].scalars()) <= {NA}  # what a longer result of another row has more


# --- what the declarations promise -----------------------------------------------------------------------------------


def example_arguments(function):
    """Return the arguments of a call in the table that gives no error and has them all, where there is one."""
    rows = NAMED.get(function.name.removeprefix("CSC_"), [])
    good = [a for _, a, e in rows if not isinstance(e, ErrorValue)]
    whole = [a for a in good if not any(x is BLANK or (isinstance(x, list) and BLANK in x) for x in a)]
    return list(max(whole, key=len))


def as_python(argument, content):
    """Return what a cell or a range means to the function itself."""
    array, _ = argument.kind.read(cells(content), date1904=False)
    return array.ravel() if len(argument.kind.shape) == 1 else array


@pytest.mark.parametrize("function", list(CSC), ids=lambda f: f.name)
def test_a_body_is_a_few_lines_over_the_model(function):
    body = inspect.getsource(function.python).rpartition('"""')[2].strip().splitlines()
    assert len(body) <= 5


@pytest.mark.parametrize("function", list(CSC), ids=lambda f: f.name)
def test_text_and_numbers_come_out_as_declared(function):
    kinds = function.result.fields.values() if isinstance(function.result, Row) else [function.result]
    values = called(function.name.removeprefix("CSC_"), example_arguments(function)).values
    found = {int(k) for k in values.kind.ravel()}
    assert (Kind.TEXT in found) == any(isinstance(k, Word) for k in kinds)
    assert (Kind.NUMBER in found) == any(isinstance(k, Number) for k in kinds)


def test_a_plain_call_refuses_text_as_a_cell_does():
    for function in CSC:
        given = example_arguments(function)
        arguments = [as_python(a, x) for a, x in zip(function.arguments, given, strict=False)]
        arguments[0] = "text"
        with pytest.raises(KindError) as caught:
            function.python(*arguments)
        assert caught.value.argument == function.arguments[0].name


def test_the_functions_are_annotated_for_readers_too():
    for function in CSC:
        hints = typing.get_type_hints(function.python)
        assert set(hints) == {*inspect.signature(function.python).parameters, "return"}
