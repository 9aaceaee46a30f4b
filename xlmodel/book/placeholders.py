"""Workbooks of which only a stand-in lies on this computer: their content is in the cloud."""

from __future__ import annotations

from pathlib import Path

from xlmodel.errors import BookError

__all__ = ["refuse_placeholder"]

#: Windows: kept elsewhere; fetched when opened; fetched when read
_WINDOWS = 0x1000 | 0x40000 | 0x400000
#: macOS: the file has no data here
_MACOS = 0x40000000


def refuse_placeholder(target: Path) -> None:
    """Refuse a file whose content is only in the cloud: what is written over a stand-in may be lost or duplicated.

    OneDrive, SharePoint, Dropbox and iCloud mark such files for the system. They are told by that mark, without opening
    them: opening one may fetch it for minutes, or fail without a network.

    Raises
    ------
    BookError
        The file is a stand-in; the message says how to bring the workbook here.
    """
    try:
        found = target.stat()
    except OSError:
        aside = target.with_name(f".{target.name}.icloud")
        if len(aside.name.encode()) < 256 and aside.exists():
            raise BookError(
                f"{target.name} is only in iCloud: {aside.name} stands in for it; double-click it in Finder, wait "
                "until it is downloaded, and try again"
            ) from None
        return
    if getattr(found, "st_file_attributes", 0) & _WINDOWS or getattr(found, "st_flags", 0) & _MACOS:
        raise BookError(
            f"{target.name} is only in the cloud, this computer has a placeholder for it; right-click it, choose "
            "“Always keep on this device” (“Download Now” or “Keep Downloaded” on a Mac), wait until it is downloaded, "
            "and try again"
        )
