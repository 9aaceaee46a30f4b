"""Reading a generated workbook: xlmodel beside openpyxl and beside what no reader can avoid, in one run.

    python benchmarks/reading.py [--rows 50000] [--columns 20] [--repeat 3] [--only xlmodel]

Each reading runs in its own process, so that its peak memory is its own. The workbook lies in a temporary directory.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"

READERS = {
    "xlmodel": "from xlmodel.book import read_book; n = sum(map(len, read_book(path).sheets))",
    "decompressing alone": (
        "import zipfile; package = zipfile.ZipFile(path); n = sum(len(package.read(x)) for x in package.namelist())"
    ),
    "one regex, unchecked": (
        "import re, zipfile; package = zipfile.ZipFile(path); cell = re.compile("
        """rb'<c r="([A-Z]+[0-9]+)"[^>]*>(?:<f>([^<]*)</f>)?<v>([^<]*)</v>'"""
        "); n = sum(len(cell.findall(package.read(x))) for x in package.namelist())"
    ),
    "xlmodel, expat only": (
        "from pathlib import Path; from xlmodel.book.package import Package; "
        "from xlmodel.book.reader import read_package; "
        "n = sum(map(len, read_package(Package.open(Path(path)), scanning=False).sheets))"
    ),
    # read-only mode does not expand shared formulas and reads either the formulas or the values
    "openpyxl, read-only": (
        "import openpyxl; book = openpyxl.load_workbook(path, read_only=True); "
        "n = sum(c.value is not None for s in book for row in s.iter_rows() for c in row)"
    ),
    "openpyxl": (
        "import openpyxl; book = openpyxl.load_workbook(path); "
        "n = sum(c.value is not None for s in book for row in s.iter_rows() for c in row)"
    ),
}
TIMED = """
import resource, sys, time
path = sys.argv[1]
start = time.perf_counter()
{reading}
print(time.perf_counter() - start, n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def letters(col: int) -> str:
    """Return the letters of a column."""
    return (letters((col - 1) // 26) if col > 26 else "") + chr(65 + (col - 1) % 26)


def rows(count: int, columns: int) -> Iterator[str]:
    """Yield rows of numbers, shared strings, formulas filled down and formulas filled right."""
    for r in range(1, count + 1):
        cells = []
        for c in range(1, columns + 1):
            name = f"{letters(c)}{r}"
            match c % 5:
                case 0:
                    cells.append(
                        f'<c r="{name}" s="1"><f>{letters(c - 1)}{r}*{letters(c - 2)}$1+$A{r}</f><v>{r * c / 7}</v></c>'
                    )
                case 1:
                    cells.append(f'<c r="{name}" t="s"><v>{r % 1000}</v></c>')
                case 2 if r > 1:
                    cells.append(
                        f'<c r="{name}" s="1"><f>{letters(c)}{r - 1}+{letters(c + 1)}{r}</f><v>{r / 3}</v></c>'
                    )
                case _:
                    cells.append(f'<c r="{name}"><v>{r * c / 3}</v></c>')
        yield f'<row r="{r}" spans="1:{columns}">{"".join(cells)}</row>'


def generate(path: Path, count: int, columns: int) -> None:
    """Write the workbook."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
        "<borders><border/></borders>"
        '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="4"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(f"<si><t>Local authority {n}</t></si>" for n in range(1000))
        + "</sst>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in rows(count, columns):
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")


def main() -> None:
    """Generate, read with each reader, print the times, peak memory and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only", choices=READERS)
    parser.add_argument("--file", type=Path, help="read this workbook instead of a generated one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.file or Path(folder) / "generated.xlsx"
        if not args.file:
            generate(path, args.rows, args.columns)
        print(f"{path.name}, {path.stat().st_size / 1e6:.1f} MB")
        first = 0.0
        for name, reading in READERS.items():
            if args.only and name != args.only:
                continue
            runs = []
            for _ in range(args.repeat):
                command = [sys.executable, "-c", TIMED.format(reading=reading), str(path)]
                seconds, cells, memory = subprocess.run(
                    command, capture_output=True, text=True, check=True
                ).stdout.split()
                runs.append((float(seconds), int(cells), float(memory)))
            best, cells, memory = min(runs)
            first = first or best
            print(f"{name:22s} {best:7.2f} s  {best / first:6.1f} x  {memory:7.0f} MB peak  {cells:,} counted")


if __name__ == "__main__":
    main()
