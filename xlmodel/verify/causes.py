"""What explains differences, said where the file shows it: of the workbook as a whole, and of each root.

A cause accuses nobody and excuses nothing. It tells where to look first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import replace

from xlmodel.engine.dependencies import DYNAMIC
from xlmodel.engine.evaluation import Evaluation, Facts
from xlmodel.engine.native.precision import as_displayed
from xlmodel.values import Scalar, same_scalar
from xlmodel.verify.recalculation import Cause, CellFinding, Verdict, Verification
from xlmodel.verify.witness import alone

__all__ = ["explained"]

#: What openpyxl, XlsxWriter and programs like them leave in every workbook they write.
_WRITTEN_BY_PROGRAM = 124_519
#: Days between the date system that counts from 1900 and the one that counts from 1904.
_DAYS_TO_1904 = 1_462
_NEAR = 1e-9
_NUMBER_AS_TEXT = re.compile(r"\s*[+-]?[0-9][0-9,]*\.?[0-9]*%?\s*\Z")


def explained(found: Verification, changed: Collection[str] = ()) -> Verification:
    """Say what explains the differences of a workbook, and the difference of each root.

    Parameters
    ----------
    found : Verification
        What differs.
    changed : collection of str
        The functions that changed since the workbook was published.
    """
    roots = [f for f in found.findings if f.root and f.verdict is not Verdict.UNVERIFIED]
    if not roots:
        return found
    causes = tuple(_of_workbook(found.evaluation.facts, roots))
    functions = frozenset(changed)
    findings = tuple(
        replace(f, cause=_of_root(found.evaluation, f, functions)) if f in roots else f for f in found.findings
    )
    return replace(found, findings=findings, causes=causes)


def _of_workbook(facts: Facts, roots: Collection[CellFinding]) -> list[Cause]:
    calc, found = facts.calc, []
    if calc.mode == "manual":
        text = "the workbook calculates only when someone asks it to (manual calculation): saved results may be old"
        found.append(Cause("manual", text))
    if calc.full_calc_on_load or calc.calc_id == _WRITTEN_BY_PROGRAM:
        placeholders = all(f.saved in (0.0, "") and not isinstance(f.saved, bool) for f in roots)
        text = "the file asks Excel to calculate everything when it opens it"
        if calc.calc_id == _WRITTEN_BY_PROGRAM:
            text = "the file was written by a program that does not calculate"
        text += ": open and save it in Excel"
        if placeholders:
            text += "; what it holds in the cells that differ is 0 or nothing, a place-holder"
        found.append(Cause("not-calculated", text))
    elif facts.application and "excel" not in facts.application.casefold():
        text = f"the file was saved by {facts.application}, not by Excel: results may be as that program calculates"
        found.append(Cause("other-program", text))
    if not calc.full_precision:
        text = "the workbook calculates with the figures as they are shown (precision as displayed)"
        found.append(Cause("precision-as-displayed", text))
    if calc.iterate:
        text = "the workbook calculates in circles (iterative calculation): results hang on how often it was calculated"
        found.append(Cause("iterative", text))
    return found


def _of_root(evaluation: Evaluation, finding: CellFinding, changed: frozenset[str]) -> Cause | None:
    """Return what explains the difference of one root, the surest first."""
    functions = evaluation.functions(finding.place)
    mine = [name for name in functions if name in changed]
    if mine:
        return Cause("drift", f"{mine[0]} is not the function it was when the workbook was published")
    saved, calculated = finding.saved, alone(evaluation, finding)
    if _as_shown(saved, calculated, evaluation.number_formats[evaluation.number_format[finding.place]]):
        return Cause("as-displayed", "the saved value is the result rounded as the cell shows it")
    if _as_text(saved, calculated):
        return Cause("text", "the saved value is the result as text, not as a number")
    if isinstance(saved, float) and isinstance(calculated, float) and not isinstance(saved, bool):
        if math.isclose(abs(saved - calculated), _DAYS_TO_1904, abs_tol=_NEAR):
            return Cause("date-system", "the two are 1,462 days apart: dates that count from 1900 and from 1904")
        if calculated and math.isclose(saved, -calculated, rel_tol=_NEAR):
            return Cause("sign", "the saved value is the result with the other sign")
    if saved == "" or (saved == 0 and not isinstance(saved, bool)):
        what = "nothing" if saved == "" else "0"
        return Cause("placeholder", f"the file holds {what}, as where a formula was written and never calculated")
    if evaluation.facts.externals and "[" in finding.formula:
        return Cause("external", "the formula reads another workbook, which may have changed after this one was saved")
    moving = sorted(DYNAMIC.intersection(functions))
    if moving:
        text = f"{moving[0]} finds its cells anew each time: rows may have been put in without calculating"
        return Cause("moving-reference", text)
    return None


def _as_shown(saved: Scalar, calculated: Scalar, number_format: str) -> bool:
    if not isinstance(saved, float) or not isinstance(calculated, float):
        return False
    shown = as_displayed(calculated, number_format)
    return shown != calculated and same_scalar(saved, shown, _NEAR)


def _as_text(saved: Scalar, calculated: Scalar) -> bool:
    if not isinstance(saved, str) or not isinstance(calculated, float) or not _NUMBER_AS_TEXT.match(saved):
        return False
    number = float(saved.strip().rstrip("%").replace(",", "")) / (100 if saved.strip().endswith("%") else 1)
    return math.isclose(number, calculated, rel_tol=_NEAR)
