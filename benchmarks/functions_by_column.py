"""What a Python function costs in a cell: a column of ``=CSC_RATE_PER_10K(B5,B$2)`` in each engine that takes one.

    python -m benchmarks.functions_by_column [--rows 100000] [--repeat 5]

Beside it the same column as plain arithmetic, ``=B5/B$2*10000``; the difference is the cost of the calls. Each figure
is read, recalculate and read out, in a process of its own, the best of several, because a difference of two medians is
mostly noise; the engines take turns. `formulas` gets fewer rows; its cost a call is that of those.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import xlsx
from benchmarks.cohort import Area
from benchmarks.drivers import DRIVERS, Driver, timed
from benchmarks.processes import MissingError, measured

POPULATION, TOP = 49_756.1, 5
FORMULAS = {"function": "CSC_RATE_PER_10K(B{r},B$2)", "plain": "B{r}/B$2*10000"}
#: rows that a slow engine gets instead
FEWER = {"formulas": 2_000}


def rate(count: float, population: float) -> float:
    """Return a rate per 10,000: what an engine that knows nothing of registries is given to call."""
    return float(count) / float(population) * 10_000


def rows(count: int, formula: str) -> Iterator[str]:
    """Yield the sheet's rows."""
    yield f'<row r="2">{xlsx.number("B2", POPULATION)}</row>'
    for r in range(TOP, TOP + count):
        cells = xlsx.number(f"B{r}", float((r - TOP) % 500)) + xlsx.formula(f"C{r}", formula.format(r=r))
        yield f'<row r="{r}">{cells}</row>'


def with_function(engine: str, driver: Any, path: Path) -> None:
    """Read a workbook into an engine that may call the function."""
    if engine == "native":
        from xlmodel.registry import Registry

        driver.model = driver.library.Model.open(path, Registry.collect({"CSC": "udfs"}))
        return
    if engine == "formulas":
        driver.library.get_functions()["CSC_RATE_PER_10K"] = lambda *cells: rate(*(c.value[0, 0] for c in cells))
    driver.load(path)
    if engine == "formualizer":
        driver.book.register_function("CSC_RATE_PER_10K", rate, min_args=2, max_args=2)


def run_one(engine: str, kind: str, path: Path, count: int) -> dict[str, Any]:
    """Read, recalculate and read out one column, in this process."""
    areas = [Area("Rates", TOP, 3, TOP + count - 1, 3)]
    driver: Driver = DRIVERS[engine]()
    load, _ = timed(lambda: with_function(engine, driver, path))
    calculate, _ = timed(driver.recalculate)
    read, raw = timed(lambda: driver.read(areas))
    right = np.arange(count) % 500 / POPULATION * 10_000
    wrong = int(np.sum(~np.isclose(driver.numbers(raw, areas)[0][:, 0], right, rtol=1e-9, atol=0)))
    return {"all": load + calculate + read, "calculate": calculate, "wrong": wrong}


def show(engine: str, count: int, runs: dict[str, list[Any]]) -> float | None:
    """Print one engine's line and return its microseconds a call."""
    for found in (x for r in runs.values() for x in r if isinstance(x, str)):
        print(f"{engine:14s} {found}")
        return None
    times = {kind: min(x["all"] for x in found) for kind, found in runs.items()}
    wrong = max(x["wrong"] for found in runs.values() for x in found)
    call: float = (times["function"] - times["plain"]) / count * 1e6
    print(f"{engine:14s}{count:9,}{times['function']:12.3f}{times['plain']:12.3f}{call:14.2f}{wrong:8d}")
    return call


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--engines", default="native,formualizer,formulas")
    parser.add_argument("--one", nargs=4, metavar=("ENGINE", "KIND", "PATH", "ROWS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        engine, kind, path, count = args.one
        try:
            print(json.dumps(run_one(engine, kind, Path(path), int(count))))
        except MissingError as reason:
            print(json.dumps({"missing": str(reason)}))
        return
    engines = args.engines.split(",")
    counts = {engine: min(args.rows, FEWER.get(engine, args.rows)) for engine in engines}
    runs: dict[str, dict[str, list[Any]]] = {engine: {kind: [] for kind in FORMULAS} for engine in engines}
    with tempfile.TemporaryDirectory() as folder:
        for count in set(counts.values()):
            for kind, formula in FORMULAS.items():
                xlsx.write(Path(folder) / f"{kind}{count}.xlsx", {"Rates": rows(count, formula)})
        for _ in range(args.repeat):
            for engine, count in counts.items():
                for kind in FORMULAS:
                    path = Path(folder) / f"{kind}{count}.xlsx"
                    found = measured("benchmarks.functions_by_column", engine, kind, str(path), str(count))
                    runs[engine][kind].append(found)
    print(f"{'':14s}{'cells':>9s}{'function, s':>12s}{'plain, s':>12s}{'us a call':>14s}{'wrong':>8s}")
    calls = {engine: show(engine, counts[engine], runs[engine]) for engine in engines}
    native = calls.pop("native", None)
    if native and native > 0:
        for engine, call in calls.items():
            if call:
                print(f"{engine} / native: {call / native:,.0f}")


if __name__ == "__main__":
    main()
