"""The cache: an unchanged workbook costs nothing, and what is printed of it is what a fresh run prints."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from verify.saved_books import MEANS, copied, saved_book

from xlmodel import cli_verify
from xlmodel.caching.keys import code_key, key_of, settings_key, workbook_key
from xlmodel.caching.pages import Page, keep_page, kept_page
from xlmodel.caching.store import Store
from xlmodel.cli import main
from xlmodel.lint.settings import LintSettings
from xlmodel.report.formats import FORMATS
from xlmodel.verify.also import Also
from xlmodel.verify.check import check_all
from xlmodel.verify.kept import Kept, lasting
from xlmodel.verify.recalculation import Witness
from xlmodel.verify.run import outcomes
from xlmodel.workbook_files import named_workbooks


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """A sound workbook, one with a wrong value and a number as text, one with a baseline that is not held."""
    folder = tmp_path_factory.mktemp("books")
    good = saved_book(folder / "good.xlsx", {"A1": "Cost", "B1": 2, "B2": 3, "B3": "=SUM(B1:B2)", "B4": "=B3*2"})
    copied(good, folder / "wrong.xlsx", b"<v>10</v>", b"<v>11</v>")
    assert run("freeze", str(good)).exit_code == 0
    copied(good, folder / "changed.xlsx", b"<v>3</v>", b"<v>4</v>")
    (folder / "changed.xlsx.cells.txt").write_bytes((folder / "good.xlsx.cells.txt").read_bytes())
    return folder


@pytest.fixture
def there(books, tmp_path, monkeypatch):
    """The folder of the workbooks as the current one, and a cache of its own."""
    monkeypatch.chdir(books)
    monkeypatch.setenv("XLMODEL_CACHE_DIR", str(tmp_path / "cache"))
    (books / "xlmodel.toml").write_text('[functions]\nCSC = "udfs"\n')
    return books


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def shown(*arguments):
    result = run("verify", *arguments)
    if not isinstance(result.exception, SystemExit | None):
        raise result.exception
    return result.stdout, result.exit_code


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_unchanged_run_prints_the_same_without_any_work(there, monkeypatch, form):
    fresh = shown(".", "--format", form)
    assert fresh[1] == 1
    monkeypatch.setattr(cli_verify, "_verified", lambda *_, **__: pytest.fail("verified again"))
    assert shown(".", "--format", form) == fresh


def test_outcomes_kept_print_what_fresh_ones_do_in_every_format(there, tmp_path, monkeypatch):
    paths, also = sorted(there.glob("*.xlsx")), Also(LintSettings(), baseline=True)
    keys = {path: key_of(path.name) for path in paths}
    kept = Kept(Store(tmp_path / "own"), keys, keys.get)
    fresh = check_all(paths, MEANS, 1e-9, also=also)
    first = list(outcomes(paths, MEANS, 1e-9, also, kept=kept))
    monkeypatch.setattr("xlmodel.verify.run.check", lambda *_, **__: pytest.fail("calculated again"))
    second = list(outcomes(paths, MEANS, 1e-9, also, kept=kept))
    assert [o.cached for o in second] == [True] * len(paths)
    for form, written in FORMATS.items():
        assert written(fresh) == written(first) == written(second), form


def page_key(*books, form="text", **other):
    asked = {"tolerance": None, "lint": True, "baseline": "auto", "witness": "auto", "engine": "native"}
    wanted = cli_verify.Wanted(**(asked | {"time_limit": None} | other))
    return cli_verify._keys(wanted, named_workbooks(books or ["."]), form)[1].page


def changed_value(folder):
    copied(folder / "good.xlsx", folder / "new", b"<v>10</v>", b"<v>12</v>").replace(folder / "good.xlsx")


@pytest.mark.parametrize(
    "change",
    [
        changed_value,
        lambda folder: (folder / "good.xlsx.cells.txt").write_text("another"),
        lambda folder: (folder / "xlmodel.toml").write_text("tolerance = 0.5\n"),
        lambda folder: (folder / "legacy.json").write_text("{}"),
        lambda folder: copied(folder / "good.xlsx", folder / "more.xlsx"),
        lambda folder: (folder / "good.xlsx").unlink(),
        lambda folder: (folder / "old.xls").touch(),
    ],
    ids=["workbook", "baseline", "settings", "legacy findings", "one more", "one less", "passed over"],
)
def test_whatever_changes_is_in_the_key(there, tmp_path, monkeypatch, change):
    for name in ("good.xlsx", "good.xlsx.cells.txt"):
        (tmp_path / name).write_bytes((there / name).read_bytes())
    (tmp_path / "xlmodel.toml").write_text('[lint]\nbaseline = "legacy.json"\n')
    monkeypatch.chdir(tmp_path)
    before = page_key()
    assert page_key() == before
    change(tmp_path)
    assert page_key() != before


def test_a_changed_workbook_is_looked_at_again(there, tmp_path, monkeypatch):
    copied(there / "good.xlsx", tmp_path / "good.xlsx")
    monkeypatch.chdir(tmp_path)
    assert shown(".")[1] == 0
    changed_value(tmp_path)
    assert shown(".")[1] == 1


@pytest.mark.parametrize(
    "other",
    [{"lint": False}, {"baseline": "off"}, {"tolerance": 0.5}, {"witness": "none"}, {"form": "json"}, {"engine": "x"}],
)
def test_options_that_change_what_is_found_are_in_the_key(there, other):
    assert page_key(**other) != page_key()


def test_a_value_that_hangs_on_the_clock_is_looked_at_every_time(there, tmp_path, monkeypatch):
    saved_book(tmp_path / "clock.xlsx", {"A1": "=TODAY()", "A2": "=A1+1", "A3": 1})
    monkeypatch.chdir(tmp_path)
    shown("clock.xlsx")

    def checked(path, *_, **__):
        raise RuntimeError(f"{path.name} again")

    monkeypatch.setattr("xlmodel.verify.run.check", checked)
    with pytest.raises(RuntimeError, match=r"clock\.xlsx again"):
        shown("clock.xlsx")


def test_a_difference_that_a_witness_had_no_time_for_is_judged_again(there):
    (outcome,) = check_all([there / "wrong.xlsx"], MEANS, 0.0)
    assert lasting(outcome)
    for witness, lasts in ((Witness("native"), True), (Witness("native", incomplete=True), False)):
        assert lasting(replace(outcome, verification=replace(outcome.verification, witness=witness))) == lasts


def test_the_cached_run_imports_nothing_that_calculates(there):
    heavy = "print([m for m in ('numpy', 'pandas', 'scipy', 'openpyxl', 'xlmodel.engine') if m in sys.modules])"
    script = f"import sys, atexit; atexit.register(lambda: {heavy}); from xlmodel.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", script, "verify", "good.xlsx"]
    first, second = (subprocess.run(command, capture_output=True, text=True, env=environment) for _ in range(2))
    *told, imported = second.stdout.splitlines()
    assert imported == "[]", second.stderr
    assert told == first.stdout.splitlines()[:-1]
    assert "good.xlsx: PASS" in told[0]


def test_damaged_entries_are_as_good_as_none(there, tmp_path):
    fresh = shown(".")
    for number, entry in enumerate(sorted((tmp_path / "cache").glob("??/*"))):
        entry.write_bytes([b"", b"damaged", entry.read_bytes()[:-9]][number % 3])
    assert shown(".") == fresh
    for entry in (tmp_path / "cache").glob("??/*"):
        Store(tmp_path / "cache").put(entry.parent.name + entry.name, json.dumps({"verification": {"evaluation": 1}}))
    assert shown(".") == fresh


def test_a_cache_that_cannot_be_written_stops_nothing(there, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XLMODEL_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert shown("good.xlsx") == shown("good.xlsx", "--no-cache")


def test_the_store_is_bounded_and_forgets_what_was_unused_longest(tmp_path):
    store = Store(tmp_path, megabytes=1)
    for number in range(4):
        store.put(key_of(number), os.urandom(200_000).hex())  # half of it when packed
        os.utime(tmp_path / key_of(number)[:2] / key_of(number)[2:], (number, number))
    store.put(key_of(4), os.urandom(400_000).hex())
    store.prune()
    assert sum(p.stat().st_size for p in tmp_path.glob("??/*")) <= 2**20
    assert [key_of(n) in store for n in range(5)] == [False, False, True, True, True]


@given(st.text(alphabet=st.characters()), st.text(), st.integers())
def test_a_page_comes_out_as_it_went_in(tmp_path_factory, out, err, code):
    store = Store(tmp_path_factory.getbasetemp() / "pages")
    keep_page(store, key_of(out), page := Page(out, err, code))
    assert kept_page(store, key_of(out)) == page


def test_an_edited_function_changes_the_key(tmp_path):
    module = tmp_path / "own.py"
    module.write_text("a = 1\n")
    before = code_key(["own"], [tmp_path])
    module.write_text("a = 20\n")
    assert code_key(["own"], [tmp_path]) != before
    table = {"path": [str(tmp_path)], "functions": {"X": "own"}}
    assert settings_key(None, table, table["functions"], [1]) != settings_key(None, table, table["functions"], [2])
    assert workbook_key("s", tmp_path / "none.xlsx") is None


def test_the_key_of_a_workbook_is_its_content(tmp_path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    before = workbook_key("s", path)
    os.utime(path, (1, 1))
    assert workbook_key("s", path) == before
    path.write_bytes(path.read_bytes() + b" ")
    assert workbook_key("s", path) != before
