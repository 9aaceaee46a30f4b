"""What differs between two workbooks is told at its root, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projection.grids import FORMULAS, SAVED, Workbook

from xlmodel.book.workbook import CalcSettings
from xlmodel.projection.changes import ChangeKind as Kind
from xlmodel.projection.changes import Changes
from xlmodel.projection.comparison import compare
from xlmodel.projection.reading import project


def changes(edit: Callable[[Workbook], object], start: Workbook | None = None) -> Changes:
    old, new = (start or Workbook()).book(), start or Workbook()
    edit(new)
    return compare(project(old), project(new.book()))


def roots(found: Changes) -> list[tuple[Kind, str]]:
    return [(c.kind, f"{c.sheet}!{c.rect.name}" if c.rect else c.sheet or c.subject) for c in found.roots]


FAULTS: dict[str, tuple[Callable[[Workbook], object], Kind, str, int]] = {
    "overwritten formula": (lambda w: w.put("Inputs", "C7", 385.0), Kind.FORMULA, "Inputs!C7", 0),
    "shifted range": (lambda w: w.put("Inputs", "C7", "=SUM(C4:C5)", 330.0), Kind.FORMULA, "Inputs!C7", 0),
    "wrong base": (lambda w: w.put("Inputs", "D11", "=D10/C9*10000", 85.1), Kind.FORMULA, "Inputs!D11", 0),
    "stale value": (lambda w: w.result("Inputs", "D7", 430.0), Kind.VALUE, "Inputs!D7", 0),
    "hard-coded total": (
        lambda w: w.put("Inputs", "D7", "=120+250+64", 434.0).result("Stock", "B9", 250 / 434),
        Kind.FORMULA, "Inputs!D7", 1,
    ),
    "unit slip": (lambda w: w.put("Inputs", "B9", 50.0).result("Inputs", "B11", 80_000.0), Kind.INPUT, "Inputs!B9", 1),
    "sign flip": (
        lambda w: w.put("Stock", "E5", "=B5+C5+D5", 650.0).result("Stock", "B6", 650.0).result("Stock", "E6", 670.0),
        Kind.FORMULA, "Stock!E5", 2,
    ),
    "text number": (
        lambda w: w.put("Inputs", "C5", "220").result("Inputs", "C7", 165.0), Kind.INPUT, "Inputs!C5", 1,
    ),
    "wrong lookup mode": (
        lambda w: w.put("Stock", "B8", '=VLOOKUP("Residential",Prices!$A$2:$B$4,2,TRUE)', 5200.0),
        Kind.FORMULA, "Stock!B8", 0,
    ),
    "broken corkscrew": (
        lambda w: w.put("Stock", "B6", "=E4", 400.0).result("Stock", "E6", 420.0), Kind.FORMULA, "Stock!B6", 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_at_its_root_with_what_followed(fault: str) -> None:
    edit, kind, where, followed = FAULTS[fault]
    found = changes(edit)
    assert roots(found) == [(kind, where)]
    assert found.propagated == followed
    assert found.roots[0].reaches == followed


def test_a_deleted_row_is_told_once_and_its_total_follows() -> None:
    def delete(w: Workbook) -> None:
        w.delete_row("Inputs", 6).put("Inputs", "B6", "=SUM(B4:B5)", 300.0)

    found = changes(delete)
    assert roots(found) == [(Kind.ROWS_DELETED, "Inputs!A6:D6")]
    assert found.roots[0].label == "Leaving care"
    assert found.propagated == 1


def test_a_formula_that_loses_its_row_is_told_too() -> None:
    found = changes(lambda w: w.delete_row("Inputs", 5).result("Stock", "B9", None))
    assert (Kind.ROWS_DELETED, "Inputs!A5:D5") in roots(found)
    assert (Kind.FORMULA, "Stock!B9") in roots(found)  # =#REF!/Inputs!$D$6


def test_half_a_table_sorted_is_told_where_it_stands() -> None:
    def half(w: Workbook) -> None:
        for cell, text in {"A2": "Residential", "A3": "Leaving care", "A4": "Fostering"}.items():
            w.put("Prices", cell, text)

    found = roots(changes(half))
    assert found
    assert all(where.startswith("Prices!") for _, where in found)
    assert {kind for kind, _ in found} == {Kind.ROWS_MOVED, Kind.INPUT}


def test_a_whole_table_sorted_is_rows_in_another_order() -> None:
    def whole(w: Workbook) -> None:
        rows = [("Residential", 5200.0), ("Leaving care", 1100.0), ("Fostering", 700.0)]
        for row, (service, price) in enumerate(rows, 2):
            w.put("Prices", f"A{row}", service).put("Prices", f"B{row}", price)

    assert {kind for kind, _ in roots(changes(whole))} == {Kind.ROWS_MOVED}


def test_formulas_side_by_side_that_were_changed_alike_are_one_change() -> None:
    def floor(w: Workbook) -> None:
        for letter, total in (("B", 300.0), ("C", 330.0), ("D", 370.0)):
            w.put("Inputs", f"{letter}7", f"=SUM({letter}4:{letter}5)", total)

    found = changes(floor)
    assert roots(found) == [(Kind.FORMULA, "Inputs!B7:D7")]
    assert (found.roots[0].before, found.roots[0].after) == ("=SUM(B4:B6)", "=SUM(B4:B5)")


@pytest.mark.parametrize(("at", "where"), [(4, "A4:D4"), (5, "A5:D5"), (7, "A7:D7"), (12, "A12:D12")])
def test_an_inserted_row_of_figures_is_told_once(at: int, where: str) -> None:
    def insert(w: Workbook) -> None:
        w.insert_rows("Inputs", at)
        w.put("Inputs", f"A{at}", "Kinship").put("Inputs", f"D{at}", 0.0)

    assert roots(changes(insert)) == [(Kind.ROWS_INSERTED, f"Inputs!{where.replace(':D', ':D')}")]


SHEETS = st.sampled_from(sorted(SAVED))


@given(st.lists(st.tuples(SHEETS, st.booleans(), st.integers(1, 12), st.integers(1, 3)), max_size=4))
@settings(max_examples=25, deadline=None)
def test_blank_rows_and_columns_change_nothing(inserted: list[tuple[str, bool, int, int]]) -> None:
    def insert(w: Workbook) -> None:
        w.names["Ages"] = "Inputs!$B$9:$D$9"
        for sheet, is_row, at, count in inserted:
            (w.insert_rows if is_row else w.insert_columns)(sheet, at, count)

    start = Workbook()
    start.names["Ages"] = "Inputs!$B$9:$D$9"
    new = Workbook()
    insert(new)
    found = compare(project(start.book()), project(new.book()))
    assert roots(found) == []
    assert found.propagated == 0


@given(SHEETS, st.booleans(), st.integers(1, 12), st.sampled_from(sorted(FORMULAS)), st.data())
@settings(max_examples=25, deadline=None)
def test_a_changed_formula_is_found_across_an_insert(
    sheet: str, is_row: bool, at: int, where: str, data: st.DataObject
) -> None:
    new = Workbook()
    (new.insert_rows if is_row else new.insert_columns)(sheet, at)
    cell = data.draw(st.sampled_from(sorted(new.formulas[where])))
    new.put(where, cell, 1.0)
    found = compare(project(Workbook().book()), project(new.book()))
    assert (Kind.FORMULA, f"{where}!{cell}") in roots(found)
    assert len(found.roots) == 1


def test_the_number_format_says_what_a_change_of_value_is() -> None:
    def shown(form: str, value: float) -> int:
        old, new = Workbook(), Workbook().result("Inputs", "C11", value)
        sides = []
        for w in (old, new):
            made = w.book(number_formats=(form,))
            sides.append(project(made))
        return len(compare(*sides).roots)

    exact = 410 / 50_500 * 10_000  # 81.188...
    assert shown("0.0", exact + 0.001) == 0
    assert shown("0.0", exact + 0.1) == 1
    assert shown("General", exact + 0.001) == 1
    assert shown("General", exact * (1 + 1e-12)) == 0


def test_names_settings_and_sheets() -> None:
    def book(change: Callable[[Workbook], object] = lambda w: None, **more: object) -> object:
        w = Workbook()
        w.names["Price"] = "Prices!$B$2"
        change(w)
        return project(w.book(**more))

    def told(new: object) -> list[tuple[Kind, str]]:
        return roots(compare(book(), new))  # type: ignore[arg-type]

    assert told(book(lambda w: w.names.update(Price="Prices!$B$3"))) == [(Kind.NAME, "Price")]
    assert told(book(lambda w: w.insert_rows("Prices", 1))) == []
    assert told(book(calc=CalcSettings(mode="manual"))) == [(Kind.SETTING, "calculation")]
    assert told(book(date1904=True)) == [(Kind.SETTING, "dates count from")]
    assert told(book(lambda w: w.saved.update(Notes={"A1": "x"}) or w.formulas.update(Notes={}))) == [
        (Kind.SHEET_ADDED, "Notes!A1")
    ]


def test_a_renamed_sheet_is_the_same_sheet() -> None:
    old, new = Workbook(), Workbook()
    new.saved["Rates"], new.formulas["Rates"] = new.saved.pop("Prices"), new.formulas.pop("Prices")
    new.formulas["Stock"]["B8"] = new.formulas["Stock"]["B8"].replace("Prices!", "Rates!")
    assert roots(compare(project(old.book()), project(new.book()))) == [(Kind.SHEET_RENAMED, "Rates")]


def test_a_value_of_today_is_no_change() -> None:
    def dated(value: float) -> Workbook:
        return Workbook({"S": {"A1": value, "A2": value + 1}}, {"S": {"A1": "=TODAY()", "A2": "=A1+1"}})

    found = compare(project(dated(46_000.0).book()), project(dated(46_001.0).book()))
    assert not found
    assert found.volatile == 2


def test_hidden_rows_explain_a_subtotal() -> None:
    from dataclasses import replace

    import numpy as np

    def book(total: float, hidden: list[int]) -> object:
        made = Workbook({"S": {"A1": 1.0, "A2": 2.0, "A3": total}}, {"S": {"A3": "=SUBTOTAL(109,A1:A2)"}}).book()
        sheet = replace(made.sheets[0], hidden_rows=np.array(hidden, np.int32))
        return project(replace(made, sheets=(sheet,)))

    found = compare(book(3.0, []), book(1.0, [2]))  # type: ignore[arg-type]
    assert roots(found) == [(Kind.HIDDEN, "S")]
    assert found.propagated == 1
