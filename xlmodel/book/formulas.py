"""The distinct formulas of a workbook: A1 texts as they are read become numbers of R1C1 texts."""

from __future__ import annotations

from xlmodel.refs import MAX_COL, MAX_ROW, TokenKind, bare_function, column_letters, tokens

__all__ = ["FormulaTable", "without_hosts"]


class _Filled:
    """A formula that was read, ready to say how it would read when filled to another cell."""

    __slots__ = ("_columns", "_places", "_reach", "_text", "number")

    def __init__(self, number: int, text: str, places: list[tuple[bool, int]]) -> None:
        self.number = number
        self._text = text  #: with %s for each relative coordinate
        self._places = places  #: (is it a row?, distance)
        rows, cols = [n for is_row, n in places if is_row], [n for is_row, n in places if not is_row]
        self._reach = min(rows, default=0), max(rows, default=0), min(cols, default=0), max(cols, default=0)
        self._columns: dict[int, tuple[str, list[int]]] = {}

    def below(self, row: int, col: int) -> str:
        """Return the text at a cell of a column that will be asked for again, "" where it reaches over the edge."""
        up, down, *_ = self._reach
        if row + up < 1 or row + down > MAX_ROW:
            return ""
        if col not in self._columns:
            if not self._inside(row, col):
                return ""
            texts = ["%s" if is_row else column_letters(col + n) for is_row, n in self._places]
            # a double %% in the literal parts has to survive the first formatting
            self._columns[col] = (
                self._text.replace("%%", "%%%%") % tuple(texts),
                [n for is_row, n in self._places if is_row],
            )
        text, distances = self._columns[col]
        return text % tuple([row + n for n in distances])

    def beside(self, row: int, col: int) -> str:
        """Return the text at any cell, "" where it reaches over the edge."""
        if not self._inside(row, col):
            return ""
        return self._text % tuple([row + n if is_row else column_letters(col + n) for is_row, n in self._places])

    def _inside(self, row: int, col: int) -> bool:
        up, down, left, right = self._reach
        return row + up >= 1 and row + down <= MAX_ROW and col + left >= 1 and col + right <= MAX_COL


class FormulaTable:
    """Interns formulas, and remembers the hosts whose decorations it took from function names.

    Cutting a formula into tokens costs ten times as much as filling a known one, so a text is first compared with the
    formula above and the formula to the left, filled here. Only an equal text is taken for the same formula.
    """

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._above: dict[int, _Filled] = {}
        self._last: _Filled | None = None
        self._downwards = True

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
        above, last = self._above.get(col), self._last
        if self._downwards:
            if above is not None and above.below(row, col) == formula:
                self._last = above
                return above.number
            if last is not None and last is not above and last.beside(row, col) == formula:
                self._downwards = False
                self._above[col] = last
                return last.number
        else:
            if last is not None and last.beside(row, col) == formula:
                self._above[col] = last
                return last.number
            if above is not None and above is not last and above.below(row, col) == formula:
                self._downwards = True
                self._last = above
                return above.number
        filled = self._read(formula, row, col)
        self._above[col] = self._last = filled
        return filled.number

    def _read(self, formula: str, row: int, col: int) -> _Filled:
        r1c1, text, places = [], [], []
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
                text.append(token.text.replace("%", "%%"))
                continue
            r1c1.append(area.r1c1())
            text.append(area.prefix.replace("%", "%%"))
            corners = [(area.top, area.left)] if area.single else [(area.top, area.left), (area.bottom, area.right)]
            for i, (r, c) in enumerate(corners):
                text.append(":" if i else "")
                for is_row, x in ((False, c), (True, r)):
                    if x is None:
                        continue
                    absolute, n = x
                    if absolute:
                        text.append(f"${n}" if is_row else "$" + column_letters(n))
                    else:
                        text.append("%s")
                        places.append((is_row, n))
        key = "".join(r1c1).removeprefix("=")
        number = self._numbers.setdefault(key, len(self._numbers))
        return _Filled(number, "".join(text), places)


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
