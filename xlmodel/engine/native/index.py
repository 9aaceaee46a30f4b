"""One line of cells, made ready to be searched.

The ways Excel searches: for the same scalar from either end; by halving, which on cells out of order finds what the
halving happens on; downwards until a smaller one; for the nearest in the order of all scalars. Unlike `=`, a search
compares numbers to the last bit. Positions count from 0; -1 is nothing found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.comparison import text_key
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.wildcards import has_wildcards, wildcard
from xlmodel.values import Kind, Scalar, Values

__all__ = ["MISSING", "Index", "indexed"]

MISSING = -1

_Places = NDArray[np.intp]

#: A line is scanned for its first numbers; one that is asked more often gets a table.
_SCANS = 4

#: How kinds follow one another in the order of all scalars.
_RANK = {Kind.NUMBER: 1, Kind.TEXT: 2, Kind.BOOLEAN: 3, Kind.ERROR: 4, Kind.BLANK: 5}


def _kind(x: Scalar) -> Kind:
    if isinstance(x, bool):
        return Kind.BOOLEAN
    if isinstance(x, str):
        return Kind.TEXT
    return Kind.BLANK if x is None else Kind.NUMBER


def _number(x: Scalar) -> float:
    return float(x) if isinstance(x, (bool, float, int)) else 0.0


class Index:
    """The cells of one row or column, and what is known about where they are."""

    def __init__(self, line: Values) -> None:
        flat = line.reshape((line.size,))
        self._kind, self._num, self._text = flat.kind, flat.num, flat.text
        self._size = flat.size
        self._scans = 0
        self._arrays: dict[Kind, _Places] = {}
        self._places: dict[Kind, list[int]] = {}
        self._runs: dict[Kind, list[int]] = {}

    def __len__(self) -> int:
        return self._size

    # ------------------------------------------------------------------------------------------- the same

    def same(self, x: Scalar, last: bool = False, folded: bool = False) -> int:
        """Return where a scalar first stands, or last; a blank is found in blank cells, where `folded` ß in ss."""
        kind = _kind(x)
        if kind == Kind.TEXT:
            text = str(x)
            if folded:
                return self._folded.get(text.casefold(), (MISSING, MISSING))[last]
            return self._texts.get(text.lower(), (MISSING, MISSING))[last]
        if kind == Kind.NUMBER and self._scans >= _SCANS:
            return self._numbers.get(_number(x), (MISSING, MISSING))[last]
        self._scans += 1
        hit = self._kind == kind
        if kind != Kind.BLANK:
            hit &= self._num == _number(x)
        if not hit.any():
            return MISSING
        return self._size - 1 - int(hit[::-1].argmax()) if last else int(hit.argmax())

    def like(self, x: Scalar, last: bool = False) -> int:
        """Return where a scalar, or what a text with `?` and `*` stands for, first stands, or last."""
        if not isinstance(x, str) or not has_wildcards(x):
            return self.same(x, last)
        fits = wildcard(x).fits
        places = self._of(Kind.TEXT)
        return next((i for i in (reversed(places) if last else places) if fits(self._text[i])), MISSING)

    @cached_property
    def _numbers(self) -> dict[float, tuple[int, int]]:
        return _ends(self._num[self._at(Kind.NUMBER)].tolist(), self._of(Kind.NUMBER))

    @cached_property
    def _texts(self) -> dict[str, tuple[int, int]]:
        places = self._of(Kind.TEXT)
        return _ends([self._text[i].lower() for i in places], places)

    @cached_property
    def _folded(self) -> dict[str, tuple[int, int]]:
        places = self._of(Kind.TEXT)
        return _ends([self._text[i].casefold() for i in places], places)

    # ------------------------------------------------------------------------------------------- by order

    def ascending(self, x: Scalar) -> int:
        """Return where MATCH finds the last that is no greater, by halving; cells of another kind are stepped over."""
        kind = Kind.NUMBER if x is None else _kind(x)
        places, order = self._of(kind), self._order(kind, x)
        low, high, best = 0, self._size - 1, MISSING
        while low <= high:
            middle = (low + high) // 2
            j = bisect_left(places, middle)
            if j == len(places) or places[j] > high:
                high = middle - 1
                continue
            at = places[j]
            found = order(at)
            if found == 0:
                return self._end_of_run(kind, j)
            if found < 0:
                best, low = at, at + 1
            else:
                high = middle - 1
        return best

    def descending(self, x: Scalar) -> int:
        """Return where MATCH finds, from the top, the last before one that is smaller; the first that is equal."""
        kind = Kind.NUMBER if x is None else _kind(x)
        if kind == Kind.TEXT:
            places, order, best = self._of(kind), self._order(kind, x), MISSING
            for at in places:
                found = order(at)
                if found <= 0:
                    return at if found == 0 else best
                best = at
            return best
        number = _number(x)
        num = self._num[self._at(kind)]
        below = num <= number
        stop = int(below.argmax()) if below.any() else len(num)
        if stop < len(num) and num[stop] == number:
            return self._of(kind)[stop]
        return self._of(kind)[stop - 1] if stop else MISSING

    def nearest(self, x: Scalar, larger: bool, last: bool = False) -> int:
        """Return where XMATCH finds a scalar, else the next smaller or larger in the order of all scalars."""
        found = self.same(x, last, folded=True)
        if found != MISSING:
            return found
        kind = _kind(x)
        beyond = self._at(kind)[:0] if kind == Kind.BLANK else self._beyond(kind, x, larger)
        if beyond.size:
            return self._extreme(kind, beyond, not larger, last)
        kinds = [k for k in (Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN) if k != kind and (_RANK[k] > _RANK[kind]) == larger]
        for other in kinds if larger else reversed(kinds):
            if self._at(other).size:
                return self._extreme(other, self._at(other), not larger, last)
        return MISSING

    def _beyond(self, kind: Kind, x: Scalar, larger: bool) -> _Places:
        """Return where the cells of a kind stand that are larger, or smaller, than a scalar none of them equals."""
        at = self._at(kind)
        if kind == Kind.TEXT:
            order = self._order(kind, x)
            side = np.array([(order(i) > 0) == larger for i in at.tolist()], np.bool_)
        else:
            side = (self._num[at] > _number(x)) == larger
        return at[side]

    def _extreme(self, kind: Kind, at: _Places, largest: bool, last: bool) -> int:
        if kind == Kind.TEXT:
            keys = [text_key(self._text[i]) for i in at.tolist()]
            wanted = max(keys) if largest else min(keys)
            hits = [i for i, key in zip(at.tolist(), keys, strict=True) if key == wanted]
            return int(hits[-1] if last else hits[0])
        num = self._num[at]
        hit = at[num == (num.max() if largest else num.min())]
        return int(hit[-1] if last else hit[0])

    def halving(self, x: Scalar, descending: bool, larger: bool | None) -> int:
        """Return where XMATCH finds a scalar by halving; else the next `larger` or smaller it met, None for neither."""
        kind = _kind(x)
        order = self._order(kind, x)
        low, high, best = 0, self._size - 1, MISSING
        while low <= high:
            middle = (low + high) // 2
            own = Kind(int(self._kind[middle]))
            found = order(middle) if own == kind else _RANK[own] - _RANK[kind]
            if found == 0:
                return self._alone(middle, order)
            if larger is not None and (found > 0) == larger:
                best = middle
            if (found < 0) != descending:
                low = middle + 1
            else:
                high = middle - 1
        return best

    def _alone(self, at: int, order: Callable[[int], int]) -> int:
        for i in (at - 1, at + 1):
            if 0 <= i < self._size and self._kind[i] == self._kind[at] and order(i) == 0:
                raise UnsupportedError("a binary search among equal cells")
        return at

    def _order(self, kind: Kind, x: Scalar) -> Callable[[int], int]:
        """Return a function that tells how the cell at a position, of the same kind, stands to a scalar."""
        if isinstance(x, str):
            text, key = self._text, text_key(x)
            return lambda at: ((k := text_key(text[at])) > key) - (k < key)
        if kind == Kind.BLANK:
            return lambda at: 0
        number, num = _number(x), self._num
        return lambda at: int(num[at] > number) - int(num[at] < number)

    def _at(self, kind: Kind) -> _Places:
        """Return the positions of the cells of one kind."""
        if kind not in self._arrays:
            self._arrays[kind] = np.flatnonzero(self._kind == kind)
        return self._arrays[kind]

    def _of(self, kind: Kind) -> list[int]:
        if kind not in self._places:
            self._places[kind] = self._at(kind).tolist()
        return self._places[kind]

    def _end_of_run(self, kind: Kind, j: int) -> int:
        """Return the last of the neighbouring cells that equal the one that stands at the j-th place of its kind."""
        places = self._of(kind)
        if kind not in self._runs:
            at = self._at(kind)
            cells: NDArray[np.generic] = self._num[at]
            if kind == Kind.TEXT:
                cells = np.array([self._text[i].lower() for i in places], object)
            parted = (np.diff(at) != 1) | (cells[1:] != cells[:-1])
            self._runs[kind] = [*np.flatnonzero(parted).tolist(), len(places) - 1]
        return places[self._runs[kind][bisect_left(self._runs[kind], j)]]


_Key = TypeVar("_Key")


def _ends(keys: list[_Key], places: list[int]) -> dict[_Key, tuple[int, int]]:
    """Return for each key the first and the last place it stands at."""
    found = dict(zip(reversed(keys), reversed(places), strict=True))
    return {key: (found[key], at) for key, at in zip(keys, places, strict=True)}


@lru_cache(maxsize=16)
def indexed(cells: Values, line: int | None = None, across: bool = False) -> Index:
    """Return the index of cells, or of one of their columns, or rows where `across`; the same cells share one."""
    return Index(cells if line is None else cells[line] if across else cells[:, line])
