"""What a person chose where both sides changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from xlmodel.sync.planned import Conflict, Side

__all__ = ["Choices"]


class Choices:
    """The sides chosen: by conflict, or by feed for all of its conflicts.

    A conflict's name is made of what stands in conflict: where that changes, the name does, and a choice that was made
    before meets nothing.
    """

    def __init__(self, chosen: Mapping[str, Side]) -> None:
        self._chosen = chosen
        self._asked: set[str] = set()
        self.used: dict[str, Side] = {}  #: conflict -> side

    def settled(self, feed: str, conflict: Conflict) -> Conflict:
        """Return a conflict with its name, and the side chosen for it."""
        told = msgspec.to_builtins(replace(conflict, id="", cell=None, choice=None))
        digest = hashlib.sha256(json.dumps([feed, told]).encode()).hexdigest().upper()
        name = next(n for size in range(5, 65) if (n := f"C{digest[:size]}") not in self._asked)
        self._asked |= {name, feed}
        side = self._chosen.get(name, self._chosen.get(feed))
        if side is not None:
            self.used[name] = side
        return replace(conflict, id=name, choice=side)

    @property
    def unmet(self) -> list[str]:
        """What was chosen for conflicts that are not there."""
        return sorted(set(self._chosen) - self._asked)
