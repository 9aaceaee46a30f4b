"""The register of assumptions: known names, values inside their bounds and ranges."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlmodel.inputs.checking import Checked
from xlmodel.inputs.columns import Column
from xlmodel.inputs.problems import listed, near_miss
from xlmodel.inputs.tables import ASSUMPTIONS, FACTORS, PARAMETERS
from xlmodel.model.demand.assumptions import Assumption, Legal

__all__ = ["assumptions_of", "legal_of"]


def assumptions_of(table: Checked | None) -> tuple[Assumption, ...]:
    """Return the rows of the register, in their order."""
    if table is None:
        return ()
    known, dated = {c.name: c for c in ASSUMPTIONS}, {c.name for c in PARAMETERS}
    out = []
    names = table.text("name")
    columns = {c: table.numbers(c) for c in ("value", "low", "high")}
    texts = {c: table.text(c) for c in ("unit", "source", "owner")}
    dates = [str(d) if not np.isnat(d) else "" for d in table.days("date")]
    for at, name in enumerate(names):
        if name in dated:
            table.fault(at, "name", "must be in parameters.csv, with the day from which it holds", name)
        elif name and name not in known:
            table.fault(at, "name", f"must be one of {listed(known, 20)}{near_miss(name, known)}", name)
        if name in known:
            value, low, high = (float(columns[c][at]) for c in ("value", "low", "high"))
            _range(table, at, known[name], {"value": value, "low": low, "high": high})
            texts_at = {c: texts[c][at] for c in texts}
            out.append(Assumption(name, value, low, high, date=dates[at], **texts_at))
    return tuple(out)


def _range(table: Checked, at: int, column: Column, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        if not column.allows(value):
            table.fault(at, name, f"{column.name} must be {column.bounds}", value)
    value, low, high = values["value"], values["low"], values["high"]
    if column.name in FACTORS and value != 1 and not np.isnan(value):
        requirement = f"{column.name} must be 1: it only gives a range, and scenarios.csv has the factors of scenarios"
        table.fault(at, "value", requirement, value)
    if np.isnan(low) != np.isnan(high) and not table.doubtful("low", "high"):
        table.fault(at, "low" if np.isnan(low) else "high", "must be filled, for a range has two ends")
    if low > value:
        table.fault(at, "low", f"must be <= value, {value:g}", low)
    if high < value:
        table.fault(at, "high", f"must be >= value, {value:g}", high)


def legal_of(table: Checked | None, assumed: Mapping[str, float]) -> Legal | None:
    """Return what care proceedings cost; None where the register does not say."""
    share, cost = assumed.get("proceedings_share"), assumed.get("proceedings_cost")
    lag = assumed.get("proceedings_lag_months")
    if table is not None and None in (share, cost) and (share, cost, lag) != (None, None, None):
        missing = "proceedings_share" if share is None else "proceedings_cost"
        if not table.doubtful("name"):
            table.fault(None, "name", f"must have a row {missing}: share and cost of proceedings go together")
    return None if share is None or cost is None else Legal(share, cost, lag or 0.0)
