"""Blocks: rectangles of cells whose formulas are the same in R1C1 notation, one thing filled down or across."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.refs import Rect

__all__ = ["Block", "blocks"]


class Block(NamedTuple):
    """A rectangle of cells with one formula."""

    sheet: int  #: into Book.sheets
    rect: Rect
    formula: int  #: into Book.formulas


def blocks(book: Book, sheet: int) -> tuple[Block, ...]:
    """Return the blocks of a sheet, by their first cells: runs along rows, joined downwards where they line up."""
    cells = book.sheets[sheet]
    at = np.flatnonzero(cells.formula >= 0)
    row, col, formula = cells.row[at], cells.col[at], cells.formula[at]
    starts = np.ones(len(at), bool)
    starts[1:] = (row[1:] != row[:-1]) | (col[1:] != col[:-1] + 1) | (formula[1:] != formula[:-1])
    first = np.flatnonzero(starts)
    last = np.append(first[1:], len(at))[: len(first)] - 1
    open_runs: dict[tuple[int, int, int], list[int]] = {}
    found: list[list[int]] = []
    for a, b in zip(first.tolist(), last.tolist(), strict=True):
        key = int(col[a]), int(col[b]), int(formula[a])
        above = open_runs.get(key)
        if above is not None and above[1] == row[a] - 1:
            above[1] = int(row[a])
        else:
            open_runs[key] = run = [int(row[a]), int(row[a]), *key]
            found.append(run)
    return tuple(
        Block(sheet, Rect(top, left, bottom, right), which)
        for top, bottom, left, right, which in sorted(found, key=lambda r: (r[0], r[2]))
    )
