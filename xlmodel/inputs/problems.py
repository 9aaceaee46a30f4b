"""What is wrong with input files, each fault by file, row and column, and all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from xlmodel.errors import InputError

__all__ = ["Problem", "Problems", "listed", "near_miss", "shown"]

_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """One fault of an input file. Rows are numbered as a spreadsheet shows them: the header is row 1.

    >>> print(Problem("starts.csv", 7, "starts", "must be >= 0", -4.0))
    starts.csv, row 7, starts: must be >= 0; it is -4
    """

    file: str
    row: int | None
    column: str | None
    requirement: str
    offender: object = None

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        place = ", ".join(part for part in (self.file, row, self.column) if part)
        found = "" if self.offender is None else f"; it is {shown(self.offender)}"
        return f"{place}: {self.requirement}{found}"


def shown(offender: object) -> str:
    """Return an offender as a sentence shows it: texts in quotes and cut short, numbers to 15 digits."""
    if isinstance(offender, float):
        return f"{offender:.15g}"
    if isinstance(offender, str):
        return repr(offender if len(offender) <= _LONGEST_SHOWN else offender[: _LONGEST_SHOWN - 1] + "…")
    return str(offender)


class Problems:
    """The faults found so far; whoever finds one goes on looking."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._lost: set[str] = set()

    def add(self, file: str, row: int | None, column: str | None, requirement: str, offender: object = None) -> None:
        """Note a fault, once."""
        self._found.setdefault(Problem(file, row, column, requirement, offender))

    def lose(self, file: str) -> None:
        """Remember that a file is there and cannot be read: what it holds is not missing."""
        self._lost.add(file)

    def touch(self, file: str, columns: Collection[str]) -> bool:
        """Whether a fault is known of a file, its header or a cell of some columns: what seems missing may be there."""
        return file in self._lost or any(
            p.file == file and (p.row == 1 or (p.column in columns if p.row else p.column is None)) for p in self._found
        )

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> tuple[Problem, ...]:
        """Return the faults by file, row and column."""
        return tuple(sorted(self._found, key=lambda p: (p.file, p.row or 0, p.column or "", p.requirement)))

    def raise_any(self) -> None:
        """Raise InputError with all faults, if there are any."""
        if self._found:
            raise InputError(self.sorted())


def listed(names: Iterable[object], most: int = 12) -> str:
    """Return names as a list for a sentence, cut short where there are many.

    >>> listed(["a", "b"]), listed(range(5), most=3)
    ('a, b', '0, 1, 2 and 2 more')
    """
    all_names = [str(n) for n in names]
    more = len(all_names) - most
    return ", ".join(all_names[:most]) + (f" and {more} more" if more > 0 else "")


def near_miss(name: str, known: Iterable[str]) -> str:
    """Return a hint at the known name that was probably meant.

    >>> near_miss("Start", ["starts", "ceases"]), near_miss("x", ["starts"])
    (' (did you mean starts?)', '')
    """
    close = get_close_matches(name.strip().lower(), list(known), n=1, cutoff=0.7)
    return f" (did you mean {close[0]}?)" if close else ""
