import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import pytest
from book_page_sample import HOSTILE, sample_means, sample_outcome, sample_page
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import StaleBookError
from xlmodel.report import book_page_cells
from xlmodel.report.book_page import book_page
from xlmodel.report.book_page_markup import Html, element, text
from xlmodel.report.book_page_subject import Subject

VOID = {"meta", "input", "br", "col"}


class Parsed(HTMLParser):
    """A page as a browser sees it: elements with their attributes, and the text under each identity."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts, self.faults = [], [], Counter(), []
        self.words = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append((tag, found.get("id")))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(tag)
        else:
            self.open.pop()

    def handle_data(self, data):
        for _, identity in self.open:
            if identity:
                self.words[identity] = self.words.get(identity, "") + data

    def ids(self):
        return [a["id"] for _, a in self.elements if "id" in a]


@pytest.fixture(scope="module")
def parsed():
    return Parsed(sample_page())


def plain(page):
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style)>.*?</\1>", "", page)))


# --- what a workbook says stays text ---------------------------------------------------------------------------------


def test_nothing_of_a_hostile_workbook_becomes_part_of_the_page(parsed):
    tags = Counter(tag for tag, _ in parsed.elements)
    assert tags["script"] == tags["style"] == 1
    assert not tags["img"]
    assert not tags["iframe"]
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        assert attributes.get("href", "#").startswith("#")
    assert sample_page().count("<script>") == 1
    assert HOSTILE in plain(sample_page())


def test_only_our_own_script_and_style_may_run_and_nothing_may_be_fetched(parsed):
    (policy,) = [a["content"] for tag, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r"(?s)<main.*</main>", "", sample_page()))


@given(st.text())
def test_any_text_is_read_back_as_text(words):
    parsed = Parsed(element("p", words, id="p", title=words))
    assert [tag for tag, _ in parsed.elements] == ["p"]
    shown = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", words
    )
    if shown == words and not re.search("[\ud800-\udfff\ufffe\uffff]", words):
        assert parsed.words.get("p", "") == words
        assert parsed.elements[0][1]["title"] == words


@pytest.mark.parametrize("content", ["a" + chr(0x202E) + "b", chr(7), chr(0xD800)])
def test_a_character_that_would_not_be_seen_is_shown_by_its_code(content):
    assert "\\" in text(content)
    text(content).encode("utf-8")


def test_what_is_html_already_is_not_escaped_twice():
    assert element("p", Html("<b>1</b>"), ["<", None, 2]) == "<p><b>1</b>&lt;2</p>"


# --- the document ----------------------------------------------------------------------------------------------------


def test_elements_close_and_links_lead_somewhere(parsed):
    assert not parsed.faults
    assert not parsed.open
    ids = parsed.ids()
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in parsed.elements if tag == "a"}
    assert targets <= set(ids)
    described = {a[key] for _, a in parsed.elements for key in ("aria-labelledby", "for") if key in a}
    assert described <= set(ids)


def test_the_same_workbook_gives_the_same_page():
    assert book_page(sample_outcome(), sample_means().registry) == sample_page()


def test_a_workbook_that_changed_since_is_refused(tmp_path):
    outcome = sample_outcome()
    other = tmp_path / outcome.path.name
    other.write_bytes(outcome.path.read_bytes() + b"\0")
    with pytest.raises(StaleBookError, match="changed while it was being verified"):
        Subject.read(type(outcome)(other, outcome.verification, outcome.reconciliation))


# --- what is proved --------------------------------------------------------------------------------------------------


def test_the_verdict_comes_first():
    words = " ".join(plain(sample_page()).split())
    first = words.index("1 formula cell of 15 gives another value than the one saved; nothing is proved of 1 formula")
    assert words.index("1 check of the workbook fails") < words.index("What needs a look Does not tie")
    assert first < words.index("Does not tie: 1 stated figure") < words.index("Fails: 1 check")
    assert words.index("The deck says 90 fewer children") < words.index("Differs: 1 place where it starts")
    assert "unknown function: MADE_UP: 1 cell" in words


def test_tiles_count_what_verify_counts():
    tiles = re.findall(r'<strong>([\d,]+)</strong> <span class="what">([^<]+)</span>', sample_page())
    assert {what: int(n) for n, what in tiles} == {
        "verified": 13, "differ": 1, "disputed": 0, "not verified": 1,
        "checks pass": 1, "do not tie": 1, "unexplained": 0,
    }  # fmt: skip


def test_a_clean_workbook_needs_no_look(tmp_path):
    from openpyxl import Workbook

    from xlmodel.sync.recalc import recalculate
    from xlmodel.verify.check import check_all

    wb = Workbook()
    wb.active["A1"], wb.active["A2"] = 2, "=A1*2"
    wb.save(tmp_path / "clean.xlsx")
    means = sample_means()
    recalculate(tmp_path / "clean.xlsx", means)
    words = " ".join(plain(book_page(check_all([tmp_path / "clean.xlsx"], means, 0)[0], means.registry)).split())
    assert "Its one formula cell is verified: recalculated without Excel, it gives the value that is saved." in words
    assert "Nothing: every formula is verified" in words


# --- sheets and their figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("s1-D4", "-21"),  # recalculated, though -20 is saved
        ("s1-D12", "90.4%"),
        ("s1-D13", "8 Mar 2024"),
        ("s1-D14", "#DIV/0!"),
        ("s4-A1", "7"),
        ("s2-G2", "TIES"),
    ],
)
def test_cells_show_what_was_recalculated_as_their_format_says(parsed, cell, shown):
    assert parsed.words[cell].split(" (")[0] == shown


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("t1-D4", ["2022/23: Net change", "-21", "differs: another value is saved", "=CSC_NET_CHANGE(B4,C4)"]),
        ("t1-D5", ["2023/24: Net change", "-25", "=CSC_NET_CHANGE(B5,C5)", "B5, C5", "Deck, page 13"]),
        ("t1-B4", ["2022/23: Starts (children)", "198", "typed in", "Deck, page 12"]),
        ("t1-D8", ["All years: Net change", "-96", "=SUM(D4:D6)", "D4:D6"]),
        ("t2-F2", ["A1, Net change, all years: Recomputed", "-96", "=Flows!D8", "Flows!D8", "D12"]),
        ("t3-C9", ["not verified: unknown function: MADE_UP"]),
    ],
)  # fmt: skip
def test_every_figure_is_traced_to_label_value_formula_cells_and_source(parsed, row, parts):
    words = parsed.words[row]
    at = -1
    for part in parts:
        at = words.index(part, at + 1)


def test_headings_are_headings_and_merged_cells_span(parsed):
    attributes = {a["id"]: (tag, a) for tag, a in parsed.elements if "id" in a}
    assert attributes["s1-B3"][0] == "th"
    assert attributes["s1-B3"][1]["scope"] == "col"
    assert attributes["s3-C1"][1]["colspan"] == attributes["s3-C1"][1]["rowspan"] == "2"
    assert "i" in attributes["s1-B4"][1]["class"].split()
    assert "o" in attributes["s1-D8"][1]["class"].split()
    assert "differs" in attributes["s1-D4"][1]["class"].split()


def test_hidden_sheets_and_rows_are_shown_and_said(parsed):
    words = plain(sample_page())
    assert "Kept  hidden in the workbook" in words
    assert "Shown here, hidden in the workbook: 1 row." in words
    assert "Nothing is on it." in words


def test_the_functions_that_cells_call_are_explained_and_names_lead_to_cells(parsed):
    assert "CSC_NET_CHANGE(starts, ceases)" in parsed.words["fn-CSC_NET_CHANGE"]
    assert "Version 1" in parsed.words["fn-CSC_NET_CHANGE"]
    assert "fn-CSC_RATE_PER_10K" not in parsed.words
    assert 'data-name="net_change"' in sample_page()


def test_what_is_too_much_is_left_out_with_a_sentence(monkeypatch):
    monkeypatch.setattr(book_page_cells, "MOST_ROWS", 3)
    page = book_page(sample_outcome(), sample_means().registry)
    words = " ".join(plain(page).split())
    assert re.search(
        r"This page shows 3 rows and \d columns of the sheet; \d+ cells are left out, \d+ of them formulas", words
    )
    assert "Flows!D10 Nobody" not in words
    assert "Fails: 1 check" in words  # findings are told all the same
    found = Parsed(page)
    assert {a["href"][1:] for tag, a in found.elements if tag == "a"} <= set(found.ids())
