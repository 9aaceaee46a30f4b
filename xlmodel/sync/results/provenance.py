"""Where a result comes from: what is written beside every one that goes out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a result comes from, as it is written beside it."""

    export: str  #: its name in the settings
    workbook: str  #: the file's name
    sha256: str  #: of the workbook
    place: str  #: as it is declared
    cells: str  #: where that was: Stock!A6:F9
    functions: str  #: a hash of the functions' source that it was checked with
    xlmodel: str  #: the version
    exported_at: str  #: in universal time, to the second
    errors_left_out: int = 0  #: cells with errors that went out empty
    unverified: int = 0  #: formula cells that could not be recalculated here
    as_shown: str = ""  #: columns in the unit of their heading, whose cells hold another

    def texts(self) -> dict[str, str]:
        """Return everything as texts, by name."""
        return {name: str(value) for name, value in asdict(self).items()}
