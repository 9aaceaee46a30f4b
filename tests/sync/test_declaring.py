"""What a project declares, and what a wrong key is told."""

from decimal import Decimal

import pytest

from xlmodel.config import load_settings
from xlmodel.errors import ConfigurationError
from xlmodel.sync.declared import Export, FieldRule, FileSource, FolderSource, SqlSource, SyncSettings, WorkbookSource

WHOLE = r"""
[sync]
record_in_workbook = true
[sync.key_figures]
"plan.xlsx" = ["Cover!B9", "Checks_failed"]

[sync.feed.ledger]
workbook = "plan.xlsx"
source = { folder = "extracts", files = "ledger_*.csv", month = 'ledger_(?P<month>\d{4}-\d{2})', first = "2024-04" }
target = { table = "Budget_lines" }
keys = ["Line", "Paid"]
rows = "replace"
failing_checks = "allow"
[sync.feed.ledger.columns]
"Line" = "line"
"Paid" = { from = "paid", type = "date", formats = ["%d/%m/%Y"] }
"Cost (£m)" = { from = "amount", type = "number", unit = "£m", from_unit = "£", combine = "sum", decimals = 3, required = true }
"Share" = { type = "number", scale = 0.01, minimum = 0, maximum = 1, number_format = "0.0%" }

[sync.feed.rates]
workbook = "plan.xlsx"
source = { file = "rates.tsv", encoding = "cp1252" }
target = { region = "Rates!A5" }
keys = ["Code"]
columns = { Code = { choices = ["A", "B"], pattern = "[A-Z]" } }

[sync.feed.query]
workbook = "plan.xlsx"
source = { url = "sqlite:///ledger.db", sql = "SELECT 1" }
target = { name = "Rates" }
keys = ["Code"]
columns = { Code = "code" }

[sync.feed.book]
workbook = "plan.xlsx"
source = { workbook = "other.xlsx", place = "Data!A5" }
target = { name = "Rates" }
keys = ["Code"]
columns = { Code = "code" }

[sync.feed.frame]
workbook = "plan.xlsx"
target = { name = "Rates" }
keys = ["Code"]
columns = { Code = "code" }

[export.stock]
workbook = "plan.xlsx"
place = "tblStock"
to = "out/stock.parquet"
[export.base]
workbook = "plan.xlsx"
place = "Stock!A5:G12"
url = "postgresql://finance:${PASSWORD}@host/finance"
table = "finance.stock"
headings = false
errors = "null"
unverified = "allow"
"""  # noqa: E501


def settings(folder, text) -> SyncSettings:
    (folder / "xlmodel.toml").write_text(text, "utf-8")
    return load_settings(folder).sync


def test_a_whole_project(tmp_path):
    found = settings(tmp_path, WHOLE)
    ledger, rates, query, book, frame = found.feeds.values()
    assert ledger.workbook == tmp_path / "plan.xlsx"
    assert ledger.source == FolderSource(
        tmp_path / "extracts", "ledger_*.csv", r"ledger_(?P<month>\d{4}-\d{2})", "2024-04"
    )
    assert (ledger.keys, ledger.rows, ledger.failing_checks) == (("Line", "Paid"), "replace", "allow")
    assert ledger.columns == (
        FieldRule("Line", "line", "text"),
        FieldRule("Paid", "paid", "date", formats=("%d/%m/%Y",)),
        FieldRule("Cost (£m)", "amount", "number", True, "£m", Decimal("0.000001"), 3, combine="sum", from_unit="£"),
        FieldRule("Share", "Share", "number", scale=Decimal("0.01"), minimum=0, maximum=1, number_format="0.0%"),
    )
    assert rates.source == FileSource(tmp_path / "rates.tsv", "csv", "cp1252", "\t")
    assert rates.columns[0].choices == ("A", "B")
    assert query.source == SqlSource(f"sqlite:///{tmp_path.as_posix()}/ledger.db", "SELECT 1")
    assert book.source == WorkbookSource(tmp_path / "other.xlsx", "Data!A5")
    assert frame.source is None
    assert found.exports["stock"] == Export("stock", tmp_path / "plan.xlsx", "tblStock", tmp_path / "out/stock.parquet")
    assert found.exports["base"].url == "postgresql://finance:${PASSWORD}@host/finance"
    assert (found.exports["base"].headings, found.exports["base"].errors) == (False, "null")
    assert found.key_figures == {"plan.xlsx": ("Cover!B9", "Checks_failed")}
    assert found.record_in_workbook


def test_a_project_that_declares_nothing(tmp_path):
    assert settings(tmp_path, "") == SyncSettings(tmp_path, {}, {}, {})


FEED = {"workbook": '"b.xlsx"', "target": '{ table = "T" }', "keys": '["K"]', "columns": '{ K = "k" }'}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"workbook": "7"}, "[sync.feed.f] workbook must be a text; it is 7"),
        ({"workbook": None}, "[sync.feed.f] workbook is missing"),
        ({"workbook": f'"{"b" * 251}.xlsx"'}, "workbook must be a path of at most 1000 bytes, each name in it of 255"),
        ({"workbook": f'"{"b/" * 600}b.xlsx"'}, "workbook must be a path of at most 1000 bytes"),
        ({"workbook": r'"b\u0000.xlsx"'}, r"workbook must be a path, without NUL characters; it is 'b\x00.xlsx'"),
        ({"source": r'{ url = "sqlite:///b\u0000.db", sql = "SELECT 1" }'}, "source url must be a path, without NUL"),
        ({"colums": "{}"}, "unknown key 'colums' (did you mean columns?); there are workbook, source"),
        ({"target": "{}"}, "target must have exactly one of table, name, region; it has none of them"),
        ({"target": '{ table = "T", name = "N" }'}, "it has table and name"),
        ({"target": '"T"'}, "[sync.feed.f] target must be a table; it is 'T'"),
        ({"keys": "[]"}, "keys must name the columns that tell rows apart"),
        ({"keys": '["X"]'}, "keys must name columns of the feed, which are K; it is 'X'"),
        ({"keys": '["K", "K"]'}, "keys must not name a column twice"),
        ({"rows": '"upsert"'}, "rows must be one of update, add, replace; it is 'upsert'"),
        ({"columns": "{}"}, "columns must map headings"),
        ({"columns": "{ K = 7 }"}, "column 'K': must be a table; it is 7"),
        ({"columns": '{ K = { type = "money" } }'}, "column 'K': type must be one of text, number"),
        ({"columns": '{ K = { combine = "sum" } }'}, "only numbers are added up; it is 'sum'"),
        ({"columns": '{ K = { type = "whole", combine = "sum" } }'}, "must not combine 'K', which is a key"),
        ({"columns": "{ K = { decimals = 2 } }"}, "decimals is for columns of type number; this one is of type text"),
        ({"columns": '{ K = { type = "number", decimals = 1.5 } }'}, "decimals must be a whole number from 0 to 15"),
        ({"columns": '{ K = { type = "number", scale = 0 } }'}, "scale must be a number other than 0"),
        ({"columns": '{ K = { type = "number", scale = "x" } }'}, "scale must be a number other than 0"),
        ({"columns": '{ K = { type = "number", minimum = 2, maximum = 1 } }'}, "minimum must be <= maximum"),
        ({"columns": '{ K = { type = "number", minimum = nan } }'}, "minimum must be a number"),
        ({"columns": '{ K = { type = "number", unit = "£m", from_unit = "%" } }'}, "converted to '£m'"),
        (
            {"columns": '{ K = { type = "number", unit = "%", from_unit = "share", scale = 2 } }'},
            "must not stand beside",
        ),
        ({"columns": '{ K = { number_format = "0 [h" } }'}, "must be a number format as Excel's Format Cells shows it"),
        ({"columns": r'{ K = { number_format = "0\u0001" } }'}, r"Format Cells shows it: #,##0.00; it is '0\x01'"),
        ({"columns": f'{{ K = {{ number_format = "{"0" * 256}" }} }}'}, "column 'K': number_format must be a number"),
        ({"columns": '{ K = { pattern = "(" } }'}, "pattern must be a regular expression"),
        ({"columns": '{ K = { type = "date", formats = ["%d/%m"] } }'}, "formats must have day, month and year"),
        ({"columns": '{ K = { type = "date", formats = ["%c"] } }'}, "formats must not use %c"),
        ({"columns": '{ K = { type = "date", formats = ["%d/%m/%Y %H"] } }'}, "declare type = datetime"),
        ({"source": '{ file = "a.xls" }'}, "source file must be a file that ends in .csv"),
        ({"source": '{ file = "a.csv", encoding = "latin-9" }'}, "encoding must be one of utf-8"),
        ({"source": '{ file = "a.csv", separator = ";;" }'}, "separator must be one character"),
        ({"source": '{ file = "a.parquet", separator = ";" }'}, "unknown key 'separator'"),
        ({"source": '{ folder = "a", files = "*" }'}, "files must be a pattern"),
        ({"source": '{ folder = "a", files = "*.csv", month = "(.)" }'}, "month must have a group named month"),
        ({"source": '{ folder = "a", files = "*.csv", first = "2024-04" }'}, "first needs month"),
        (
            {"source": '{ folder = "a", files = "*.csv", month = "(?P<month>.)", first = "April" }'},
            "first must be a month",
        ),
        ({"source": '{ url = "ledger.db", sql = "SELECT 1" }'}, "url must be a database's address"),
        ({"source": '{ sql = "SELECT 1" }'}, "must have exactly one of file, folder, workbook, url"),
    ],
)
def test_a_wrong_key_is_named(tmp_path, changed, told):
    feed = {**FEED, **changed}
    text = "[sync.feed.f]\n" + "".join(f"{key} = {value}\n" for key, value in feed.items() if value is not None)
    with pytest.raises(ConfigurationError) as refusal:
        settings(tmp_path, text)
    assert told in str(refusal.value)
    assert str(refusal.value).startswith(f"{tmp_path / 'xlmodel.toml'}: [sync.feed.f]")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://finance:hunter2@host/finance",
        "postgresql://finance:hunter2${X}@host/finance",
        "postgresql://finance:hun/ter2@host/finance",
        "postgresql://host/finance?user=f&password=hunter2",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BUID%3Df%3BPWD%3Dhunter2",
        "mssql+pyodbc:///?odbc_connect=DRIVER=x;Pwd=hunter2",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_shown(tmp_path, url):
    feed = {**FEED, "source": f'{{ url = "{url}", sql = "SELECT 1" }}'}
    with pytest.raises(ConfigurationError, match=r"must hold no password.*\$\{NAME\}") as refusal:
        settings(tmp_path, "[sync.feed.f]\n" + "".join(f"{key} = {value}\n" for key, value in feed.items()))
    assert "hunter2" not in str(refusal.value)
    assert "ter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sync = 7", "[sync] must be a table; it is 7"),
        ("[sync]\nfeeds = {}", "[sync] unknown key 'feeds' (did you mean feed?)"),
        ("[sync]\nrecord_in_workbook = 1", "record_in_workbook must be true or false; it is 1"),
        ("[sync.key_figures]\n'b.xlsx' = 'A1'", "key_figures: b.xlsx must be a list of texts"),
        ("[export]\nx = 7", "[export.x] must be a table; it is 7"),
        ("[export.x]\nworkbook = 'b'\nplace = 'T'", "must have exactly one of to, url"),
        ("[export.x]\nworkbook = 'b'\nplace = 'T'\nto = 'x.xlsx'", "to must be a file that ends in .csv or .parquet"),
        ("[export.x]\nworkbook = 'b'\nplace = 'T'\nto = 'x.csv'\ntable = 't'", "unknown key 'table'"),
        ("[export.x]\nworkbook = 'b'\nplace = 'T'\nurl = 'sqlite:///x.db'", "table is missing"),
    ],
)
def test_a_wrong_project_key_is_named(tmp_path, text, told):
    with pytest.raises(ConfigurationError) as refusal:
        settings(tmp_path, text)
    assert told in str(refusal.value)


READING = """
[sync.feed.f]
workbook = "b.xlsx"
source = %s
target = { table = "T" }
keys = ["K"]
columns = { K = "k" }
[export.x]
workbook = "b.xlsx"
place = "T"
to = "%s"
"""
FOLDER = '{ folder = "in", files = "Ledger_*.csv" }'


@pytest.mark.parametrize(
    ("source", "to", "told"),
    [
        ('{ file = "in.csv" }', "in.csv", "what the feed f reads; it is 'in.csv'"),
        ('{ file = "in.csv" }', "out/../in.csv", "what the feed f reads"),
        ('{ file = "in.csv" }', "linked.csv", "what the feed f reads"),
        (FOLDER, "in/ledger_out.CSV", "what the feed f reads"),
        ('{ url = "sqlite:///in.csv", sql = "SELECT 1" }', "in.csv", "what the feed f reads"),
        (FOLDER, "b.csv", "the workbook b.xlsx; it is 'b.csv'"),
        (FOLDER, ".xlmodel/synced/x.csv", "what syncs remember in .xlmodel"),
        (FOLDER, ".XLMODEL/x.csv", "what syncs remember in .xlmodel"),
        (FOLDER, "in/other.csv", None),
        (FOLDER, "../ledger_1.csv", None),
        ('{ file = "in.csv" }', "/elsewhere/in.csv", None),
    ],
)
def test_an_export_writes_over_nothing_of_the_project(tmp_path, source, to, told):
    for name in ("in.csv", "b.xlsx"):
        (tmp_path / name).touch()
    (tmp_path / "linked.csv").symlink_to("in.csv")
    (tmp_path / "b.csv").symlink_to("b.xlsx")
    text = READING % (source, to)
    if told is None:
        assert settings(tmp_path, text).exports["x"].to == tmp_path / to
        return
    with pytest.raises(ConfigurationError) as refusal:
        settings(tmp_path, text)
    assert f"{tmp_path / 'xlmodel.toml'}: [export.x] to must not write over {told}" in str(refusal.value)
