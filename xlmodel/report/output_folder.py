"""A folder of results: written aside, moved into place at the end, with a manifest of what was made from what."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from xlmodel.report.escape import safe

__all__ = ["MANIFEST", "file_hash", "outputs", "write_table"]

MANIFEST = "manifest.json"


@contextmanager
def outputs(folder: Path, about: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, dict[str, str]]]]:
    """Give a folder to write into, and a dictionary for what is to be said of each file; then move all into place.

    If anything goes wrong on the way, `folder` stays as it was. A file that an earlier run did not make is never
    replaced, and one that an earlier run made is removed where this one has none of its name.

    Raises
    ------
    FileExistsError
        A file of somebody else has the name of one of ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    said: dict[str, dict[str, str]] = {}
    try:
        yield aside, said
        names = sorted(path.name for path in aside.iterdir())
        before = _made_before(folder)
        _refuse_foreign(folder, names, before)
        files = {name: {"sha256": file_hash(aside / name), **said.get(name, {})} for name in names}
        manifest = json.dumps({**about, "files": files}, indent=1, allow_nan=False)
        (aside / MANIFEST).write_text(manifest + "\n", "utf-8")
        for name in [*names, MANIFEST]:
            os.replace(aside / name, folder / name)
        _remove_stale(folder, set(before) - set(names), before)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_table(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a table as CSV and as Parquet.

    The CSV opens in Excel as it is: UTF-8 with its mark, and no text in it can act as a formula.
    """
    numbers = table.select_dtypes("number").columns
    clean = table.assign(**{c: table[c] + 0 for c in numbers})  # no -0
    clean.to_parquet(folder / f"{name}.parquet", index=False, engine="pyarrow")
    texts = [c for c in clean.columns if c not in numbers and clean[c].dtype != bool]
    shown = clean.assign(**{c: clean[c].map(_inert) for c in texts})
    shown.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8-sig")


def _inert(text: object) -> str:
    """Return text that a spreadsheet takes for text.

    >>> _inert("=1+1"), _inert("-5"), _inert("Fostering")
    ("'=1+1", "'-5", 'Fostering')
    """
    shown = safe(text)
    return f"'{shown}" if shown.lstrip()[:1] in ("=", "+", "-", "@") else shown


def _made_before(folder: Path) -> dict[str, str]:
    """Return the files that an earlier run made, with their hashes."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        return {str(name): str(made["sha256"]) for name, made in files.items() if Path(name).name == name}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _refuse_foreign(folder: Path, names: list[str], before: Mapping[str, str]) -> None:
    known = [*names, MANIFEST] if not before else names
    foreign = [name for name in known if name not in before and (folder / name).exists()]
    if foreign:
        why = "was not made by an earlier run, and is left as it is; choose another folder"
        raise FileExistsError(errno.EEXIST, why, str(folder / foreign[0]))


def _remove_stale(folder: Path, names: set[str], before: Mapping[str, str]) -> None:
    """Remove what an earlier run made and this one did not, unless somebody has changed it since."""
    for name in names:
        path = folder / name
        if path.is_file() and file_hash(path) == before[name]:
            path.unlink()
