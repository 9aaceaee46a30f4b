"""A table of the settings whose values are checked as they are taken."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from xlmodel.errors import ConfigurationError
from xlmodel.inputs.problems import listed, near_miss, shown

__all__ = ["DeclaredTable"]

_LONGEST_PATH, _LONGEST_NAME = 1000, 255  #: bytes; what all systems take

Word = TypeVar("Word", bound=str)


class DeclaredTable:
    """A table of the settings; what is wrong with it is said with its place, the requirement and what is there.

    Parameters
    ----------
    table : dict
        As it is in the file.
    where : str
        The file and the table, for what is said.
    """

    def __init__(self, table: Any, where: str) -> None:
        self.where = where
        if not isinstance(table, dict):
            raise ConfigurationError(f"{where} must be a table; it is {table!r}")
        self._table = table

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def whole(self) -> Mapping[str, Any]:
        """Return the table as it is."""
        return self._table

    def refuse(self, key: str, requirement: str, found: object = None) -> NoReturn:
        """Raise ConfigurationError for a key."""
        it_is = "" if found is None else f"; it is {found!r}"
        raise ConfigurationError(f"{self.where} {key} {requirement}{it_is}")

    def only(self, *known: str) -> None:
        """Refuse keys that are not known."""
        for key in self._table:
            if key not in known:
                hint = near_miss(key, known)
                raise ConfigurationError(f"{self.where} unknown key {key!r}{hint}; there are {listed(known)}")

    def one_of(self, *kinds: str) -> str:
        """Return which of some keys is there; it must be exactly one."""
        found = [kind for kind in kinds if kind in self._table]
        if len(found) != 1:
            what = " and ".join(found) if found else "none of them"
            raise ConfigurationError(f"{self.where} must have exactly one of {', '.join(kinds)}; it has {what}")
        return found[0]

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table inside, empty where it is not there."""
        found = self._table.get(key, {})
        if not isinstance(found, dict):
            self.refuse(key, "must be a table", found)
        return found

    def inner(self, key: str) -> DeclaredTable:
        """Return a table that must be there, to be checked likewise."""
        if key not in self._table:
            self.refuse(key, "is missing")
        return DeclaredTable(self._table[key], f"{self.where} {key}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text, which must be there unless there is a default."""
        found = self._table.get(key, default)
        if found is None:
            self.refuse(key, "is missing")
        if not isinstance(found, str) or (not found.strip() and found != default):
            self.refuse(key, "must be a text", found)
        return found

    def path(self, key: str, folder: Path, part: str | None = None) -> Path:
        """Return a path, relative to a folder unless it is absolute: the text of a key, or the part of it given."""
        found = self.text(key) if part is None else part
        if "\0" in found:
            self.refuse(key, "must be a path, without NUL characters", found)
        if len(found.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in Path(found).parts):
            limits = f"of at most {_LONGEST_PATH} bytes, each name in it of {_LONGEST_NAME}"
            raise ConfigurationError(f"{self.where} {key} must be a path {limits}; it is {shown(found)}")
        return folder / found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where it is not there."""
        found = self._table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
            self.refuse(key, "must be a list of texts", found)
        return tuple(found)

    def truth(self, key: str, default: bool) -> bool:
        """Return true or false."""
        found = self._table.get(key, default)
        if not isinstance(found, bool):
            self.refuse(key, "must be true or false", found)
        return found

    def word(self, key: str, words: tuple[Word, ...], default: Word) -> Word:
        """Return one of some words."""
        found = self._table.get(key, default)
        word = next((word for word in words if word == found), None)
        if word is None:
            self.refuse(key, f"must be one of {', '.join(words)}", found)
        return word

    def number(self, key: str) -> float | None:
        """Return a number, None where it is not there."""
        found = self._table.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
            self.refuse(key, "must be a number", found)
        return float(found)

    def whole_number(self, key: str, least: int, most: int) -> int | None:
        """Return a whole number within bounds, None where it is not there."""
        found = self._table.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            self.refuse(key, f"must be a whole number from {least} to {most}", found)
        return found

    def decimal(self, key: str) -> Decimal | None:
        """Return an exact number other than 0, None where it is not there; it may be written as a text."""
        found = self._table.get(key)
        if found is None:
            return None
        try:
            exact = None if isinstance(found, bool) else Decimal(str(found))
        except InvalidOperation:
            exact = None
        if exact is None or not exact.is_finite() or exact == 0 or not -30 <= exact.adjusted() <= 30:
            self.refuse(key, "must be a number other than 0, such as 0.001", found)
        return exact
