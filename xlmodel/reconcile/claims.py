"""The claims of a document: what it prints, how exactly, and what its figures should come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import isinf
from typing import NamedTuple

from xlmodel.reconcile.bounds import Box, enclosure, ends
from xlmodel.reconcile.expressions import Address, Expression, Figure, excel_text, figures, parse, replaced
from xlmodel.reconcile.intervals import Interval, NoResultError
from xlmodel.reconcile.periods import one_spelling
from xlmodel.registry import Registry

__all__ = ["Claim", "Claims", "Kind", "Role"]


class Kind(StrEnum):
    """What sort of statement a row with a formula makes."""

    FIGURE = "figure"  #: the document prints this figure: it should be what the formula gives
    TWO_FIGURES = "two-figures"  #: the document prints two figures for one thing
    TWO_READINGS = "two-readings"  #: a sentence can be read in two ways, each with a formula
    ASSUMES = "assumes"  #: the formula rests on something the document does not say
    HYPOTHESIS = "hypothesis"  #: a guess at where a figure comes from
    NOT_NEGATIVE = "must-not-be-negative"  #: a result below zero cannot be
    IMPLIED = "implied"  #: nothing is printed to compare with
    OTHER_DATE = "other-date"  #: the figures are of different dates
    INPUT_MISSING = "input-missing"  #: the document does not print all that the comparison needs


class Role(NamedTuple):
    """What a figure is in a set of figures, such as the total of a plan."""

    set: str
    role: str


@dataclass(frozen=True)
class Claim:
    """One row of a file of claims: a printed figure, or what a formula over other rows should come to, or both.

    Attributes
    ----------
    value : Fraction or None
        The printed figure in `unit`; None where nothing is printed.
    nearest : Fraction
        What it is printed to the nearest of, in `unit`: 0.1 for a figure with one decimal place, 0 for an exact one.
    states : str
        The id of the printed figure that `formula` should give, or a formula over ids (``=total*1000``).
    """

    id: str
    item: str
    row: int  #: in the file, as a spreadsheet numbers them
    period: str = ""
    printed: str = ""
    value: Fraction | None = None
    unit: str = ""
    nearest: Fraction = Fraction(0)
    source: str = ""
    words: str = ""
    roles: tuple[Role, ...] = ()
    kind: Kind | None = None
    formula: str = ""
    states: str = ""
    other_formula: str = ""
    reading: str = ""
    other_reading: str = ""
    borne_out_by: str = ""
    explanation: str = ""

    @property
    def when(self) -> str:
        """The period, spelled as every other claim of the same period has it."""
        return one_spelling(self.period)

    @property
    def half(self) -> Fraction:
        """The most that rounding can have changed the printed figure by: half of what it is printed to."""
        return self.nearest / 2

    @property
    def lowest(self) -> Fraction | None:
        """The least that the printed figure can stand for."""
        return None if self.value is None else self.value - self.half

    @property
    def highest(self) -> Fraction | None:
        """The most that the printed figure can stand for."""
        return None if self.value is None else self.value + self.half

    @property
    def decimal_places(self) -> int | None:
        """How many decimal places it is printed to, negative for tens and thousands; None: no power of ten."""
        if not self.nearest:
            return None if self.value is None else _places(self.value)
        return next((dp for dp in range(-15, 16) if Fraction(10) ** -dp == self.nearest), None)


def _places(value: Fraction) -> int:
    return next(dp for dp in range(16) if (value * 10**dp).denominator == 1 or dp == 15)


@dataclass(frozen=True)
class Claims:
    """All claims of one file, and the functions their formulas can call."""

    rows: tuple[Claim, ...]
    registry: Registry = field(default_factory=Registry)
    name: str = "claims.csv"  #: of the file

    @cached_property
    def by_id(self) -> Mapping[str, Claim]:
        """The claims by their id."""
        return {claim.id: claim for claim in self.rows}

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> Claim:
        return self.by_id[name]

    @property
    def printed(self) -> tuple[Claim, ...]:
        """The figures that stand in the document, constants among them."""
        return tuple(claim for claim in self.rows if claim.value is not None)

    @property
    def recomputed(self) -> tuple[Claim, ...]:
        """The rows with a formula."""
        return tuple(claim for claim in self.rows if claim.formula)

    # --- formulas for a workbook -------------------------------------------------------------------------------------

    def excel(self, formula: str, address: Address) -> str:
        """Return a claim's formula with a cell in the place of each id.

        Parameters
        ----------
        formula : str
            As it stands in the file, or the id of one claim.
        address : callable of (id, part) to str
            Gives the cell of a claim. Part is "value" (the printed figure, or what the row's formula comes to),
            "lowest" or "highest".

        Returns
        -------
        str
            With its equals sign.

        Examples
        --------
        >>> claims = Claims((Claim("starts", "", 2, value=Fraction(5)), Claim("ceases", "", 3, value=Fraction(3))))
        >>> claims.excel("=starts-ceases", lambda name, part: {"starts": "D2", "ceases": "D3"}[name])
        '=D2-D3'
        """
        return "=" + excel_text(self.tree(formula), address)

    def bounds(self, formula: str, address: Address) -> tuple[str, str]:
        """Return Excel formulas of the lowest and the highest that a formula can come to.

        They look at the lowest and highest cells of printed figures only: a row that the formula names is written out,
        so that a figure which stands in it twice is the same figure both times. Which end of a figure gives which end
        of the result is taken from the figures as they are printed.

        Parameters
        ----------
        formula, address
            As `excel`.

        Returns
        -------
        low, high : str
            With their equals signs; functions of Excel 2016 only, besides those the formula calls itself.

        Raises
        ------
        NoResultError, UnboundedError
            There is no result, or no bound.

        Examples
        --------
        >>> rate = Claim("rate", "", 2, value=Fraction(85), nearest=Fraction(1))
        >>> Claims((rate,)).bounds("=1/rate", lambda name, part: {"lowest": "E2", "highest": "F2"}[part])
        ('=1/F2', '=1/E2')
        """
        low, high = self._ends(self.expanded(self.tree(formula)))
        return "=" + excel_text(low, address), "=" + excel_text(high, address)

    # --- results -----------------------------------------------------------------------------------------------------

    def tree(self, formula: str) -> Expression:
        """Return a formula as an expression; an id alone is the claim itself.

        Raises
        ------
        FormulaError
            It is no formula over these claims.
        """
        if not formula.startswith("=") and formula in self.by_id:
            return Figure(formula)
        if formula not in self._trees:
            self._trees[formula] = parse(formula, self.by_id, self.registry)
        return self._trees[formula]

    def result(self, formula: str) -> tuple[Fraction, Interval]:
        """Return what a formula comes to, and the interval that the printed precision of its figures allows.

        Raises
        ------
        NoResultError, UnboundedError
            There is no result, or no bound.
        """
        if formula not in self._results:
            self._results[formula] = self._result(self.expanded(self.tree(formula)))
        return self._results[formula]

    def _result(self, tree: Expression) -> tuple[Fraction, Interval]:
        points = {figure: Interval.of(self._interval(figure, middle=True).low) for figure in figures(tree)}
        exact = enclosure(tree, points, self.registry).low
        if isinf(exact):
            raise NoResultError("gives a number too large to be one")
        middle = Fraction(exact)
        box = self._box(tree)
        if all(interval.point for interval in box.values()):
            return middle, Interval.of(middle)
        low, high = self._ends(tree)
        return middle, Interval(
            enclosure(low, self._box(low), self.registry).low, enclosure(high, self._box(high), self.registry).high
        )

    def printed_under(self, formula: str) -> frozenset[str]:
        """Return the ids of the printed figures that a formula comes from, through other rows too."""
        if formula not in self._printed_under:
            found: set[str] = set()
            for figure in figures(self.tree(formula)):
                claim = self[figure.id]
                found |= {claim.id} if claim.value is not None else self.printed_under(claim.formula)
            self._printed_under[formula] = frozenset(found)
        return self._printed_under[formula]

    def expanded(self, tree: Expression) -> Expression:
        """Return an expression with the rows it names written out, down to printed figures."""

        def written_out(figure: Figure) -> Expression:
            claim = self[figure.id]
            return figure if claim.value is not None or figure.part != "value" else self._own_tree(claim)

        return replaced(tree, written_out)

    def _own_tree(self, claim: Claim) -> Expression:
        if claim.id not in self._own_trees:
            self._own_trees[claim.id] = self.expanded(self.tree(claim.formula))
        return self._own_trees[claim.id]

    @cached_property
    def _trees(self) -> dict[str, Expression]:
        return {}

    @cached_property
    def _printed_under(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _own_trees(self) -> dict[str, Expression]:
        return {}

    @cached_property
    def _results(self) -> dict[str, tuple[Fraction, Interval]]:
        return {}

    def _ends(self, tree: Expression) -> tuple[Expression, Expression]:
        return ends(tree, self._box(tree), self.registry)

    def _box(self, tree: Expression) -> Box:
        return {figure: self._interval(figure) for figure in figures(tree)}

    def _interval(self, figure: Figure, middle: bool = False) -> Interval:
        claim = self[figure.id]
        if claim.value is None:
            _, interval = self.result(claim.formula)
        elif middle and figure.part == "value":
            return Interval.of(claim.value)
        else:
            interval = Interval(claim.value - claim.half, claim.value + claim.half)
        if figure.part == "value":
            return interval
        return Interval.of(interval.low if figure.part == "lowest" else interval.high)
