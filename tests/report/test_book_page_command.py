import shutil

import pytest
from book_page_sample import sample_outcome
from click.testing import CliRunner

from xlmodel.cli_report import report
from xlmodel.console import Unusable


@pytest.fixture
def book(tmp_path):
    return shutil.copy(sample_outcome().path, tmp_path / "sample.xlsx")


def run(*arguments):
    return CliRunner().invoke(report, ["--no-witness", *map(str, arguments)], catch_exceptions=True)


def test_it_writes_one_page_beside_the_workbook_and_says_what_is_proved(book):
    before = book.read_bytes()
    done = run(book)
    assert done.exit_code == 1  # as verify: something differs
    assert "13 of 15 formula cells verified; 1 cell differs; 1 cell not verified." in " ".join(done.output.split())
    assert book.with_suffix(".html").name in done.output
    assert book.with_suffix(".html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert book.read_bytes() == before
    assert sorted(p.name for p in book.parent.iterdir()) == ["sample.html", "sample.xlsx"]


def test_a_page_of_ours_is_replaced_and_any_other_file_is_not(book, tmp_path):
    out = tmp_path / "pages" / "page.html"
    assert run(book, "--out", out).exit_code == 1
    assert run(book, "--out", out).exit_code == 1
    other = tmp_path / "notes.html"
    other.write_text("mine", "utf-8")
    refused = run(book, "--out", other)
    assert refused.exit_code == Unusable.exit_code
    assert "no page that this command wrote" in refused.output
    assert other.read_text("utf-8") == "mine"


def test_what_is_no_workbook_is_said(tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a zip")
    done = run(broken)
    assert done.exit_code == Unusable.exit_code
    assert "is not an .xlsx workbook" in done.output
    assert not broken.with_suffix(".html").exists()
