"""The sheet Claims: every printed figure of a report, and what it can stand for, given how it is printed."""

from __future__ import annotations

import re
from fractions import Fraction

from xlmodel.building.blocks import real_table, rows_written
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, SOURCE, number_format
from xlmodel.reconcile import Claim

__all__ = ["claim_cell", "claims", "plain"]

_HEADER = 4
_TEXT = re.compile(r"-?£?\d[\d,]*\.?\d*[mk%]?")
_BESIDE = re.compile("[-£,mk%]")
#: The number in the text is the value, and the value a whole number of the steps it is printed in.
_FITS = (
    '=IFERROR(IF(AND(ABS(ABS(E{0})-ABS(_xlfn.NUMBERVALUE(SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(D{0},"£",""),'
    '"m",""),"k",""),"%",""),".",",")))<=Calculation_noise*MAX(1,ABS(E{0})),'
    "IF(G{0}=0,TRUE,ABS(E{0}/G{0}-ROUND(E{0}/G{0},0))<=Calculation_noise*MAX(1,ABS(E{0}/G{0})))),"
    '"OK","CHECK"),"CHECK")'
)
_COLUMNS = {"value": "E", "lowest": "I", "highest": "J"}


def claim_cell(build: Build, name: str, part: str) -> str:
    """Return the cell of a printed figure: its value, or the lowest or highest that it can stand for."""
    assert build.claims is not None
    row = _HEADER + 1 + [claim.id for claim in build.claims.printed].index(name)
    return f"Claims!${_COLUMNS[part]}${row}"


def claims(build: Build) -> None:
    """Write the sheet."""
    sheet = Sheet(
        build,
        "Claims",
        "Claims",
        "Every figure that the report prints, as it is printed, with its source. A figure printed to the nearest £0.1m "
        "can stand for anything within £0.05m of it; Lowest and Highest are the ends of what it can stand for.",
        (23, 40, 14, 14, 14, 15, 13, 12, 13, 13, 12, 60, 10),
    )
    if build.claims is None:
        sheet.note(_HEADER, "No printed figures were given to be checked: the project has no file claims.csv.")
        sheet.finish("A4")
        return
    sheet.header(
        _HEADER,
        (
            *("ID", "Figure", "Period", "As printed", "Value", "Unit", "Printed to the nearest", "Half of that"),
            *("Lowest", "Highest", "Source", "Words around it", "Fits its text"),
        ),
    )
    first, last = _HEADER + 1, _HEADER + len(build.claims.printed)
    for r, claim in enumerate(build.claims.printed, first):
        _row(sheet, r, claim)
    real_table(sheet, "Printed_figures", f"A{_HEADER}:M{last}")
    sheet.allow(f"E{first}:E{last}", "decimal", "A number is needed, in the unit beside it.", "-1E+15", "1E+15")
    sheet.allow(
        f"G{first}:G{last}",
        "decimal",
        "What the figure is printed to the nearest of, in its unit: 0.1 for one decimal place, 0 for an exact figure.",
        "0",
        "1E+15",
    )
    build.name("Claim_values", sheet.at(f"E{first}:E{last}"))
    build.name("Claim_ids", sheet.at(f"A{first}:A{last}"))
    build.check(
        "Claims",
        "Every printed figure is a number",
        "COUNT(Claim_values)",
        "ROWS(Claim_ids)",
        breaks=(sheet.at(f"E{first}"), "not known"),
    )
    build.check(
        "Claims",
        "Every figure that was written is there",
        'SUMPRODUCT(--(Claim_ids<>""))',
        rows_written(sheet, "Claims", "B3", len(build.claims.printed)),
        breaks=(sheet.at(f"A{first}"), ""),
    )
    sheet.finish(f"C{first}", titles=f"{_HEADER}:{_HEADER}", last_row=last)


def _row(sheet: Sheet, r: int, claim: Claim) -> None:
    assert claim.value is not None
    shown = number_format(claim.unit, max(claim.decimal_places or 0, 0))
    finer = number_format(claim.unit, max(claim.decimal_places or 0, 0) + (1 if claim.nearest else 0))
    sheet.line(
        r,
        [
            (Text(claim.id), LABEL, None),
            (Text(claim.item), LABEL, None),
            (Text(claim.period), SOURCE, None),
            (Text(claim.printed), SOURCE, None),
            (plain(claim.value), "Model input", shown),
            (Text(claim.unit), SOURCE, None),
            (plain(claim.nearest), "Model input", '[=0]"exact"_ ;General_ '),
            (f"=G{r}*Half_unit", CALC, '[=0]"–"_ ;General_ '),
            (f"=E{r}-H{r}", CALC, finer),
            (f"=E{r}+H{r}", CALC, finer),
            (Text(claim.source), SOURCE, None),
            (Text(claim.words), LABEL, None),
            (_FITS.format(r) if _fits(claim) else "–", CHECK, None),
        ],
    )
    sheet.fit(r)


def _fits(claim: Claim) -> bool:
    """Tell whether the text of a printed figure is its value and no more, so that a formula can compare the two."""
    if claim.value is None or not _TEXT.fullmatch(claim.printed):
        return False
    steps = abs(claim.value) / claim.nearest if claim.nearest else Fraction(0)
    return abs(Fraction(_BESIDE.sub("", claim.printed))) == abs(claim.value) and steps.denominator == 1


def plain(value: Fraction) -> int | float:
    """Return a figure as a cell holds it."""
    return int(value) if value.denominator == 1 else float(value)
