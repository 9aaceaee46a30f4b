"""The financial year: 1 April to 31 March, counted in real days."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import KindError
from xlmodel.model.domain import aligned, refuse

__all__ = ["Days", "dates", "days_in_year", "first_day", "start_years", "year_label"]

Days = NDArray[np.datetime64]

_FIRST, _LAST = 1900, 2199
_WRITTEN = re.compile(r"\s*(\d{4})\s*[/-]\s*((?:\d\d)?\d\d)\s*", re.ASCII)


def start_years(fy: ArrayLike) -> NDArray[np.int64]:
    """Return financial years as the whole calendar years they start in; text such as 2024/25 will do.

    Raises
    ------
    DomainError
        A year that is not whole or not from 1900 to 2199. Excel: #NUM!.
    KindError
        Text that is no financial year, such as 2024/26. Excel: #VALUE!.

    Examples
    --------
    >>> start_years([2023, 2024.0]), start_years("2024/25")
    (array([2023, 2024]), array(2024))
    """
    given = np.asarray(fy, dtype=object)
    if any(isinstance(x, str) for x in given.flat):
        fy = np.array([_start(x) for x in given.flat], dtype=object).reshape(given.shape)
    (years,) = aligned({"fy": fy})
    bad = ~((years >= _FIRST) & (years <= _LAST)) | (years != np.rint(years))
    refuse(bad, f"fy must be the year a financial year starts in, {_FIRST} to {_LAST}", "fy", years)
    return years.astype(np.int64)


def _start(year: object) -> object:
    if not isinstance(year, str):
        return year
    match = _WRITTEN.fullmatch(year)
    if match and str(int(match[1]) + 1).endswith(match[2]):
        return int(match[1])
    raise KindError("fy must be a financial year such as 2024/25", argument="fy", offender=year)


def year_label(start: float, mark: str = "/") -> str:
    """Return a financial year as it is written, from the year it starts in.

    >>> year_label(2024.0), year_label(1999, "-")
    ('2024/25', '1999-00')
    """
    return f"{start:.0f}{mark}{(int(start) + 1) % 100:02d}"


def first_day(fy: ArrayLike) -> Days:
    """Return the 1 April on which each financial year starts.

    >>> str(first_day(2024))
    '2024-04-01'
    """
    return _first_of_april(start_years(fy))


def days_in_year(fy: ArrayLike) -> NDArray[np.int64]:
    """Return the days of each financial year: 366 where it has a 29 February.

    >>> days_in_year([2023, 2024])
    array([366, 365])
    """
    start = start_years(fy)
    return np.asarray((_first_of_april(start + 1) - _first_of_april(start)).astype(np.int64))


def _first_of_april(year: NDArray[np.int64]) -> Days:
    months = (year - 1970) * 12 + 3
    return np.asarray(months.astype("datetime64[M]").astype("datetime64[D]"))


def dates(argument: str, value: ArrayLike) -> Days:
    """Return an argument as days; a plain number is not a date, for nobody says from when it counts.

    >>> str(dates("as_at", "2023-11-30"))
    '2023-11-30'
    """
    raw = np.asarray(value)
    if raw.dtype.kind in "MUO" and not any(isinstance(x, (int, float)) for x in raw.flat if raw.dtype.kind == "O"):
        try:
            return raw.astype("datetime64[D]")
        except (TypeError, ValueError):
            pass
    raise KindError(f"{argument} must be a date", argument=argument, offender=raw.item() if raw.ndim == 0 else None)
