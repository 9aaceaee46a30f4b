"""Every exception the package raises, each with the Excel error a cell shows for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "BookError",
    "BookInUseError",
    "BookLimitError",
    "ConfigurationError",
    "DomainError",
    "EngineError",
    "InputError",
    "JournalError",
    "KindError",
    "NoDataError",
    "PlanStaleError",
    "RegistryError",
    "ShapeError",
    "SourceError",
    "StaleBookError",
    "SyncError",
    "UnsupportedEditError",
    "XlmodelError",
    "ZeroDenominatorError",
]


class XlmodelError(Exception):
    """The root of all errors of this package."""

    excel: ClassVar[str] = "#VALUE!"


# --- what a function says about its arguments ------------------------------------------------------------------------


class ArgumentError(XlmodelError, ValueError):
    """An argument cannot be used. `mask` marks the offending rows where the arguments were arrays."""

    def __init__(
        self,
        requirement: str,
        mask: NDArray[np.bool_] | bool = True,
        *,
        argument: str | None = None,
        offender: object = None,
    ) -> None:
        self.requirement = requirement
        self.mask = mask
        self.argument = argument
        self.offender = offender
        super().__init__(requirement if offender is None else f"{requirement}; got {offender}")


class DomainError(ArgumentError):
    """A number lies outside the domain of the function."""

    excel = "#NUM!"


class ZeroDenominatorError(DomainError):
    """The function would divide by a true zero."""

    excel = "#DIV/0!"


class NoDataError(ArgumentError):
    """What the function needs is not there."""

    excel = "#N/A"


class KindError(ArgumentError, TypeError):
    """An argument is of the wrong kind: text for a number, an unknown word."""

    excel = "#VALUE!"


class ShapeError(ArgumentError):
    """Vectors that must match in length do not."""

    excel = "#VALUE!"


# --- what goes wrong around the functions ----------------------------------------------------------------------------


class RegistryError(XlmodelError):
    """A function is declared in a way that no cell could call, or two functions clash."""


class ConfigurationError(XlmodelError):
    """The configuration is missing something or contradicts itself."""


class InputError(XlmodelError):
    """Input files cannot be used. `problems` has all that was found; each prints as file, row, column and fault."""

    def __init__(self, problems: Iterable[Any]) -> None:
        self.problems: tuple[Any, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class EngineError(XlmodelError):
    """A workbook could not be calculated at all: the reason says why."""


class BookError(XlmodelError):
    """A file cannot be read as a workbook."""


class BookLimitError(BookError):
    """A workbook is larger than the limits allow: more parts, bytes or cells, or too high a compression."""


class StaleBookError(BookError):
    """The file changed on disk after it was read."""


class BookInUseError(BookError):
    """Another program has the workbook open."""


class UnsupportedEditError(BookError):
    """The edit asked for cannot be made without touching something else."""


class SyncError(XlmodelError):
    """Data cannot be brought into a workbook, or results taken out of it."""


class PlanStaleError(SyncError):
    """What a plan was made from changed since: the workbook, a source, the declarations or what was synced last."""


class JournalError(SyncError):
    """The journal of a project, or what it keeps, is damaged or cannot be written."""


class SourceError(SyncError):
    """A source cannot be read."""
