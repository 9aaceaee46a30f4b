"""Feeds from databases: real ones, whose secrets are never shown."""

import socket
import sqlite3
from pathlib import Path

import pytest

from xlmodel.registry import Registry
from xlmodel.sync.declared import Feed, FieldRule, SqlSource, Target
from xlmodel.sync.sources.databases import connected, shown_url
from xlmodel.sync.sources.extract import UnusableSourceError
from xlmodel.sync.sources.rows import read_rows
from xlmodel.verify.means import Means

COUNCIL, RATE = FieldRule("Council", "council", "text"), FieldRule("Rate", "rate", "number")


ENDLESS = "WITH RECURSIVE n(rate) AS (SELECT 1 UNION ALL SELECT rate FROM n) SELECT 'Poole' AS council, "


def read(url, query, *more, time_limit=120.0):
    feed = Feed("rates", Path("book.xlsx"), SqlSource(url, query), Target(table="T"), (COUNCIL, RATE, *more), ("Council",))  # fmt: skip  # noqa: E501
    return read_rows(feed, Means(Registry(), time_limit))


def told(rows):
    return [f"{problem.source}: {problem.what}" for problem in rows.problems]


@pytest.fixture
def sqlite(tmp_path):
    path = tmp_path / "it's 100% ours.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE rates (council TEXT, rate REAL, paid TEXT, photo BLOB)")
        database.executemany(
            "INSERT INTO rates VALUES (?, ?, ?, ?)",
            [("Poole", 0.1 + 0.2, "2024-04-01", b"x"), ("Ashford", 61, None, b"y")],
        )
    database.close()
    return f"sqlite:///{path}"


def test_a_query_of_sqlite(sqlite):
    rows = read(sqlite, "SELECT council, rate, paid, '10:30' AS colon FROM rates", FieldRule("Paid", "paid", "date"))
    assert told(rows) == []
    found = {heading: values.scalars() for heading, values in rows.columns.items()}
    assert found == {"Council": ["Ashford", "Poole"], "Rate": [61.0, 0.3], "Paid": [None, 45383.0]}
    assert rows.places == ('query "rates", council Ashford', 'query "rates", council Poole')


def test_rows_come_in_an_order_of_their_own(sqlite):
    one, other = (read(sqlite, f"SELECT council, rate FROM rates ORDER BY rate {way}") for way in ("ASC", "DESC"))
    assert (one.places, one.hashes) == (other.places, other.hashes)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT council FROM rates", "must have a column 'rate'; its columns are council"),
        ("SELECT council, rate, rate FROM rates", "must have one column 'rate', and has 2"),
        ("SELECT council, rate FROM rates WHERE 0", "holds no rows under its headings"),
        ("SELECT council, photo AS rate FROM rates", "must be a number, and is binary data"),
        ("SELECT absent FROM rates", "the database says: no such column: absent"),
        ("DELETE FROM rates", "the database says: attempt to write a readonly database"),
        ("PRAGMA user_version = 5", "the database says: attempt to write a readonly database"),
    ],
)
def test_what_a_query_must_give(sqlite, query, problem):
    assert problem in told(read(sqlite, query))[0]
    assert len(read(sqlite, "SELECT council, rate FROM rates").places) == 2


def test_a_part_of_a_password_is_not_taken_for_a_port_and_shown(monkeypatch):
    monkeypatch.setenv("LEDGER_URL", "postgresql://finance:ter2@127.0.0.1:hun/ledger")
    (problem,) = told(read("${LEDGER_URL}", "SELECT 1"))
    assert "must have a database's address: its port must be a number" in problem
    assert "hun" not in problem


def test_a_database_is_not_made_by_reading_it(tmp_path):
    for kind in ("sqlite", "duckdb"):
        assert "there is no gone.db" in told(read(f"{kind}:///{tmp_path}/gone.db", "SELECT 1"))[0]
    assert not list(tmp_path.iterdir())


def test_duckdb(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "rates.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute(
            "CREATE TABLE rates AS SELECT 'Poole' AS council, 61.50::DECIMAL(9, 2) AS rate, DATE '2024-04-01' AS paid"
        )
    url = f"duckdb:///{path}"
    rows = read(url, "SELECT * FROM rates", FieldRule("Paid", "paid", "date"))
    assert told(rows) == []
    assert [values.scalars() for values in rows.columns.values()] == [["Poole"], [61.5], [45383.0]]
    assert "read-only mode" in told(read(url, "DELETE FROM rates"))[0]


def test_postgresql(postgres, monkeypatch):
    monkeypatch.setenv("LEDGER_PASSWORD", postgres.password)
    with connected(postgres.url(), reading=False) as connection:
        connection.exec_driver_sql("CREATE TABLE spend (council text, rate numeric(12, 2), paid date, at timestamptz)")
        connection.exec_driver_sql(
            "INSERT INTO spend VALUES ('Poole', 61.50, '2024-04-01', now()), ('Bath', NULL, NULL, NULL)"
        )
    rows = read(postgres.url(), "SELECT *, 7 % 4, '10:30'::text FROM spend", FieldRule("Paid", "paid", "date"))
    assert told(rows) == []
    found = {heading: values.scalars() for heading, values in rows.columns.items()}
    assert found == {"Council": ["Bath", "Poole"], "Rate": [None, 61.5], "Paid": [None, 45383.0]}
    zoned = read(postgres.url(), "SELECT * FROM spend", FieldRule("At", "at", "datetime"))
    assert "council Poole, column at: must have no time zone" in told(zoned)[0]
    for write in ("DELETE FROM spend", "WITH gone AS (DELETE FROM spend RETURNING *) SELECT * FROM gone"):
        assert "read-only transaction" in told(read(postgres.url(), write))[0]


@pytest.mark.parametrize("password", ["a wrong p@ss/word%", "x'y\"z;"])
def test_no_secret_is_shown(postgres, monkeypatch, password, capfd):
    monkeypatch.setenv("LEDGER_PASSWORD", password)
    monkeypatch.setenv("LEDGER_URL", postgres.url("secret-word"))
    monkeypatch.setenv("LEDGER_TABLE", "secret-table")
    shown = []
    for url, query in (
        (postgres.url(), "SELECT 1"),
        (f"postgresql://finance:${{LEDGER_PASSWORD}}@{'127.0.0.1:1'}/finance", "SELECT 1"),
        ("postgresql://finance@/${LEDGER_PASSWORD}?host=/nowhere", "SELECT 1"),
        ("postgresql+nodriver://u:${LEDGER_PASSWORD}@h/d", "SELECT 1"),
        ("sqlite:///${LEDGER_PASSWORD}", "SELECT 1"),
        ("${LEDGER_URL}", "SELECT 1"),
    ):
        rows = read(url, query)
        assert rows.problems, url
        shown.append(str(rows) + repr(rows.problems) + shown_url(url))
        with pytest.raises(UnusableSourceError) as refusal, connected(url, reading=True):
            raise AssertionError
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
        shown.append(str(refusal.value))
    shown.append("".join(capfd.readouterr()))
    for secret in (password, "secret-word", "secret-table", "a%20wrong"):
        assert secret not in "".join(shown)


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.delenv("LEDGER_PASSWORD", raising=False)
    url = "postgresql://finance:${LEDGER_PASSWORD}@localhost/finance"
    assert told(read(url, "SELECT 1")) == ['query "rates": needs the environment variable LEDGER_PASSWORD, which is not set']  # fmt: skip  # noqa: E501
    assert "pip install" in told(read("nosuch://localhost/x", "SELECT 1"))[0]


@pytest.mark.parametrize("query", [ENDLESS + "count(*) AS rate FROM n", ENDLESS + "rate FROM n WHERE rate > 1"])
@pytest.mark.parametrize("kind", ["sqlite", "duckdb", "postgresql"])
def test_a_query_without_end_is_stopped(request, monkeypatch, tmp_path, kind, query):
    url = f"{kind}:///{tmp_path}/rates.db"
    if kind == "postgresql":
        postgres = request.getfixturevalue("postgres")
        monkeypatch.setenv("LEDGER_PASSWORD", postgres.password)
        url = postgres.url()
    else:
        if kind == "duckdb":
            pytest.importorskip("duckdb")
        with connected(url, reading=False) as connection:
            connection.exec_driver_sql("CREATE TABLE rates (council TEXT)")
    (problem,) = told(read(url, query, time_limit=0.3))
    assert problem.startswith('query "rates": took longer than 0.3 seconds: make the query simpler')


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("xlmodel.sync.sources.databases._CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://finance@127.0.0.1:{server.getsockname()[1]}/finance"
        assert "timeout expired" in told(read(url, "SELECT 1"))[0]
