"""A project's folder: what is read, and every fault by file, row and column, all of them at once."""

from datetime import date

import pytest
from building.projects import COVER, THREE, TOTALS, write_project

from xlmodel.building.project import Text, read_book_project
from xlmodel.building.tables import BOOK_TABLES
from xlmodel.errors import InputError
from xlmodel.inputs.checking import checked_table
from xlmodel.inputs.problems import Problems
from xlmodel.inputs.reading import read_table


def faults(folder, model=TOTALS, **book):
    with pytest.raises(InputError) as raised:
        read_book_project(write_project(folder, model, **book))
    return [str(problem) for problem in raised.value.problems]


def test_what_a_project_is(tmp_path):
    project = read_book_project(write_project(tmp_path, THREE))
    assert project.title == "=Eastport: children in care"
    assert project.as_at == date(2024, 3, 8)
    assert project.version_line == "Version 1.0, 8 March 2024"
    assert project.claims is None
    assert project.model["placements"][1] == {"code": "residential", "label": "=Children's homes"}
    assert isinstance(project.model["placements"][1]["label"], Text)
    (tmp_path / "claims.csv").write_text("id\n", "utf-8")
    assert read_book_project(tmp_path).claims == tmp_path / "claims.csv"


FAULTY = [
    ("cover", None, "cover.csv: must be there, in the folder book"),
    ("cover", COVER.replace("owner,owner,Owner\n", ""), "cover.csv, key: must have a row owner"),
    (
        "cover",
        COVER.replace("as_at,as_at,2024-03-08", "as_at,as_at,8 March 2024"),
        "cover.csv, row 4, value: must be a date such as 2024-04-01: year, month, day; it is '8 March 2024'",
    ),
    ("cover", COVER.replace("status,status,DRAFT", "status,status,"), "cover.csv, row 6, value: must not be blank"),
    (
        "cover",
        COVER + "ovner,Owner,Someone\n",
        "cover.csv, row 11, key: must be one of title, purpose, as_at, version, status, owner, author, reviewer, "
        "approver (did you mean owner?); it is 'ovner'",
    ),
    ("cover", COVER + "title,Title,Other\n", "cover.csv, row 11: must not repeat row 2 (the same key)"),
    (
        "run_rates",
        "item,to_date,as_at,full_year_stated,dp,year,source\nHome,-4,,63,0,2023/24,Report\n",
        "run_rates.csv, row 2, to_date: must be >= 0; it is -4",
    ),
    (
        "neighbours",
        "council,own,year,budget,source\nHull,no,2023/24,1,Web\n",
        "neighbours.csv, row 2, own: must be one of yes; it is 'no'",
    ),
    (
        "changes",
        "date,vesion,who,what,why\n2024-02-01,1,A,B,C\n",
        "changes.csv, row 1, vesion: must be one of the columns date, version, who, what, why (did you mean version?)",
    ),
    (
        "changes",
        "date,version,who,what,why\n1/2/2024,1,A,B,C\n",
        "changes.csv, row 2, date: must be a date such as 2024-04-01: year, month, day (Excel rewrites it: give the "
        "column the format yyyy-mm-dd); it is '1/2/2024'",
    ),
    (
        "definitons",
        "term,meaning,source\nStarts,Children,DfE\n",
        "definitons.csv: must be one of the files of the folder book (did you mean definitions.csv?)",
    ),
    (
        "definitions",
        "term,meaning,source\nStarts,Chil\x07dren,DfE\n",
        "definitions.csv, row 2, meaning: must have no characters that cannot be printed",
    ),
]


@pytest.mark.parametrize(("name", "text", "fault"), FAULTY)
def test_a_fault_of_the_folder_book(tmp_path, name, text, fault):
    if text is None:
        write_project(tmp_path, TOTALS)
        (tmp_path / "book" / f"{name}.csv").unlink()
        with pytest.raises(InputError) as raised:
            read_book_project(tmp_path)
        assert [str(p) for p in raised.value.problems] == [fault]
    else:
        assert faults(tmp_path, **{name: text}) == [fault]


CODES = [
    ("fewer|more", "scenarios.csv, scenario: must not have any of | * ? ~ for a workbook; it is 'fewer|more'"),
    ("fewer*", "scenarios.csv, scenario: must not have any of | * ? ~ for a workbook; it is 'fewer*'"),
    (
        "vary_starts_low",
        "scenarios.csv, scenario: must not begin with vary_, as the workbook's own variations do; it is "
        "'vary_starts_low'",
    ),
    ("NOW", "scenarios.csv, scenario: must differ from now by more than capitals for a workbook; it is 'NOW'"),
]


@pytest.mark.parametrize(("code", "fault"), CODES)
def test_a_code_that_look_ups_would_confuse(tmp_path, code, fault):
    model = TOTALS | {"scenarios": TOTALS["scenarios"].replace("fewer,", f"{code},")}
    assert faults(tmp_path, model) == [fault]


def test_faults_of_both_folders_come_at_once(tmp_path):
    model = TOTALS | {"opening": "children\n-487\n"}
    book = {"changes": "date,version,who,what,why\n2024-01-01,1,A,,C\n", "part_year": "item\nStaff\n"}
    found = faults(tmp_path, model, **book)
    assert {fault.split(",")[0].split(":")[0] for fault in found} == {"opening.csv", "changes.csv", "part_year.csv"}


@pytest.mark.parametrize("name", BOOK_TABLES)
def test_the_example_of_each_table_is_what_it_asks_for(tmp_path, name):
    table, found = BOOK_TABLES[name], Problems()
    path = tmp_path / table.file
    path.write_text("\n".join([",".join(column.name for column in table.columns), *table.examples]) + "\n", "utf-8")
    assert len(checked_table(table, read_table(path, found), found)) == len(table.examples)
    assert not found, found.sorted()
