"""Data validation: what a sheet lets people type into its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlmodel.book.xstring import plain
from xlmodel.refs import Rect

__all__ = ["Validation", "ValidationTexts"]


@dataclass(frozen=True, slots=True)
class Validation:
    """What some cells may hold. Excel asks when someone types, and never of what is pasted, filled or written in."""

    areas: tuple[Rect, ...]
    kind: str  #: whole, decimal, date, time, textLength, list or custom
    operator: str  #: between, notBetween, equal, notEqual, greaterThan, lessThan, greaterThanOrEqual, lessThanOrEqual
    first: str  #: a formula in A1 notation, seen from the first cell; the choices of a list
    second: str
    allows_blank: bool
    stops: bool  #: another value is refused, not only warned of
    message: str  #: what Excel says then


@dataclass(eq=False)
class ValidationTexts:
    """A validation while its element is read."""

    areas: tuple[Rect, ...]
    attributes: Mapping[str, str]
    first: list[str] = field(default_factory=list)
    second: list[str] = field(default_factory=list)

    def made(self) -> Validation:
        """Return the validation."""
        said = self.attributes
        return Validation(
            self.areas,
            said.get("type", "none"),
            said.get("operator", "between"),
            "".join(self.first).strip(),
            "".join(self.second).strip(),
            said.get("allowBlank") in ("1", "true"),
            said.get("errorStyle", "stop") == "stop" and said.get("showErrorMessage") in ("1", "true"),
            plain(said.get("error", "")),
        )
