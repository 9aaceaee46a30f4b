"""What holds for every function, whoever adds it."""

import pkgutil
import re

import catalogue
import numpy as np
import pytest

from xlmodel.errors import ArgumentError
from xlmodel.kinds import Date, Number, Year
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Values

SECTIONS = ["Parameters", "Returns", "Raises", "Examples", "By hand", "References"]
CSC = Registry.collect({"CSC": "udfs"})
FUNCTIONS = list(CSC)


NAMES = """
NET_CHANGE CLOSING_STOCK STOCK_PATH OPENING_STOCK AVG_STOCK CHILD_MONTHS CARE_DAYS EXIT_RATE MEAN_STAY PLACEMENT_PATH
EXITS_BY_REASON AGE_OUT RATE_PER_10K IMPLIED_POPULATION COMMON_POPULATION COUNT_FROM_RATE PCT_CHANGE SN_AVERAGE SN_GAP
SN_RANK FUNNEL_LIMITS UNIT_COST_WEEK COST_PER_CHILD_WEEK WEEK_TO_YEAR PRICE_VOLUME_MIX UPLIFT REAL_TERMS PRESENT_VALUE
SURVIVAL_KM SURVIVAL_EXP COHORT_CHILD_YEARS AVOIDED_ENTRANTS AVOIDED_COST_COHORT AVOIDED_COST_RECURRING COHORT_PROFILE
IMPLIED_UNIT_COST LEGAL_AVOIDED PART_YEAR FULL_YEAR_ROLL SAVING_CLASS PLAN_TOTAL PLAN_BASIS RISK_ADJUSTED RAG
OVERLAP_CHECK RUN_RATE PERIOD_IMPLIED OUTTURN VARIANCE AFTER_MITIGATION STOCK_INTERVAL TIES
CARE_YEARS EXIT_HAZARD
""".split()


def test_the_functions_are_those_of_the_catalogue():
    assert len(NAMES) == 54
    assert sorted(f.name.removeprefix("CSC_") for f in FUNCTIONS) == sorted(NAMES)


def test_each_family_has_its_table_of_numbers():
    assert {f.family for f in FUNCTIONS} == {m.name for m in pkgutil.iter_modules(catalogue.__path__)}


def python_arguments(function):
    """Return the arguments of the first worked example as Python values, each as its kind wants it."""
    inner = function.examples[0][0].partition(f"{function.name}(")[2]
    depth, end = 0, len(inner)
    for i, c in enumerate(inner):
        depth += (c == "(") - (c == ")")
        if depth < 0:
            end = i
            break
    text = re.sub(r"\{([^}]*)\}", lambda m: f"[[{m[1].replace(';', '],[')}]]", inner[:end])
    text = re.sub(r"DATE\((\d+),\s*(\d+),\s*(\d+)\)", lambda m: f"'{int(m[1])}-{int(m[2]):02d}-{int(m[3]):02d}'", text)
    text = text.replace("TRUE", "True").replace("FALSE", "False")
    while ",," in text.replace(" ", ""):
        text = re.sub(r",\s*,", ",None,", text)
    given = eval(f"[{text}]", {"__builtins__": {}})
    return [_as_kind(value, argument) for value, argument in zip(given, function.arguments, strict=False)]


def _as_kind(value, argument):
    if value is None:
        return argument.default
    if isinstance(value, list) and len(argument.kind.shape) < 2:
        value = [x for row in value for x in row]
    if isinstance(argument.kind, Date):
        return np.asarray(value, "datetime64[D]")
    return int(value[:4]) if isinstance(argument.kind, Year) and isinstance(value, str) else value


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_it_explains_itself(function):
    assert function.examples, "the docstring needs a line: In a cell: ``=CSC_X(...)`` gives ``...``."
    assert function.name in function.examples[0][0]
    for title in SECTIONS:
        assert function.section(title), f"the docstring needs a section {title}"
    found = re.findall(r"^(\S[^\n]*)\n-+$", function.doc, re.M)
    assert [t for t in found if t in SECTIONS] == SECTIONS
    assert ">>>" in function.section("Examples")
    assert not function.summary.startswith("Return")
    assert len(function.name) <= 31
    assert all(len(a.help) <= 255 for a in function.arguments)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_it_shows_what_people_write_by_hand(function):
    formula = re.match(r"``(=[^`]+)``\s", function.section("By hand"))
    assert formula, "By hand starts with a formula in double backticks"
    assert not formula[1].startswith("=CSC_")
    assert len(function.section("By hand")) > len(formula[0]) + 20, "and says what it gets wrong"


BOUNDS = [
    pytest.param(f, position, op, limit, id=f"{f.name}-{a.name}{op}{limit:g}")
    for f in FUNCTIONS
    for position, a in enumerate(f.arguments)
    if isinstance(a.kind, Number)
    for op, limit in a.kind.bounds
]


@pytest.mark.parametrize(("function", "position", "op", "limit"), BOUNDS)
def test_a_declared_bound_holds_for_python_callers_too(function, position, op, limit):
    arguments = python_arguments(function)
    while len(arguments) <= position:
        arguments.append(function.arguments[len(arguments)].default)
    beyond = limit if op in (">", "<") else limit - 1 if op == ">=" else limit + 1
    given, core = arguments[position], function.arguments[position].kind.shape
    shape = tuple(int(side) if side.isdecimal() else 2 for side in core) if given is None else np.shape(given)
    arguments[position] = np.full(shape, float(beyond))
    with pytest.raises(ArgumentError) as caught:
        function.python(*arguments)
    assert caught.value.argument == function.arguments[position].name


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_blank_is_missing_and_an_error_travels(function):
    required = function.arguments[: len(python_arguments(function))]
    blanks = [
        Values.blank(tuple(int(side) if side.isdecimal() else 2 for side in [*a.kind.shape, "1"][:2]))
        if a.kind.shape
        else Values.blank(())
        for a in required
    ]
    called = CSC.call(function.name, blanks)
    assert called.values.scalars()[0] == ErrorValue("#N/A")
    broken = [Values.of(ErrorValue("#REF!")) for _ in required]
    assert CSC.call(function.name, broken).values.scalars()[0] == ErrorValue("#REF!")
