"""Small projects for tests, as lines of files, and ways to spoil them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xlmodel.inputs.tables import TABLES

Files = dict[str, Any]
Edit = Callable[[Files], None]

#: Totals only: what a council knows that has no returns at hand.
TOTALS: Files = {
    "settings.csv": ["key,value", "title,Totals", "first_year,2024/25", "years,2", "baseline,no_change"],
    "scenarios.csv": ["scenario,label", "no_change,No change", "plan,The plan"],
    "opening.csv": ["children", "487"],
    "starts.csv": [
        "scenario,year,starts",
        "no_change,2024/25,180",
        "no_change,2025/26,180",
        "plan,2024/25,140",
        "plan,2025/26,102",
    ],
    "ceases.csv": ["scenario,year,ceases", "plan,2024/25,215", "plan,2025/26,175"],
    "prices.csv": ["from,price_week,source", "2024-04-01,854,Ledger"],
    "population.csv": ["mid_year,vintage,population,source", "2024,2024,49756,Estimate", "2025,2024,49800,Estimate"],
}

#: Two placements, with every column that a fault can be put into.
SMALL: Files = {
    "settings.csv": [*TOTALS["settings.csv"], "plan_scenario,plan"],
    "placements.csv": ["code,label", "fostering,Fostering", "residential,Children's homes"],
    "scenarios.csv": [
        "scenario,label,starts_from,starts_factor,exit_factor,price_factor,attribution",
        "no_change,No change,,,,,",
        "plan,The plan,,,,,0.9",
    ],
    "opening.csv": ["placement,years_in_care,children", "fostering,,370", "residential,,117"],
    "starts.csv": [
        "scenario,year,month,placement,age,starts",
        "no_change,2024/25,,,,180",
        "no_change,2025/26,,,,180",
        "plan,2024/25,,,,140",
        "plan,2025/26,,,,102",
    ],
    "entry_mix.csv": ["placement,share", "fostering,0.8", "residential,0.2"],
    "ceases.csv": ["scenario,year,ceases", "no_change,2024/25,150"],
    "prices.csv": [
        "placement,from,to,price_week,source",
        "fostering,2024-04-01,,620,Ledger",
        "residential,2024-04-01,,5800,Contracts",
    ],
    "population.csv": TOTALS["population.csv"],
}

#: Everything that can be given, as the reference shows it.
FULL: Files = {
    t.file: [",".join(c.name for c in t.columns), *t.examples] for t in TABLES.values() if t.name != "forecast"
}


def row(file: str, number: int, text: str) -> Edit:
    """Put another row in the place of one, by the number a spreadsheet shows."""

    def edit(files: Files) -> None:
        files[file][number - 1] = text

    return edit


def more(file: str, *rows: str) -> Edit:
    """Add rows."""

    def edit(files: Files) -> None:
        files[file].extend(rows)

    return edit


def without(file: str, number: int) -> Edit:
    """Take a row out."""

    def edit(files: Files) -> None:
        del files[file][number - 1]

    return edit


def new(file: str, *lines: str) -> Edit:
    """Add a file, or put another in its place."""

    def edit(files: Files) -> None:
        files[file] = list(lines)

    return edit


def raw(file: str, content: bytes) -> Edit:
    """The same, byte for byte."""

    def edit(files: Files) -> None:
        files[file] = content

    return edit


def gone(file: str) -> Edit:
    """Take a file away."""

    def edit(files: Files) -> None:
        del files[file]

    return edit


def edited(files: Mapping[str, Any], *edits: Edit) -> Files:
    """Return a project with edits made to it."""
    out = {name: list(lines) for name, lines in files.items()}
    for edit in edits:
        edit(out)
    return out


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write a project into a folder."""
    for name, lines in files.items():
        content = lines if isinstance(lines, bytes) else ("\n".join(lines) + "\n").encode()
        (folder / name).write_bytes(content)
    return folder


def frames(files: Mapping[str, list[str]]) -> dict[str, pd.DataFrame]:
    """Return a project as tables of text."""
    out = {}
    for name, lines in files.items():
        header, *rows = csv.reader(lines)
        out[name.removesuffix(".csv")] = pd.DataFrame(rows, columns=header, dtype=object)
    return out
