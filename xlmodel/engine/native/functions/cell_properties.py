"""CELL and INFO: what is known of a cell besides its value, and of where the workbook is calculated."""

from __future__ import annotations

import re

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Reference, Text, excel
from xlmodel.engine.native.operands import NA, VALUE, ExcelError, UnsupportedError
from xlmodel.engine.native.operands import Reference as Areas
from xlmodel.engine.references import Region
from xlmodel.refs import Rect, column_letters
from xlmodel.values import Scalar

__all__: list[str] = []

#: What the file does not tell, or what depends on the computer.
_UNKNOWN = frozenset(("color", "filename", "format", "parentheses", "prefix", "protect", "width"))


@excel("CELL", volatile=True)
def cell(context: Context, info_type: Text, reference: Reference | None = None) -> Scalar:
    """Return a property of the first cell of an area."""
    asked = info_type.lower()
    if reference is None:
        own = Region(context.sheet, Rect(context.row, context.col, context.row, context.col))
        if asked != "filename" and asked in (*_UNKNOWN, "address", "col", "contents", "row", "type"):
            raise UnsupportedError(f'CELL("{asked}") of the cell changed last')
        reference = Areas((own,))
    sheet, rect = reference.areas[0]
    if asked == "row":
        return float(rect.top)
    if asked == "col":
        return float(rect.left)
    if asked == "address":
        if sheet != context.sheet:
            raise UnsupportedError('CELL("address") of another sheet')
        return f"${column_letters(rect.left)}${rect.top}"
    if asked == "filename":
        return _file_name(context, sheet)
    if asked == "format":
        return _format_code(context.number_format(sheet, rect.top, rect.left))
    if asked in ("contents", "type"):
        content = context.read(Region(sheet, Rect(rect.top, rect.left, rect.top, rect.left))).item((0, 0))
        if asked == "contents":
            return content
        return "b" if content is None else "l" if isinstance(content, str) else "v"
    if asked in _UNKNOWN:
        raise UnsupportedError(f'CELL("{asked}")')
    raise ExcelError(VALUE)


#: The ways in which a formula takes the sheet's name off the end of CELL("filename"), whatever the folder and the file.
_NAME = r'CELL\("FILENAME"(?:,[$A-Z0-9]+)?\)'
_SHEET_NAME = re.compile(
    rf'MID\({_NAME},(?:FIND|SEARCH)\("\]",{_NAME}\)\+1,[0-9]+\)'
    rf'|RIGHT\({_NAME},LEN\({_NAME}\)-(?:FIND|SEARCH)\("\]",{_NAME}\)\)'
    rf'|TEXTAFTER\({_NAME},"\]"\)'
)


def _file_name(context: Context, sheet: int) -> str:
    formula = context.formula(context.sheet, context.row, context.col) or ""
    rest = _SHEET_NAME.sub("", formula.upper().replace(" ", "").replace("_XLFN.", ""))
    if 'CELL("FILENAME"' in rest or 'CELL("' not in formula.upper():
        raise UnsupportedError('CELL("filename"): the folder is not known')
    return f"[]{context.sheet_name(sheet)}"


_FORMATS = {
    "general": "G",
    "0": "F0",
    "#,##0": ",0",
    "0.00": "F2",
    "#,##0.00": ",2",
    "0%": "P0",
    "0.00%": "P2",
    "0.00e+00": "S2",
    "# ?/?": "G",
    "# ??/??": "G",
    "@": "G",
    "d-mmm-yy": "D1",
    "dd-mmm-yy": "D1",
    "d-mmm": "D2",
    "dd-mmm": "D2",
    "mmm-yy": "D3",
    "m/d/yy": "D4",
    "m/d/yyyy": "D4",
    "mm-dd-yy": "D4",
    "m/d/yy h:mm": "D4",
    "dd/mm/yyyy": "D4",
    "mm/dd": "D5",
    "h:mm:ss am/pm": "D6",
    "h:mm am/pm": "D7",
    "h:mm:ss": "D8",
    "h:mm": "D9",
}


def _format_code(number_format: str) -> str:
    code = _FORMATS.get(number_format.lower())
    if code is None:
        raise UnsupportedError(f'CELL("format") of {number_format!r}')
    return code


@excel("INFO", volatile=True)
def info(type_text: Text) -> str:
    """Return a property of the computer: of those only its kind is the same for all."""
    asked = type_text.lower()
    if asked == "system":
        return "pcdos"
    if asked in ("memavail", "memused", "totmem"):
        raise ExcelError(NA)
    if asked in ("directory", "numfile", "origin", "osversion", "recalc", "release"):
        raise UnsupportedError(f'INFO("{asked}")')
    raise ExcelError(VALUE)
