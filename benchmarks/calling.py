"""Calling a Python function from cells: our column call and single call against the `formulas` library's own call.

    python benchmarks/calling.py [ROWS]

Prints microseconds a cell and ratios, all measured in one run.
"""

import sys
import time
from collections.abc import Callable

import formulas
import numpy as np

from xlmodel.registry import Registry
from xlmodel.values import Values


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the best of several runs."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    singles, peers = min(rows, 2_000), min(rows, 500)
    csc = Registry.collect({"CSC": "udfs"})
    counts, populations = np.arange(rows, dtype=float) % 500, np.full(rows, 49_756.1)
    columns = [Values.numbers(counts), Values.numbers(populations)]
    column = seconds(lambda: csc.call_column("CSC_RATE_PER_10K", columns, rows)) / rows

    cells = [[Values.of(float(c)), Values.of(49_756.1)] for c in counts[:singles]]
    single = seconds(lambda: [csc.call("CSC_RATE_PER_10K", c) for c in cells], 3) / singles

    table = formulas.get_functions()
    table["PEER_RATE"] = lambda count, population: count / population * 10_000
    function = formulas.Parser().ast("=PEER_RATE(A1,B1)")[1].compile()
    peer = seconds(lambda: [function(float(c), 49_756.1) for c in counts[:peers]], 3) / peers

    print(f"one call over {rows:,} rows     {column * 1e6:8.3f} us a cell")
    print(f"one call a cell               {single * 1e6:8.1f} us a cell")
    print(f"formulas, one call a cell     {peer * 1e6:8.1f} us a cell")
    print(f"ratio: formulas / column call {peer / column:8.0f}")
    print(f"ratio: formulas / single call {peer / single:8.1f}")


if __name__ == "__main__":
    main()
