"""What the files of a project are held against: its years, placements, ages and scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import DomainError
from xlmodel.inputs.cells import Kind, UnreadableError, cell_value
from xlmodel.inputs.checking import Checked, Tables
from xlmodel.inputs.problems import Problems, listed, near_miss
from xlmodel.inputs.tables import SETTINGS
from xlmodel.model.demand.ages import ALL_AGES, Ages
from xlmodel.model.demand.months import Months
from xlmodel.model.years import year_label

__all__ = ["Axes", "axes_of"]


@dataclass(frozen=True)
class Axes:
    """The years, placements, age bands and scenarios of a project, with its settings."""

    months: Months
    placements: tuple[str, ...]
    labels: tuple[str, ...]
    ages: Ages
    scenarios: tuple[str, ...]
    settings: Mapping[str, Any]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Months, placements and age bands."""
        return self.months.count, len(self.placements), self.ages.count

    def placement(self, table: Checked, column: str = "placement") -> NDArray[np.intp]:
        """Return the placement of each row; -1 where blank, and 0 there if there is only one; -2 where unknown."""
        at = table.positions(column, self.placements)
        return np.where((at == -1) & (len(self.placements) == 1), 0, at)

    def band(self, table: Checked) -> NDArray[np.intp]:
        """Return the age band of each row, in the same way."""
        at = table.positions("age", self.ages.labels)
        return np.where((at == -1) & (self.ages.count == 1), 0, at)

    def scenario(self, table: Checked, column: str = "scenario") -> NDArray[np.intp]:
        """Return the scenario of each row, in the same way but for a blank, which is -1."""
        return table.positions(column, self.scenarios)

    def year(self, table: Checked) -> NDArray[np.intp]:
        """Return the year of each row; -1 where blank, -2 where it is not one of the forecast's, which is a fault."""
        start = table.numbers("year")
        out = np.where(np.isnan(start), -1, np.nan_to_num(start) - self.months.first).astype(np.intp)
        outside = ~np.isnan(start) & ((out < 0) | (out >= self.months.years))
        for i in np.flatnonzero(outside):
            table.fault(int(i), "year", f"must be {self.span}", year_label(start[i]))
        return np.where(outside, -2, out)

    def month(self, table: Checked) -> NDArray[np.intp]:
        """Return the month of each row, in the same way."""
        day = table.days("month")
        first = self.months.starts[0].astype("datetime64[M]")
        steps = (day.astype("datetime64[M]") - first).astype(np.float64)
        steps[np.isnat(day)] = -1
        outside = ~np.isnat(day) & ((steps < 0) | (steps >= self.months.count))
        for i in np.flatnonzero(outside):
            table.fault(int(i), "month", f"must be a month of {self.span}", str(day[i])[:7])
        return np.where(outside, -2, steps).astype(np.intp)

    @property
    def span(self) -> str:
        """The years in words."""
        names = self.months.labels
        return f"a year from {names[0]} to {names[-1]}" if len(names) > 1 else names[0]


def axes_of(tables: Tables, found: Problems) -> Axes | None:
    """Return the axes of a project; None where they cannot be told, whose faults are then noted."""
    if "settings" not in tables:
        return None
    settings = _settings(tables["settings"])
    ages = _ages(tables["settings"], settings.get("ages", ""))
    placements, labels = _placements(tables.get("placements"))
    if "placements" not in tables and found.touch("placements.csv", ()):
        placements = ()
    scenarios = (
        tuple(dict.fromkeys(s for s in tables["scenarios"].text("scenario") if s)) if "scenarios" in tables else ()
    )
    if "scenarios" in tables:
        _known_scenarios(tables["settings"], settings, scenarios)
    first, years = settings.get("first_year"), settings.get("years")
    if ages is None or first is None or years is None or not placements:
        return None
    try:
        months = Months(int(first), int(years))
    except DomainError:
        found.add("settings.csv", None, "years", "must end by 2199/00")
        return None
    return Axes(months, placements, labels, ages, scenarios, settings)


def _settings(table: Checked) -> dict[str, Any]:
    """Return the settings that can be used; of one that is there twice the first."""
    known = {c.name: c for c in SETTINGS}
    out: dict[str, Any] = {}
    keys = table.text("key")
    for at, (key, text) in enumerate(zip(keys, table.text("value"), strict=True)):
        if key and key not in known:
            table.fault(at, "key", f"must be one of {listed(known)}{near_miss(key, known)}", key)
        if key not in known:
            continue
        column = known[key]
        if keys.index(key) < at:
            continue
        try:
            value = cell_value(column.kind, text)
        except UnreadableError as reason:
            table.fault(at, "value", f"{key} {reason}", text)
            continue
        if not text:
            if column.required:
                table.fault(at, "value", f"{key} must not be blank")
        elif column.kind is not Kind.TEXT and not column.allows(value):
            table.fault(at, "value", f"{key} must be {column.bounds}", value)
        else:
            out[key] = value
    missing = [c.name for c in SETTINGS if c.required and c.name not in keys]
    for name in missing if not table.doubtful("key") else ():
        table.fault(None, None, f"must have a row {name}")
    return out


def _row_of(table: Checked, key: str) -> int | None:
    keys = table.text("key")
    return keys.index(key) if key in keys else None


def _ages(table: Checked, text: str) -> Ages | None:
    if text in ("", "all"):
        return ALL_AGES
    try:
        edges = cell_value(Kind.NUMBERS, text)
        if not all(edge.is_integer() for edge in edges):
            raise UnreadableError("must be whole years")
        return Ages(edges)
    except UnreadableError as reason:
        requirement = f"the edges of ages {reason}"
    except DomainError as reason:
        requirement = reason.requirement
    table.fault(_row_of(table, "ages"), "value", requirement, text)
    return None


def _placements(table: Checked | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if table is None:
        return ("care",), ("Care",)
    named = {code: label for code, label in zip(table.text("code"), table.text("label"), strict=True) if code}
    return tuple(named), tuple(named.values())


def _known_scenarios(table: Checked, settings: Mapping[str, Any], scenarios: tuple[str, ...]) -> None:
    for key in ("baseline", "plan_scenario"):
        name = settings.get(key)
        if name and name not in scenarios:
            requirement = f"{key} must be one of {listed(scenarios)}{near_miss(name, scenarios)}"
            table.fault(_row_of(table, key), "value", requirement, name)
