"""The edition for publication: values, formulas on their own sheet, small numbers nowhere in the file."""

import re

import openpyxl
import pytest
from conftest import MEANS, members, saved, workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.series import Series
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlmodel.book import read_book
from xlmodel.errors import BookError, ConfigurationError, UnsupportedEditError
from xlmodel.publish import Suppression, publish
from xlmodel.values import display
from xlmodel.verify.record import Record


@pytest.fixture(scope="module")
def values(master, tmp_path_factory):
    return publish(master, tmp_path_factory.mktemp("values") / "values.xlsx", "values", MEANS).path


def contents(book, skip=()):
    return {
        (sheet.name, int(r), int(c)): display(sheet.values.item(i))
        for sheet in book.sheets
        if sheet.name not in skip
        for i, (r, c) in enumerate(zip(sheet.row, sheet.col, strict=True))
    }


def test_every_value_is_there_and_no_formula(master, values):
    before, after = read_book(master), read_book(values)
    assert not list(after.formula_cells())
    own = {("Sign-off", 1, 2), ("Sign-off", 2, 2), ("Sign-off", 3, 1)}
    was = {k: v for k, v in contents(before).items() if k not in own}
    assert {k: v for k, v in contents(after, ["Formulas"]).items() if k not in own} == was
    assert b"<f>" not in b"".join(x for n, x in members(values).items() if n.startswith("xl/worksheets/"))


def test_the_hash_is_that_of_the_editions_that_calculate(master, values, tmp_path):
    com = publish(master, tmp_path / "com.xlsx", "com", MEANS)
    record = Record.of(read_book(values).properties)
    assert (record.edition, record.values) == ("values", com.record.values)


def test_the_formulas_stand_on_a_sheet_with_links(master, values):
    source, listed = read_book(master), openpyxl.load_workbook(values)["Formulas"]
    rows = [[c.value for c in row] for row in listed.iter_rows(min_row=5, max_col=3)]
    wanted = [
        [s.name, openpyxl.utils.get_column_letter(int(s.col[i])) + str(s.row[i]), "=" + source.formula_a1(s, i)]
        for s, i in source.formula_cells()
    ]
    assert rows == wanted
    assert listed["C5"].data_type == "s" or listed["C5"].quotePrefix
    assert listed["B6"].hyperlink.location == "'Stock & rate'!B2"
    assert listed.tables["Formulas_listed"].ref == f"A4:D{4 + len(rows)}"
    assert listed.freeze_panes == "A5"


def test_names_that_calculate_are_gone_and_ranges_stay(values):
    names = {n.name: n for n in read_book(values).names}
    assert names.keys() == {"Area", "Values_hash", "Functions_version", "_xlnm.Print_Titles"}
    assert names["_xlnm.Print_Titles"].sheet == "Formulas"


def test_a_values_edition_made_of_a_lambda_edition_is_the_same(master, values, tmp_path):
    native = publish(master, tmp_path / "native.xlsx", "lambda", MEANS).path
    again = members(publish(native, tmp_path / "again.xlsx", "values", MEANS).path)
    ours = members(values)
    assert {n for n in ours if again.get(n) != ours[n]} <= {"[Content_Types].xml"}
    with pytest.raises(BookError, match="is a values edition: its formulas are gone"):
        publish(values, tmp_path / "no.xlsx", "com", MEANS)


# --- small numbers ----------------------------------------------------------------------------------------------------


def small(tmp_path, *, total="=SUM(B2:B4)", copy=None):
    """Return a workbook with counts, two of them small, a chart of them and a table."""
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Counts"
    ws.append(["Placement", "Children", "Secure"])
    for row in (("Foster", 212, 0), ("Secure", 3.0625, 2.0625), ("Kin", 4.03125, 1.015625)):
        ws.append(row)
    ws["B6"] = total
    ws["A8"] = "=CSC_NET_CHANGE(5,4)"
    ws.add_table(Table(displayName="Placements", ref="A1:C4"))
    wb.defined_names["Kids"] = DefinedName("Kids", attr_text="Counts!$B$2:$B$4")
    if copy:
        ws["E9"] = copy
    chart = BarChart()
    chart.add_data(Reference(ws, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    from openpyxl.chart.data_source import NumData, NumVal

    series: Series = chart.series[0]
    series.val.numRef.numCache = NumData(pt=[NumVal(idx=i, v=str(v)) for i, v in enumerate((212, 3.0625, 4.03125))])
    ws.add_chart(chart, "H2")
    return saved(wb, tmp_path / "small.xlsx")


SECRETS = (b"3.0625", b"4.03125", b"2.0625", b"1.015625", b"0625", b"03125")


@pytest.mark.parametrize(
    "ranges",
    [("Counts!B2:C4",), ("Kids", "Placements[Secure]"), ("Placements",), ("Counts!$B$2:$B$4,Counts!C2:C4",)],
)
def test_a_hidden_number_is_nowhere_in_the_file(tmp_path, ranges):
    path = small(tmp_path)
    assert any(b"3.0625" in x for n, x in members(path).items() if n.startswith("xl/charts/"))
    made = publish(path, None, "values", MEANS, suppression=Suppression(5, ranges))
    sheet = read_book(made.path).sheet("Counts")
    assert [sheet.value(r, 2) for r in (2, 3, 4)] == [212.0, "[c]", "[c]"]
    assert [sheet.value(r, 3) for r in (2, 3, 4)] == [0.0, "[c]", "[c]"]
    assert {str(c) for c in made.hidden} == {"Counts!B3", "Counts!B4", "Counts!C3", "Counts!C4"}
    for name, content in members(made.path).items():
        assert not [s for s in SECRETS if s in content], name
    assert made.record.values == ""
    assert not made.record.sheets, "a hash lets small numbers be tried until one fits"
    assert made.warnings == ("Counts!B6 is calculated from hidden numbers: Counts!B3, Counts!B4",)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"copy": "=B3"}, "Counts!E9 shows the number hidden in Counts!B3"),
        (
            {"copy": '=TEXT(B3,"0.0000")'},
            "Counts!E9 is calculated from Counts!B3, the only number in it that is hidden",
        ),
        ({"copy": "=INDEX(B2:B4,2)"}, "Counts!E9 shows the number hidden in Counts!B3"),
        ({"copy": "=-B4"}, "Counts!E9 shows the number hidden in Counts!B4"),
    ],
)
def test_what_gives_a_hidden_number_away_is_refused_until_it_is_hidden_too(tmp_path, arguments, said):
    path = small(tmp_path, **arguments)
    with pytest.raises(UnsupportedEditError, match=re.escape(said)):
        publish(path, None, "values", MEANS, suppression=Suppression(5, ("Placements",)))
    made = publish(path, None, "values", MEANS, suppression=Suppression(5, ("Placements",), ("Counts!E9",)))
    for name, content in members(made.path).items():
        assert not [s for s in SECRETS if s in content], name


def test_a_hidden_result_of_shown_numbers_is_refused(tmp_path):
    wb = openpyxl.Workbook()
    wb.active.append([7, 4, "=A1-B1", "=CSC_NET_CHANGE(A1,B1)"])
    path = saved(wb, tmp_path / "plan.xlsx")
    said = "Sheet!C1 is hidden, and calculated from numbers that are all shown: Sheet!A1, Sheet!B1"
    with pytest.raises(UnsupportedEditError, match=re.escape(said)):
        publish(path, None, "values", MEANS, suppression=Suppression(5, ("Sheet!C1",)))
    hide = Suppression(5, ("Sheet!C1:D1",), ("Sheet!A1",))
    sheet = read_book(publish(path, None, "values", MEANS, suppression=hide).path).sheets[0]
    assert [sheet.value(1, c) for c in (1, 2, 3, 4)] == ["[c]", 4.0, "[c]", "[c]"]


@pytest.mark.parametrize(
    ("suppression", "edition", "said"),
    [
        (Suppression(5, ("Nowhere",)), "values", "'Nowhere' is no range of plan.xlsx"),
        (Suppression(5, ("B2:B4",)), "values", "'B2:B4' is no range of plan.xlsx"),
        (Suppression(5, ("Flows[Nothing]",)), "values", "table Flows has no column 'Nothing'"),
        (Suppression(5), "values", "name the ranges with counts"),
        (Suppression(0, ("Area",)), "values", "say what is small"),
        (Suppression(5, ("Area",)), "lambda", "numbers are hidden in the edition values alone"),
    ],
)
def test_a_range_that_is_none_is_refused(master, tmp_path, suppression, edition, said):
    with pytest.raises((ConfigurationError, BookError), match=re.escape(said)):
        publish(master, tmp_path / "out.xlsx", edition, MEANS, suppression=suppression)


def test_formulas_of_table_columns_go_too(tmp_path):
    wb = workbook()
    table = wb["Inputs"].tables["Flows"]
    table._initialise_columns()
    from openpyxl.worksheet.table import TableFormula

    table.tableColumns[4].calculatedColumnFormula = TableFormula(attr_text="CSC_NET_CHANGE(1,2)")
    for column, name in zip(table.tableColumns, ("Year", "Opening", "Starts", "Ceases", "Population"), strict=True):
        column.name = name
    path = saved(wb, tmp_path / "plan.xlsx")
    assert b"calculatedColumnFormula" in b"".join(members(path).values())
    made = publish(path, None, "values", MEANS).path
    assert b"calculatedColumnFormula" not in b"".join(members(made).values())
