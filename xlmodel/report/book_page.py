"""A verified workbook as one page of HTML that needs nothing else: no network, no other file, no script of others."""

from __future__ import annotations

from xlmodel import __version__
from xlmodel.book.package import children, local_name
from xlmodel.registry import Registry
from xlmodel.report.book_page_charts import chart_figure, charts, title
from xlmodel.report.book_page_findings import needs_a_look
from xlmodel.report.book_page_frame import document
from xlmodel.report.book_page_markup import Html, element, joined, scrolled
from xlmodel.report.book_page_names import functions_section, names_section
from xlmodel.report.book_page_published import edition
from xlmodel.report.book_page_sheets import sheet_section
from xlmodel.report.book_page_stated import stated_section
from xlmodel.report.book_page_subject import Subject
from xlmodel.report.book_page_verdict import checks, checks_section, verdict_section
from xlmodel.verify.check import Outcome

__all__ = ["book_page"]

#: The properties of a workbook that a reader is told, by the name of their element.
_PROPERTIES = {
    "title": "Title",
    "subject": "Subject",
    "creator": "Author",
    "description": "Description",
    "category": "Category",
    "contentStatus": "Status",
    "version": "Version",
    "lastModifiedBy": "Last saved by",
}


def book_page(outcome: Outcome, registry: Registry) -> str:
    """Return the page of a workbook.

    Parameters
    ----------
    outcome : Outcome
        Its verification, which must have come to a result.
    registry : Registry
        The functions that its cells may call.

    Returns
    -------
    str
        The HTML. The same workbook and the same functions give the same text.

    Raises
    ------
    BookError
        The workbook cannot be read, or changed since it was verified.
    """
    subject = Subject.read(outcome)
    tested = checks(subject)
    drawn, faults = charts(subject)
    figures = [chart_figure(subject, data, n) for n, data in enumerate(drawn, 1)]
    sections = [
        verdict_section(subject, tested),
        needs_a_look(subject, tested),
        checks_section(subject, tested),
        stated_section(subject),
        _charts(figures, faults),
        _sheets(subject, [(data.sheet, n, title(data)) for n, data in enumerate(drawn, 1)]),
        functions_section(subject, registry),
        names_section(subject),
        _about(subject),
    ]
    main = element("main", [s for s in sections if s is not None], id="main")
    heading = _properties(subject).get("Title", "") or outcome.path.stem
    return document(subject, heading, element("div", _contents(subject, sections), main, class_="columns"))


def _charts(figures: list[Html], faults: list[str]) -> Html | None:
    if not figures and not faults:
        return None
    note = element("p", "Drawn from recalculated cells, each with its figures in a table.", class_="note")
    told = [element("p", fault, class_="note") for fault in faults]
    return element("section", element("h2", "Charts", id="charts"), note, told, figures, aria_labelledby="charts")


def _sheets(subject: Subject, drawn: list[tuple[int, int, str]]) -> Html:
    shown = []
    for area in subject.areas:
        links = [element("a", name, href=f"#chart-{n}") for sheet, n, name in drawn if sheet == area.number]
        listed = [joined([", " if i else None, link]) for i, link in enumerate(links)]
        shown.append(
            sheet_section(subject, area, element("p", "Charts: ", listed, class_="note") if links else Html(""))
        )
    key = [
        element("li", element("span", what, class_=f"key {role}"))
        for what, role in (("Input", "i"), ("Calculation", "k"), ("Output", "o"), ("Check", "c"))
    ]
    note = element(
        "p",
        "Values are recalculated. Select a figure to see its formula, the cells it reads and where they come from. "
        "Empty rows and columns are left out.",
        class_="note",
    )
    return element(
        "section",
        element("h2", "Sheets", id="sheets"),
        note,
        element("ul", key, class_="legend"),
        shown,
        aria_labelledby="sheets",
    )


def _contents(subject: Subject, sections: list[Html | None]) -> Html:
    names = (
        "What is proved",
        "What needs a look",
        "Checks",
        "Stated figures",
        "Charts",
        "Sheets",
        "Functions",
        "Names",
        "About this page",
    )
    ids = ("proved", "look", "checks", "stated", "charts", "sheets", "functions", "names", "about")
    items = []
    for name, identity, section in zip(names, ids, sections, strict=True):
        if section is None:
            continue
        inner = None
        if identity == "sheets":
            inner = element(
                "ul", [element("li", element("a", a.sheet.name, href=f"#sheet-{a.number}")) for a in subject.areas]
            )
        items.append(element("li", element("a", name, href=f"#{identity}"), inner))
    return element("nav", element("ul", items), aria_label="Contents")


def _about(subject: Subject) -> Html:
    facts = subject.evaluation.facts
    cells = sum(len(s) for s in subject.book.sheets)
    rows = [
        *_properties(subject).items(),
        ("File", subject.path.name),
        ("SHA-256", facts.sha256),
        ("Edition", edition(subject)),
        ("Saved by", facts.application),
        ("Saved at", f"{subject.book.saved_at:%d %B %Y, %H:%M} UTC" if subject.book.saved_at else ""),
        ("Sheets", f"{len(subject.book.sheets):,}"),
        ("Cells", f"{cells:,}, of which {len(subject.evaluation):,} hold formulas"),
        (
            "Links to other workbooks",
            f"{facts.externals:,}; answered from the values saved here" if facts.externals else "",
        ),
        ("Calculation", "manual: saved values may be stale" if facts.calc.mode == "manual" else ""),
        ("Recalculated by", f"xlmodel {__version__}, engine {subject.evaluation.engine}"),
    ]
    body = [element("tr", element("th", what, scope="row"), element("td", told)) for what, told in rows if told]
    return element(
        "section",
        element("h2", "About this page", id="about"),
        scrolled(element("table", element("tbody", body), class_="list"), "Facts"),
        aria_labelledby="about",
    )


def _properties(subject: Subject) -> dict[str, str]:
    """Return what the workbook's properties say of it."""
    links = subject.package.relationships("").values()
    parts = [x.target for x in links if x.kind == "core-properties" and not x.external and x.target in subject.package]
    found = {
        local_name(e): (e.text or "").strip()
        for part in parts[:1]
        for e in children(subject.package.xml(part))
        for e in e
    }
    return {what: found[name] for name, what in _PROPERTIES.items() if found.get(name)}
