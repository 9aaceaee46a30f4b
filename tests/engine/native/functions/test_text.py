"""Text functions."""

import pytest
from sheets import NotCalculatedError, calculate, calculate_array

from xlmodel.values import ErrorValue

CALC, DIV, NA, NAME, VALUE = (ErrorValue(c) for c in ("#CALC!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!"))
SHEET = {"A1": "Hello World", "A2": 123.0, "A3": True, "A5": "=1/0", "A6": "a😀b", "B1": "x", "B2": 2.0, "B4": "y"}

PARTS = [
    ("=LEN(A1)", 11), ("=LEN(A6)", 4), ("=LEN(A4)", 0), ("=LENB(A2)", 3), ("=LEFT(A1)", "H"),
    ("=LEFT(A1,5)", "Hello"),
    ("=LEFT(A1,99)", "Hello World"), ("=LEFT(A1,-1)", VALUE), ("=LEFT(A3,2)", "TR"), ("=RIGHT(A1,5)", "World"),
    ("=RIGHT(A1,0)", ""),
    ("=RIGHT(A6,1)", "b"), ("=MID(A1,7,99)", "World"), ("=MID(A1,20,2)", ""), ("=MID(A1,0,2)", VALUE),
    ("=MID(A6,4,1)", "b"),
    ("=MIDB(A1,1.9,2.9)", "He"), ('=REPLACE(A1,1,5,"Bye")', "Bye World"), ('=REPLACE("abc",9,1,"x")', "abcx"),
    ('=REPLACEB("abc",0,1,"x")', VALUE), ('=REPT("ab",2.9)', "abab"), ('=REPT("ab",-1)', VALUE),
    ('=REPT("ab",20000)', VALUE),
    ('=LEN(REPT("a",32767))', 32767), ('=SUBSTITUTE("a-b-c","-","+")', "a+b+c"),
    ('=SUBSTITUTE("a-b-c","-","+",2)', "a-b+c"),
    ('=SUBSTITUTE("a-b","-","+",3)', "a-b"), ('=SUBSTITUTE("a-b","-","+",0)', VALUE),
    ('=SUBSTITUTE("ab","","+")', "ab"),
    ('=TRIM("  a   b ")', "a b"), ('=UPPER("straße é")', "STRAßE É"), ('=LOWER("ÀB")', "àb"),
    ("=UPPER(A3)", "TRUE"),
    ('=PROPER("o\'neil 2-way 76BUDGET")', "O'Neil 2-Way 76Budget"), ('=EXACT("a","A")', False),
    ('=EXACT(A2,"123")', True),
    ("=T(A1)", "Hello World"), ("=T(A2)", ""), ("=T(A5)", DIV), ("=T(A1:A3)", "Hello World"), ("=LEN(A5)", DIV),
]  # fmt: skip

JOINED = [
    ("=CONCATENATE(A1,A2,A3,A4)", "Hello World123TRUE"), ("=CONCAT(A1:B2)", "Hello Worldx1232"),
    ("=CONCAT(A1:A5)", DIV),
    ('=TEXTJOIN(",",TRUE,B1:B4)', "x,2,y"), ('=TEXTJOIN(",",FALSE,B1:B4)', "x,2,,y"),
    ('=TEXTJOIN({"-","+"},TRUE,1,2,3,4)', "1-2+3-4"),
    ('=TEXTJOIN(",",,B1:B4)', "x,2,y"), ('=LEN(CONCAT(REPT("a",20000),REPT("b",20000)))', VALUE),
    ('=TEXTJOIN("",TRUE,A5)', DIV),
    ('=0.1+0.2&""', "0.3"), ('=1E20&""', "1E+20"),
]  # fmt: skip

FOUND = [
    ('=FIND("o",A1)', 5), ('=FIND("O",A1)', VALUE), ('=FIND("o",A1,6)', 8), ('=FIND("",A1)', 1),
    ('=FIND("",A1,12)', 12), ('=FIND("",A1,13)', VALUE),
    ('=FIND("b",A6)', 4), ('=SEARCH("WORLD",A1)', 7), ('=SEARCH("l*d",A1)', 3), ('=SEARCH("?W",A1)', 6),
    ('=SEARCH("~?","why?")', 4),
    ('=SEARCH("~d","My dear")', 4), ('=SEARCH("~",A1)', 1), ('=SEARCH("x",A1)', VALUE),
    ('=SEARCH("o",A1,0)', VALUE), ('=SEARCHB("o",A1,6)', 8),
]  # fmt: skip

SPLIT = [
    ('=TEXTBEFORE("a-b-c","-")', "a"), ('=TEXTBEFORE("a-b-c","-",2)', "a-b"),
    ('=TEXTBEFORE("a-b-c","-",-1)', "a-b"), ('=TEXTBEFORE("abc","-")', NA),
    ('=TEXTBEFORE("abc","-",,,1)', "abc"), ('=TEXTBEFORE("abc","-",1,,,"no")', "no"),
    ('=TEXTBEFORE("aXb","x",1,1)', "a"), ('=TEXTBEFORE("a-b","-",0)', VALUE),
    ('=TEXTAFTER("a-b-c","-")', "b-c"), ('=TEXTAFTER("a-b-c","-",-1)', "c"),
    ('=TEXTAFTER("a-b-c","-",-1.5)', "b-c"), ('=TEXTAFTER("ab","-",-1,,1)', "ab"),
    ('=TEXTAFTER("a.b,c",{",","."})', "b,c"), ('=TEXTAFTER("ab","abc",1)', VALUE),
    ('=TEXTAFTER("ab","abc")', NA), ('=TEXTAFTER("a-b","-",9)', VALUE),
    ('=TEXTAFTER("a-b","-",1,2)', VALUE), ('=TEXTAFTER("abc","")', "abc"), ('=TEXTSPLIT("abc","")', VALUE),
    ('=TEXTSPLIT("abc",)', VALUE),
]  # fmt: skip

NUMBERS = [
    ('=VALUE("1,234.5")', 1234.5), ('=VALUE("£12")', 12), ('=VALUE("12:00")', 0.5), ('=VALUE("abc")', VALUE),
    ("=VALUE(A4)", 0), ("=VALUE(A3)", VALUE), ('=VALUE("")', VALUE),
    ('="3"+"4"', 7), ('="10%"*2', 0.2), ('=--"1 Mar 2024"', 45352), ('="x"+1', VALUE),
    ('=NUMBERVALUE("2.500,27",",",".")', 2500.27), ('=NUMBERVALUE("1,5",".",",")', 15),
    ('=NUMBERVALUE(" 3 000 ")', 3000), ('=NUMBERVALUE("")', 0),
    ('=NUMBERVALUE("9%%")', 0.0009), ('=NUMBERVALUE("(5)")', -5), ('=NUMBERVALUE("1.2,3")', VALUE),
    ('=NUMBERVALUE("1","")', VALUE), ('=NUMBERVALUE("1e3")', 1000),
    ('=TEXT(1234.5,"#,##0.00")', "1,234.50"), ('=TEXT("1.5","0.00")', "1.50"), ('=TEXT("x","0")', "x"),
    ('=TEXT(A4,"0")', "0"), ('=TEXT(1,"0""")', VALUE),
    ("=FIXED(1234.567)", "1,234.57"), ("=FIXED(1234.567,1,TRUE)", "1234.6"), ("=FIXED(-1234.5,-2)", "-1,200"),
    ("=FIXED(1,128)", VALUE), ("=FIXED(0.005)", "0.01"),
    ("=DOLLAR(1234.567)", "£1,234.57"), ("=DOLLAR(-1234.567,0)", "-£1,235"),
    ("=VALUETOTEXT(A5)", "#DIV/0!"), ("=VALUETOTEXT(A1,1)", '"Hello World"'), ("=VALUETOTEXT(A1,2)", VALUE),
    ("=ARRAYTOTEXT(A1:B2)", "Hello World, x, 123, 2"),
    ("=ARRAYTOTEXT(A1:B2,1)", '{"Hello World","x";123,2}'), ("=ARRAYTOTEXT(A3:A4,1)", "{TRUE;}"),
    ("=ARRAYTOTEXT(A4,1)", VALUE),
]  # fmt: skip

CHARACTERS = [
    ("=CHAR(65)", "A"), ("=CHAR(128)", "€"), ("=CHAR(129)", "\x81"), ("=CHAR(0)", VALUE), ("=CHAR(256)", VALUE),
    ('=CODE("€uro")', 128), ('=CODE("")', VALUE), ('=CODE("三")', 63),
    ("=UNICHAR(128512)", "😀"), ("=UNICHAR(0)", VALUE), ("=UNICHAR(55296)", NA), ('=UNICODE("😀")', 128512),
    ("=UNICODE(A4)", VALUE),
    ("=CLEAN(\"a\"&CHAR(10)&CHAR(31)&\"b\")", "ab"), ('=ENCODEURL("a b/é")', "a%20b%2F%C3%A9"),
    ('=ASC("abc")', "abc"),
    ("=BAHTTEXT(0)", "ศูนย์บาทถ้วน"), ("=BAHTTEXT(157)", "หนึ่งร้อยห้าสิบเจ็ดบาทถ้วน"),
    ("=BAHTTEXT(65.8)", "หกสิบห้าบาทแปดสิบสตางค์"), ("=BAHTTEXT(-21)", "ลบยี่สิบเอ็ดบาทถ้วน"),
]  # fmt: skip

PATTERNS = [
    (r'=REGEXTEST("abc123","\d+")', True), (r'=REGEXTEST("ABC","abc")', False),
    (r'=REGEXTEST("ABC","abc",1)', True), ('=REGEXTEST("a","(")', VALUE), ('=REGEXTEST("a","a",2)', VALUE),
    (r'=REGEXEXTRACT("ab12cd34","[0-9]+")', "12"), (r'=REGEXEXTRACT("abc","[0-9]+")', NA),
    ('=REGEXEXTRACT("abc","b",1)', "b"), ('=REGEXEXTRACT("abc","b",3)', VALUE),
    (r'=REGEXREPLACE("a1b2","[0-9]","#")', "a#b#"), (r'=REGEXREPLACE("a1b2","[0-9]","#",-1)', "a1b#"),
    (r'=REGEXREPLACE("a1b2","[0-9]","#",3)', "a1b2"),
    (r'=REGEXREPLACE("ann bob","(\w+) (\w+)","$2, $1")', "bob, ann"), ('=REGEXREPLACE("5","5","$$0")', "$0"),
    ('=REGEXREPLACE("abc","x*","-")', "-a-b-c-"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "expected"), PARTS + JOINED + FOUND + SPLIT + NUMBERS + CHARACTERS)
def test_a_formula_gives_what_excel_gives(formula: str, expected: object) -> None:
    assert calculate(formula, SHEET) == expected


@pytest.mark.parametrize(("formula", "expected"), PATTERNS)
def test_patterns(formula: str, expected: object) -> None:
    pytest.importorskip("regex")
    assert calculate(formula, SHEET) == expected


@pytest.mark.parametrize(
    ("formula", "rows"),
    [
        ('=TEXTSPLIT("a,b;c",",",";")', [["a", "b"], ["c", NA]]),
        ('=TEXTSPLIT("a,b;c",",",";",,,"-")', [["a", "b"], ["c", "-"]]),
        ('=TEXTSPLIT("a,,b",",")', [["a", "", "b"]]),
        ('=TEXTSPLIT("a,,b",",",,TRUE)', [["a", "b"]]),
        ('=TEXTSPLIT("1,2.3",,{",","."})', [["1"], ["2"], ["3"]]),
        ('=TEXTSPLIT("aXbxc","x",,,1)', [["a", "b", "c"]]),
        ('=TEXTSPLIT(",",",",,TRUE)', [[CALC]]),
        ('=LEFT({"abc";"de"},{1,2})', [["a", "ab"], ["d", "de"]]),
        ('=T({"a",1})', [["a", ""]]),
    ],
)
def test_arrays_of_texts(formula: str, rows: list[list[object]]) -> None:
    assert calculate_array(formula, SHEET) == rows


def test_groups_of_a_pattern_spill_across() -> None:
    pytest.importorskip("regex")
    assert calculate_array(r'=REGEXEXTRACT("ann bob","(\w+) (\w+)",2)') == [["ann", "bob"]]


@pytest.mark.parametrize(
    "formula",
    [
        '=TRANSLATE("a")', '=DETECTLANGUAGE("a")', "=PHONETIC(A1)", '=DBCS("a")', '=ENCODEURL("~")', '=VALUE("1/2")',
        '=REGEXTEST("a","\\X")', '=REGEXTEST("é","\\w")', '=REGEXEXTRACT("a1b2","[0-9]",1)',
        '=REGEXTEST(REPT("a",5000)&"b","(a|aa)+$")',
        '=TEXTAFTER("ab",{"a","ab"})',
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(formula: str) -> None:
    pytest.importorskip("regex")
    with pytest.raises(NotCalculatedError):
        calculate(formula, SHEET)


def test_dollars_are_the_locales() -> None:
    assert calculate("=DOLLAR(-1234.567)", locale="en-US") == "($1,234.57)"
