"""Workbooks whose saved results are as a test wants them."""

import openpyxl

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.refs import parse_cell


def written(path, cells, saved, **properties):
    """Write one sheet, S, with cells by address; formulas get the saved results that are given.

    An apostrophe before an equals sign makes a text of it, as in Excel.
    """
    workbook = openpyxl.Workbook()
    workbook.active.title = "S"
    for name, content in cells.items():
        workbook.active[name] = content
        if isinstance(content, str) and content.startswith("'="):
            workbook.active[name] = content[1:]
            workbook.active[name].data_type = "s"
    for name, value in properties.items():
        setattr(workbook.calculation, name, value)
    workbook.save(path)
    edits = [SetSaved("S", *parse_cell(name), value) for name, value in saved.items()]
    path.write_bytes(patch(path, read_book(path), edits).content)
    return path
