"""Typed numbers where the cells beside them hold a formula, and what speaks for a formula there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import takewhile
from typing import NamedTuple

from xlmodel.lint.lines import TYPED, Line, Run, beside, lines, places
from xlmodel.lint.once import once
from xlmodel.lint.proposal import loops, result
from xlmodel.lint.shape import shape, taken
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, to_a1
from xlmodel.values import Scalar, decimal15, round_half_away, same_number

__all__ = ["Typed", "typed"]

#: More cells beside one another than this are data, not slips.
MOST = 60
#: How far a typed total may be from what the formula gives, relatively, and still be the same figure.
CLOSE = 0.01
#: A number of so many digits was calculated, wherever it stands now.
MANY_DIGITS = 8
#: The same between two formulas.
FEW_DIGITS = 3


class Reach(Enum):
    """Where a formula looks, seen from the line it stands on."""

    ACROSS = "across"  #: at the other cells of its own row or column across the line, and at fixed ones
    ALONG = "along"  #: at a range on the line or beside it: a subtotal, which agrees with what stands there by nature
    BACK = "back"  #: at cells of other rows or columns across the line: a series, which begins with a typed number
    ELSEWHERE = "elsewhere"


class Typed(NamedTuple):
    """Typed numbers in a run of formulas."""

    home: int  #: into Book.sheets
    line: Line
    run: Run
    usual: Run  #: a run of the formula beside them
    copied: bool  #: whether that is what was typed
    linked: bool  #: whether the formula only takes a figure from another cell

    @property
    def rect(self) -> Rect:
        """The typed cells."""
        return self.line.rect(self.run.first, self.run.last)

    @property
    def against(self) -> str:
        """The formula cells beside them."""
        return self.line.rect(self.usual.first, self.usual.last).name

    def proposed(self, formulas: Sequence[str]) -> str:
        """Return the formula beside them as the first cell would have it, in A1 notation."""
        return to_a1(formulas[self.usual.formula], *self.rect[:2])


@once
def typed(subject: Subject) -> tuple[Typed, ...]:
    """Return the typed numbers of a workbook that stand in for a formula, each cell once."""
    return tuple(t for home in range(len(subject.book.sheets)) for t in _on_sheet(subject, home))


def _on_sheet(subject: Subject, home: int) -> list[Typed]:
    found: dict[tuple[int, int], Typed] = {}
    for in_row in (True, False):
        for line in lines(subject.book.sheets[home], in_row):
            for one in _Reader(subject, home, line).typed():
                cells = places(one.rect)
                if not any(cell in found for cell in cells):
                    found |= dict.fromkeys(cells, one)
    return sorted(dict.fromkeys(found.values()), key=lambda t: t.rect)


class _Reader:
    """Looks at the typed numbers of one line."""

    def __init__(self, subject: Subject, home: int, line: Line) -> None:
        self.subject = subject
        self.home = home
        self.sheet = subject.book.sheets[home]
        self.formulas = subject.book.formulas
        self.line = line

    def typed(self) -> Iterator[Typed]:
        """Yield the typed numbers that stand in for a formula."""
        runs = self.line.runs
        for at, run in enumerate(runs):
            if run.formula != TYPED or run.length > MOST:
                continue
            near = [r for r in (*runs[max(0, at - 1) : at], *runs[at + 1 : at + 2]) if r.gap(run) == 0]
            digits = FEW_DIGITS if len(near) == 2 and TYPED not in (r.formula for r in near) else MANY_DIGITS
            exact = next((usual for usual in near if self._exact(run, usual, digits)), None)
            if exact is not None:
                linked = shape(self.formulas[exact.formula]).skeleton == "@"
                yield Typed(self.home, self.line, run, exact, True, linked)
            elif len({r.formula for r in near}) == 1:
                usual = max(near, key=lambda r: r.length)
                part, copied = self._accused(run, usual, near)
                if part is not None and not self._loops(part, usual):
                    formula = self.formulas[usual.formula]
                    linked = shape(formula).skeleton == "@"
                    yield Typed(self.home, self.line, part, usual, copied, linked)

    def _exact(self, run: Run, usual: Run, digits: int) -> bool:
        """Tell whether one typed number is what the formula beside it gives, to more digits than anyone types."""
        if run.length != 1 or usual.formula == TYPED:
            return False
        (cell,) = places(self.line.rect(run.first, run.last))
        saved = self.sheet.value(*cell)
        if not isinstance(saved, float) or len(decimal15(saved).normalize().as_tuple().digits) < digits:
            return False
        return _copied(saved, self._result(cell, self.formulas[usual.formula])) and not self._loops(run, usual)

    def _accused(self, run: Run, usual: Run, near: list[Run]) -> tuple[Run | None, bool]:
        """Return which of the cells stand in for a formula, if any, and whether they hold what it gives."""
        count = sum(r.length for r in near)
        few, formula = count < 3, self.formulas[usual.formula]
        if few and run.length == 1 and len(near) == 1:
            return None, False
        reach = self._reach(formula)
        copied = self._copied(run, usual)
        inputs = self._inputs(run, usual)
        if len(near) == 2 and not inputs and count >= 2 * run.length:
            series = reach is Reach.BACK and (count < 6 or not all(self._saved(run)))
            if not series and (not few or reach is Reach.ACROSS):
                return run, copied == run
        if run.length == 1 and not few and not inputs and reach is not Reach.BACK and self._table_goes_on(run, usual):
            return run, copied == run
        if copied is not None and not (few and reach is Reach.ALONG):
            telling = sum(map(_particular, set(self._results(copied, formula))))
            if telling >= 1 + (few or reach is not Reach.ACROSS):
                return copied, True
        if few or inputs or reach is not Reach.ACROSS:
            return None, False
        pairs = zip(self._saved(run), self._results(run, formula), strict=True)
        return (run if all(_close(saved, would_be) for saved, would_be in pairs) else None), False

    def _copied(self, run: Run, usual: Run) -> Run | None:
        """Return the cells, from the formula on, that hold what it gives."""
        formula = self.formulas[usual.formula]
        cells = places(self.line.rect(run.first, run.last))
        after = usual.last < run.first
        pairs = ((self.sheet.value(*cell), cell) for cell in (cells if after else reversed(cells)))
        same = [saved for saved, cell in takewhile(lambda p: _copied(p[0], self._result(p[1], formula)), pairs)]
        while same and len(same) < run.length and not same[-1]:  # a zero at the far end shows nothing
            same.pop()
        if not same:
            return None
        ends = (run.first, run.first + len(same) - 1) if after else (run.last - len(same) + 1, run.last)
        return run._replace(first=ends[0], last=ends[1])

    def _loops(self, run: Run, usual: Run) -> bool:
        row, col = self.line.rect(run.first, run.last)[:2]
        return loops(self.subject, self.home, row, col, self.formulas[usual.formula])

    def _saved(self, run: Run) -> list[Scalar]:
        return [self.sheet.value(*cell) for cell in places(self.line.rect(run.first, run.last))]

    def _results(self, run: Run, formula: str) -> list[Scalar]:
        return [self._result(cell, formula) for cell in places(self.line.rect(run.first, run.last))]

    def _result(self, cell: tuple[int, int], formula: str) -> Scalar:
        return result(self.subject, self.sheet.name, *cell, formula)

    def _reach(self, formula: str) -> Reach:
        """Tell where a formula looks."""
        along = [(a.left, a.right) if self.line.in_row else (a.top, a.bottom) for a in shape(formula).areas]
        if any(first != last for first, last in along):
            return Reach.ALONG
        if any(first is not None and not first[0] and first[1] for first, _ in along):
            return Reach.BACK
        return Reach.ACROSS if taken(formula, self.line.number, self.line.in_row).own else Reach.ELSEWHERE

    def _inputs(self, run: Run, usual: Run) -> bool:
        """Tell whether the lines before or after have typed numbers and formulas in the same places: a layout."""
        pairs = self._beside(run, usual)
        return any(mine == TYPED and theirs is not None and theirs != TYPED for mine, theirs in pairs)

    def _table_goes_on(self, run: Run, usual: Run) -> bool:
        """Tell whether a line before or after goes on with one formula where this one has numbers."""
        return any(mine == theirs is not None and theirs != TYPED for mine, theirs in self._beside(run, usual))

    def _beside(self, run: Run, usual: Run) -> list[tuple[int | None, int | None]]:
        mine, theirs = (run.first, usual.last) if usual.last < run.first else (run.last, usual.first)
        return list(zip(*(beside(self.sheet, self.line, place) for place in (mine, theirs)), strict=True))


def _particular(value: Scalar) -> bool:
    return isinstance(value, float) and (abs(value) > 10 or value != int(value))


def _copied(saved: Scalar, would_be: Scalar) -> bool:
    """Tell whether a number is what a formula gives, to the decimals that were typed."""
    if not isinstance(saved, float) or not isinstance(would_be, float):
        return False
    decimals = -int(decimal15(saved).normalize().as_tuple().exponent)
    return same_number(saved, would_be, 1e-9) or saved == round_half_away(would_be, max(decimals, 0))


def _close(saved: Scalar, would_be: Scalar) -> bool:
    return (
        isinstance(saved, float)
        and isinstance(would_be, float)
        and _particular(would_be)
        and abs(saved - would_be) <= CLOSE * abs(would_be)
    )
