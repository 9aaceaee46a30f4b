"""How a plan is shown: how wide, how much of it, and how rows, columns and cells are named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

from xlmodel.engine.protocol import CellKey
from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.escape import safe
from xlmodel.report.lines import SHOWN
from xlmodel.report.sync_values import as_name, told
from xlmodel.sync.planned import FeedPlan, Key
from xlmodel.values import Scalar

__all__ = ["View", "address", "key_name", "more", "shown"]


@dataclass(frozen=True)
class View:
    """How a plan is shown."""

    width: int = 100
    most: int = SHOWN  #: things of one sort that are shown
    date1904: bool = False

    def sentence(self, text: str, by: int = 2) -> list[str]:
        """Return a sentence on as many lines as it takes."""
        return wrap(
            text, self.width, initial_indent=" " * by, subsequent_indent=" " * by,
            break_on_hyphens=False, break_long_words=False,
        )  # fmt: skip

    def rest(self, there: int, by: int = 4) -> list[str]:
        """Return the line that says how many more there are."""
        return [" " * by + more(there - self.most)] if there > self.most else []


def more(left_out: int) -> str:
    """Return the line that says how many things are not shown, and what shows them."""
    return f"… and {left_out:,} more (--all shows them)"


def key_name(key: Key, feed: FeedPlan, view: View) -> str:
    """Return what a row is called: its key, each part as its column shows it."""
    codes = [feed.formats.get(heading, "") for heading in feed.keys]
    return ", ".join(as_name(v, code, view.date1904) for v, code in zip_longest(key, codes, fillvalue=""))


def shown(feed: FeedPlan, view: View, column: str, value: Scalar) -> str:
    """Return a value as a column of the target shows it."""
    return told(value, feed.formats.get(column, ""), view.date1904)


def address(cell: CellKey, full: bool = False) -> str:
    """Return a cell's address; its full one has the sheet."""
    name = cell_name(cell.row, cell.col)
    return f"{safe(quote_sheet(cell.sheet))}!{name}" if full else name
