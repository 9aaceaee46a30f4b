"""Children from the tables: who is there, who starts and ceases, who moves, and why they leave."""

from __future__ import annotations

import numpy as np

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked
from xlmodel.model.codes import EXIT_GROUPS
from xlmodel.model.demand.assumptions import Opening
from xlmodel.model.domain import FloatArray

__all__ = ["SUM_TOLERANCE", "ceases_of", "leaving_of", "moves_of", "opening_of", "reason_shares_of"]

#: Shares that sum to 1 within this do; they are then scaled to do so exactly.
SUM_TOLERANCE = 1e-6

#: The one group of reasons where none are given.
_CEASED = "ceased"


def opening_of(axes: Axes, table: Checked) -> Opening:
    """Return the children there when the forecast begins, in the order of placements, ages and years in care."""
    place, band = axes.placement(table), axes.band(table)
    years, children = table.numbers("years_in_care"), table.numbers("children")
    for column, at in (("placement", place), ("age", band)):
        if len(table) and (at == -1).all():
            known = ", ".join(axes.placements if column == "placement" else axes.ages.labels)
            table.fault(None, column, f"must say how many children are in each of {known}")
    if axes.ages.known:
        oldest = np.asarray(axes.ages.edges)[1:][np.maximum(band, 0)]
        for i in np.flatnonzero((band >= 0) & (years >= oldest)):
            requirement = f"must be below {oldest[i]:g}, the age at which {axes.ages.labels[band[i]]} ends"
            table.fault(int(i), "years_in_care", requirement, float(years[i]))
    entry = table.positions("age_at_entry", axes.ages.labels)
    for i in np.flatnonzero((entry > band) & (band >= 0)):
        table.fault(int(i), "age_at_entry", "must not be above age", axes.ages.labels[entry[i]])
    order = np.lexsort((entry, years, band, place))
    return Opening(children[order], place[order], band[order], years[order], entry[order])


def ceases_of(axes: Axes, table: Checked | None) -> FloatArray:
    """Return the ceases that are stated, shape (scenarios, Y); NaN where none are."""
    out = np.full((len(axes.scenarios), axes.months.years), np.nan)
    if table is not None:
        scenario, year = axes.scenario(table), axes.year(table)
        fine = (scenario >= 0) & (year >= 0)
        out[scenario[fine], year[fine]] = table.numbers("ceases")[fine]
    return out


def moves_of(axes: Axes, table: Checked | None) -> FloatArray:
    """Return the monthly chances of moving, shape (A, P, P)."""
    _, places, bands = axes.shape
    out = np.zeros((bands, places, places))
    if table is None:
        out[:, range(places), range(places)] = 1.0
        return out
    band = table.positions("age", axes.ages.labels)
    start, end = table.positions("from", axes.placements), table.positions("to", axes.placements)
    chance = table.numbers("chance")
    stay_given = np.zeros((bands, places), dtype=bool)
    last = np.full((bands, places), -1)
    for i in np.flatnonzero((band >= -1) & (start >= 0) & (end >= 0) & ~np.isnan(chance)):
        which = slice(None) if band[i] < 0 else band[i]
        out[which, start[i], end[i]] = chance[i]
        stay_given[which, start[i]] |= start[i] == end[i]
        last[which, start[i]] = i
    leave = out.sum(axis=2)
    wrong = np.where(stay_given, np.abs(leave - 1) > SUM_TOLERANCE, leave > 1 + SUM_TOLERANCE) & (last >= 0)
    for a, p in np.argwhere(wrong):
        need = "must sum to 1" if stay_given[a, p] else "must sum to 1 at most"
        code = axes.placements[p]
        table.fault(int(last[a, p]), "chance", f"{need} over the rows from {code}", round(float(leave[a, p]), 9))
    rest = np.where(stay_given, 0.0, np.maximum(1 - leave, 0.0))
    own = np.arange(places)
    out[:, own, own] += rest
    total = out.sum(axis=2, keepdims=True)
    return out / np.where(total > 0, total, 1.0)


def leaving_of(axes: Axes, table: Checked | None) -> FloatArray | None:
    """Return how much more often children leave from each placement, shape (P, A); None where all are alike."""
    if table is None:
        return None
    place, weight = table.positions("placement", axes.placements), table.numbers("weight")
    fine = (place >= 0) & ~np.isnan(weight)
    by_place = np.ones(len(axes.placements))
    by_place[place[fine]] = weight[fine]
    if len(table) and fine.all() and not by_place.any():
        table.fault(None, "weight", "must be above 0 for one placement at least")
    return np.repeat(by_place[:, None], axes.ages.count, axis=1)


def reason_shares_of(axes: Axes, table: Checked | None) -> tuple[tuple[str, ...], FloatArray]:
    """Return the groups of reasons for ceasing before 18, and their shares by age band, shape (A, R)."""
    bands = axes.ages.count
    if table is None:
        return (_CEASED,), np.ones((bands, 1))
    given = set(table.text("reason"))
    reasons = tuple(g for g in EXIT_GROUPS if g in given)
    band, shares = table.positions("age", axes.ages.labels), table.numbers("share")
    at = table.positions("reason", tuple(EXIT_GROUPS))
    out = np.zeros((bands, max(len(reasons), 1)))
    for i in np.flatnonzero((band >= -1) & (at >= 0) & ~np.isnan(shares)):
        out[slice(None) if band[i] < 0 else band[i], reasons.index(table.text("reason")[i])] = shares[i]
    total = out.sum(axis=1)
    if not table.doubtful("age", "reason", "share"):
        wrong = np.abs(total - 1) > SUM_TOLERANCE
        for a in np.flatnonzero(wrong) if (band >= 0).any() else np.flatnonzero(wrong)[:1]:
            which = f" for age {axes.ages.labels[a]}" if axes.ages.known and (band >= 0).any() else ""
            table.fault(None, "share", f"must sum to 1{which}", round(float(total[a]), 9))
    return reasons or (_CEASED,), out / np.where(total > 0, total, 1.0)[:, None]
