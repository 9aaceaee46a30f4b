"""The contract of the registry: names, coercion, blanks, errors, spreading, columns."""

from typing import Annotated

import numpy as np
import pytest
import sample_functions
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import RegistryError
from xlmodel.registry import Number, Numbers, Registry, Table, declared, udf
from xlmodel.values import ErrorValue, Kind, Values

T = Registry.collect({"T": "sample_functions"})
NA, NUM, DIV, VALUE = (ErrorValue(c) for c in ("#N/A", "#NUM!", "#DIV/0!", "#VALUE!"))


def cells(content):
    return None if content is ... else Values.of(content)


def column(*numbers):
    return [[n] for n in numbers]


def grid(values):
    if not values.shape:
        return values.item()
    return [[values.item((r, c)) for c in range(values.shape[1])] for r in range(values.shape[0])]


def test_a_marked_function_stays_plain():
    assert float(sample_functions.ratio(1, 4)) == 0.25


@pytest.mark.parametrize(
    "stored",
    [
        "T_RATIO",
        "t_ratio",
        "T.RATIO",
        "_xldudf_T_RATIO",
        "_xll.T_RATIO",
        "[1]!T_RATIO",
        "'my.xlam'!T_RATIO",
        "my.xlam!t.ratio",
    ],
)
def test_every_stored_name_is_the_function(stored):
    assert T.resolve(stored).name == "T_RATIO"


@pytest.mark.parametrize("stored", ["T_RATI", "RATIO", "U_RATIO", "_xlfn.T_RATIO", "T.RATIO.X", "STDEV.S"])
def test_other_names_are_not(stored):
    assert T.resolve(stored) is None


def test_a_function_explains_itself():
    f = T.resolve("T_RATIO")
    assert f.signature == "T_RATIO(part, whole, [scale=1])"
    assert [a.help for a in f.arguments] == ["What is counted.", "What it is a part of.", "A factor."]
    assert [a.kind.unit for a in f.arguments] == ["children", "children", ""]
    assert (f.summary, f.family, f.version) == ("Part over whole.", "sample_functions", "1")
    assert f.examples == [("=T_RATIO(1, 4)", "0.25")]
    assert T.resolve("T_RUNNING").version == "2"


CALLS = [
    # call, arguments, result, message of the first problem
    ("T_RATIO", [1.0, 4.0], 0.25, None),
    ("T_RATIO", [1.0, 4.0, 100.0], 25.0, None),
    ("T_RATIO", [1.0, 4.0, None], 0.25, None),  # a blank optional argument is not given
    ("T_RATIO", [1.0, 4.0, ...], 0.25, None),
    ("T_RATIO", [None, 4.0], NA, "part is blank (S!A1)"),
    ("T_RATIO", ["1", 4.0], VALUE, 'part must be a number; it is the text "1" (S!A1)'),
    ("T_RATIO", [True, 4.0], VALUE, "part must be a number; it is TRUE (S!A1)"),
    ("T_RATIO", [-1.0, 4.0], NUM, "part must be >= 0; it is -1 (S!A1)"),
    ("T_RATIO", [1.0, 0.0], DIV, "whole must not be 0; it is 0 (S!A1)"),
    ("T_RATIO", [5.0, 4.0], NUM, "part must be <= whole; it is 5 (S!A1)"),
    ("T_RATIO", [NUM, DIV], NUM, "part is #NUM! (S!A1)"),  # the first error met wins
    ("T_RATIO", [1.0, DIV], DIV, "whole is #DIV/0! (S!A1)"),
    ("T_RATIO", [1.0], VALUE, "whole is missing (S!A1)"),
    ("T_RATIO", [1.0, 2.0, 3.0, 4.0], VALUE, "T_RATIO takes 3 arguments; 4 were given (S!A1)"),
    ("T_RATIO", [column(1.0, 2.0), 4.0], [[0.25], [0.5]], None),
    ("T_RATIO", [[[1.0, 2.0]], column(4.0, 8.0)], [[0.25, 0.5], [0.125, 0.25]], None),
    ("T_RATIO", [column(1.0, -2.0, 3.0), 4.0], [[0.25], [NUM], [0.75]], "part must be >= 0; it is -2 (S!A1)"),
    (
        "T_RATIO",
        [column(1.0, 2.0), column(1.0, 2.0, 3.0)],
        VALUE,
        "the ranges given to T_RATIO differ in shape: 2 x 1 and 3 x 1 (S!A1)",
    ),
    ("T_RUNNING", [column(1.0, 2.0, 3.0)], [[1.0], [3.0], [6.0]], None),
    ("T_RUNNING", [[[1.0, 2.0, 3.0]]], [[1.0, 3.0, 6.0]], None),
    ("T_RUNNING", [column(1.0, None, 3.0)], [[1.0], [NA], [NA]], None),
    ("T_RUNNING", [5.0], [[5.0]], None),
    (
        "T_RUNNING",
        [[[1.0, 2.0], [3.0, 4.0]]],
        VALUE,
        "values must be one row or one column; it is 2 rows by 2 columns (S!A1)",
    ),
    ("T_RUNNING", [column(1.0, "x")], VALUE, 'values must be a number; item 2 is the text "x" (S!A1)'),
    ("T_WEIGHTED", [column(10.0, 20.0), column(0.5, 1.0)], [[25.0, "low"]], None),
    ("T_WEIGHTED", [column(10.0, 20.0), column(0.5, 1.0), "HIGH "], [[25.0, "high"]], None),
    (
        "T_WEIGHTED",
        [column(10.0, 20.0), column(0.5, 1.0), "mid"],
        VALUE,
        'word must be one of low, high; it is the text "mid" (S!A1)',
    ),
    ("T_WEIGHTED", [column(10.0, 20.0), column(0.5)], VALUE, "weights has 1 values where values has 2 (S!A1)"),
    ("T_WEIGHTED", [column(10.0, None), column(0.5, 1.0)], NA, "values item 2 is blank (S!A1)"),
    ("T_WEIGHTED", [column(10.0, 20.0), column(0.5, 1.5)], NUM, "weights must be >= 0 and <= 1; item 2 is 1.5 (S!A1)"),
    ("T_IN_YEAR", [45260.0, "2023/24"], True, None),  # 30 November 2023
    ("T_IN_YEAR", [45260.0, 2024.0], False, None),
    ("T_IN_YEAR", [45260.0, "2023-2024", False], False, None),
    ("T_IN_YEAR", [45260.0, "2023/25"], VALUE, None),
    ("T_IN_YEAR", [45260.0, 45261.0], VALUE, None),
    ("T_IN_YEAR", [60.0, "2023/24"], NUM, "when must be a date; it is 60 (S!A1)"),
    ("T_IN_YEAR", ["30/11/2023", "2023/24"], VALUE, 'when must be a date; it is the text "30/11/2023" (S!A1)'),
    ("T_IN_YEAR", [45260.0, "2023/24", 2.0], VALUE, "include must be TRUE or FALSE; it is 2 (S!A1)"),
    ("T_MOVED", [[[10.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]], [[5.0, 5.0], [2.5, 7.5]], None),
    ("T_MOVED", [column(10.0, 0.0), [[0.5, 0.5], [0.0, 1.0]], 1.0], [[5.0, 5.0]], None),  # however the stock lies
    ("T_MOVED", [10.0, 0.5, 3.0], [[5.0], [2.5], [1.25]], None),  # one cell is a range of one row and one column
    (
        "T_MOVED",
        [column(10.0, 0.0), [[0.5, 0.5]]],
        VALUE,
        "transition must have as many columns as rows; it is 1 rows by 2 columns (S!A1)",
    ),
    (
        "T_MOVED",
        [column(10.0, 0.0, 1.0), [[0.5, 0.5], [0.0, 1.0]]],
        VALUE,
        "transition has 2 rows where stock has 3 values (S!A1)",
    ),
    (
        "T_MOVED",
        [column(10.0, 0.0), [[0.5, 0.5], [0.0, 1.5]]],
        NUM,
        "transition must be >= 0 and <= 1; row 2, column 2 is 1.5 (S!A1)",
    ),
    ("T_MOVED", [column(10.0, 0.0), [[0.5, None], [0.0, 1.0]]], NA, "transition row 1, column 2 is blank (S!A1)"),
    ("T_MOVED", [column(10.0, 0.0), None], NA, "transition is blank (S!A1)"),
    ("T_MOVED", [column(10.0, 0.0), DIV], DIV, "transition is #DIV/0! (S!A1)"),  # rather than its size
    (
        "T_MOVED",
        [column(10.0, 0.0), [[0.5, 0.5], [0.0, 1.0]], column(1.0, 2.0)],
        VALUE,
        "T_MOVED would spill in two directions: give it one cell where it takes one value (S!A1)",
    ),
    ("T_SEEN", [column(3.0, 1.0, 3.0)], [[1.0, 1.0], [3.0, 2.0]], None),
    ("T_SEEN", [[[7.0, 7.0]]], [[7.0, 2.0]], None),
    ("T_DAYS", [column(45000.0, 45001.0), column(45010.0, None)], [[10.0], [NA]], None),
    ("T_DAYS", [[[45000.0, 45001.0]], [[45010.0, 45011.0]], [[None, "E11"]]], [[NA, 10.0]], None),
    ("T_DAYS", [column(45000.0, None), column(45010.0, None)], NA, "starts item 2 is blank (S!A1)"),
    ("T_DAYS", [column(45000.0), column("x")], VALUE, 'ends must be a date; item 1 is the text "x" (S!A1)'),
    ("T_LOOKED_UP", [2.0, [["High", 0.5, "2024/25"]]], [[1.0, 0.0]], None),
    ("T_LOOKED_UP", [2.0, [["high", 0.5, 2024.0], ["low", 1.0, 2024.0]], 0.3], [[1.0, 1.0]], None),
    ("T_LOOKED_UP", [2.0, [["high", 0.5, 2024.0]], [[0.0, 1.0], [1.0, 0.5]]], [[1.0, 4.0]], None),
    ("T_LOOKED_UP", [column(2.0, 4.0), [["high", 0.5, 2024.0]]], [[1.0, 0.0], [2.0, 0.0]], None),
    (
        "T_LOOKED_UP",
        [2.0, [["high", 0.5, 2024.0], ["low", -1.0, 2024.0]]],
        NUM,
        "table column weight must be >= 0; row 2, column 2 is -1 (S!A1)",
    ),
    (
        "T_LOOKED_UP",
        [2.0, [["word", "weight", "year"], ["low", 1.0, 2024.0]]],
        VALUE,
        'table column weight must be a number; row 1, column 2 is the text "weight" (S!A1)',
    ),
    ("T_LOOKED_UP", [2.0, [["high", None, 2024.0]]], NA, "table row 1, column 2 is blank (S!A1)"),
    ("T_LOOKED_UP", [2.0, [["high", 0.5]]], VALUE, "table must have 3 columns; it has 2 (S!A1)"),
    ("T_LOOKED_UP", [2.0, NUM], NUM, "table is #NUM! (S!A1)"),
    ("T_FAULTY", [13.0], VALUE, "T_FAULTY failed: KeyError: 'thirteen' (S!A1)"),
    ("T_FAULTY", [column(1.0, 13.0)], [[2.0], [VALUE]], "T_FAULTY failed: KeyError: 'thirteen' (S!A1)"),
]


@pytest.mark.parametrize(("name", "arguments", "expected", "message"), CALLS)
def test_a_call(name, arguments, expected, message):
    called = T.call(name, [cells(a) for a in arguments])
    assert grid(called.values) == expected
    if message:
        assert next(iter(called.problems.values())).message("S!A1") == message


def test_1904_dates():
    assert T.call("T_IN_YEAR", [cells(43798.0), cells("2023/24")], date1904=True).values.item() is True


def test_a_problem_says_where_in_the_range_it_lies():
    called = T.call("T_RATIO", [cells(column(1.0, -2.0)), cells(4.0)])
    assert (called.problems[1, 0].position, called.problems[1, 0].index) == (0, (1, 0))
    called = T.call("T_WEIGHTED", [cells([[1.0, 2.0]]), cells([[0.5, 9.0]])])
    assert (called.problems[()].position, called.problems[()].index) == (1, (0, 1))


def test_good_rows_reach_the_function_once():
    n = 1000
    part = Values.numbers(np.arange(n, dtype=float))
    part.put(17, "x")
    part.put(18, None)
    whole = Values.numbers(np.full(n, 2000.0))
    whole.put(500, ErrorValue("#REF!"))
    sample_functions.calls.clear()
    called = T.call_column("T_RATIO", [part, whole], n)
    assert sample_functions.calls == [n - 3]
    assert [called.values.item(i) for i in (16, 17, 18, 500)] == [0.008, VALUE, NA, ErrorValue("#REF!")]
    assert sorted(called.problems) == [(17,), (18,), (500,)]


def test_ragged_vectors_are_grouped_by_length():
    vectors = [Values.of([1.0, 2.0]), Values.of([5.0]), Values.of([3.0, 4.0]), Values.of(["x"])]
    called = T.call_column("T_RUNNING", [vectors], 4)
    assert grid(called.values) == [[1.0, 3.0], [5.0, NA], [3.0, 7.0], [VALUE, VALUE]]
    assert list(called.problems) == [(3,)]


def test_ranges_that_differ_in_size_are_grouped_and_the_shorter_results_end_in_na():
    stocks = [Values.of([10.0, 0.0]), Values.of([8.0]), Values.of([4.0, 4.0]), Values.of(["x"])]
    half = [Values.of([[0.5, 0.5], [0.0, 1.0]]), Values.of([[0.5]]), Values.of([[1.0, 0.0], [0.0, 1.0]])]
    called = T.call_column("T_MOVED", [stocks, [*half, half[1]]], 4)
    assert called.values.shape == (4, 2, 2)
    assert [called.values[i].scalars() for i in range(4)] == [
        [5.0, 5.0, 2.5, 7.5], [4.0, NA, 2.0, NA], [4.0] * 4, [VALUE] * 4
    ]  # fmt: skip
    assert called.ragged
    assert list(called.problems) == [(3,)]


def test_rows_of_one_call_may_give_results_of_several_lengths():
    called = T.call_column("T_SEEN", [Values.of([[1.0, 2.0], [3.0, 3.0]])], 2)
    assert [called.values[i].scalars() for i in range(2)] == [[1.0, 1.0, 2.0, 1.0], [3.0, 2.0, NA, NA]]
    assert called.ragged
    assert not T.call_column("T_SEEN", [Values.of([[1.0, 2.0], [4.0, 3.0]])], 2).ragged


def test_a_problem_in_a_table_says_where_it_lies():
    called = T.call("T_LOOKED_UP", [cells(2.0), cells([["high", 0.5, 2024.0], ["low", "x", 2024.0]])])
    assert (called.problems[()].position, called.problems[()].index) == (1, (1, 1))


def test_signatures_show_vectors_and_ranges():
    assert T.resolve("T_MOVED").signature == "T_MOVED(stock[], transition[][], [periods=2])"
    assert T.resolve("T_LOOKED_UP").signature == "T_LOOKED_UP(amount, table[][], [curve[][]])"


number = st.one_of(
    st.none(), st.booleans(), st.text(max_size=2), st.floats(-5, 5).map(lambda x: round(x, 1)), st.just(NUM)
)


@given(st.lists(st.tuples(number, number), min_size=1, max_size=12))
def test_a_column_gives_the_bits_of_single_calls(rows):
    parts, wholes = Values.of([r[0] for r in rows]), Values.of([r[1] for r in rows])
    together = T.call_column("T_RATIO", [parts, wholes], len(rows))
    for i, (part, whole) in enumerate(rows):
        alone = T.call("T_RATIO", [cells(part), cells(whole)])
        assert together.values.item(i) == alone.values.item()
        assert (together.values.kind[i] == Kind.ERROR) == ((i,) in together.problems)


def bare(x: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    """Give x.

    Parameters
    ----------
    x : float
        A number.
    """
    return x


def no_kind(x: float) -> Annotated[Numbers, Number()]:
    """Give x.

    Parameters
    ----------
    x : float
        A number.
    """
    return x


def no_help(x: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    """Give x."""
    return x


def undocumented(x: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    return x


def table_result(x: Annotated[Numbers, Number()]) -> Annotated[Numbers, Table(x=Number())]:
    """Give x.

    Parameters
    ----------
    x : float
        A number.
    """
    return x


@pytest.mark.parametrize(
    ("function", "prefix", "complaint"),
    [
        (table_result, "T", "the result cannot be a Table"),
        (no_kind, "T", "x must be annotated with its kind"),
        (no_help, "T", "argument x needs a sentence under Parameters"),
        (undocumented, "T", "docstring must start with a sentence"),
    ],
)
def test_an_incomplete_declaration_is_refused(function, prefix, complaint):
    with pytest.raises(RegistryError, match=complaint):
        declared(udf(function), prefix)


def test_a_name_excel_would_not_take_is_refused():
    with pytest.raises(RegistryError, match="no name that Excel accepts"):
        declared(udf(bare), "1T")


def test_two_functions_of_one_name_are_refused():
    f = declared(udf(bare), "T")
    with pytest.raises(RegistryError, match=r"T_BARE is defined twice: .*bare and .*bare"):
        Registry([f, f])


def test_a_missing_module_is_named():
    with pytest.raises(RegistryError, match="no_such_module"):
        Registry.collect({"T": "no_such_module"})


def test_another_process_gets_the_same_functions_or_none():
    spec = T.spec()
    assert Registry.from_spec(spec).functions.keys() == T.functions.keys()
    with pytest.raises(RegistryError, match="source differs"):
        Registry.from_spec({**spec, "source": "0"})
