"""How long children stay, from a survival table, a chance of leaving, or the ceases of the first year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked, Tables
from xlmodel.model.demand.ages import ADULT
from xlmodel.model.domain import FloatArray
from xlmodel.model.paths import exit_hazard
from xlmodel.model.stays import CappedStay, ExponentialStay, Stay, SurvivalTable, extended

__all__ = ["Stays", "check_opening", "stays_of"]

Stays = tuple[tuple[Stay, ...], ...]


def stays_of(
    axes: Axes, tables: Tables, assumed: Mapping[str, float], first_year: tuple[str, float, float, float] | None
) -> tuple[Stays | None, str]:
    """Return the stays by placement and age band at entry, and where they come from.

    Parameters
    ----------
    axes : Axes
    tables : mapping of str to Checked
        Of which survival is used, where it is there.
    assumed : mapping of str to float
        Assumptions by name.
    first_year : (str, float, float, float), optional
        A scenario with its opening, starts and ceases in the first year, to work the chance of leaving back from.
    """
    table, hazard = tables.get("survival"), assumed.get("exit_hazard")
    if table is not None:
        if hazard is not None:
            tables["assumptions"].fault(
                None, "name", "must not have exit_hazard where survival.csv says how long stays are"
            )
        return _by_table(axes, table, assumed.get("tail_hazard")), f"survival.csv, {len(table)} rows"
    if hazard is not None:
        return _alike(axes, hazard), f"exit_hazard {hazard:g} a year, assumptions.csv"
    if first_year is None:
        return None, ""
    name, opening, starts, ceases = first_year
    if not 0 < ceases < opening + starts:
        return None, ""
    hazard = float(exit_hazard(opening, starts, ceases))
    source = (
        f"exit hazard {hazard:.6g} a year, which opening, starts and ceases of {name} in {axes.months.labels[0]} imply"
    )
    return _alike(axes, hazard), source


def check_opening(axes: Axes, table: Checked, stays: Stays) -> None:
    """Note children of the opening stock whom the survival table does not know."""
    place, band, years = axes.placement(table), axes.band(table), table.numbers("years_in_care")
    entry = table.positions("age_at_entry", axes.ages.labels)
    for i in np.flatnonzero((place >= 0) & (band >= 0)):
        if np.isnan(years[i]):
            stay = stays[place[i]][band[i]]
            if not isinstance(stay, ExponentialStay) and not np.isfinite(stay.mean):
                table.fault(
                    int(i), "years_in_care", "must be filled: some children never leave, so no steady state says it"
                )
            continue
        came = entry[i] if entry[i] >= 0 else axes.ages.band_at_entry(int(band[i]), float(years[i]))
        stay = stays[place[i]][came]
        if not float(stay.share(years[i])) > 0:
            requirement = "must be a time after which survival.csv still has children in care"
            table.fault(int(i), "years_in_care", requirement, float(years[i]))


def _alike(axes: Axes, hazard: float) -> Stays:
    stay = ExponentialStay(hazard)
    return tuple(tuple(stay for _ in axes.ages.labels) for _ in axes.placements)


def _by_table(axes: Axes, table: Checked, tail: float | None) -> Stays | None:
    place, band = table.positions("placement", axes.placements), table.positions("age", axes.ages.labels)
    if table.doubtful("placement", "age", "years", "share"):
        return None
    years, shares = table.numbers("years"), table.numbers("share")
    known: dict[tuple[int, int], Stay | None] = {}
    rows: list[tuple[Stay, ...]] = []
    for p in range(len(axes.placements)):
        row = []
        for a in range(axes.ages.count):
            key = (p if (place >= 0).any() else -1, a if (band >= 0).any() else -1)
            if key not in known:
                at = np.flatnonzero((place == key[0]) & (band == key[1]))
                known[key] = _stay(axes, table, key, at[np.argsort(years[at])], years, shares, tail)
            row.append(known[key])
        rows.append(tuple(s for s in row if s is not None))
    return None if None in known.values() else tuple(rows)


def _stay(
    axes: Axes,
    table: Checked,
    key: tuple[int, int],
    at: NDArray[np.intp],
    years: FloatArray,
    shares: FloatArray,
    tail: float | None,
) -> Stay | None:
    """Return the stay of one placement and band at entry from its rows, in order of years."""
    names = [axes.placements[key[0]]] if key[0] >= 0 else []
    names += [axes.ages.labels[key[1]]] if key[1] >= 0 else []
    of = f" of {' '.join(names)}" if names else ""
    if not len(at):
        table.fault(None, "years", f"must have rows{of}")
        return None
    rises = np.flatnonzero(np.diff(shares[at]) > 0)
    for i in rises:
        row = table.row(int(at[i]))
        requirement = f"must not rise with the years: row {row} has {shares[at[i]]:g} at year {years[at[i]]:g}"
        table.fault(int(at[i + 1]), "share", requirement, float(shares[at[i + 1]]))
    if len(rises):
        return None
    stay: Stay = SurvivalTable(years[at], shares[at])
    youngest = axes.ages.edges[key[1]] if key[1] >= 0 else 0.0
    if stay.horizon == np.inf:
        return stay
    if axes.ages.known and stay.horizon >= ADULT - youngest:
        return CappedStay(stay, ADULT - youngest)
    if tail is None:
        until = f"to {ADULT - youngest:g} years" if axes.ages.known else "until nobody is left"
        requirement = f"must go on {until}{of}, or assumptions.csv must give tail_hazard for what comes after"
        table.fault(int(at[-1]), "years", requirement, float(years[at[-1]]))
        return None
    return extended(stay, tail)
