"""The deck's own file of claims: every verdict, its bounds in a workbook, and what happens when a figure changes."""

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from books import book
from reconcile.claims_files import CSC

from xlmodel.engine.native.model import Model
from xlmodel.reconcile import Claims, Verdict, judge, read_claims
from xlmodel.reconcile.expressions import figures

FILE = Path(__file__).parents[2] / "workbooks" / "southampton" / "claims.csv"


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BY_HAND = table(Path(__file__).with_name("worked_out_by_hand.csv"))


@pytest.fixture(scope="module")
def claims():
    return read_claims(FILE, CSC)


@pytest.fixture(scope="module")
def found(claims):
    return judge(claims)


@pytest.fixture(scope="module")
def rows(found):
    return {row.id: row for row in found.rows}


def test_every_row_has_the_verdict_it_should_have(rows):
    assert {name: str(row.verdict) for name, row in rows.items()} == {row["id"]: row["verdict"] for row in BY_HAND}


def test_how_many_there_are_of_each(rows):
    counts = {str(verdict): sum(row.verdict is verdict for row in rows.values()) for verdict in Verdict}
    assert counts == {
        "DOES NOT TIE": 7, "UNEXPLAINED": 4, "READING": 30, "NOT COMPARABLE": 2, "NOT TESTABLE": 1, "ROUNDING": 15,
        "TIES": 14, "IMPLIED": 91,
    }  # fmt: skip


def test_figures_are_those_worked_out_by_hand(rows):
    for row in BY_HAND:
        found = rows[row["id"]]
        places = len(row["recomputed"].partition(".")[2])
        assert abs(found.recomputed - float(row["recomputed"])) <= 0.5 * 10**-places + 1e-9, row["id"]
        if row["stated"]:
            assert found.stated == pytest.approx(float(row["stated"])), row["id"]


def test_a_figure_that_is_not_printed_is_not_said_to_be(rows):
    assert rows["B07"].verdict is Verdict.IMPLIED
    assert rows["B08"].sentence.startswith("The document implies £24.97m; ")


def test_every_reading_is_spelled_out_twice(rows):
    for row in rows.values():
        spelled = 2 if row.verdict is Verdict.READING else 0
        assert len(row.readings) == spelled, row.id
        assert len(set(row.readings)) == spelled, row.id


def test_findings_stand_under_rows_that_are_about_the_same_figures(found, rows):
    assert found.findings == ()
    assert found.idle == ()
    under = {(name, finding.test) for name, row in rows.items() for finding in row.findings}
    assert {("B03", "total"), ("E15", "percentage base"), ("A52", "one population"), ("F03", "run rates")} <= under
    assert "divided by the new figure, £66m" in rows["E15"].findings[0].beyond


def test_no_finding_accuses_a_figure_that_its_row_does_not(rows):
    for row in rows.values():
        for finding in row.findings:
            assert finding.verdict is not Verdict.DOES_NOT_TIE or row.verdict is Verdict.DOES_NOT_TIE


# --- in a workbook ----------------------------------------------------------------------------------------------------


def test_excel_formulas_give_the_same_figures_and_bounds(claims, rows):
    """Figures in columns A to C, and recomputed rows in D to F: value, lowest, highest."""
    at = {claim.id: row for row, claim in enumerate(claims, 1)}

    def address(name, part):
        first = "ABC" if claims[name].value is not None else "DEF"
        return f"${first[('value', 'lowest', 'highest').index(part)]}${at[name]}"

    cells = {}
    for claim in claims:
        if claim.value is not None:
            for part, number in (("value", claim.value), ("lowest", claim.lowest), ("highest", claim.highest)):
                cells[address(claim.id, part).replace("$", "")] = float(number)
        if claim.formula:
            low, high = claims.bounds(claim.formula, address)
            written = {"value": claims.excel(claim.formula, address), "lowest": low, "highest": high}
            for part, content in written.items():
                assert len(content) < 8192
                cells[address(claim.id, part).replace("$", "")] = content
    model = Model(book(cells), CSC)
    model.calculate()
    for name, row in rows.items():
        for part, expected in (("value", row.recomputed), ("lowest", row.low), ("highest", row.high)):
            found = model.value("S!" + address(name, part).replace("$", ""))
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-12), (name, part)


# --- when a figure changes --------------------------------------------------------------------------------------------


def changed(claims, name, row, **fields):
    """Return a row, and those it needs, judged after a figure is changed."""
    needed, more = set(), {row}
    while more - needed:
        needed |= more
        texts = [text for claim in map(claims.__getitem__, needed) for text in (claim.formula, claim.states) if text]
        more = {figure.id for text in texts for figure in figures(claims.tree(text))}
        more |= {claims[other].borne_out_by for other in needed} - {""}
    rows = tuple(replace(claim, **fields) if claim.id == name else claim for claim in claims if claim.id in needed)
    return {found.id: found for found in judge(Claims(rows, claims.registry, claims.name)).rows}


@pytest.mark.parametrize(
    ("name", "value", "row"),
    [
        ("starts_23_24", 181, "A02"),
        ("starts_23_24", 181, "A07"),
        ("stock_24_25", 411, "A08"),
        ("cp_after", 175, "F10"),
        ("fewer_starts_24_25", 39, "A34"),
        ("plan_total_24_25", Fraction("3.20"), "B01"),
        ("overspend_pct_hull", Fraction("3.4"), "E03"),
    ],
)
def test_a_tie_that_is_broken_does_not_tie(claims, rows, name, value, row):
    assert rows[row].verdict in (Verdict.TIES, Verdict.ROUNDING)
    assert changed(claims, name, row, value=Fraction(value))[row].verdict is Verdict.DOES_NOT_TIE


@pytest.mark.parametrize(
    ("name", "nearest", "row"), [("plan_demand_26_27", 5, "B03"), ("saving_total", Fraction("0.1"), "C01")]
)
def test_what_does_not_tie_is_rounding_once_a_figure_is_printed_coarsely_enough(claims, rows, name, nearest, row):
    assert rows[row].verdict is Verdict.DOES_NOT_TIE
    assert changed(claims, name, row, nearest=Fraction(nearest))[row].verdict is Verdict.ROUNDING


def test_a_rate_is_accused_only_where_a_row_that_assumes_nothing_bears_it_out(claims):
    found = changed(claims, "entry_rate_24_25", "A24", nearest=Fraction(4))
    assert found["A52"].verdict is Verdict.TIES
    assert found["A24"].verdict is Verdict.READING


def test_a_printed_total_that_is_right_ties(claims):
    assert changed(claims, "plan_total_26_27", "B03", value=Fraction("14.97"))["B03"].verdict is Verdict.TIES
