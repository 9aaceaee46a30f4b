"""Links from words of a page to the cells that they are about."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.engine.protocol import CellKey
from xlmodel.report.book_page_markup import Html, element, joined
from xlmodel.report.book_page_subject import Place, Subject

__all__ = ["cell_link", "cell_links", "place_of"]

MOST_NAMED = 6  #: cells named in a sentence


def place_of(subject: Subject, cell: CellKey) -> Place:
    """Return the place of a cell."""
    return subject.numbers[cell.sheet], cell.row, cell.col


def cell_link(subject: Subject, place: Place) -> Html:
    """Return a cell's address, as a link where the page shows the cell."""
    link = subject.link(place)
    name = subject.address(place)
    return element("a", name, href=link) if link else element("span", name)


def cell_links(subject: Subject, cells: Sequence[CellKey]) -> Html:
    """Return the addresses of some cells, the first few of many."""
    links = [cell_link(subject, place_of(subject, c)) for c in cells[:MOST_NAMED]]
    shown = joined([joined([", " if i else None, link]) for i, link in enumerate(links)])
    return joined([shown, f" and {len(cells) - MOST_NAMED:,} more" if len(cells) > MOST_NAMED else None])
