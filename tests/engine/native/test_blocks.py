"""Blocks of cells evaluated as arrays give the very values of the plain evaluator, bit for bit and kind for kind."""

import random

import numpy as np
import pytest
from books import book
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from random_models import NAMES, NUMBERS, TEXTS, filled_model, models, number, scalar

from xlmodel.engine.native import Locale, Model, NativeEngine, operators, vectors
from xlmodel.engine.native.coercion import Reading
from xlmodel.engine.native.inputs import with_inputs
from xlmodel.engine.native.lane_forms import rounded
from xlmodel.engine.native.model import calculating
from xlmodel.engine.native.operands import ExcelError
from xlmodel.engine.native.results import result_of
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Kind, Values, round_half_away

T = Registry.collect({"T": "functions_of_engine_tests"})
READING = Reading(Locale(), False)
SLOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def whole(made):
    engine = NativeEngine()
    engine.load(made, T)
    return engine.calculate()


def plain(made):
    model = Model(made, T)
    calculation = model.fresh(model.book)
    with calculating():
        calculation.settle(calculation.layout.places.tolist())
    return result_of(calculation, frozenset())


def exact(content):
    """Return a content so that equal ones are equal to the last bit and of one type."""
    return type(content).__name__, content.hex() if isinstance(content, float) else content


def facts(result):
    found = {}
    for content, cell in zip(result.values.scalars(), result.cells, strict=True):
        reason = result.reasons.get(cell)
        said = result.messages.get(cell, "").partition(" (")[0]  # where the offender stands, only a single cell knows
        found[str(cell)] = (*exact(content), reason and reason.code, said)
    return found


def differences(made):
    one, two = facts(whole(made)), facts(plain(made))
    return {cell: (one[cell], two[cell]) for cell in one.keys() | two.keys() if one.get(cell) != two.get(cell)}


# --- whole models -----------------------------------------------------------------------------------------------------


@SLOW
@given(models())
def test_blocks_equal_cells(model):
    assert not differences(model.book), model.formulas


@pytest.mark.parametrize("seed", range(2))
def test_blocks_equal_cells_in_many_models(seed):
    source = random.Random(seed)
    for _ in range(8):
        model = filled_model(source)
        assert not differences(model.book), model.formulas


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 200))
def test_blocks_equal_cells_in_very_many_models(seed):
    source = random.Random(seed)
    for _ in range(100):
        model = filled_model(source, most=5)
        assert not differences(model.book), model.formulas


@pytest.mark.parametrize(
    ("formula", "inputs"),
    [
        ('=IF(A{i}>0,B{i},1)=""', [1.0, None]),
        ("=ISBLANK(IF(A{i},B{i},1))", [1.0, None]),
        ("=COUNT(A{i}/B{i})", [1.0, 0.0]),
        ('=COUNT("x",A{i})', [1.0]),
        ("=SUM(A{i}+0,+B{i})", [1.0, "5"]),
        ("=SUM(A{i}/B{i},+C{i})", [1.0, 0.0, "5"]),
        ("=SUM(A{i},B{i})", [2.3e-308, -2.2250738585072014e-308]),
        ("=AVERAGE(A{i}:B{i})", [2.3e-308, 0.0]),
        ("=SUM(A$1:A{i})", [2.3e-308, None]),
        ("=ABS(A{i})", [-5e-324]),
        ("=SUM(T_PAIR(A{i}))", [3.0]),
        ("=MAX(T_PAIR(A{i}),1)", [3.0]),
        ("=AND(T_PAIR(A{i}))", [3.0]),
        ("=T_PAIR(A{i})", [3.0]),
        ("=T_PAIR(A{i})*2", [3.0]),
        ("=INDEX(T_PAIR(A{i}),2)", [3.0]),
        ("=T_RATE(T_RATE(1,A{i}),A{i})", [0.0]),
        ("=IF(A{i}>0,1,T_RATE(1,A{i}))", [1.0]),
        ("=IF(B{i},T_RATE(1,A{i}),0)", [0.0, ErrorValue("#N/A")]),
        ("=IFERROR(T_RATE(1,A{i}),T_RATE(1,B{i}))", [0.0, -1.0]),
        ("=IFNA(T_RATE(1,A{i}),0)", [0.0]),
        ("=A{i}+B{i}", ["x", ErrorValue("#N/A")]),
        ("=A{i}/B{i}", ["x", 0.0]),
        ("=Own+A{i}", [1.0]),
        ("=A{i}^B{i}", [-8.0, 1 / 3]),
        ("=A{i}-B{i}", [0.5 - 0.4, 0.1]),
        ("=(A{i}-B{i})", [0.5 - 0.4, 0.1]),
        ("=-A{i}", [0.0]),
        ("=A{i}*B{i}", [1e-200, 1e-200]),
        ("=SUMIFS(A$1:A$9,B$1:B$9,B{i})", [1.0, "a"]),
        ("=VLOOKUP(A{i},A$1:B$9,2,FALSE)", [1.0, None]),
        ("=INDEX(A$1:A$9,B{i})", [1.0, 10.0]),
        ("=MATCH(A{i},B$1:B$9,0)", [True, 1.0]),
    ],
)
def test_blocks_equal_cells_where_they_did_not(formula, inputs):
    sheets = {}
    for name in ("S", "T"):
        cells = {f"{'ABC'[c]}{i}": x for c, x in enumerate(inputs) for i in range(1, 9) if i != 4}
        cells |= {"A4": 2.0, "B4": 3.0, "C4": 4.0}
        sheets[name] = cells | {f"E{i}": formula.format(i=i) for i in range(1, 10)}
    assert not differences(book(sheets, names=NAMES))


# --- a model that stays loaded ----------------------------------------------------------------------------------------


def constants(made):
    return [CellKey(s.name, int(s.row[i]), int(s.col[i])) for s in made.sheets for i in np.flatnonzero(s.formula < 0)]


def loaded(made):
    model = Model(made, T)
    model.calculate()
    return model


def held(model):
    calculation = model.calculation
    found = {}
    for place in calculation.layout.places.tolist():
        reason = calculation.reasons.get(place)
        found[calculation.layout.name(place)] = (*exact(calculation.cells.scalar(place)), reason and reason.code)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_other_inputs_give_what_a_new_calculation_gives(seed):
    source = random.Random(seed)
    for _ in range(4):
        made = filled_model(source)
        model, now = loaded(made.book), made.book
        for _ in range(3):
            inputs = {source.choice(constants(now)): scalar(source) for _ in range(source.randint(1, 3))}
            model.run(inputs)
            now = with_inputs(now, Scope(now), inputs)
            assert held(model) == held(loaded(now)), (made.formulas, inputs)


@pytest.mark.parametrize("seed", range(2))
def test_scenarios_give_what_each_gives_alone(seed):
    source = random.Random(seed)
    for _ in range(4):
        made = filled_model(source)
        model, count = loaded(made.book), source.choice((2, 5))
        cells = {source.choice(constants(made.book)) for _ in range(source.randint(1, 3))}
        inputs = {cell: [number(source) for _ in range(count)] for cell in cells}
        model.run(inputs)
        for scenario in range(count):
            chosen = {cell: numbers[scenario] for cell, numbers in inputs.items()}
            alone = loaded(with_inputs(made.book, Scope(made.book), chosen)).calculation
            for place in alone.layout.places.tolist():
                found = model.value(alone.layout.key(place))
                content = found.item(scenario) if isinstance(found, Values) else found
                assert exact(content) == exact(alone.cells.scalar(place)), (made.formulas, alone.layout.name(place))


def test_what_one_scenario_lacks_has_its_reason():
    made = book({"A1": 1, "B1": '=IF(A1>1,CUBEVALUE("x","y"),7)', "C1": "=B1+1"})
    model = loaded(made)
    assert model.reason("S!B1") is None
    model.run({"S!A1": [0.0, 2.0]})
    assert model.reason("S!B1").text == "unknown function: CUBEVALUE"
    assert model.reason("S!C1").code == "depends"
    model.run({"S!A1": [0.0, 1.0]})
    assert model.reason("S!B1") is None


# --- operators --------------------------------------------------------------------------------------------------------

POOL = (*NUMBERS, *TEXTS, True, False, None, ErrorValue("#N/A"), ErrorValue("#DIV/0!"))


def one_by_one(operator, a, b, last):
    try:
        return operators.binary(operator, a, b, READING, last)
    except ExcelError as problem:
        return problem.value


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="])
def test_operators_over_arrays(operator, last):
    column, row = Values.of([[x] for x in POOL]), Values.of([list(POOL)])
    found = vectors.binary(operator, column, row, READING, last)
    assert found.shape == (len(POOL), len(POOL))
    for r, a in enumerate(POOL):
        for c, b in enumerate(POOL):
            assert exact(found.item((r, c))) == exact(one_by_one(operator, a, b, last)), (a, operator, b)
    numbers = Values.of([list(NUMBERS)])
    other = Values.of([list(reversed(NUMBERS))])
    found = vectors.binary(operator, numbers, other, READING, last)  # the way of numpy
    expected = [one_by_one(operator, a, b, last) for a, b in zip(NUMBERS, reversed(NUMBERS), strict=True)]
    assert [exact(x) for x in found.scalars()] == [exact(x) for x in expected]


@pytest.mark.parametrize("one", POOL)
def test_an_array_beside_one_cell(one):
    many = Values.of([list(POOL)])
    for operator in ("+", "/", "=", "<>", "<", ">="):
        found = vectors.binary(operator, many, Values.of([[one]]), READING)
        assert [exact(x) for x in found.scalars()] == [exact(one_by_one(operator, x, one, False)) for x in POOL]


@pytest.mark.parametrize("sign", ["-", "+", "%"])
def test_signs_over_arrays(sign):
    values = Values.of([list(POOL)])
    found = vectors.percent(values, READING) if sign == "%" else vectors.unary(sign, values, READING)
    for x, content in zip(POOL, found.scalars(), strict=True):
        try:
            expected = operators.percent(x, READING) if sign == "%" else operators.unary(sign, x, READING)
        except ExcelError as problem:
            expected = problem.value
        assert exact(content) == exact(expected), x


# --- rounding ---------------------------------------------------------------------------------------------------------


def near_half(whole, digits, steps):
    """Return a number half way between two results of rounding, or a float beside it."""
    half = (whole + 0.5) / 10.0**digits
    return float(np.nextafter(half, np.inf * steps)) if steps else half


HALVES = st.builds(near_half, st.integers(-(10**12), 10**12), st.integers(-3, 12), st.sampled_from((-1.0, 0.0, 1.0)))
ANY = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), HALVES), min_size=1, max_size=40),
    st.integers(-17, 17),
)
@example([1.005, 2.675, 0.285, 1.115, -2.5, 0.5, 99.995, 1e15 + 0.5, 4.35, 0.1 + 0.2, 5e-324, 1.7e308, -0.4], 2)
@example([0.5, -0.5, 1.5, 2.5, -0.4, 0.49999999999999994, 4503599627370497.5, 12345678901.5], 0)
@example([50.0, 49.999999999999999, 1250.0, 1e22, 5.0], -2)
def test_rounding_over_arrays(numbers, digits):
    found = rounded(np.array(numbers), digits)
    assert [x.hex() for x in found.tolist()] == [(round_half_away(x, digits) + 0.0).hex() for x in numbers]


def test_results_are_numbers_that_a_cell_can_hold():
    made = book(
        {f"{c}{i}": x for i in range(1, 9) for c, x in (("A", -0.0), ("B", f"=A{i}*1"), ("C", f"=SUM(A{i},A{i})"))}
    )
    result = whole(made)
    assert {x.hex() for x in result.values.num.tolist()} == {"0x0.0p+0"}
    assert set(result.values.kind.tolist()) == {int(Kind.NUMBER)}


@pytest.mark.parametrize(("before", "after"), [(0.0, False), (True, 1.0)])
def test_an_input_that_changes_its_kind_alone(before, after):
    made = book({"A1": before, "B1": "=ISLOGICAL(A1)", "C1": "=IF(A2,TRUE,1)", "D1": "=ISLOGICAL(C1)", "A2": 1.0})
    model = loaded(made)
    model.run({"S!A1": after})
    assert model.value("S!B1") is isinstance(after, bool)
    model.run({"S!A2": 0.0})
    assert model.value("S!D1") is False
