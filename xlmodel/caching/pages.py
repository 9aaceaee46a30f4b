"""What a command printed, kept: where nothing changed, the same is printed again without importing what calculates."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from xlmodel.caching.store import Store

__all__ = ["Page", "keep_page", "kept_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a command printed to standard output and to standard error, and how it ended."""

    out: str
    err: str
    code: int


def kept_page(store: Store, key: str) -> Page | None:
    """Return the page kept under a key; None where there is none, or what is kept is no page."""
    try:
        plain = json.loads(store.get(key) or "null")
        return Page(str(plain["out"]), str(plain["err"]), int(plain["code"]))
    except (ValueError, TypeError, KeyError):
        return None


def keep_page(store: Store, key: str, page: Page) -> None:
    """Keep a page under a key."""
    store.put(key, json.dumps(asdict(page)))
