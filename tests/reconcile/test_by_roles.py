"""What figures must do in their sets, found from their roles alone."""

import pytest
from reconcile.claims_files import figure, formula, judged

from xlmodel.reconcile import Verdict


def people(name, value, role, period="2023/24", nearest="exact", unit="children"):
    return figure(name, value, nearest, unit=unit, period=period, roles=f"care: {role}", source=f"line {name}")


FLOWS = (
    people("stock0", "539", "stock", "2022/23"),
    people("starts", "180", "starts"),
    people("ceases", "232", "ceases"),
    people("net", "-52", "net"),
    people("stock1", "487", "stock"),
    people("opening2", "487", "opening", "2024/25"),
)
PLAN = (
    figure("p1", "10.9", roles="plan: part"),
    figure("p2", "1.6", roles="plan: part"),
    figure("t", "12.5", roles="plan: total"),
)
SERIES = tuple(
    figure(f"{role[:3]}{year}", value, period=f"{year}/{year - 1999}", roles=f"entrants: {role}")
    for role, values in (("one-off", ("1.0", "2.7", "1.9")), ("recurring", ("1.0", "3.7", "5.6")))
    for year, value in zip((2024, 2025, 2026), values, strict=True)
)
RUNS = (
    figure("d1", "28", "exact", roles="special guardianship: to date", unit="children"),
    figure("f1", "42", "1", roles="special guardianship: full year", unit="children"),
    figure("d2", "42", "exact", roles="returns home: to date", unit="children"),
    figure("f2", "63", "1", roles="returns home: full year", unit="children"),
)
CHANGE = (
    figure("old", "44", "1", roles="budget: before", period="2022/23"),
    figure("new", "66", "1", roles="budget: after", period="2023/24"),
    figure("pct", "50", "1", roles="budget: percentage change", period="2023/24", unit="%"),
)
SHARE = (
    figure("gap", "7.7", roles="overspend: share"),
    figure("base", "63.6", roles="overspend: base"),
    figure("pct", "12.1", roles="overspend: percentage", unit="%"),
)
PART_YEAR = (figure("first", "1.2", roles="staff: first year"), figure("whole", "1.6", roles="staff: whole year"))
RATES = (
    people("s1", "539", "stock", "2022/23"),
    people("r1", "108", "rate of stock", "2022/23", "1", "per 10,000"),
    people("s2", "412", "stock", "2024/25"),
    people("r2", "83", "rate of stock", "2024/25", "1", "per 10,000"),
    people("e2", "140", "starts", "2024/25"),
    people("q2", "28", "rate of starts", "2024/25", "1", "per 10,000"),
)


def with_value(rows, name, value):
    return tuple({**row, "value": value} if row["id"] == name else row for row in rows)


def findings(folder, rows):
    return judged(folder, *rows).findings


@pytest.mark.parametrize("rows", [FLOWS, PLAN, SERIES, RUNS, CHANGE, SHARE, RATES])
def test_figures_that_agree_lead_to_comparisons_and_to_no_finding(tmp_path, rows):
    found = judged(tmp_path, *rows)
    assert found.findings == ()
    assert found.tests > 0


@pytest.mark.parametrize(
    ("rows", "name", "value", "test", "verdict", "says"),
    [
        (PLAN, "t", "12.2", "total", "DOES NOT TIE", "add up to £12.5m, £0.3m more than the printed total of £12.2m"),
        (FLOWS, "net", "-51", "stock continuity", "DOES NOT TIE", "-51 children, but starts less ceases is -52"),
        (FLOWS, "stock1", "488", "stock continuity", "DOES NOT TIE", "number at the end is printed as 488 children"),
        (FLOWS, "opening2", "486", "stock continuity", "UNEXPLAINED", "at the start is printed as 486 children"),
        (RATES, "r2", "85", "one population", "DOES NOT TIE", "No population fits both"),
        (RATES, "s1", "600", "one population", "READING", "the population"),
        (CHANGE, "pct", "33", "percentage base", "DOES NOT TIE", "33% is the change divided by the new figure, £66m"),
        (CHANGE, "pct", "150", "percentage base", "DOES NOT TIE", "150% is the new figure in per cent of the old one"),
        (SHARE, "pct", "13.8", "percentage base", "DOES NOT TIE", "divided by what is left of £63.6m"),
        (SHARE, "pct", "20.0", "percentage base", "DOES NOT TIE", "20.0% is printed; £7.7m of £63.6m, is 12.1%"),
        (CHANGE, "new", "22", "percentage base", "READING", "The size is right, and a fall may be printed without"),
        (FLOWS, "net", "52", "stock continuity", "READING", "Read as a fall, the net change of 52 children fits"),
        (SERIES, "rec2025", "4.2", "recurring series", "READING", "(£1m + £2.7m), are £3.7m, £0.5m less"),
        (RUNS, "f1", "40", "run rates", "READING", "8.3 to 8.5 months"),
        (RUNS, "f2", "40", "run rates", "UNEXPLAINED", "more has been counted so far than the full year"),
        (PART_YEAR, "first", "1.2", "part-year share", "IMPLIED", "9 months of a whole year, between 8.4 and 9.7"),
        (PART_YEAR, "first", "1.9", "part-year share", "UNEXPLAINED", "more than a whole year's: £1.9m of £1.6m"),
    ],
)  # fmt: skip
def test_a_figure_that_breaks_its_set_is_found(tmp_path, rows, name, value, test, verdict, says):
    found = findings(tmp_path, with_value(rows, name, value))
    assert (test, verdict) in {(finding.test, str(finding.verdict)) for finding in found}
    assert any(says in finding.sentence for finding in found), [finding.sentence for finding in found]


def test_a_fall_on_the_wrong_base_is_named_with_or_without_its_sign(tmp_path):
    rows = with_value(with_value(CHANGE, "new", "29"), "pct", "52")
    (found,) = findings(tmp_path, rows)
    assert found.verdict is Verdict.DOES_NOT_TIE
    assert "52% is the change divided by the new figure, £29m" in found.sentence


@pytest.mark.parametrize("period", ["2023-24", "2023/2024", "2023\N{EN DASH}24"])
def test_a_year_is_the_same_however_it_is_written(tmp_path, period):
    rows = tuple({**row, "period": period} if row["id"] in ("ceases", "stock1") else row for row in FLOWS)
    found = findings(tmp_path, with_value(rows, "stock1", "480"))
    assert "number at the end is printed as 480 children" in found[0].sentence


def test_series_are_compared_in_the_order_of_their_years(tmp_path):
    assert findings(tmp_path, SERIES[::-1]) == ()


def test_a_percentage_of_another_year_is_not_compared(tmp_path):
    this_year = tuple({**row, "period": "2023/24"} for row in SHARE)
    next_year = figure("pct2", "9.0", roles="overspend: percentage", unit="%", period="2024/25")
    found = judged(tmp_path, *this_year, next_year)
    assert found.findings == ()
    assert found.tests == 1


def test_a_change_over_several_years_is_compared(tmp_path):
    rows = tuple({**row, "period": "2020/21"} if row["id"] == "old" else row for row in CHANGE)
    assert judged(tmp_path, *rows).tests == 1


def test_a_change_from_nothing_is_not_compared(tmp_path):
    found = judged(tmp_path, *with_value(CHANGE, "old", "0"))
    assert (found.tests, found.idle) == (0, ("budget",))


def test_a_set_of_which_nothing_can_be_compared_is_named(tmp_path):
    rows = (figure("p", "1.0", roles="plan: part", period="2023/24"), figure("t", "9.0", roles="plan: total"))
    assert judged(tmp_path, *rows).idle == ("plan",)


def test_rounding_that_explains_a_difference_is_no_finding(tmp_path):
    assert findings(tmp_path, with_value(PLAN, "t", "12.6")) == ()


def test_a_year_left_out_is_no_broken_continuity(tmp_path):
    rows = (people("s0", "539", "stock", "2021/22"), *FLOWS[1:5])
    assert findings(tmp_path, rows) == ()


def test_a_finding_that_a_formula_row_is_about_stands_under_it(tmp_path):
    found = judged(tmp_path, *with_value(PLAN, "t", "12.2"), formula("r", "=p1+p2", "t"))
    assert found.findings == ()
    assert [finding.test for finding in found.rows[0].findings] == ["total"]
    assert found.accused == 1


def test_a_finding_names_where_its_figures_stand(tmp_path):
    (found,) = findings(tmp_path, with_value(FLOWS, "net", "-51"))
    assert (found.source, found.stated, found.item) == ("line starts, line ceases, line net", "net", "care, 2023/24")


def test_what_does_not_tie_by_roles_alone_counts_as_accused(tmp_path):
    found = judged(tmp_path, *with_value(PLAN, "t", "12.2"))
    assert found.accused == 1
    assert found.findings[0].verdict is Verdict.DOES_NOT_TIE
