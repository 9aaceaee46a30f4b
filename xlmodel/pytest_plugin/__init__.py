"""The pytest plugin: workbooks as tests, and a fixture for tests of workbooks.

It does nothing, and imports next to nothing, until it is asked.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xlmodel.workbook_files import OTHER_FORMATS, SUFFIXES, named_workbooks

if TYPE_CHECKING:
    from xlmodel.pytest_plugin.collecting import WorkbookFile
    from xlmodel.pytest_plugin.opening import OpenWorkbook

__all__ = ["pytest_addoption", "pytest_collect_file", "pytest_configure", "workbook"]

_BOOKS = pytest.StashKey[frozenset[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the plugin can be asked."""
    group = parser.getgroup("xlmodel", "workbooks")
    group.addoption(
        "--xlmodel", action="store_true", help="Verify the workbooks among the files and in the folders named, too."
    )
    parser.addini(
        "xlmodel_books",
        "Workbooks that are always verified, from the root folder: files, folders, patterns.",
        type="args",
        default=[],
    )
    parser.addini(
        "xlmodel_allow_unverified",
        "Skip instead of failing where nothing is wrong, but not everything could be verified.",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the workbooks of the settings to what is collected, unless other files are named."""
    config.stash[_BOOKS] = frozenset()
    patterns = config.getini("xlmodel_books")
    if not patterns:
        return
    root = glob.escape(str(config.rootpath))
    named = named_workbooks([os.path.join(root, pattern) for pattern in patterns])
    for path, why in named.refused.items():
        raise pytest.UsageError(f"xlmodel_books: {path}: {why}")
    config.stash[_BOOKS] = frozenset(named.paths)
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        given = [Path(os.path.abspath(config.invocation_params.dir / arg)) for arg in config.args]
        config.args += [str(p) for p in named.paths if not any(p.is_relative_to(folder) for folder in given)]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> WorkbookFile | None:
    """Collect a workbook that was asked for."""
    if not file_path.name.lower().endswith(SUFFIXES + OTHER_FORMATS):
        return None
    named = parent.session.isinitpath(file_path)
    found = file_path.name.lower().endswith(SUFFIXES) and not file_path.name.startswith(("~$", "."))
    if named or (found and (parent.config.getoption("xlmodel") or file_path in parent.config.stash[_BOOKS])):
        from xlmodel.pytest_plugin.collecting import WorkbookFile

        made: WorkbookFile = WorkbookFile.from_parent(parent, path=file_path)
        return made
    return None


@pytest.fixture(scope="session")
def workbook(pytestconfig: pytest.Config) -> Callable[[str | os.PathLike[str]], OpenWorkbook]:
    """Open workbooks, recalculated: ``workbook("model.xlsx")["Stock!E9"]``, from the root folder.

    What is asked is calculated, never taken from saved results. ``with_inputs`` gives inputs other values; no file is
    ever written.
    """
    from xlmodel.pytest_plugin.opening import opened

    return opened(pytestconfig)
