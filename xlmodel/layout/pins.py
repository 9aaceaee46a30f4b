"""Pins: relations that a team has looked at, kept in its settings; those accepted are always checked.

A pin names lines as the sheet names them, so that it holds where rows are inserted or moved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from xlmodel.errors import ConfigurationError
from xlmodel.layout.relation import Op

__all__ = ["Pin", "as_toml", "parse_pins"]

_KINDS = tuple(op.value for op in Op)
_LARGEST_SCALE = 1e9
_TWO_TERMS = (Op.CHANGE.value, Op.RATE.value)


@dataclass(frozen=True)
class Pin:
    """A relation as it stands in the settings.

    Attributes
    ----------
    sheet, kind, figure : str
        ``figure`` is the name of the line that follows from others.
    lines : str
        Whether the lines are ``rows`` or ``columns``.
    of : tuple of str
        The names of the lines it follows from.
    first, last : str
        Instead of ``of``: all lines from one to another, whatever is inserted between them.
    minus : tuple of str
        Those of ``of`` that are taken away.
    base : str
        For a percentage of one figure: the name of the column, or row, in which that figure stands.
    scale : float
        What a ratio is multiplied by: 1, 100, or so many as a rate is for.
    leave_out : tuple of str
        The columns, or rows, in which it does not hold and need not.
    occurrence : int
        Which of several lines with the name of the figure is meant, counted from 1.
    accept : bool
        False where the relation is none, although it looks like one; `reason` says why.
    book : str
        The workbooks it is about, as a pattern.
    """

    sheet: str
    kind: str
    figure: str
    lines: str = "rows"
    of: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    minus: tuple[str, ...] = ()
    base: str = ""
    scale: float = 1.0
    leave_out: tuple[str, ...] = ()
    occurrence: int = 1
    accept: bool = True
    reason: str = ""
    book: str = ""

    @property
    def down(self) -> bool:
        """Whether the lines are rows."""
        return self.lines == "rows"

    def about(self, book: Path) -> bool:
        """Tell whether the pin is about a workbook, by the pattern for its path or its name."""
        return not self.book or fnmatch(book.name, self.book) or fnmatch(book.as_posix(), f"*/{self.book}")


def parse_pins(entries: Any, file: Path | str = "settings") -> tuple[Pin, ...]:
    """Return the pins that the tables ``[[relation]]`` of a file hold.

    Raises
    ------
    ConfigurationError
        Naming the file, the entry, the key and what it should be.

    Examples
    --------
    >>> entry = {"sheet": "Stock", "kind": "total", "figure": "Total", "of": ["Residential", "Fostering"]}
    >>> parse_pins([entry])[0].of
    ('Residential', 'Fostering')
    """
    if not isinstance(entries, list):
        raise ConfigurationError(f"{file}: relation must be a list of tables: [[relation]]")
    return tuple(_pin(entry, f"{file}: [[relation]] number {number}") for number, entry in enumerate(entries, 1))


def _pin(entry: Any, where: str) -> Pin:
    if not isinstance(entry, dict):
        raise ConfigurationError(f"{where} must be a table; it is {entry!r}")
    known = {f.name: f for f in fields(Pin)}
    unknown = sorted(set(entry) - set(known))
    if unknown:
        raise ConfigurationError(f"{where}: unknown key {unknown[0]!r}; there are {', '.join(known)}")
    missing = [key for key in ("sheet", "kind", "figure") if not entry.get(key)]
    if missing:
        raise ConfigurationError(f"{where}: {missing[0]} is missing")
    taken: dict[str, Any] = {}
    for key, value in entry.items():
        _check(key, value, where)
        taken[key] = tuple(value) if isinstance(value, list) else value
    pin = Pin(**taken)
    _check_whole(pin, where)
    return pin


def _check(key: str, value: Any, where: str) -> None:
    if key in ("of", "minus", "leave_out"):
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            raise ConfigurationError(f"{where}: {key} must be a list of names; it is {value!r}")
    elif key == "accept":
        if not isinstance(value, bool):
            raise ConfigurationError(f"{where}: accept must be true or false; it is {value!r}")
    elif key == "occurrence":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ConfigurationError(f"{where}: occurrence must be a whole number >= 1; it is {value!r}")
    elif key == "scale":
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not 0 < abs(value) <= _LARGEST_SCALE:
            raise ConfigurationError(f"{where}: scale must be a number other than 0, up to 1e9; it is {value!r}")
    elif not isinstance(value, str):
        raise ConfigurationError(f"{where}: {key} must be text; it is {value!r}")


def _check_whole(pin: Pin, where: str) -> None:
    if pin.kind not in _KINDS:
        raise ConfigurationError(f"{where}: kind must be one of {', '.join(_KINDS)}; it is {pin.kind!r}")
    if pin.lines not in ("rows", "columns"):
        raise ConfigurationError(f"{where}: lines must be rows or columns; it is {pin.lines!r}")
    if bool(pin.of) == bool(pin.first and pin.last) or bool(pin.first) != bool(pin.last):
        raise ConfigurationError(f"{where}: it must have either of, or first and last")
    if not set(pin.minus) <= set(pin.of):
        raise ConfigurationError(f"{where}: minus must name lines of of; it is {list(pin.minus)!r}")
    wanted = 1 if pin.base or pin.kind == Op.CONTINUITY.value else 2
    exact = pin.base or pin.kind in (*_TWO_TERMS, Op.SHARE.value, Op.CONTINUITY.value)
    if exact and len(pin.of) != wanted:
        names = "one name" if wanted == 1 else "two names"
        raise ConfigurationError(f"{where}: of must have {names} for a {pin.kind}; it has {len(pin.of)}")
    if not pin.accept and not pin.reason:
        raise ConfigurationError(f"{where}: a relation that is not accepted must have a reason")


def as_toml(pins: Sequence[Pin]) -> str:
    """Return pins as the tables of a file of settings."""
    return "\n".join(_table(pin) for pin in pins)


def _table(pin: Pin) -> str:
    lines = ["[[relation]]"]
    for field in fields(Pin):
        value = getattr(pin, field.name)
        if value != field.default:
            lines.append(f"{field.name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: str | bool | float | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        text = "".join(_character(c) for c in value)
        # what a log would take for a command is written otherwise
        return '"' + text.replace("::", ":\\u003a").replace("##", "#\\u0023") + '"'
    return f"{value:g}" if abs(value) < 1e6 or value % 1 else f"{value:.0f}"


def _character(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    return c if c.isprintable() else f"\\U{ord(c):08x}"
