"""Who of a group leaves: children placed for adoption go sooner than others who came into care when they did."""

from __future__ import annotations

import numpy as np

from xlmodel.model.domain import FloatArray

__all__ = ["staying"]

_STEPS = 60
_LEAST = 1e-12
_MOST = 1e3  #: a hazard at which nobody is left, and no product overflows


def staying(children: FloatArray, share: FloatArray, weights: FloatArray | None) -> FloatArray:
    """Return the children of each group who stay, shape (G, P, A).

    Parameters
    ----------
    children : ndarray, shape (G, P, A)
        By placement and age band.
    share : ndarray, shape (G,), fraction
        Of the group as a whole who stay.
    weights : ndarray, shape (P, A), optional
        How much more often children leave from there, at every moment; alike if left out.

    Returns
    -------
    ndarray, shape (G, P, A)
        As many in all as `share` says; from a cell with twice the weight children leave at twice the hazard.

    Examples
    --------
    >>> staying(np.array([[[50.0], [50.0]]]), np.array([0.75]), np.array([[1.0], [3.0]])).round(2).tolist()
    [[[43.06], [31.94]]]
    """
    alike = children * share[:, None, None]
    total = children.sum(axis=(1, 2))
    mixed = (total > 0) & (share > 0) & (share < 1)
    if weights is None or not mixed.any():
        return alike
    part, weight = children[mixed] / total[mixed, None, None], weights[None] / max(weights.max(), _LEAST)
    wanted = share[mixed]
    mean = (part * weight).sum(axis=(1, 2))
    some = mean > 0
    hazard = np.minimum(-np.log(wanted) / np.maximum(mean, _LEAST), _MOST)
    kept = part * wanted[:, None, None]
    for _ in range(_STEPS):
        kept = part * np.exp(-weight * hazard[:, None, None])
        miss = kept.sum(axis=(1, 2)) - wanted
        slope = (kept * weight).sum(axis=(1, 2))
        hazard = np.minimum(hazard + miss / np.maximum(slope, _LEAST), _MOST)
        if np.all(np.abs(miss) <= 1e-14):
            break
    out = alike.copy()
    reached = some & (np.abs(kept.sum(axis=(1, 2)) - wanted) <= 1e-12)  # else too many never leave: share out alike
    rows = np.flatnonzero(mixed)[reached]
    exact = (wanted / np.maximum(kept.sum(axis=(1, 2)), _LEAST**2))[reached] * total[rows]
    out[rows] = kept[reached] * exact[:, None, None]
    return out
