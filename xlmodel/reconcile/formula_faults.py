"""What is wrong with the formulas of a file of claims, each fault by row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlmodel.inputs.problems import Problems, near_miss
from xlmodel.reconcile.bounds import UnboundedError
from xlmodel.reconcile.claims import Claim, Claims, Kind
from xlmodel.reconcile.expressions import TOO_LONG, FormulaError, figures
from xlmodel.reconcile.intervals import NoResultError
from xlmodel.reconcile.units import Mixed, money_scale, unit_of_sum

__all__ = ["CALCULATED", "FORMULAS", "formula_faults", "result_faults"]

#: The columns with formulas in them.
FORMULAS = ("formula", "other_formula", "states")
#: What a spreadsheet leaves where it took a formula over ids for one of its own.
CALCULATED = re.compile(r"#(NAME\?|VALUE!|REF!|DIV/0!|NUM!|N/A|NULL!|SPILL!|####*)\Z")


def formula_faults(claims: Claims, found: Problems) -> None:
    """Note each formula that cannot be read, each row that is not there, and rows that come from themselves."""
    named: dict[str, set[str]] = {}
    for claim in claims.recomputed:
        for column in FORMULAS:
            text = getattr(claim, column)
            if not text or CALCULATED.match(text.removeprefix("=")):
                continue
            try:
                tree = claims.tree(text)
            except FormulaError as error:
                reason = str(error)
                if column == "states" and not text.startswith("="):
                    reason = f"names no row of the file{near_miss(text, claims.by_id)}"
                found.add(claims.name, claim.row, column, reason, text)
                continue
            named.setdefault(claim.id, set()).update(figure.id for figure in figures(tree))
        other = claims.by_id.get(claim.borne_out_by)
        if claim.borne_out_by and (other is None or not other.formula or other.id == claim.id):
            found.add(claims.name, claim.row, "borne_out_by", "must be the id of another row with a formula")
    written_out = {name: others for name, others in named.items() if claims[name].value is None}
    for claim in claims.recomputed:
        around = _way_back(claim.id, written_out)
        if around:
            found.add(claims.name, claim.row, "formula", f"must not come back to its own row: {' > '.join(around)}")


def _way_back(start: str, named: Mapping[str, set[str]]) -> list[str]:
    """Return the way from a row through the rows it names back to itself; nothing where there is none."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        for name in sorted(named.get(way[-1], ())):
            if name == start:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def result_faults(claims: Claims, found: Problems) -> None:
    """Note each formula whose bounds cannot be found, and dates that are said to differ and do not."""
    for claim in claims.recomputed:
        _unit_faults(claims, claim, found)
        for column in FORMULAS:
            text = getattr(claim, column)
            try:
                if text:
                    claims.result(text)
            except UnboundedError as error:
                found.add(claims.name, claim.row, column, f"must have a bound: {error}", text)
            except RecursionError:
                found.add(claims.name, claim.row, column, TOO_LONG, text)
                return  # so are all rows that need this one
            except NoResultError:
                continue  # a verdict says so
        if claim.kind is Kind.OTHER_DATE:
            under = claims.printed_under(claim.formula) | (
                claims.printed_under(claim.states) if claim.states else set()
            )
            periods = {claims[name].when for name in under} - {""}
            if len(periods) < 2:
                found.add(claims.name, claim.row, "kind", "other-date is for figures whose periods differ")


def _unit_faults(claims: Claims, claim: Claim, found: Problems) -> None:
    """Note sums of different units of money: an accusation that follows from them would be false."""
    units = {}
    for column in FORMULAS:
        text = getattr(claim, column)
        unit = unit_of_sum(claims.tree(text), lambda figure: claims[figure.id].unit) if text else ""
        if isinstance(unit, Mixed):
            what = f"must not add up {unit.one} and {unit.other}: bring them to one unit, such as a*1000"
            found.add(claims.name, claim.row, column, what, text)
            return
        units[column] = unit
    if units["states"] and money_scale(claim.unit) and units["states"] != claim.unit:
        found.add(claims.name, claim.row, "unit", f"must be {units['states']}, as what the row states", claim.unit)
    own = units["states"] or (claim.unit if money_scale(claim.unit) else "")
    for column in ("formula", "other_formula"):
        if units[column] and own and units[column] != own:
            what = f"must come to {own}, as what it is compared with: it comes to {units[column]}"
            found.add(claims.name, claim.row, column, what, getattr(claim, column))
