"""What several years of returns give a demand project: its input tables, and tables of what happened so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.errors import DomainError
from xlmodel.inputs.ssda903.flows import CareFlows, care_flows
from xlmodel.inputs.ssda903.history import GROUPS, TYPES, CareHistory
from xlmodel.inputs.ssda903.rows import OPEN
from xlmodel.inputs.ssda903.segments import bands_on
from xlmodel.inputs.ssda903.stays import DAYS_A_YEAR, ObservedStays, observed_stays
from xlmodel.inputs.ssda903.transitions import move_chances, reason_shares
from xlmodel.model.codes import PLACEMENT_TYPES
from xlmodel.model.demand.ages import ADULT, Ages
from xlmodel.model.demand.months import MONTHS_A_YEAR
from xlmodel.model.domain import BoolArray
from xlmodel.model.years import year_label

__all__ = ["AGES", "ProjectTables", "project_tables"]

#: Those of national figures, cut further where many children grow up: the model takes a band's children to be spread
#: evenly over it, and with wide bands too few turn 18.
AGES = Ages((0, 1, 5, 10, 13, 15, 16, 17, 18))

#: Years in care are given in bands, each by its middle, so that no row has one child's dates. Edges of ages are edges
#: here too: a middle is then never more than the age.
_YEARS_IN_CARE = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0)

#: Survival is given at these years in care, for the same reason: its steps are days on which one child ceased.
_SURVIVAL_AT = np.concatenate([np.arange(1, 12) / 12, np.arange(4, 4 * ADULT + 1) / 4])

#: Of a child whose beginning is not known, the years it is surely in care are taken if they are as many as this.
_SURELY = 2.0


@dataclass(frozen=True, eq=False)
class ProjectTables:
    """Tables made from returns. None has a row for a child, or anything that tells one from another."""

    inputs: Mapping[str, pd.DataFrame]  #: by file of a project; prices and population must be added
    history: Mapping[str, pd.DataFrame]  #: months, years and exits, as counted
    notes: tuple[str, ...]  #: what is behind the figures and what was left out, a sentence each


def project_tables(
    history: CareHistory,
    ages: Ages = AGES,
    *,
    years: int = 5,
    recent: int = 3,
    since: int | None = None,
    scenario: str = "no_change",
) -> ProjectTables:
    """Return the inputs of a demand project that begins where the returns end.

    Parameters
    ----------
    history : CareHistory
        Periods of care.
    ages : Ages
        Bands between whole birthdays.
    years : int
        Financial years to forecast.
    recent : int
        The last so many years of the returns say what starts, moves and reasons go on as; fewer where there are.
    since : int, year, optional
        The start of the financial year from which lengths of stay count; all years by default.
    scenario : str
        Code of the scenario in which starts go on as they were: their yearly mean.

    Returns
    -------
    ProjectTables

    Raises
    ------
    DomainError
        `years` or `recent` < 1, or what `observed_stays` refuses.
    NoDataError
        Nobody started within the returns.

    References
    ----------
    docs/ssda903.md, "From returns to a forecast".
    """
    for name, count in {"years": years, "recent": recent}.items():
        if count < 1:
            raise DomainError(f"{name} must be >= 1", argument=name, offender=count)
    months = history.months
    used_years = min(recent, months.years)
    start = (months.years - used_years) * MONTHS_A_YEAR
    flows = care_flows(history, ages)
    stays = observed_stays(history, ages, since)
    used = (flows.closing[-1] + flows.starts[start:].sum(axis=0) + flows.moves_in[start:].sum(axis=0)).sum(axis=1) > 0
    forecast = [year_label(months.first + months.years + y) for y in range(years)]
    starts = flows.starts[start:].sum(axis=0)
    inputs = {
        "settings": _settings(forecast, ages, scenario),
        "placements": pd.DataFrame({"code": _of(TYPES, used), "label": _of(tuple(PLACEMENT_TYPES.values()), used)}),
        "scenarios": pd.DataFrame({"scenario": [scenario], "label": ["Starts and stays go on as they were"]}),
        "opening": _opening(history, ages),
        "starts": pd.DataFrame({"scenario": scenario, "year": forecast, "starts": float(starts.sum()) / used_years}),
        "entry_mix": _entry_mix(starts, ages),
        "survival": _survival(stays.survival),
        "moves": _moves(history, ages, start, used),
        "assumptions": _assumptions(history, stays),
        "history": flows.by_year().drop(columns="child_years").assign(source=_returns(history)),
    }
    if (flows.ceases_by_reason.sum(axis=1) > flows.turned_18)[-used_years:].any():
        inputs["reasons"] = _reasons(history, ages, start)
    tables = {
        "months": flows.by_month(),
        "years": flows.by_year(),
        "exits": flows.exits_by_year(),
        "leaving": _leaving(history, flows, start),
    }
    inputs["leaving"] = _weights(tables["leaving"], _of(TYPES, used))
    return ProjectTables(inputs, tables, _notes(history, flows, stays, used_years))


def _of(names: tuple[str, ...], used: BoolArray) -> list[str]:
    return [name for name, use in zip(names, used, strict=True) if use]


def _settings(forecast: list[str], ages: Ages, scenario: str) -> pd.DataFrame:
    values = {
        "title": "Children looked after",
        "first_year": forecast[0],
        "years": str(len(forecast)),
        "baseline": scenario,
        "ages": ";".join(f"{edge:g}" for edge in ages.edges) if ages.known else "all",
    }
    return pd.DataFrame({"key": list(values), "value": list(values.values())})


def _opening(history: CareHistory, ages: Ages) -> pd.DataFrame:
    """Return the children at the end of the returns by placement, age band and years in care."""
    periods, last = history.periods, history.last_day
    there = (history.begin <= last) & (history.end > last)
    period = history.period[there]
    years = (last + 1 - periods.begin[period]) / DAYS_A_YEAR
    edges = np.unique([*_YEARS_IN_CARE, *ages.edges])
    middles = (edges[1:] + edges[:-1]) / 2
    in_care = middles[np.clip(np.searchsorted(edges, years, side="right") - 1, 0, len(middles) - 1)]
    unsure = ~periods.begun[period]
    in_care[unsure & (years < _SURELY)] = np.nan
    labels = np.array(ages.labels)
    came = labels[bands_on(ages, periods.birth[period], periods.begin[period])].astype(object)
    came[unsure] = ""
    children = pd.DataFrame(
        {
            "placement": np.array(TYPES)[history.placement[there]],
            "age": labels[bands_on(ages, periods.birth[period], np.full(len(period), last))],
            "years_in_care": in_care,
            "age_at_entry": came,
        }
    )
    keys = list(children.columns)
    return children.groupby(keys, dropna=False, sort=True).size().rename("children").reset_index()


def _survival(exact: pd.DataFrame) -> pd.DataFrame:
    """Return survival as steps half-way between the times at which it is given, up to the last of them."""
    tables = []
    for age, table in exact.groupby("age", sort=False):
        years, share = table["years"].to_numpy(), table["share"].to_numpy()
        at = _SURVIVAL_AT[: np.searchsorted(_SURVIVAL_AT, years[-1], side="right")]
        if not len(at):
            at = years[-1:]
        left = np.append(1.0, share)[np.searchsorted(years, at, side="right")]
        middles = (np.append(0.0, at[:-1]) + at) / 2
        falls = left < np.append(1.0, left[:-1])
        steps = {"years": np.append(middles[falls], at[-1]), "share": np.append(left[falls], left[-1])}
        tables.append(pd.DataFrame({"age": age} | steps))
    return pd.concat(tables, ignore_index=True)


def _entry_mix(starts: NDArray[np.int64], ages: Ages) -> pd.DataFrame:
    placement, band = np.nonzero(starts)
    return pd.DataFrame(
        {
            "placement": np.array(TYPES)[placement],
            "age": np.array(ages.labels)[band],
            "share": starts[placement, band] / max(int(starts.sum()), 1),
        }
    )


def _moves(history: CareHistory, ages: Ages, start: int, used: BoolArray) -> pd.DataFrame:
    chances = move_chances(history, ages, start)
    band, old, new = np.nonzero(chances * (1 - np.eye(len(TYPES))) * np.outer(used, used))
    names = np.array(TYPES)
    columns = {"age": np.array(ages.labels)[band], "from": names[old], "to": names[new]}
    return pd.DataFrame(columns | {"chance": chances[band, old, new]})


def _reasons(history: CareHistory, ages: Ages, start: int) -> pd.DataFrame:
    shares = reason_shares(history, ages, start)
    band, group = np.nonzero(shares * shares.any(axis=0))
    columns = {"age": np.array(ages.labels)[band], "reason": np.array(GROUPS)[group]}
    return pd.DataFrame(columns | {"share": shares[band, group]})


def _leaving(history: CareHistory, flows: CareFlows, start: int) -> pd.DataFrame:
    """Return how often children leave each placement type before 18."""
    periods = history.periods
    ends = np.append(history.period[1:] != history.period[:-1], True)
    counts = (periods.group >= 0) & ~periods.turned_18 & (periods.end <= history.last_day)
    counts &= periods.end >= history.first_day + int(history.months.days[:start].sum())
    ceases = np.bincount(history.placement[ends][counts], minlength=len(TYPES))
    child_years = flows.care_days[start:].sum(axis=(0, 2)) / DAYS_A_YEAR
    columns = {"placement": np.array(TYPES), "ceases_before_18": ceases, "child_years": child_years}
    table = pd.DataFrame(columns).loc[child_years > 0].reset_index(drop=True)
    return table.assign(ceases_a_year=table["ceases_before_18"] / table["child_years"])


def _weights(leaving: pd.DataFrame, used: list[str]) -> pd.DataFrame:
    """Return the chance of leaving from each placement over that of all.

    A child more in both keeps a placement that few children had near 1.
    """
    table = leaving[leaving["placement"].isin(used)]
    expected = table["child_years"] * table["ceases_before_18"].sum() / max(table["child_years"].sum(), 1e-9)
    weight = (table["ceases_before_18"] + 1) / (expected + 1)
    return pd.DataFrame({"placement": table["placement"], "weight": weight})


def _assumptions(history: CareHistory, stays: ObservedStays) -> pd.DataFrame:
    columns = ["name", "value", "low", "high", "unit", "source"]
    if stays.tail is None:
        return pd.DataFrame(columns=columns)
    tail = stays.tail
    source = (
        f"{_returns(history)}: {tail.ceases} ceases before 18 in {tail.child_years:.1f} child-years "
        f"after {tail.after:.1f} years in care; 95 % limits"
    )
    return pd.DataFrame([["tail_hazard", tail.value, tail.low, tail.high, "a year", source]], columns=columns)


def _returns(history: CareHistory) -> str:
    labels = history.months.labels
    return f"SSDA903 returns {labels[0]} to {labels[-1]}" if len(labels) > 1 else f"SSDA903 return {labels[0]}"


def _notes(history: CareHistory, flows: CareFlows, stays: ObservedStays, recent: int) -> tuple[str, ...]:
    periods = history.periods
    unknown = int((periods.begin < history.first_day).sum())
    open_now = int((periods.end == OPEN).sum())
    notes = [
        f"{_returns(history)}: {len(periods.begin):,} periods of care, {open_now:,} of them open at the end.",
        f"Starts, moves and reasons go on as in the last {recent} years.",
        f"{unknown:,} periods began before the first return and are left out of the survival tables.",
    ]
    if history.short_break_episodes:
        notes.append(f"{history.short_break_episodes:,} episodes of short breaks (V3, V4) are not counted.")
    if history.children_left_out:
        notes.append(
            f"{history.children_left_out:,} children with faults in {len(history.problems):,} places are left out: "
            "every count is too low by them."
        )
    if stays.pooled:
        notes.append(f"Too few children for a survival table of their own at entry: {', '.join(stays.pooled)}.")
    return tuple(notes)
