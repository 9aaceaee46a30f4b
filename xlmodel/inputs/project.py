"""A demand project: its files, checked together, as what a run is given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np
import pandas as pd

from xlmodel.inputs.axes import Axes, axes_of
from xlmodel.inputs.checking import Tables, checked_tables
from xlmodel.inputs.children import leaving_of, moves_of, opening_of, reason_shares_of
from xlmodel.inputs.courses import check_ceases, scenario_starts, scenarios_of
from xlmodel.inputs.dated import parameters_of
from xlmodel.inputs.elsewhere import by_cell, paths_of
from xlmodel.inputs.lengths import check_opening, stays_of
from xlmodel.inputs.money import actual_cost_of, population_of, price_week_of, support_of
from xlmodel.inputs.past import history_of
from xlmodel.inputs.plans import budget_of, plan_of
from xlmodel.inputs.problems import Problems
from xlmodel.inputs.reading import read_folder
from xlmodel.inputs.register import assumptions_of, legal_of
from xlmodel.inputs.starts import entry_mix_of, starts_of
from xlmodel.model.demand.assumptions import Demand, Opening, Scenario
from xlmodel.model.demand.path import Path

__all__ = ["Project", "project_from", "read_project"]

#: What is assumed where an optional file is not there.
_WITHOUT = {
    "moves": "no moves.csv: nobody changes placement",
    "leaving": "no leaving.csv: children leave from all placements alike",
    "reasons": "no reasons.csv: ceases are not told apart by reason",
    "uplift": "no uplift.csv: prices stay as they are dated",
    "support": "no support.csv: support for children not in care costs nothing",
    "money": "no money.csv: scenarios invest nothing and release no budget",
    "parameters": "no parameters.csv: no present value; up to 5 % of the stock a year is near a steady state",
    "entry_mix": "no entry_mix.csv: starts are given by placement and age where there are several",
}


@dataclass(frozen=True)
class Project:
    """What a run is given, and the scenarios whose children were forecast elsewhere."""

    demand: Demand
    paths: Mapping[str, Path]


def read_project(folder: str | os.PathLike[str]) -> Project:
    """Read a project's folder.

    Parameters
    ----------
    folder : path
        Holds the CSV files, or a folder `model` with them.

    Raises
    ------
    InputError
        With every fault that was found, by file, row and column.

    References
    ----------
    docs/inputs.md.
    """
    found = Problems()
    return _project(read_folder(FilePath(folder), found), found)


def project_from(frames: Mapping[str, pd.DataFrame]) -> Project:
    """Return the project that tables describe.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        By the name of a file without its ending; cells are text as in the file, or numbers and dates.

    Raises
    ------
    InputError
        With every fault that was found, by file, row (as if the table were a file) and column.

    Examples
    --------
    >>> def frame(columns, *rows):
    ...     return pd.DataFrame([row.split(",") for row in rows], columns=columns.split(","))
    >>> project = project_from({
    ...     "settings": frame("key,value", "title,Deck", "first_year,2024/25", "years,1", "baseline,plan"),
    ...     "scenarios": frame("scenario,label", "plan,The plan"),
    ...     "opening": frame("children", "487"),
    ...     "starts": frame("scenario,year,starts", "plan,2024/25,140"),
    ...     "ceases": frame("scenario,year,ceases", "plan,2024/25,215"),
    ...     "prices": frame("from,price_week,source", "2024-04-01,854,Ledger"),
    ...     "population": frame("mid_year,vintage,population,source", "2024,2024,49756,Estimate"),
    ... })
    >>> round(project.demand.stays[0][0].hazard, 4)
    0.4815

    References
    ----------
    docs/inputs.md.
    """
    return _project(frames, Problems())


def _project(frames: Mapping[str, pd.DataFrame], found: Problems) -> Project:
    tables = checked_tables(frames, found)
    axes = axes_of(tables, found)
    made = _made(axes, tables, found) if axes is not None else None
    found.raise_any()
    assert made is not None, "a project that cannot be made has faults"
    return made


def _made(axes: Axes, tables: Tables, found: Problems) -> Project | None:
    """Return the project; None where something it needs is not there, whose fault is then noted."""
    register = assumptions_of(tables.get("assumptions"))
    assumed = {a.name: a.value for a in register if not np.isnan(a.value)}
    opening = opening_of(axes, tables["opening"]) if "opening" in tables else None
    moves = moves_of(axes, tables.get("moves"))
    leaving = leaving_of(axes, tables.get("leaving"))
    reasons, shares = reason_shares_of(axes, tables.get("reasons"))
    if not {"starts", "forecast"} & set(tables) and not found.touch("starts.csv", ()):
        found.add("starts.csv", None, None, "must be there")
    own = starts_of(axes, tables.get("starts"), entry_mix_of(axes, tables.get("entry_mix")))
    sure = opening is not None and _usable(opening) and not tables["opening"].doubtful("placement", "age", "children")
    cells = by_cell(axes, opening) if opening is not None and sure else np.full(axes.shape[1:], np.nan)
    paths = paths_of(axes, tables.get("forecast"), cells, own, (reasons, shares))
    scenarios: dict[str, Scenario] = {}
    if "scenarios" in tables:
        starts = scenario_starts(axes, tables, own, paths)
        scenarios = scenarios_of(axes, tables, starts, paths, assumed)
    children = float(cells.sum())
    if "ceases" in tables:
        check_ceases(axes, tables["ceases"], children, scenarios)
    stays, whence = stays_of(axes, tables, assumed, _first_year(axes, children, scenarios, paths))
    if stays is None:
        _ask_for_stays(axes, tables, found)
    elif opening is not None and "survival" in tables and _usable(opening):
        check_opening(axes, tables["opening"], stays)
    population, vintages = population_of(axes, tables.get("population"), children)
    prices = price_week_of(axes, tables, found)
    support = support_of(axes, tables.get("support"))
    actual = actual_cost_of(axes, tables.get("actuals"))
    legal = legal_of(tables.get("assumptions"), assumed)
    plan = plan_of(axes, tables, found)
    budget = budget_of(axes, tables.get("budget"))
    parameters = parameters_of(axes, tables.get("parameters"))
    history = history_of(axes, tables.get("history"), tables.get("population"), children)
    if opening is None or stays is None or axes.settings.get("baseline") not in scenarios:
        return None
    demand = Demand(
        title=axes.settings.get("title", ""),
        months=axes.months,
        placements=axes.placements,
        placement_labels=axes.labels,
        ages=axes.ages,
        opening=opening,
        stays=stays,
        moves=moves,
        leaving=leaving,
        reasons=reasons,
        reason_shares=shares,
        price_week=prices,
        population=population,
        scenarios=scenarios,
        baseline=axes.settings["baseline"],
        alternative_week=support,
        actual_cost=actual,
        legal=legal,
        plan=plan,
        plan_scenario=axes.settings.get("plan_scenario"),
        budget=budget,
        assumptions=register,
        parameters=parameters,
        history=history,
        sources=_sources(tables) | {"stays": whence, "population_used": vintages},
    )
    return Project(demand, paths)


def _usable(opening: Opening) -> bool:
    """Whether every row says where its children are."""
    return bool((opening.placement >= 0).all() and (opening.band >= 0).all())


def _first_year(
    axes: Axes, opening: float, scenarios: Mapping[str, Scenario], paths: Mapping[str, Path]
) -> tuple[str, float, float, float] | None:
    """Return the scenario whose first year's ceases are known, with its opening, starts and ceases.

    The baseline's come first, then the plan's, then any.
    """
    order = [str(axes.settings.get(key)) for key in ("baseline", "plan_scenario")] + list(axes.scenarios)
    for name in dict.fromkeys(order):
        if name in scenarios:
            known = paths[name].ceases[:12].sum() if name in paths else scenarios[name].ceases[0]
            starts = scenarios[name].starts[:12].sum()
            if not np.isnan(known + starts + opening):
                return name, opening, float(starts), float(known)
    return None


def _ask_for_stays(axes: Axes, tables: Tables, found: Problems) -> None:
    """Say what to give so that it is known how long children stay, unless a fault already explains it."""
    table = tables.get("ceases")
    given = {"survival", "forecast"} & set(tables) or "exit_hazard" in _names(tables)
    stated = found.touch("ceases.csv", ("year",)) or (
        table is not None and (table.numbers("year") == axes.months.first).any()
    )
    if not found or not (given or stated):
        first = axes.months.labels[0]
        need = (
            f"must state ceases above 0 in {first}, or survival.csv or an exit_hazard in assumptions.csv must be given"
        )
        found.add("ceases.csv", None, None, f"{need}: nothing says how long children stay")


def _names(tables: Tables) -> list[str]:
    return tables["assumptions"].text("name") if "assumptions" in tables else []


def _sources(tables: Tables) -> dict[str, str]:
    """Return what was read, and what is assumed where an optional file is not there."""
    out = {}
    for table in tables.values():
        sources = sorted(set(table.text("source"))) if "source" in table.frame else []
        rows = f"{len(table)} row{'' if len(table) == 1 else 's'}"
        out[table.file] = rows + (f": {'; '.join(sources)}" if sources else "")
    return out | {name: text for name, text in _WITHOUT.items() if name not in tables}
