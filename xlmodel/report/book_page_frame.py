"""The frame of a page: its head with the rules for what may run, the tools at its top, and the panel of one cell."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from xlmodel import __version__
from xlmodel.report.book_page_markup import Html, element
from xlmodel.report.book_page_subject import Subject

__all__ = ["GENERATOR", "document"]

#: What tells a page of ours from any other file.
GENERATOR = "xlmodel report"


def document(subject: Subject, heading: str, body: Html) -> str:
    """Return the whole page; nothing runs in it but its own script, and nothing is fetched."""
    style, script = _asset("book_page.css"), _asset("book_page.js")
    sources = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"{GENERATOR} {__version__}"),
        element("title", f"{heading}: report"),
        element("style", Html(style)),
    )
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
    page = element("body", top, body, panel, element("script", Html(script)))
    return f"<!DOCTYPE html>\n{element('html', head, page, lang='en-GB')}\n"


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


def _asset(name: str) -> str:
    return (files("xlmodel.report") / name).read_text("utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
