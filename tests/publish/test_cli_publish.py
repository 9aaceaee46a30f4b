"""The command `publish`, from its words to its file and its exit code."""

import click
import pytest
from click.testing import CliRunner

from xlmodel.book import read_book
from xlmodel.cli_publish import publish
from xlmodel.errors import XlmodelError
from xlmodel.verify.record import Record


@pytest.fixture
def folder(master, tmp_path, monkeypatch):
    (tmp_path / "plan.xlsx").write_bytes(master.read_bytes())
    (tmp_path / "xlmodel.toml").write_text('[functions]\nCSC = "udfs"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(publish, words)


def test_the_default_is_the_edition_for_excel_alone(folder):
    result = run("plan.xlsx")
    assert result.exit_code == 0, result.output
    record = Record.of(read_book(folder / "plan-lambda.xlsx").properties)
    assert (
        "plan-lambda.xlsx: edition lambda, 20 formula cells, each gives its saved value; functions: 3" in result.output
    )
    assert f"hash of the values: {record.values}" in result.output


def test_small_numbers_are_hidden_and_what_may_tell_them_is_said(folder):
    result = run("plan.xlsx", "--functions", "values", "--suppress-below", "5", "--suppress", "Inputs!C2:C4")
    assert isinstance(result.exception, XlmodelError)
    assert "hidden numbers would be given away" in str(result.exception)
    result = run(
        "plan.xlsx", "--functions", "values", "--suppress-below", "5", "--suppress", "Inputs!C2:C4",
        "--hide", "'Stock & rate'!B2:E5", "--hide", "Inputs!B2:E4", "--out", "public.xlsx",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "shown as [c]: " in result.output
    assert "hash" not in result.output
    assert read_book(folder / "public.xlsx").sheet("Inputs").value(4, 3) == "[c]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan.xlsx", "--functions", "xll"], "'xll' is not one of"),
        (["nowhere.xlsx"], "does not exist"),
        (["plan.xlsx", "--suppress-below", "0"], "is not in the range"),
    ],
)
def test_wrong_words_are_usage(folder, words, said):
    result = run(*words)
    assert result.exit_code == click.UsageError.exit_code
    assert said in result.output
    assert sorted(p.name for p in folder.iterdir()) == ["plan.xlsx", "xlmodel.toml"]
