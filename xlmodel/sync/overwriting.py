"""What of a project an export must not write over."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from xlmodel.sync.declared import Export, Feed, FileSource, FolderSource, SqlSource, SyncSettings, WorkbookSource
from xlmodel.sync.journal import state_folder

__all__ = ["overwritten"]


def overwritten(export: Export, settings: SyncSettings) -> str:
    """Return what of a project the file of an export would write over, in words; "" where there is nothing."""
    to, feeds = export.to, settings.feeds.values()
    if to is None:
        return ""
    state = state_folder(settings.folder)
    if Path(_real(to).casefold()).is_relative_to(_real(state).casefold()):
        return f"what syncs remember in {state.name}"
    workbooks = [feed.workbook for feed in feeds] + [other.workbook for other in settings.exports.values()]
    for workbook in workbooks:
        if _same(to, workbook):
            return f"the workbook {workbook.name}"
    return next((f"what the feed {feed.name} reads" for feed in feeds if _reads(feed, to)), "")


def _reads(feed: Feed, to: Path) -> bool:
    match feed.source:
        case FileSource(path=path) | WorkbookSource(path=path):
            return _same(to, path)
        case FolderSource() as source:
            there = (to, Path(_real(to)))
            return any(_same(path.parent, source.folder) and source.takes(path.name) for path in there)
        case SqlSource(url=url):  # SQLite's and DuckDB's end in a file
            return _same(to, Path(url.partition(":///")[2].partition("?")[0]))
        case None:
            return False


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        if one.samefile(other):
            return True
    return os.path.normcase(_real(one)) == os.path.normcase(_real(other))


def _real(path: Path) -> str:
    return os.path.realpath(path)
