"""What a result hangs on, as a key: the program and its libraries, the functions, the settings, the files' contents."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from xlmodel import __version__
from xlmodel.workbook_files import Named

__all__ = ["RunKeys", "code_key", "file_key", "key_of", "run_keys", "settings_key", "workbook_key"]


@dataclass(frozen=True, slots=True)
class RunKeys:
    """What the results of a run hang on."""

    workbooks: Mapping[Path, str]  #: of each that can be read
    page: str  #: of what is printed about all of them


def key_of(*parts: Any) -> str:
    """Return a key for some plain data: the same data gives the same key, in any process.

    >>> key_of("a", {"b": 1}) == key_of("a", {"b": 1}), key_of("a", "b") == key_of("ab", "")
    (True, False)
    """
    said = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def file_key(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes; None where it cannot be read.

    >>> file_key(Path("none.xlsx")) is None
    True
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def settings_key(source: Path | None, table: Mapping[str, Any], functions: object, asked: Sequence[Any]) -> str:
    """Return a key for all that holds for every workbook of a run.

    Parameters
    ----------
    source : Path, optional
        The file of settings; what it names is found from its folder.
    table : mapping
        The settings as they stand there, unchecked: what cannot be used is refused where it is used.
    functions : object
        The collections of functions, prefix -> module.
    asked : sequence
        What the command line says, in plain data.
    """
    folder = Path() if source is None else source.parent
    named = [p for p in _listed(table.get("path")) if isinstance(p, str)]
    modules = [m for m in functions.values() if isinstance(m, str)] if isinstance(functions, Mapping) else []
    lint = table.get("lint")
    legacy = lint.get("baseline") if isinstance(lint, Mapping) else None
    known = file_key(folder / legacy) if isinstance(legacy, str) else None
    return key_of(1, code_key(modules, [folder / p for p in named]), str(source), table, functions, known, asked)


def workbook_key(settings: str, path: Path) -> str | None:
    """Return a key for the outcome of a workbook: its content, its baseline's and its path, which settings may name."""
    content = file_key(path)
    baseline = file_key(path.with_name(f"{path.name}.cells.txt"))
    return content and key_of(settings, str(path.absolute()), content, baseline)


def run_keys(settings: str, named: Named, form: str) -> RunKeys:
    """Return the keys of a run over some workbooks, printed in a format."""
    keys = {path: key for path in named.paths if (key := workbook_key(settings, path))}
    listed = [[str(path), keys.get(path)] for path in named.paths]
    refused = [[str(path), why] for path, why in named.refused.items()]
    return RunKeys(keys, key_of("page", settings, form, listed, refused, [str(p) for p in named.passed_over]))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def code_key(modules: Iterable[str], folders: Iterable[Path]) -> str:
    """Return a key for all code that has a say in a result: this program, its libraries, the functions of cells.

    No module is imported. A file of code counts by its name, size and time, so an edited function is never overlooked.

    Parameters
    ----------
    modules : iterable of str
        Those with the functions that cells may call.
    folders : iterable of Path
        Where those modules are looked for beside the installed ones; all code in them counts.
    """
    folders = list(folders)
    places = [Path(__file__).parents[1]]
    search = [*map(str, folders), *sys.path]
    for module in modules:
        spec = PathFinder.find_spec(module.partition(".")[0], search)
        if spec is not None and spec.origin is not None:
            places.append(Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin))
    # beside functions their data may stand; a whole folder may hold anything, also what this program writes
    code = [*(_files(p, "") for p in dict.fromkeys(places)), *(_files(p, ".py") for p in folders)]
    files = [file for found in code for file in found]
    return key_of(__version__, _libraries(), platform.python_version(), sys.platform, platform.machine(), files)


def _files(place: Path, ending: str) -> Iterator[tuple[str, int, int]]:
    for path in [place] if place.is_file() else _below(place):
        if path.name.endswith(ending):
            stat = path.stat()
            yield str(path), stat.st_size, stat.st_mtime_ns


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
        yield from (Path(place, f) for f in sorted(files))


def _libraries() -> list[str]:
    """Return the versions of the libraries that this program needs, and of those it uses where they are installed."""
    try:
        needed = requires("xlmodel") or []
    except PackageNotFoundError:  # run from its source
        needed = []
    programs = [found for name in ("soffice", "libreoffice") if (found := shutil.which(name))]
    names = {"numpy", "scipy", "formulas", "ironcalc", *(_name(n) for n in needed if "extra ==" not in n)}
    return [*(f"{name} {_version(name)}" for name in sorted(names)), *programs]


def _name(requirement: str) -> str:
    return requirement[: next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), None)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
