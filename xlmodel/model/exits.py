"""Exits from care by reason."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from xlmodel.errors import NoDataError
from xlmodel.model.codes import EXIT_GROUPS, exit_group
from xlmodel.model.decimals import exact_dot
from xlmodel.model.domain import FloatArray, aligned, not_negative
from xlmodel.model.words import texts

__all__ = ["Exits", "exits_by_reason"]


class Exits(NamedTuple):
    """Children who left care, by the groups of `EXIT_GROUPS`."""

    adoption: FloatArray
    sgo: FloatArray
    cao: FloatArray
    home: FloatArray
    without_parental_responsibility: FloatArray
    independence: FloatArray
    other: FloatArray


def exits_by_reason(counts: ArrayLike, codes: ArrayLike) -> Exits:
    """Return children who left care, grouped by the reason their last episode ceased.

    Parameters
    ----------
    counts : array_like, shape (..., reasons), children
        Episodes that ceased for each reason, >= 0. NaN is a missing count.
    codes : array_like of str, shape (..., reasons)
        The SSDA903 reason for each count; a code may come twice. X1 is no exit, and its counts are not used.

    Returns
    -------
    Exits
        One array a group, children; NaN where a count of the group is missing.

    Raises
    ------
    NoDataError
        A blank, retired or unknown code, which is named. Excel: #N/A.
    DomainError
        A count < 0. Excel: #NUM!.
    KindError
        A code that is not text. Excel: #VALUE!.
    ShapeError
        `counts` and `codes` have different lengths. Excel: #VALUE!.

    Examples
    --------
    >>> out = exits_by_reason([40, 63, 80, 30, 500], ["E11", "E46", "E4A", "E17", "X1"])
    >>> [int(x) for x in out], int(sum(out))
    ([40, 63, 0, 80, 0, 30, 0], 213)

    References
    ----------
    docs/model.md, "Care".
    """
    words = np.atleast_1d(texts("codes", codes, core=1))
    written, at = np.unique(words.astype(str), return_inverse=True)
    groups = list(EXIT_GROUPS)
    number = np.full(len(written), -1.0)
    for i, code in enumerate(written.tolist()):
        try:
            group = exit_group(code)
        except NoDataError as error:
            bad = (words == code).any(axis=-1)
            raise NoDataError(error.requirement, bad, argument="codes", offender=error.offender) from None
        number[i] = groups.index(group) if group else -1
    n, group_of = aligned({}, {"counts": counts, "codes": number[at].reshape(words.shape)})
    not_negative(core=1, counts=n)
    sums = []
    for i in range(len(groups)):
        ours = group_of == i
        sums.append(exact_dot(np.where(ours, n, 0.0), ours.astype(np.float64)))
    return Exits(*sums)
