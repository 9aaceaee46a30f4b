"""What a workbook takes more simply than the demand model does, in sentences for its readers."""

from __future__ import annotations

import numpy as np

from xlmodel.building.project import BookProject

__all__ = ["exact", "simplifications"]


def exact(project: BookProject) -> bool:
    """Whether the workbook gives the children and the money of the demand model itself, to rounding."""
    return not simplifications(project)


def simplifications(project: BookProject) -> tuple[str, ...]:
    """Return what the workbook takes more simply than the demand model, one sentence each; none where it takes nothing.

    Parameters
    ----------
    project : BookProject
        Its tables say what the demand model knows beyond totals by year and placement.

    Returns
    -------
    tuple of str
    """
    demand, model = project.demand, project.model
    out = []
    if "survival" in model:
        out.append(
            "The project has survival curves. This workbook takes one rate of leaving for each placement, one over "
            "the mean stay of its curve, as if children left equally readily at all times."
        )
    if demand.ages.known:
        out.append(
            "The project tells ages apart. This workbook does not: children leave at 18 as part of the mean stay."
        )
    if len(demand.placements) > 1 and "moves" in model:
        out.append(
            "The project has moves between placements. In this workbook children stay in the placement they enter."
        )
    if "leaving" in model:
        out.append(
            "The project says that children leave some placements sooner than their stays do; this workbook does not."
        )
    if project.courses:
        names = ", ".join(project.courses)
        out.append(f"{names}: forecast elsewhere by month. This workbook takes its starts and ceases by year.")
    if any(row.get("month") for row in model.get("starts", [])) and not _even(project):
        out.append("Starts are given by month. This workbook spreads those of a year evenly over it.")
    if _price_changes_within(project):
        out.append("A price changes within a year. This workbook takes the price of the year's days on average.")
    return tuple(out)


def _even(project: BookProject) -> bool:
    """Whether the starts of every year are spread over its months by their days."""
    months = project.demand.months
    for scenario in project.demand.scenarios.values():
        evenly = months.spread(months.by_year(scenario.starts))
        if not np.allclose(scenario.starts, evenly, rtol=1e-12, atol=1e-12):
            return False
    return True


def _price_changes_within(project: BookProject) -> bool:
    prices = np.asarray(project.demand.price_week).reshape(project.demand.months.years, 12, -1)
    return bool((prices != prices[:, :1]).any())
