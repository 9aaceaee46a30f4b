"""Which formula needs which: the order of calculation, from the book alone.

The graph never holds an edge from a cell to a cell of a range. Each distinct rectangle is a node, and each column with
formulas is a tree of halves, of which a rectangle needs at most two a level: a sum over 10,000 rows costs 26 edges.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, DefinedName
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Piece, PieceKind, Region, Scope, Span
from xlmodel.errors import EngineError
from xlmodel.refs import Area, Rect, bare_function

__all__ = ["Dependencies", "Order"]

#: Functions that look at a reference and not into it: `=ROWS(A$1:A1)` in A1 is no cycle.
LOOK_AT = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "AREAS", "SHEET", "SHEETS"})
#: Functions that make references of their own while calculating.
DYNAMIC = frozenset({"OFFSET", "INDIRECT"})

Ints = NDArray[np.int64]


class Order(NamedTuple):
    """Formula cells, each after those it needs; and those that need themselves."""

    sorted: tuple[CellKey, ...]
    cycled: tuple[CellKey, ...]


class _Needs(NamedTuple):
    spans: tuple[Span, ...]
    dynamic: bool
    external: bool


class Dependencies:
    """The references of every formula cell of a book.

    Attributes
    ----------
    cells : tuple of CellKey
        Every formula cell, sheet by sheet, by row, then column.
    dynamic : frozenset of CellKey
        Those with OFFSET or INDIRECT, also through a name: they may need more than is known here.
    external : frozenset of CellKey
        Those that refer to another workbook.
    """

    def __init__(self, book: Book, scope: Scope | None = None) -> None:
        self.book = book
        self.scope = scope or Scope(book)
        self._needs_of: dict[tuple[int, int], _Needs] = {}
        homes, rows, cols, which = [], [], [], []
        for home, sheet in enumerate(book.sheets):
            at = np.flatnonzero(sheet.formula >= 0)
            homes.append(np.full(len(at), home, np.int64))
            rows.append(sheet.row[at].astype(np.int64))
            cols.append(sheet.col[at].astype(np.int64))
            which.append(sheet.formula[at].astype(np.int64))
        empty = [np.zeros(0, np.int64)]
        self._home, self._row, self._col, self._which = (np.concatenate(a or empty) for a in (homes, rows, cols, which))
        names = self.scope.sheet_names
        self.cells = tuple(
            CellKey(names[h], r, c)
            for h, r, c in zip(self._home.tolist(), self._row.tolist(), self._col.tolist(), strict=True)
        )
        places = zip(self._home.tolist(), self._row.tolist(), self._col.tolist(), strict=True)
        self._number = {place: i for i, place in enumerate(places)}
        self._collect()

    # --- what each formula refers to --------------------------------------------------------------------------------

    def _needs(self, which: int, home: int) -> _Needs:
        key = which, home
        if key not in self._needs_of:
            try:
                pieces = self.scope.read(self.book.formulas[which], home)
                self._needs_of[key] = _Needs(*_needs(pieces, self.scope, home))
            except EngineError:  # names that expand without measure: nothing is known, and no engine calculates it
                self._needs_of[key] = _Needs((), True, False)
        return self._needs_of[key]

    def _collect(self) -> None:
        """Place every reference: one row of `rects` for each distinct rectangle, `uses` for who needs it."""
        parts, owners = [np.zeros((0, 5), np.int64)], [np.zeros(0, np.int64)]
        dynamic, external = [], []
        group = self._which * max(len(self.book.sheets), 1) + self._home
        by_group = np.argsort(group, kind="stable")
        edges = np.flatnonzero(np.diff(group[by_group], prepend=-1)) if len(group) else np.zeros(0, np.int64)
        for members in np.split(by_group, edges[1:]) if len(edges) else ():
            needs = self._needs(int(self._which[members[0]]), int(self._home[members[0]]))
            if needs.dynamic:
                dynamic.extend(members.tolist())
            if needs.external:
                external.extend(members.tolist())
            for span in needs.spans:
                placed = span.place(self._row[members], self._col[members])
                there = placed[:, 0] > 0
                parts.append(np.column_stack([np.full(int(there.sum()), span.sheet), placed[there]]))
                owners.append(members[there])
        everything, owner = np.concatenate(parts), np.concatenate(owners)
        if len(everything):
            self._rects, which = np.unique(everything, axis=0, return_inverse=True)
            which = which.ravel()
        else:
            self._rects, which = everything, owner
        self._uses = np.column_stack([which, owner])
        self.dynamic = frozenset(self.cells[i] for i in dynamic)
        self.external = frozenset(self.cells[i] for i in external)

    def precedents(self, cell: CellKey) -> tuple[tuple[str, Rect], ...]:
        """Return the rectangles a formula cell refers to, in the order of its formula, whole columns unclipped."""
        at = self._number.get(self._key(cell), -1)
        if at < 0:
            return ()
        return tuple((self.scope.sheet_names[r.sheet], r.rect) for r in self.regions(at))

    def regions(self, number: int) -> list[Region]:
        """Return what a formula cell, given by its place in `cells`, refers to."""
        row, col = int(self._row[number]), int(self._col[number])
        needs = self._needs(int(self._which[number]), int(self._home[number]))
        placed = ((span.sheet, span.at(row, col)) for span in needs.spans)
        return list(dict.fromkeys(Region(sheet, rect) for sheet, rect in placed if rect is not None))

    def ranges(self, home: int) -> Ints:
        """Return the distinct rectangles of a sheet that formulas refer to, each as top, left, bottom and right."""
        return self._rects[self._rects[:, 0] == home, 1:]

    def _key(self, cell: CellKey) -> tuple[int, int, int]:
        home = self.scope.sheet(cell.sheet)
        return (-1 if home is None else home), cell.row, cell.col

    # --- the graph ---------------------------------------------------------------------------------------------------

    @cached_property
    def _graph(self) -> tuple[list[int], list[int], int]:
        """Successors of each node, as offsets and targets: formula cells, then rectangles, then halves of columns."""
        n_cells, n_rects = len(self.cells), len(self._rects)
        pairs = [np.column_stack([self._uses[:, 0] + n_cells, self._uses[:, 1]])]
        top = n_cells + n_rects
        column, start, end, node = self._filled()
        keys, first = np.unique(column, return_index=True)
        bounds = np.append(first, len(column))
        queries = self._by_column(keys)
        for k in range(len(keys)):
            low, high = int(bounds[k]), int(bounds[k + 1])
            asked = queries.get(int(keys[k]))
            if asked is None:
                continue
            ends = np.maximum.accumulate(end[low:high])
            one = np.searchsorted(ends, self._rects[asked, 1], "left")
            two = np.searchsorted(start[low:high], self._rects[asked, 3], "right")
            some = two > one
            edges, top = _halves(node[low:high], one[some], two[some], asked[some] + n_cells, top)
            pairs.extend(edges)
        every = np.concatenate(pairs)
        order = np.argsort(every[:, 0], kind="stable")
        offsets = np.searchsorted(every[order, 0], np.arange(top + 1))
        return offsets.tolist(), every[order, 1].tolist(), top

    def _filled(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the runs of cells that formulas fill, sorted: column key, first row, last row, formula cell."""
        column, start, end, node = (
            [self._home * 16_385 + self._col],
            [self._row],
            [self._row],
            [np.arange(len(self.cells))],
        )
        for home, sheet in enumerate(self.book.sheets):
            for index, rect in sheet.arrays.items():
                at = self._number.get((home, int(sheet.row[index]), int(sheet.col[index])), -1)
                if at < 0 or rect.shape == (1, 1):
                    continue
                cols = np.arange(rect.left, rect.right + 1, dtype=np.int64)
                for out, value in (
                    (column, home * 16_385 + cols),
                    (start, cols * 0 + rect.top),
                    (end, cols * 0 + rect.bottom),
                ):
                    out.append(value)
                node.append(cols * 0 + at)
        c, s, e, n = (np.concatenate(a) for a in (column, start, end, node))
        order = np.lexsort((e, s, c))
        return c[order], s[order], e[order], n[order]

    def _by_column(self, keys: Ints) -> dict[int, Ints]:
        """Return, for each column with formulas, the rectangles that reach into it."""
        out: dict[int, list[Ints]] = {}
        sheet, left, right = self._rects[:, 0], self._rects[:, 2], self._rects[:, 4]
        one = np.searchsorted(keys, sheet * 16_385 + left)
        two = np.searchsorted(keys, sheet * 16_385 + right, "right")
        width = two - one
        for step in range(int(width.max(initial=0))):
            reach = np.flatnonzero(width > step)
            at = one[reach] + step
            order = np.argsort(at, kind="stable")
            cuts = np.flatnonzero(np.diff(at[order])) + 1
            for part in np.split(reach[order], cuts):
                out.setdefault(int(keys[one[part[0]] + step]), []).append(part)
        return {k: np.concatenate(v) for k, v in out.items()}

    @cached_property
    def _order(self) -> tuple[list[int], list[list[int]]]:
        offsets, targets, count = self._graph
        n_cells = len(self.cells)
        waiting = np.bincount(np.asarray(targets, np.int64), minlength=count).tolist()
        ready = [i for i in range(count) if waiting[i] == 0][::-1]
        out: list[int] = []
        while ready:
            node = ready.pop()
            if node < n_cells:
                out.append(node)
            for target in targets[offsets[node] : offsets[node + 1]]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        stuck = [i for i in range(count) if waiting[i] > 0]
        if not stuck:
            return out, []
        loops: list[list[int]] = []
        for part in reversed(_components(stuck, offsets, targets)):
            cells = sorted(i for i in part if i < n_cells)
            if len(part) > 1 or part[0] in targets[offsets[part[0]] : offsets[part[0] + 1]]:
                loops.append(cells)
            else:
                out.extend(cells)
        return out, sorted(loops)

    def order(self) -> Order:
        """Return the order of calculation; a cycle is a value, not an exception."""
        ordered, loops = self._order
        cycled = sorted(i for loop in loops for i in loop)
        return Order(tuple(self.cells[i] for i in ordered), tuple(self.cells[i] for i in cycled))

    def loops(self) -> tuple[tuple[CellKey, ...], ...]:
        """Return the cells that need themselves, those that need one another together."""
        return tuple(tuple(self.cells[i] for i in loop) for loop in self._order[1])

    def dependents(self, cells: Iterable[CellKey]) -> frozenset[CellKey]:
        """Return every formula cell that needs one of these cells, directly or through others."""
        offsets, targets, _ = self._graph
        n_cells = len(self.cells)
        seen: set[int] = set()
        queue: list[int] = []
        rects = self._rects
        for sheet, row, col in map(self._key, cells):
            hit = (
                (rects[:, 0] == sheet)
                & (rects[:, 1] <= row)
                & (row <= rects[:, 3])
                & (rects[:, 2] <= col)
                & (col <= rects[:, 4])
            )
            queue.extend((np.flatnonzero(hit) + n_cells).tolist())
            start = self._number.get((sheet, row, col))
            if start is not None:  # an array formula is needed wherever it fills
                queue.extend(targets[offsets[start] : offsets[start + 1]])
        while queue:
            node = queue.pop()
            if node not in seen:
                seen.add(node)
                queue.extend(targets[offsets[node] : offsets[node + 1]])
        return frozenset(self.cells[i] for i in seen if i < n_cells)


def _needs(
    pieces: tuple[Piece, ...], scope: Scope, home: int, inside: tuple[DefinedName, ...] = ()
) -> tuple[tuple[Span, ...], bool, bool]:
    spans: list[Span] = []
    dynamic = external = joined = False
    solid = [p for p in pieces if p.text != " "]
    for i, piece in enumerate(solid):
        if piece.kind is PieceKind.CALL:
            name = bare_function(piece.text)[0].removeprefix("_XLFN.").removeprefix("_XLWS.")
            dynamic |= name in DYNAMIC
            named = scope.function(piece.text, home)
            if named is not None and named not in inside:
                inner = _needs(scope.read(f"({named.name})", home), scope, home, (*inside, named))
                spans.extend(inner[0])
                dynamic, external = dynamic | inner[1], external | inner[2]
        elif piece.kind is PieceKind.EXTERNAL:
            external = True
        elif piece.kind is PieceKind.REFERENCE and not _looked_at(solid, i):
            spans.extend(piece.spans)
        joined |= piece.text == ":"
    if joined:  # A1:INDEX(...) reaches over what lies between its ends
        spans.extend(_hulls(spans))
    return tuple(dict.fromkeys(spans)), dynamic, external


def _looked_at(pieces: list[Piece], i: int) -> bool:
    if not 2 <= i < len(pieces) - 1 or pieces[i - 1].text != "(" or pieces[i + 1].text != ")":
        return False
    before = pieces[i - 2]
    return before.kind is PieceKind.CALL and bare_function(before.text)[0] in LOOK_AT


def _hulls(spans: list[Span]) -> list[Span]:
    """Return, for each pair of a sheet's spans, what lies between; relative edges are paired, not compared."""
    out: list[Span] = []
    for i, a in enumerate(spans):
        for b in spans[i + 1 : i + 33]:
            ends = (a.area.top, a.area.left, b.area.top, b.area.left)
            if a.sheet == b.sheet and a.within is None and b.within is None and None not in ends:
                pairs = ((a.area, b.area), (b.area, a.area))
                out.extend(Span(a.sheet, Area("", x.top, x.left, y.bottom, y.right, single=False)) for x, y in pairs)
    return out


def _halves(leaves: Ints, one: Ints, two: Ints, asking: Ints, top: int) -> tuple[list[Ints], int]:
    """Link each query for leaves one..two-1 through a tree of halves; `top` is the first free node."""
    n = len(leaves)
    tree = np.concatenate([np.arange(top, top + n), leaves])  # inner nodes 1..n-1, leaves n..2n-1; 0 stands unused
    pairs: list[Ints] = []
    low, high, who = one + n, two + n, asking
    inner = False
    while len(low):
        for pick, at in ((low & 1 == 1, low), (high & 1 == 1, high - 1)):
            pairs.append(np.column_stack([tree[at[pick]], who[pick]]))
            inner |= bool((at[pick] < n).any())
        low, high = (low + 1) >> 1, high >> 1
        keep = low < high
        low, high, who = low[keep], high[keep], who[keep]
    if not inner:
        return pairs, top
    parents = np.arange(1, n)
    pairs.extend(np.column_stack([tree[child], tree[parents]]) for child in (2 * parents, 2 * parents + 1))
    return pairs, top + n


def _components(nodes: list[int], offsets: list[int], targets: list[int]) -> list[list[int]]:
    """Return the strongly connected components among some nodes, dependents first (Tarjan, without recursion)."""
    inside = set(nodes)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on: set[int] = set()
    out: list[list[int]] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, offsets[root])]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            node, at = work[-1]
            if at < offsets[node + 1]:
                work[-1] = (node, at + 1)
                target = targets[at]
                if target not in inside:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on.add(target)
                    work.append((target, offsets[target]))
                elif target in on:
                    low[node] = min(low[node], index[target])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                part = []
                while True:
                    member = stack.pop()
                    on.discard(member)
                    part.append(member)
                    if member == node:
                        break
                out.append(part)
    return out
