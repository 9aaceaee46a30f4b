"""The tests that need no formula: what figures in a set must do, from their roles alone."""

from __future__ import annotations

from typing import NamedTuple

from xlmodel.reconcile.by_roles.continuity import stock_continuity
from xlmodel.reconcile.by_roles.part_years import part_year_shares
from xlmodel.reconcile.by_roles.percentages import percentage_bases
from xlmodel.reconcile.by_roles.populations import shared_populations
from xlmodel.reconcile.by_roles.recurring import recurring_series
from xlmodel.reconcile.by_roles.run_rates import shared_periods
from xlmodel.reconcile.by_roles.totals import totals
from xlmodel.reconcile.claims import Claims
from xlmodel.reconcile.finding import Finding
from xlmodel.reconcile.roles import sets

__all__ = ["TESTS", "FoundByRoles", "found_by_roles"]

#: Each takes the sets and yields a finding, or None, for every comparison it makes.
TESTS = (
    totals,
    stock_continuity,
    shared_populations,
    percentage_bases,
    recurring_series,
    shared_periods,
    part_year_shares,
)


class FoundByRoles(NamedTuple):
    """What the tests found."""

    findings: tuple[Finding, ...]
    comparisons: int  #: how many were made, found at fault or not
    idle: tuple[str, ...]  #: the sets of which no figures could be compared, such as of different periods


def found_by_roles(claims: Claims) -> FoundByRoles:
    """Return what the tests found, and how many comparisons they made."""
    figure_sets = tuple(sets(claims).values())
    results = [result for test in TESTS for result in test(figure_sets)]
    idle = (figures.name for figures in figure_sets if not any(True for test in TESTS for _ in test([figures])))
    return FoundByRoles(tuple(result for result in results if result is not None), len(results), tuple(idle))
