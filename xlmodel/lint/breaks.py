"""Where a formula breaks its row or column: an odd run among runs of one usual formula, and which side is odd.

A difference counts only where the two formulas belong together: one takes in less of its own row or column than the
other; or they have one form and point elsewhere; or they take in the same cells and calculate otherwise. Formulas with
nothing in common stand side by side in every sheet, and mean nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from xlmodel.lint.lines import TYPED, Line, Run, beside, lines, places
from xlmodel.lint.proposal import changes, result
from xlmodel.lint.shape import Interval, Shape, missing, shape, size, taken
from xlmodel.lint.subject import Subject
from xlmodel.refs import Area, Rect
from xlmodel.values import Kind

__all__ = ["Break", "How", "breaks"]

#: How many cells may lie between an odd run and the usual one.
NEAR = 3
#: How much of what two formulas take in they must share.
SHARED = 0.3
#: A run longer than this that differs in form only is a section of its own.
SLIP = 3
#: Where more cells of a sheet than this differ in form only, it is made of different formulas, and none of them is odd.
DESIGN = 10
#: How many cells of one formula leave no doubt that it is meant for the line.
LONG = 6
#: How many times as many cells make a formula the one that is meant.
MANY = 4

_TURNED = str.maketrans("<>", "><")


class How(Enum):
    """In what an odd formula differs from the usual one."""

    LESS = "less"  #: it leaves out cells that the usual one takes in
    MORE = "more"  #: it takes in cells that the usual one leaves out
    ELSEWHERE = "elsewhere"  #: the same form, pointing elsewhere
    NUMBER = "number"  #: the same with another number written into it
    OTHERWISE = "otherwise"  #: the same cells, calculated otherwise


class Break(NamedTuple):
    """Odd runs of one formula on a line."""

    home: int  #: into Book.sheets
    line: Line
    runs: tuple[Run, ...]
    usual: Run  #: the nearest run of the usual formula
    how: How
    differing: tuple[Interval, ...] = ()  #: of its own row or column, what it leaves out or takes in besides

    @property
    def rects(self) -> tuple[Rect, ...]:
        """The odd cells."""
        return tuple(self.line.rect(run.first, run.last) for run in self.runs)


def breaks(subject: Subject, home: int) -> list[Break]:
    """Return the odd runs of a sheet, each cell once, by their first cells."""
    found = [
        one
        for in_row in (True, False)
        for line in lines(subject.book.sheets[home], in_row)
        if any(run.alone and run.formula != TYPED for run in line.runs)
        for one in _together(_Reader(subject, home, line).breaks())
    ]
    seen: set[tuple[int, int]] = set()
    out = []
    for one in sorted(found, key=lambda b: -sum(run.length for run in b.runs)):
        cells = {place for rect in one.rects for place in places(rect)}
        if not cells & seen:
            seen |= cells
            out.append(one)
    slips = [one for one in out if one.how not in (How.LESS, How.MORE)]
    if len(slips) > DESIGN:
        out = [one for one in out if one not in slips]
    return sorted(out, key=lambda b: b.rects[0])


def _together(found: Iterable[Break]) -> list[Break]:
    """Join the parts of one odd formula in one table."""
    out: list[Break] = []
    for one in found:
        for at, other in enumerate(out):
            if _one_thing(other, one):
                out[at] = other._replace(runs=(*other.runs, *one.runs))
                break
        else:
            out.append(one)
    return out


def _one_thing(one: Break, other: Break) -> bool:
    before, after = one.runs[-1], other.runs[0]
    between = sum(run.length for run in one.line.runs if before.last < run.first and run.last < after.first)
    return (
        (before.formula, one.usual.formula, one.how) == (after.formula, other.usual.formula, other.how)
        and one.differing == other.differing
        and before.gap(after) - between <= NEAR
    )


class _Reader:
    """Compares the runs of one line."""

    def __init__(self, subject: Subject, home: int, line: Line) -> None:
        self.subject = subject
        self.home = home
        self.sheet = subject.book.sheets[home]
        self.formulas = subject.book.formulas
        self.line = line._replace(runs=tuple(run for run in line.runs if run.formula != TYPED))
        self.counts = self.line.counts()
        self.parts = Counter(run.formula for run in self.line.runs)
        self.common = [formula for formula, _ in self.counts.most_common(2)]

    def breaks(self) -> Iterator[Break]:
        """Yield the odd runs of the line."""
        for at, run in enumerate(self.line.runs):
            if not run.alone:
                continue
            near = {r.formula for r in self.line.runs[max(0, at - 2) : at + 3]} | set(self.common)
            found = [b for b in (self._compare(at, run, f) for f in sorted(near - {run.formula})) if b is not None]
            if found:
                yield max(found, key=self._weight)

    def _weight(self, one: Break) -> tuple[bool, int]:
        lost = one.how is How.LESS and bool(self._left_out(one.runs[0], one.differing))
        return lost, self.counts[one.usual.formula]

    def _compare(self, at: int, run: Run, formula: int) -> Break | None:
        usual = min((r for r in self.line.runs if r.formula == formula), key=lambda r: run.gap(r))
        if run.gap(usual) > NEAR or self._alternate(run.formula, formula):
            return None
        odd, whole = self.formulas[run.formula], self.formulas[formula]
        mine = taken(odd, self.line.number, self.line.in_row)
        theirs = taken(whole, self.line.number, self.line.in_row)
        less, more = missing(mine.own, theirs.own), missing(theirs.own, mine.own)
        share = (size(mine.own) - size(more)) / max(1, size(mine.own) + size(less))
        if mine.rest == theirs.rest and (less or more) and share:
            how = self._unequal(run, usual, less, more, share)
            return how and Break(self.home, self.line, (run,), usual, how, less if how is How.LESS else more)
        how = self._unlike(at, run, usual, shape(odd), shape(whole), same=mine == theirs)
        return how and Break(self.home, self.line, (run,), usual, how)

    def _alternate(self, one: int, other: int) -> bool:
        """Tell whether two formulas take turns, as counts and percentages do."""
        if min(self.parts[one], self.parts[other]) < 3 or abs(self.parts[one] - self.parts[other]) > 1:
            return False
        return all(len({r.length for r in self.line.runs if r.formula == f}) == 1 for f in (one, other))

    # --- formulas that take in more or less of their own row or column -----------------------------------------------

    def _unequal(
        self, run: Run, usual: Run, less: tuple[Interval, ...], more: tuple[Interval, ...], share: float
    ) -> How | None:
        mine, theirs = self.counts[run.formula], self.counts[usual.formula]
        one, other = shape(self.formulas[run.formula]), shape(self.formulas[usual.formula])
        if one.skeleton == other.skeleton and one.numbers == other.numbers:
            if less and not more:
                fewer = mine < theirs + one.adds  # of two sums side by side the shorter is odd
                return How.LESS if fewer or self._slips(run, usual, less) else None
            if more and not less:
                return How.MORE if mine < theirs and not self._slips(usual, run, more) else None
            slip = mine * 2 <= theirs and run.length <= SLIP and self._touch(run, usual)
            return How.ELSEWHERE if slip else None
        if share < SHARED or not (one.adds and other.adds) or not self._touch(run, usual, 1):
            return None
        if theirs < 3 or self._left_out(usual, more):
            return None
        if self._left_out(run, less):
            return How.LESS
        if mine * 2 > theirs:
            return None
        return How.LESS if less else How.MORE

    def _slips(self, run: Run, other: Run, intervals: tuple[Interval, ...]) -> bool:
        """Tell whether a formula leaves out numbers by mistake that another one takes in.

        Where nearly all cells leave them out, they are meant to be, unless they are all zero: then nobody has noticed.
        """
        numbers = self._left_out(run, intervals)
        many = self.counts[run.formula] >= MANY * self.counts[other.formula]
        return bool(numbers) and not (many and any(numbers))

    def _left_out(self, run: Run, intervals: tuple[Interval, ...]) -> list[float]:
        """Return the numbers that the cells with a run's formula leave out; a year is a heading."""
        out: list[float] = []
        for each in self.line.runs:
            for prefix, first, last in intervals if each.formula == run.formula else ():
                if not prefix:
                    across = Rect(first, each.first, last, each.last)
                    down = Rect(each.first, first, each.last, last)
                    values = self.sheet.block(across if self.line.in_row else down)
                    out += values.num[values.kind == Kind.NUMBER].tolist()
        return [number for number in out if not (1900 <= number <= 2100 and number == int(number))]

    def _touch(self, run: Run, usual: Run, most: int = 0) -> bool:
        return run.gap(usual) <= most

    # --- formulas of one form, or over the same cells ----------------------------------------------------------------

    def _unlike(self, at: int, run: Run, usual: Run, one: Shape, other: Shape, *, same: bool) -> How | None:
        mine, theirs = self.counts[run.formula], self.counts[usual.formula]
        few = mine * 2 <= theirs and run.length <= SLIP and self.parts[run.formula] <= 2
        if not few or not one.areas or not self._surrounded(at, usual.formula, theirs):
            return None
        if one.skeleton == other.skeleton:
            if one.areas == other.areas:
                return How.NUMBER if one.numbers != other.numbers and self._lonely(at, other) else None
            moved = one.numbers == other.numbers and self._moved(one.areas, other.areas)
            swapped = Counter(one.areas) == Counter(other.areas)
            return How.ELSEWHERE if moved and not (swapped and not self._differs(run, usual)) else None
        if not same or one.calls != other.calls:
            return None
        if one.skeleton.translate(_TURNED) == other.skeleton or self._of_its_own_line(run, one):
            return None  # of some figures the higher is better, of others the lower
        # amid many of one formula another text is a slip even where it gives the same today
        slip = theirs >= LONG and run.length == 1 and sorted(one.skeleton) != sorted(other.skeleton)
        return How.OTHERWISE if slip or self._differs(run, usual) else None

    def _moved(self, some: tuple[Area, ...], others: tuple[Area, ...]) -> bool:
        """Tell whether references differ only in where they lie, or reach less or more far across the line."""
        pairs = list(zip(some, others, strict=True))
        return all(_extent(a) == _extent(b) or self._longer(a, b) or (_fixed(a) and _fixed(b)) for a, b in pairs)

    def _longer(self, one: Area, other: Area) -> bool:
        rows = (one.top == other.top) + (one.bottom == other.bottom)
        columns = (one.left == other.left) + (one.right == other.right)
        return not (one.single or other.single) and (rows, columns) == ((1, 2) if self.line.in_row else (2, 1))

    def _surrounded(self, at: int, formula: int, count: int) -> bool:
        """Tell whether a run stands between usual ones, or ends a long run of them."""
        runs, run = self.line.runs, self.line.runs[at]
        before = [run.first - r.last for r in runs[:at] if r.formula == formula]
        after = [r.first - run.last for r in runs[at + 1 :] if r.formula == formula]
        if before and after:
            nearest, other = sorted((before[-1], after[0]))
            return other <= NEAR and (nearest == other or (nearest == 1 and count >= 4))
        if count < 4 or (before or after)[-1 if before else 0] != 1:
            return False
        return bool(before) or (self._table_goes_on(run) and not self._chained(formula))

    def _chained(self, formula: int) -> bool:
        """Tell whether a formula goes on from a cell before it: the first of such a line has another to start from."""
        sides = (a.left if self.line.in_row else a.top for a in shape(self.formulas[formula]).areas)
        return any(side is not None and not side[0] and side[1] < 0 for side in sides)

    def _of_its_own_line(self, run: Run, one: Shape) -> bool:
        """Tell whether the cell before or after it across the line differs from it in its numbers alone."""
        across = [f for f in beside(self.sheet, self.line, run.first) if f is not None and f != TYPED]
        return any(shape(self.formulas[f]).skeleton == one.skeleton for f in across)

    def _table_goes_on(self, run: Run) -> bool:
        """Tell whether a line before or after has one formula in the last cell of a run and in the cell after it."""
        pairs = zip(*(beside(self.sheet, self.line, place) for place in (run.last, run.last + 1)), strict=True)
        return any(mine == theirs is not None and theirs != TYPED for mine, theirs in pairs)

    def _table_agrees(self, run: Run, after: bool) -> bool:
        """Tell whether the lines on both sides go on with one formula each, from the usual cell to the odd one."""
        usual, odd = (run.first - 1, run.first) if after else (run.last + 1, run.last)
        pairs = list(zip(*(beside(self.sheet, self.line, place) for place in (usual, odd)), strict=True))
        return all(mine == theirs is not None and theirs != TYPED for mine, theirs in pairs)

    def _lonely(self, at: int, other: Shape) -> bool:
        """Tell whether one cell amid a line has another number than all the rest: rates that differ are no slip."""
        alike = [s for s in map(shape, map(self.formulas.__getitem__, self.counts)) if s.skeleton == other.skeleton]
        inside = 0 < at < len(self.line.runs) - 1
        return inside and len(alike) == 2 and self.counts[self.line.runs[at].formula] == 1 and self.counts.total() > 5

    def _differs(self, run: Run, usual: Run) -> bool:
        """Tell whether the usual formula would give something else: `a+b` for `b+a` is no difference."""
        row, col = self.line.rect(run.first, run.first)[:2]
        would_be = result(self.subject, self.sheet.name, row, col, self.formulas[usual.formula])
        return changes(self.sheet.value(row, col), would_be) is not False


def _fixed(area: Area) -> bool:
    """Tell whether a range is the same one wherever the formula stands."""
    return all(side is not None and side[0] for side in (area.top, area.bottom, area.left, area.right))


def _extent(area: Area) -> tuple[int | None, ...] | None:
    """Return how many rows and columns lie between the ends of a range; None where an end is fixed and one is not."""
    if area.single:
        return 0, 0
    sides = []
    for first, last in ((area.top, area.bottom), (area.left, area.right)):
        if first is not None and last is not None and first[0] != last[0]:
            return None
        sides.append(None if first is None or last is None else last[1] - first[1])
    return tuple(sides)
