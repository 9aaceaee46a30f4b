"""Files of claims made for one test."""

import csv
from pathlib import Path

from xlmodel.reconcile import Claims, judge, read_claims
from xlmodel.reconcile.reading import COLUMNS
from xlmodel.reconcile.reconciliation import Reconciliation
from xlmodel.registry import Registry

DEFAULTS = {"item": "An item", "unit": "£m", "source": "p. 1"}
CSC = Registry.collect({"CSC": "udfs"})


def figure(name: str, value: str, nearest: str = "0.1", **more: str) -> dict[str, str]:
    """Return the row of a printed figure."""
    return {**DEFAULTS, "id": name, "value": value, "nearest": nearest, **more}


def formula(name: str, text: str, states: str = "", kind: str = "figure", **more: str) -> dict[str, str]:
    """Return the row of a recomputed figure, both readings in words where its kind needs them."""
    words = {"reading": "If so", "other_reading": "If not"} if kind in ("assumes", "hypothesis", "two-readings") else {}
    return {**DEFAULTS, **words, "id": name, "formula": text, "states": states, "kind": kind, **more}


def write(path: Path, *rows: dict[str, str]) -> Path:
    """Write a file of claims and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def claims_of(folder: Path, *rows: dict[str, str]) -> Claims:
    """Return the claims of a file with these rows."""
    return read_claims(write(folder / "claims.csv", *rows), CSC)


def judged(folder: Path, *rows: dict[str, str]) -> Reconciliation:
    """Return a file with these rows, judged."""
    return judge(claims_of(folder, *rows))
