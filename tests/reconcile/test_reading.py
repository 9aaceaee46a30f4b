"""Files of claims that cannot be used: every fault by row and column, and all of them at once."""

from fractions import Fraction

import pytest
from reconcile.claims_files import CSC, claims_of, figure, formula, write

from xlmodel.errors import InputError
from xlmodel.reconcile import read_claims
from xlmodel.reconcile.reading import COLUMNS

GOOD = (figure("a", "1.0"), figure("b", "2.0"))


def faults(folder, *rows):
    with pytest.raises(InputError) as caught:
        claims_of(folder, *GOOD, *rows)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (figure("a", "1"), "row 4, id: must stand once, and row 2 has it too; it is 'a'"),
        (figure("3a", "1"), "row 4, id: must be letters, digits and _, and begin with a letter; it is '3a'"),
        (figure("TRUE", "1"), "row 4, id: must be letters"),
        (figure("c", "1", item=""), "row 4, item: must say what the figure is"),
        (figure("c", "£1.5m"), "row 4, value: must be a plain number: write 1.5, and the rest in unit; it is '£1.5m'"),
        (figure("c", "1,500"), "row 4, value: must be a plain number: write 1500"),
        (figure("c", "abc"), "row 4, value: must be a plain number; it is 'abc'"),
        (
            figure("c", "1.36", "0.01", printed="£1.63m"),
            "row 4, value: must have the digits of what is printed, £1.63m",
        ),
        (figure("c", "1", ""), "row 4, nearest: must be what the figure is printed to the nearest of"),
        (figure("c", "1", "-1"), "row 4, nearest: must be what the figure is printed to"),
        (figure("c", "1.25", "0.1"), "row 4, nearest: must be fine enough for the value 1.25; it is '0.1'"),
        (figure("c", "1", source=""), "row 4, source: must say where the figure stands"),
        (figure("c", ""), "row 4, nearest: must be empty in a row without a value"),
        (figure("c", "", ""), "row 4, value: must be given, or a formula"),
        (figure("c", "1", roles="plan"), "row 4, roles: must name a set and a role, such as savings plan: total"),
        (figure("c", "1", roles="plan: totl"), "row 4, roles: must end in one of"),
        (figure("c", "1", roles="plan: total"), "row 4, roles: total needs part in the set 'plan'"),
        (figure("c", "1", kind="figure"), "row 4, kind: must be empty in a row without a formula"),
        (formula("c", "=a+b", "a", "figur"), r"row 4, kind: must be one of figure"),
        (formula("c", "=a+b", "a", ""), "row 4, kind: must say what sort of statement the formula makes"),
        (formula("c", "=a+b"), "row 4, states: must name the printed figure that the formula should give"),
        (formula("c", "=a+b", "bb"), "row 4, states: names no row of the file; it is 'bb'"),
        (formula("c", "=a+b", "a", "implied"), "row 4, kind: implied is for a row with nothing printed"),
        (formula("c", "=a+b", "a", "two-readings"), "row 4, other_formula: is for the kind two-readings"),
        (formula("c", "=a+b", "a", "assumes", reading=""), "row 4, reading: must say in words"),
        (formula("c", "=a+b", "a", "assumes", other_reading=""), "row 4, other_reading: must say in words how else"),
        (formula("c", "=a+b", "a", "figure", borne_out_by="b"), "row 4, borne_out_by: is for the kind assumes only"),
        (formula("c", "=a+b", "a", "assumes", borne_out_by="b"), "row 4, borne_out_by: must be the id of another row"),
        (formula("c", "=a+", "a"), "row 4, formula: the formula ends too early; it is '=a+'"),
        (formula("c", "=a+x", "a"), "row 4, formula: names x, and there is no claim with that id; it is '=a+x'"),
        (formula("c", "=c+a", kind="implied"), "row 4, formula: must not come back to its own row: c > c"),
        (
            formula("c", "#NAME?", "a"),
            "row 4, formula: has been calculated by the spreadsheet: write it without the equals sign",
        ),
        (formula("c", "TODAY()", "a"), "row 4, formula: calls TODAY, which gives another number every time"),
        (formula("c", "a+k", "b"), "row 4, formula: names k, and there is no claim with that id; it is '=a+k'"),
        (
            figure("c", "1.66", "0.01", unit="£k", printed="£1.66m"),
            "row 4, value: must be 1660 in £k, for £1.66m; it is '1.66'",
        ),
        (
            figure("c", "0.12", "0.01", unit="%", printed="12%"),
            "row 4, value: must be 12 in %, for 12%; it is '0.12'",
        ),
        (
            figure("c", "66", "0.1", printed="£66m"),
            "row 4, nearest: must be 1 or more: no finer is it printed, £66m; it is '0.1'",
        ),
        (formula("c", "=SIN(a*80)", "b"), "row 4, formula: must have a bound: SIN rises and falls"),
        (formula("c", "=a", "b", "other-date"), "row 4, kind: other-date is for figures whose periods differ"),
    ],
)
def test_a_fault_is_named_by_row_and_column(tmp_path, row, fault):
    found = faults(tmp_path, row)
    assert any(line.startswith("claims.csv, " + fault) for line in found), found


def test_all_faults_are_named_at_once(tmp_path):
    found = faults(tmp_path, figure("c", "x"), figure("d", "1", source=""), formula("e", "a+k", "b"))
    assert [line.split(":")[0] for line in found] == [
        "claims.csv, row 4, value",
        "claims.csv, row 5, source",
        "claims.csv, row 6, formula",
    ]


def test_rows_that_come_round_to_themselves_are_named(tmp_path):
    found = faults(tmp_path, formula("c", "=d", kind="implied"), formula("d", "=c+a", kind="implied"))
    assert "claims.csv, row 4, formula: must not come back to its own row: c > d > c" in found


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "row 1: must hold the names of the columns"),
        (b"id;item;value\n", "row 1: must have commas between cells"),
        (b"id,item,value,unit,nearest\n", "row 1: must also have the columns source"),
        (
            b"id,item,value,unit,nearest,source,perod\n",
            r"row 1, perod: is no column of a file of claims (did you mean p",
        ),
        (b"id,item,value,unit,nearest,source,id\n", "row 1, id: must stand once"),
        (b"id,item,value,unit,nearest,source\n", "claims.csv: must have a row for each figure"),
        (
            b"id,item,value,unit,nearest,source\na,\xa3,1,x,1,p\n",
            "row 2: must be in UTF-8, which a character here is not",
        ),
        (b"PK\x03\x04", "must be a CSV file, and is a workbook"),
        (b'id,item,value,unit,nearest,source\na,"x,1,x,1,p\n', "must be readable as CSV"),
        (b"id,item,value,unit,nearest,source\na,b,1,c,1,p,q\n", "row 2: must have 6 cells at most"),
    ],
)
def test_a_file_that_is_none_of_claims_says_so(tmp_path, content, fault):
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_claims(path, CSC)
    assert fault in str(caught.value)


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_bytes("\ufeffid,item,value,unit,nearest,source\r\n a , £ , -1.50 ,£m,0.01,p. 1\r\n,,,,,\r\n".encode())
    (claim,) = read_claims(path)
    assert (claim.id, claim.item, float(claim.value), claim.decimal_places, claim.row) == ("a", "£", -1.5, 2, 2)


def test_every_column_says_what_it_is_for():
    assert all(what for _, what in COLUMNS.values())


def test_units_of_what_is_compared_are_one(tmp_path):
    rows = (figure("p", "1", roles="plan: part"), figure("t", "1", roles="plan: total", unit="£k"))
    assert "claims.csv, row 5, unit: must be £m, as in row 4 of the set 'plan'; it is '£k'" in faults(tmp_path, *rows)


THOUSANDS = figure("k", "250", "1", unit="£k")


@pytest.mark.parametrize(
    ("text", "states", "fault"),
    [
        ("a+k", "b", "row 5, formula: must not add up £m and £k: bring them to one unit, such as a*1000"),
        ("b-MAX(a,k)", "b", "row 5, formula: must not add up £m and £k"),
        ("k", "b", "row 5, formula: must come to £m, as what it is compared with: it comes to £k"),
        ("a*1000+k", "b", "row 5, formula: must come to £m"),
        ("k+k", "k", "row 5, unit: must be £k, as what the row states; it is '£m'"),
    ],
)
def test_units_of_money_are_not_mixed(tmp_path, text, states, fault):
    found = faults(tmp_path, THOUSANDS, formula("c", text, states))
    assert any(line.startswith("claims.csv, " + fault) for line in found), found


@pytest.mark.parametrize("text", ["a+k/1000", "a*b", "(a*1000+k)/1000", "a/k"])
def test_units_of_money_brought_to_one_are_accepted(tmp_path, text):
    assert len(claims_of(tmp_path, *GOOD, THOUSANDS, formula("c", text, "b")).rows) == 4


@pytest.mark.parametrize("text", ["a+b", "=a+b", "'=a+b", "(-a)+b"])
def test_a_formula_needs_no_equals_sign(tmp_path, text):
    claim = claims_of(tmp_path, *GOOD, formula("c", text, "b-a", unit="")).rows[-1]
    assert claim.formula == "=" + text.lstrip("'=")
    assert claim.states == "=b-a"


@pytest.mark.parametrize(("unit", "read"), [("£000", "£k"), ("£'000", "£k"), ("£M", "£m"), ("£ a week", "£ a week")])
def test_units_of_money_have_one_spelling(tmp_path, unit, read):
    assert claims_of(tmp_path, figure("a", "1", unit=unit)).rows[0].unit == read


def test_a_minus_sign_of_print_is_one(tmp_path):
    assert claims_of(tmp_path, figure("a", "\N{MINUS SIGN}2.1")).rows[0].value == Fraction("-2.1")


def test_noughts_that_a_spreadsheet_took_off_a_bare_number_are_no_fault(tmp_path):
    assert claims_of(tmp_path, figure("a", "1", "0.1", printed="1")).rows[0].decimal_places == 1


def test_a_formula_that_is_too_long_to_be_worked_out_says_so(tmp_path):
    found = faults(tmp_path, formula("c", "=" + "+".join(["a"] * 2_000), "b"))
    assert "must be shorter" in found[0]


def test_a_long_sum_is_worked_out(tmp_path):
    rows = [figure(f"x{i}", "0.1") for i in range(150)]
    added = "+".join(row["id"] for row in rows)
    claims = claims_of(tmp_path, *rows, formula("c", added, kind="implied"))
    assert claims.result(claims["c"].formula)[0] == 15


def test_a_path_that_is_not_there_says_so(tmp_path):
    with pytest.raises(InputError, match=r"nothing\.csv: must be readable"):
        read_claims(tmp_path / "nothing.csv")


def test_the_file_written_for_a_test_is_one_of_claims(tmp_path):
    assert len(read_claims(write(tmp_path / "claims.csv", *GOOD)).rows) == 2
