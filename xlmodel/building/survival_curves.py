"""The part of the sheet Inputs survival with curves: each step, the mean stay of each curve and of each placement."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from xlmodel.building.calibration import curve_steps, entry_shares, until_adult
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N2, N3, TOTAL
from xlmodel.model.demand.ages import ADULT

__all__ = ["survival_curves"]

INPUT, TOTAL_LABEL, HEADER = "Model input", "Model total label", "Model header"
SHARE = "0.0##%_ "
ALL_PLACEMENTS, ALL_AGES = "all placements", "all ages"


def survival_curves(build: Build, sheet: Sheet, top: int) -> tuple[list[str], int]:
    """Write the curves and what each adds up to.

    Parameters
    ----------
    build, sheet : Build, Sheet
        Where.
    top : int
        The row of the heading.

    Returns
    -------
    means : list of str
        The cell with the mean stay of each placement, years.
    last : int
        The last row.
    """
    sheet.section(top, "Survival curves")
    headers = ("Placement", "Age at entry", "Years since entry", "Share still in care from then on")
    sheet.header(top + 1, (*headers, "Lasts to, years", "Adds to the mean stay, years"), 44)
    if build.project.demand.ages.known:
        sheet.put(f"G{top + 1}", "Age at entry, middle of the band", HEADER)
    row = top + 2
    means: dict[tuple[str, str], str] = {}
    for key in curve_steps(build.project):
        row = _curve(build, sheet, row, key)
        means[key] = f"$F${row - 1}"
    return _placements(build, sheet, row + 1, means)


def _curve(build: Build, sheet: Sheet, first: int, key: tuple[str, str]) -> int:
    """Write one curve and its mean stay; return the row after it."""
    demand = build.project.demand
    steps = curve_steps(build.project)[key]
    names = [(Text(key[0] or ALL_PLACEMENTS), LABEL, None), (Text(key[1] or ALL_AGES), LABEL, None)]
    tail = next((a.value for a in demand.assumptions if a.name == "tail_hazard"), None)
    end = f"Adult_age-$G${first}" if demand.ages.known else ""
    if end:
        sheet.put(f"G{first}", ADULT - until_adult(demand, key[1]), INPUT, N2)
    last = first + len(steps) - 1
    for r, step in enumerate(steps, first):
        style = CALC if step.years == 0 and step.share == 1 else INPUT
        if r < last:
            to = f"=MIN(C{r + 1},{end})" if end else f"=C{r + 1}"
        elif end:
            to = f"={end}"
        else:
            to = f"=MAX(C{r},Adult_age)" if tail == 0 else f"=C{r}"
        sheet.line(
            r,
            [
                *names,
                (step.years, style, N2),
                (step.share, style, SHARE),
                (to, CALC, N2),
                (f"=D{r}*MAX(0,E{r}-C{r})", CALC, N3),
            ],
        )
    beyond = f"+D{last}/tail_hazard" if tail and not demand.ages.known else ""
    total = last + 1
    sheet.line(
        total,
        [
            (names[0][0], TOTAL_LABEL, None),
            (names[1][0], TOTAL_LABEL, None),
            *[(None, TOTAL, None)] * 2,
            ("Mean stay", TOTAL, None),
            (f"=SUM(F{first}:F{last}){beyond}", TOTAL, N3),
        ],
    )
    sheet.allow(f"D{first}:D{last}", "decimal", "A share from 0 to 1 that never rises is needed.", "0", "1")
    area = sheet.at(f"D{first}:D{last}")
    if last > first:
        before, after = sheet.at(f"D{first}:D{last - 1}"), sheet.at(f"D{first + 1}:D{last}")
        build.check(
            sheet.title,
            f"{key[0] or ALL_PLACEMENTS}, {key[1] or ALL_AGES}: no step of the curve is higher than the one before",
            f"SUMPRODUCT(--({after}>{before}))",
            "0",
            breaks=(sheet.at(f"D{last}"), 2),
        )
    build.check(
        sheet.title,
        f"{key[0] or ALL_PLACEMENTS}, {key[1] or ALL_AGES}: every step of the curve has a share",
        f"COUNT({area})",
        f"ROWS({area})",
        breaks=(sheet.at(f"D{first}"), "not a number"),
    )
    return total + 1


def _placements(build: Build, sheet: Sheet, top: int, means: dict[tuple[str, str], str]) -> tuple[list[str], int]:
    """Write the mean stay of each placement: that of each age at entry, by its share of those who start."""
    demand = build.project.demand
    shares = entry_shares(demand)
    bands = list(demand.ages.labels) if any(band for _, band in means) else [""]
    sheet.section(top, "Mean stay of each placement (years): ages at entry by their share of the baseline's starts")
    sheet.header(top + 1, ("Placement", "Mean stay, years"), 32)
    for i, band in enumerate(bands):
        sheet.put(f"{get_column_letter(3 + i)}{top + 1}", Text(f"{band or ALL_AGES}: share of starts"), HEADER)
    cells = []
    for p, code in enumerate(demand.placements):
        r = top + 2 + p
        sheet.put(f"A{r}", Text(code), LABEL)
        terms = []
        for a, band in enumerate(bands):
            cell = f"{get_column_letter(3 + a)}{r}"
            sheet.put(cell, float(shares[p, a]) if band else 1.0, INPUT, SHARE)
            terms.append(f"{means.get((code, band)) or means['', band]}*{cell}")
        sheet.put(f"B{r}", "=" + "+".join(terms), CALC, N3)
        cells.append(f"$B${r}")
    return cells, top + 1 + len(demand.placements)
