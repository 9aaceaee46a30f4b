"""The special functions that distributions are made of."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def special() -> Any:
    """Return `scipy.special`, which takes so long to load that only a workbook that needs it waits."""
    from scipy import special as loaded  # type: ignore[import-untyped, unused-ignore]

    return loaded
