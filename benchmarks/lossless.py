"""Six kinds of edit in workbooks that Excel saved: what xlmodel and openpyxl lose on the way, side by side.

    python -m benchmarks.lossless FOLDER [--files 40] [--seed 7] [--processes 2] [--libreoffice] [--alone]

Every workbook of the folder gets another number, text, formula and date, a cleared cell, and a row at the end of a
table. xlmodel makes each edit by itself and calculates what depends on it. openpyxl, which does not calculate, makes
those of cells with one load and save: what it loses is the same for each. Then: which members of the zip have other
bytes, which saved values are gone, and whether openpyxl and LibreOffice read the edits, those of different cells
of a workbook together in one file.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

import openpyxl

from benchmarks.lossless_edits import KINDS
from benchmarks.lossless_libreoffice import converted
from benchmarks.lossless_tally import Asked, Tally, tally
from xlmodel.book import read_book
from xlmodel.errors import BookError
from xlmodel.layout.shown import shown
from xlmodel.values import same_scalar


def workbooks(folder: Path) -> list[Path]:
    """Return the workbooks of a folder that can be edited at all: xlsx and xlsm."""
    return sorted(p for p in folder.iterdir() if p.suffix in (".xlsx", ".xlsm"))


def read_by_libreoffice(asked: Iterable[Asked], folder: Path) -> Tally:
    """Have LibreOffice open the files, and compare what it reads."""
    found, every = Tally(), list(asked)
    said = converted(sorted({one.file for one in every}), folder)
    missing = {one.original for one in every if one.file not in said}
    opened = converted(sorted(missing), folder)
    for one in every:
        if one.file not in said and one.original not in opened:
            found.counts["libreoffice cannot open the original"] += 1
            continue
        wrong = _misread(said[one.file], one) if one.file in said else "nothing"
        if wrong.startswith("'#NAME?'") and one.kind == "formula":
            found.counts["unknown to libreoffice"] += 1
            continue
        found.counts["read by libreoffice"] += not wrong
        if wrong:
            found.faults.append(f"{one.file.name}: {one.kind} edit, LibreOffice reads {wrong}")
    return found


def _misread(file: Path, asked: Asked) -> str:
    """Return the first cell that LibreOffice reads as something else."""
    names = [sheet.name for sheet in read_book(asked.file).sheets]
    try:
        book = read_book(file)
    except BookError as error:
        return str(error)
    for (name, row, col), wanted in asked.cells.items():
        # it gives some sheets other names
        sheet = book.sheets[names.index(name)]
        content = sheet.value(row, col)
        if not same_scalar(content, wanted, 1e-14):
            return f"{str(content)[:40]!r} for {str(wanted)[:40]!r}"
        if asked.kind == "date" and not shown(book.number_formats[sheet.style[sheet.find(row, col)]]).date:
            return f"{content!r} without a date format"
    return ""


def rows(counts: Counter[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the lines of the table: what is counted, for xlmodel and for openpyxl."""

    def both(what: str, *names: str) -> tuple[str, str, str]:
        ours, theirs = (
            " of ".join(f"{counts[f'{who} {name}']:,}" for name in names) for who in ("xlmodel", "openpyxl")
        )
        return what, ours, theirs

    for kind in KINDS:
        made = [f"{counts[f'{who} made {kind}']:,}" for who in ("xlmodel", "openpyxl")]
        not_made = [_sum(counts, start + kind) for start in ("xlmodel refused ", "openpyxl failed ")]
        yield f"{kind}: made, not made", f"{made[0]}, {not_made[0]:,}", f"{made[1]}, {not_made[1]:,}"
    yield both("members with other bytes", "members touched", "members")
    yield both("members gone*", "members gone", "members")
    yield both("results of formulas gone", "results lost", "results")
    yield both("other values that changed", "values changed", "values")
    yield "sheets that lost newer features (extLst)", "0", f"{counts['openpyxl extensions gone']:,}"
    yield "results calculated along with the edits", f"{counts['xlmodel recalculated']:,}", "none"
    yield "results left for Excel to calculate", f"{counts['xlmodel left to excel']:,}", "all"
    yield "edits that openpyxl reads", f"{counts['read by openpyxl']:,}", ""
    yield "edits in files that openpyxl cannot open", f"{counts['openpyxl cannot open the original']:,}", ""
    yield "edits that LibreOffice reads", f"{counts['read by libreoffice']:,}", ""
    yield "edits in files LibreOffice cannot open", f"{counts['libreoffice cannot open the original']:,}", ""
    yield "formulas that LibreOffice does not know", f"{counts['unknown to libreoffice']:,}", ""


def _sum(counts: Counter[str], start: str) -> int:
    return sum(n for what, n in counts.items() if what.startswith(start))


def show(found: Tally) -> None:
    """Print the table, then why edits were not made, what openpyxl drops, and what should not be."""
    lines = [("", "xlmodel", f"openpyxl {openpyxl.__version__}"), *rows(found.counts)]
    for what, ours, theirs in lines:
        print(f"{what:42}{ours:>24}{theirs:>24}")
    print("* but for calcChain, sharedStrings and .rels, which hold nothing that is not elsewhere")
    for title, start in (
        ("xlmodel refused", "xlmodel refused "),
        ("openpyxl failed", "openpyxl failed "),
        ("members that openpyxl's files lack, by kind", "openpyxl gone: "),
    ):
        print(f"\n{title}")
        listed = [(n, what.removeprefix(start)) for what, n in found.counts.items() if what.startswith(start)]
        for n, what in sorted(listed, key=lambda x: (-x[0], x[1])):
            print(f"{n:8,}  {what}")
    print(f"\nfaults: {len(found.faults)}", *sorted(found.faults), sep="\n  ")


def main() -> None:
    """Edit the workbooks of a folder, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, help="take so many of them by chance; all by default")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--libreoffice", action="store_true", help="let LibreOffice read the edits too")
    parser.add_argument("--alone", action="store_true", help="openpyxl makes no edits; it reads ours all the same")
    arguments = parser.parse_args()
    paths = workbooks(arguments.folder)
    if arguments.files is not None:
        paths = sorted(random.Random(arguments.seed).sample(paths, arguments.files))
    start, found = time.perf_counter(), Tally()
    with tempfile.TemporaryDirectory() as folder:
        made, said = Path(folder, "made"), Path(folder, "said")
        made.mkdir()
        said.mkdir()
        edit = partial(tally, beside=not arguments.alone, made=made if arguments.libreoffice else None)
        with ProcessPoolExecutor(arguments.processes) as pool:
            running = {pool.submit(edit, path): path for path in paths}
            for done, one in enumerate(as_completed(running), 1):
                try:
                    found.add(one.result())
                except Exception as error:
                    found.faults.append(f"{running[one].name}: {error!r}")
                if done % 20 == 0:
                    print(f"{done} of {len(paths)} workbooks", file=sys.stderr)
        found.add(read_by_libreoffice(found.asked, said))
        print(f"{len(paths)} workbooks, {time.perf_counter() - start:.0f} s")
        show(found)


if __name__ == "__main__":
    main()
