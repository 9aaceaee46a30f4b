"""Rows into a table of a workbook: xlmodel beside openpyxl, in one run.

    python -m benchmarks.table_rows [--rows 100000] [--repeat 3]

Both get the same workbook and the same pandas frame, put the rows at the end of the table in the formats of its last
row with its calculated column filled down, and save. openpyxl loads and saves the whole workbook for that, xlmodel
reads it, appends and saves. Each runs in a process of its own; time and memory start when everything is imported and
the frame is there.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableFormula

from benchmarks.processes import measured
from xlmodel.book import read_book, save
from xlmodel.book.table_rows import AppendRows, append_rows
from xlmodel.values import Kind, Values

HEADINGS = ("Line", "Service", "Supplier", "Paid on", "Net", "VAT", "Gross", "Cost centre")
FORMULA = "Payments[[#This Row],[Net]]+Payments[[#This Row],[VAT]]"
FORMATS = {4: "dd/mm/yyyy", 5: "#,##0.00", 6: "#,##0.00", 7: "#,##0.00"}
#: rows of the table before, and rows of each other sheet
BEFORE, OTHERS = 1000, 2000


def frame(rows: int) -> pd.DataFrame:
    """Return what comes: texts with leading zeros, texts that come again, dates and numbers."""
    random = np.random.default_rng(7)
    days = np.datetime64("2024-04-01", "s") + random.integers(0, 365, rows) * np.timedelta64(86400, "s")
    net = np.round(random.gamma(2.0, 900.0, rows), 2)
    return pd.DataFrame(
        {
            "Line": [f"{n:08d}" for n in range(rows)],
            "Service": random.choice(["Fostering", "Residential", "Adoption", "Leaving care & advice"], rows),
            "Supplier": [f"Supplier {n}" for n in random.integers(0, 2000, rows)],
            "Paid on": days,
            "Net": net,
            "VAT": np.round(net * 0.2, 2),
            "Cost centre": random.choice(["01AB", "02CD", "03EF"], rows),
        }
    )


def generate(path: Path) -> None:
    """Write the workbook: the table, and three other sheets that nobody wants touched."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Payments"
    sheet.append(HEADINGS)
    for i, row in enumerate(frame(BEFORE).itertuples(index=False), 2):
        line, service, supplier, paid, net, vat, centre = row
        sheet.append([line, service, supplier, paid.to_pydatetime(), net, vat, f"={FORMULA}", centre])
        for col, code in FORMATS.items():
            sheet.cell(i, col).number_format = code
        sheet.cell(i, 7).font = Font(bold=True)
    table = Table(displayName="Payments", ref=f"A1:{get_column_letter(len(HEADINGS))}{BEFORE + 1}")
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, HEADINGS, strict=True):
        column.name = heading
    table.tableColumns[6].calculatedColumnFormula = TableFormula(attr_text=FORMULA)
    sheet.add_table(table)
    for n in range(3):
        other = book.create_sheet(f"Summary {n + 1}")
        for r in range(1, OTHERS + 1):
            other.append([f"Line {r}", r * 1.5, f"=B{r}*2", f"=SUM(B$1:B{r})"])
    book.save(path)


def with_openpyxl(path: Path, rows: pd.DataFrame) -> None:
    """Load, append with the style of the row above, let the table reach further, save."""
    book = openpyxl.load_workbook(path)
    sheet = book["Payments"]
    table = sheet.tables["Payments"]
    last = sheet.max_row
    styles = [copy.copy(sheet.cell(last, col)._style) for col in range(1, len(HEADINGS) + 1)]
    for r, row in enumerate(rows.itertuples(index=False), last + 1):
        line, service, supplier, paid, net, vat, centre = row
        contents = (line, service, supplier, paid.to_pydatetime(), net, vat, f"={FORMULA}", centre)
        for c, content in enumerate(contents, 1):
            sheet.cell(r, c, content)._style = styles[c - 1]
    table.ref = f"A1:{get_column_letter(len(HEADINGS))}{last + len(rows)}"
    table.autoFilter.ref = table.ref
    book.save(path)


def with_xlmodel(path: Path, rows: pd.DataFrame) -> None:
    """Read, append, save."""
    book = read_book(path)
    columns = {str(heading): values(column) for heading, column in rows.items()}
    new = append_rows(path.read_bytes(), book, AppendRows("Payments", columns))
    save(new.content, path, expect_sha256=book.sha256, expect_members=new.members)


def values(column: pd.Series[Any]) -> Values:
    """Return a column of the frame as cells; dates as serial numbers."""
    if column.dtype.kind == "M":
        return Values.numbers((column - pd.Timestamp(1899, 12, 30)) / datetime.timedelta(days=1))
    if column.dtype.kind == "f":
        return Values.numbers(column)
    blank = Values.blank(len(column))
    blank.kind[:], blank.text[:] = Kind.TEXT, column.to_numpy(object)
    return blank


WAYS: dict[str, Callable[[Path, pd.DataFrame], None]] = {"xlmodel": with_xlmodel, "openpyxl": with_openpyxl}


def one(name: str, path: Path, count: int) -> dict[str, float]:
    """Measure one way: seconds, peak memory, and how much of it came on top of the imports and the frame."""
    rows = frame(count)
    before = peak()
    start, busy = time.perf_counter(), time.process_time()
    WAYS[name](path, rows)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "processor": busy, "peak": peak(), "above": peak() - before}


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure both ways and print the medians and ratios; check that both wrote the same cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(one(args.one[0], Path(args.one[1]), args.rows)))
        return
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, dict[str, float]] = {}
        original = Path(folder) / "payments.xlsx"
        generate(original)
        print(
            f"{args.rows:,} rows into a table of {BEFORE:,} rows and {len(HEADINGS)} columns; median of {args.repeat}"
        )
        for way in WAYS:
            runs = []
            for _ in range(args.repeat):
                path = Path(folder) / f"{way}.xlsx"
                path.write_bytes(original.read_bytes())
                run = measured("benchmarks.table_rows", way, str(path), "--rows", str(args.rows))
                if isinstance(run, str):
                    raise SystemExit(f"{way}: {run}")
                runs.append(run)
            found[way] = {what: statistics.median(run[what] for run in runs) for what in runs[0]}
            run, size = found[way], path.stat().st_size / 1e6
            print(
                f"{way:10s} {run['seconds']:6.2f} s, {run['processor']:6.2f} s of a processor; "
                f"peak {run['peak']:4.0f} MB, "
                f"{run['above']:4.0f} MB above imports and frame; file {size:.1f} MB"
            )
        shares = {what: found["xlmodel"][what] / found["openpyxl"][what] for what in found["xlmodel"]}
        print(
            f"xlmodel needs {shares['seconds']:.1%} of the time, {shares['processor']:.1%} of the processor's, "
            f"{shares['above']:.1%} of the memory above imports and frame, {shares['peak']:.1%} of the whole peak"
        )
        check_same(*(Path(folder) / f"{way}.xlsx" for way in WAYS))


def check_same(mine: Path, theirs: Path) -> None:
    """Fail where the two files do not hold the same cells."""
    a, b = read_book(mine), read_book(theirs)
    for x, y in zip(a.sheets, b.sheets, strict=True):
        contents = ((x.row, y.row), (x.col, y.col), (x.values.num, y.values.num), (x.values.text, y.values.text))
        if not all(np.array_equal(one, other) for one, other in contents):
            raise SystemExit(f"sheet {x.name}: the two files differ")
        if [a.formula_a1(x, i) for i in range(len(x))] != [b.formula_a1(y, i) for i in range(len(y))]:
            raise SystemExit(f"sheet {x.name}: the formulas differ")
    print(f"both files hold the same {sum(map(len, a.sheets)):,} cells")


if __name__ == "__main__":
    main()
