"""The rules against cells that people labelled: how often a flag is right, how much is found, how long it takes.

    python benchmarks/lint_corpus.py CORPUS [--out FOLDER] [--halves SEED]

CORPUS holds workbooks and ``labels.csv`` with the columns workbook, sheet, cell, kind and dual. The kinds of an error
in a formula are ref, refi and calc; the wider ones add constants, subtotals and other doubts; ``no`` was looked at and
is right. A flag counts by its cells. With --out the findings are written there, a JSON file for each workbook.
"""

import argparse
import csv
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.lint.client import lint
from xlmodel.lint.finding import Finding
from xlmodel.refs import cell_name

ERRORS = frozenset({"ref", "refi", "calc"})
WIDER = ERRORS | {"cwfe", "fwce", "iuf", "pmi", "oow", "susp", "ubc", "bfe"}
#: the rules about formulas that differ from their neighbours, counted together
BREAKS = ("formula-breaks-block", "sum-omits-adjacent", "total-includes-subtotal", "typed-over-link")

Cell = tuple[str, str, str]  # workbook, sheet, cell


@dataclass
class Labels:
    """What people said of cells."""

    kinds: dict[Cell, str] = field(default_factory=dict)

    def of(self, kinds: Collection[str], books: Collection[str]) -> set[Cell]:
        """Return the cells of some workbooks with one of some labels."""
        return {cell for cell, kind in self.kinds.items() if kind in kinds and cell[0] in books}


@dataclass(frozen=True)
class Score:
    """How some flags fare against labels, by cell."""

    flagged: int
    right: int
    errors: int

    @property
    def precision(self) -> float:
        """The share of the flagged cells that are labelled."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """The share of the labelled cells that are flagged."""
        return self.right / self.errors if self.errors else 0.0


def read_labels(corpus: Path) -> Labels:
    """Return the labels of a corpus."""
    with (corpus / "labels.csv").open(newline="", encoding="utf-8") as file:
        return Labels({(r["workbook"], r["sheet"], r["cell"]): r["kind"] for r in csv.DictReader(file)})


def read_findings(books: Iterable[Path]) -> tuple[dict[str, list[Finding]], dict[str, float]]:
    """Return what the default rules find in each workbook, and the seconds each took."""
    found: dict[str, list[Finding]] = {}
    seconds: dict[str, float] = {}
    with Worker() as worker:
        for book in books:
            start = time.perf_counter()
            result = lint(book, worker=worker)
            seconds[book.name] = time.perf_counter() - start
            if result.incomplete:
                raise SystemExit(f"{book.name}: {'; '.join(result.incomplete)}")
            found[book.name] = list(result.findings)
    return found, seconds


def flagged(found: Mapping[str, list[Finding]], rules: Collection[str]) -> set[Cell]:
    """Return the cells that some rules flag."""
    return {
        (book, finding.sheet, cell_name(row, col))
        for book, findings in found.items()
        for finding in findings
        if finding.rule in rules
        for row, col in finding.places()
    }


def score(flags: set[Cell], labelled: set[Cell]) -> Score:
    """Compare flagged cells with labelled ones."""
    return Score(len(flags), len(flags & labelled), len(labelled))


def written(found: Mapping[str, list[Finding]], folder: Path) -> None:
    """Write the findings of each workbook as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for book, findings in found.items():
        plain = [
            {"rule": f.rule, "sheet": f.sheet, "cells": [cell_name(row, col) for row, col in f.places()]}
            for f in findings
        ]
        (folder / f"{book}.json").write_text(json.dumps({"findings": plain}), "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--halves", type=int, help="a seed: score two random halves of the workbooks apart as well")
    given = parser.parse_args()
    if not (given.corpus / "labels.csv").is_file():
        raise SystemExit(f"skipped: {given.corpus} has no labels.csv")
    labels = read_labels(given.corpus)
    books = sorted(p for p in given.corpus.iterdir() if p.suffix == ".xlsx")
    found, seconds = read_findings(books)
    if given.out:
        written(found, given.out)

    by_rule: dict[str, int] = defaultdict(int)
    for findings in found.values():
        for finding in findings:
            by_rule[finding.rule] += 1
    names = [book.name for book in books]
    print(f"{'':28}{'findings':>9}{'cells':>7}   errors: P     R   wider: P     R")
    for rules in [(rule,) for rule in sorted(by_rule)] + [tuple(by_rule)]:
        flags = flagged(found, rules)
        narrow, wide = (score(flags, labels.of(kinds, names)) for kinds in (ERRORS, WIDER))
        print(
            f"{rules[0] if len(rules) == 1 else 'all':28}{sum(by_rule[r] for r in rules):9}{len(flags):7}"
            f"{narrow.precision:12.3f}{narrow.recall:6.3f}{wide.precision:11.3f}{wide.recall:6.3f}"
        )
    if given.halves is not None:
        mixed = random.Random(given.halves).sample(names, len(names))
        for half in (mixed[::2], mixed[1::2]):
            flags = flagged({name: found[name] for name in half}, BREAKS)
            part = score(flags, labels.of(ERRORS, half))
            print(
                f"half of {len(half)}: {' and '.join(BREAKS)}: precision {part.precision:.3f}, recall {part.recall:.3f}"
            )
    slowest = max(seconds, key=lambda name: seconds[name])
    median = statistics.median(seconds.values())
    print(f"{len(seconds)} workbooks, median {median:.2f} s, slowest {seconds[slowest]:.2f} s ({slowest})")


if __name__ == "__main__":
    main()
