"""What a published workbook says of itself: its edition, the functions it was calculated with, and its values' hashes.

The record stands among the file's custom properties, which Excel keeps and shows under File > Info > Properties.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlmodel.book import DefinedName
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import cell_name, parse_prefix, tokens
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.recalculation import NOISE_SIZE

__all__ = ["EDITIONS", "Record", "canonical", "own_cells", "total_hash", "values_hashes"]

#: The editions, and what each is for.
EDITIONS = {
    "lambda": "calculates in Excel 2024 and 365 with nothing installed",
    "com": "calculates where the functions are installed as an add-in for Windows",
    "officejs": "calculates where the functions are installed as an Office add-in",
    "values": "holds values only, for publication",
}
#: Names of the cells that show the record itself: no hash can hold what shows it.
_OWN_CELLS = ("Values_hash", "Functions_version")

_EDITION, _PROGRAM, _VALUES, _SHEET = "xlmodel edition", "xlmodel version", "xlmodel values", "xlmodel values of "
_LACKING = "xlmodel without native form"
_FUNCTION = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_SIGNATURE = re.compile(r"(\S+) ([0-9a-f]{6,64})\Z")


@dataclass(frozen=True)
class Record:
    """The record of a published workbook."""

    edition: str
    program: str  #: the version of xlmodel that published it
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict)  #: name -> version, signature hash
    values: str = ""  #: the hash of all calculated values; "" where none is recorded
    sheets: Mapping[str, str] = field(default_factory=dict)  #: sheet -> the hash of its calculated values
    #: functions that Excel cannot calculate alone: values in the edition lambda, and part of no hash
    without_native: tuple[str, ...] = ()

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> Record | None:
        """Return the record that stands among a file's custom properties; None where it has none.

        >>> Record.of({"xlmodel edition": "com", "CSC_X": "2 0123456789ab"}).functions
        {'CSC_X': ('2', '0123456789ab')}
        >>> Record.of({"Department": "Finance"})
        """
        edition = properties.get(_EDITION, "")
        if edition not in EDITIONS:
            return None
        functions = {}
        for name, value in properties.items():
            signature = _SIGNATURE.match(value)
            if signature and _FUNCTION.match(name):
                functions[name] = signature[1], signature[2]
        return cls(
            edition,
            properties.get(_PROGRAM, ""),
            functions,
            properties.get(_VALUES, ""),
            {name.removeprefix(_SHEET): h for name, h in properties.items() if name.startswith(_SHEET)},
            tuple(properties.get(_LACKING, "").split()),
        )

    def properties(self) -> dict[str, str]:
        """Return the record as custom properties."""
        found = {_EDITION: self.edition, _PROGRAM: self.program}
        if self.values:
            found[_VALUES] = self.values
        if self.without_native:
            found[_LACKING] = " ".join(self.without_native)
        found |= {name: f"{version} {signature}" for name, (version, signature) in sorted(self.functions.items())}
        return found | {_SHEET + sheet: value for sheet, value in self.sheets.items()}

    @staticmethod
    def is_own(name: str, value: str) -> bool:
        """Tell whether a custom property belongs to a record."""
        if name in (_EDITION, _PROGRAM, _VALUES, _LACKING) or name.startswith(_SHEET):
            return True
        return bool(_FUNCTION.match(name) and _SIGNATURE.match(value))


def own_cells(names: Iterable[DefinedName]) -> dict[str, CellKey]:
    """Return the cells that show the record, by their names: ``Values_hash`` and ``Functions_version``.

    >>> own_cells([DefinedName("Values_hash", "'Sign-off'!$B$1", None)])
    {'Values_hash': CellKey(sheet='Sign-off', row=1, col=2)}
    """
    found = {}
    for name in names:
        areas = [t.area for t in tokens(name.formula) if t.area is not None]
        if name.name in _OWN_CELLS and len(areas) == 1 and areas[0].single and areas[0].prefix:
            rect = areas[0].at(1, 1)
            found[name.name] = CellKey(parse_prefix(areas[0].prefix).first, rect.top, rect.left)
    return found


def canonical(content: Scalar) -> str:
    """Return the text that stands for a cell's content in a hash: a number with 10 significant digits, noise as 0.

    Hosts that add up in another order give other last digits; no figure of a council changes by them.

    >>> canonical(1 / 3) == canonical(1 / 3 + 1e-14), canonical(1 / 3) == canonical(0.3333333), canonical(-4e-15)
    (True, False, 'n0.000000000e+00')
    """
    if content is None:
        return ""
    if isinstance(content, bool):
        return f"b{int(content)}"
    if isinstance(content, ErrorValue):
        return "e" + content.code
    if isinstance(content, str):
        return "s" + content.replace("\r\n", "\n")
    return f"n{0.0 if abs(content) < NOISE_SIZE else content:.9e}"


def values_hashes(cells: Iterable[tuple[str, int, int, Scalar]]) -> dict[str, str]:
    """Return for each sheet the hash of its calculated values.

    Parameters
    ----------
    cells : iterable of sheet, row, column and value
        The formula cells, in any order.

    Examples
    --------
    >>> one, other = [("Cost", 2, 3, 0.3)], [("Cost", 2, 3, 0.1 + 0.2)]
    >>> values_hashes(one) == values_hashes(other)
    True
    """
    lines: dict[str, list[tuple[int, int, str]]] = {}
    for sheet, row, col, value in cells:
        lines.setdefault(sheet, []).append((row, col, canonical(value)))
    found = {}
    for sheet, listed in lines.items():
        digest = hashlib.sha256()
        for row, col, text in sorted(listed):
            digest.update(f"{cell_name(row, col)}\t{len(text)}\t{text}\n".encode("utf-8", "surrogatepass"))
        found[sheet] = digest.hexdigest()[:16]
    return found


def total_hash(sheets: Mapping[str, str]) -> str:
    """Return the hash over all sheets; their order does not matter."""
    return hashlib.sha256("".join(f"{s}\t{h}\n" for s, h in sorted(sheets.items())).encode()).hexdigest()
