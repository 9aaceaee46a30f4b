"""A workbook on disk: bounded reading, lossless patching, atomic saving."""

from xlmodel.book.edits import Edit, SetFormula, SetSaved, SetValue, as_stored
from xlmodel.book.package import Limits
from xlmodel.book.patch import Patched, patch
from xlmodel.book.pivots import Pivot, PivotCache, PivotData, PivotLine
from xlmodel.book.reader import read_book
from xlmodel.book.save import refuse_early, save
from xlmodel.book.validations import Validation
from xlmodel.book.workbook import Book, CalcSettings, DefinedName, ExternalBook, Sheet, Table, address

__all__ = [
    "Book",
    "CalcSettings",
    "DefinedName",
    "Edit",
    "ExternalBook",
    "Limits",
    "Patched",
    "Pivot",
    "PivotCache",
    "PivotData",
    "PivotLine",
    "SetFormula",
    "SetSaved",
    "SetValue",
    "Sheet",
    "Table",
    "Validation",
    "address",
    "as_stored",
    "patch",
    "read_book",
    "refuse_early",
    "save",
]
