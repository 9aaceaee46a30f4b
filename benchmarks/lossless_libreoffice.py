"""LibreOffice as a reader: it opens many workbooks and saves them again, and its files say what it read."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xlmodel.engine.libreoffice import program

__all__ = ["converted"]

#: nothing is calculated on opening: what it reads is what was saved
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
</oor:items>
"""
BATCH = 20


def converted(files: Sequence[Path], out: Path, *, seconds: float = 60.0) -> dict[Path, Path]:
    """Return what LibreOffice made of each file; those it could not open are left out.

    Parameters
    ----------
    files : sequence of Path
        Workbooks whose names differ.
    out : Path
        A folder for what it saves.
    seconds : float
        For one file alone; a batch in which one takes longer is tried again file by file.
    """
    with tempfile.TemporaryDirectory(prefix="soffice-") as folder:
        profile = Path(folder) / "user"
        profile.mkdir()
        (profile / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        for at in range(0, len(files), BATCH):
            batch = files[at : at + BATCH]
            _convert(batch, out, Path(folder), 2 * seconds)
            for file in batch:
                if not _made(file, out).is_file():
                    _convert([file], out, Path(folder), seconds)
    return {file: _made(file, out) for file in files if _made(file, out).is_file()}


def _made(file: Path, out: Path) -> Path:
    return out / (file.stem + ".xlsx")


def _convert(files: Sequence[Path], out: Path, profile: Path, seconds: float) -> None:
    command = [
        program() or "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
        "--nolockcheck", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, files),
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
