"""The whole workbook: every sheet in its place, then its formulas' saved values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from xlmodel.building.assumptions import assumptions
from xlmodel.building.avoidance import avoidance
from xlmodel.building.calculation import calculation
from xlmodel.building.change_log import change_log
from xlmodel.building.checks import checks
from xlmodel.building.claims import claims
from xlmodel.building.contents import CONTENTS, GROUPS
from xlmodel.building.cost import cost
from xlmodel.building.cover import cover
from xlmodel.building.functions import functions
from xlmodel.building.in_year import in_year
from xlmodel.building.inputs_flows import inputs_flows
from xlmodel.building.inputs_population import inputs_population
from xlmodel.building.inputs_survival import inputs_survival
from xlmodel.building.inputs_unit_costs import inputs_unit_costs
from xlmodel.building.neighbours import neighbours
from xlmodel.building.package import fix_package
from xlmodel.building.placements import placements
from xlmodel.building.project import BookProject
from xlmodel.building.readme import readme
from xlmodel.building.reconciliation import reconciliation
from xlmodel.building.savings_plan import savings_plan
from xlmodel.building.scenarios import scenarios
from xlmodel.building.sensitivity import sensitivity
from xlmodel.building.sheet import Build
from xlmodel.building.sign_off import sign_off
from xlmodel.building.stock import stock
from xlmodel.building.style import add_styles
from xlmodel.building.uncertainty import uncertainty
from xlmodel.registry import Registry

__all__ = ["build_workbook"]

#: What writes each sheet.
_WRITERS: dict[str, Callable[[Build], None]] = {
    "Cover": cover,
    "ReadMe": readme,
    "Inputs flows": inputs_flows,
    "Inputs population": inputs_population,
    "Inputs unit costs": inputs_unit_costs,
    "Inputs survival": inputs_survival,
    "Assumptions": assumptions,
    "Scenarios": scenarios,
    "Calculation": calculation,
    "Stock": stock,
    "Placements": placements,
    "Cost": cost,
    "Avoidance": avoidance,
    "Savings plan": savings_plan,
    "In-year": in_year,
    "Neighbours": neighbours,
    "Sensitivity": sensitivity,
    "Uncertainty": uncertainty,
    "Claims": claims,
    "Reconciliation": reconciliation,
    "Checks": checks,
    "Functions": functions,
    "Change log": change_log,
    "Sign-off": sign_off,
}

#: Sheets that speak of the others, in the order in which they are written.
_LAST = ("Cover", "Functions", "Checks")


def build_workbook(project: BookProject, out: Path, registry: Registry) -> Build:
    """Write a project's workbook, formulas without saved values; the same inputs give the same bytes.

    Parameters
    ----------
    project : BookProject
        The tables.
    out : Path
        The file to write; one that is there is replaced.
    registry : Registry
        The functions that the cells call.

    Returns
    -------
    Build
        What was built, with the checks that its sheets asked for.

    Raises
    ------
    ValueError
        Two sheets give the same name.
    """
    build = Build(_empty(), project, registry)
    add_styles(build.wb)
    for entry in CONTENTS:
        build.wb.create_sheet(entry.title)
    for entry in sorted(CONTENTS, key=lambda e: _LAST.index(e.title) if e.title in _LAST else -1):
        _WRITERS[entry.title](build)
    for entry in CONTENTS:
        build.wb[entry.title].sheet_properties.tabColor = GROUPS[entry.group]
    _describe(build)
    build.wb.save(out)
    fix_package(out, project.cover["as_at"], build.alt_texts)
    return build


def _empty() -> Workbook:
    wb = Workbook()
    wb.remove(wb.active)
    return wb


def _describe(build: Build) -> None:
    """Set what the file says about itself, and how Excel calculates it."""
    cover = build.project.cover
    build.wb.active = 0
    build.wb.active.sheet_view.tabSelected = True
    build.wb.calculation = CalcProperties(calcId=191029, calcMode="auto", fullCalcOnLoad=None)
    about = build.wb.properties
    about.title, about.subject, about.creator = cover["title"], cover["purpose"], "xlmodel"
    about.language = "en-GB"
    about.created = about.modified = datetime.fromisoformat(cover["as_at"])
