"""The pieces of a package: names, cells, custom properties and formats, put in and taken out again."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import members
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.book.package import Package
from xlmodel.book.parts import Parts, with_child
from xlmodel.book.reader import read_package
from xlmodel.errors import UnsupportedEditError
from xlmodel.publish.cells import Rewriting, renamed, with_formulas
from xlmodel.publish.dynamic import dynamic_flag, without_dynamic_part
from xlmodel.publish.looks import Looks
from xlmodel.publish.names import changed_names, with_names, without_names
from xlmodel.publish.properties import write_record
from xlmodel.verify.record import Record

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = st.dictionaries(
    st.from_regex(r"[A-Z][A-Za-z0-9_.]{3,12}", fullmatch=True),
    st.text("ABCxyz09()+-&<>\"' ", min_size=1, max_size=30).map(lambda t: "1" + t),
    max_size=6,
)


def part(names="", prefix=""):
    colon = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<{colon}workbook {declared}="{MAIN}"><{colon}sheets><{colon}sheet name="S" sheetId="1"/></{colon}sheets>'
        f'{names}<{colon}calcPr calcId="1"/></{colon}workbook>'
    ).encode()


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("there", [[], ["Base"], ["Alpha", "midst", "Zulu"]])
@settings(max_examples=30, deadline=None)
@given(names=NAMES)
def test_names_come_in_the_order_of_the_alphabet_and_leave_no_trace(there, prefix, names):
    colon = f"{prefix}:" if prefix else ""
    elements = "".join(f"<{colon}definedName name='{n}' >S!$A$1</{colon}definedName>" for n in there)
    group = f"<{colon}definedNames>{elements}</{colon}definedNames>" if there else ""
    before = part(group, prefix)
    names = {n: f for n, f in names.items() if n.casefold() not in {t.casefold() for t in there}}
    names = dict({n.casefold(): (n, f) for n, f in names.items()}.values())
    after = with_names(before, "part", names, hidden=list(names)[:1])
    found = re.findall(rb"name=[\"']([^\"']+)", after.partition(b"definedNames")[2])
    wanted = sorted([*there, *names], key=str.casefold)
    assert [name.decode() for name in found] == wanted
    assert without_names(after, "part", lambda name, _: name in names) == before
    if names:
        assert changed_names(after, "part", lambda f: f + "+1").count(b"+1</") >= len(names)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<a/>", b"<a><b/></a>"),
        (b"<x:a xmlns:x='u' />", b"<x:a xmlns:x='u'><x:b/></x:a>"),
        (b"<a><c>1</c></a>", b"<a><c>1</c><b/></a>"),
    ],
)
def test_a_child_is_added_last_whatever_the_root_looks_like(content, expected):
    assert with_child(content, "part", lambda prefix: f"<{prefix}b/>") == expected


@pytest.mark.parametrize(
    ("formula", "expected", "calls"),
    [
        ("CSC_X(A1)", "_xldudf_CSC_X(A1)", True),
        ('"CSC_X("&A1', '"CSC_X("&A1', False),
        ("CSC_XY(CSC_X(1))", "CSC_XY(_xldudf_CSC_X(1))", True),
        ("'CSC_X'!A1+CSC_X", "'CSC_X'!A1+CSC_X", False),
        ("[1]!CSC_X(Tbl[CSC_X(])", "_xldudf_CSC_X(Tbl[CSC_X(])", True),
    ],
)
def test_only_calls_are_renamed(formula, expected, calls):
    names = {"CSC_X": "_xldudf_CSC_X", "[1]!CSC_X": "_xldudf_CSC_X"}
    assert renamed(formula, names.get) == (expected, calls)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            '<c r="B2" s="3" t="str"><f>F(A1)</f><v>a</v></c>',
            '<c r="B2" s="3" t="str" cm="1"><f t="array" ref="B2">F(A1)</f><v>a</v></c>',
        ),
        ("<c r='B2'><f ca='1'>F(A1)</f></c>", "<c r='B2' cm=\"1\"><f ca='1' t=\"array\" ref=\"B2\">F(A1)</f></c>"),
        ('<c r="B2" cm="4"><f t="array" ref="B2:B4">F(A1)</f></c>', None),
        ('<c r="B2"><f t="array" ref="B2">F(A1)</f></c>', None),
        ('<c r="B2"><f>G(A1)</f></c>', None),
        ('<c r="B2"><v>1</v></c>', None),
        ('<c><f>F(A1&amp;"&lt;")</f></c>', '<c cm="1"><f t="array" ref="A2">F(A1&amp;"&lt;")</f></c>'),
    ],
)  # fmt: skip
def test_a_cell_gets_the_flag_and_loses_it_again(cell, expected):
    def sheet(c):
        return f'<worksheet xmlns="{MAIN}"><sheetData><row r="2">{c}</row></sheetData></worksheet>'.encode()

    rename = {"F": "F"}.get
    flagged = with_formulas(sheet(cell), "S", "sheet", Rewriting(rename, "1"))
    assert flagged == sheet(expected or cell)
    plain = with_formulas(flagged, "S", "sheet", Rewriting(rename, None))
    assert plain == sheet(cell)
    assert with_formulas(flagged, "S", "sheet", Rewriting(rename, None, {("S", (2, 2)), ("S", (2, 1))})) == flagged


@pytest.fixture
def parts(master):
    return Parts(Package.open(master))


def file(patched, tmp_path):
    path = tmp_path / "made.xlsx"
    path.write_bytes(patched.content)
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == list(patched.members)
    return path


def test_nothing_changed_is_the_same_file(parts, master):
    assert parts.patched().content == master.read_bytes()


def test_what_is_added_and_taken_out_again_leaves_the_parts_as_they_were(parts, master, tmp_path):
    assert dynamic_flag(parts) == "1"
    assert dynamic_flag(parts) == "1"
    without_dynamic_part(parts)
    path = file(parts.patched(), tmp_path)
    assert members(path) == members(master)


def test_properties_of_others_stay_and_an_older_record_goes(parts, master, tmp_path):
    first = Record("com", "1", {"CSC_X": ("1", "0123456789ab")}, "f" * 64, {"Stock & rate": "ab" * 8})
    write_record(parts, first)
    path = file(parts.patched(), tmp_path)
    book = openpyxl.load_workbook(path)
    book.custom_doc_props.append(openpyxl.packaging.custom.StringProperty(name="Department", value="Finance & care"))
    book.custom_doc_props.append(openpyxl.packaging.custom.IntProperty(name="Pages", value=7))
    book.save(path)
    parts = Parts(Package.open(path))
    second = Record("lambda", "2", {"CSC_Y": ("3", "ba9876543210")}, "", {}, ("TST_Z",))
    write_record(parts, second)
    book = read_package(Package(parts.patched().content, Path("x.xlsx")))
    assert Record.of(book.properties) == second
    assert book.properties["Department"] == "Finance & care"
    xml = parts.read("docProps/custom.xml")
    ids = re.findall(rb'pid="(\d+)"', xml)
    assert len(ids) == len(set(ids))
    assert b"Pages" in xml
    assert b"CSC_X" not in xml


@given(
    st.dictionaries(st.from_regex(r"CSC_[A-Z]{1,8}", fullmatch=True), st.just(("1", "abcdef012345")), max_size=4),
    st.text(max_size=20),
)
def test_a_record_reads_as_it_was_written(functions, sheet):
    record = Record("lambda", "0.1.0", functions, "0" * 64, {sheet: "1" * 16}, ("CSC_Q",))
    properties = record.properties()
    assert Record.of(properties) == record
    assert all(Record.is_own(name, value) for name, value in properties.items())
    assert not Record.is_own("Department", "Finance")


def test_formats_are_added_behind_those_that_are_there(parts, tmp_path):
    looks = Looks(parts)
    bold, text = looks.like(0, bold=True), looks.like(0, as_text=True)
    grey = looks.like(0, italic=True, fill="E4E7EB")
    assert (bold, text, grey) == (bold, bold + 1, bold + 2)
    looks.write()
    book = openpyxl.load_workbook(file(parts.patched(), tmp_path))
    formats = book._cell_styles
    assert len(formats) == grey + 1
    assert book._fonts[formats[bold].fontId].b
    assert formats[text].quotePrefix
    assert book._fonts[formats[grey].fontId].i
    assert book._fills[formats[grey].fillId].fgColor.rgb == "FFE4E7EB"


def test_metadata_without_dynamic_arrays_is_refused(master):
    parts = Parts(Package.open(master))
    parts.add("xl/metadata.xml", b"<metadata/>", "application/x")
    parts.relate(parts.workbook, "http://schemas.openxmlformats.org/x/sheetMetadata", "xl/metadata.xml")
    content = parts.patched().content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    with pytest.raises(UnsupportedEditError, match="marks no cell as a dynamic array"):
        dynamic_flag(Parts(Package(content, Path("x.xlsx"))))
