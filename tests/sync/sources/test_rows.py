"""Feeds read from files and frames: what comes of them, and how each fault is named."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import SourceError
from xlmodel.registry import Registry
from xlmodel.sync.declared import Feed, FieldRule, FileSource, FolderSource, Target
from xlmodel.sync.sources.rows import read_rows
from xlmodel.verify.means import Means

MEANS = Means(Registry())
LINE, COST = FieldRule("Line", "line", "text"), FieldRule("Cost (£)", "cost", "number")


def read(source, columns=(LINE, COST), keys=("Line",), frame=None):
    return read_rows(Feed("ledger", Path("book.xlsx"), source, Target(table="T"), columns, keys), MEANS, frame)


def csv_file(folder, content, name="ledger.csv", **more):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return FileSource(path, "csv", **more)


def told(rows):
    return [f"{problem.source}: {problem.what}" for problem in rows.problems]


def contents(rows):
    return {heading: values.scalars() for heading, values in rows.columns.items()}


def test_a_csv_file(tmp_path):
    text = '\ufeffline , cost,other\nFostering,"1,234.50",x\n\n,,\n"00123",(7),\n"=1+1",,\n'
    rows = read(csv_file(tmp_path, text))
    assert told(rows) == []
    assert contents(rows) == {"Line": ["Fostering", "00123", "=1+1"], "Cost (£)": [1234.5, -7.0, None]}
    assert rows.places == ("ledger.csv, row 2", "ledger.csv, row 5", "ledger.csv, row 6")
    assert rows.hashes == {"ledger.csv": hashlib.sha256(text.encode()).hexdigest()}
    assert rows.rows_read == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "ledger.csv: is empty"),
        ("line,cost\n", "ledger.csv: holds no rows under its headings"),
        ("line;cost\na;1\n", "ledger.csv: row 1 must have commas between cells; it is 'line;cost'"),
        (
            "lines,amount\na,1\n",
            "ledger.csv: must have a column 'line' (did you mean lines?); its columns are lines, amount; "
            "missing too: cost",
        ),
        ("line,cost,cost\na,1,2\n", "ledger.csv: must have one column 'cost', and has 2"),
        ("line,cost\na\n", "ledger.csv, row 2: must have 2 cells, as row 1 has, and has 1"),
        (
            "line,cost\na,1,234\n",
            "ledger.csv, row 2: must have 2 cells, as row 1 has, and has 3: a comma in a cell needs quotes "
            "round the cell",
        ),
        ("line,cost\na\0,1\n", "ledger.csv, row 2: must hold no NUL characters: the file is damaged"),
        (
            "line,cost\n\ufeffa,1\n",
            "ledger.csv, row 2: must hold no mark that begins a file: several files were joined here, or a cell holds "
            "one unseen",
        ),
        ("line,cost\na,x\n", "ledger.csv, row 2, column cost: must be a number; it is 'x'"),
        ("line,cost\n ,1\n", "ledger.csv, row 2, column line: must not be blank: it tells the row apart from others"),
        (
            "line,cost\na,1\nb,1\n a ,2\n",
            "ledger.csv, row 4: must have a key of its own; ledger.csv, row 2 has the same",
        ),
        (
            b"line,cost\n\xa3,1\n",
            'ledger.csv: row 2 must be in UTF-8, which a character here is not: save it as "CSV UTF-8"',
        ),
        (b"PK\x03\x04", 'ledger.csv: must be a CSV file, and is a workbook: save it as "CSV UTF-8"'),
        ('line,cost\n"a,1\n', "ledger.csv: row 2 must be readable as CSV (unexpected end of data)"),
    ],
)
def test_what_is_wrong_with_a_csv_file(tmp_path, content, problem):
    assert told(read(csv_file(tmp_path, content))) == [problem]


def test_a_file_that_is_not_there(tmp_path):
    assert told(read(FileSource(tmp_path / "gone.csv", "csv"))) == ["gone.csv: must be readable (No such file or directory)"]  # fmt: skip  # noqa: E501


def test_what_is_no_file_is_not_read(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "endless.csv").symlink_to("/dev/zero")
    assert told(read(FileSource(tmp_path / "folder.csv", "csv"))) == ["folder.csv: must be a file"]
    assert told(read(FileSource(tmp_path / "endless.csv", "csv")))[0].startswith("endless.csv: must be")


def test_encodings_are_declared(tmp_path):
    rows = read(csv_file(tmp_path, "line,cost\n£,1\n".encode("cp1252"), encoding="cp1252"))
    assert contents(rows)["Line"] == ["£"]
    marked = csv_file(tmp_path, "\ufeffline,cost\n£,1\n", encoding="cp1252")
    assert "is in UTF-8, by the mark it begins with" in told(read(marked))[0]
    assert contents(read(csv_file(tmp_path, "line;cost\n£;1\n", separator=";")))["Line"] == ["£"]


def test_every_bad_row_is_named_up_to_twenty(tmp_path):
    rows = read(csv_file(tmp_path, "line,cost\n" + "".join(f"{i},x\n" for i in range(50))))
    assert len(rows.problems) == 21
    assert told(rows)[19] == "ledger.csv, row 21, column cost: must be a number; it is 'x'"
    assert told(rows)[20] == "ledger.csv: has 30 more problems of this kind or others"


def test_a_parquet_file_keeps_its_types(tmp_path):
    path = tmp_path / "ledger.parquet"
    frame = pd.DataFrame({
        "line": ["00123", "b"], "cost": [Decimal("1.10"), None], "paid": pd.to_datetime(["2024-04-01", None]),
        "codes": [[1], [2]], "done": [True, False],
    })  # fmt: skip
    frame.to_parquet(path)
    paid, done = FieldRule("Paid", "paid", "date"), FieldRule("Done", "done", "boolean")
    rows = read(FileSource(path, "parquet"), (LINE, COST, paid, done))
    assert told(rows) == []
    assert contents(rows) == {
        "Line": ["00123", "b"], "Cost (£)": [1.1, None], "Paid": [45383.0, None], "Done": [True, False],
    }  # fmt: skip
    wrong = read(FileSource(path, "parquet"), (LINE, FieldRule("Codes", "codes", "number")))
    assert told(wrong)[0] == "ledger.parquet, row 1, column codes: must be a number, and is a list of values; it is '[1]'"  # fmt: skip  # noqa: E501
    path.write_bytes(b"PAR1 no more")
    assert "must be readable as Parquet" in told(read(FileSource(path, "parquet")))[0]


MONTHLY = r"ledger_(?P<month>\d{4}-\d{2})"


def months(folder, contents):
    for month, text in contents.items():
        (folder / f"ledger_{month}.csv").write_text(text)


def folder(path, **more):
    return FolderSource(path, "ledger_*.csv", MONTHLY, **more)


def test_a_folder_of_months_is_added_up_in_the_order_of_its_months(tmp_path):
    months(tmp_path, {"2024-05": "line,cost,owner\na,0.2,New\n", "2024-04": "line,cost,owner\na,0.1,Old\nb,5,Old\n"})
    (tmp_path / "ledger_2024-05.csv").rename(tmp_path / "LEDGER_2024-05.CSV")
    (tmp_path / "notes.txt").write_text("not an extract")
    cost = FieldRule("Cost", "cost", "number", combine="sum")
    owner = FieldRule("Owner", "owner", "text", combine="last")
    rows = read(folder(tmp_path, first="2024-04", last="2024-05"), (LINE, cost, owner))
    assert told(rows) == []
    assert contents(rows) == {"Line": ["a", "b"], "Cost": [0.3, 5.0], "Owner": ["New", "Old"]}
    assert rows.places == (
        "ledger_2024-04.csv, row 2 to LEDGER_2024-05.CSV, row 2 (2 rows)",
        "ledger_2024-04.csv, row 3",
    )
    assert list(rows.hashes) == ["ledger_2024-04.csv", "LEDGER_2024-05.CSV"]


def test_what_is_wrong_with_the_months(tmp_path):
    months(tmp_path, {"2024-04": "line,cost\na,1\n", "2024-06": "line,cost\na,1\n", "2024-13": "line,cost\na,4\n"})
    (tmp_path / "ledger_2024-04 (1).csv").write_text("line,cost\na,2\n")
    (tmp_path / "ledger_2025-01.csv").write_text("line,cost\na,3\n")
    (tmp_path / "ledger-2024-05.csv").write_text("line,cost\na,5\n")
    cost = FieldRule("Cost", "cost", "number", combine="sum")
    rows = read(folder(tmp_path, first="2024-04", last="2024-07"), (LINE, cost))
    assert sorted(told(rows)) == [
        "ledger_2024-04.csv: must be the only extract of 2024-04; there is ledger_2024-04 (1).csv too",
        "ledger_2024-06.csv: is the same, byte for byte, as ledger_2024-04.csv: was it sent again?",
        f"ledger_2024-13.csv: must have a month such as 2024-04 in its name, where {MONTHLY} finds it",
        "ledger_2025-01.csv: is of 2025-01, and the feed takes 2024-04 to 2024-07: move it away, or change "
        "first and last",
        f"{tmp_path.name}: must hold an extract of 2024-05, 2024-07; ledger-2024-05.csv does not match ledger_*.csv",
    ]


def test_the_faults_of_each_extract_are_its_own(tmp_path):
    bad = "line,cost\n" + "a,x\n" * 30
    months(tmp_path, {"2024-04": "", "2024-05": bad, "2024-06": "line,cost\n", "2024-07": bad.replace("a", "b")})
    cost = FieldRule("Cost", "cost", "number", combine="sum")
    found = [line for line in told(read(folder(tmp_path), (LINE, cost))) if "column cost" not in line]
    assert found == [
        "ledger_2024-04.csv: is empty",
        "ledger_2024-05.csv: has 10 more problems of this kind or others",
        "ledger_2024-06.csv: holds no rows under its headings",
        "ledger_2024-07.csv: has 10 more problems of this kind or others",
    ]


def test_a_pattern_that_takes_for_ever_is_named(tmp_path):
    endless, long = "(a|aa)+$", "a" * 60
    line = FieldRule("Line", "line", "text", pattern=endless)
    source = csv_file(tmp_path, "line,cost\n" + f"{long}!,1\n{long}?,2\n" * 50)
    (problem,) = told(read(source, (line, COST)))
    assert problem.startswith("ledger.csv: column line: pattern must be a regular expression that is quickly matched; ")
    assert "'(a|aa)+$' took longer than 1 second for 'aaa" in problem
    (tmp_path / "in").mkdir()
    csv_file(tmp_path / "in", "line,cost\n", f"{long}!.csv")
    (problem,) = told(read(FolderSource(tmp_path / "in", "*.csv", r"^(?P<month>(a|aa)+)$")))
    assert problem.startswith("in: month must be a regular expression that is quickly matched")


def test_a_folder_without_extracts(tmp_path):
    assert told(read(folder(tmp_path))) == [f"{tmp_path.name}: must hold files ledger_*.csv; it holds no files"]
    assert told(read(folder(tmp_path / "none"))) == ["none: must be a folder with extracts"]


def test_rows_of_a_key_must_agree_where_nothing_combines_them(tmp_path):
    cost = FieldRule("Cost", "cost", "number", combine="sum")
    owner = FieldRule("Owner", "owner", "text")
    rows = read(csv_file(tmp_path, "line,cost,owner\na,1,Ann\na,2,Bob\nb,,\n"), (LINE, cost, owner))
    assert told(rows) == [
        "ledger.csv, row 3, column owner: must be the same in all rows of the key: ledger.csv, row 2 has 'Ann', this one 'Bob'"  # noqa: E501
    ]
    assert contents(rows)["Cost"] == [3.0, None]


def test_bounds_hold_for_what_the_cell_gets(tmp_path):
    cost = FieldRule("Cost", "cost", "number", combine="sum", maximum=2.0, scale=Decimal("0.001"), unit="£k")
    rows = read(csv_file(tmp_path, "line,cost\na,1500\na,600\n"), (LINE, cost))
    assert told(rows) == ["ledger.csv, row 2, column cost: must be <= 2 £k; it is 2.1, with 1 more row of its key"]


def test_a_frame(tmp_path):
    frame = pd.DataFrame(
        {
            "cost": pd.array([1, None, 3], "Int64"),
            "paid": pd.to_datetime(["2024-04-01", None, "2024-04-03"]),
            "kind": pd.Categorical(["x", "y", None]),
        },
        index=pd.Index(["a", "b", "c"], name="line"),
    )
    columns = (LINE, COST, FieldRule("Paid", "paid", "date"), FieldRule("Kind", "kind", "text"))
    rows = read(None, columns, frame=frame)
    assert told(rows) == []
    assert contents(rows) == {
        "Line": ["a", "b", "c"], "Cost (£)": [1.0, None, 3.0], "Paid": [45383.0, None, 45385.0],
        "Kind": ["x", "y", None],
    }  # fmt: skip
    assert rows.places[0] == 'frame "ledger", index a'
    assert rows.hashes == read(None, columns, frame=frame[::-1]).hashes
    assert rows.hashes != read(None, columns, frame=frame.assign(cost=[1, 2, 3])).hashes


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (pd.to_timedelta(["1 day"]), "must be a number, and is of type Timedelta"),
        (pd.to_datetime(["2024-04-01"], utc=True), "must be a number, and is shown as a date"),
        ([object], "must be a number, and is of type type"),
        ([True], "must be a number, and is a truth value"),
        ([float("inf")], "must be a finite number"),
    ],
)
def test_what_a_frame_must_not_hold(values, problem):
    rows = read(None, frame=pd.DataFrame({"line": ["a"], "cost": values}))
    assert told(rows)[0].startswith(f'frame "ledger", index 0, column cost: {problem}')


def test_a_feed_has_a_source_or_a_frame(tmp_path):
    with pytest.raises(SourceError, match="takes its rows from a frame: give one"):
        read(None)
    with pytest.raises(SourceError, match="has a source of its own"):
        read(FileSource(tmp_path / "a.csv", "csv"), frame=pd.DataFrame())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.decimals(-(10**7), 10**7, places=2)), min_size=1, max_size=30))
def test_sums_are_exact(rows):
    frame = pd.DataFrame(rows, columns=["line", "cost"])
    found = read(None, (LINE, FieldRule("Cost", "cost", "number", combine="sum")), frame=frame)
    sums = {key: sum(amount for k, amount in rows if k == key) for key, _ in rows}
    assert found.problems == ()
    assert dict(zip(*contents(found).values(), strict=True)) == {key: float(total) for key, total in sums.items()}
