"""Recalculation of cohort models, engine beside engine, in one run.

    python -m benchmarks.engines [--sizes 1k,10k,100k,1m] [--engines native,formualizer,...] [--repeat 5]

Each run is a process of its own: read the file, recalculate, read every value into Python; then change one input that
nearly everything depends on, then one that the last months of one cohort depend on. The engines take turns, so that a
slow minute of the machine hits them all; medians are printed. Importing the engine is not counted, nor LibreOffice's
start. Every value is checked against the model's own arithmetic: how many are off by more than 1e-9, and how many
differ in the 15 digits that Excel shows, as saved / after the first change / after the second. Peak memory is that of
reading, calculating and handing out; the changes are timed until they are calculated.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cohort import GLOBAL, SIZES, Cohorts, Numbers
from benchmarks.drivers import DRIVERS, Driver
from benchmarks.libreoffice import LibreOffice
from benchmarks.processes import MissingError, measured

#: beyond these sizes an engine takes minutes or more
LARGEST = {"formulas": "10k"}
STEPS = ("load", "recalculate", "read", "global", "local")
STATES = ("first", "global", "local")


def run_one(engine: str, size: str, folder: Path) -> dict[str, Any]:
    """Let one engine work through one model, in this process."""
    model = Cohorts(*SIZES[size])
    path, areas, seconds = folder / f"{size}.xlsx", model.areas, {}
    truth = np.load(folder / f"{size}.npz")
    driver = DRIVERS[engine]()

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        found = work()
        seconds[name] = getattr(driver, "seconds", time.perf_counter() - start)
        return found

    step("load", lambda: driver.load(path))
    step("recalculate", driver.recalculate)
    raw = step("read", lambda: driver.read(areas))
    wrong = {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wrong["first"] = mistakes(driver, raw, model, truth, "first")
    for name, cell in (("global", GLOBAL), ("local", model.local)):
        if name == "local":  # back to where it was, so that only one input differs
            driver.change(GLOBAL[:3], 0.02)
        step(name, partial(driver.change, cell[:3], cell[3]))
        wrong[name] = mistakes(driver, driver.read(areas), model, truth, name)
    if isinstance(driver, LibreOffice):  # a program of its own
        driver.close()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        seconds["start"] = driver.start
    return {"seconds": seconds, "peak": peak, "wrong": wrong}


def mistakes(driver: Driver, raw: list[Any], model: Cohorts, truth: Any, state: str) -> tuple[int, int]:
    """Return how many values are off by more than 1e-9, and how many differ in 15 digits."""
    off = digits = 0
    for i, found in enumerate(driver.numbers(raw, model.areas)):
        right = truth[f"{state}{i}"]
        off += int(np.sum(~(np.abs(found - right) <= 1e-9 * np.maximum(1, np.abs(right)))))
        differs = np.flatnonzero(found != right)
        pairs = zip(found.ravel()[differs].tolist(), right.ravel()[differs].tolist(), strict=True)
        digits += sum(f"{a:.15g}" != f"{b:.15g}" for a, b in pairs)
    return off, digits


def prepare(size: str, folder: Path) -> int:
    """Write one model and its right values; return how many formulas it has."""
    model = Cohorts(*SIZES[size])
    first = model.truth()
    states: dict[str, list[Numbers]] = {
        "first": first, "global": model.truth(growth=GLOBAL[3]), "local": model.truth(local=model.local[3])
    }  # fmt: skip
    model.write(folder / f"{size}.xlsx", first)
    arrays: dict[str, Any] = {f"{s}{i}": a for s, areas in states.items() for i, a in enumerate(areas)}
    np.savez(folder / f"{size}.npz", **arrays)
    return model.formulas


def measure(size: str, names: list[str], repeat: int, folder: Path, limit: float) -> dict[str, Any]:
    """Return for each engine its medians, or why there are none."""
    runs: dict[str, list[Any]] = {name: [] for name in names}
    failed: dict[str, str] = {}
    for turn in range(repeat):
        for name in names:
            if name in failed:
                continue
            found = measured("benchmarks.engines", name, size, str(folder), limit=limit)
            if isinstance(found, str):
                failed[name] = found
            else:
                runs[name].append(found)
                print(f"\r{size}: turn {turn + 1}/{repeat}, {name}".ljust(60), end="\r", file=sys.stderr, flush=True)
    return {name: failed.get(name) or medians(runs[name]) for name in names}


def medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians of several runs; mistakes are the worst of any run."""
    seconds = {step: statistics.median(run["seconds"][step] for run in runs) for step in runs[0]["seconds"]}
    seconds["total"] = statistics.median(sum(run["seconds"][step] for step in STEPS[:3]) for run in runs)
    wrong = {s: tuple(max(run["wrong"][s][i] for run in runs) for i in (0, 1)) for s in STATES}
    return {"seconds": seconds, "peak": statistics.median(run["peak"] for run in runs), "wrong": wrong}


def show(size: str, formulas: int, found: dict[str, Any]) -> None:
    """Print one size's table and ratios."""
    print(f"\n{size}: {formulas:,} formulas (seconds)")
    heads = ("load", "recalc", "read", "total", "global", "local", "peak MB")
    print(f"{'':18s}" + "".join(f"{head:>10s}" for head in heads) + f"{'off by 1e-9':>18s}{'in 15 digits':>18s}")
    for name, facts in found.items():
        if isinstance(facts, str):
            print(f"{name:18s}  {facts}")
            continue
        s = facts["seconds"]
        times = [s[step] for step in (*STEPS[:3], "total", *STEPS[3:])]
        wrong = ["/".join(str(facts["wrong"][state][i]) for state in STATES) for i in (0, 1)]
        print(f"{name:18s}" + "".join(f"{t:10.4f}" for t in times) + f"{facts['peak']:10.0f}"
              + "".join(f"{w:>18s}" for w in wrong)
              + (f"   start {s['start']:.1f} s not counted" if "start" in s else ""))  # fmt: skip
    native = found.get("native")
    for other in ("formualizer", "ironcalc"):
        facts = found.get(other)
        if isinstance(native, dict) and isinstance(facts, dict):
            ratios = {
                step: native["seconds"][step] / facts["seconds"][step] for step in ("total", *STEPS)
            } | {"memory": native["peak"] / facts["peak"]}  # fmt: skip
            print(f"native / {other}: " + ", ".join(f"{step} {ratio:.2f}" for step, ratio in ratios.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--engines", default=",".join(DRIVERS))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--limit", type=float, default=600, help="seconds one run may take")
    parser.add_argument("--json", type=Path, help="where to write the measurements too")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "SIZE", "FOLDER"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        engine, size, folder = args.one
        try:
            print(json.dumps(run_one(engine, size, Path(folder))))
        except MissingError as reason:
            print(json.dumps({"missing": str(reason)}))
        return
    everything = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in args.sizes.split(","):
            formulas = prepare(size, Path(folder))
            small = list(SIZES).index(size)
            names = [n for n in args.engines.split(",") if small <= list(SIZES).index(LARGEST.get(n, size))]
            everything[size] = measure(size, names, args.repeat, Path(folder), args.limit)
            show(size, formulas, everything[size])
    if args.json:
        args.json.write_text(json.dumps(everything, indent=1), "utf-8")


if __name__ == "__main__":
    main()
