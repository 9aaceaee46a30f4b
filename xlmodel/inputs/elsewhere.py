"""A forecast by month, placement and age that was made elsewhere, in place of ours.

Only the children at each month's end must be there. What else is given must fit; what is not is worked out where the
identity of stocks and flows leaves one value for it, and stays unknown, NaN, where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked, checked_table
from xlmodel.inputs.problems import Problems, listed
from xlmodel.inputs.tables import TABLES
from xlmodel.model.demand.assumptions import Demand, Opening
from xlmodel.model.demand.path import Path
from xlmodel.model.domain import FloatArray

__all__ = ["by_cell", "paths_from", "paths_of"]

_SIGNS = {"starts": 1, "moves_in": 1, "moves_out": -1, "aged_in": 1, "aged_out": -1, "ceases": -1}

#: Relative to the largest stock: more than this apart, figures do not fit.
_TOLERANCE = 1e-9


def paths_from(frame: pd.DataFrame, demand: Demand) -> dict[str, Path]:
    """Return forecasts made elsewhere as paths of a demand model, by scenario.

    Parameters
    ----------
    frame : DataFrame
        Columns as in forecast.csv.
    demand : Demand
        Whose opening children it begins with; its starts are taken where the forecast has none.

    Raises
    ------
    InputError
        With every fault of the frame.

    References
    ----------
    docs/inputs.md, "A forecast made elsewhere".
    """
    found = Problems()
    table = checked_table(TABLES["forecast"], frame, found)
    axes = Axes(
        demand.months, demand.placements, demand.placement_labels, demand.ages, tuple(demand.scenarios), settings={}
    )
    starts = table.numbers("starts")
    given = {name for name, x in zip(table.text("scenario"), starts, strict=True) if not np.isnan(x)}
    known = {name: s.starts for name, s in demand.scenarios.items() if name not in given}
    reasons = demand.reasons, demand.reason_shares
    paths = paths_of(axes, table, by_cell(axes, demand.opening), known, reasons)
    found.raise_any()
    return paths


def by_cell(axes: Axes, opening: Opening) -> FloatArray:
    """Return the opening children by placement and age band, shape (P, A)."""
    out = np.zeros(axes.shape[1:])
    np.add.at(out, (opening.placement, opening.band), opening.children)
    return out


def paths_of(
    axes: Axes,
    table: Checked | None,
    opening: FloatArray,
    starts: Mapping[str, FloatArray],
    reasons: tuple[Sequence[str], FloatArray],
) -> dict[str, Path]:
    """Return the path of every scenario that the table has; its faults are noted there."""
    if table is None:
        return {}
    scenario, month = axes.scenario(table), axes.month(table)
    place, band = axes.placement(table), axes.band(table)
    for column, at in (("placement", place), ("age", band)):
        if len(at) and (at == -1).all():
            table.fault(None, column, "must be filled: there are several")
    usable = (month >= 0) & (place >= 0) & (band >= 0)
    out = {}
    for s, name in enumerate(axes.scenarios):
        rows = np.flatnonzero((scenario == s) & usable)
        if not (scenario == s).any():
            continue
        cell = np.full(axes.shape, -1)
        cell[month[rows], place[rows], band[rows]] = rows
        if (cell < 0).any():
            _ask_for(axes, table, name, cell)
        else:
            out[name] = _Elsewhere(axes, table, name, cell).path(opening, starts.get(name), reasons)
    return out


def _ask_for(axes: Axes, table: Checked, name: str, cell: NDArray[np.intp]) -> None:
    if table.doubtful("scenario", "month", "placement", "age"):
        return
    missing = [
        f"{str(axes.months.starts[m])[:7]} {axes.placements[p]} {axes.ages.labels[a]}"
        for m, p, a in np.argwhere(cell < 0)
    ]
    table.fault(None, "month", f"must have rows of {name} for {listed(missing, 6)}")


class _Elsewhere:
    """One scenario's rows, as arrays of months, placements and age bands."""

    def __init__(self, axes: Axes, table: Checked, name: str, cell: NDArray[np.intp]) -> None:
        self.axes, self.table, self.name, self.cell = axes, table, name, cell
        columns = ("opening", *_SIGNS, "closing", "care_days")
        self.given = {c: np.asarray(table.numbers(c)[cell]) for c in columns}
        self.tolerance = _TOLERANCE * max(1.0, float(np.nanmax(self.given["closing"], initial=0.0)))

    def fault(self, at: NDArray[np.bool_], column: str, requirement: str, needed: FloatArray | None = None) -> None:
        """Note each cell that is marked, with what it should be."""
        for index in map(tuple, np.argwhere(at)):
            need = requirement if needed is None else f"{requirement}, {needed[index] + 0.0:.12g}"
            value = float(self.given[column][index])
            self.table.fault(int(self.cell[index]), column, need, None if np.isnan(value) else value)

    def path(self, first: FloatArray, starts: FloatArray | None, reasons: tuple[Sequence[str], FloatArray]) -> Path:
        """Return the path."""
        closing = self.given["closing"]
        opening = self._opening(first, closing)
        flows = {name: self.given[name].copy() for name in _SIGNS}
        if starts is not None:
            if np.isnan(flows["starts"]).all():
                flows["starts"] = starts
            else:
                self.table.fault(None, "starts", f"must be blank where starts.csv has {self.name}")
        self._nobody(flows)
        self._grown(flows)
        self._balanced(opening, closing, flows)
        self._between(flows, "moves_in", "moves_out", 1, "over the placements of a month and age")
        care_days = self._care_days(opening, closing, flows)
        return _path(self.axes, self.name, opening, closing, flows, care_days, reasons)

    def _opening(self, first: FloatArray, closing: FloatArray) -> FloatArray:
        opening = np.concatenate([first[None], closing[:-1]])
        off = np.abs(self.given["opening"] - opening) > self.tolerance
        start = np.zeros_like(off)
        start[0] = True
        self.fault(off & start, "opening", "must be the children of opening.csv", opening)
        self.fault(off & ~start, "opening", "must be the closing of the month before", opening)
        return opening

    def _nobody(self, flows: dict[str, FloatArray]) -> None:
        """Fill in flows that cannot be: moves with one placement, growing into the first band or out of the last."""
        none = np.zeros(self.axes.shape, dtype=bool)
        alone = np.full_like(none, len(self.axes.placements) == 1)
        youngest, oldest = none.copy(), none.copy()
        youngest[..., 0], oldest[..., -1] = True, True
        why = {
            "moves_in": (alone, "there is one placement"),
            "moves_out": (alone, "there is one placement"),
            "aged_in": (youngest, "nobody grows into the first age band"),
            "aged_out": (oldest, "who turns 18 ceases"),
        }
        for name, (where, reason) in why.items():
            self.fault(where & (flows[name] > 0), name, f"must be 0 or blank: {reason}")
            flows[name][where] = 0.0

    def _grown(self, flows: dict[str, FloatArray]) -> None:
        """Whoever grows out of a band grows into the next one of the same placement."""
        into, out = flows["aged_in"][..., 1:], flows["aged_out"][..., :-1]
        into[:] = np.where(np.isnan(into), out, into)
        out[:] = np.where(np.isnan(out), into, out)
        off = np.zeros(self.axes.shape, dtype=bool)
        off[..., 1:] = np.abs(into - out) > self.tolerance
        needed = np.zeros(self.axes.shape)
        needed[..., 1:] = out
        self.fault(off, "aged_in", "must be aged_out of the band below", needed)

    def _balanced(self, opening: FloatArray, closing: FloatArray, flows: dict[str, FloatArray]) -> None:
        """Work out the one flow of a cell that is not known, or hold the cell to its identity where all are."""
        names = list(_SIGNS)
        stacked = np.stack([_SIGNS[n] * flows[n] for n in names])
        unknown = np.isnan(stacked)
        rest = closing - opening - np.nansum(stacked, axis=0)
        count = unknown.sum(axis=0)
        whole = "must be opening + starts + moves in - moves out + aged in - aged out - ceases"
        self.fault((count == 0) & (np.abs(rest) > self.tolerance), "closing", whole, closing - rest)
        for k, name in enumerate(names):
            at = unknown[k] & (count == 1)
            value = _SIGNS[name] * rest
            self.fault(at & (value < -self.tolerance), name, "must be >= 0, and the other columns leave", value)
            flows[name] = np.where(at, np.maximum(value, 0.0), flows[name])

    def _between(self, flows: dict[str, FloatArray], into: str, out: str, axis: int, where: str) -> None:
        total = flows[out].sum(axis=axis, keepdims=True)
        off = np.abs(flows[into].sum(axis=axis, keepdims=True) - total) > self.tolerance
        first = np.zeros(self.axes.shape, dtype=bool)
        first[:, :1] = off
        self.fault(first, into, f"must add up to {out} {where}", np.broadcast_to(total, self.axes.shape))

    def _care_days(self, opening: FloatArray, closing: FloatArray, flows: dict[str, FloatArray]) -> FloatArray:
        days = self.axes.months.days[:, None, None]
        given = self.given["care_days"]
        most = (opening + flows["starts"] + flows["moves_in"] + flows["aged_in"]) * days
        over = given > most + self.tolerance * days
        self.fault(over, "care_days", "must be no more than all children of the month can have", most)
        return np.where(np.isnan(given), (opening + closing) / 2 * days, given)


def _path(
    axes: Axes,
    name: str,
    opening: FloatArray,
    closing: FloatArray,
    flows: Mapping[str, FloatArray],
    care_days: FloatArray,
    reasons: tuple[Sequence[str], FloatArray],
) -> Path:
    months, places, _ = axes.shape
    moved = bool((np.nan_to_num(flows["moves_out"], nan=1.0) != 0).any())
    moves = np.full((months, places, places), np.nan if moved else 0.0)
    stays_put = np.full_like(moves, np.nan) if moved else np.tile(np.eye(places), (months, 1, 1))
    there, ceases, starts = (x.sum(axis=2) for x in (opening, flows["ceases"], flows["starts"]))
    of_opening = np.minimum(ceases, there)
    return Path(
        scenario=name,
        months=axes.months,
        placements=axes.placements,
        ages=axes.ages,
        reasons=tuple(reasons[0]),
        opening=opening,
        closing=closing,
        care_days=care_days,
        ceases_by_reason=_by_reason(axes, flows["ceases"], reasons[1]),
        moves=moves,
        exit_chance=_ratio(of_opening, there),
        entrant_exit_chance=_ratio(ceases - of_opening, starts),
        move_chance=stays_put,
        exit_factor=np.full(axes.months.years, np.nan),
        cohort_child_years=np.full((axes.months.years + 1, axes.months.years), np.nan),
        **flows,
    )


def _by_reason(axes: Axes, ceases: FloatArray, shares: FloatArray) -> FloatArray:
    """Return ceases by reason; not known by age, where nobody says who of them turned 18."""
    if axes.ages.known:
        return np.full((*ceases.shape[:2], shares.shape[1]), np.nan)
    return np.asarray(np.einsum("tpa,ar->tpr", ceases, shares))


def _ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.where(b == 0, 0.0, np.clip(a / np.where(b == 0, 1.0, b), 0.0, 1.0)) + 0.0 * a
