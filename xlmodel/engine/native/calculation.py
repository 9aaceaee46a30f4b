"""One calculation of a workbook, cell by cell: what a formula needs is calculated when it is asked for.

No recursion: a formula that meets a cell not yet calculated is put aside, and tried again after that cell. So chains
may be as deep as they like, references may be made at run time, and a cycle is what the formulas truly read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from xlmodel.engine.native.evaluator import Evaluator, PendingError, RefusedError
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.native.operands import CALC, NA, SPILL, ExcelError, UnsupportedError
from xlmodel.engine.native.precision import as_displayed
from xlmodel.engine.native.store import PENDING, REFUSED, SETTLED, Cells, Ints
from xlmodel.engine.protocol import Reason
from xlmodel.engine.references import Region
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = ["Calculation", "alike", "fitted"]


class Calculation:
    """The state of one calculation.

    Attributes
    ----------
    reasons : mapping of place to Reason
        Why a formula cell has no value.
    messages : mapping of place to text
        What a registry function said of its error.
    arrays : mapping of place to Values
        The whole array of each array formula.
    hangs_on : callable, optional
        Gives the cells that a change of some cells may reach; all cells where it is not known.
    changed : callable, optional
        Hears which cells got another value than they had.
    grown : mapping of place to Rect
        Dynamic arrays that fill other cells than the layout knew: the calculation has to be made again with them.
    """

    def __init__(self, layout: Layout, cells: Cells, evaluator: Evaluator) -> None:
        self.layout = layout
        self.cells = cells
        self.evaluator = evaluator
        self.reasons: dict[int, Reason] = {}
        self.messages: dict[int, str] = {}
        self.arrays: dict[int, Values] = {}
        self.grown: dict[int, Rect] = {}
        self.changed: Callable[[Ints], None] | None = None
        self.hangs_on: Callable[[Sequence[int]], Ints] | None = None

    def settle(self, places: Iterable[int]) -> None:
        """Calculate cells, and before each of them whatever it needs."""
        state = self.cells.state
        for start in places:
            if state[start] != PENDING:
                continue
            stack, waiting = [start], dict[int, tuple[int, ...]]()
            while stack:
                place = self.layout.owner(stack[-1])
                if state[place] != PENDING:
                    waiting.pop(place, None)
                    stack.pop()
                    continue
                try:
                    self.compute(place)
                except PendingError as needed:
                    owners = dict.fromkeys(self.layout.owner(p) for p in needed.places.tolist())
                    if waiting.get(place) == (*owners, *needed.places.tolist()):
                        self.refuse(place, Reason("engine-error", "it needs cells that no formula fills"))
                        continue
                    waiting[place] = (*owners, *needed.places.tolist())
                    closing = [p for p in owners if p in waiting]
                    if closing:
                        self._close(closing[0], stack, waiting)
                    else:
                        stack.extend(reversed(list(owners)))
                    continue
                waiting.pop(place, None)
                stack.pop()

    def _close(self, place: int, stack: list[int], waiting: dict[int, tuple[int, ...]]) -> None:
        """A cell that waits is needed again: refuse all that wait between, or iterate over them."""
        owners = [self.layout.owner(p) for p in stack]
        members = list(dict.fromkeys(p for p in owners[owners.index(place) :] if p in waiting))
        if self.layout.book.calc.iterate:
            self._iterate(members, stack, waiting)
            return
        names = [self.layout.name(p) for p in members]
        shown = " -> ".join([*names[:6], *(["..."] if len(names) > 6 else []), names[0]])
        for member in members:
            self.refuse(member, Reason("circular", f"the formula needs its own result: {shown}"))
            waiting.pop(member, None)

    def _iterate(self, members: list[int], stack: list[int], waiting: dict[int, tuple[int, ...]]) -> None:
        """Calculate a cycle again and again, from 0, until nothing changes by more than the workbook allows."""
        settings = self.layout.book.calc
        ring = sorted(members)
        self.evaluator.forget()
        for place in ring:
            self.cells.state[place] = SETTLED
            self.cells.put(place, 0.0)
        for _ in range(min(settings.iterate_count, 32_767)):
            change, at = 0.0, 0
            while at < len(ring):
                place = ring[at]
                before = self.cells.scalar(place)
                self.evaluator.forget()
                try:
                    self.compute(place)
                except PendingError as needed:
                    more = [p for p in dict.fromkeys(map(self.layout.owner, needed.places.tolist())) if p not in ring]
                    for other in more:  # the cycle is wider than the way it was found by
                        self.cells.state[other] = SETTLED
                        self.cells.put(other, 0.0)
                    ring = sorted({*ring, *more})
                    at, change = 0, np.inf
                    continue
                change = max(change, _distance(before, self.cells.scalar(place)))
                at += 1
            if change < settings.iterate_delta:
                break
        for place in ring:
            waiting.pop(place, None)

    def fork(self, cells: Cells) -> Calculation:
        """Return a calculation of the same workbook over other cells."""
        e = self.evaluator
        evaluator = Evaluator(e.book, e.scope, cells, e.registry, e.reading, e.clock, e.random)
        evaluator.trees = e.trees
        inner = Calculation(self.layout, cells, evaluator)
        evaluator.spills = dict(e.spills)
        return inner

    # --- one cell ----------------------------------------------------------------------------------------------------

    def compute(self, place: int) -> None:
        """Calculate one cell from what others hold now, and put its value there, in every scenario.

        Raises
        ------
        PendingError
            It needs cells that are not calculated yet.
        """
        self.reasons.pop(place, None)
        for scenario in range(self.cells.scenarios):
            self.cells.look_at(scenario)
            self._compute(place)
            if place in self.reasons:
                break
        self.cells.look_at(0)

    def _compute(self, place: int) -> None:
        layout = self.layout
        sheet, row, col = self.cells.cell(place)
        mode = layout.arrays.get(place)
        if place in layout.tables:
            self._table(place, layout.tables[place])
            return
        frame = Frame(self.evaluator, sheet, row, col, mode is not None)
        try:
            node = self.evaluator.tree(layout.book.formulas[self.cells.formula[place]], sheet)
            result = self.evaluator.result(self.evaluator.formula(node, frame), frame)
            if isinstance(result, Values) and not result.size:
                result = CALC
            if mode is None:
                assert not isinstance(result, Values)
                self.put(place, result)
            elif mode.dynamic:
                self._spread(place, Region(sheet, Rect(row, col, row, col)), result)
            else:
                self._fill(place, mode.region, result)
        except ExcelError as problem:
            self.put(place, problem.value)
        except UnsupportedError as problem:
            self.refuse(place, Reason(problem.code, problem.text))
        except RefusedError as refused:
            self.refuse(place, self._depends(refused.place))
        except RecursionError:
            self.refuse(place, Reason("limit", "the formula is nested too deeply"))
        except MemoryError:
            self.refuse(place, Reason("limit", "the formula needs more memory than there is"))
        except PendingError:
            raise
        except Exception as failed:  # a defect of one function must not cost the other cells their values
            self.refuse(place, Reason("engine-error", f"{type(failed).__name__}: {str(failed)[:120]}"))
        if frame.message:
            self.messages[place] = frame.message[-1]

    def _depends(self, place: int) -> Reason:
        owner = self.layout.owner(place)
        reason = self.reasons.get(owner)
        if reason is not None and reason.code == "depends":
            return reason
        why = reason.text if reason is not None else "it was not calculated"
        return Reason("depends", f"depends on {self.layout.name(owner)}, which was not calculated: {why}")

    def put(self, place: int, content: Scalar) -> None:
        """Give a cell its value."""
        if type(content) is float and not self.layout.book.calc.full_precision:
            content = as_displayed(content, self.layout.number_format(place))
        if self.changed is not None and not alike(self.cells.scalar(place), content):
            self.changed(np.array([place]))
        self.cells.put(place, content)
        self.cells.state[place] = SETTLED
        if self.cells.varying is not None:
            self.cells.varying[place] = True

    def refuse(self, place: int, reason: Reason) -> None:
        """Leave a cell, and all that its formula fills, without a value."""
        self.reasons[place] = reason
        places = [place]
        mode = self.layout.arrays.get(place)
        region = mode.region if mode is not None else self.layout.tables.get(place)
        if region is not None:
            inside = self.cells.window(region).ravel().tolist()
            places = [place, *(p for p in inside if p != place and self.layout.owner(p) == place)]
        for p in places:
            self.cells.values.kind[:, p], self.cells.values.num[:, p], self.cells.values.text[:, p] = 0, 0.0, ""
            self.cells.state[p] = REFUSED
        self.cells.refused = True
        if self.changed is not None:
            self.changed(np.array(places))

    # --- arrays ------------------------------------------------------------------------------------------------------

    def _fill(self, place: int, region: Region, result: Scalar | Values) -> None:
        """Fill the range of an array formula of the old kind."""
        values = result if isinstance(result, Values) else Values.of([[result]])
        self.evaluator.spills[place] = region
        self.write(region, fitted(values, *region.rect.shape))
        self.arrays[place] = fitted(values, *region.rect.shape)

    def _spread(self, place: int, anchor: Region, result: Scalar | Values) -> None:
        """Let a dynamic array fill the cells beside its own."""
        values = result if isinstance(result, Values) else Values.of([[result]])
        top, left = anchor.rect.top, anchor.rect.left
        rect = Rect(top, left, top + values.shape[0] - 1, left + values.shape[1] - 1)
        known = self.layout.arrays[place].region
        region = Region(anchor.sheet, rect)
        if values.size > 1 and self._blocked(place, region):
            values, region = Values.of([[SPILL]]), anchor
            self.evaluator.spills.pop(place, None)
        else:
            self.evaluator.spills[place] = region
            if not (rect.bottom <= known.rect.bottom and rect.right <= known.rect.right):
                self.grown[place] = rect
                self.refuse(place, Reason("engine-error", "the array grows"))
                return
        self.write(known, Values.blank(known.rect.shape))
        self.write(region, _without_blanks(values))
        self.arrays[place] = _without_blanks(values)

    def _blocked(self, place: int, region: Region) -> bool:
        rect = region.rect
        if rect.bottom > MAX_ROW or rect.right > MAX_COL:
            return True
        places = self.cells.window(region).ravel()
        others = places[places != place]
        full = (self.cells.formula[others] >= 0) | (self.cells.kind[others] != Kind.BLANK)
        if full.any() and any(self.layout.owner(p) != place for p in others[full].tolist()):
            return True
        sheet = self.layout.book.sheets[region.sheet]
        overlaps = (m for m in (*sheet.merged, *self.layout.table_areas(region.sheet)) if _overlap(m, rect))
        return any(True for _ in overlaps)

    def write(self, region: Region, values: Values) -> None:
        """Put an array into the cells of a region, all of which the store has."""
        places = self.cells.window(region)
        self.cells.kind[places] = values.kind
        self.cells.num[places] = values.num
        self.cells.text[places] = values.text
        self.cells.state[places] = SETTLED
        if self.changed is not None:
            self.changed(places.ravel())
        if self.cells.varying is not None:
            self.cells.varying[places] = True

    # --- data tables -------------------------------------------------------------------------------------------------

    def _table(self, place: int, region: Region) -> None:
        from xlmodel.engine.native.whatif import table_values

        try:
            values = table_values(self, place, region)
        except UnsupportedError as problem:
            self.refuse(place, Reason(problem.code, problem.text))
        except RefusedError as refused:
            self.refuse(place, self._depends(refused.place))
        else:
            self.write(region, values)
            self.arrays[place] = values


def _overlap(a: Rect, b: Rect) -> bool:
    return a.top <= b.bottom and b.top <= a.bottom and a.left <= b.right and b.left <= a.right


def alike(a: Scalar, b: Scalar) -> bool:
    """Tell whether two contents are the same: 0 is not FALSE."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def _distance(before: Scalar, after: Scalar) -> float:
    if isinstance(before, float) and isinstance(after, float):
        return abs(after - before)
    return 0.0 if before == after else float("inf")


def _without_blanks(values: Values) -> Values:
    """Return an array as cells show it: what is blank in it is 0."""
    blank = values.kind == Kind.BLANK
    if not blank.any():
        return values
    return Values(np.where(blank, np.uint8(Kind.NUMBER), values.kind), values.num, values.text)


def fitted(values: Values, height: int, width: int) -> Values:
    """Fit an array to the range it was entered in: single rows and columns repeat, the rest is #N/A."""
    values = _without_blanks(values)
    rows, cols = values.shape
    if (rows, cols) == (height, width):
        return values
    if rows == 1 < height:
        values, rows = values.broadcast_to((height, cols)), height
    if cols == 1 < width:
        values, cols = values.broadcast_to((rows, width)), width
    out = Values.of(ErrorValue(NA.code)).broadcast_to((height, width)).copy()
    corner = slice(0, min(rows, height)), slice(0, min(cols, width))
    out.set(corner, values[corner])
    return out
