"""Ten thousand scenarios of the published workbook at once, beside recalculating it for each.

    python -m benchmarks.scenarios [--scenarios 10000] [--check 20] [--single 20]

Starts, children, prices and the chance of leaving are scaled at random. Some scenarios are calculated on their own too,
and must agree cell by cell; the time for all of them one by one is that of a few, scaled up. Cells call the functions
in Python, as they do where these are installed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drivers import library
from benchmarks.processes import MissingError
from xlmodel.book import read_book
from xlmodel.publish import publish
from xlmodel.refs import cell_name, parse_prefix, quote_sheet, tokens
from xlmodel.registry import Registry
from xlmodel.values import Kind, Values
from xlmodel.verify.check import Means

WORKBOOK = Path(__file__).parents[1] / "workbooks" / "southampton" / "southampton.xlsx"
NAMES = ("Starts_given", "Opening_by_placement", "Dated_prices", "exit_hazard")


def scaled_inputs(path: Path, scenarios: int) -> dict[str, np.ndarray]:
    """Return for each input cell its number in every scenario: within a tenth of what it is."""
    book = read_book(path)
    areas = {
        name.name: next(t.area for t in tokens(name.formula) if t.area) for name in book.names if name.name in NAMES
    }
    dice = np.random.default_rng(1)
    found = {}
    for name in NAMES:
        sheet, rect = book.sheet(parse_prefix(areas[name].prefix).first), areas[name].at(1, 1)
        for row in range(rect.top, rect.bottom + 1):
            for col in range(rect.left, rect.right + 1):
                at = sheet.find(row, col)
                if at >= 0 and sheet.formula[at] < 0 and sheet.values.kind[at] == Kind.NUMBER:
                    cell = f"{quote_sheet(sheet.name)}!{cell_name(row, col)}"
                    found[cell] = sheet.values.num[at] * dice.uniform(0.9, 1.1, scenarios)
    return found


def contents(model: Any, sheets: list[str]) -> dict[str, Values]:
    """Return the calculated values of every sheet."""
    return {sheet: model.values(sheet)[2] for sheet in sheets}


def differences(one: Values, other: Values) -> int:
    """Return how many cells are not the same."""
    numbers = np.isclose(one.num, other.num, rtol=1e-12, atol=0) | (one.num == other.num)
    return int(np.sum((one.kind != other.kind) | ~numbers | (one.text != other.text)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbook", type=Path, default=WORKBOOK)
    parser.add_argument("--scenarios", type=int, default=10_000)
    parser.add_argument("--check", type=int, default=20, help="scenarios calculated on their own too")
    parser.add_argument("--single", type=int, default=20, help="recalculations that one by one is scaled from")
    args = parser.parse_args()
    registry = Registry.collect({"CSC": "udfs"})
    with tempfile.TemporaryDirectory() as folder:
        measure(publish(args.workbook, Path(folder) / "com.xlsx", "com", Means(registry)).path, registry, args)


def measure(workbook: Path, registry: Registry, args: argparse.Namespace) -> None:
    """Measure one workbook and print."""
    inputs = scaled_inputs(workbook, args.scenarios)
    try:
        native = library("xlmodel.engine.native")
        if not hasattr(native, "Model"):
            raise MissingError("not available: xlmodel.engine.native has no Model yet")
    except MissingError as reason:
        print(f"native: {reason}")
        return
    model = native.Model.open(workbook, registry)
    model.calculate()
    sheets = [s.name for s in read_book(workbook).sheets if (s.formula >= 0).any()]
    start = time.perf_counter()
    model.run(inputs=inputs)
    together = time.perf_counter() - start
    all_at_once = contents(model, sheets)

    step = max(1, args.scenarios // args.check)
    wrong = compared = 0
    for n in range(0, args.scenarios, step):
        model.run(inputs={cell: float(numbers[n]) for cell, numbers in inputs.items()})
        for sheet, alone in contents(model, sheets).items():
            row = all_at_once[sheet][n] if all_at_once[sheet].kind.ndim == 2 else all_at_once[sheet]
            wrong, compared = wrong + differences(row, alone), compared + len(alone)
    start = time.perf_counter()
    for n in range(args.single):
        model.run(inputs={cell: float(numbers[n % args.scenarios]) for cell, numbers in inputs.items()})
    single = (time.perf_counter() - start) / args.single

    print(f"{args.scenarios:,} scenarios of {len(inputs)} inputs at once   {together:8.2f} s")
    print(f"one by one, scaled from {args.single} runs   {single * args.scenarios:8.1f} s   {single * 1e3:.2f} ms each")
    print(f"{wrong} of {compared:,} cells differ from scenarios calculated on their own")


if __name__ == "__main__":
    main()
