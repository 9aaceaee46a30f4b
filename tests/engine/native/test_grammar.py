"""How a formula's text is read: what binds what, every way to refer to cells, and what is refused."""

import pytest
from books import book
from sheets import calculate

from xlmodel.book.workbook import DefinedName, Table
from xlmodel.engine.native import syntax as s
from xlmodel.engine.native.model import calculating
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.parser import MAX_BRACKETS, MAX_CALLS, function_name, parse
from xlmodel.engine.references import Scope
from xlmodel.refs import Rect, to_r1c1
from xlmodel.values import ErrorValue, display

VALUE, NULL, REF = (ErrorValue(code) for code in ("#VALUE!", "#NULL!", "#REF!"))
TABLE = Table("Tbl", "S", Rect(1, 6, 4, 8), ("x", "y z", "a]'#@b"), 1, 1)
NAMES = (
    DefinedName("Rate", "1.5", None),
    DefinedName("Alias", "Rate", None),
    DefinedName("Area", "S!$A$1:$B$2", None),
    DefinedName("Own", "3", None),
    DefinedName("Own", "4", "T"),
    DefinedName("Sum", "SUM(S!$A$1:$A$2)", None),
)
SCOPE = Scope(
    book({"S": {"A1": 1.0}, "My 'odd' sheet!": {"A1": 2.0}, "T": {"A1": 1.0}}, names=NAMES, tables=(TABLE,)),
)


def shown(node):
    """Write a tree with a bracket round every operation."""
    match node:
        case s.Literal():
            return display(node.value)
        case s.ArrayLiteral():
            height, width = node.values.shape
            rows = ([display(node.values.item((r, c))) for c in range(width)] for r in range(height))
            return "{" + ";".join(map(",".join, rows)) + "}"
        case s.Missing():
            return "_"
        case s.Ref():
            return " ".join(f"{span.sheet}!{span.at(1, 1).name}" for span in node.spans)
        case s.External():
            return f"external({node.prefix.book}, {node.prefix.first}, {node.name or node.area.a1(1, 1)})"
        case s.Name():
            return f"name {node.defined.name} on {node.home}"
        case s.Local():
            return node.name + "?" * node.optional
        case s.Unknown():
            return f"unknown {node.text}"
        case s.Unary():
            return f"({node.operator.replace('()', '')}{shown(node.operand)})"
        case s.Percent():
            return f"({shown(node.operand)}%)"
        case s.Binary():
            return f"({shown(node.left)}{node.operator}{shown(node.right)})"
        case s.RangeOf():
            return f"[{shown(node.left)}:{shown(node.right)}]"
        case s.Union():
            return f"union({', '.join(map(shown, node.parts))})"
        case s.Intersection():
            return f"both({shown(node.left)}, {shown(node.right)})"
        case s.Spill():
            return f"{shown(node.operand)}#"
        case s.Single():
            return f"@{shown(node.operand)}"
        case s.Call():
            return f"{node.name}({', '.join(map(shown, node.arguments))})"
        case s.Invoke():
            return f"{shown(node.function)}<{', '.join(map(shown, node.arguments))}>"
    raise AssertionError(node)


def tree(formula, home=0):
    return shown(parse(to_r1c1(formula, 1, 1), home, SCOPE))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("-2^2", "((-2)^2)"),
        ("2^3^2", "((2^3)^2)"),
        ("2^-1", "(2^(-1))"),
        ("-2%", "((-2)%)"),
        ("2^50%", "(2^(50%))"),
        ("--2%%", "(((-(-2))%)%)"),
        ("+-+1", "(+(-(+1)))"),
        ("1+2*3-4", "((1+(2*3))-4)"),
        ("1-2-3", "((1-2)-3)"),
        ("8/4/2*3", "(((8/4)/2)*3)"),
        ("1&2+3", "(1&(2+3))"),
        ("1=2&3", "(1=(2&3))"),
        ("1<2=TRUE", "((1<2)=TRUE)"),
        ("1<>2", "(1<>2)"),
        ("1<=2>=3", "((1<=2)>=3)"),
        ("(1+2)*3", "(((1+2))*3)"),
        ("-(1-2)", "(-((1-2)))"),
        ("((A1))", "0!A1"),
    ],
)
def test_precedence(formula, expected):
    assert tree(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=-2^2", 4.0),
        ("=2^3^2", 64.0),
        ("=-2%", -0.02),
        ("=2^50%", 2**0.5),
        ("=--3", 3.0),
        ("=---3", -3.0),
        ("=----3", 3.0),
        ("=-+-3", 3.0),
        ("=+++3", 3.0),
        ('=+"a"', "a"),
        ('=-"a"', VALUE),
        ("=50%%", 0.005),
        ("=1+50%", 1.5),
        ("=1&2+3", "15"),
        ("=1=1=TRUE", True),
        ("=1<2<3", False),
        ("=-A1^2", 4.0),
        ("=(-A1)^2", 4.0),
        ("=0-A1^2", -4.0),
        ("=10-A1%*100", 8.0),
        ("=2*-A1", -4.0),
        ("=2-- A1", 4.0),
    ],
)
def test_precedence_in_values(formula, expected):
    assert calculate(formula, {"A1": 2.0}) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1:B2 B1:C3", "both(0!A1:B2, 0!B1:C3)"),
        ("A1:B2\n \tB1:C3", "both(0!A1:B2, 0!B1:C3)"),
        ("A1 B1 C1", "both(both(0!A1, 0!B1), 0!C1)"),
        ("A1 (B1)", "both(0!A1, 0!B1)"),
        ("A1 +B1", "(0!A1+0!B1)"),
        ("SUM(A1, B1 )", "SUM(0!A1, 0!B1)"),
        ("A1: B2", "[0!A1:0!B2]"),
        ("A1 :B2", "[0!A1:0!B2]"),
        ("(A1:B2,C1)", "union(0!A1:B2, 0!C1)"),
        ("SUM((A1,B1),C1)", "SUM(union(0!A1, 0!B1), 0!C1)"),
        ("SUM((A1,B1) (B1,C1))", "SUM(both(union(0!A1, 0!B1), union(0!B1, 0!C1)))"),
        ("A1:INDEX(A:A,3)", "[0!A1:INDEX(0!A1:A1048576, 3)]"),
        ("INDEX(A:A,1):INDEX(A:A,2)", "[INDEX(0!A1:A1048576, 1):INDEX(0!A1:A1048576, 2)]"),
        ("IF(TRUE,A1,B1):C3", "[IF(TRUE, 0!A1, 0!B1):0!C3]"),
        ("A1:B2:C3", "[0!A1:B2:0!C3]"),
        ("Area:A5", "[0!A1:B2:0!A5]"),
        ("S!A1:S!B2", "[0!A1:0!B2]"),
        ("$A:B", "0!A1:B1048576"),
        ("$1:2", "0!A1:XFD2"),
        ("XFD1048576", "0!XFD1048576"),
        ("S:T!A1", "0!A1 1!A1 2!A1"),
        ("'T:S'!A1", "0!A1 1!A1 2!A1"),
        ("'My ''odd'' sheet!'!A1", "1!A1"),
        ("'my ''ODD'' sheet!'!$A$1:B2", "1!A1:B2"),
        ("@A1:A3", "@0!A1:A3"),
        ("-@A1", "(-@0!A1)"),
        ("@SUM(A1:A2)", "@SUM(0!A1:A2)"),
        ("_xlfn.SINGLE(A1:A2)", "@0!A1:A2"),
        ("A1#", "0!A1#"),
        ("S!A1#", "0!A1#"),
        ("A1#:B2#", "[0!A1#:0!B2#]"),
        ("A1# B1", "both(0!A1#, 0!B1)"),
        ("_xlfn.ANCHORARRAY(A1)", "0!A1#"),
    ],
)
def test_references(formula, expected):
    assert tree(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Tbl", "0!F2:H3"),
        ("Tbl[]", "0!F2:H3"),
        ("tbl[X]", "0!F2:F3"),
        ("Tbl[[x]]", "0!F2:F3"),
        ("Tbl[[x]:[y z]]", "0!F2:G3"),
        ("Tbl[[y z]:[x]]", "0!F2:G3"),
        ("Tbl[#All]", "0!F1:H4"),
        ("Tbl[#Data]", "0!F2:H3"),
        ("Tbl[#Headers]", "0!F1:H1"),
        ("Tbl[#Totals]", "0!F4:H4"),
        ("Tbl[[#Headers],[x]]", "0!F1"),
        ("Tbl[[#Headers],[#Data],[x]]", "0!F1:F3"),
        ("Tbl[[#Data],[#Totals],[x]:[y z]]", "0!F2:G4"),
        ("Tbl[ [#Headers] , [x] ]", "0!F1"),
        ("Tbl[a']''#'@b]", "0!H2:H3"),
        ("Tbl[[a']''#'@b]]", "0!H2:H3"),
        ("Tbl[nope]", "#REF!"),
        ("Tbl[[x]:[nope]]", "#REF!"),
        ("None[x]", "#REF!"),
    ],
)
def test_structured_references(formula, expected):
    assert tree(formula) == expected


@pytest.mark.parametrize("formula", ["Tbl[[#This Row],[x]]", "Tbl[@x]", "Tbl[@[x]]", "[@x]", "[[#This Row],[x]]"])
def test_a_tables_own_row(formula):
    node = parse(to_r1c1(formula, 3, 9), 0, SCOPE)
    assert node.spans[0].at(3, 9) == Rect(3, 6, 3, 6)
    assert node.spans[0].at(9, 9) is None


@pytest.mark.parametrize(
    ("formula", "home", "expected"),
    [
        ("Rate", 0, "1.5"),
        ("RATE", 0, "1.5"),
        ("[0]!Rate", 0, "1.5"),
        ("[0]!Area", 0, "0!A1:B2"),
        ("Area", 2, "0!A1:B2"),
        ("Alias", 0, "name Alias on 0"),
        ("Sum", 2, "name Sum on 2"),
        ("Own", 0, "name Own on 0"),
        ("Own", 2, "name Own on 2"),
        ("T!Own", 0, "4"),
        ("S!Own", 2, "3"),
        ("S!Gone", 0, "unknown S!Gone"),
        ("Gone!Rate", 0, "#REF!"),
        ("Gone!A1", 0, "#REF!"),
        ("Gone", 0, "unknown Gone"),
        ("A1048577", 0, "unknown A1048577"),
        ("XFE1", 0, "unknown XFE1"),
        ("A1.B1", 0, "unknown A1.B1"),
        ("[1]!Foo", 0, "external(1, , Foo)"),
        ("[1]Data!A1", 0, "external(1, Data, [1]Data!A1)"),
        ("'[1]My data'!$A$1:B2", 0, "external(1, My data, '[1]My data'!$A$1:B2)"),
        ("[1]Data!Foo", 0, "external(1, Data, Foo)"),
        ("TRUE", 0, "TRUE"),
        ("false", 0, "FALSE"),
        ("#REF!", 0, "#REF!"),
        ("S!#REF!", 0, "#REF!"),
        ("#N/A", 0, "#N/A"),
        ("#SPILL!", 0, "#SPILL!"),
    ],
)
def test_names_and_other_words(formula, home, expected):
    assert tree(formula, home) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM()", "SUM()"),
        ("SUM(,)", "SUM(_, _)"),
        ("SUM(1,)", "SUM(1, _)"),
        ("IF(,,)", "IF(_, _, _)"),
        ("PI( )", "PI()"),
        ("max (1,2)", "MAX(1, 2)"),
        ("SUM(\n1\n,\r\n2\t)", "SUM(1, 2)"),
        (" 1 + 2 ", "(1+2)"),
        ("_xlfn._xlws.SORT(A1)", "SORT(0!A1)"),
        ("_xlfn.F.DIST.RT(1,2,3)", "F.DIST.RT(1, 2, 3)"),
        ("_xldudf_CSC_X(1)", "CSC_X(1)"),
        ("[1]!CSC_X(1)", "CSC_X(1)"),
        ("_xlfn.LET(_xlpm.X,1,_xlpm.x)", "LET(_xlpm.x, 1, _xlpm.x)"),
        ("_xlfn.LAMBDA(_xlpm.x,_xlop.y,_xlpm.x)(1)", "LAMBDA(_xlpm.x, _xlpm.y?, _xlpm.x)<1>"),
        ("_xlfn.LAMBDA(1)()", "LAMBDA(1)<>"),
        ("_xlpm.f(1)(2)", "_xlpm.f<1><2>"),
    ],
)
def test_calls(formula, expected):
    assert tree(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("{1,2;3,4}", "{1,2;3,4}"),
        ("{-1,+2,- 3}", "{-1,2,-3}"),
        ('{ 1 , "a" ; TRUE , #N/A }', '{1,"a";TRUE,#N/A}'),
        (".5", "0.5"),
        ("5.", "5"),
        ("1E+5", "100000"),
        ("1.5e-3", "0.0015"),
        ("1e400", "#NUM!"),
        ("123456789012345678", "1.23456789012345e+17"),
        ("0.1234567890123456789", "0.123456789012345"),
        ('"a""b"', '"a""b"'),
        ('""', '""'),
        ('"a\nb"', '"a\nb"'),
        ('"\'A1#"', '"\'A1#"'),
    ],
)
def test_constants(formula, expected):
    assert tree(formula) == expected


@pytest.mark.parametrize(
    ("formula", "at", "expected"),
    [
        ("RC", (2, 3), "C2"),
        ("R[-1]C[2]", (2, 3), "E1"),
        ("R[-2]C", (2, 3), "C1048576"),
        ("RC[-3]", (2, 3), "XFD2"),
        ("R1C1:RC[-1]", (2, 3), "A1:B2"),
        ("RC:R[-1]C[-1]", (2, 3), "B1:C2"),
        ("C", (2, 3), None),
        ("C:C", (2, 3), "C1:C1048576"),
        ("C[-1]:C[1]", (2, 3), "B1:D1048576"),
        ("R2:R[1]", (2, 3), "A2:XFD3"),
        ("T!R[1]C", (2, 3), "C3"),
    ],
)
def test_relative_notation(formula, at, expected):
    node = parse(formula, 0, SCOPE)
    assert (node.spans[0].at(*at).name if isinstance(node, s.Ref) else None) == expected


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("", "the formula ends too early"),
        ("1+", "the formula ends too early"),
        ("1^", "the formula ends too early"),
        ("@", "the formula ends too early"),
        ("(1", "the formula ends too early"),
        ("SUM(1", "the formula ends too early"),
        ("{1", "the formula ends too early"),
        ("{1;2,3}", "the formula ends too early"),
        ("A1:", "the formula ends too early"),
        ("*1", "the formula cannot be read at '*'"),
        ("%", "the formula cannot be read at '%'"),
        ("1 2", "the formula cannot be read at '2'"),
        ("1)", "the formula cannot be read at ')'"),
        ("SUM(1;2)", "the formula cannot be read at ';'"),
        ('"abc', "the formula cannot be read at '\"'"),
        ("'abc", 'the formula cannot be read at "\'"'),
        ("A1!", "the formula cannot be read at '!'"),
        ("1,2", "the formula cannot be read at ','"),
        ("=1", "the formula cannot be read at '='"),
        ("1+=2", "the formula cannot be read at '='"),
        ("1< =2", "the formula cannot be read at '='"),
        ("()", "the formula cannot be read at ')'"),
        ("(,)", "the formula cannot be read at ','"),
        ("{}", "the formula cannot be read at '}'"),
        ("{1,}", "the formula cannot be read at '}'"),
        ("{A1}", "the formula cannot be read at 'RC'"),
        ("{Rate}", "the formula cannot be read at 'Rate'"),
        ("{1+1}", "the formula cannot be read at '+'"),
        ("{1%}", "the formula cannot be read at '%'"),
        ("Tbl[", "the formula cannot be read at '['"),
        ("#", "the formula cannot be read at '#'"),
        ("#NOPE!", "the formula cannot be read at '#'"),
        ("~1", "the formula cannot be read at '~'"),
        ("$", "the formula cannot be read at '$'"),
    ],
)
def test_what_is_no_formula_is_refused(formula, why):
    with pytest.raises(UnsupportedError) as refused:
        tree(formula)
    assert (refused.value.code, refused.value.text) == ("unsupported-syntax", why)


def nested(before, depth, after):
    return before * depth + "1" + after * depth


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (nested("ABS(", MAX_CALLS, ")"), 1.0),
        (nested("IF(TRUE,", MAX_CALLS, ")"), 1.0),
        (nested("(", 256, ")"), 1.0),
        (nested("(", MAX_BRACKETS, ")"), 1.0),
        (nested("-(", 900, ")"), 1.0),
        (nested("1+(", 900, ")"), 901.0),
        ("1" + "+1" * 4_095, 4096.0),
        ("1" + "^1" * 4_000, 1.0),
        ("-" * 8_000 + "1", 1.0),
        ("@" * 500 + "1", 1.0),
        ("SUM({" + "1," * 4_000 + "1})", 4001.0),
        ("SUM(" + "1," * 254 + "1)", 255.0),
        ("SUM(A1" + ":A1" * 1_000 + ")", 1.0),
        ("LEN(" + '"a"&' * 2_000 + '"")', 2000.0),
    ],
    ids=lambda x: x[:12] if isinstance(x, str) else "",
)
def test_long_and_deep_formulas(formula, expected):
    assert calculate("=" + formula, {"A1": 1.0}) == expected


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        (nested("ABS(", MAX_CALLS + 1, ")"), "functions are nested more than 64 deep"),
        (nested("(", MAX_BRACKETS + 1, ")"), "brackets are nested more than 1,000 deep"),
        ("(" * 8_000, "brackets are nested more than 1,000 deep"),
        ("1+" * 20_000 + "1", "the formula is longer than 8,192 characters"),
    ],
    ids=["calls", "brackets", "open", "long"],
)
def test_limits(formula, why):
    with calculating(), pytest.raises(UnsupportedError) as refused:
        tree(formula)
    assert (refused.value.code, refused.value.text) == ("limit", why)


@pytest.mark.parametrize("operator", ["%", "#", "()", "(1)", "+-"])
def test_what_is_nested_beyond_measure_costs_only_its_own_cell(operator):
    formula = "=" + operator * 4_000 + "1" if operator == "+-" else "=A1" + operator * 8_000
    made = {"A1": 1.0, "B1": formula, "B2": "=A1+1"}
    assert calculate("=B2", made) == 2.0


@pytest.mark.parametrize(
    ("stored", "name"),
    [("_xlfn.XLOOKUP", "XLOOKUP"), ("_XLFN._XLWS.FILTER", "FILTER"), ("sum", "SUM"), ("_xll.CSC.X", "CSC.X")],
)
def test_names_of_functions(stored, name):
    assert function_name(stored) == name
