"""Settings: `xlmodel.toml`, else `[tool.xlmodel]` in pyproject.toml; never merged, never from a workbook's folder.

Functions are code, so where they come from is the user's decision: the configuration found from the current folder
upwards, or the installed packages that offer functions.
"""

from __future__ import annotations

import sys
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from xlmodel.errors import ConfigurationError, XlmodelError
from xlmodel.registry import Registry

__all__ = ["LARGEST", "Settings", "load_registry", "load_settings"]

#: no number among the settings may reach it
LARGEST = 1e9


@dataclass(frozen=True)
class Settings:
    """What a user can set once for a project."""

    functions: Mapping[str, str] = field(default_factory=dict)  #: prefix -> module
    path: tuple[Path, ...] = ()  #: folders where those modules are looked for, beside the installed ones
    tolerance: float = 1e-9  #: relative; 0 compares 15 significant digits
    time_limit: float = 120.0  #: seconds a workbook
    memory_limit: int = 4096  #: megabytes
    source: Path | None = None  #: the file the settings came from


def load_settings(folder: Path | None = None) -> Settings:
    """Return the settings that hold in a folder.

    Parameters
    ----------
    folder : Path
        Where to start; the current folder by default. The search goes upwards.

    Raises
    ------
    ConfigurationError
        Naming the file, the key and what it should be.
    """
    start = (folder or Path.cwd()).resolve()
    for place in (start, *start.parents):
        own, project = place / "xlmodel.toml", place / "pyproject.toml"
        if own.is_file():
            return _settings(own, _toml(own))
        if project.is_file():
            tool = _toml(project).get("tool")
            table = tool.get("xlmodel") if isinstance(tool, dict) else None
            if isinstance(table, dict):
                return _settings(project, table)
    return Settings(functions=_installed())


def load_registry(settings: Settings) -> Registry:
    """Return the functions that the settings name.

    Raises
    ------
    ConfigurationError
        They cannot be imported, or one of them is declared wrongly.
    """
    for folder in settings.path:
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        return Registry.collect(settings.functions)
    except XlmodelError as error:
        source = settings.source or "the installed packages"
        raise ConfigurationError(f"{error} (functions are named in {source})") from error
    except Exception as error:  # whatever a user's own module does while it is imported
        where = traceback.extract_tb(error.__traceback__)[-1]
        at = (error.filename, error.lineno) if isinstance(error, SyntaxError) else (where.filename, where.lineno)
        raise ConfigurationError(
            f"the functions cannot be imported: {type(error).__name__}: {error}, at {at[0]}, line {at[1]}"
        ) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not text in UTF-8; save it with that encoding") from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _settings(path: Path, table: dict[str, Any]) -> Settings:
    known = {f.name for f in fields(Settings)} - {"source"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigurationError(f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(sorted(known))}")
    functions = table.get("functions", _installed())
    if not isinstance(functions, dict) or not all(isinstance(m, str) for m in functions.values()):
        raise ConfigurationError(f'{path}: functions must map prefixes to modules, such as CSC = "udfs"')
    for key in ("tolerance", "time_limit", "memory_limit"):
        value = table.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < LARGEST:
            raise ConfigurationError(f"{path}: {key} must be a number >= 0 and < 1e9; it is {value!r}")
    if table.get("time_limit", 1) == 0:
        raise ConfigurationError(f"{path}: time_limit must be > 0; it is 0")
    folders = table.get("path", [])
    if not isinstance(folders, list) or not all(isinstance(f, str) for f in folders):
        raise ConfigurationError(f"{path}: path must be a list of folders")
    for folder in folders:
        if not (path.parent / folder).is_dir():
            raise ConfigurationError(f"{path}: path names {folder!r}, which is no folder beside it")
    return Settings(
        functions=functions,
        path=tuple(path.parent / f for f in folders),
        tolerance=float(table.get("tolerance", Settings.tolerance)),
        time_limit=float(table.get("time_limit", Settings.time_limit)),
        memory_limit=int(table.get("memory_limit", Settings.memory_limit)),
        source=path,
    )


def _installed() -> dict[str, str]:
    return {e.name: e.value for e in entry_points(group="xlmodel.functions")}
