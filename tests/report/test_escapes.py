"""Text from workbooks that tries to act arrives harmless in every output of every command."""

import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from click.testing import CliRunner
from hostile_text import PAYLOADS, SHEET, hostile_workbook
from lxml import etree

from xlmodel.cli import main

FORMATS = ("text", "json", "junit", "sarif", "github", "html")
#: what no output may hold: controls but for ends of lines, separators, marks that turn the direction of writing
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
NAME = "book <b>&'::error::x\x1b[31m ##[error].xlsx"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    book = hostile_workbook(folder / NAME)
    (folder / "::error::broken\n.xlsx").write_text("no workbook")
    environment = {"XLMODEL_CACHE_DIR": str(folder / "cache")}

    def ran(*arguments):
        done = CliRunner().invoke(main, [str(a) for a in arguments], env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    ran.book, ran.folder = book, folder
    return ran


@pytest.fixture(scope="module")
def reports(run):
    """What `verify` prints in each format, of the workbook and of a file that is none."""
    return {form: run("verify", "--witness", "none", "--format", form, run.folder).output for form in FORMATS}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_of_the_workbook_and_holds_nothing_that_acts(reports, form):
    assert not UNSEEN.search(reports[form])
    assert "##[" not in reports[form]
    assert "broken" in reports[form]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_text_is_told_and_does_not_act(reports, name):
    """Each text comes from a cell that is named in the report, as the label and the value of a figure."""
    row = list(PAYLOADS).index(name) + 2
    found = json.loads(reports["json"])["workbooks"]
    cells = {f["cell"]: f for book in found for f in book.get("findings", ())}
    assert cells[f"B{row}"]["calculated"] == PAYLOADS[name].replace("\ud800", "_xD800_")
    for form in ("text", "github", "junit", "html"):
        said = reports[form].partition("</style>")[2] if form == "html" else reports[form]
        for line in said.splitlines():
            ours = form == "github" and re.match(r"::(error|warning|notice) ", line)
            body = line[2:].partition("::")[2] if ours else line
            assert "::" not in body, (form, line)
            assert not re.search(r"##\w*\[", body), (form, line)


def test_json_and_sarif_are_read_by_a_strict_reader_and_are_plain_characters(reports):
    for form in ("json", "sarif"):
        assert reports[form].isascii()
        msgspec.json.decode(reports[form])
    for result in json.loads(reports["sarif"])["runs"][0]["results"]:
        assert "](" not in result["message"]["text"]
        assert not re.search(r"[{}]", result["message"]["text"].replace("{{", "").replace("}}", ""))


def test_github_gets_one_command_a_finding_and_no_other(reports):
    commands = [line for line in reports["github"].splitlines() if line.startswith("::")]
    shape = re.compile(r"::(error|warning|notice) (file|line|title)=[^:,]*(,(file|line|title)=[^:,]*)*::.*")
    assert commands
    for line in commands:
        assert shape.fullmatch(line), line
    results = json.loads(reports["sarif"])["runs"][0]["results"]
    assert len(commands) == len(results) >= len(PAYLOADS)


def test_junit_holds_no_element_that_a_text_made(reports):
    root = etree.fromstring(reports["junit"].encode())
    assert not [case for case in root.iter("testcase") if case.get("name") == "injected"]
    assert {e.tag for e in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"
    }  # fmt: skip


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_the_page_holds_no_element_and_no_attribute_that_a_text_made(reports):
    parser = _Elements()
    parser.feed(reports["html"])
    tags = {tag for tag, _ in parser.seen}
    assert not tags & {"script", "img", "svg", "iframe", "b", "object", "form"}
    for tag, attributes in parser.seen:
        assert not [a for a in attributes if a.startswith("on") or a in ("autofocus", "style")], (tag, attributes)
        assert attributes.get("href", "#").startswith("#")


@pytest.mark.parametrize(
    "arguments",
    [
        ("lint", "BOOK"),
        ("freeze", "BOOK", "--out", "-"),
        ("diff", "BOOK", "OTHER"),
        ("explain", "BOOK", "CELL"),
        ("relations", "BOOK"),
        ("verify", "--witness", "none", "MISSING"),
    ],
    ids=" ".join,
)
def test_other_commands_print_nothing_that_acts(run, tmp_path, arguments):
    other = hostile_workbook(tmp_path / "other.xlsx")
    meant = {"BOOK": run.book, "OTHER": other, "CELL": f"'{SHEET.replace(chr(39), chr(39) * 2)}'!B2"}
    meant["MISSING"] = tmp_path / "::error::\x1b[31m.xlsx"
    done = run(*(meant.get(a, a) for a in arguments))
    assert not UNSEEN.search(done.output), repr(UNSEEN.search(done.output))
    assert not re.search(r"^\s*::", done.output, re.MULTILINE)
    assert done.exit_code in (0, 1, 2, 3)
