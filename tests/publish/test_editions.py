"""The editions that calculate: what the file holds, what it gives, and that nothing else in it changed."""

import re
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest
from conftest import MEANS, members, saved, workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName

from xlmodel.book import SetFormula, SetValue, patch, read_book
from xlmodel.errors import BookError, ConfigurationError, RegistryError, UnsupportedEditError
from xlmodel.lambdas import definitions
from xlmodel.publish import default_path, publish
from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import check
from xlmodel.verify.record import Record

CALLS = ["CSC_CLOSING_STOCK", "CSC_NET_CHANGE", "CSC_RATE_PER_10K"]
SHEETS = [f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3)]


@pytest.fixture(scope="module")
def editions(master, tmp_path_factory):
    folder = tmp_path_factory.mktemp("editions")
    return {e: publish(master, folder / f"{e}.xlsx", e, MEANS).path for e in ("lambda", "com", "officejs")}


def formulas(path):
    found = {}
    for sheet, i in read_book(path).formula_cells():
        found[sheet.name, int(sheet.row[i]), int(sheet.col[i])] = sheet.values.item(i)
    return found


@pytest.mark.parametrize(
    ("edition", "cell"),
    [
        ("lambda", b'<c r="B2" cm="1"><f t="array" ref="B2">CSC_NET_CHANGE(Inputs!C2,Inputs!D2)</f><v>-21</v></c>'),
        ("com", b'<c r="B2"><f>CSC_NET_CHANGE(Inputs!C2,Inputs!D2)</f><v>-21</v></c>'),
        (
            "officejs",
            b'<c r="B2" cm="1"><f t="array" ref="B2">_xldudf_CSC_NET_CHANGE(Inputs!C2,Inputs!D2)</f><v>-21</v></c>',
        ),
    ],
)
def test_a_call_is_stored_as_its_host_stores_it(editions, edition, cell):
    sheet = members(editions[edition])[SHEETS[1]]
    assert cell in sheet
    assert b"<f>SUM(B2:B4)</f>" in sheet, "a formula without a call stays as it was"


@pytest.mark.parametrize("edition", ["lambda", "officejs"])
def test_an_array_flag_leads_to_the_entry_that_excel_gives_it(editions, edition):
    parts = members(editions[edition])
    assert b'<metadataType name="XLDAPR"' in parts["xl/metadata.xml"]
    assert b'fDynamic="1"' in parts["xl/metadata.xml"]
    assert b'PartName="/xl/metadata.xml"' in parts["[Content_Types].xml"]
    assert b'relationships/sheetMetadata" Target="metadata.xml"' in parts["xl/_rels/workbook.xml.rels"]
    book = read_book(editions[edition])
    assert len(book.sheet("Stock & rate").dynamic) == 11


def test_the_metadata_is_what_excel_wrote_beside_lambda_names(editions, shared):
    theirs = members(shared / "corpora" / "excel_saved" / "F0692_yearly_calendar.xlsx")["xl/metadata.xml"]
    ours = members(editions["lambda"])["xl/metadata.xml"]
    unused = b' xmlns:xlrd="http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"'
    assert b"".join(ours.split()) == b"".join(theirs.replace(unused, b"").split())


def test_names_hold_the_native_forms_in_the_order_of_the_alphabet(editions):
    xml = members(editions["lambda"])["xl/workbook.xml"].decode()
    wanted = definitions(MEANS.registry, CALLS)
    found = {n.name: n.formula for n in read_book(editions["lambda"]).names}
    assert {name: found[name] for name in wanted} == wanted
    assert found["Growth"] == "CSC_NET_CHANGE(Inputs!$C$2,Inputs!$D$2)"
    tags = re.findall(r"<definedName ([^>]*)>", xml)
    names = [re.search(r'name="([^"]*)"', tag)[1] for tag in tags]
    ours = [name for name in names if name in wanted]
    assert ours == sorted(ours, key=str.casefold)
    for name, tag in zip(names, tags, strict=True):
        assert ('hidden="1"' in tag) == name.startswith("UDF_.")
        assert ("comment=" in tag) == (name in CALLS)


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs"])
def test_opening_calculates_nothing(master, editions, edition):
    assert b'fullCalcOnLoad="1"' in members(master)["xl/workbook.xml"]
    workbook_part = members(editions[edition])["xl/workbook.xml"]
    assert b'<calcPr calcId="191029"/>' in workbook_part
    assert "xl/calcChain.xml" not in members(editions[edition])


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs"])
def test_what_need_not_change_keeps_its_bytes(master, editions, edition):
    before, after = members(master), members(editions[edition])
    may = {
        "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels", SHEETS[2],
    }  # fmt: skip
    if edition != "com":
        may |= {SHEETS[1]}
    assert {name for name in before if before[name] != after[name]} == may - (
        set() if edition != "com" else {"xl/_rels/workbook.xml.rels"}
    )
    assert set(after) - set(before) <= {"docProps/custom.xml", "xl/metadata.xml"}


def test_the_lambda_edition_calculates_with_no_function_at_all(master, editions):
    alone = replace(MEANS, registry=Registry())
    with alone.worker() as worker:
        found = check(editions["lambda"], worker, alone, 1e-12)
    assert found.verification.coverage == 1.0
    assert found.exit_code == 0, found
    assert found.verification.total == len(formulas(master))
    with MEANS.worker() as worker:
        calculated = MEANS.evaluate(editions["com"], worker).calculated.values.scalars()
        native = alone.evaluate(editions["lambda"], worker).calculated.values.scalars()
    assert calculated[:-1] == native[:-1]


def test_all_editions_hold_the_same_values_and_record_one_hash(master, editions):
    values = {e: formulas(path) for e, path in editions.items()}
    records = {e: Record.of(read_book(path).properties) for e, path in editions.items()}
    assert values["lambda"] == values["com"] == values["officejs"]
    assert values["com"].keys() == formulas(master).keys()
    assert {r.values for r in records.values()} == {records["com"].values}
    assert len(records["com"].values) == 64
    assert list(records["com"].functions) == CALLS
    assert {e: r.edition for e, r in records.items()} == {e: e for e in editions}


def test_cells_that_show_the_record_hold_it_and_are_no_part_of_the_hash(editions):
    book = read_book(editions["com"])
    record, sheet = Record.of(book.properties), book.sheet("Sign-off")
    assert sheet.value(1, 2) == record.values
    assert sheet.value(2, 2).startswith("3 functions, signature ")
    assert sheet.value(3, 1) == "Signed: " + record.values
    assert list(record.sheets) == ["Stock & rate"]


@pytest.mark.parametrize(
    "way", [("lambda", "com", "lambda"), ("com", "officejs", "lambda", "com"), ("officejs", "lambda", "officejs")]
)
def test_there_and_back_again_is_the_same_file(master, editions, tmp_path, way):
    path = editions[way[0]]
    for number, edition in enumerate(way[1:]):
        path = publish(path, tmp_path / f"{number}.xlsx", edition, MEANS).path
    before, after = members(editions[way[0]]), members(path)
    assert before.keys() == after.keys()
    assert [name for name in before if sorted(before[name].split(b"<")) != sorted(after[name].split(b"<"))] == []
    assert [name for name in before if before[name] != after[name] and name != "[Content_Types].xml"] == []


def test_publishing_twice_gives_the_same_bytes(master, editions, tmp_path):
    assert (
        publish(master, tmp_path / "again.xlsx", "lambda", MEANS).path.read_bytes() == editions["lambda"].read_bytes()
    )
    again = publish(editions["lambda"], tmp_path / "same.xlsx", "lambda", MEANS).path
    assert members(again) == members(editions["lambda"])


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs"])
def test_openpyxl_reads_the_same_values(master, editions, edition):
    theirs = openpyxl.load_workbook(editions[edition], data_only=True)["Stock & rate"]
    ours = openpyxl.load_workbook(master, data_only=True)["Stock & rate"]
    assert [[c.value for c in row] for row in theirs] == [[c.value for c in row] for row in ours]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_shows_the_saved_values_of_the_com_edition(editions, tmp_path):
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to"]
    command += ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(editions["com"])], check=True, capture_output=True)
    (text,) = [p.read_text("utf-8") for p in tmp_path.glob("*.csv")]
    assert "2022/23,-21,466,97.1,2022/23: 466.0000 <children>" in text


@pytest.mark.parametrize(
    "stored", ["_xll.CSC_NET_CHANGE", "_xldudf_CSC_NET_CHANGE", "csc_net_change", "CSC.NET_CHANGE"]
)
def test_every_stored_name_is_read_and_written_as_the_edition_has_it(tmp_path, stored):
    wb = openpyxl.Workbook()
    wb.active.append([198, 219, f'={stored}(A1,B1)&"{stored}("'])
    path = saved(wb, tmp_path / "plan.xlsx")
    for edition, written in (("com", "CSC_NET_CHANGE"), ("officejs", "_xldudf_CSC_NET_CHANGE")):
        made = publish(path, None, edition, MEANS).path
        assert made == default_path(path, edition)
        assert f'>{written}(A1,B1)&amp;"{stored}("</f>'.encode() in members(made)[SHEETS[0]]


def test_shared_formulas_become_arrays_of_their_own_and_shared_ones_without_calls_stay(tmp_path):
    wb = openpyxl.Workbook()
    for row in range(1, 5):
        wb.active.append([10 * row, row, f"=CSC_NET_CHANGE(A{row},B{row})", f"=A{row}+1"])
    path = saved(wb, tmp_path / "plan.xlsx")
    sheet = members(path)[SHEETS[0]].decode()
    for col, first in (("C", "CSC_NET_CHANGE(A1,B1)"), ("D", "A1+1")):
        for row in range(1, 5):
            shared = (
                f'<f t="shared" ref="{col}1:{col}4" si="{col == "D":d}">{first}</f>'
                if row == 1
                else f'<f t="shared" si="{col == "D":d}"/>'
            )
            sheet = re.sub(rf'(<c r="{col}{row}"[^>]*>)<f>[^<]*</f>', rf"\1{shared}", sheet)
    path = rewritten(path, tmp_path / "shared.xlsx", {SHEETS[0]: sheet.encode()})
    made = members(publish(path, tmp_path / "lambda.xlsx", "lambda", MEANS).path)[SHEETS[0]]
    assert b'<c r="C3" cm="1"><f t="array" ref="C3">CSC_NET_CHANGE(A3,B3)</f><v>27</v></c>' in made
    assert made.count(b't="shared"') == 4
    com = publish(path, tmp_path / "com.xlsx", "com", MEANS).path
    assert members(com)[SHEETS[0]] == sheet.encode(), "the names were right already"


def rewritten(path, target, changed):
    import zipfile

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (members(path) | changed).items():
            out.writestr(name, content)
    return target


def test_an_array_over_several_cells_stays_one(tmp_path):
    wb = openpyxl.Workbook()
    for row in range(1, 4):
        wb.active.append([10 * row, row])
    from openpyxl.worksheet.formula import ArrayFormula

    wb.active["C1"] = ArrayFormula("C1:C3", "=CSC_NET_CHANGE(A1:A3,B1:B3)")
    wb.active["D1"] = ArrayFormula("D1", "=SUM(CSC_NET_CHANGE(A1:A3,B1:B3)*A1:A3)")
    path = saved(wb, tmp_path / "plan.xlsx")
    for edition in ("lambda", "com", "lambda"):
        path = publish(path, tmp_path / f"plan-{edition}.xlsx", edition, MEANS, overwrite=True).path
        book = read_book(path)
        assert [book.sheets[0].value(row, 3) for row in (1, 2, 3)] == [9.0, 18.0, 27.0]
        assert book.sheets[0].value(1, 4) == 1260.0


def test_a_formula_that_is_right_only_as_an_array_stays_one_in_the_com_edition(tmp_path):
    wb = openpyxl.Workbook()
    for row in range(1, 4):
        wb.active.append([10 * row, row])
    wb.active["E5"] = "=CSC_NET_CHANGE(SUM(IF(A1:A3>10,A1:A3)),0)"
    wb.active["E6"] = "=CSC_NET_CHANGE(5,2)"
    wb.save(tmp_path / "plan.xlsx")
    sheet = members(tmp_path / "plan.xlsx")[SHEETS[0]]
    sheet = re.sub(rb'<c r="(E5)"><f>', rb'<c r="\1"><f t="array" ref="\1">', sheet)
    path = rewritten(tmp_path / "plan.xlsx", tmp_path / "array.xlsx", {SHEETS[0]: sheet})
    recalculate(path, MEANS)
    made = publish(path, tmp_path / "lambda.xlsx", "lambda", MEANS).path
    made = publish(made, tmp_path / "com.xlsx", "com", MEANS).path
    assert read_book(made).sheets[0].value(5, 5) == 50.0


# --- what is refused -------------------------------------------------------------------------------------------------


def changed(change, tmp_path):
    wb = workbook()
    change(wb)
    return saved(wb, tmp_path / "plan.xlsx")


def rule(wb):
    wb["Inputs"].conditional_formatting.add("A1:A3", FormulaRule(["CSC_NET_CHANGE(B1,C1)>0"]))


def named(name, formula):
    def change(wb):
        wb.defined_names[name] = DefinedName(name, attr_text=formula)

    return change


def put(cell, formula):
    def change(wb):
        wb["Inputs"][cell] = formula

    return change


@pytest.mark.parametrize(
    ("change", "edition", "error", "said"),
    [
        (named("csc_net_change", "Inputs!$A$1"), "lambda", BookError, "defines the name CSC_NET_CHANGE itself"),
        (named("UDF_.NUMBER", "1"), "lambda", BookError, "uses the name UDF_.NUMBER for something of its own"),
        (put("H1", "=CSC_NO_SUCH(1)"), "lambda", RegistryError, "Inputs!H1: unknown function CSC_NO_SUCH"),
        (put("H1", "=OTHER(1)+CSC_NET_CHANGE(1,1)"), "lambda", None, ""),
        (put("C2", "=OFFSET(D2,0,0)"), "com", UnsupportedEditError, "Stock & rate!B2: 4 calls depend on a function"),
        (put("C2", "=OFFSET(D2,0,0)"), "lambda", None, ""),
        (rule, "officejs", UnsupportedEditError, "a conditional format or a validation calls a function"),
        (rule, "values", UnsupportedEditError, "a conditional format or a validation calls a function"),
        (rule, "lambda", None, ""),
        (named("Twice", "TST_SIMULATED(2)*2"), "lambda", UnsupportedEditError, "the name Twice calls TST_SIMULATED"),
    ],
)
def test_what_cannot_be_published_is_refused_with_its_place(tmp_path, change, edition, error, said):
    path = changed(change, tmp_path)
    if error is None:
        publish(path, None, edition, MEANS)
        return
    with pytest.raises(error, match=re.escape(said)):
        publish(path, None, edition, MEANS)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.xlsx"]


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs", "values"])
def test_a_stale_value_is_not_published(master, tmp_path, edition):
    path = rewritten(
        master, tmp_path / "stale.xlsx", {SHEETS[1]: members(master)[SHEETS[1]].replace(b"<v>-21</v>", b"<v>-20</v>")}
    )
    with pytest.raises(
        BookError, match=r"saved values of .* cells are not what their functions give; run `xlmodel recalc`"
    ):
        publish(path, tmp_path / "out.xlsx", edition, MEANS)
    assert not (tmp_path / "out.xlsx").exists()


def test_files_that_are_there_stay_unless_they_are_to_be_replaced(master, tmp_path):
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"something else")
    with pytest.raises(BookError, match="already exists"):
        publish(master, out, "com", MEANS)
    assert out.read_bytes() == b"something else"
    publish(master, out, "com", MEANS, overwrite=True)
    assert read_book(out).sheets


def test_a_signed_file_and_an_unknown_edition_are_refused(master, tmp_path):
    signed = rewritten(master, tmp_path / "signed.xlsx", {"_xmlsignatures/sig1.xml": b"<x/>"})
    with pytest.raises(UnsupportedEditError, match="digitally signed"):
        publish(signed, None, "com", MEANS)
    with pytest.raises(ConfigurationError, match="the edition must be one of lambda, com, officejs, values"):
        publish(master, None, "xll", MEANS)


# --- functions without a native form ---------------------------------------------------------------------------------


def test_a_function_without_a_native_form_is_kept_as_a_value_and_marked(tmp_path):
    path = changed(put("H2", "=TST_SIMULATED(B2)"), tmp_path)
    made = publish(path, None, "lambda", MEANS)
    assert [str(cell) for cell in made.saved_as_values] == ["Inputs!H2"]
    book = read_book(made.path)
    inputs = book.sheet("Inputs")
    assert inputs.value(2, 8) == 487.25
    assert inputs.formula[inputs.find(2, 8)] < 0
    listed = book.sheet("Saved values")
    assert [listed.value(5, col) for col in (1, 2, 3)] == ["Inputs", "H2", "=TST_SIMULATED(B2)"]
    cell = openpyxl.load_workbook(made.path)["Inputs"]["H2"]
    assert cell.font.i
    assert cell.fill.fgColor.rgb == "FFE4E7EB"
    com = publish(path, None, "com", MEANS)
    assert com.record.values == made.record.values
    assert com.saved_as_values == ()
    with pytest.raises(BookError, match="holds results of TST_SIMULATED as values"):
        publish(made.path, tmp_path / "no.xlsx", "com", MEANS)


# --- files that Excel saved ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["F0612_LAMBDA.xlsx", "F0692_yearly_calendar.xlsx", "F0608_IFERROR.xlsx"])
def test_a_call_put_into_a_file_of_excel_changes_its_own_cell_alone(shared, tmp_path, name):
    path = tmp_path / name
    source = shared / "corpora" / "excel_saved" / name
    book = read_book(source)
    sheet = book.sheets[0]
    at = sheet.used.bottom + 2
    edits = [SetValue(sheet.name, at, 1, 7.0), SetFormula(sheet.name, at, 2, f"CSC_NET_CHANGE(A{at},2)", 5.0)]
    path.write_bytes(patch(source, book, edits).content)
    made = publish(path, tmp_path / "lambda.xlsx", "lambda", MEANS)
    before, after = members(path), members(made.path)
    own = {
        "xl/workbook.xml",
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/custom.xml",
        sheet.part,
        "xl/calcChain.xml",
        "xl/_rels/workbook.xml.rels",
    }
    assert {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)} <= own
    assert publish(made.path, tmp_path / "com.xlsx", "com", MEANS).formulas == made.formulas
