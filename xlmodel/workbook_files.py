"""Which workbooks a command line names: files, folders searched to the bottom, patterns. Nothing is opened here."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["OTHER_FORMATS", "SUFFIXES", "Named", "named_workbooks"]

SUFFIXES = (".xlsx", ".xlsm")

#: Other spreadsheet files: a folder that holds some is not passed over in silence.
OTHER_FORMATS = (".xls", ".xlsb", ".ods", ".fods", ".numbers")

_NOTHING = "there is no such file or folder"


@dataclass(frozen=True)
class Named:
    """What a command line names.

    Attributes
    ----------
    paths : tuple of Path
        Files to be read, each once, in the order named; those of a folder by name.
    refused : mapping of Path to str
        What cannot be a workbook, and why, in one sentence.
    passed_over : tuple of Path
        Spreadsheets of other formats in the folders searched.
    """

    paths: tuple[Path, ...]
    refused: dict[Path, str]
    passed_over: tuple[Path, ...] = ()


def named_workbooks(names: Sequence[str]) -> Named:
    """Return the workbooks that some names stand for; a name that stands for none is refused, and the rest goes on.

    Excel's owner files (``~$book.xlsx``), hidden files and hidden folders are left out of folders and patterns, and no
    folder is entered twice, whatever links lead to it.

    >>> named_workbooks(["none.xlsx"]).refused[Path("none.xlsx")]
    'there is no such file or folder'
    """
    paths: dict[Path, None] = {}
    refused: dict[Path, str] = {}
    passed_over: list[Path] = []
    for name in names:
        for path in _matching(name):
            problem, is_folder = _kind(path)
            if problem:
                refused[path] = problem
            elif is_folder:
                inside = list(_inside(path, refused))
                books = [p for p in inside if p.name.lower().endswith(SUFFIXES)]
                passed_over += [p for p in inside if p.name.lower().endswith(OTHER_FORMATS)]
                for book in books:
                    problem = _kind(book)[0]
                    if problem:  # a pipe, or a link to a device: to open it may take for ever
                        refused[book] = problem
                    else:
                        paths[book] = None
                if not books:
                    refused[path] = "is a folder with no .xlsx or .xlsm workbook in it"
            else:
                paths[path] = None
    return Named(tuple(paths), refused, tuple(passed_over))


def _matching(name: str) -> list[Path]:
    """Return the path named; a pattern is resolved here, as Windows' shell leaves it to the program."""
    if _exists(name):
        return [Path(name)]
    return [Path(f) for f in sorted(glob.glob(name)) if not Path(f).name.startswith("~$")] or [Path(name)]


def _exists(name: str) -> bool:
    try:
        os.lstat(name)
    except (OSError, ValueError):  # not there, too long, or not a name at all
        return False
    return True


def _kind(path: Path) -> tuple[str, bool]:
    """Return why a path cannot be read as a workbook, "" where it may be one, and whether it is a folder."""
    if path.name.startswith("~$"):
        return "is no workbook: Excel keeps such a file beside one that is open", False
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "is a link to a file that is not there" if path.is_symlink() else _NOTHING, False
    except ValueError:  # not a name at all
        return _NOTHING, False
    except OSError as error:  # a name that is too long, a folder on the way that may not be entered
        return f"cannot be read: {(error.strerror or str(error)).lower()}", False
    if stat.S_ISDIR(mode):
        return ("" if os.access(path, os.R_OK | os.X_OK) else "is a folder that may not be read"), True
    if not stat.S_ISREG(mode):
        return "is not a file but a pipe, a socket or a device", False
    return ("" if os.access(path, os.R_OK) else "may not be read: ask for permission to open it"), False


def _inside(folder: Path, refused: dict[Path, str]) -> Iterator[Path]:
    """Yield the spreadsheets in a folder and the folders in it, by name; note folders that cannot be searched."""

    def noted(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # one that was deleted meanwhile has nothing to be read
            why = (error.strerror or str(error)).lower()
            refused[Path(error.filename)] = f"is a folder that may not be read: {why}"

    seen: set[tuple[int, int]] = set()
    wanted = SUFFIXES + OTHER_FORMATS
    for place, folders, files in os.walk(folder, onerror=noted, followlinks=True):
        try:
            here = os.stat(place)
        except OSError as error:
            noted(error)
            continue
        if (here.st_dev, here.st_ino) in seen:
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in sorted(files):
            if file.lower().endswith(wanted) and not file.startswith(("~$", ".")):
                yield Path(place) / file
