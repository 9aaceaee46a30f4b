"""Parameters by date: known names, one value a day, and one on the 1 April of every year of the forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked
from xlmodel.inputs.problems import listed, near_miss
from xlmodel.inputs.tables import PARAMETERS
from xlmodel.model.demand.parameters import DISCOUNT_RATE, GDP_DEFLATOR, Dated, DatedValue
from xlmodel.model.years import Days, first_day

__all__ = ["parameters_of"]

#: What a present value needs.
_TOGETHER = (DISCOUNT_RATE, GDP_DEFLATOR)

_DAY = np.timedelta64(1, "D")


def parameters_of(axes: Axes, table: Checked | None) -> dict[str, Dated]:
    """Return the parameters that are given, by name."""
    if table is None:
        return {}
    known = [c.name for c in PARAMETERS]
    names = table.text("name")
    for at, name in enumerate(names):
        if name and name not in known:
            table.fault(at, "name", f"must be one of {listed(known)}{near_miss(name, known)}", name)
    _bounds(table, names)
    _units(table, names)
    given = [name for name in known if name in names]
    missing = [name for name in _TOGETHER if name not in given]
    if len(missing) == 1 and not table.doubtful("name"):
        table.fault(None, "name", f"must have rows of {missing[0]}: a present value needs {' and '.join(_TOGETHER)}")
    ends = _ends(table, names)
    return {name: made for name in given if (made := _dated(axes, table, name, ends)) is not None}


def _bounds(table: Checked, names: Sequence[str]) -> None:
    value = table.numbers("value")
    for column in PARAMETERS:
        for at, name in enumerate(names):
            if name == column.name and not column.allows(value[at]):
                table.fault(at, "value", f"{name} {column.requirement}", float(value[at]))


def _units(table: Checked, names: Sequence[str]) -> None:
    """Note units of a parameter that differ: two bases of an index are two indices."""
    units = table.text("unit")
    first: dict[str, int] = {}
    for at, (name, unit) in enumerate(zip(names, units, strict=True)):
        if unit and (one := first.setdefault(name, at)) != at and units[one] != unit:
            table.fault(at, "unit", f"must be {units[one]!r}, as row {table.row(one)} says of {name}", unit)


def _ends(table: Checked, names: Sequence[str]) -> Days:
    """Return the last day of each row; NaT until the next value. An index is of one year, unless it says of more."""
    start, end = table.days("from"), table.days("to")
    of_a_year = np.array([n == GDP_DEFLATOR for n in names], dtype=bool) & np.isnat(end) & ~np.isnat(start)
    april = (start.astype("datetime64[M]").astype(np.int64) - 3) // 12 * 12 + 3  # in months since 1970
    year_end = (april + 12).astype("datetime64[M]").astype("datetime64[D]") - _DAY
    return np.where(of_a_year, year_end, end)


def _dated(axes: Axes, table: Checked, name: str, ends: Days) -> Dated | None:
    """Return a parameter; None where its days are at fault."""
    start = table.days("from")
    rows = np.flatnonzero(np.array([n == name for n in table.text("name")]) & ~np.isnat(start))
    rows = rows[np.argsort(start[rows], kind="stable")]
    if not _whole_years(axes, table, name, rows) or not _one_a_day(table, rows, ends):
        return None
    value, source = table.numbers("value"), table.text("source")
    values = (
        DatedValue(start[i], float(value[i]), source[i], None if np.isnat(ends[i]) else ends[i]) for i in rows.tolist()
    )
    made = Dated(name, tuple(values), table.text("unit")[rows[0]] if len(rows) else "")
    lacking = [day for day in axes.months.year_starts if made.held(day) is None]
    if lacking and not table.doubtful("name", "from", "to"):
        table.fault(None, "from", f"must have a {name} on {lacking[0]}; {made.known}")
    return made


def _whole_years(axes: Axes, table: Checked, name: str, rows: NDArray[np.intp]) -> bool:
    """Note days on which a value begins or ends inside a year of the forecast, which has one value."""
    start, end = table.days("from"), table.days("to")
    after = first_day(axes.months.first + axes.months.years)
    fine = True
    for i in rows.tolist():
        for column, day, first in (("from", start[i], start[i]), ("to", end[i], end[i] + _DAY)):
            if axes.months.starts[0] < first < after and first not in axes.months.year_starts:
                what = "a 1 April" if column == "from" else "a 31 March"
                table.fault(i, column, f"must be {what}, for a financial year has one {name}", str(day))
                fine = False
    return fine


def _one_a_day(table: Checked, rows: NDArray[np.intp], ends: Days) -> bool:
    """Note rows that end before they begin, that overlap, or that begin on one day, which is known already."""
    start, stated = table.days("from"), table.days("to")
    fine = len(set(start[rows].tolist())) == len(rows)
    longest = -1
    for i in rows.tolist():
        if stated[i] < start[i]:
            table.fault(i, "to", "must not be before from", str(stated[i]))
            fine = False
            continue
        if longest >= 0 and start[longest] < start[i] <= ends[longest]:
            row = table.row(longest)
            table.fault(i, "from", f"must be after row {row} ends on {ends[longest]}", str(start[i]))
            fine = False
        if not np.isnat(ends[i]) and (longest < 0 or not ends[i] <= ends[longest]):
            longest = i
    return fine
