"""The head of a page that needs nothing else: its style and script stand in it, and nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from xlmodel import __version__
from xlmodel.report.book_page_markup import Html, element

__all__ = ["page"]


def page(title: str, generator: str, body: Html, styles: tuple[str, ...], script: str | None = None) -> str:
    """Return a whole page.

    Parameters
    ----------
    title, generator : str
        What it is called, and what made it.
    body : Html
        The content of its body, without the script.
    styles : tuple of str
        Files of this package with its styles, in their order.
    script : str, optional
        A file of this package with its script; nothing else runs in the page.
    """
    style = "\n".join(_asset(name) for name in styles)
    run = None if script is None else _asset(script)
    allowed = f"style-src '{_hash(style)}'" + ("" if run is None else f"; script-src '{_hash(run)}'")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element(
            "meta",
            http_equiv="Content-Security-Policy",
            content=f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'",
        ),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"{generator} {__version__}"),
        element("title", title),
        element("style", Html(style)),
    )
    whole = element("body", body, None if run is None else element("script", Html(run)))
    return f"<!DOCTYPE html>\n{element('html', head, whole, lang='en-GB')}\n"


def _asset(name: str) -> str:
    return (files("xlmodel.report") / name).read_text("utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
