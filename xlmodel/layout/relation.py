"""A relation: a line of figures that follows from other lines, and how its cells keep to that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

__all__ = ["Check", "Op", "Relation", "State", "Term"]


class State(Enum):
    """How a stated figure stands to the recomputed one."""

    TIES = "ties"
    ROUNDING = "within rounding"
    DOES_NOT_TIE = "does not tie"


class Op(Enum):
    """How a figure follows from its terms."""

    SUM = "total"  #: the terms, each with its sign
    AVERAGE = "average"
    SHARE = "percentage"  #: the first term over the second, times the scale
    CHANGE = "change"  #: the first term less the second, over the second, times the scale
    RATE = "rate"  #: the first term over the second, times so many
    BALANCE = "balance"  #: what a period begins with, and what comes and goes, give what it ends with
    CONTINUITY = "continuity"  #: a period begins with what the one before ended with


class Term(NamedTuple):
    """A cell that a figure follows from."""

    row: int
    col: int
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One figure held to its relation."""

    row: int
    col: int
    terms: tuple[Term, ...]
    stated: float
    recomputed: float
    slack: float  #: the most that rounding can hide
    state: State
    accused: bool = False  #: does not tie, where the evidence says that it should
    on_newer: bool = False  #: a change that ties when it is measured on the newer figure


@dataclass(frozen=True, slots=True)
class Relation:
    """A line whose cells follow from other lines.

    Attributes
    ----------
    op : Op
    sheet : str
    down : bool
        Whether the lines are rows, so that the relation runs down each column.
    line : int
        The row, or the column, of the figures that follow.
    terms : tuple of int
        The rows, or columns, they follow from.
    scale : float
        What a ratio is multiplied by: 1, 100, or so many as a rate is for.
    checks : tuple of Check
    evidence : str
        Why the relation is believed, for people.
    fixed : int or None
        For a percentage of one figure: the column, or the row, in which that figure stands.
    """

    op: Op
    sheet: str
    down: bool
    line: int
    terms: tuple[int, ...]
    scale: float
    checks: tuple[Check, ...]
    evidence: str
    fixed: int | None = None

    @property
    def state(self) -> State:
        """The worst state of its checks, those left aside that the evidence does not speak for."""
        states = {check.state for check in self.checks if check.accused or check.state is not State.DOES_NOT_TIE}
        return next((s for s in (State.DOES_NOT_TIE, State.ROUNDING) if s in states), State.TIES)
