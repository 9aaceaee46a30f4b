"""One call of a function over many rows: good rows reach it together, each bad row gets its own error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import ArgumentError
from xlmodel.kinds import ArgumentKind, Row
from xlmodel.values import ErrorValue, Kind, Values, display

__all__ = ["Called", "Problem", "run_column"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a call gave an error: the argument, the requirement and the offender."""

    code: str  #: the Excel error
    text: str  #: a whole phrase, such as "population must be > 0"
    argument: str | None = None
    position: int | None = None  #: of the argument in the call
    index: tuple[int, int] | None = None  #: the offender's row and column within the argument's range
    offender: str = ""

    @property
    def error(self) -> ErrorValue:
        """The error value a cell shows."""
        return ErrorValue(self.code)

    def message(self, where: str | None = None) -> str:
        """Return the message for people, with the offender's cell where the caller knows it.

        >>> Problem("#NUM!", "population must be > 0", offender="it is -1").message("Inputs!C7")
        'population must be > 0; it is -1 (Inputs!C7)'
        """
        text = f"{self.text}; {self.offender}" if self.offender else self.text
        return f"{text} ({where})" if where else text


@dataclass(frozen=True, slots=True)
class Called:
    """What a call gave: the values, and the problem behind each error by its place in them."""

    values: Values
    problems: Mapping[tuple[int, ...], Problem] = field(default_factory=dict)
    ragged: bool = False  #: rows gave results of different lengths; the shorter ones were filled up with #N/A


class _Argument(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> ArgumentKind: ...
    @property
    def default(self) -> Any: ...
    @property
    def optional(self) -> bool: ...


class _Function(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def python(self) -> Callable[..., Any]: ...
    @property
    def arguments(self) -> Sequence[_Argument]: ...
    @property
    def result(self) -> ArgumentKind | Row: ...


def run_column(
    function: _Function, arguments: Sequence[Values | Sequence[Values] | None], rows: int, *, date1904: bool
) -> Called:
    """Call a function over rows; see `Registry.call_column`."""
    limit = len(function.arguments)
    if len(arguments) > limit:
        return _all_rows(
            rows, Problem("#VALUE!", f"{function.name} takes {limit} arguments; {len(arguments)} were given")
        )
    padded = [*arguments, *[None] * (limit - len(arguments))]
    for position, (argument, cells) in enumerate(zip(function.arguments, padded, strict=True)):
        if cells is None and not argument.optional:
            return _all_rows(rows, Problem("#VALUE!", f"{argument.name} is missing", argument.name, position))
    groups = _groups(padded, rows)
    if groups is None:
        return _Rows(function, padded, rows, date1904).called()  # type: ignore[arg-type]
    parts = [(at, _Rows(function, cells, len(at), date1904).called()) for at, cells in groups]
    return _merged(parts, rows)


def _all_rows(rows: int, problem: Problem) -> Called:
    return Called(Values.of(problem.error).broadcast_to((rows,)), {(i,): problem for i in range(rows)})


_Group = tuple[NDArray[np.intp], list[Values | None]]


def _groups(arguments: Sequence[Values | Sequence[Values] | None], rows: int) -> list[_Group] | None:
    """Gather rows whose vectors have equal shapes; None where no argument is ragged."""
    ragged = [i for i, a in enumerate(arguments) if a is not None and not isinstance(a, Values)]
    if not ragged:
        return None
    by_shape: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for row in range(rows):
        by_shape.setdefault(tuple(arguments[i][row].shape for i in ragged), []).append(row)  # type: ignore[index]
    out: list[_Group] = []
    for members in by_shape.values():
        at = np.array(members)
        cells: list[Values | None] = []
        for argument in arguments:
            if argument is None or isinstance(argument, Values):
                shared = argument is None or not argument.shape or argument.shape[0] == 1
                cells.append(argument if shared else argument[at])  # type: ignore[index]
            else:
                cells.append(Values.joined([argument[r] for r in members], np.stack))
        out.append((at, cells))
    return out


def _merged(parts: list[tuple[NDArray[np.intp], Called]], rows: int) -> Called:
    problems = {int(at[row]): p for at, called in parts for (row, *_), p in called.problems.items()}
    values, ragged = _stacked([(at, called.values) for at, called in parts], rows)
    return _failed(values, problems, ragged or any(called.ragged for _, called in parts))


def _stacked(parts: list[tuple[NDArray[np.intp], Values]], rows: int) -> tuple[Values, bool]:
    """Return results of several calls in one block, and whether they differ in size: what is short ends in #N/A."""
    cores = {v.shape[1:] for _, v in parts if len(v.shape) > 1}
    core = tuple(map(max, zip(*cores, strict=True))) if cores else ()
    out = Values.of(ErrorValue("#N/A")).broadcast_to((rows, *core)).copy()
    for at, values in parts:
        if core and len(values.shape) == 1:  # nothing but errors
            out.set(at, values.reshape((len(at), *[1] * len(core))))
        else:
            out.set((at, *map(slice, values.shape[1:])), values)
    return out, len(cores) > 1


def _failed(values: Values, problems: dict[int, Problem], ragged: bool) -> Called:
    """Return what a call gave, with the rows that have a problem filled with its error."""
    if problems:
        failed = list(problems)
        codes = np.array([p.code for p in problems.values()], object)
        values.kind[failed], values.num[failed] = Kind.ERROR, 0.0
        values.text[failed] = codes.reshape(-1, *[1] * (len(values.shape) - 1))
    return Called(values, {(row,): p for row, p in sorted(problems.items())}, ragged)


class _Rows:
    """The state of one call over rows whose vectors have equal shapes."""

    def __init__(self, function: _Function, cells: list[Values | None], rows: int, date1904: bool) -> None:
        self.function = function
        self.rows = rows
        self.date1904 = date1904
        self.cells = cells
        self.problems: dict[int, Problem] = {}
        self.inputs: list[Any] = []
        self.sizes: dict[str, tuple[str, int, str]] = {}
        for position, argument in enumerate(function.arguments):
            self.inputs.append(self._input(position, argument, cells[position]))

    def called(self) -> Called:
        """Call the function with the rows that are still good."""
        good = np.arange(self.rows)
        if self.problems:
            good = np.delete(good, list(self.problems))
        values, ragged = _stacked(self._attempt(good) if good.size else [], self.rows)
        return _failed(values, self.problems, ragged)

    # --- cells to arrays ---------------------------------------------------------------------------------------------

    def _input(self, position: int, argument: _Argument, cells: Values | None) -> Any:
        if cells is None:
            return argument.default
        kind = argument.kind
        if kind.shape:
            straight = self._straight(position, argument, cells)
            if straight is None:
                return None
            place: _Place
            cells, place = straight
        else:
            cells, place = cells.reshape(cells.shape or (1,)), _no_place
        self._mark(cells.kind == Kind.ERROR, position, argument, cells, place, "", "")
        blank = cells.kind == Kind.BLANK
        if kind.blank == "missing" if kind.shape else not argument.optional:
            self._mark(blank, position, argument, cells, place, "is blank", "#N/A")
        array, faults = kind.read(cells, date1904=self.date1904)
        for fault in faults:
            self._mark(fault.mask, position, argument, cells, place, fault.requirement, fault.code)
        if not kind.shape and argument.optional and blank.any():
            array = _with_default(array, blank, argument)
        return array

    def _straight(self, position: int, argument: _Argument, cells: Values) -> tuple[Values, _Place] | None:
        """Return a range as the vector or table the argument wants: leading axis of rows, then the core shape."""
        lead, *rest = cells.shape or (1,)
        height, width = (*rest, 1, 1)[:2]
        two = len(argument.kind.shape) == 2
        fault = self._misfit(argument, height, width)
        if fault:
            single = height == width == 1  # its error, or that it is blank, says more than its size
            grid, place = (
                cells.reshape((lead,) if single else (lead, height, width)),
                _no_place if single else _in_table,
            )
            self._mark(grid.kind == Kind.ERROR, position, argument, grid, place, "", "")
            if single and not argument.optional:
                self._mark(grid.kind == Kind.BLANK, position, argument, grid, place, "is blank", "#N/A")
            for row in range(self.rows):
                self.problems.setdefault(row, Problem("#VALUE!", f"{argument.name} {fault}", argument.name, position))
            return None
        if two:
            return cells.reshape((lead, height, width)), _in_table
        return cells.reshape((lead, max(height, width))), _in_column if width == 1 else _in_row

    def _misfit(self, argument: _Argument, height: int, width: int) -> str:
        """Say how a range is not of the shape that an argument declares and the others have, "" where it is."""
        core = argument.kind.shape
        if len(core) == 1 and 1 not in (height, width):
            return f"must be one row or one column; it is {height} rows by {width} columns"
        if len(core) == 2 and core[1].isdecimal() and width != int(core[1]):
            return f"must have {core[1]} columns; it has {width}"
        if len(set(core)) < len(core) and height != width:
            return f"must have as many columns as rows; it is {height} rows by {width} columns"
        sides = ((height, "rows"), (width, "columns")) if len(core) == 2 else ((max(height, width), "values"),)
        for dimension, (size, unit) in zip(core, sides, strict=True):
            if dimension and not dimension.isdecimal():
                first, wanted, theirs = self.sizes.setdefault(dimension, (argument.name, size, unit))
                if size != wanted:
                    return f"has {size} {unit} where {first} has {wanted}" + f" {theirs}" * (theirs != unit)
        return ""

    def _mark(
        self,
        mask: NDArray[np.bool_],
        position: int,
        argument: _Argument,
        cells: Values,
        place: _Place,
        requirement: str,
        code: str,
    ) -> None:
        """Note the first offender of each row; a row that has a problem already keeps it."""
        if not mask.any():
            return
        per_row = mask.reshape(len(mask), -1)
        leads = np.flatnonzero(per_row.any(axis=1))
        first = per_row[leads].argmax(axis=1)
        known: dict[tuple[Any, ...], Problem] = {}  # rows by the thousand fail for one reason
        for lead, offset in zip(leads.tolist(), first.tolist(), strict=True):
            at = tuple(int(i) for i in np.unravel_index(offset, mask.shape[1:])) if mask.ndim > 1 else ()
            content = cells.item((lead, *at))
            key = at, type(content), content
            if key not in known:
                found = _offence(argument.name, content, at, requirement, code)
                known[key] = replace(found, argument=argument.name, position=position, index=place(at))
            for row in range(self.rows) if len(mask) == 1 else (lead,):
                self.problems.setdefault(row, known[key])

    # --- the call ----------------------------------------------------------------------------------------------------

    def _attempt(self, good: NDArray[np.intp]) -> list[tuple[NDArray[np.intp], Values]]:
        """Call with the good rows; rows the function objects to are noted and left out of the next try."""
        while good.size:
            try:
                with np.errstate(all="ignore"):
                    result = self.function.python(*(_rows_of(x, good, self.rows) for x in self.inputs))
                values = self.function.result.write(result, date1904=self.date1904)
                return [(good, self._by_row(values, good.size))]
            except ArgumentError as error:
                bad = _bad_rows(error, good.size)
                if bad is None:
                    return [done for row in good for done in self._attempt(np.array([row], np.intp))]
                for row in good[bad]:
                    self.problems[int(row)] = self._objection(error, int(row))
                good = good[~bad]
            except MemoryError:
                raise
            except (Exception, SystemExit) as error:
                if good.size == 1:
                    text = f"{self.function.name} failed: {type(error).__name__}: {error}"
                    self.problems[int(good[0])] = Problem("#VALUE!", text)
                    return []
                return [done for row in good for done in self._attempt(np.array([row], np.intp))]
        return []

    def _by_row(self, values: Values, rows: int) -> Values:
        """Return a result with its leading axis of rows; TypeError where it is not of the declared shape."""
        result = self.function.result
        core = 1 if isinstance(result, Row) else len(result.shape)
        lead = len(values.shape) - core
        if lead not in (0, 1) or values.shape[:lead] not in ((), (1,), (rows,)):
            raise TypeError(f"gave an array of shape {values.shape} for {rows} rows of {core} dimensions")
        sides = values.shape[lead:]
        return values.reshape((values.shape[0] if lead else 1, *sides)).broadcast_to((rows, *sides))

    def _objection(self, error: ArgumentError, row: int) -> Problem:
        names = [a.name for a in self.function.arguments]
        position = names.index(error.argument) if error.argument in names else None
        offender = ""
        if position is not None and not self.function.arguments[position].kind.shape:
            cells = self.cells[position]
            if cells is not None:
                flat = cells.reshape(cells.shape or (1,))
                offender = f"it is {display(flat.item(row if len(flat) > 1 else 0))}"
        elif error.offender is not None:
            offender = f"got {error.offender}"
        return Problem(error.excel, error.requirement, error.argument, position, None, offender)


def _offence(name: str, content: Any, at: tuple[int, ...], requirement: str, code: str) -> Problem:
    """Say what is wrong with one content of an argument."""
    item = f"row {at[0] + 1}, column {at[1] + 1}" if len(at) > 1 else f"item {at[0] + 1}" if at else ""
    if isinstance(content, ErrorValue):
        return Problem(content.code, f"{name} {item} is {content.code}".replace("  ", " "))
    if content is None:
        return Problem(code, f"{name} {item} is blank".replace("  ", " "))
    shown = f"the text {display(content)}" if isinstance(content, str) else display(content)
    return Problem(code, f"{name} {requirement}", offender=f"{item or 'it'} is {shown}")


# Where an element of a vector stands in its range, by the way the range lies.
_Place = Callable[[tuple[int, ...]], tuple[int, int] | None]


def _no_place(at: tuple[int, ...]) -> None:
    return None


def _in_column(at: tuple[int, ...]) -> tuple[int, int]:
    return at[0], 0


def _in_row(at: tuple[int, ...]) -> tuple[int, int]:
    return 0, at[0]


def _in_table(at: tuple[int, ...]) -> tuple[int, int]:
    return at[0], at[1]


def _with_default(array: NDArray[Any], blank: NDArray[np.bool_], argument: _Argument) -> Any:
    if argument.default is None:  # only numbers may default to None: NaN stands for "not given" among them
        return None if blank.all() else array
    filled = array.copy()
    filled[blank] = argument.default
    return filled


def _rows_of(argument: Any, good: NDArray[np.intp], rows: int) -> Any:
    """Return the good rows of an argument; a function may not write into them, or a second try would see it."""
    if not isinstance(argument, np.ndarray):
        return argument
    part = argument if len(argument) == 1 or good.size == rows else argument[good]
    part.setflags(write=False)
    return part


def _bad_rows(error: ArgumentError, rows: int) -> NDArray[np.bool_] | None:
    """Return which rows an error is about; None where it does not say."""
    if rows == 1:  # whatever the mask, there is no other row
        return np.ones(1, bool)
    mask: NDArray[np.bool_] = np.asarray(error.mask, bool)
    while mask.ndim > 1:
        mask = np.any(mask, axis=-1)
    if mask.ndim == 0 or len(mask) not in (1, rows):
        return None
    bad = np.broadcast_to(mask, (rows,))
    return bad if bad.any() else None
