"""The fields of all rows of the returns: dates as day numbers, codes as their lists write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.inputs.ssda903.reading import Returns
from xlmodel.model.domain import BoolArray, TextArray

__all__ = ["BLANK", "UNREADABLE", "DayNumbers", "birthdays", "codes", "day_numbers", "day_text", "known", "stacked"]

DayNumbers = NDArray[np.int64]

#: What stands for a date that is not given, and for text that is no date.
BLANK, UNREADABLE = np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1

_EPOCH = date(1970, 1, 1).toordinal()
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/((?:19|20|21)\d\d)")


def stacked(returns: Returns, kind: str) -> pd.DataFrame:
    """Return the rows of all files of one kind, each with its `year` and `row`, but for those that are wholly blank.

    Rows are numbered as a spreadsheet shows them, from 2.
    """
    parts = []
    for year in returns.years:
        frame = returns.frames[year, kind]
        filled = frame.ne("").any(axis=1).to_numpy()
        parts.append(frame.assign(year=year, row=np.arange(2, len(frame) + 2)).loc[filled])
    return pd.concat(parts, ignore_index=True)


def _of_each(column: pd.Series, value: Callable[[str], object], dtype: type) -> NDArray[Any]:
    """Return a value for each text of a column, worked out once for each that differs."""
    at, texts = pd.factorize(column.to_numpy(dtype=object))
    found: NDArray[Any] = np.empty(len(texts), dtype=dtype)
    found[:] = [value(text) for text in texts]
    return np.asarray(found[at])


def codes(column: pd.Series) -> TextArray:
    """Return a column without blanks around its texts, in capital letters."""
    return np.asarray(_of_each(column, lambda text: text.strip().upper(), object), dtype=object)


def day_numbers(column: pd.Series) -> DayNumbers:
    """Return dates written dd/mm/yyyy as days since 1 January 1970, BLANK or UNREADABLE.

    >>> day_numbers(pd.Series(["02/01/1970", "29/02/2024"])).tolist()
    [1, 19782]
    >>> (day_numbers(pd.Series(["", "30/02/2024", "2024-04-01"])) - BLANK).tolist()
    [0, 1, 1]
    """
    return np.asarray(_of_each(column, _day, np.int64), dtype=np.int64)


def _day(text: str) -> int:
    written = text.strip()
    if not written:
        return int(BLANK)
    found = _DATE.fullmatch(written)
    if found:
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day).toordinal() - _EPOCH
        except ValueError:
            pass
    return int(UNREADABLE)


def day_text(day: int) -> str:
    """Return a day number as it is written in a return.

    >>> day_text(19782)
    '29/02/2024'
    """
    return date.fromordinal(_EPOCH + int(day)).strftime("%d/%m/%Y")


def birthdays(birth: DayNumbers, age: int) -> DayNumbers:
    """Return the days on which children born on `birth` reach an age; of 29 February, on 1 March of a common year.

    >>> born = day_numbers(pd.Series(["29/02/2008", "01/05/2006"]))
    >>> [day_text(day) for day in birthdays(born, 18)]
    ['01/03/2026', '01/05/2024']
    """
    born = birth.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    later = (month + 12 * age).astype("datetime64[D]") + (born - month.astype("datetime64[D]"))
    return np.asarray(later.astype(np.int64))


def known(days: DayNumbers) -> BoolArray:
    """Return which days are dates."""
    return np.asarray(days > UNREADABLE)
