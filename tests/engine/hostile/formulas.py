"""Formulas that are hostile as they are written, by the arrays they ask for, or by what they reach for."""

from __future__ import annotations

from hostile.case import Cases, Table
from hostile.packing import in_column

from xlmodel.values import ErrorValue

__all__ = ["CASES", "REACHING"]

NUM, VALUE, REF = ErrorValue("#NUM!"), ErrorValue("#VALUE!"), ErrorValue("#REF!")


#: in those with LET and LAMBDA, ~x is a variable x
TABLE: Table = {
    "four_thousand_brackets": [("=" + "(" * 4_000 + "1" + ")" * 4_000, 1.0)],
    "three_hundred_ifs": [("=" + "IF(B1=1,0," * 300 + "7" + ")" * 300, 7.0)],
    "two_thousand_functions_deep": [("=" + "ABS(" * 2_000 + "-3" + ")" * 2_000, 3.0)],
    "longer_than_excel_allows": [("=1" + "+1" * 20_000, 20_001.0)],
    "a_million_terms": [("=1" + "+1" * 999_999, 1e6)],
    "signs_without_end": [("=" + "-" * 8_001 + "5", -5.0), ("=" + "+" * 8_000 + "5", 5.0), ("=5" + "%" * 300, None)],
    "powers_without_end": [("=1" + "^1" * 3_000, 1.0), ("=2" + "^2" * 3_000, NUM)],
    "comparisons_without_end": [("=1" + "=1" * 3_000, None), ('=""' + '&"x"' * 3_000, "x" * 3_000)],
    "a_hundred_thousand_arguments": [("=SUM(1" + ",1" * 99_999 + ")", 1e5), ("=CHOOSE(1" + ",1" * 99_999 + ")", 1.0)],
    "a_hundred_thousand_areas": [("=SUM((B1" + ",B1" * 99_999 + "))", 0.0), ("=B1" + ":B1" * 2_000, 0.0)],
    "an_array_constant_of_megabytes": [
        ("=SUM({1" + ",1" * 99_999 + "})", 1e5),
        ("=SUM({1" + ";1" * 99_999 + "})", 1e5),
    ],
    "strings_and_quotes_without_end": [
        ('="' + '""' * 20_000 + '"', None),
        ('="' + "x" * 100_000 + '"', None),
        ('="', None),
        ("='" + "x" * 50_000, None),
        ('=LEN("' + "x" * 255 + '")', 255.0),
    ],
    "unbalanced": [
        (f"={s}", None)
        for s in (
            "((((",
            "))))",
            "{{{{",
            "}}}}",
            "[[[[",
            "]]]]",
            "SUM(",
            "SUM(1,,,",
            "!!!",
            "#",
            "@@@",
            "1 1",
            "A1 A1 A1",
            "S!S!S!A1",
            "'''",
            "$$A$$1",
            "A1:",
            ":A1",
            ",",
            ";",
            "\\",
            "\u202e1+1",
        )
    ],
    "numbers_out_of_range": [
        ("=1E+400", None),
        ("=1E-400", None),
        ("=" + "9" * 5_000, None),
        ("=1." + "0" * 5_000 + "1", 1.0),
        ("=9.99999999999999E+307*10", NUM),
        ("=-1E-308/1E+10", 0.0),
    ],
    "numbers_as_text": [
        ('=VALUE(REPT("9",30000))', None),
        ('=VALUE("1"&REPT("0",400))', None),
        ('=NUMBERVALUE("1"&REPT("%",30000))', None),
        ('="1e99999"+1', None),
        ('=VALUE("0x10")', VALUE),
        ('=VALUE("1_000")', VALUE),
        ('=VALUE("nan")', VALUE),
        ('=VALUE("infinity")', VALUE),
        ('=VALUE("\u0661\u0662")', None),
        ('=VALUE("12:99:99")', None),
    ],
    # arrays
    "sequences_too_large": [
        ("=SUM(SEQUENCE(1000000000))", None),
        ("=SUM(SEQUENCE(1048576,16384))", None),
        ("=SUM(SEQUENCE(1E+300,1E+300))", None),
        ("=SUM(SEQUENCE(-1))", None),
        ("=COUNT(RANDARRAY(1048576,16384))", None),
        ("=ROWS(MUNIT(100000))", None),
    ],
    "arrays_made_too_large": [
        ("=SUM(MAKEARRAY(100000,100000,LAMBDA(~r,~c,~r*~c)))", None),
        ("=SUM(EXPAND({1},1048576,16384,1))", None),
        ("=ROWS(HSTACK(A:XFD,A:XFD))", None),
        ("=SUM(ROW(1:1048576)*COLUMN(A:XFD))", None),
        ("=SUMPRODUCT((ROW(B1:B1048576)=TRANSPOSE(ROW(B1:B1048576)))*1)", None),
    ],
    "whole_sheets_as_arrays": [
        ("=SUM(S2!A:XFD*1)", None),
        ("=SUM(TRANSPOSE(S2!A:XFD))", None),
        ("=ROWS(SORT(S2!A:XFD))", None),
        ("=COUNTA(UNIQUE(S2!A:XFD))", None),
        ("=SUM(LEN(S2!A:XFD))", None),
        ("=COLUMNS(TOROW(S2!A:XFD))", None),
    ],
    "loops_of_a_hundred_million": [
        ("=REDUCE(0,SEQUENCE(100000000),LAMBDA(~a,~b,~a+~b))", None),
        ("=SUM(SCAN(0,SEQUENCE(10000000),LAMBDA(~a,~b,~a+~b)))", None),
        ("=SUM(MAP(SEQUENCE(10000000),LAMBDA(~x,~x*~x)))", None),
        ("=SUM(BYROW(SEQUENCE(1048576,10),LAMBDA(~r,SUM(~r))))", None),
    ],
    "lambdas_without_end": [
        ("=LAMBDA(~f,~f(~f))(LAMBDA(~f,~f(~f)))", None),
        ("=LET(~f,LAMBDA(~g,~n,~g(~g,~n+1)),~f(~f,1))", None),
        ("=REDUCE(1,SEQUENCE(200),LAMBDA(~a,~b,~a+~a))", 2.0**200),
        ("=REDUCE({1},SEQUENCE(60),LAMBDA(~a,~b,VSTACK(~a,~a)))", None),
        ('=LEN(REDUCE("x",SEQUENCE(60),LAMBDA(~a,~b,~a&~a)))', VALUE),
    ],
    "lets_that_go_round": [
        ("=LET(~x,~x,~x)", None),
        ("=LET(~x,~y,~y,~x,~x+~y)", None),
        ("=LET(~v0,1," + ",".join(f"~v{i},~v{i - 1}+~v{i - 1}" for i in range(1, 120)) + ",~v119)", 2.0**119),
    ],
    "matrices": [
        ("=SUM(MMULT(SEQUENCE(3000,3000)*1E+200,SEQUENCE(3000,3000)*1E+200))", None),
        ("=MDETERM(SEQUENCE(2000,2000))", None),
        ("=SUM(MINVERSE(MUNIT(2000)))", None),
        ("=SUM(LINEST(SEQUENCE(60000),SEQUENCE(60000,40)^2))", None),
        ("=SUM(MMULT(SEQUENCE(1,100000),SEQUENCE(100000,1)))", None),
    ],
    # references
    "offsets_that_go_round": [
        ("=OFFSET(A1,0,0)", None),
        ('=INDIRECT("A2")', None),
        ("=SUM(OFFSET(A1,0,0,1048576,16384))", None),
        ("=OFFSET(B1,1048576,0)", REF),
        ("=OFFSET(B1,-1,0)", REF),
        ("=INDIRECT(ADDRESS(ROW(),COLUMN()))", None),
        ('=INDIRECT("A"&(ROW()+1))', None),
        ('=INDIRECT("A"&(ROW()-1))', None),
        ("=SUM(OFFSET(B1,0,0,1E+300,1E+300))", None),
        ("=INDEX(A:XFD,1048576,16384)", None),
        ("=ROWS(OFFSET(B1,0,0,-1,-1))", 1.0),
    ],
    "indirect_everything": [
        (f'=INDIRECT("{t}")', None)
        for t in (
            "A1:XFD1048576",
            "A:XFD",
            "'" * 1_001,
            "S!" * 500 + "A1",
            "R1C1",
            "A" * 8_000,
            "A99999999999",
            "=A1",
            "S:S9!A1",
            "T[#All]",
            "_xlnm.Print_Area",
            "NOW()",
            "[1]S!A1",
            "#REF!",
            "",
        )
    ],
    # other things
    "python_in_formulas": [
        (f"={t}", None)
        for t in (
            '__import__("os").system("id")',
            'exec("import os")',
            'eval("1")',
            'open("/etc/passwd")',
            "os.system(1)",
            "().__class__.__bases__",
            "lambda x: x",
            "1 if True else 2",
            "globals()",
            "__builtins__",
            "self.__dict__",
            "numpy.load(1)",
            "A1.__class__",
            "{{7*7}}",
            "${7*7}",
            "%s%s%n",
            "A1;DROP TABLE x",
            "print(1)",
            "None",
            "True.__init__",
            "[x for x in y]",
            "f'{1}'",
        )
    ],
    "aggregates_of_themselves": [
        ("=SUBTOTAL(9,A1:A9)", None),
        ("=AGGREGATE(14,6,A1:A9,1E+300)", None),
        ("=SUM(A:A)", None),
        ("=ROWS(A:A)", 1_048_576.0),
        ("=FORMULATEXT(A5)", None),
        ("=ISFORMULA(A6)", None),
        ("=COUNTIF(A:A,A7)", None),
        ("=SHEETS()", 3.0),
        ("=COLUMNS(1:1)", 16_384.0),
    ],
}

#: beyond what can be calculated in the time there is: they may end at a limit
HARD = {
    "sequences_too_large",
    "arrays_made_too_large",
    "whole_sheets_as_arrays",
    "loops_of_a_hundred_million",
    "matrices",
}
SLOW = {"a_million_terms", "matrices"}

#: what no calculation may ever touch: files, the network, programs
REACHING = [
    "'/etc/[passwd]S'!A1",
    "'[/etc/passwd]S'!A1",
    "SUM('file:///etc/[passwd]S'!A:A)",
    "'http://127.0.0.1:9/[x.xlsx]S'!A1",
    "'\\\\127.0.0.1\\share\\[x.xlsx]S'!A1",
    "[1]S!A1",
    "[99]S!A1",
    "INDIRECT(\"'/etc/[passwd]S'!A1\")",
    'INDIRECT("[http://127.0.0.1:9/x.xlsx]S!A1")',
    "INDIRECT(\"'\\\\127.0.0.1\\c$\\[x.xlsx]S'!A1\")",
    'WEBSERVICE("http://127.0.0.1:9/")',
    'WEBSERVICE("file:///etc/passwd")',
    'IMAGE("http://127.0.0.1:9/x.png")',
    'HYPERLINK("file:///etc/passwd","x")',
    'HYPERLINK("http://127.0.0.1:9/")',
    'RTD("evil.server",,"x")',
    'CALL("kernel32","WinExec","JCJ","calc",0)',
    'REGISTER.ID("kernel32","WinExec")',
    'REGISTER("kernel32","WinExec","JCJ")',
    'EXEC("calc")',
    'FOPEN("/etc/passwd")',
    'FILES("/etc/*")',
    'EVALUATE("1+1")',
    'SQL.REQUEST("DSN=x","y")',
    'DDE("cmd","/C calc","A0")',
    "cmd|' /C calc'!A0",
    "cmd|'/C calc'!'A0'",
    "MSEXCEL|'\\..\\..\\cmd.exe /c calc'!''",
    'INFO("directory")',
    'INFO("osversion")',
    'CELL("filename",A1)',
    'FILTERXML("<!DOCTYPE x [<!ENTITY e SYSTEM ""file:///etc/passwd"">]><x>&e;</x>","//x")',
    'FILTERXML("<a>" & REPT("<b>",10000),"//b")',
    'STOCKHISTORY("MSFT",1)',
    'CUBEVALUE("x","y")',
    'CUBEMEMBER("http://127.0.0.1:9/","y")',
    "_xlfn._xlws.PY(0,0)",
    'PY("import os")',
    'GETPIVOTDATA("x",A1)',
    'TRANSLATE("a","en","fr")',
    'DETECTLANGUAGE("a")',
    'COPILOT("x")',
    "_xll.EVIL(1)",
    "'/tmp/evil.xlam'!EVIL(1)",
    "CSC_EVIL(1)",
    "GET.WORKSPACE(1)",
    "GET.CELL(1,A1)",
    'SEND.KEYS("x")',
    "ENVIRON(1)",
    'EUROCONVERT(1,"DEM","EUR")',
    'FIELDVALUE(A1,"Price")',
]


CASES = case = Cases()
CASES.add_table(TABLE, HARD, SLOW)


@case()
def everything_that_reaches_out() -> bytes:
    return in_column([("=" + f, None) for f in REACHING])
