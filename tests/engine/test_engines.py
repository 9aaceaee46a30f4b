"""What every engine owes: the contract, run over each one there is."""

import csv

import pytest
from books import book

from xlmodel.book.workbook import CalcSettings, DefinedName, ExternalBook, Table
from xlmodel.engine import CellKey, engines
from xlmodel.errors import EngineError
from xlmodel.refs import Rect, parse_cell
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Kind, same_scalar

T = Registry.collect({"T": "functions_of_engine_tests"})
NA, NUM, DIV, VALUE, REF, NULL = (ErrorValue(c) for c in ("#N/A", "#NUM!", "#DIV/0!", "#VALUE!", "#REF!", "#NULL!"))
DATA = {
    "B1": 1.0, "B2": 2.0, "B3": 3.0, "C1": "a", "C2": "5", "C3": True, "D1": DIV, "D3": "b",
    "F1": "x", "G1": "y", "F2": 10.0, "G2": 20.0,
}  # fmt: skip
TABLE = Table("Tbl", "S", Rect(1, 6, 2, 7), ("x", "y"))
NAMES = (
    DefinedName("K", "1.5", None),
    DefinedName("Col", "S!$B$1:$B$3", None),
    DefinedName("Sum", "SUM(Col)*K", None),
    DefinedName("Left", "S!XFD1", None),
    DefinedName("Local", "1", "S"),
    DefinedName("Local", "2", "T"),
    DefinedName("Twice", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)", None),
)


@pytest.fixture(params=sorted(engines()))
def engine(request):
    made = engines()[request.param]()
    yield made
    made.close()


def key(name, sheet="S"):
    return CellKey(sheet, *parse_cell(name))


def calculated(engine, made, inputs=None, registry=T):
    engine.load(made.stripped(), registry)
    return engine.calculate(inputs)


def at(result, name, sheet="S"):
    return result.values.item(result.cells.index(key(name, sheet)))


def value(engine, formula, where="A2", **more):
    return at(
        calculated(
            engine, book({"S": {**DATA, where: formula}, "T": {"A1": 7.0}}, names=NAMES, tables=(TABLE,), **more)
        ),
        where,
    )


def reason(result, name):
    found = result.reasons[key(name)]
    return found.code, found.text


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=1+2*3", 7.0),
        ("=-2^2", 4.0),
        ("=2^3^2", 64.0),
        ("=2^-1", 0.5),
        ("=50%*4", 2.0),
        ("=--TRUE", 1.0),
        ("=0^0", NUM),
        ("=0^-1", DIV),
        ("=(-8)^(1/3)", -2.0),
        ("=(-1)^0.5", NUM),
        ("=1/0", DIV),
        ('="a"&1&TRUE&Z9', "a1TRUE"),
        ('="a"="A"', True),
        ('="a"<TRUE', True),
        ("=0.1+0.2=0.3", True),
        ("=0.1+0.2&\"\"", "0.3"),
        ("=B1+Z9", 1.0),
        ('=Z9=""', True),
        ("=Z9=0", True),
        ("=Z9", 0.0),
        ("=IF(TRUE,Z9)", 0.0),
        ('="5"*2', 10.0),
        ('="x"*2', VALUE),
        ('="inf"+1', VALUE),
        ("=+C1", "a"),
        ("=D1", DIV),
        ("=D1+1", DIV),
        ("=#N/A", NA),
        ("=C1", "a"),
        ("=C3", True),
        ("=1E+300*1E+300", NUM),
        ("=SUM(B1:B3)", 6.0),
        ("=SUM(B1,B2:B3,4)", 10.0),
        ("=SUM((B1,B3))", 4.0),
        ("=SUM(B:B)", 6.0),
        ("=SUM(B1:C3)", 6.0),
        ('=SUM("5",TRUE)', 6.0),
        ("=SUM(C1:C3)", 0.0),
        ("=COUNT(B1:C3)", 3.0),
        ("=COUNTA(B1:C3)", 6.0),
        ("=COUNTBLANK(Z8:Z9)", 2.0),
        ("=AVERAGE(B1:C3)", 2.0),
        ("=MAX(Z8:Z9)", 0.0),
        ("=SUM(D1:D3)", DIV),
        ("=SUM(B1:B3 B2:D2)", 2.0),
        ("=B1:B2 C1:C2", NULL),
        ("=SUM(B1:INDEX(B1:B3,2))", 3.0),
        ("=INDEX(B1:C3,2,1)", 2.0),
        ("=SUM(INDEX(B1:C3,0,1))", 6.0),
        ("=INDEX(B1:B3,9)", REF),
        ('=INDEX({1,2;3,4},2,2)', 4.0),
        ("=SUMPRODUCT((B1:B3>1)*B1:B3)", 5.0),
        ("=SUMPRODUCT(--(B1:B3>1))", 2.0),
        ("=T!A1*2", 14.0),
        ("=SUM(S:T!A1)", 7.0),
        ("=ROUND(1.005,2)", 1.01),
        ("=ROUND(-2.5,0)", -3.0),
        ("=ROUNDUP(1.1,1)", 1.1),
        ("=0.5-0.4-0.1", 0.0),
        ("=(0.5-0.4-0.1)", -2.7755575615628914e-17),
        ("=IF(B1=1,\"yes\",1/0)", "yes"),
        ("=IF(FALSE,1)", False),
        ("=IF(TRUE,,1)", 0.0),
        ("=IFERROR(D1,9)", 9.0),
        ("=IFERROR(Z9,9)", 0.0),
        ("=CHOOSE(2,1/0,B2)", 2.0),
        ("=VLOOKUP(2,B1:C3,2,FALSE)", "5"),
        ("=MATCH(3,B1:B3,0)", 3.0),
        ('=SUMIF(B1:B3,">1")', 5.0),
        ("=ROW()", 2.0),
        ("=ROW(B7)+COLUMN(B7)+ROWS(B1:B9)", 18.0),
        ("=_xlfn.LET(_xlpm.x,B2,_xlpm.x*_xlpm.x)", 4.0),
        ("=K*2", 3.0),
        ("=SUM(Col)", 6.0),
        ("=Sum", 9.0),
        ("=Local", 1.0),
        ("=T!Local", 2.0),
        ("=SUM(Tbl[y])", 20.0),
        ("=SUM(Tbl[])", 30.0),
        ("=Tbl[[#Headers],[y]]", "y"),
        ("=Tbl[[#This Row],[x]]", 10.0),
        ("=ISNUMBER(C2)", False),
        ("=ISBLANK(Z9)", True),
        ("=TRUE", True),
        ("=TRUE()", True),
        ("=SQRT(-1)", NUM),
    ],
)  # fmt: skip
def test_values(engine, formula, expected):
    found = value(engine, formula)
    assert same_scalar(found, expected), found


@pytest.mark.parametrize(
    ("formula", "where", "expected"),
    [
        ("=B1:B3*1", "A2", 2.0),
        ("=B1:B3*1", "A9", VALUE),
        ("=B1:B3", "A3", 3.0),
        ("=B:B*1", "A3", 3.0),
        ("=Col*1", "A2", 2.0),
        ("=F2:G2", "F9", 10.0),
        ("=ABS(B1:B3)", "A2", 2.0),
        ("=VLOOKUP(B1:B3,B1:C3,1,FALSE)", "A3", 3.0),
        ("=_xlfn.SINGLE(B1:B3)", "A2", 2.0),
        ("=B1:C3", "A2", VALUE),
        ("={7,8,9}", "A2", 7.0),
        ("=Left", "C5", 0.0),
        ("=Left+1", "C2", 3.0),
    ],
)
def test_implicit_intersection_in_plain_formulas(engine, formula, where, expected):
    assert same_scalar(value(engine, formula, where), expected)


@pytest.mark.parametrize(
    ("formula", "code", "text"),
    [
        ("=CSC_FOO(1)", "unknown-function", "unknown function: CSC_FOO"),
        ("=_xldudf_CSC_FOO(1)", "unknown-function", "unknown function: CSC_FOO"),
        ("=[1]!CSC_FOO(1)+1", "unknown-function", "unknown function: CSC_FOO"),
        ("=IF(FALSE,1,CSC_FOO(1))", "unknown-function", "unknown function: CSC_FOO"),
        ("=1+", "unsupported-syntax", "formula"),
        ("='/etc/[passwd]S'!A1", "external", "the file"),
        ("=[7]S!A1", "external", "[7]"),
    ],
)
def test_what_is_not_calculated_has_a_reason(engine, formula, code, text):
    result = calculated(engine, book({**DATA, "A1": formula, "A2": "=A1+1", "A3": "=A2", "A4": "=B1"}, names=NAMES))
    found, why = reason(result, "A1")
    assert found == code
    assert text in why
    assert reason(result, "A2") == ("depends", f"depends on S!A1, which was not calculated: {why}")
    assert reason(result, "A3") == reason(result, "A2")
    assert at(result, "A1") is None
    assert at(result, "A4") == 1.0


@pytest.mark.parametrize(
    ("formula", "code", "expected"),
    [
        ("=OFFSET(B1,1,0)", "unsupported-function", 2.0),
        ('=INDIRECT("B2")', "unsupported-function", 2.0),
        ("=SUBTOTAL(9,B1:B3)", "unsupported-function", 6.0),
        ("=Twice(2)", "unsupported-function", 4.0),
        ("=Nothing*2", "unsupported-syntax", ErrorValue("#NAME?")),
        ("=Gone!A1", "unsupported-syntax", REF),
    ],
)
def test_excels_value_or_a_reason(engine, formula, code, expected):
    result = calculated(engine, book({**DATA, "A1": formula, "A2": "=A1"}, names=NAMES))
    if key("A1") in result.reasons:
        assert reason(result, "A1")[0] == code
        assert reason(result, "A2")[0] == "depends"
    else:
        assert at(result, "A1") == at(result, "A2") == expected


def test_what_hangs_on_the_clock_or_on_chance_is_marked(engine):
    result = calculated(engine, book({"A1": "=NOW()", "A2": "=A1+1", "A3": "=RAND()+B1", "A4": "=B1*2", "B1": 2.0}))
    if key("A1") in result.reasons:
        assert [reason(result, n)[0] for n in ("A1", "A2", "A3")] == ["volatile", "depends", "volatile"]
    else:
        assert result.volatile == {key("A1"), key("A2"), key("A3")}
    assert at(result, "A4") == 4.0


def test_an_untaken_branch_needs_nothing(engine):
    assert at(calculated(engine, book({"A1": "=NOW()", "A2": "=IF(TRUE,5,A1)"})), "A2") == 5.0


def test_cycles(engine):
    result = calculated(engine, book({"A1": "=B1", "B1": "=A1+1", "C1": "=B1", "D1": "=5"}))
    assert [reason(result, n)[0] for n in ("A1", "B1", "C1")] == ["circular", "circular", "depends"]
    assert at(result, "D1") == 5.0


def test_data_tables(engine):
    cells = {"A1": 2.0, "B1": "=A1*10", "A2": 5.0, "A3": 6.0, "B2": "=TABLE(,$A$1)", "D1": "=B3"}
    result = calculated(engine, book(cells, data_tables={"B2": "B2:B3"}))
    if key("D1") in result.reasons:
        assert reason(result, "D1") == ("depends", "depends on S!B2, which was not calculated: a data table")
    else:
        assert [at(result, "B2"), at(result, "D1")] == [50.0, 60.0]


def test_a_cell_that_a_range_fills_but_the_file_lacks_is_not_blank(engine):
    cells = {"B2": "=CSC_FOO(1)", "D1": "=B4", "D2": "=SUM(A1:C9)", "D3": "=SUM(A1:A9)"}
    result = calculated(engine, book(cells, arrays={"B2": "B2:B4"}))
    assert [reason(result, x)[0] for x in ("D1", "D2")] == ["depends", "depends"]
    assert at(result, "D3") == 0.0


def test_precision_as_displayed(engine):
    made = book({"A1": "=1.006"}, calc=CalcSettings(full_precision=False), number_formats=("0.00",))
    result = calculated(engine, made)
    if result.reasons:
        assert reason(result, "A1")[0] == "unsupported-syntax"
    else:
        assert at(result, "A1") == 1.01


def test_dates_from_1904(engine):
    made = book({"A1": "=YEAR(B1)", "A2": "=B1+1", "B1": 40000.0}, date1904=True)
    result = calculated(engine, made)
    if result.reasons:
        assert reason(result, "A1") == ("unsupported-function", "YEAR with dates counted from 1904")
    else:
        assert at(result, "A1") == 2013.0
    assert at(result, "A2") == 40001.0


def test_externals_come_from_the_file(engine):
    saved = ExternalBook(1, "other.xlsx", {"Data": {(1, 1): 5.0, (2, 1): "t"}})
    cells = {"A1": "=[1]Data!A1*2", "A2": "=SUM([1]Data!A1:A9)", "A3": "=[1]data!A2"}
    result = calculated(engine, book(cells, externals=(saved,)))
    assert [at(result, n) for n in ("A1", "A2", "A3")] == [10.0, 5.0, "t"]


def test_array_formulas(engine):
    cells = {**DATA, "H1": "=B1:B3*2", "J1": "=TRANSPOSE(B1:B3)", "A9": "=H2+K1+A10", "N1": "=SUM(IF(B1:B3>1,B1:B3))"}
    made = book(cells, arrays={"H1": "H1:H4", "J1": "J1:L1", "N1": "N1:N1"})
    result = calculated(engine, made)
    assert result.spills[key("H1")].scalars() == [2.0, 4.0, 6.0, NA]
    assert result.spills[key("J1")].scalars() == [1.0, 2.0, 3.0]
    assert at(result, "N1") == 5.0
    assert at(result, "A9") == 6.0


def test_spills(engine):
    cells = {**DATA, "H1": "=B1:B3*2", "J1": "=SUM(_xlfn.ANCHORARRAY(H1))", "L1": "=B1:B3"}
    result = calculated(engine, book(cells, dynamic={"H1": "H1:H3", "L1": "L1:L2"}))
    assert result.spills[key("H1")].scalars() == [2.0, 4.0, 6.0]
    assert at(result, "J1") == 12.0
    if key("L1") in result.reasons:
        assert reason(result, "L1") == ("unsupported-syntax", "the array now fills 3 x 1 cells, in the file 2 x 1")
    else:
        assert result.spills[key("L1")].scalars() == [1.0, 2.0, 3.0]


# --- functions of the registry ---------------------------------------------------------------------------------------


def test_registry_functions(engine):
    cells = {"B1": 3.0, "B2": 6000.0, "B4": "n/a", "B5": DIV, "A1": "=T_RATE(B1,B2)", "A2": "=T_RATE(B1,B3)",
             "A3": "=T_RATE(B1,B4)", "A4": "=T_RATE(B1,B5)", "A5": "=T_TOTAL(B1:B3)*2", "A6": "=SUM(T_RATE(B1,1000),1)",
             "A7": "=INDEX(T_PAIR(B1),2)", "A8": "=_xldudf_T_RATE(B1,B2)", "A9": "=T_RATE(B1)",
             "A10": "=T_RATE(B1:B1,B6)", "B6": 0.0}  # fmt: skip
    result = calculated(engine, book(cells))
    assert [at(result, f"A{i}") for i in (1, 2, 4, 5, 6, 7, 8)] == [5.0, NA, DIV, 12006.0, 31.0, 6.0, 5.0]
    assert at(result, "A3") == VALUE
    assert result.messages[key("A2")].endswith("(S!B3)")
    assert result.messages[key("A3")].endswith("(S!B4)")
    assert result.messages[key("A10")] == "population must be > 0; it is 0 (S!B6)"
    assert "missing" in result.messages[key("A9")]
    assert not result.reasons


def test_a_function_that_is_gone_leaves_its_cells_unknown(engine):
    made = book({"A1": "=T_RATE(1,2)", "A2": "=A1"})
    assert not calculated(engine, made).reasons
    result = calculated(engine, made, registry=Registry())
    assert reason(result, "A1") == ("unknown-function", "unknown function: T_RATE")
    assert reason(result, "A2")[0] == "depends"


# --- saved results ---------------------------------------------------------------------------------------------------


def chain(saved=None):
    return book({"A1": 2.0, "A2": "=A1*2", "A3": "=A2+1", "A4": "=A3*10", "B1": "=A1"}, saved=saved)


def test_an_engine_cannot_echo(engine):
    poisoned = chain({"A2": 666.0, "A3": "poison", "A4": NA, "B1": 1e9})
    engine.load(poisoned, T)
    assert engine.calculate().values.scalars() == [2.0, 4.0, 5.0, 50.0]
    array = book({"A1": 1.0, "B1": "=A1:A2*2", "C1": "=B2"}, saved={"B1": 9.0, "B2": 99.0}, arrays={"B1": "B1:B2"})
    assert calculated(engine, array).values.scalars() == [2.0, 0.0]


def test_a_root_differs_under_both(engine):
    saved = chain({"A2": 4.0, "A3": 6.0, "A4": 60.0, "B1": 2.0})
    engine.load(saved.stripped(), T)
    everywhere, local = engine.calculate(), engine.local(saved)
    differs = [
        {k for k, v in zip(r.cells, r.values.scalars(), strict=True) if v != saved.sheets[0].value(k.row, k.col)}
        for r in (everywhere, local)
    ]
    assert differs[0] == {key("A3"), key("A4")}
    assert differs[0] & differs[1] == {key("A3")}


def test_local_says_what_has_no_saved_result(engine):
    saved = chain({"A2": 4.0})
    engine.load(saved.stripped(), T)
    result = engine.local(saved)
    assert at(result, "A3") == 5.0
    code, text = reason(result, "A4")
    assert code == "depends"
    assert text.startswith("depends on S!A3, which was not calculated")


def test_inputs(engine):
    result = calculated(engine, chain(), {key("A1"): 5.0})
    assert at(result, "A4") == 110.0
    blank = book({"A1": "=SUM(B1:B3)", "B1": 1.0})
    assert at(calculated(engine, blank, {key("B3"): 4.0}), "A1") == 5.0
    with pytest.raises(EngineError, match="S!A2 holds a formula"):
        calculated(engine, chain(), {key("A2"): 1.0})


def test_every_formula_has_a_value_or_a_reason(engine):
    result = calculated(engine, book({"A1": "=1", "A2": "=CSC_FOO(1)", "A3": "=1/0"}))
    for cell, kind in zip(result.cells, result.values.kind, strict=True):
        assert (kind == Kind.BLANK) == (cell in result.reasons)


def test_twice_gives_the_same(engine):
    made = book({**DATA, **{f"A{i}": f"=SUM(B1:B3)*{i}" for i in range(1, 9)}, "E1": "=CSC_FOO(1)"})
    one, two = calculated(engine, made), calculated(engine, made)
    assert one.cells == two.cells
    assert one.values.scalars() == two.values.scalars()
    assert one.reasons == two.reasons


def test_why(engine):
    calculated(engine, book({"S": {"A1": "=B1+T!A1", "B1": "=2*2", "A2": "=CSC_FOO(1)"}, "T": {"A1": 3.0}}))
    why = engine.why(key("a1", "s"))
    assert (str(why.cell), why.formula, why.value) == ("S!A1", "B1+T!A1", 7.0)
    assert [(p.reference, p.values.item()) for p in why.precedents] == [("B1", 4.0), ("T!A1", 3.0)]
    assert engine.why(key("A2")).reason.code == "unknown-function"
    with pytest.raises(EngineError, match="holds no formula"):
        engine.why(key("Z9"))


def test_nothing_loaded(engine):
    with pytest.raises(EngineError, match="no workbook is loaded"):
        engine.calculate()


def test_one_bad_formula_stops_no_other(engine):
    deep = "=" + "(" * 3000 + "1" + ")" * 3000
    result = calculated(engine, book({"A1": deep, "A2": "=1+1", "A3": "=SUM({1,2;3})", "A4": "=IF(,,,,)"}))
    assert at(result, "A2") == 2.0


def test_a_name_may_be_called_as_a_function_is(engine):
    assert value(engine, "=SUM(Col)+Sum") == 15.0


def test_numbers_of_the_literature(engine, shared):
    text = (shared / "corpora" / "numerics.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    made = book({f"A{i}": row["formula"] for i, row in enumerate(rows, 1) if "Y" not in row["formula"]})
    result = calculated(engine, made)
    wrong = {
        rows[k.row - 1]["formula"]
        for k, v in zip(result.cells, result.values.scalars(), strict=True)
        if k not in result.reasons and not as_listed(v, rows[k.row - 1]["excel"])
    }
    # the last is a date of the United States
    assert wrong <= {'=12345678901234567&""', "=12345678901234567", "=GCD(2^53,2)", '="1/2/2020"+0'}


def as_listed(found, text):
    expected = {"TRUE": True, "FALSE": False}.get(text, ErrorValue(text) if text.startswith("#") else text)
    if isinstance(found, float) and not text.startswith("#"):
        return found == pytest.approx(float(text), rel=1e-8, abs=1e-300)
    return found in (expected, text)
