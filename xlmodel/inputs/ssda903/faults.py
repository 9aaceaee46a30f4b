"""What is wrong with the rows of returns, and whose rows they are, so that those children can be left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xlmodel.inputs.problems import Problems
from xlmodel.inputs.ssda903.fields import codes, stacked
from xlmodel.inputs.ssda903.reading import EPISODES, Returns
from xlmodel.model.domain import BoolArray

__all__ = ["Faults"]


class Faults:
    """The faults found so far. A message has the row and what is wrong in it, and never a child's identifier."""

    def __init__(self, returns: Returns) -> None:
        self.problems = Problems()
        self.children: set[str] = set()
        self._files = returns.files

    def add(
        self,
        kind: str,
        rows: pd.DataFrame,
        bad: BoolArray,
        column: str,
        requirement: str | Sequence[str],
        *,
        shown: bool = True,
    ) -> None:
        """Note the rows where `bad` holds; `requirement` is one for all rows, or one for each bad row."""
        if not bad.any():
            return
        found = rows.loc[bad]
        self.children.update(found["CHILD"])
        each = [requirement] * len(found) if isinstance(requirement, str) else requirement
        texts = found[column] if shown else [""] * len(found)
        for year, row, text, needed in zip(found["year"], found["row"], texts, each, strict=True):
            self.problems.add(self._files[year, kind], int(row), column, needed, text or None)

    def at(self, rows: pd.DataFrame) -> BoolArray:
        """Return which rows are those of a child with a fault."""
        return np.asarray(rows["CHILD"].isin(self.children) | rows["CHILD"].eq(""))

    def in_care(self, returns: Returns) -> int:
        """Return how many children with a fault have an episode."""
        return len(self.children.intersection(codes(stacked(returns, EPISODES)["CHILD"])) - {""})
