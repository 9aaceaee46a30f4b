"""Words as arguments: the few that a function knows, in any case of letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import KindError
from xlmodel.model.domain import TextArray, refuse

__all__ = ["choice", "texts"]


def texts(argument: str, value: ArrayLike | None, *, core: int = 0) -> TextArray:
    """Return an argument as texts without blanks around them; None and NaN are missing, which is "".

    Raises
    ------
    KindError
        Something that is neither text nor missing. Excel: #VALUE!.

    Examples
    --------
    >>> texts("codes", ["E11 ", None]).tolist()
    ['E11', '']
    """
    given = np.asarray(value, dtype=object)
    bad = [not (isinstance(x, str) or _is_missing(x)) for x in given.flat]
    refuse(np.array(bad).reshape(given.shape), f"{argument} must be text", argument, given, core=core, error=KindError)
    out = np.empty(given.size, dtype=object)
    out[:] = [x.strip() if isinstance(x, str) else "" for x in given.flat]
    return out.reshape(given.shape)


def _is_missing(x: object) -> bool:
    return x is None or (isinstance(x, float) and x != x)


def choice(argument: str, words: ArrayLike, choices: Sequence[str]) -> NDArray[np.int64]:
    """Return the place of each word among the choices.

    Raises
    ------
    KindError
        A word that is none of them. Excel: #VALUE!.

    Examples
    --------
    >>> choice("timing", ["mid", "END"], ("start", "mid", "end"))
    array([1, 2])
    """
    given = texts(argument, words)
    place = {word: i for i, word in enumerate(choices)}
    known = [place.get(str(word).casefold(), -1) for word in given.flat]
    rank = np.array(known, dtype=np.int64).reshape(given.shape)
    requirement = f"{argument} must be {', '.join(choices[:-1])} or {choices[-1]}"
    refuse(rank < 0, requirement, argument, given, error=KindError)
    return rank
