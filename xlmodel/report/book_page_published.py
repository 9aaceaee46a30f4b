"""What a page says of a published workbook: its edition, functions that changed since, values that were recorded."""

from __future__ import annotations

from xlmodel.report.book_page_links import cell_link, place_of
from xlmodel.report.book_page_markup import Html, counted, cut, element, joined, scrolled
from xlmodel.report.book_page_subject import Subject
from xlmodel.values import display
from xlmodel.verify.record import EDITIONS

__all__ = ["changed_functions", "edition", "other_values", "signed_sentence"]

MOST_LISTED = 200
HASH = 12  #: characters of a hash that tell it from another
MOST_VALUE = 120


def edition(subject: Subject) -> str:
    """Return the edition of a published workbook and what it is for; "" for any other workbook."""
    record = subject.outcome.record
    return "" if record is None else f"{record.edition}: {EDITIONS[record.edition]}"


def signed_sentence(subject: Subject) -> str:
    """Return whether the values are those recorded when it was published; "" where no hash of them is recorded."""
    sign_off = subject.outcome.sign_off
    if sign_off is None:
        return ""
    hash_ = f"{sign_off.recorded[:HASH]}…"
    if sign_off.holds:
        return f"The values are those recorded when it was published (hash {hash_})."
    return f"The values are not those recorded when it was published (hash {hash_})."


def other_values(subject: Subject) -> Html | None:
    """Return the sheets whose values are not those recorded when it was published; None where all are."""
    sign_off = subject.outcome.sign_off
    if sign_off is None or sign_off.holds:
        return None
    items = [element("li", sheet) for sheet in sign_off.sheets]
    told = (
        f"On {len(sign_off.sheets):,} of {sign_off.total:,} sheets with formulas the values are not those recorded "
        "when it was published. Publish it and have it approved again, or take the file as it was published."
    )
    heading = element("h3", "Not as published")
    return joined([heading, element("p", told, class_="note"), element("ul", items, class_="said")])


def changed_functions(subject: Subject) -> Html | None:
    """Return the functions that changed since the workbook was published, and the results that do by them."""
    drift = subject.outcome.drift
    if drift is None:
        return None
    items = [element("li", f"{function.sentence}.") for function in drift.functions]
    heading = element("h3", f"Changed since the workbook was published: {counted(len(drift.functions), 'function')}")
    parts = [heading, element("ul", items, class_="said")]
    if drift.problem:
        parts.append(element("p", f"By how much results differ is not known: {drift.problem}."))
    elif not drift.results:
        parts.append(element("p", drift.unchanged))
    else:
        heads = [element("th", what, scope="col") for what in ("Cell", "In the workbook", "By the functions here")]
        ordered = sorted(drift.results, key=lambda result: not result.root)
        rows = [
            element(
                "tr",
                element("th", cell_link(subject, place_of(subject, result.cell)), scope="row"),
                element("td", cut(display(result.saved), MOST_VALUE), class_="n"),
                element("td", cut(display(result.calculated), MOST_VALUE), class_="n"),
            )
            for result in ordered[:MOST_LISTED]
        ]
        table = element("table", element("thead", element("tr", heads)), element("tbody", rows))
        parts.append(scrolled(table, "Results that changed with the functions"))
        if len(ordered) > MOST_LISTED:
            parts.append(element("p", f"{len(ordered) - MOST_LISTED:,} more are not listed.", class_="note"))
    return joined(parts)
