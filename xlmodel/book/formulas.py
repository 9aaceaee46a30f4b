"""The distinct formulas of a workbook: A1 texts as they are read become numbers of R1C1 texts."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.filling import Coordinates, Filled, Lane
from xlmodel.refs import TokenKind, bare_function, column_letters, tokens

__all__ = ["FormulaTable", "filled_from", "without_hosts"]

_CELL = re.compile(rb"[A-Z]{1,3}\$?[0-9]+")
#: how many formulas are remembered by their words
_ALIKE = 4096


class FormulaTable:
    """Interns formulas, and remembers the hosts whose decorations it took from function names.

    Cutting a formula into tokens costs a hundred times as much as filling a known one, so a text is first compared with
    known formulas, filled to where it stands. Only an equal text is taken for the same formula.
    """

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._above: dict[int, Filled] = {}
        self._last: Filled | None = None
        self._alike: dict[bytes, Filled] = {}
        self._downwards = True
        self._coordinates = Coordinates()

    @property
    def texts(self) -> tuple[str, ...]:
        """The distinct formulas in R1C1 notation."""
        return tuple(self._numbers)

    def start_sheet(self) -> None:
        """Forget the cells above and to the left."""
        self._above.clear()
        self._last = None

    def number(self, formula: str, row: int, col: int) -> int:
        """Return the number of an A1 formula that stands at a cell."""
        return self.find(formula.encode(), row, col).number

    def numbers(self, formulas: bytes, rows: NDArray[np.int32], cols: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the numbers of many formulas, in the order of their rows and with a NUL behind each."""

        @cache
        def lane(downwards: bool) -> Lane:
            return Lane(formulas, rows, cols, downwards)

        numbers = np.empty(len(rows), np.int32)
        known = bytearray(len(rows))
        flags = np.frombuffer(known, np.uint8)
        cell = 0
        while (cell := known.find(0, cell)) >= 0:
            row, col = int(rows[cell]), int(cols[cell])
            filled = self.find(lane(False).text(cell), row, col)
            numbers[cell], flags[cell] = filled.number, 1
            for downwards in (self._downwards, not self._downwards):
                cells = lane(downwards).filled_on(filled, cell, row, col, self._coordinates)
                if len(cells):
                    numbers[cells], flags[cells] = filled.number, 1
                    self._downwards = downwards
                    break
        return numbers

    def find(self, formula: bytes, row: int, col: int) -> Filled:
        """Return an A1 formula that stands at a cell as one that can be filled on; the same one where it is filled."""
        above, last = self._above.get(col), self._last
        near = (above, last) if self._downwards else (last, above)
        filled = next((x for x in near if x is not None and x.at(row, col) == formula), None)
        if filled is None:
            words = _CELL.sub(b"", formula)
            filled = self._alike.get(words)
            if filled is None or filled.at(row, col) != formula:
                filled = self._read(formula.decode(), row, col)
                if len(self._alike) == _ALIKE:
                    self._alike.clear()
                self._alike[words] = filled
        self._above[col] = self._last = filled
        return filled

    def _read(self, formula: str, row: int, col: int) -> Filled:
        r1c1: list[str] = []
        literals, places = [""], list[tuple[bool, int]]()
        for token in tokens(formula, row, col):
            area = token.area
            if area is None:
                bare = token.text
                if token.kind is TokenKind.CALL:
                    name, host = bare_function(token.text)
                    if host:
                        self.hosts.add(host)
                        bare = name
                r1c1.append(bare)
                literals[-1] += token.text
                continue
            r1c1.append(area.r1c1())
            literals[-1] += area.prefix
            corners = [(area.top, area.left)] if area.single else [(area.top, area.left), (area.bottom, area.right)]
            for i, (r, c) in enumerate(corners):
                literals[-1] += ":" if i else ""
                for is_row, x in ((False, c), (True, r)):
                    if x is None:
                        continue
                    absolute, n = x
                    if absolute:
                        literals[-1] += f"${n}" if is_row else "$" + column_letters(n)
                    else:
                        literals.append("")
                        places.append((is_row, n))
        key = "".join(r1c1).removeprefix("=")
        number = self._numbers.setdefault(key, len(self._numbers))
        return Filled(number, literals, places)


def filled_from(formula: str, row: int, col: int) -> Filled:
    """Return the A1 formula of a cell, ready to say how it reads when filled to other cells; its words stay as written.

    >>> filled_from("B2*B$1+_xldudf_CSC_X(A1)", 2, 3).at(9, 3)
    b'B9*B$1+_xldudf_CSC_X(A8)'
    """
    return FormulaTable()._read(formula, row, col)


def without_hosts(formula: str) -> tuple[str, frozenset[str]]:
    """Take the hosts' decorations from the function names of a formula; return it and the hosts.

    >>> without_hosts("_xldudf_CSC_X(A1)+_xlfn.CONCAT(B1)")
    ('CSC_X(A1)+_xlfn.CONCAT(B1)', frozenset({'officejs'}))
    """
    pieces, hosts = [], set()
    for token in tokens(formula):
        name, host = bare_function(token.text) if token.kind is TokenKind.CALL else (token.text, "")
        pieces.append(name if host else token.text)
        hosts.add(host)
    return "".join(pieces), frozenset(hosts - {""})
