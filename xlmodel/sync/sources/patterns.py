"""Regular expressions that a project declares, held against texts within a time."""

from __future__ import annotations

import regex

from xlmodel.inputs.problems import shown
from xlmodel.sync.sources.extract import UnusableSourceError

__all__ = ["is_whole", "month_in"]

_SECONDS = 1  #: a pattern that goes back and forth over a text may need years


def is_whole(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches the whole of a text.

    Raises
    ------
    UnusableSourceError
        It takes too long.
    """
    try:
        return regex.fullmatch(pattern, text, timeout=_SECONDS) is not None
    except TimeoutError:
        raise _slow("pattern", pattern, text) from None


def month_in(pattern: str, name: str) -> str:
    """Return what the group `month` of a pattern finds in a file's name, "" where it finds nothing.

    Raises
    ------
    UnusableSourceError
        It takes too long.
    """
    try:
        match = regex.search(pattern, name, regex.IGNORECASE, timeout=_SECONDS)
    except TimeoutError:
        raise _slow("month", pattern, name) from None
    return (match["month"] or "") if match else ""


def _slow(key: str, pattern: str, text: str) -> UnusableSourceError:
    return UnusableSourceError(
        f"{key} must be a regular expression that is quickly matched; {shown(pattern)} took longer than {_SECONDS} "
        f"second for {shown(text)}: one repetition inside another, as in (a+)+, is the usual cause"
    )
