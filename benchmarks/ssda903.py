"""Ten years of SSDA903 returns of one authority, from files to a forecast; and 150 authorities, one after another.

    python -m benchmarks.ssda903 [--authorities 1] [--years 10] [--forecast 5]

The returns are made up, about 20,000 rows of episodes an authority; a process of its own writes them, which is not
counted. Each step is timed: reading the files, checking them, counting and survival, the inputs of the model, the run.
Peak memory is that of the measuring process, after ten authorities and at the end.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd

from xlmodel.inputs.project import project_from
from xlmodel.inputs.ssda903 import care_history, project_tables, read_returns
from xlmodel.inputs.synthetic import synthetic_returns, write_returns
from xlmodel.model.demand.run import run

LAST_YEAR = 2023
STEPS = ("read", "check", "count", "inputs", "run")
#: Seconds that one authority and 150 of them may take.
LIMIT, MANY, LIMIT_OF_MANY = 10.0, 150, 600.0


def written(folder: Path, authorities: int, years: int) -> None:
    """Write the returns of each authority into a folder of its own."""
    for n in range(authorities):
        write_returns(folder / f"{n:03d}", synthetic_returns(LAST_YEAR + 1 - years, years, seed=n))


def forecast(folder: Path, years: int) -> tuple[list[float], int, float]:
    """Return the seconds of each step, the rows of episodes, and the children in care at the end of the forecast."""
    times = [time.perf_counter()]
    returns = read_returns(folder)
    times.append(time.perf_counter())
    history = care_history(returns)
    times.append(time.perf_counter())
    tables = project_tables(history, years=years).inputs
    times.append(time.perf_counter())
    placements, first = tables["placements"]["code"], LAST_YEAR + 1
    price = {"placement": placements, "from": f"{first}-04-01", "price_week": 1_000, "source": "made up"}
    people = {"mid_year": range(first, first + years), "vintage": "1", "population": 50_000, "source": "made up"}
    project = project_from(tables | {"prices": pd.DataFrame(price), "population": pd.DataFrame(people)})
    times.append(time.perf_counter())
    done = run(project.demand)
    times.append(time.perf_counter())
    if not all(check.holds for check in done.checks):
        raise SystemExit(f"{folder.name}: an identity does not hold")
    rows = sum(len(frame) for (_, kind), frame in returns.frames.items() if kind == "Episodes")
    children = float(done.results[project.demand.baseline].years.closing[-1])
    return [b - a for a, b in pairwise(times)], rows, children


def peak() -> float:
    """Return the peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authorities", type=int, default=1)
    parser.add_argument("--years", type=int, default=10, help="returns of each")
    parser.add_argument("--forecast", type=int, default=5, help="years forecast for each")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write:
        written(args.write, args.authorities, args.years)
        return
    with tempfile.TemporaryDirectory() as folder:
        itself = [sys.executable, "-m", "benchmarks.ssda903", "--write", folder]
        numbers = ["--authorities", str(args.authorities), "--years", str(args.years)]
        subprocess.run([*itself, *numbers], check=True)
        total = 0.0
        slowest = 0.0
        for n, authority in enumerate(sorted(Path(folder).iterdir()), 1):
            seconds, rows, children = forecast(authority, args.forecast)
            total += sum(seconds)
            slowest = max(slowest, sum(seconds))
            if n == 1:
                steps = ", ".join(f"{step} {took:.2f}" for step, took in zip(STEPS, seconds, strict=True))
                print(
                    f"first: {sum(seconds):.2f} s (limit {LIMIT:.0f}): {steps}; {rows:,} rows, {children:.0f} children"
                )
            if n in (10, args.authorities):
                print(
                    f"{n:4d} done in {total:7.1f} s, slowest {slowest:.2f} s, peak memory {peak():.0f} MB", flush=True
                )
        if args.authorities > 1:
            print(f"{MANY} at this pace: {total / args.authorities * MANY:.0f} s (limit {LIMIT_OF_MANY:.0f})")


if __name__ == "__main__":
    main()
