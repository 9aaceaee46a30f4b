"""The sheet Checks: what the other sheets asked to be tested, and no error value anywhere."""

from __future__ import annotations

from pathlib import Path

from xlmodel.book import read_book
from xlmodel.building.blocks import real_table
from xlmodel.building.contents import CONTENTS
from xlmodel.building.sheet import Build, Sheet, quoted
from xlmodel.building.style import CALC, CHECK, LABEL, OUT, SOURCE, VERDICT_LOOK, number_format, paint_words

__all__ = ["PASS_OR_FAIL", "checks", "failed_checks"]

#: How the two words look, wherever they stand.
PASS_OR_FAIL = {"PASS": VERDICT_LOOK["TIES"], "FAIL": VERDICT_LOOK["DOES NOT TIE"]}

_HEADER = 8

#: What the last digits of a calculation leave behind is no difference.
_DIFFERENCE = "=IF(ABS(D{0}-E{0})<=Calculation_noise*MAX(ABS(D{0}),ABS(E{0})),0,D{0}-E{0})"

#: A side that is an error, or a tolerance that is no number, must not pass: Excel calls any text larger than a number.
_RESULT = (
    '=IF(AND(ISNUMBER(F{0}),ISNUMBER(Check_tolerance)),IF(ABS(F{0})<=Check_tolerance*MAX(1,ABS(E{0})),"PASS","FAIL"),'
    '"FAIL")'
)


def checks(build: Build) -> None:
    """Write every check as a row; written after all sheets that ask for one."""
    sheet = Sheet(
        build,
        "Checks",
        "Checks",
        "Tests of this workbook itself: the two sides of each row come about in different ways and must agree. Whether "
        "the figures of a report tie with each other is another question; the sheet Reconciliation answers it.",
        (6, 19, 72, 18, 18, 13, 11),
    )
    _ask_for_no_errors(build)
    first = _HEADER + 1
    last = _HEADER + len(build.checks)
    for row, label, name, formula in (
        (4, "Checks", "Checks_total", "=COUNTA(Check_results)"),
        (5, "Passed", "Checks_passed", '=COUNTIF(Check_results,"PASS")'),
        (6, "Failed", "Checks_failed", "=Checks_total-Checks_passed"),
    ):
        sheet.put(f"C{row}", label, "Model total label")
        sheet.put(f"D{row}", formula, OUT, number_format("number"))
        build.name(name, sheet.at(f"D{row}"))
    build.name("Check_results", sheet.at(f"G{first}:G{last}"))
    sheet.header(_HEADER, ("No.", "Sheet", "What must hold", "One side", "Other side", "Difference", "Result"), 20)
    for row, check in enumerate(build.checks, first):
        sheet.line(
            row,
            [
                (row - _HEADER, SOURCE, "0"),
                (check.sheet, LABEL, None),
                (check.what, LABEL, None),
                (f"={check.left}", CALC, number_format("number", 4)),
                (f"={check.right}", CALC, number_format("number", 4)),
                (_DIFFERENCE.format(row), CALC, "[=0]0_ ;[<0]-0.0E+00_ ;0.0E+00_ "),
                (_RESULT.format(row), CHECK, None),
            ],
        )
        sheet.fit(row)
    paint_words(sheet.ws, f"G{first}:G{last}", PASS_OR_FAIL)
    real_table(sheet, "All_checks", f"A{_HEADER}:G{last}")
    sheet.finish(f"D{first}", titles=f"{_HEADER}:{_HEADER}", last_row=last)


def failed_checks(path: Path) -> tuple[str, ...]:
    """Return the checks of a calculated workbook that do not pass, each with its sheet."""
    sheet = read_book(path).sheet("Checks")
    failed, row = [], _HEADER + 1
    while sheet.value(row, 7) is not None:
        if sheet.value(row, 7) != "PASS":
            failed.append(f"{sheet.value(row, 2)}: {sheet.value(row, 3)}")
        row += 1
    return tuple(failed)


def _ask_for_no_errors(build: Build) -> None:
    """Ask that no cell of any sheet shows an error.

    On the Cover the verdict on this sheet is left out: it would ask for itself. An error there shows on its face.
    """
    for entry in CONTENTS:
        if entry.title not in ("Cover", "Checks"):
            area = f"{quoted(entry.title)}!{build.wb[entry.title].dimensions}"
            build.check(
                entry.title,
                "No cell shows an error",
                f"SUMPRODUCT(--ISERROR({area}))",
                "Errors_allowed",
                breaks=(f"{quoted(entry.title)}!$A$1", "=0/0"),
            )
