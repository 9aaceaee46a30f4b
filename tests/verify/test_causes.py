"""What explains differences, where the file shows it."""

from dataclasses import replace

import pytest
from evaluations import evaluation

from xlmodel.book import CalcSettings
from xlmodel.values import ErrorValue
from xlmodel.verify.causes import explained
from xlmodel.verify.recalculation import judged

USUAL = CalcSettings()


def found(saved, calculated, *, formula="R1C2+1", number_format="General", calc=USUAL, changed=(), **facts):
    made = evaluation((saved, calculated, calculated), (1.0, 1.0, 1.0), formulas=[formula, "1"])
    made = replace(made, number_formats=(number_format,), facts=replace(made.facts, calc=calc, **facts))
    return explained(judged(made, 0.0, lambda cells: [1 for _ in cells]), changed)


def of_root(*args, **more):
    (finding,) = found(*args, **more).findings
    return finding.cause.code if finding.cause else None


@pytest.mark.parametrize(
    ("saved", "calculated", "number_format", "cause"),
    [
        (1.23, 1.2345, "0.00", "as-displayed"),
        (1.23, 1.2345, "General", None),
        (1.24, 1.2345, "0.00", None),
        ("1.5", 1.5, "General", "text"),
        ("25%", 0.25, "General", "text"),
        ("1,250", 1250.0, "General", "text"),
        ("n/a", 1.5, "General", None),
        (45_000.0, 43_538.0, "General", "date-system"),
        (45_000.0, 43_537.0, "General", None),
        (-5.0, 5.0, "General", "sign"),
        (0.0, 5.0, "General", "placeholder"),
        ("", 5.0, "General", "placeholder"),
        (False, 5.0, "General", None),
        (7.0, 5.0, "General", None),
        (7.0, ErrorValue("#N/A"), "General", None),
    ],
)
def test_a_root(saved, calculated, number_format, cause):
    assert of_root(saved, calculated, number_format=number_format) == cause


@pytest.mark.parametrize(
    ("formula", "more", "cause"),
    [
        ("CSC_NET_CHANGE(R1C2,R1C3)", {"changed": ["CSC_NET_CHANGE"]}, "drift"),
        ("CSC_NET_CHANGE(R1C2,R1C3)", {"changed": ["CSC_OTHER"]}, None),
        ("[1]Sheet1!R1C1", {"externals": 1}, "external"),
        ("SUM(OFFSET(R1C2,0,0,9,1))", {}, "moving-reference"),
    ],
)
def test_what_a_formula_reads_or_calls(formula, more, cause):
    assert of_root(7.0, 5.0, formula=formula, **more) == cause


@pytest.mark.parametrize(
    ("calc", "application", "causes"),
    [
        (CalcSettings(), "Microsoft Excel", []),
        (CalcSettings(mode="manual"), "Microsoft Excel", ["manual"]),
        (CalcSettings(full_calc_on_load=True), "Microsoft Excel", ["not-calculated"]),
        (CalcSettings(calc_id=124_519, full_calc_on_load=True), "Microsoft Excel", ["not-calculated"]),
        (CalcSettings(), "LibreOffice/7.4", ["other-program"]),
        (CalcSettings(), "", []),
        (CalcSettings(full_precision=False), "", ["precision-as-displayed"]),
        (CalcSettings(iterate=True, mode="manual"), "", ["manual", "iterative"]),
    ],
)
def test_the_workbook(calc, application, causes):
    assert [c.code for c in found(7.0, 5.0, calc=calc, application=application).causes] == causes


def test_a_place_holder_everywhere_is_said_of_the_workbook():
    assert "place-holder" in found(0.0, 5.0, calc=CalcSettings(full_calc_on_load=True)).causes[0].text
    assert "place-holder" not in found(7.0, 5.0, calc=CalcSettings(full_calc_on_load=True)).causes[0].text


def test_where_nothing_differs_nothing_is_explained():
    assert found(5.0, 5.0, calc=CalcSettings(mode="manual")).causes == ()
