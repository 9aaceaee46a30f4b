"""A folder of texts under keys, in the user's cache folder: bounded, safe to share by several runs, safe to delete."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import zlib
from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["MEGABYTES", "Store"]

MEGABYTES = 512  #: kept on disk unless said otherwise
_DAY = 86_400


class Store:
    """Texts under keys that name their content: an entry is never changed, so several runs may share the folder.

    What cannot be read or written is as good as not there: a cache may slow a run down, never fail it.

    Parameters
    ----------
    folder : Path, optional
        Where the entries are; ``xlmodel`` in the user's cache folder by default.
    megabytes : int
        How much is kept on disk; what was not used for longest goes first.

    Notes
    -----
    The environment variable ``XLMODEL_CACHE_DIR`` names another folder: a CI service keeps it from run to run.
    """

    def __init__(self, folder: Path | None = None, megabytes: int = MEGABYTES) -> None:
        named = os.environ.get("XLMODEL_CACHE_DIR")
        self.folder = folder or (Path(named) if named else user_cache_path("xlmodel", appauthor=False))
        self.limit = megabytes * 2**20
        self._written = False

    def __contains__(self, key: str) -> bool:
        return self._path(key).is_file()

    def get(self, key: str) -> str | None:
        """Return the text under a key; None where there is none, or it is damaged."""
        path = self._path(key)
        try:
            text = zlib.decompress(path.read_bytes()).decode("utf-8", "surrogatepass")
            if time.time() - path.stat().st_mtime > _DAY:  # enough to know what is still in use
                os.utime(path)
        except (OSError, zlib.error, UnicodeDecodeError):
            return None
        return text

    def put(self, key: str, text: str) -> None:
        """Keep a text under a key: whole, or not at all."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(zlib.compress(text.encode("utf-8", "surrogatepass"), 1))
                os.replace(name, path)
            except OSError:
                os.unlink(name)
                raise
            self._written = True

    def prune(self) -> None:
        """Delete what was not used for longest, until the rest is small enough; after a run that wrote something."""
        if not self._written:
            return
        entries = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                stat = path.stat()
                entries.append((stat.st_mtime, stat.st_size, path))
        size = sum(e[1] for e in entries)
        for _, freed, path in sorted(entries):
            if size <= self.limit:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            size -= freed

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]
