"""Age bands, and how children grow through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlmodel.errors import DomainError
from xlmodel.model.domain import FloatArray

__all__ = ["ADULT", "ALL_AGES", "Ages"]

#: Nobody is looked after from this birthday on.
ADULT = 18.0


@dataclass(frozen=True)
class Ages:
    """Age bands from birth to the 18th birthday, by their edges in years; one band where ages are not known.

    >>> Ages((0, 1, 5, 10, 16, 18)).labels
    ('0', '1-4', '5-9', '10-15', '16-17')
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.edges) < 2 or self.edges[0] != 0 or self.edges[-1] != ADULT:
            raise DomainError("ages must run from 0 to 18", argument="ages", offender=self.edges)
        if any(b <= a for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise DomainError("the edges of ages must rise", argument="ages", offender=self.edges)

    @property
    def count(self) -> int:
        """How many bands there are."""
        return len(self.edges) - 1

    @property
    def known(self) -> bool:
        """Whether children are told apart by age; with one band nobody ages and a stay ends as its survival says."""
        return self.count > 1

    @property
    def labels(self) -> tuple[str, ...]:
        """The bands in completed years of age."""
        if not self.known:
            return ("all",)
        pairs = zip(self.edges, self.edges[1:], strict=False)
        return tuple(f"{a:g}" if b - a == 1 else f"{a:g}-{b - 1:g}" for a, b in pairs)

    def band(self, age: float) -> int:
        """Return the band an age falls into."""
        return int(np.clip(np.searchsorted(self.edges, age, side="right") - 1, 0, self.count - 1))

    def band_at_entry(self, band: int, years: float) -> int:
        """Return the band in which a child of a band most likely came into care so many years ago.

        >>> Ages((0, 10, 18)).band_at_entry(1, 5.0)
        0
        """
        return self.band(max(0.0, (self.edges[band] + self.edges[band + 1]) / 2 - years))

    def shares(self, band: int, later: FloatArray) -> FloatArray:
        """Return how children of one band, evenly spread over it, are spread over all bands some years later.

        The last axis is bands; what is missing from 1 has turned 18.

        >>> Ages((0, 16, 18)).shares(1, np.array([0.0, 0.5, 2.0])).tolist()
        [[0.0, 1.0], [0.0, 0.75], [0.0, 0.0]]
        """
        if not self.known:
            return np.ones((*later.shape, 1))
        low, high = self.edges[band], self.edges[band + 1]
        edges = np.asarray(self.edges)
        start, end = low + later[..., None], high + later[..., None]
        overlap = np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1])
        return np.asarray(np.maximum(overlap, 0.0) / (high - low))


#: Everybody in one band: for those who know totals only.
ALL_AGES = Ages((0.0, ADULT))
