"""The frame of a page: its head with the rules for what may run, the tools at its top, and the panel of one cell."""

from __future__ import annotations

from xlmodel.report.book_page_markup import Html, element, joined
from xlmodel.report.book_page_subject import Subject
from xlmodel.report.page_head import page

__all__ = ["GENERATOR", "document"]

#: What tells a page of ours from any other file.
GENERATOR = "xlmodel report"


def document(subject: Subject, heading: str, body: Html) -> str:
    """Return the whole page; nothing runs in it but its own script, and nothing is fetched."""
    top = element(
        "header",
        element("a", "To the content", href="#main", class_="skip"),
        element("h1", heading),
        element(
            "p",
            f"{subject.path.name}, {len(subject.book.sheets):,} sheets, {len(subject.evaluation):,} formula cells",
            class_="note",
        ),
        _tools(subject),
    )
    panel = element(
        "aside",
        element(
            "div",
            element("h2", "Cell", id="panel-title", tabindex="-1"),
            element("button", "Close", type="button", id="panel-close"),
            class_="bar",
        ),
        element("div", id="panel-body"),
        id="panel",
        aria_labelledby="panel-title",
        hidden=True,
    )
    whole = joined([top, body, panel])
    return page(f"{heading}: report", GENERATOR, whole, ("page.css", "book_page.css"), "book_page.js")


def _tools(subject: Subject) -> Html:
    """Return the search box, the filters and the choice of colours; the script shows them."""
    sheets = [element("option", a.sheet.name, value=a.number) for a in subject.areas]
    verdicts = [
        element("option", what, value=value)
        for what, value in (
            ("All cells", ""),
            ("Verified", "verified"),
            ("Differs", "differs"),
            ("Disputed", "disputed"),
            ("Not verified", "unverified"),
        )
    ]
    themes = [
        element("option", what, value=value)
        for what, value in (("As the system", ""), ("Light", "light"), ("Dark", "dark"))
    ]
    return element(
        "div",
        element(
            "div",
            element("label", "Search", for_="search"),
            element(
                "input", type="search", id="search", autocomplete="off", placeholder="Label, cell, formula or text"
            ),
            class_="field grow",
        ),
        element(
            "div",
            element("label", "Sheet", for_="sheet"),
            element("select", element("option", "All sheets", value=""), sheets, id="sheet"),
            class_="field",
        ),
        element(
            "div",
            element("label", "Verdict", for_="verdict"),
            element("select", verdicts, id="verdict"),
            class_="field",
        ),
        element(
            "div",
            element("input", type="checkbox", id="only"),
            element("label", "Only findings", for_="only"),
            class_="field tick",
        ),
        element(
            "div", element("label", "Colours", for_="theme"), element("select", themes, id="theme"), class_="field"
        ),
        element("p", id="status", role="status", aria_live="polite"),
        element("div", id="found", hidden=True),
        class_="tools",
        role="search",
        hidden=True,
    )
