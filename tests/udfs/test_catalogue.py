"""Every number and edge case of the catalogue, as cells give them to the functions."""

import inspect
import itertools
import typing

import numpy as np
import pytest

from xlmodel.errors import KindError
from xlmodel.kinds import Number, Row, Word
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Kind, Values

CSC = Registry.collect({"CSC": "udfs"})

NUM, DIV, NA, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#N/A", "#VALUE!"))
BLANK = None
DAY_244 = 45260.0  # 30 November 2023
LAST_DAY = 45382.0  # 31 March 2024
DATED = [[45383, 487], [45483, 487], [45683, 412]]
STARTS, CEASES = [198, 180, 140, 102, 70], [219, 232, 215, 175, 125]
COUNTS, RATES, PLACES = [539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1]

#: Function, arguments (a list is a column of cells), what its cells show; a text is a number to its last place.
CATALOGUE = [
    # 1
    ("NET_CHANGE", (198, 219), "-21"),
    ("NET_CHANGE", (-198, 219), NUM),
    ("NET_CHANGE", (198, -219), NUM),
    ("NET_CHANGE", (BLANK, 219), NA),
    ("NET_CHANGE", ("198", 219), VALUE),
    # 2
    ("CLOSING_STOCK", (487, 140, 215), 412),
    ("CLOSING_STOCK", (487, 140, 215, 3), 415),
    ("CLOSING_STOCK", (487, 140, 215, BLANK, True), 412),
    ("CLOSING_STOCK", (487, 140, 628), NUM),
    ("CLOSING_STOCK", (487.5, 140, 215), 412.5),
    ("CLOSING_STOCK", (487.5, 140, 215, 0, True), NUM),
    ("CLOSING_STOCK", (487, 140, BLANK), NA),
    # 3
    ("STOCK_PATH", (560, STARTS, CEASES), [539, 487, 412, 339, 284]),
    ("STOCK_PATH", (560, STARTS, CEASES[:4]), VALUE),
    ("STOCK_PATH", (20, STARTS, CEASES), NUM),
    ("STOCK_PATH", (560, [198, BLANK, 140], [219, 232, 215]), [539, NA, NA]),
    ("STOCK_PATH", (560, [198, "x", 140], [219, 232, 215]), VALUE),
    ("STOCK_PATH", (BLANK, STARTS, CEASES), NA),
    # 4
    ("OPENING_STOCK", (539, 198, 219), 560),
    ("OPENING_STOCK", (0, 198, 100), NUM),
    # 5
    ("AVG_STOCK", (487, 412), 449.5),
    ("AVG_STOCK", (487, 412, DATED), 462),
    ("AVG_STOCK", (487, 412, [DATED[0], DATED[2], DATED[1]]), VALUE),
    ("AVG_STOCK", (487, 412, [DATED[0], DATED[0], DATED[2]]), VALUE),
    ("AVG_STOCK", (486, 412, DATED), VALUE),
    ("AVG_STOCK", (487, -1), NUM),
    # 13
    ("RATE_PER_10K", (412, 49756.1), "82.80"),
    ("RATE_PER_10K", (412, 49756.1, 2), 82.8),
    ("RATE_PER_10K", (165, 20000, 0), 83),
    ("RATE_PER_10K", (165, 20000, BLANK), 82.5),
    ("RATE_PER_10K", (412, 0), DIV),
    ("RATE_PER_10K", (412, -1), NUM),
    ("RATE_PER_10K", (412, BLANK), NA),
    ("RATE_PER_10K", (412, 411), NUM),
    ("RATE_PER_10K", (412, 49756.1, 0.5), NUM),
    # 14
    ("IMPLIED_POPULATION", (539, 108), ["49907.4", "49677.4", "50139.5"]),
    ("IMPLIED_POPULATION", (102, 20.5, 1), ["49756.1", "49635.0", "49877.8"]),
    ("IMPLIED_POPULATION", (539, 0), DIV),
    ("IMPLIED_POPULATION", (5, 0.5), [100000, 50000, NA]),
    # 15
    ("COMMON_POPULATION", (COUNTS, RATES, PLACES), ["49677.4", "49877.8"]),
    ("COMMON_POPULATION", ([*COUNTS, 412], [*RATES, 85], [*PLACES, 0]), NA),
    ("COMMON_POPULATION", (COUNTS, RATES[:3], PLACES), VALUE),
    # 16
    ("COUNT_FROM_RATE", (85, 49756.1), 422.92685),
    ("COUNT_FROM_RATE", (-85, 49756.1), NUM),
    # 17
    ("PCT_CHANGE", (44, 66), 0.5),
    ("PCT_CHANGE", (0, 66), DIV),
    ("PCT_CHANGE", (-2, -1), 0.5),
    # 34
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1]), [1, 3.75, 5.65]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1, 1]), [1, 3.75, 5.65, NA]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1, 1], True), [1, 3.75, 5.65, 5.65]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, BLANK], [1, 1, 1]), NA),
    # 35
    ("COHORT_PROFILE", ([1, 4.2, 6], [1, 1, 1]), [1, 3.2, 1.8]),
    ("COHORT_PROFILE", ([1, 4.2, 6], [0, 1, 1]), DIV),
    ("COHORT_PROFILE", ([1, 4.2, 6], [1, 1]), VALUE),
    # 36
    ("IMPLIED_UNIT_COST", (664000, 288), "27666.67"),
    ("IMPLIED_UNIT_COST", (516000, 144), "43000.00"),
    ("IMPLIED_UNIT_COST", (664000, 0), DIV),
    ("IMPLIED_UNIT_COST", (664000, -1), NUM),
    # 41
    ("PLAN_TOTAL", ([1.0, 0.4, 0.0, 1.2, 0.38], 3.08, [1, 1, 1, 1, 2], 2), [2.98, -0.1, 0.21, "ROUNDING"]),
    ("PLAN_TOTAL", ([5, 0.4, 0.8, 1.6, 0.42], 8.26, [0, 1, 1, 1, 2], 2), [8.22, -0.04, 0.66, "ROUNDING"]),
    ("PLAN_TOTAL", ([10.9, 0.4, 1.6, 1.6, 0.47], 13.63, [1, 1, 1, 1, 2], 2), [14.97, 1.34, 0.21, "DOES NOT TIE"]),
    ("PLAN_TOTAL", (["1.0", 0.4], 1.4, [1, 1], 1), VALUE),
    ("PLAN_TOTAL", ([1.0, BLANK], 1.4, [1, 1], 1), NA),
    ("PLAN_TOTAL", ([1.0, 0.4], 1.4, [1], 1), VALUE),
    # 42
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "new_in_year"), [1, 3.2, 1.8]),
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "running_total"), [1, 5.2, 11.2]),
    ("PLAN_BASIS", ([1, 4.2, 6], "LEVEL", "Running_Total"), [1, 5.2, 11.2]),
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "cumulative"), VALUE),
    # 46
    ("RUN_RATE", (28, DAY_244, "2023/24"), "42.0"),
    ("RUN_RATE", (42, DAY_244, 2023), "63.0"),
    ("RUN_RATE", (42, DAY_244, 2023, 0.7), 60),
    ("RUN_RATE", (63, LAST_DAY, 2023), 63),
    ("RUN_RATE", (63, 46000, 2023), 63),
    ("RUN_RATE", (28, DAY_244, "2024/25"), DIV),
    ("RUN_RATE", (28, DAY_244, 2023, 0), NUM),
    ("RUN_RATE", (28, DAY_244, 2023, 1.2), NUM),
    ("RUN_RATE", (28, "30/11/2023", 2023), VALUE),
    ("RUN_RATE", (28, BLANK, 2023), NA),
    ("RUN_RATE", (28, DAY_244, "2023/25"), VALUE),
    # 47
    ("PERIOD_IMPLIED", (28, 40), ["8.40", "8.296", "8.506"]),
    ("PERIOD_IMPLIED", (42, 63), ["8.00", "7.937", "8.064"]),
    ("PERIOD_IMPLIED", (28, 40, -1), ["8.40", "7.467", "9.600"]),
    ("PERIOD_IMPLIED", (28, 0), DIV),
    ("PERIOD_IMPLIED", (1, 0.5), [24, 12, NA]),
    # 49
    ("VARIANCE", (63.6, 71.3), [7.7, "0.12107"]),
    ("VARIANCE", (0, 71.3), DIV),
    # 50
    ("AFTER_MITIGATION", (1.4, [0.7]), 0.7),
    ("AFTER_MITIGATION", (1.4, 0.7), 0.7),
    ("AFTER_MITIGATION", (1.4, [0.7, 0.5], [0.5, 1]), 0.55),
    ("AFTER_MITIGATION", (1.4, [1.0, 0.7]), -0.3),
    ("AFTER_MITIGATION", (1.4, [0.7], [1.1]), NUM),
    ("AFTER_MITIGATION", (1.4, [0.7], [-0.1]), NUM),
    # 52
    ("TIES", (412, 412, 0), "TIES"),
    ("TIES", (108, 108.33, 0), "ROUNDING"),
    ("TIES", (85, 82.8, 0), "DOES NOT TIE"),
    ("TIES", (75, 72, 0, 6), "ROUNDING"),
    ("TIES", (1000, 1016, -3), "ROUNDING"),
    ("TIES", (0.3, 0.30000000000000004, 1), "TIES"),
    ("TIES", (1, 1, 0, -1), NUM),
]


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
    for function in CSC:
        expected = [e for name, _, e in CATALOGUE if f"CSC_{name}" == function.name]
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
    good = [c for c in CATALOGUE if not any(isinstance(a, list) for a in c[1])]
    for name, calls in itertools.groupby(good, key=lambda c: c[0]):
        for width, alike in itertools.groupby(sorted(calls, key=lambda c: len(c[1])), key=lambda c: len(c[1])):
            yield pytest.param(name, [c[1] for c in alike], id=f"{name}-{width}")


@pytest.mark.parametrize(("name", "rows"), list(columns()))
def test_a_column_with_good_and_bad_rows_gives_each_cell_what_it_gives_alone(name, rows):
    vectors = {i for i, a in enumerate(CSC.functions[f"CSC_{name}"].arguments) if a.kind.shape}
    if vectors:
        rows = [[[v] if i in vectors else v for i, v in enumerate(r)] for r in rows]
    together = CSC.call_column(f"CSC_{name}", [Values.of([r[i] for r in rows]) for i in range(len(rows[0]))], len(rows))
    for i, row in enumerate(rows):
        alone, here = called(name, row).values.scalars(), together.values[i].scalars()
        assert here == (alone if len(alone) == len(here) else alone * len(here))  # an error fills its row


# --- what the declarations promise -----------------------------------------------------------------------------------


def example_arguments(function):
    """Return the arguments of a call in the table that gives no error and has them all, where there is one."""
    good = [a for name, a, e in CATALOGUE if f"CSC_{name}" == function.name and not isinstance(e, ErrorValue)]
    whole = [a for a in good if not any(x is BLANK or (isinstance(x, list) and BLANK in x) for x in a)]
    return list(max(whole, key=len))


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
        arguments = example_arguments(function)
        if function.name == "CSC_RUN_RATE":
            arguments[1:3] = [np.datetime64("2023-11-30"), 2023]
        arguments[0] = "text"
        with pytest.raises(KindError):
            function.python(*arguments)


def test_the_functions_are_annotated_for_readers_too():
    for function in CSC:
        hints = typing.get_type_hints(function.python)
        assert set(hints) == {*inspect.signature(function.python).parameters, "return"}
