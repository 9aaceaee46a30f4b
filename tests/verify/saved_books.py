"""Small workbooks with saved values, for tests of many of them."""

import zipfile
from pathlib import Path

import openpyxl

from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.means import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}), witness=None)


def saved_book(path: Path, cells: dict[str, object] | None = None) -> Path:
    """Write a workbook of a few cells, with the values its formulas give."""
    workbook = openpyxl.Workbook()
    for cell, content in (cells or {"A1": 198, "B1": 219, "C1": "=A1-B1", "C2": "=C1*2"}).items():
        workbook.active[cell] = content
    workbook.save(path)
    recalculate(path, MEANS)
    return path


def copied(source: Path, to: Path, old: bytes = b"", new: bytes = b"") -> Path:
    """Copy a workbook, some bytes of its parts replaced; the time of day does not change the copy."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
        for item in given.infolist():
            content = given.read(item)
            out.writestr(item, content.replace(old, new) if old else content)
    return to
