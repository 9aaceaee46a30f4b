"""Build southampton.xlsx from the CSV files in ``inputs``.

    python -m workbooks.southampton.build [--out FILE] [--inputs FOLDER] [--no-values]

The same inputs give the same bytes: the as-at date is an input and nothing asks the clock. Formulas are written by
openpyxl; their saved values by ``xlmodel.sync.recalc``, which patches the file and changes nothing else in it.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from workbooks.southampton.charts import ALT_TEXTS
from workbooks.southampton.figures import INPUTS, read_figures, read_rows
from workbooks.southampton.package import fix_package
from workbooks.southampton.page import Deck
from workbooks.southampton.sheets_avoided import avoided_cost
from workbooks.southampton.sheets_cohort import cohort_flows
from workbooks.southampton.sheets_demand import children_and_money
from workbooks.southampton.sheets_front import SHEETS, checks, cover
from workbooks.southampton.sheets_inputs import assumptions, inputs
from workbooks.southampton.sheets_neighbours import neighbours
from workbooks.southampton.sheets_plan import savings_plan
from workbooks.southampton.sheets_rates import rates
from workbooks.southampton.sheets_reconciliation import reconciliation, verdict_cells
from workbooks.southampton.sheets_run_rates import run_rates
from workbooks.southampton.style import add_styles

__all__ = ["build", "main", "save_values"]

OUT = Path(__file__).parent / "southampton.xlsx"


def build(out: Path, folder: Path = INPUTS) -> None:
    """Write the workbook, formulas without saved values."""
    figures = read_figures(folder)
    rows, words = read_rows("reconciliation", folder), read_rows("cover", folder)
    wb = Workbook()
    wb.remove(wb.active)
    for title in SHEETS:
        wb.create_sheet(title)
    add_styles(wb)
    deck = Deck(wb, {f.id: f for f in figures}, verdicts=verdict_cells(rows))
    assumptions(deck, read_rows("assumptions", folder))
    inputs(deck, figures)
    neighbours(deck)
    rates(deck)
    cohort_flows(deck)
    avoided_cost(deck)
    children_and_money(deck)
    savings_plan(deck)
    run_rates(deck)
    reconciliation(deck, rows)
    checks(deck, rows)
    cover(deck, words, rows)
    said = {w["key"]: w["value"] for w in words}
    wb["Cover"].sheet_view.tabSelected = True
    wb.calculation = CalcProperties(calcId=191029, calcMode="auto", fullCalcOnLoad=None)
    props = wb.properties
    props.title, props.subject, props.creator = said["title"], said["purpose"], "xlmodel"
    props.language = "en-GB"
    props.created = props.modified = datetime.fromisoformat(said["as_at"])
    wb.save(out)
    fix_package(out, said["as_at"], ALT_TEXTS)


def save_values(path: Path) -> None:
    """Let the engine write the calculated value of every formula cell into the workbook."""
    from xlmodel.registry import Registry
    from xlmodel.sync.recalc import recalculate
    from xlmodel.verify.check import Means

    result = recalculate(path, Means(Registry.collect({"CSC": "udfs"})))
    if result.unverified:
        cell, reason = next(iter(result.unverified.items()))
        raise RuntimeError(f"{len(result.unverified)} cells were not calculated, the first {cell}: {reason.text}")


def main(argv: list[str] | None = None) -> None:
    """Build the workbook and let the engine write its saved values."""
    parser = argparse.ArgumentParser(description="Build the Southampton workbook from its inputs.")
    parser.add_argument("--out", type=Path, default=OUT, help="the workbook to write (default: beside this program)")
    parser.add_argument(
        "--inputs", type=Path, default=INPUTS, help="the folder of CSV files (default: beside this program)"
    )
    parser.add_argument("--no-values", action="store_true", help="leave formulas without saved values")
    options = parser.parse_args(argv)
    build(options.out, options.inputs)
    if not options.no_values:
        save_values(options.out)


if __name__ == "__main__":
    main()
