"""Reading a file of claims: CSV as a spreadsheet saves it, every fault named by row and column, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from xlmodel.inputs.problems import Problems, listed, near_miss
from xlmodel.inputs.reading import read_records
from xlmodel.reconcile.claims import Claim, Claims, Kind, Role
from xlmodel.reconcile.formula_faults import CALCULATED, FORMULAS, formula_faults, result_faults
from xlmodel.reconcile.printed import printed_faults
from xlmodel.reconcile.roles import ROLES, role_faults
from xlmodel.reconcile.units import one_spelling
from xlmodel.registry import Registry

__all__ = ["COLUMNS", "read_claims"]

#: The columns, each with what stands in it; those marked True must be there.
COLUMNS: Mapping[str, tuple[bool, str]] = {
    "id": (True, "a short name for the row: letters, digits and _"),
    "item": (True, "what the figure is, in words"),
    "period": (False, "the year or date it is of"),
    "printed": (False, "the figure as it is printed: £1.66m"),
    "value": (True, "the printed figure as a plain number in its unit: 1.66"),
    "unit": (True, "£m, %, children"),
    "nearest": (True, "what it is printed to the nearest of, in its unit (0.01), or exact"),
    "source": (True, "where it stands: page, line or cell"),
    "words": (False, "the words it stands in"),
    "roles": (False, "what it is in a set of figures: savings plan: total"),
    "kind": (False, "what sort of statement a row with a formula makes"),
    "formula": (False, "what the figure should come to, over the ids of other rows"),
    "states": (False, "the id of the printed figure that the formula should give"),
    "other_formula": (False, "the formula of the other reading"),
    "reading": (False, "what the formula takes for granted, or how it reads the sentence"),
    "other_reading": (False, "how else it could be"),
    "borne_out_by": (False, "the id of a row that shows the same without assuming anything"),
    "explanation": (False, "what a reader should know about it"),
}

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RESERVED = frozenset(("true", "false", "lowest", "highest"))
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?[£$€]?\s*\d{1,3}(,\d{3})+(\.\d+)?\Z", re.ASCII)
_READ_TWICE = (Kind.TWO_READINGS, Kind.ASSUMES, Kind.HYPOTHESIS)
_WITHOUT_FIGURE = (Kind.IMPLIED, Kind.HYPOTHESIS, Kind.NOT_NEGATIVE, Kind.OTHER_DATE)


def read_claims(path: Path | str, registry: Registry | None = None) -> Claims:
    """Read a file of claims.

    Parameters
    ----------
    path : Path or str
        A CSV file in UTF-8 with the columns of docs/claims.md.
    registry : Registry, optional
        The functions that formulas can call beside Excel's.

    Returns
    -------
    Claims

    Raises
    ------
    InputError
        With every fault of the file, by row and column.
    """
    path, found = Path(path), Problems()
    table = _table(path, found)
    claims = Claims(tuple(_claims(path.name, table, found)), registry or Registry(), path.name)
    role_faults(path.name, claims, found)
    if not found.touch(path.name, ["id"]):
        formula_faults(claims, found)
    if not found:
        result_faults(claims, found)
    found.raise_any()
    return claims


# --- the file ---------------------------------------------------------------------------------------------------------


def _table(path: Path, found: Problems) -> list[tuple[int, dict[str, str]]]:
    """Return the rows that are not empty, with their number; cells without the spaces around them."""
    read = read_records(path, found)
    if read is None:
        return []
    records = [[cell.strip() for cell in record] for record in read]
    _header(path.name, records[0], found)
    if found:
        return []
    header, rows = records[0], []
    for number, record in enumerate(records[1:], 2):
        if len(record) > len(header) and any(record[len(header) :]):
            found.add(path.name, number, None, f"must have {len(header)} cells at most: a comma needs quotes round it")
        if any(record):
            cells = dict(zip(header, [*record, *[""] * len(header)], strict=False))
            rows.append((number, {name: cells.get(name, "") for name in COLUMNS}))
    if not rows:
        found.add(path.name, None, None, "must have a row for each figure")
    return rows


def _header(file: str, header: list[str], found: Problems) -> None:
    for name in header:
        if name and name not in COLUMNS:
            found.add(file, 1, name, f"is no column of a file of claims{near_miss(name, COLUMNS)}")
        elif name and header.count(name) > 1:
            found.add(file, 1, name, "must stand once")
    missing = [name for name, (needed, _) in COLUMNS.items() if needed and name not in header]
    if missing:
        found.add(file, 1, None, f"must also have the columns {listed(missing)}")


# --- the rows ---------------------------------------------------------------------------------------------------------


def _claims(file: str, table: Iterable[tuple[int, dict[str, str]]], found: Problems) -> Iterable[Claim]:
    seen: dict[str, int] = {}
    for row, cells in table:
        name = cells["id"]
        if not _ID.match(name) or name.casefold() in _RESERVED:
            found.add(file, row, "id", "must be letters, digits and _, and begin with a letter", name)
        elif name.casefold() in seen:
            found.add(file, row, "id", f"must stand once, and row {seen[name.casefold()]} has it too", name)
        seen.setdefault(name.casefold(), row)
        if not cells["item"]:
            found.add(file, row, "item", "must say what the figure is")
        for column, text in cells.items():
            if CALCULATED.match(text):
                what = "has been calculated by the spreadsheet: write it without the equals sign, such as a+b"
                found.add(file, row, column, what, text)
        read = {
            "row": row,
            "value": _value(file, row, cells, found),
            "nearest": _nearest(file, row, cells, found),
            "unit": one_spelling(cells["unit"]),
            "roles": tuple(_roles(file, row, cells["roles"], found)),
            "kind": _kind(file, row, cells, found),
            **{column: _formula(column, cells[column]) for column in FORMULAS},
        }
        claim = Claim(**{**cells, **read})  # type: ignore[arg-type]
        if claim.printed and claim.value is not None:
            for column, wanted in printed_faults(claim.printed, claim.value, claim.unit, claim.nearest):
                found.add(file, row, column, wanted, cells[column])
        _row_faults(file, claim, bool(cells["value"]), found)
        yield claim


def _formula(column: str, text: str) -> str:
    """Return a formula with its equals sign: a file has none, as a spreadsheet would calculate it."""
    text = text.removeprefix("'")
    names_a_row = column == "states" and _ID.match(text)
    return text if not text or text.startswith("=") or names_a_row else f"={text}"


def _number(text: str) -> Fraction | None:
    text = text.replace("\N{MINUS SIGN}", "-")
    return Fraction(Decimal(text)) if _PLAIN.match(text) else None


def _value(file: str, row: int, cells: Mapping[str, str], found: Problems) -> Fraction | None:
    text = cells["value"]
    if not text:
        return None
    value = _number(text)
    if value is None:
        plain = re.sub(r"[£$€,\s%]|[mkbn]+\Z", "", text)
        hint = f": write {plain}, and the rest in unit" if _PLAIN.match(plain) or _GROUPED.match(text) else ""
        found.add(file, row, "value", f"must be a plain number{hint}", text)
        return None
    return value


def _nearest(file: str, row: int, cells: Mapping[str, str], found: Problems) -> Fraction:
    text, value = cells["nearest"], _number(cells["value"])
    if not cells["value"]:
        if text:
            found.add(file, row, "nearest", "must be empty in a row without a value", text)
        return Fraction(0)
    if text.casefold() == "exact":
        return Fraction(0)
    step = _number(text)
    if step is None or step <= 0:
        wanted = "must be what the figure is printed to the nearest of (1, 0.1, 1000), or the word exact"
        found.add(file, row, "nearest", wanted, text)
        return Fraction(0)
    if value is not None and (value / step).denominator != 1:
        found.add(file, row, "nearest", f"must be fine enough for the value {cells['value']}", text)
    return step


def _roles(file: str, row: int, text: str, found: Problems) -> Iterable[Role]:
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, role = (bit.strip() for bit in part.rpartition(":"))
        if not colon or not name:
            found.add(file, row, "roles", "must name a set and a role, such as savings plan: total", part)
        elif role not in ROLES:
            found.add(file, row, "roles", f"must end in one of {listed(ROLES, 30)}{near_miss(role, ROLES)}", role)
        else:
            yield Role(name, role)


def _kind(file: str, row: int, cells: Mapping[str, str], found: Problems) -> Kind | None:
    text = cells["kind"]
    if text in list(Kind):
        return Kind(text)
    if text:
        found.add(file, row, "kind", f"must be one of {listed(Kind)}{near_miss(text, Kind)}", text)
    elif cells["formula"]:
        found.add(file, row, "kind", f"must say what sort of statement the formula makes: {listed(Kind)}")
    return None


def _row_faults(file: str, claim: Claim, has_value: bool, found: Problems) -> None:
    """Note what a row needs as a whole, and has not; a value that cannot be read is there all the same."""

    def needs(column: str, wanted: str) -> None:
        found.add(file, claim.row, column, wanted)

    if not claim.formula:
        if not has_value:
            needs("value", "must be given, or a formula")
        for column in ("kind", "states", "other_formula", "borne_out_by"):
            if getattr(claim, column):
                needs(column, "must be empty in a row without a formula")
        if has_value and not claim.source:
            needs("source", "must say where the figure stands")
        return
    if claim.states and has_value:
        needs("states", "must be empty in a row with a value of its own")
    if claim.kind is None:
        return
    stated = bool(claim.states) or has_value
    if claim.kind is Kind.IMPLIED and stated:
        needs("kind", "implied is for a row with nothing printed to compare with; it has a value or states one")
    if claim.kind not in _WITHOUT_FIGURE and not stated:
        needs("states", f"must name the printed figure that the formula should give, for the kind {claim.kind}")
    if (claim.kind is Kind.TWO_READINGS) != bool(claim.other_formula):
        needs("other_formula", f"is for the kind {Kind.TWO_READINGS}, which needs one")
    if claim.kind is not Kind.ASSUMES and claim.borne_out_by:
        needs("borne_out_by", f"is for the kind {Kind.ASSUMES} only")
    if claim.kind in _READ_TWICE:
        if not claim.reading:
            needs("reading", f"must say in words what the formula takes for granted, for the kind {claim.kind}")
        if not claim.other_reading and not claim.borne_out_by:
            needs("other_reading", f"must say in words how else it could be, for the kind {claim.kind}")
