"""Each check of a workbook passes, and fails when the thing that it checks is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlmodel.building.checks import failed_checks
from xlmodel.building.sheet import Check
from xlmodel.engine.native import Model
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue

FIRST = 9  #: the row of the first check
EVERY = 12  #: of the checks, one in so many is broken in the quick run


def result(number: int) -> str:
    return f"Checks!G{FIRST + number}"


def test_every_check_passes(book: Any) -> None:
    failed = [
        (check.sheet, check.what)
        for number, check in enumerate(book.build.checks)
        if book.model.value(result(number)) != "PASS"
    ]
    assert not failed
    assert book.model.value("Checks!D4") == book.model.value("Checks!D5") == len(book.build.checks)
    assert book.model.value("Checks!D6") == 0


def test_every_scenario_passes_every_check_and_reaches_the_sheets(book: Any) -> None:
    """The scenario is chosen in one cell; what depends on it changes, and everything still holds together."""
    cell = cell_of(book.build, "Scenario")
    chosen = book.model.value(cell)
    shown: dict[str, list[object]] = {}
    try:
        for code in book.build.project.demand.scenarios:
            book.model.run({cell: code})
            assert book.model.value("Checks!D6") == 0, code
            for sheet in ("Cover", "Stock", "Placements", "Cost", "Avoidance", "Sensitivity"):
                _, _, values = book.model.values(sheet)
                shown.setdefault(sheet, []).append(tuple(values.num.round(6).tolist()))
    finally:
        book.model.run({cell: chosen})
    for sheet, seen in shown.items():
        assert len(set(seen)) > 1, f"{sheet} does not follow the scenario"
    for sheet in ("Cover", "Cost"):  # scenarios may differ in prices alone, and have the same children
        assert len(set(shown[sheet])) == len(shown[sheet]), f"two scenarios look the same on {sheet}"


def cell_of(build: Any, broken: str) -> str:
    """Return a cell, which may be given by its name, as the engine writes it."""
    cell = broken if "!" in broken else build.wb.defined_names[broken].attr_text
    return str(cell.replace("$", "").replace("'", ""))


def test_each_check_fails_when_what_it_checks_is_broken(
    built: Callable[[str], Any], registry: Registry, tmp_path: Path
) -> None:
    book = built("sample")
    _break(book, registry, tmp_path, book.build.checks[::EVERY])


@pytest.mark.full
@pytest.mark.parametrize("name", ["sample", "northmoor", "southampton"])
def test_all_checks_fail_when_broken(
    built: Callable[[str], Any], registry: Registry, tmp_path: Path, name: str
) -> None:
    book = built(name)
    _break(book, registry, tmp_path, book.build.checks)


def _break(book: Any, registry: Registry, tmp_path: Path, checks: list[Check]) -> None:
    """Break the checks one at a time, in one calculation that stays loaded; those on formula cells first as constants.

    A formula that has become a constant of the same value may hide a break further on. A check that still passes is
    therefore tried again in the workbook as it is.
    """
    constants = openpyxl.load_workbook(book.path)
    for check in checks:
        sheet, cell = cell_of(book.build, check.breaks[0]).rsplit("!", 1)
        if constants[sheet][cell].data_type == "f":
            constants[sheet][cell].value = book.model.value(f"{sheet}!{cell}")
    path = tmp_path / "constants.xlsx"
    constants.save(path)
    model = Model.open(path, registry)
    model.calculate()
    assert model.value("Checks!D6") == 0
    before: dict[str, Any] = {}
    for check in checks:
        cell = cell_of(book.build, check.breaks[0])
        then = before[cell] if cell in before else model.value(cell)
        model.run({**before, cell: _content(check.breaks[1])})
        before = {cell: then}
        if model.value(result(book.build.checks.index(check))) != "FAIL":
            assert _fails_alone(book, registry, tmp_path, check), f"{check.sheet}: {check.what} cannot fail"
    model.run(before)
    assert model.value("Checks!D6") == 0


def _content(content: float | str) -> Any:
    return ErrorValue("#DIV/0!") if content == "=0/0" else content


def _fails_alone(book: Any, registry: Registry, tmp_path: Path, check: Check) -> bool:
    whole = openpyxl.load_workbook(book.path)
    sheet, cell = cell_of(book.build, check.breaks[0]).rsplit("!", 1)
    whole[sheet][cell].value = check.breaks[1]
    path = tmp_path / "alone.xlsx"
    whole.save(path)
    model = Model.open(path, registry)
    model.calculate()
    return bool(model.value(result(book.build.checks.index(check))) == "FAIL")


def test_a_tolerance_that_is_no_number_passes_nothing(built: Callable[[str], Any]) -> None:
    """Excel calls any text larger than any number: a tolerance of "small" must not let everything through."""
    book = built("sample")
    cell = cell_of(book.build, "Check_tolerance")
    kept = book.model.value(cell)
    try:
        book.model.run({cell: "small"})
        assert book.model.value("Checks!D5") == 0
    finally:
        book.model.run({cell: kept})


def test_failed_checks_are_named(tmp_path: Path) -> None:
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Checks"
    for row, result in enumerate(("PASS", "FAIL", "PASS"), FIRST):
        ws.cell(row, 2, "Stock")
        ws.cell(row, 3, f"Statement {row}")
        ws.cell(row, 7, result)
    wb.save(tmp_path / "checks.xlsx")
    assert failed_checks(tmp_path / "checks.xlsx") == ("Stock: Statement 10",)
