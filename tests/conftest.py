"""What tests of all rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from databases import postgres  # noqa: F401
from hypothesis import settings

# what guards a change draws the same examples each time; `make test-full` draws new ones
settings.register_profile("seeded", derandomize=True, deadline=None)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what commands find out of the user's cache, and of that of an earlier run."""
    os.environ["XLMODEL_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the corpora, which are read there and never copied: $XLMODEL_SHARED, else ../shared."""
    folder = Path(os.environ.get("XLMODEL_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no corpora: {folder} has no folder corpora; set XLMODEL_SHARED")
    return folder
