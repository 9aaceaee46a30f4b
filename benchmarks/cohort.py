"""A cohort model of any size, with the values it must have.

Twelve sites, each a sheet of cohorts; a cohort is 120 months of a stock flow: opening is the month before's closing,
closing is opening + starts - ceases. Starts grow by a looked-up index and the season, ceases are a rounded share of
the stock, cost is rounded to the penny and added up. A summary takes SUMIFS over case records.

Every formula is written out as openpyxl and XlsxWriter write them, and every saved result is wrong on purpose: an
engine that echoes shows. The right values are computed here in plain Python, with Excel's ROUND.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import xlsx

__all__ = ["GLOBAL", "SIZES", "Area", "Cohorts"]

MONTHS, SITES, TOP = 120, 12, 5
#: name -> cohorts, records, lines of the summary; 1,006, 9,970, 98,695 and 973,495 formulas
SIZES = {"1k": (1, 100, 12), "10k": (10, 1_000, 120), "100k": (102, 10_000, 255), "1m": (1_012, 10_000, 655)}
GLOBAL = ("Assumptions", 5, 3, 0.035)  #: the input that changes nearly everything, and what it becomes
GROWTH, INFLATION, PREMIUM = 0.02, 0.03, 1.25
SEASON = (0.94, 0.98, 1.05, 1.02, 1.0, 0.97, 0.85, 0.8, 1.15, 1.1, 1.08, 1.06)
PENNY, TENTH = Decimal("0.01"), Decimal("0.1")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle full of formulas."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """How many cells there are."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def rounded(number: float, to: Decimal) -> float:
    """Return a number rounded as Excel does: half away from zero, on its first 15 digits."""
    return float(Decimal(f"{number:.15g}").quantize(to, ROUND_HALF_UP))


class Cohorts:
    """One model: its workbook and its values."""

    def __init__(self, cohorts: int, records: int, lines: int) -> None:
        dice = random.Random(cohorts)
        self.cohorts = [cohorts // SITES + (site < cohorts % SITES) for site in range(SITES)]
        self.sites = [
            # opening stock, starts a month, share that ceases a month, capacity, cost a month
            (
                40.0 + 5 * s,
                round(2.1 + dice.random() * 3, 1),
                (0.05, 0.075, 0.15, 0.025)[s % 4],
                55.0 + s,
                4_000.5 + 130.25 * s,
            )
            for s in range(SITES)
        ]
        self.records = [
            (
                dice.randrange(SITES),
                dice.randrange(1, MONTHS + 1),
                dice.randrange(1, 530) / 10,
                dice.randrange(10**7) / 100,
            )
            for _ in range(records)
        ]
        self.lines = [(i % SITES, 1 + i // SITES * max(1, MONTHS * SITES // lines) % MONTHS) for i in range(lines)]
        self.adjustments = [[dice.choice((0.0, 0.0, 0.0, 0.5, -0.5)) for _ in range(MONTHS)] for _ in range(17)]

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every formula of the workbook."""
        flows = (
            Area(site_name(s), TOP, 6, TOP + n * MONTHS - 1, 13)  # F to M
            for s, n in enumerate(self.cohorts)
            if n
        )
        return (
            Area("Assumptions", 10, 3, 19, 3),
            *flows,
            Area("Summary", TOP, 3, TOP + len(self.lines) - 1, 5),
        )

    @property
    def formulas(self) -> int:
        """How many formulas there are."""
        return sum(area.size for area in self.areas)

    @property
    def local(self) -> tuple[str, int, int, float]:
        """The input that changes the last months of one cohort, and what it becomes."""
        last = max(s for s, n in enumerate(self.cohorts) if n)
        return site_name(last), TOP + self.cohorts[last] * MONTHS - 12, 5, 3.5

    def adjustment(self, site: int, cohort: int, month: int) -> float:
        """Return the correction to a month's starts."""
        return self.adjustments[(site + 5 * cohort) % len(self.adjustments)][month - 1]

    def truth(self, growth: float = GROWTH, local: float | None = None) -> list[Numbers]:
        """Return the values of each area."""
        index = [(1 + growth) ** (year - 1) for year in range(1, 11)]
        flows = [
            np.array([row for cohort in range(n) for row in self._flow(s, cohort, index, local)])
            for s, n in enumerate(self.cohorts)
            if n
        ]
        return [np.array(index).reshape(-1, 1), *flows, self._summary(index)]

    def _flow(self, site: int, cohort: int, index: list[float], local: float | None) -> Iterator[tuple[float, ...]]:
        stock, starting, share, capacity, price = self.sites[site]
        name, changed, _, _ = self.local
        closing, running = stock + (cohort + 1), 0.0
        for month in range(1, MONTHS + 1):
            here = name == site_name(site) and changed == TOP + cohort * MONTHS + month - 1
            extra = local if here and local is not None else self.adjustment(site, cohort, month)
            year, opening, growth = (month - 1) // 12, closing, index[(month - 1) // 12]
            starts = rounded(starting * growth * SEASON[(month - 1) % 12], TENTH) + extra
            ceases = rounded(opening * share, TENTH)
            closing = opening + starts - ceases
            over = closing - capacity if float(f"{closing:.15g}") > capacity else 0.0
            cost = rounded((opening + closing) / 2 * price * (1 + INFLATION) ** year + over * price * PREMIUM, PENNY)
            running += cost
            yield growth, opening, starts, ceases, closing, over, cost, running

    def _summary(self, index: list[float]) -> Numbers:
        rows = []
        for site, month in self.lines:
            cost = weeks = 0.0
            for where, when, lasted, paid in self.records:
                if where == site and when <= month:
                    weeks += lasted
                    cost += paid if when == month else 0.0
            rows.append((cost, weeks, rounded(cost / weeks * index[(month - 1) // 12], PENNY) if weeks else 0.0))
        return np.array(rows)

    def write(self, path: Path, truth: list[Numbers]) -> None:
        """Write the workbook, with results that are each one too large."""
        stale = {area.sheet: values + 1 for area, values in zip(self.areas, truth, strict=True)}
        flows = {site_name(s): self._site(s, stale) for s, n in enumerate(self.cohorts) if n}
        xlsx.write(
            path,
            {
                "Assumptions": self._assumptions(stale["Assumptions"]),
                "Records": self._records(),
                **flows,
                "Summary": self._lines(stale["Summary"]),
            },
        )

    def _assumptions(self, stale: Numbers) -> Iterator[str]:
        yield row(1, xlsx.text("A1", "Assumptions"))
        yield row(5, xlsx.text("B5", "Growth of demand a year"), xlsx.number("C5", GROWTH))
        yield row(6, xlsx.text("B6", "Inflation a year"), xlsx.number("C6", INFLATION))
        yield row(7, xlsx.text("B7", "Price above capacity, times the price"), xlsx.number("C7", PREMIUM))
        for year in range(1, 11):
            r = 9 + year
            index = xlsx.formula(f"C{r}", f"(1+$C$5)^(B{r}-1)", float(stale[year - 1, 0]))
            yield row(r, xlsx.number(f"B{r}", year), index)
        for month, factor in enumerate(SEASON, 1):
            yield row(22 + month, xlsx.number(f"B{22 + month}", month), xlsx.number(f"C{22 + month}", factor))
        for s, facts in enumerate(self.sites):
            r = 38 + s
            yield row(
                r,
                xlsx.text(f"B{r}", site_name(s)),
                *(xlsx.number(f"{c}{r}", v) for c, v in zip("CDEFG", facts, strict=True)),
            )

    def _records(self) -> Iterator[str]:
        yield row(1, *(xlsx.text(f"{c}1", t) for c, t in zip("ABCD", ("Site", "Month", "Weeks", "Cost"), strict=True)))
        for r, (site, month, weeks, cost) in enumerate(self.records, 2):
            numbers = zip("BCD", (month, weeks, cost), strict=True)
            yield row(r, xlsx.text(f"A{r}", site_name(site)), *(xlsx.number(f"{c}{r}", v) for c, v in numbers))

    def _site(self, site: int, stale: dict[str, Numbers]) -> Iterator[str]:
        yield row(1, xlsx.text("A1", "Site"), xlsx.text("B1", site_name(site)))
        saved = stale[site_name(site)].tolist()
        for cohort in range(self.cohorts[site]):
            start = TOP + cohort * MONTHS
            for month in range(1, MONTHS + 1):
                r = start + month - 1
                inputs = (cohort + 1, month, (month - 1) % 12 + 1, (month - 1) // 12 + 1)
                cells = [xlsx.number(f"{c}{r}", v) for c, v in zip("ABCD", inputs, strict=True)]
                cells.append(xlsx.number(f"E{r}", self.adjustment(site, cohort, month)))
                found = zip("FGHIJKLM", _flow_formulas(r, start), saved[r - TOP], strict=True)
                cells += [xlsx.formula(f"{c}{r}", f, v) for c, f, v in found]
                yield row(r, *cells)

    def _lines(self, stale: Numbers) -> Iterator[str]:
        end = len(self.records) + 1
        site, month = f"Records!$A$2:$A${end}", f"Records!$B$2:$B${end}"
        for r, (where, when) in enumerate(self.lines, TOP):
            formulas = (
                f"SUMIFS(Records!$D$2:$D${end},{site},A{r},{month},B{r})",
                f'SUMIFS(Records!$C$2:$C${end},{site},A{r},{month},"&lt;="&amp;B{r})',
                f"IF(D{r}=0,0,ROUND(C{r}/D{r}*INDEX(Assumptions!$C$10:$C$19,"
                f"MATCH(INT((B{r}-1)/12)+1,Assumptions!$B$10:$B$19,0)),2))",
            )
            found = zip("CDE", formulas, stale[r - TOP].tolist(), strict=True)
            yield row(
                r,
                xlsx.text(f"A{r}", site_name(where)),
                xlsx.number(f"B{r}", when),
                *(xlsx.formula(f"{c}{r}", f, v) for c, f, v in found),
            )


def _flow_formulas(r: int, start: int) -> tuple[str, ...]:
    def fact(col: str) -> str:
        return f"INDEX(Assumptions!${col}$38:${col}$49,MATCH($B$1,Assumptions!$B$38:$B$49,0))"

    return (
        f"INDEX(Assumptions!$C$10:$C$19,MATCH(D{r},Assumptions!$B$10:$B$19,0))",
        f"{fact('C')}+A{r}" if r == start else f"J{r - 1}",
        f"ROUND({fact('D')}*F{r}*INDEX(Assumptions!$C$23:$C$34,MATCH(C{r},Assumptions!$B$23:$B$34,0)),1)+E{r}",
        f"ROUND(G{r}*{fact('E')},1)",
        f"G{r}+H{r}-I{r}",
        f"IF(J{r}&gt;{fact('F')},J{r}-{fact('F')},0)",
        f"ROUND((G{r}+J{r})/2*{fact('G')}*(1+Assumptions!$C$6)^(D{r}-1)+K{r}*{fact('G')}*Assumptions!$C$7,2)",
        f"SUM(L${start}:L{r})",
    )


def site_name(site: int) -> str:
    """Return the name of a site, which is also its sheet's."""
    return f"Site {site + 1:02d}"


def row(number: int, *cells: str) -> str:
    """Return a row's XML."""
    return f'<row r="{number}">{"".join(cells)}</row>'
