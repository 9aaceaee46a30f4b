"""What of a workbook needs a look: what does not tie, fails, differs or is not proved."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.report.book_page_links import cell_link, cell_links, place_of
from xlmodel.report.book_page_markup import Html, counted, cut, element, joined, scrolled
from xlmodel.report.book_page_published import changed_functions, other_values
from xlmodel.report.book_page_stated import accused
from xlmodel.report.book_page_subject import Place, Subject
from xlmodel.report.book_page_verdict import FAIL, CheckRow
from xlmodel.report.text import reason_text
from xlmodel.values import Scalar, display
from xlmodel.verify.recalculation import CellFinding, Verdict

__all__ = ["needs_a_look"]

MOST_LISTED = 200  #: findings of a sort


def needs_a_look(subject: Subject, tested: Sequence[CheckRow]) -> Html:
    """Return the section of all that does not tie, fails, differs or is not proved."""
    parts = [
        *accused(subject),
        _failed(subject, tested),
        changed_functions(subject),
        other_values(subject),
        _differing(subject),
        _disputed(subject),
        _unverified(subject),
    ]
    shown = [part for part in parts if part is not None]
    if not shown:
        shown = [element("p", "Nothing: every formula is verified, and no check or stated figure speaks against it.")]
    return element("section", element("h2", "What needs a look", id="look"), shown, aria_labelledby="look")


def _failed(subject: Subject, tested: Sequence[CheckRow]) -> Html | None:
    failing = [check for check in tested if check.result == FAIL]
    if not failing:
        return None
    items = [
        element(
            "li",
            cell_link(subject, check.place),
            f" {check.what}",
            None if check.recalculated else " (as saved; not recalculated)",
        )
        for check in failing[:MOST_LISTED]
    ]
    return joined(
        [
            element("h3", f"Fails: {counted(len(failing), 'check')}"),
            element("ul", items, class_="said"),
            _unlisted(len(failing)),
        ]
    )


def _differing(subject: Subject) -> Html | None:
    verification = subject.verification
    count, roots = verification.counts[Verdict.DIFFERS], verification.roots
    if not count:
        return None
    rows = [_difference(subject, f) for f in roots[:MOST_LISTED]]
    heads = [
        element("th", what, scope="col")
        for what in ("Cell", "What it is", "Saved", "Recalculated", "Formula", "Depend on it", "Second engine")
    ]
    follow = count - len(roots)
    told = f"{counted(count, 'cell')} in all" + (
        f"; {counted(follow, 'more cell')} only follow from these" if follow else ""
    )
    table = element("table", element("thead", element("tr", heads)), element("tbody", rows))
    return joined(
        [
            element("h3", f"Differs: {counted(len(roots), 'place')} where it starts"),
            element("p", f"{told}.", class_="note"),
            scrolled(table, "Cells that differ"),
            _unlisted(len(roots)),
        ]
    )


def _difference(subject: Subject, finding: CellFinding) -> Html:
    place = place_of(subject, finding.cell)
    second = "finds it too" if finding.confirmed else "was not asked, or cannot judge it"
    return element(
        "tr",
        element("th", cell_link(subject, place), scope="row"),
        element("td", _label(subject, place)),
        element("td", _scalar(finding.saved), class_="n"),
        element(
            "td", _scalar(finding.calculated), finding.message and element("br"), finding.message or None, class_="n"
        ),
        element("td", element("code", cut(f"={finding.formula}", 300))),
        element("td", f"{finding.downstream:,}", class_="n"),
        element("td", second),
    )


def _disputed(subject: Subject) -> Html | None:
    found = subject.verification.disputes
    if not found:
        return None
    items = []
    for dispute in found[:MOST_LISTED]:
        first = dispute.findings[0]
        what = ", ".join(dispute.functions) or "operators alone"
        first_values = f": saved {_scalar(first.saved)}, its formula gives {_scalar(first.calculated)}"
        told = f"{first_values}, by the second engine {_scalar(first.witness)}"
        items.append(element("li", f"{what}: ", cell_links(subject, [f.cell for f in dispute.findings]), told))
    heading = element("h3", f"Disputed: {counted(subject.verification.counts[Verdict.DISPUTED], 'cell')}")
    note = element("p", "Two engines calculate differently, so nothing is proved of these cells.", class_="note")
    return joined([heading, note, element("ul", items, class_="said"), _unlisted(len(found))])


def _unverified(subject: Subject) -> Html | None:
    groups = subject.verification.unverified
    if not groups:
        return None
    items = [
        element("li", f"{reason_text(g.reason)}: {counted(len(g.cells), 'cell')}, ", cell_links(subject, g.cells))
        for g in groups[:MOST_LISTED]
    ]
    heading = element("h3", f"Not verified: {counted(subject.verification.counts[Verdict.UNVERIFIED], 'cell')}")
    note = element(
        "p",
        "No pass and no accusation. Tables and charts show the saved value of a cell that was not calculated.",
        class_="note",
    )
    return joined([heading, note, element("ul", items, class_="said"), _unlisted(len(groups))])


def _label(subject: Subject, place: Place) -> str:
    area = subject.areas[place[0] - 1]
    return area.label(place[1:]) if place[1:] in area.filled else ""


def _unlisted(count: int) -> Html | None:
    return element("p", f"{count - MOST_LISTED:,} more are not listed.", class_="note") if count > MOST_LISTED else None


def _scalar(content: Scalar) -> str:
    return cut(display(content), 120)
