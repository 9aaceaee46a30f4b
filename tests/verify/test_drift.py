"""Published workbooks, verified with other functions than those they were published with, and with other values."""

import json
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from one_worker import OneWorker
from openpyxl.workbook.defined_name import DefinedName

from xlmodel.book import SetSaved, SetValue, patch, read_book
from xlmodel.lambdas import definitions
from xlmodel.publish import publish
from xlmodel.registry import Registry
from xlmodel.report.json_report import report_json
from xlmodel.report.text import outcome_text
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import check
from xlmodel.verify.drift import Drifted
from xlmodel.verify.record import Record

MEANS = OneWorker(Registry.collect({"CSC": "udfs"}), witness=None)


@pytest.fixture(scope="module", autouse=True)
def worker_ends():
    yield
    MEANS.kept.close()


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Flows"
    ws.append([198, 219, "=CSC_NET_CHANGE(A1,B1)", "=C1*2", "=CSC_CLOSING_STOCK(100,A1,B1)"])
    other = wb.create_sheet("Sign-off")
    other["A1"], other["A2"], other["A3"] = "not published", "=LEFT(Values_hash,6)", "=Flows!D1+1"
    wb.defined_names["Values_hash"] = DefinedName("Values_hash", attr_text="'Sign-off'!$A$1")
    path = tmp_path_factory.mktemp("drift") / "plan.xlsx"
    wb.save(path)
    recalculate(path, MEANS)
    return path


@pytest.fixture(scope="module")
def editions(master):
    return {e: publish(master, None, e, MEANS).path for e in ("lambda", "com", "officejs", "values")}


def verified(path, means=MEANS):
    with means.worker() as worker:
        return check(path, worker, means, 1e-9)


def altered(path, target, changes):
    """Write a copy in which texts of some members are others."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for member, before, after in changes:
                if member == name:
                    assert before in content, (member, before)
                    content = content.replace(before, after)
            new.writestr(name, content)
    return target


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs"])
def test_a_workbook_as_it_was_published_has_no_drift_and_its_values_hold(editions, edition):
    outcome = verified(editions[edition])
    assert outcome.exit_code == 0
    assert outcome.drift is None
    assert outcome.sign_off.holds
    assert "The values are those recorded when it was published" in outcome_text(outcome)
    assert outcome.record.edition == edition


def test_nothing_is_said_of_a_workbook_without_a_record_nor_of_values_alone(master, editions):
    for path in (master, editions["values"]):
        outcome = verified(path)
        assert (outcome.drift, outcome.sign_off, outcome.exit_code) == (None, None, 0)
        assert "when it was published" not in outcome_text(outcome)


@pytest.mark.parametrize(
    ("value", "what", "sentence"),
    [
        (b"0 ", "version", "CSC_NET_CHANGE: version 0 in the workbook, 1 here"),
        (b"1 0000", "declaration", "CSC_NET_CHANGE: declared otherwise here than in the workbook, both as version 1"),
    ],
)
@pytest.mark.parametrize("edition", ["lambda", "com"])
def test_a_function_of_another_version_is_named(editions, tmp_path, edition, value, what, sentence):
    signature = MEANS.registry.functions["CSC_NET_CHANGE"].signature_hash.encode()
    path = altered(
        editions[edition], tmp_path / "old.xlsx", [("docProps/custom.xml", b"1 " + signature, value + signature)]
    )
    outcome = verified(path)
    assert [(d.function, d.what, d.sentence) for d in outcome.drift.functions] == [("CSC_NET_CHANGE", what, sentence)]
    assert outcome.drift.results == ()
    assert outcome.exit_code == 1
    text = outcome_text(outcome)
    assert sentence in " ".join(text.split())
    assert "No result differs by it" in text


def old_native_form(editions, target):
    """Return a lambda edition whose CSC_NET_CHANGE is an older one, with the values that it gave."""
    book = read_book(editions["lambda"])
    formula = next(n.formula for n in book.names if n.name == "CSC_NET_CHANGE")
    with zipfile.ZipFile(editions["lambda"]) as opened:
        xml = opened.read("xl/workbook.xml")
    stored = re.search(rb'<definedName name="CSC_NET_CHANGE"[^>]*>([^<]*)<', xml)[1]
    assert len(formula) > 20
    other = b"_xlfn.LAMBDA(_xlpm.starts,_xlpm.ceases,_xlpm.starts-_xlpm.ceases+1000)"
    altered(editions["lambda"], target, [("xl/workbook.xml", stored, other)])
    book = read_book(target)
    edits = [SetSaved("Flows", 1, 3, 979.0), SetSaved("Flows", 1, 4, 1958.0), SetSaved("Sign-off", 3, 1, 1959.0)]
    target.write_bytes(patch(target, book, edits).content)
    return target


def test_an_older_native_form_calculates_as_excel_does_and_is_drift(editions, tmp_path):
    path = old_native_form(editions, tmp_path / "old.xlsx")
    outcome = verified(path)
    assert outcome.verification.coverage == 1.0, "the names of the workbook come before the functions here"
    assert outcome.drift.functions == (Drifted("CSC_NET_CHANGE", "native form", "1", "1"),)
    found = [(str(r.cell), r.saved, r.calculated, r.root) for r in outcome.drift.results]
    assert found == [
        ("Flows!C1", 979.0, -21.0, True),
        ("Flows!D1", 1958.0, -42.0, False),
        ("Sign-off!A3", 1959.0, -41.0, False),
    ]
    text = outcome_text(outcome)
    assert "1. Flows!C1: 979 in the workbook, -21 by the functions here" in text
    assert "2 more cells differ" in text
    assert outcome.exit_code == 1
    said = json.loads(report_json([outcome]))["workbooks"][0]
    assert said["drift"]["functions"][0]["what"] == "native form"
    assert [r["here"] for r in said["drift"]["results"]] == [-21.0, -42.0, -41.0]
    assert said["published"]["edition"] == "lambda"


def test_a_function_that_gives_other_results_is_named_though_its_declaration_and_native_form_are_the_same(
    editions, tmp_path
):
    path = old_native_form(editions, tmp_path / "old.xlsx")
    function = MEANS.registry.functions["CSC_NET_CHANGE"]
    older = replace(function, native="LAMBDA(starts, ceases, starts - ceases + 1000)")
    registry = Registry({**MEANS.registry.functions, older.name: older}.values(), MEANS.registry.collections)
    with zipfile.ZipFile(path) as opened:
        stored = re.search(rb'<definedName name="CSC_NET_CHANGE"[^>]*>([^<]*)<', opened.read("xl/workbook.xml"))[1]
    form = (
        definitions(registry, [older.name])[older.name].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    signatures = (function.signature_hash.encode(), older.signature_hash.encode())
    changes = [("xl/workbook.xml", stored, form.encode()), ("docProps/custom.xml", *signatures)]
    outcome = verified(altered(path, tmp_path / "same.xlsx", changes), replace(MEANS, registry=registry))
    assert outcome.verification.coverage == 1.0
    assert outcome.drift.functions == (Drifted("CSC_NET_CHANGE", "results", "1", "1"),)
    assert "CSC_NET_CHANGE: gives other results here" in " ".join(outcome_text(outcome).split())
    assert [str(r.cell) for r in outcome.drift.results if r.root] == ["Flows!C1"]


def test_what_differs_with_the_workbooks_own_functions_too_is_not_put_down_to_what_changed(editions, tmp_path):
    path = altered(editions["lambda"], tmp_path / "old.xlsx", [("xl/workbook.xml", b"_xlpm.ceases", b"_xlpm.left")])
    path.write_bytes(patch(path, read_book(path), [SetSaved("Flows", 1, 3, 979.0)]).content)
    outcome = verified(path)
    assert [str(f.cell) for f in outcome.verification.roots] == ["Flows!C1"]
    assert (outcome.drift.results, outcome.drift.others) == ((), 1)
    assert "No result differs by it: what differs above does so" in " ".join(outcome_text(outcome).split())


def test_cells_without_a_saved_value_are_not_said_to_be_what_the_functions_give(editions, tmp_path):
    path = altered(editions["lambda"], tmp_path / "old.xlsx", [("xl/workbook.xml", b"_xlpm.ceases", b"_xlpm.left")])
    path.write_bytes(patch(path, read_book(path), [SetSaved("Flows", 1, 3, None)]).content)
    text = " ".join(outcome_text(verified(path)).split())
    assert "Whether a result differs by it is not known of 1 cell" in text
    assert "every saved value" not in text


def test_a_hidden_name_that_changed_is_drift_of_the_functions_behind_it(editions, tmp_path):
    with zipfile.ZipFile(editions["lambda"]) as opened:
        xml = opened.read("xl/workbook.xml")
    name, formula = re.search(rb'<definedName name="(UDF_\.PLUS)"[^>]*>([^<]*)<', xml).groups()
    assert name
    changed = formula[:-1] + b"+0)"
    path = altered(editions["lambda"], tmp_path / "old.xlsx", [("xl/workbook.xml", formula, changed)])
    outcome = verified(path)
    assert "CSC_NET_CHANGE" in [d.function for d in outcome.drift.functions]
    assert {d.what for d in outcome.drift.functions} == {"native form"}


def test_spaces_and_the_case_of_letters_are_no_drift(editions, tmp_path):
    changes = [("xl/workbook.xml", b"ISNUMBER(", b"isnumber( ")]
    assert verified(altered(editions["lambda"], tmp_path / "spaced.xlsx", changes)).drift is None


def test_without_the_functions_nothing_is_known_of_them(editions, tmp_path):
    alone = replace(MEANS, registry=Registry())
    outcome = verified(editions["lambda"], alone)
    assert (outcome.drift, outcome.exit_code) == (None, 0)
    path = altered(editions["com"], tmp_path / "gone.xlsx", [("docProps/custom.xml", b"CSC_NET", b"CSC_OLD")])
    outcome = verified(path)
    assert [d.sentence for d in outcome.drift.functions] == ["CSC_OLD_CHANGE: version 1 in the workbook, none here"]


# --- values that were recorded ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["lambda", "com", "officejs"])
def test_other_values_are_not_those_recorded_and_their_sheets_are_named(editions, tmp_path, edition):
    path = tmp_path / "changed.xlsx"
    book = read_book(editions[edition])
    path.write_bytes(patch(editions[edition], book, [SetValue("Flows", 1, 1, 200.0)]).content)
    recalculate(path, MEANS)
    outcome = verified(path)
    assert outcome.verification.coverage == 1.0
    assert outcome.sign_off.sheets == ("Flows", "Sign-off")
    assert outcome.exit_code == 1
    text = " ".join(outcome_text(outcome).split())
    assert "The values are not those recorded when it was published" in text
    assert "on 2 of 2 sheets: Flows, Sign-off. Publish it" in text
    assert json.loads(report_json([outcome]))["workbooks"][0]["sign_off"]["holds"] is False


def test_what_shows_the_hash_may_change_and_a_changed_hash_is_found(editions, tmp_path):
    path = tmp_path / "shown.xlsx"
    book = read_book(editions["com"])
    path.write_bytes(patch(editions["com"], book, [SetValue("Sign-off", 1, 1, "signed by hand")]).content)
    recalculate(path, MEANS)
    assert verified(path).sign_off.holds
    recorded = Record.of(book.properties).values
    forged = altered(editions["com"], tmp_path / "forged.xlsx", [("docProps/custom.xml", recorded.encode(), b"0" * 64)])
    assert not verified(forged).sign_off.holds


def test_a_sheet_with_another_name_is_found(editions, tmp_path):
    changes = [
        ("xl/workbook.xml", b'name="Sign-off"', b'name="Signed"'),
        ("xl/workbook.xml", b"'Sign-off'!", b"Signed!"),
    ]
    outcome = verified(altered(editions["com"], tmp_path / "renamed.xlsx", changes))
    assert outcome.sign_off.sheets == ("Signed", "Sign-off")
