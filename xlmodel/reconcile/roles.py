"""The roles that figures have in a set, from which the tests that need no formula know what to compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from xlmodel.inputs.problems import Problems
from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.intervals import Interval
from xlmodel.reconcile.periods import follows, place_in_time

__all__ = ["ROLES", "FigureSet", "interval", "per", "role_faults", "sets"]

#: Each role, with what it says about a figure.
ROLES: Mapping[str, str] = {
    "opening": "children, or anything else counted, at the start of the period",
    "starts": "those who start in the period",
    "ceases": "those who cease in the period",
    "net": "starts less ceases",
    "stock": "those there at the end of the period",
    "rate of stock": "the stock for each 10,000 of the population",
    "rate of starts": "the starts for each 10,000 of the population",
    "part": "one of the rows that a total adds up",
    "total": "what the parts of the period add up to",
    "share": "what a percentage is the percentage of",
    "base": "what a percentage divides the share by",
    "percentage": "the share in per cent of the base",
    "before": "a figure before a change",
    "after": "the same figure after it",
    "percentage change": "the change in per cent of the figure before it",
    "one-off": "the effect, year by year, of acting in one year only",
    "recurring": "the effect, year by year, of acting so every year",
    "to date": "what has been counted so far this year",
    "full year": "what that would be by the end of the year",
    "first year": "what falls in a first year that is not whole",
    "whole year": "what falls in a whole year",
}

#: What else must be in the set of a figure with a role.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "rate of stock": ("stock",),
    "rate of starts": ("starts",),
    "total": ("part",),
    "percentage": ("share", "base"),
    "percentage change": ("before", "after"),
    "recurring": ("one-off",),
    "to date": ("full year",),
    "full year": ("to date",),
    "first year": ("whole year",),
}
#: Roles that are compared with one another, and so must have one unit in a set.
_ALIKE = (
    ("opening", "starts", "ceases", "net", "stock"),
    ("part", "total"),
    ("share", "base"),
    ("before", "after"),
    ("one-off", "recurring"),
    ("to date", "full year"),
    ("first year", "whole year"),
)
#: Roles of which a set has one figure for each period at most.
_ONE_A_PERIOD = tuple(role for role in ROLES if role != "part")
_PER = re.compile(r"per ([\d,]+)\b")


@dataclass
class FigureSet:
    """The figures of one set, by role and period."""

    name: str
    figures: dict[tuple[str, str], list[Claim]] = field(default_factory=dict)

    def all(self, role: str, period: str) -> list[Claim]:
        """Return the figures with a role in a period."""
        return self.figures.get((role, period), [])

    def one(self, role: str, period: str) -> Claim | None:
        """Return the figure with a role in a period, None where there is none."""
        return next(iter(self.all(role, period)), None)

    def beside(self, role: str, period: str) -> Claim | None:
        """Return the figure with a role in a period, or the only one with that role if it can be of that period."""
        known = self.series(role)
        if period in known or len(known) != 1:
            return known.get(period)
        ((other, only),) = known.items()
        return None if _apart(other, period) else only

    def before(self, period: str) -> Claim | None:
        """Return the figure before a change: of the same period, the one before it, or the only one if earlier."""
        known = self.series("before")
        earlier = [other for other in known if other == period or follows(period, other)]
        if earlier or len(known) != 1:
            return known[earlier[-1]] if earlier else None
        ((other, only),) = known.items()
        return None if (_apart(other, period) or 0) > 0 else only

    def series(self, role: str) -> dict[str, Claim]:
        """Return the figures with a role by period: years and months in their order, others in that of the file."""
        found = {period: claims[0] for (known, period), claims in self.figures.items() if known == role}
        places = {period: place_in_time(period) for period in found}
        if None in places.values():
            return found
        return dict(sorted(found.items(), key=lambda item: places[item[0]] or ()))

    def __iter__(self) -> Iterator[Claim]:
        for claims in self.figures.values():
            yield from claims


def _apart(period: str, other: str) -> int | None:
    """Return by how many years, months or days one period is later than another; None where that cannot be told."""
    place, known = place_in_time(period), place_in_time(other)
    return place[1] - known[1] if place and known and place[0] == known[0] else None


def sets(claims: Iterable[Claim]) -> dict[str, FigureSet]:
    """Return the sets that figures are in, by name.

    >>> from xlmodel.reconcile.claims import Role
    >>> total = Claim("t", "Total", 2, "2024/25", value=Fraction(3), roles=(Role("plan", "total"),))
    >>> sets([total])["plan"].one("total", "2024/25").id
    't'
    """
    found: dict[str, FigureSet] = {}
    for claim in claims:
        for role in claim.roles:
            if claim.value is not None:
                figures = found.setdefault(role.set, FigureSet(role.set)).figures
                figures.setdefault((role.role, claim.when), []).append(claim)
    return found


def interval(claim: Claim) -> Interval:
    """Return what a printed figure can stand for."""
    assert claim.lowest is not None
    assert claim.highest is not None
    return Interval(claim.lowest, claim.highest)


def per(claim: Claim) -> Fraction | None:
    """Return to how many a rate refers, from its unit; None where the unit does not say.

    >>> per(Claim("r", "Rate", 2, unit="per 10,000"))
    Fraction(10000, 1)
    """
    found = _PER.match(claim.unit)
    return Fraction(found[1].replace(",", "")) if found else None


def role_faults(file: str, claims: Iterable[Claim], found: Problems) -> None:
    """Note each role that a test cannot work with: a partner missing, two units, two figures where one can be."""
    for figures in sets(claims).values():
        roles = {role for role, _ in figures.figures}
        for (role, period), several in figures.figures.items():
            claim = several[0]
            missing = [other for other in _NEEDS.get(role, ()) if other not in roles]
            if missing:
                what = f"{role} needs {' and '.join(missing)} in the set {figures.name!r}"
                found.add(file, claim.row, "roles", what)
            if len(several) > 1 and role in _ONE_A_PERIOD:
                where = f"the set {figures.name!r} has one {role} for {period or 'a row without a period'}"
                found.add(file, several[1].row, "roles", f"{where} already, in row {claim.row}")
            if role.startswith("rate of ") and per(claim) is None:
                found.add(file, claim.row, "unit", "must say how many a rate refers to, such as per 10,000", claim.unit)
        for alike in _ALIKE:
            units = {claim.unit: claim for role in alike for claim in _with_role(figures, role)}
            if len(units) > 1:
                first, second, *_ = sorted(units.values(), key=lambda claim: claim.row)
                what = f"must be {first.unit}, as in row {first.row} of the set {figures.name!r}"
                found.add(file, second.row, "unit", what, second.unit)


def _with_role(figures: FigureSet, role: str) -> Iterator[Claim]:
    for (known, _), claims in figures.figures.items():
        if known == role:
            yield from claims
