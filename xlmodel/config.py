"""Settings: `xlmodel.toml`, else `[tool.xlmodel]` in pyproject.toml; never merged, never from a workbook's folder.

Functions are code, so where they come from is the user's decision: the configuration found from the current folder
upwards, or the installed packages that offer functions.
"""

from __future__ import annotations

import sys
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlmodel.errors import ConfigurationError, XlmodelError

if TYPE_CHECKING:
    from xlmodel.lint.settings import LintSettings
    from xlmodel.registry import Registry
    from xlmodel.sync.declared import SyncSettings

__all__ = [
    "LARGEST",
    "Settings",
    "VerifySettings",
    "installed_functions",
    "load_registry",
    "load_settings",
    "settings_table",
]

#: no number among the settings may reach it
LARGEST = 1e9


@dataclass(frozen=True)
class VerifySettings:
    """How `verify` goes about it: the table ``[verify]``."""

    jobs: int | None = None  #: workbooks at a time; None for as many as there are processors
    cache: Path | None = None  #: the folder of the cache, where it is not the user's own
    witness: bool = True  #: whether other engines judge again what differs


@dataclass(frozen=True)
class Settings:
    """What a user can set once for a project."""

    functions: Mapping[str, str] = field(default_factory=dict)  #: prefix -> module
    path: tuple[Path, ...] = ()  #: folders where those modules are looked for, beside the installed ones
    tolerance: float = 1e-9  #: relative; 0 compares 15 significant digits
    time_limit: float = 120.0  #: seconds a workbook
    memory_limit: int = 4096  #: megabytes
    verify: VerifySettings = VerifySettings()
    source: Path | None = None  #: the file the settings came from
    lint_table: Mapping[str, Any] = field(default_factory=dict)  #: as it is in the file; `lint` is what it means
    relation_tables: Any = field(default_factory=list)  #: as they are in the file, likewise
    sync_table: Any = field(default_factory=dict)  #: likewise, what `sync` reads
    export_table: Any = field(default_factory=dict)

    @cached_property
    def lint(self) -> LintSettings:
        """What is set for the rules of lint.

        Raises
        ------
        ConfigurationError
            Naming the file, the key and what it should be.
        """
        from xlmodel.layout.pins import parse_pins
        from xlmodel.lint.settings import LintSettings, parse_lint  # the rules are imported only where they are wanted

        if self.source is None:
            return LintSettings()
        pins = parse_pins(self.relation_tables, self.source)
        return replace(parse_lint(self.lint_table, self.source), pins=pins)

    @cached_property
    def sync(self) -> SyncSettings:
        """What is declared of data in and results out.

        Raises
        ------
        ConfigurationError
            Naming the file, the key and what it should be.
        """
        from xlmodel.sync.declared import SyncSettings
        from xlmodel.sync.declaring import parse_sync

        if self.source is None:
            return SyncSettings(Path.cwd(), {}, {}, {})
        return parse_sync(self.sync_table, self.export_table, self.source)


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
    source, table = settings_table(folder)
    return Settings(functions=installed_functions()) if source is None else _settings(source, table)


def settings_table(folder: Path | None = None) -> tuple[Path | None, dict[str, Any]]:
    """Return the file whose settings hold in a folder, and the table in it, unchecked; None and nothing without one."""
    start = (folder or Path.cwd()).resolve()
    for place in (start, *start.parents):
        own, project = place / "xlmodel.toml", place / "pyproject.toml"
        if own.is_file():
            return own, _toml(own)
        if project.is_file():
            tool = _toml(project).get("tool")
            table = tool.get("xlmodel") if isinstance(tool, dict) else None
            if isinstance(table, dict):
                return project, table
    return None, {}


def load_registry(settings: Settings) -> Registry:
    """Return the functions that the settings name.

    Raises
    ------
    ConfigurationError
        They cannot be imported, or one of them is declared wrongly.
    """
    from xlmodel.registry import Registry  # what calculates is imported only where functions are wanted

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
    unread = {"lint_table": "lint", "relation_tables": "relation", "sync_table": "sync", "export_table": "export"}
    known = {unread.get(f.name, f.name) for f in fields(Settings)} - {"source"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigurationError(f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(sorted(known))}")
    functions = table.get("functions", installed_functions())
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
        verify=_verify(path, table.get("verify", {})),
        source=path,
        lint_table=table.get("lint", {}),
        relation_tables=table.get("relation", []),
        sync_table=table.get("sync", {}),
        export_table=table.get("export", {}),
    )


def _verify(path: Path, table: Any) -> VerifySettings:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: verify must be a table: [verify]")
    known = [f.name for f in fields(VerifySettings)]
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise ConfigurationError(f"{path}: [verify] unknown key {unknown[0]!r}; there are {', '.join(known)}")
    jobs, cache, witness = (table.get(key) for key in known)
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs < LARGEST):
        raise ConfigurationError(f"{path}: [verify] jobs must be a whole number >= 1; it is {jobs!r}")
    if cache is not None and not isinstance(cache, str):
        raise ConfigurationError(f"{path}: [verify] cache must be a folder; it is {cache!r}")
    if witness not in (None, True, False):
        raise ConfigurationError(f"{path}: [verify] witness must be true or false; it is {witness!r}")
    return VerifySettings(jobs, None if cache is None else path.parent / cache, witness is not False)


def installed_functions() -> dict[str, str]:
    """Return the functions that installed packages offer: prefix -> module."""
    return {e.name: e.value for e in entry_points(group="xlmodel.functions")}
