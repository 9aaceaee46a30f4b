"""The page in a real browser: what a reader does with it. Skipped where there is no Chromium or no playwright."""

import os
import re
import shutil
from pathlib import Path

import pytest
from book_page_sample import HOSTILE, sample_page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install it, or set CHROMIUM to its path")
WAIT = 20_000  #: milliseconds


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "sample.html"
    path.write_text(sample_page(), "utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser, address):
    """Return a call that opens the page; afterwards nothing may have been complained of, or asked of the network."""
    contexts, said = [], []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said


@pytest.fixture(scope="module")
def axe():
    found = pytest.importorskip(
        "axe_playwright_python", reason="axe-core is not installed: pip install axe-playwright-python"
    )
    return next(Path(found.__file__).parent.rglob("axe.min.js")).read_text("utf-8")


def test_the_words_of_a_workbook_do_nothing(opened):
    page = opened()
    assert page.title() == f"Sample {HOSTILE}: report"
    assert page.locator("main script, main img").count() == 0


def test_search_finds_labels_cells_formulas_and_text_and_says_how_many(opened):
    page = opened()
    search, status, found = page.locator("#search"), page.locator("#status"), page.locator("#found")
    for words, first in (
        ("net change 2023", "Flows!D5"),
        ("D12", "Flows!D12"),
        ("csc_net_change(b6", "Flows!D6"),
        ("alone in its row", "A5"),
        ("no such words at all", None),
    ):
        search.fill(words)
        if first is None:
            sync_api.expect(status).to_have_text("Nothing found.")
            sync_api.expect(found).to_be_hidden()
        else:
            sync_api.expect(found.locator("a").first).to_contain_text(first)
            sync_api.expect(status).to_have_text(re.compile(r"^\d+ found\.$"))
            assert int(status.text_content().split()[0]) == found.locator("li").count()


def test_search_by_keyboard_alone_leads_to_a_cell_and_back(opened):
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("d8 all years")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#found a").first).to_be_focused()
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#panel-title")).to_be_focused()
    sync_api.expect(page.locator("#panel-title")).to_have_text("Flows!D8")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#panel")).to_be_hidden()


def test_the_panel_of_a_figure_leads_from_cell_to_cell(opened):
    page = opened()
    page.locator("#s1-D8 a").click()
    panel = page.locator("#panel-body")
    for part in ("All years: Net change", "-96", "=SUM(D4:D6)", "2023/24: Net change", "D9", "Source: Deck, page 12"):
        sync_api.expect(panel).to_contain_text(part)
    panel.locator("a", has_text="D4").first.click()
    sync_api.expect(page.locator("#panel-title")).to_have_text("Flows!D4")
    for part in ("-21", "another value is saved", "=CSC_NET_CHANGE(B4,C4)", "Starts (children)", "Deck, page 12"):
        sync_api.expect(panel).to_contain_text(part)
    panel.locator("pre a").click()
    sync_api.expect(page.locator("#fn-CSC_NET_CHANGE")).to_have_attribute("open", "")
    page.locator("#panel-close").click()
    sync_api.expect(page.locator("#panel")).to_be_hidden()
    sync_api.expect(page.locator("#s1-D8 a")).to_be_focused()


def test_filters_leave_what_is_asked_for(opened):
    page = opened()
    rows, status = page.locator("section.sheet .grid tbody tr:visible"), page.locator("#status")
    page.select_option("#verdict", "differs")
    sync_api.expect(rows).to_have_count(1)
    sync_api.expect(page.locator("#s1-D4")).to_be_visible()
    sync_api.expect(status).to_have_text("Shown: 1 row on 1 sheet.")
    page.select_option("#verdict", "")
    page.check("#only")
    sync_api.expect(page.locator("#s1-D4, #s1-D10, #s2-G3, #s3-C9")).to_have_count(4)
    assert page.locator("#s1-D4, #s1-D10, #s2-G3, #s3-C9").evaluate_all(
        "cells => cells.every(c => c.checkVisibility())"
    )
    sync_api.expect(page.locator("#s1-D6")).to_be_hidden()
    sync_api.expect(page.locator("#checks ~ .wide tbody tr:visible")).to_have_count(1)
    sync_api.expect(page.locator("#stated ~ .wide tbody tr:visible")).to_have_count(1)
    page.uncheck("#only")
    page.select_option("#sheet", label="Stated")
    sync_api.expect(page.locator("section.sheet:visible")).to_have_count(1)
    sync_api.expect(page.locator("figure.chart:visible")).to_have_count(0)
    page.select_option("#sheet", "")
    sync_api.expect(page.locator("section.sheet:visible")).to_have_count(5)


def test_colours_follow_the_system_until_somebody_chooses_and_the_choice_stays(opened):
    page = opened(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.select_option("#theme", "light")
    assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    page.reload()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.select_option("#theme", "dark")
    assert page.evaluate(ground) == dark


def test_on_paper_there_are_figures_and_no_tools(opened):
    page = opened(color_scheme="dark")
    page.select_option("#theme", "dark")
    page.locator("#s1-D8 a").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector in (".tools", "nav", "#panel"):
        sync_api.expect(page.locator(selector)).to_be_hidden()
    sync_api.expect(page.locator("#s1-D8")).to_be_visible()
    sync_api.expect(page.locator("h1")).to_be_visible()
    breaks = page.locator("section.sheet").evaluate_all("sheets => sheets.map(s => getComputedStyle(s).breakBefore)")
    assert breaks == ["auto", "page", "page", "page", "page"]
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_without_a_script_everything_can_be_read(opened):
    page = opened(java_script_enabled=False)
    sync_api.expect(page.locator(".tools")).to_be_hidden()
    sync_api.expect(page.locator("#s1-D8")).to_have_text("-96")
    page.locator("#s1-D8 a").click()
    sync_api.expect(page.locator("#t1-D8")).to_be_visible()
    sync_api.expect(page.locator("#t1-D8")).to_contain_text("=SUM(D4:D6)")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 420)])
def test_axe_finds_no_fault(browser, address, axe, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.fill("#search", "net change")
    sync_api.expect(page.locator("#found")).to_be_visible()
    page.evaluate("document.querySelector('#s1-D8 a').click()")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()
    assert [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_it_does_not_run_over_a_narrow_screen(opened):
    page = opened(viewport={"width": 420, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
