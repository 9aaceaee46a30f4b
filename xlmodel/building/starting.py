"""A new project on sample figures: all or nothing, and never over what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from xlmodel.errors import ConfigurationError

__all__ = ["start_project"]

#: What the sample's texts call the project.
_NAME = "my-council"

#: Files that the sample keeps under other names, because tools would heed them where they are kept.
_PLACES = {
    "gitignore": ".gitignore",
    "gitlab-ci.yml": ".gitlab-ci.yml",
    "workbook.yml": ".github/workflows/workbook.yml",
}


def start_project(folder: Path) -> list[Path]:
    """Make a project that works at once, on the figures of a council that does not exist.

    Parameters
    ----------
    folder : Path
        It must not exist, or be empty. The workbook will have its name.

    Returns
    -------
    list of Path
        The files, sorted.

    Raises
    ------
    ConfigurationError
        There are files in `folder`, or it is a file.
    OSError
        It cannot be written; nothing was.
    """
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is a file; name a new folder for the project")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} has files in it; name a new folder for the project")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".xlmodel-") as held:
        whole = Path(held) / "project"
        for place, text in _sample():
            target = whole / _PLACES.get(str(place), place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(_NAME, folder.name), "utf-8", newline="\n")
        if folder.exists():
            folder.rmdir()
        whole.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sample() -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the sample's files, where they belong and what they say."""
    yield from _texts(files("xlmodel.building") / "sample", PurePosixPath())


def _texts(folder: Traversable, place: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, place / entry.name)
        else:
            yield place / entry.name, entry.read_text("utf-8")
