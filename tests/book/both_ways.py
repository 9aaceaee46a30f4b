"""Reading a workbook by scanning and by expat."""

from __future__ import annotations

from xlmodel.book.package import Package
from xlmodel.book.reader import read_package


def columns_of(sheet):
    return (
        *(a.tolist() for a in (sheet.row, sheet.col, sheet.formula, sheet.style)),
        *(a.tolist() for a in (sheet.values.kind, sheet.values.num, sheet.values.text)),
        sheet.arrays,
        sheet.dynamic,
        sheet.data_tables,
        sheet.merged,
        *(a.tolist() for a in (sheet.hidden_rows, sheet.filtered_rows, sheet.hidden_columns)),
    )


def read_both(path):
    """Read by scanning and by expat alone; they must agree."""
    book, plain = (read_package(Package.open(path), scanning=scanning) for scanning in (True, False))
    assert book.formulas == plain.formulas
    assert [columns_of(s) for s in book.sheets] == [columns_of(s) for s in plain.sheets]
    return book
