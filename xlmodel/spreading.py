"""One cell's call: ranges given for single values are spread over cells, and the rows folded back into a shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlmodel.calling import Called, Problem, run_column
from xlmodel.declaration import Function
from xlmodel.kinds import Row
from xlmodel.values import Values

__all__ = ["call_cell"]


def call_cell(function: Function, arguments: Sequence[Values | None], date1904: bool) -> Called:
    """Spread the ranges given for single values over the cells of the result, and fold the rows back into a shape."""
    known = list(zip(function.arguments, arguments, strict=False))
    grids = [_grid(cells) for argument, cells in known if cells is not None and not argument.kind.shape]
    try:
        grid = np.broadcast_shapes(*grids) if grids else (1, 1)
    except ValueError:
        shapes = " and ".join(f"{r} x {c}" for r, c in dict.fromkeys(grids))
        problem = Problem("#VALUE!", f"the ranges given to {function.name} differ in shape: {shapes}")
        return Called(Values.of(problem.error), {(): problem})
    rows = grid[0] * grid[1]
    columns: list[Values | None] = []
    for argument, cells in known:
        if cells is None:
            columns.append(None)
        elif argument.kind.shape:
            columns.append(cells.reshape((1, *cells.shape)))
        else:
            columns.append(cells.reshape(_grid(cells)).broadcast_to(grid).reshape((rows,)))
    columns.extend(arguments[len(known) :])
    return _folded(function, arguments, run_column(function, columns, rows, date1904=date1904), (grid[0], grid[1]))


def _grid(cells: Values) -> tuple[int, int]:
    return (cells.shape[0], cells.shape[1]) if cells.shape else (1, 1)


def _folded(function: Function, arguments: Sequence[Values | None], called: Called, grid: tuple[int, int]) -> Called:
    """Give the rows of a call the shape in which they spill: vectors lie as the input does."""
    values = called.values
    if len(values.shape) == 1:
        single = not any(
            c is not None and c.shape for a, c in zip(function.arguments, arguments, strict=False) if not a.kind.shape
        )
        values = values.reshape(() if single else grid)
        return Called(
            values,
            {_at(row, grid, single): _located(p, row, grid, arguments) for (row, *_), p in called.problems.items()},
        )
    if len(values.shape) == 3 and grid == (1, 1):
        return Called(values[0])  # one row, and it is good
    upright = len(values.shape) == 2 and _upright(function, arguments, values.shape[1])
    if len(values.shape) == 2 and (grid == (1, 1) or grid[0 if upright else 1] == 1):
        lying = values.map(lambda a: np.moveaxis(a, 0, -1)) if upright else values
        problems: dict[tuple[int, ...], Problem] = {
            (0, row) if upright else (row, 0): _located(p, row, grid, arguments)
            for (row, *_), p in called.problems.items()
        }
        return Called(lying, problems)
    problem = Problem(
        "#VALUE!", f"{function.name} would spill in two directions: give it one cell where it takes one value"
    )
    return Called(Values.of(problem.error), {(): problem})


def _upright(function: Function, arguments: Sequence[Values | None], length: int) -> bool:
    """Tell whether a vector result spills downwards: as the first argument lies that has its dimension."""
    dimension = _result_dimension(function)
    for argument, cells in zip(function.arguments, arguments, strict=False):
        if cells is not None and cells.shape and dimension is not None and argument.kind.shape[:1] == (dimension,):
            lies_open = cells.shape == (1, 1) and length > 1  # one cell says nothing of the way it lies
            return not lies_open and (cells.shape[1] == 1 or len(argument.kind.shape) > 1)
    return False


def _at(row: int, grid: tuple[int, int], single: bool) -> tuple[int, ...]:
    return () if single else divmod(row, grid[1])


def _located(problem: Problem, row: int, grid: tuple[int, int], arguments: Sequence[Values | None]) -> Problem:
    """Say where in its argument's range the offender of one row stands."""
    if problem.position is None or problem.index is not None:
        return problem
    cells = arguments[problem.position] if problem.position < len(arguments) else None
    if cells is None or not cells.shape:
        return problem
    r, c = divmod(row, grid[1])
    return replace(problem, index=(min(r, cells.shape[0] - 1), min(c, cells.shape[1] - 1)))


def _result_dimension(function: Function) -> str | None:
    shape = () if isinstance(function.result, Row) else function.result.shape
    return shape[0] if shape else None
