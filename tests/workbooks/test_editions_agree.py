"""The edition that anyone can open calculates alone, gives what Python gives, and follows its scenario."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from workbooks.published import place_of, saved_in, unlike, values_of

from xlmodel.book import SetValue, read_book
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.native import Model
from xlmodel.refs import cell_name
from xlmodel.registry import Registry
from xlmodel.sync.edit import edit
from xlmodel.values import ErrorValue
from xlmodel.verify.check import Means, Outcome, check
from xlmodel.verify.recalculation import Verdict

#: Relative. Native and Python forms add in another order; nothing else may tell them apart.
SAME = 1e-12


@pytest.fixture(scope="module")
def book(book_at_length: Any) -> Any:
    return book_at_length


@pytest.fixture(scope="module")
def alone(book: Any) -> Outcome:
    """The workbook before the verifier, with no function installed."""
    means = Means(Registry(), witness=None)
    with means.worker() as worker:
        return check(book.path, worker, means, 0.0)


@pytest.fixture
def as_shown(book: Any) -> Iterator[Any]:
    """A workbook whose selector may be changed, and is put back."""
    selector, shown = book.cell("Scenario"), book.named("Scenario")[0]
    yield book
    book.model.run({selector: shown})


def others(book: Any) -> list[str]:
    """Return the codes of the scenarios that the workbook does not show as it is published."""
    return [code for code in book.named("Scenario_codes") if code != book.named("Scenario")[0]]


def test_nearly_every_cell_is_still_a_formula(book: Any, com_edition: Callable[[Any], Path]) -> None:
    com = sum(1 for _ in read_book(com_edition(book)).formula_cells())
    assert len(book.formulas) >= 0.95 * com
    assert com > 5000


def test_it_is_verified_with_nothing_installed(book: Any, alone: Outcome) -> None:
    verification = alone.verification
    assert verification is not None, alone.error
    assert [(f.cell, f.saved, f.calculated, f.reason) for f in verification.findings] == []
    assert verification.counts[Verdict.VERIFIED] == verification.total == len(book.formulas)


def test_its_values_are_those_that_were_signed(book: Any, alone: Outcome) -> None:
    assert alone.record is not None
    assert alone.record.edition == "lambda"
    assert alone.sign_off is not None
    assert alone.sign_off.holds
    assert [book.wb["Sign-off"][book.cell("Values_hash").rsplit("!", 1)[1]].value] == [alone.record.values]


def test_no_function_has_changed_since(alone: Outcome, registry: Registry) -> None:
    assert alone.record is not None
    here = {f.name: (f.version, f.signature_hash) for f in registry}
    assert {name: here.get(name) for name in alone.record.functions} == dict(alone.record.functions)
    assert alone.record.without_native == ()


def test_it_gives_what_python_gives(book: Any, com_edition: Callable[[Any], Path], registry: Registry) -> None:
    """To 1e-12 of each figure; where a figure is what is left of two larger ones, to 1e-12 of those."""
    python = Model.open(com_edition(book), registry)
    python.calculate()
    other = values_of(python, book.wb.sheetnames)
    own = {cell for cell, value in other.items() if cell.startswith("Sign-off!")}  # tells the edition's own hash
    here = {cell: value for cell, value in book.calculated().items() if cell not in own}
    differing = unlike(here, {cell: value for cell, value in other.items() if cell not in own}, SAME)
    assert {c: v for c, v in differing.items() if unlike({c: v[0]}, {c: v[1]}, 1e-9)} == {}
    assert len(differing) <= len(here) / 1000, differing


# --- the scenario -----------------------------------------------------------------------------------------------------


@pytest.mark.full
def test_every_sheet_that_depends_on_the_scenario_changes_with_it(as_shown: Any) -> None:
    book = as_shown
    selector = book.cell("Scenario")
    dependents = Dependencies(book.read).dependents({place_of(selector)})
    dependent = {f"{key.sheet}!{cell_name(key.row, key.col)}" for key in dependents}
    sheets = {cell.rsplit("!", 1)[0] for cell in dependent}
    assert sheets >= {"Cover", "Scenarios", "Calculation", "Stock", "Placements", "Cost", "Avoidance", "Sensitivity"}
    before, changed = book.calculated(), set()
    for code in others(book):
        book.model.run({selector: code})
        after = book.calculated()
        moved = set(unlike(before, after, SAME))
        assert moved <= dependent
        changed |= {cell.rsplit("!", 1)[0] for cell in moved}
        assert {cell: value for cell, value in after.items() if isinstance(value, ErrorValue)} == {}, code
        assert _failed(book) == [], code
        assert book.named("Checks_passed") == book.named("Checks_total"), code
    # Savings plan reads the rows of the plan and of the baseline, out of ranges where the scenario shown has rows too
    assert sheets - changed <= {"Savings plan"}


def _failed(book: Any) -> list[str]:
    """Return the checks that do not pass, in words."""
    rows = [int(cell.rsplit("G", 1)[1]) for cell in book.cells("Check_results")]
    return [
        f"{book.model.value(f'Checks!B{row}')}: {book.model.value(f'Checks!C{row}')}"
        for row in rows
        if book.model.value(f"Checks!G{row}") != "PASS"
    ]


@pytest.mark.parametrize("place", [0, *(pytest.param(k, marks=pytest.mark.full) for k in range(1, 6))])
def test_the_selector_changed_in_the_file_is_the_selector_changed_in_excel(
    as_shown: Any, tmp_path: Path, place: int
) -> None:
    """The file is edited without Excel; what depends on the selector is recalculated and saved with it."""
    book, codes = as_shown, others(as_shown)
    code = codes[place % len(codes)]
    path = tmp_path / book.path.name
    shutil.copy(book.path, path)
    edited = edit(path, [SetValue(*place_of(book.cell("Scenario")), code)], Means(Registry(), witness=None))
    assert edited.left_to_excel == ()
    assert len(edited.recalculated) > 500
    book.model.run({book.cell("Scenario"): code})
    assert unlike(book.calculated(), saved_in(path), 1e-14) == {}  # what is the same to 15 digits is left as it was
