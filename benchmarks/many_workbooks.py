"""Many workbooks verified in one run, beside what other tools need for less: ``python -m benchmarks.many_workbooks``.

The others only recalculate: `formulas` and formualizer in two processes, LibreOffice by converting all files in one
process. xlmodel also compares every cell and runs its rules. The second run finds nothing changed. Workbooks are made
from a seed: a table of a year's spending by month, totals, shares and growth, with the values that the formulas give.
``--corpus FOLDER`` takes the workbooks of a folder, again and again until there are enough.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from xlmodel.refs import column_letters

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Spending" sheetId="1" r:id="r1"/></sheets></workbook>',
}
LINES, MONTHS = 40, 12

#: What each other tool does in one of two processes; the paths follow as arguments.
OTHERS = {
    "formulas": "import formulas\nfor p in paths: formulas.ExcelModel().loads(p).finish().calculate()",
    "formualizer": "import formualizer\nfor p in paths: formualizer.Workbook.from_path(p).evaluate_all()",
}


def workbook(path: Path, seed: int) -> None:
    """Write a workbook of 40 lines and 12 months: totals both ways, shares of the whole, growth on the month before."""
    draw = random.Random(seed)
    figures = [[draw.randrange(1_000, 90_000) for _ in range(MONTHS)] for _ in range(LINES)]
    totals = [sum(month) for month in zip(*figures, strict=True)]
    last, total_row = column_letters(MONTHS + 1), LINES + 1
    rows = []
    for number, line in enumerate(figures, 1):
        cells = [f'<c r="A{number}" t="inlineStr"><is><t>Line {number}</t></is></c>']
        cells += [f'<c r="{column_letters(m)}{number}"><v>{v}</v></c>' for m, v in enumerate(line, 2)]
        cells.append(formula(column_letters(MONTHS + 2), number, f"SUM(B{number}:{last}{number})", sum(line)))
        share = sum(line) / sum(totals)
        whole = f"{column_letters(MONTHS + 2)}{number}/{column_letters(MONTHS + 2)}${total_row}"
        cells.append(formula(column_letters(MONTHS + 3), number, whole, share))
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    sums = [formula(c, total_row, f"SUM({c}1:{c}{LINES})", v) for c, v in columns([*totals, sum(totals)])]
    growth = [
        formula(c, total_row + 1, f"{c}{total_row}/{before}{total_row}-1", v / u - 1)
        for (before, u), (c, v) in itertools.pairwise(columns(totals))
    ]
    rows += [f'<row r="{total_row}">{"".join(sums)}</row>', f'<row r="{total_row + 1}">{"".join(growth)}</row>']
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": SHEET.format("".join(rows))}.items():
            out.writestr(name, content)


def formula(column: str, row: int, text: str, value: float) -> str:
    """Return a formula cell with its saved value."""
    return f'<c r="{column}{row}"><f>{text}</f><v>{value!r}</v></c>'


def columns(values: list[int]) -> list[tuple[str, int]]:
    """Return values beside the letters of their columns, from B."""
    return [(column_letters(m), v) for m, v in enumerate(values, 2)]


def seconds(*commands: list[str], **environment: str) -> float:
    """Return how long some commands take, run side by side."""
    start = time.perf_counter()
    running = [
        subprocess.Popen(c, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for c in commands
    ]
    if any(process.wait() not in (0, 1, 3) for process in running):
        return float("nan")
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print workbooks a second and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--others", type=int, default=50, help="workbooks for the tools that are slow")
    parser.add_argument("--corpus", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "books")
        folder.mkdir()
        given = sorted(asked.corpus.glob("*.xlsx")) if asked.corpus else []
        for number in range(asked.count):
            path = folder / f"{number:04}.xlsx"
            if given:
                shutil.copy(given[number % len(given)], path)
            else:
                workbook(path, number)
        own = [sys.executable, "-c", "from xlmodel.cli import main; main()", "verify", str(folder), "--jobs", "2"]
        measured = {
            name: asked.count / seconds(own, XLMODEL_CACHE_DIR=str(Path(place, "cache")))
            for name in ("xlmodel verify", "xlmodel verify, again")
        }
        few = [str(p) for p in sorted(folder.iterdir())[: asked.others]]
        for name, script in OTHERS.items():
            halves = [[sys.executable, "-c", f"import sys\npaths = sys.argv[1:]\n{script}", *few[n::2]] for n in (0, 1)]
            measured[name] = len(few) / seconds(*halves)
        if soffice := shutil.which("soffice"):
            profile = f"-env:UserInstallation={Path(place, 'profile').as_uri()}"
            order = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(Path(place, "out")), *few]
            measured["LibreOffice, converting"] = len(few) / seconds(order)
        first = measured["xlmodel verify"]
        print(f"{asked.count:,} workbooks on two cores; the other tools on {len(few):,} of them")
        for name, rate in measured.items():
            print(f"{name:<26} {rate:10.1f} workbooks a second  {rate / first:8.2f} of the first")


if __name__ == "__main__":
    main()
