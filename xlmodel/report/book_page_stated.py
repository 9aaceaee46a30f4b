"""Figures that a document states against those that its own numbers give: what accuses first."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.report.book_page_markup import Html, counted, cut, element, joined, scrolled
from xlmodel.report.book_page_subject import Place, Subject, cell_id
from xlmodel.values import Scalar, display
from xlmodel.verify.reconciliation import TABLE, VERDICTS, Reconciliation, ReconciliationRow

__all__ = ["ACCUSING", "accused", "stated_section"]

#: The verdicts on stated figures that say something is wrong, or may be.
ACCUSING = ("DOES NOT TIE", "UNEXPLAINED")


def accused(subject: Subject) -> Iterator[Html]:
    """Yield the stated figures that cannot be right, then those that nothing explains, each with its sentence."""
    stated = subject.outcome.reconciliation
    groups = {} if stated is None else stated.by_verdict()
    for verdict in ACCUSING:
        rows = groups.get(verdict, [])
        if rows and stated is not None:
            items = [element("li", _accusation(subject, stated, row)) for row in rows]
            heading = element("h3", f"{verdict.capitalize()}: {counted(len(rows), 'stated figure')}")
            yield joined(
                [heading, element("p", f"{VERDICTS[verdict]}.", class_="note"), element("ul", items, class_="said")]
            )


def _accusation(subject: Subject, stated: Reconciliation, row: ReconciliationRow) -> Html:
    link = _stated_link(subject, stated, row)
    return joined(
        [
            link,
            f" {row.item}: ",
            row.explanation or "no explanation is given",
            element("span", f" {row.source}", class_="note"),
        ]
    )


def stated_section(subject: Subject) -> Html | None:
    """Return the section of stated figures; None where the workbook holds none against others."""
    stated = subject.outcome.reconciliation
    if stated is None:
        return None
    heads = [
        element("th", what, scope="col")
        for what in ("Figure", "What it is", "Stated", "Recomputed", "Unit", "What follows", "Source")
    ]
    groups = []
    for verdict, rows in stated.by_verdict().items():
        tone = "bad" if verdict in ACCUSING else "good" if verdict == "TIES" else ""
        heading = element("h3", element("span", verdict, class_=f"word {tone}".strip()), f" {len(rows):,}")
        body = [
            element(
                "tr",
                element("th", _stated_link(subject, stated, row), scope="row"),
                element("td", row.item),
                element("td", _figure(subject, stated, row, "Stated", row.stated), class_="n"),
                element("td", _figure(subject, stated, row, "Recomputed", row.recomputed), class_="n"),
                element("td", row.unit),
                element("td", row.explanation),
                element("td", row.source),
                data_finding=verdict in ACCUSING,
            )
            for row in rows
        ]
        table = element("table", element("thead", element("tr", heads)), element("tbody", body), class_="list")
        note = element("p", f"{VERDICTS.get(verdict, 'A verdict of this workbook alone')}.", class_="note")
        groups.append(joined([heading, note, scrolled(table, f"Stated figures: {verdict}")]))
    return element("section", element("h2", "Stated figures", id="stated"), groups, aria_labelledby="stated")


def _stated_place(subject: Subject, stated: Reconciliation, row: ReconciliationRow, column: str) -> Place | None:
    table = next((t for t in subject.book.tables if t.name == TABLE), None)
    if table is None or column not in table.columns:
        return None
    at = next(i for i, r in enumerate(stated.rows) if r is row)
    return (
        subject.numbers[table.sheet],
        table.rect.top + table.header_rows + at,
        table.rect.left + table.columns.index(column),
    )


def _stated_link(subject: Subject, stated: Reconciliation, row: ReconciliationRow) -> Html:
    place = _stated_place(subject, stated, row, "ID")
    shown = place is not None and place[1:] in subject.areas[place[0] - 1].filled
    return element("a", row.id, href=f"#{cell_id(place)}") if place and shown else element("span", row.id)


def _figure(subject: Subject, stated: Reconciliation, row: ReconciliationRow, column: str, value: Scalar) -> Html:
    place = _stated_place(subject, stated, row, column)
    if place is None or place[1:] not in subject.areas[place[0] - 1].filled:
        return element("span", "" if value in (None, "") else _plain(value))
    shown, to = subject.areas[place[0] - 1].text(place[1:]), subject.link(place)
    return element("a", shown, href=to) if to and shown else element("span", shown)


def _plain(content: Scalar) -> str:
    return cut(display(content), 120)
