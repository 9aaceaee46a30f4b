"""Starts by month, placement and age, from totals as well as from finer figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked
from xlmodel.inputs.children import SUM_TOLERANCE
from xlmodel.inputs.problems import listed
from xlmodel.model.domain import FloatArray

__all__ = ["EntryMix", "entry_mix_of", "starts_of"]


@dataclass(frozen=True)
class EntryMix:
    """How starts are shared out; an axis on which nothing is given has length 1."""

    shares: FloatArray  #: (P or 1, A or 1), sums to 1

    def of(self, placements: int, bands: int, place: int, band: int) -> FloatArray | None:
        """Return the shares of starts of one placement and band, each -1 where it is not known, shape (P, A).

        None where the mix does not tell.
        """
        given = self.shares
        if place >= 0:
            given = given[[place]] if len(given) > 1 else given
        if band >= 0:
            given = given[:, [band]] if given.shape[1] > 1 else given
        total = given.sum()
        rows, columns = (placements, bands)
        short = (place < 0 and len(given) < rows) or (band < 0 and given.shape[1] < columns)
        if short or not total > 0:
            return None
        out = np.zeros((rows, columns))
        out[np.ix_([place] if place >= 0 else range(rows), [band] if band >= 0 else range(columns))] = given / total
        return out


def entry_mix_of(axes: Axes, table: Checked | None) -> EntryMix:
    """Return the mix of starts; with one placement and one age band it is known."""
    if table is None:
        return EntryMix(np.ones((1, 1)))
    place, band, share = axes.placement(table), axes.band(table), table.numbers("share")
    _, places, bands = axes.shape
    shares = np.zeros((places if (place >= 0).any() else 1, bands if (band >= 0).any() else 1))
    fine = (place >= -1) & (band >= -1) & ~np.isnan(share)
    shares[np.maximum(place[fine], 0), np.maximum(band[fine], 0)] = share[fine]
    total = float(shares.sum())
    if abs(total - 1) > SUM_TOLERANCE and not table.doubtful("placement", "age", "share"):
        table.fault(None, "share", "must sum to 1", round(total, 9))
    return EntryMix(shares / total if total > 0 else shares)


def starts_of(axes: Axes, table: Checked | None, mix: EntryMix) -> Mapping[str, FloatArray]:
    """Return the starts of every scenario that has rows, shape (T, P, A)."""
    if table is None:
        return {}
    reader = _Starts(axes, table, mix)
    return {name: reader.of(s) for s, name in enumerate(axes.scenarios) if (reader.scenario == s).any()}


class _Starts:
    """The rows of starts.csv, each with its place on the axes."""

    def __init__(self, axes: Axes, table: Checked, mix: EntryMix) -> None:
        self.axes, self.table, self.mix = axes, table, mix
        self.scenario, self.month = axes.scenario(table), axes.month(table)
        self.place, self.band = axes.placement(table), axes.band(table)
        year = axes.year(table)
        self.monthly = self.month != -1
        for i in np.flatnonzero(self.monthly & (year != -1)):
            table.fault(int(i), "month", "must be blank where the year is given: a row is about one of them")
        if not table.doubtful("year", "month"):
            for i in np.flatnonzero(~self.monthly & (year == -1)):
                table.fault(int(i), "year", "must be filled, or the month")
        self.year = np.where(self.month >= 0, self.month // 12, year)
        self.starts = table.numbers("starts")
        self.usable = (self.year >= 0) & (self.place >= -1) & (self.band >= -1)
        self._mixes: dict[tuple[int, int], FloatArray | None] = {}

    def of(self, scenario: int) -> FloatArray:
        """Return the starts of one scenario."""
        rows = np.flatnonzero((self.scenario == scenario) & self.usable)
        months = self.axes.months
        out = np.zeros(self.axes.shape)
        for y in range(months.years):
            of_year = rows[self.year[rows] == y]
            if self._of_one_grain(of_year):
                self._complete(scenario, y, of_year, rows)
            order = np.lexsort((self.band[of_year], self.place[of_year], self.month[of_year]))
            for i in of_year[order]:  # sums that do not depend on the order of the file
                shares = self._shares(int(i))
                if shares is None:
                    continue
                if self.monthly[i]:
                    out[self.month[i]] += self.starts[i] * shares
                else:
                    at = slice(y * 12, (y + 1) * 12)
                    out[at] += self.starts[i] * months.lengths[at, None, None] * shares
        return out

    def _grain(self, i: int) -> tuple[bool, bool, bool]:
        return bool(self.monthly[i]), bool(self.place[i] >= 0), bool(self.band[i] >= 0)

    def _of_one_grain(self, of_year: NDArray[np.intp]) -> bool:
        """Whether all rows of a year are equally fine; where they are not, some children might be counted twice."""
        odd = [i for i in of_year if self._grain(i) != self._grain(of_year[0])]
        for i in odd:
            first = self.table.row(of_year[0])
            requirement = f"must be as fine in time, placement and age as row {first}, or children are counted twice"
            self.table.fault(int(i), None, requirement)
        return not odd

    def _complete(self, scenario: int, y: int, of_year: NDArray[np.intp], rows: NDArray[np.intp]) -> None:
        """Note what a year lacks that it, or another year of the scenario, has."""
        if self.table.doubtful("scenario", "year", "month", "placement", "age"):
            return
        name, label = self.axes.scenarios[scenario], self.axes.months.labels[y]
        if not len(of_year):
            self.table.fault(None, "year", f"must have the starts of {name} in {label}")
            return
        alike = [i for i in rows if self._grain(i)[1:] == self._grain(of_year[0])[1:]]
        cells = sorted({(int(self.place[i]), int(self.band[i])) for i in alike})
        periods = range(y * 12, y * 12 + 12) if self.monthly[of_year[0]] else [-1]
        there = {(int(self.month[i]), int(self.place[i]), int(self.band[i])) for i in of_year}
        missing = [(m, p, a) for m in periods for p, a in cells if (m, p, a) not in there]
        if missing:
            what = listed([self._named(y, *cell) for cell in missing], 6)
            self.table.fault(None, "starts", f"must have rows of {name} for {what}: write 0 where nobody starts")

    def _named(self, y: int, month: int, place: int, band: int) -> str:
        parts = [str(self.axes.months.starts[month])[:7] if month >= 0 else self.axes.months.labels[y]]
        if len(self.axes.placements) > 1 and place >= 0:
            parts.append(self.axes.placements[place])
        if self.axes.ages.known and band >= 0:
            parts.append(self.axes.ages.labels[band])
        return " ".join(parts)

    def _shares(self, i: int) -> FloatArray | None:
        cell = int(self.place[i]), int(self.band[i])
        if cell not in self._mixes:
            _, places, bands = self.axes.shape
            self._mixes[cell] = self.mix.of(places, bands, *cell)
            if self._mixes[cell] is None:
                self._ask(i, cell)
        return self._mixes[cell]

    def _ask(self, i: int, cell: tuple[int, int]) -> None:
        """Say what to give so that the starts of a row can be shared out."""
        if self.table.found.touch("entry_mix.csv", ("placement", "age", "share")):
            return
        axes = zip(("placement", "age"), cell, self.mix.shares.shape, self.axes.shape[1:], strict=True)
        which = [column for column, at, given, count in axes if at < 0 and given < count]
        for column in which:
            self.table.fault(i, column, f"must be filled, or entry_mix.csv must give shares by {column}")
        if not which:
            column, code = ("placement", cell[0]) if cell[0] >= 0 else ("age", cell[1])
            names = self.axes.placements if column == "placement" else self.axes.ages.labels
            self.table.fault(i, column, "must have a share in entry_mix.csv", names[code])
