"""LibreOffice as an engine: a Basic macro in a throw-away profile, because its Python bridge is seldom installed.

The macro takes orders from files in a folder and answers with files there; it times its own steps.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from benchmarks.cohort import Area
from benchmarks.processes import MissingError

__all__ = ["LibreOffice"]

MACRO = """
Sub Serve(folder As String)
  Dim n As Long, line As String, word, doc, start As Long, area, found, handle, row, r As Long, c As Long
  Dim idle As Long
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  n = 0
  Do
    n = n + 1
    idle = 0
    Do Until FileExists(folder & "/" & n & ".order")
      Wait 2
      idle = idle + 1
      If idle > 60000 Then  ' whoever gave the orders is gone
        StarDesktop.terminate()
        Exit Sub
      End If
    Loop
    handle = FreeFile
    Open folder & "/" & n & ".order" For Input As #handle
    Line Input #handle, line
    Close #handle
    word = Split(line, "|")
    found = Array()
    start = GetSystemTicks()
    Select Case word(0)
      Case "load"
        doc = StarDesktop.loadComponentFromURL(word(1), "_blank", 0, hidden())
      Case "recalculate"
        doc.calculateAll()
      Case "read"
        area = doc.Sheets.getByName(word(1))
        found = area.getCellRangeByPosition(CLng(word(2)), CLng(word(3)), CLng(word(4)), CLng(word(5))).getDataArray()
      Case "change"
        doc.Sheets.getByName(word(1)).getCellByPosition(CLng(word(2)), CLng(word(3))).Value = Val(word(4))
        doc.calculate()
    End Select
    start = GetSystemTicks() - start
    handle = FreeFile
    Open folder & "/" & n & ".part" For Output As #handle
    Print #handle, start
    For r = LBound(found) To UBound(found)
      row = found(r)
      For c = LBound(row) To UBound(row)
        If VarType(row(c)) = 5 Then
          line = Str(row(c))  ' 15 digits, and what they leave out
          Print #handle, line & "|" & Str(row(c) - Val(line))
        Else
          Print #handle, "nan|nan"
        End If
      Next c
    Next r
    Close #handle
    Name folder & "/" & n & ".part" As folder & "/" & n & ".done"
  Loop Until word(0) = "end"
  If Not IsEmpty(doc) Then doc.close(True)
  StarDesktop.terminate()
End Sub
"""
MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Bench" script:language="StarBasic">'
    f"{escape(MACRO)}</script:module>"
)
LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
    '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false"><library:element library:name="Bench"/>'
    "</library:library>"
)


class LibreOffice:
    """LibreOffice without a window; `seconds` is what the last step took by its own clock."""

    def __init__(self) -> None:
        program = shutil.which("soffice")
        if program is None:
            raise MissingError("not installed (no program soffice)")
        self.folder = Path(tempfile.mkdtemp(prefix="soffice-"))
        command = [
            program, f"-env:UserInstallation={(self.folder / 'profile').as_uri()}", "--headless", "--norestore"
        ]  # fmt: skip
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*command, "--terminate_after_init"], **quiet, check=True)  # fills the profile
        standard = self.folder / "profile" / "user" / "basic" / "Standard"
        (standard / "script.xlb").write_text(LIBRARY, "utf-8")
        (standard / "Bench.xba").write_text(MODULE, "utf-8")
        self.count, self.seconds = 0, 0.0
        start = time.perf_counter()
        macro = f'macro:///Standard.Bench.Serve("{self.folder}")'
        self.process = subprocess.Popen([*command, macro], **quiet)
        self._order("ready")
        self.start = time.perf_counter() - start

    def _order(self, *words: Any) -> list[str]:
        self.count += 1
        part, order = self.folder / "order", self.folder / f"{self.count}.order"
        part.write_text("|".join(map(str, words)) + "\n", "utf-8")
        part.rename(order)
        answer = self.folder / f"{self.count}.done"
        while not answer.exists():
            if self.process.poll() is not None:
                raise MissingError(f"soffice ended with code {self.process.returncode} at {words[0]}")
            time.sleep(0.002)
        lines = answer.read_text("utf-8").replace(" ", "").split()
        self.seconds = float(lines[0]) / 1000
        return lines[1:]

    def load(self, path: Path) -> None:
        """Read the file."""
        self._order("load", path.resolve().as_uri())

    def recalculate(self) -> None:
        """Calculate every formula."""
        self._order("recalculate")

    def read(self, areas: Sequence[Area]) -> list[Any]:
        """Take the values; the time is LibreOffice's own, without the way through the file."""
        found, spent = [], 0.0
        for a in areas:
            found.append(self._order("read", a.sheet, a.left - 1, a.top - 1, a.right - 1, a.bottom - 1))
            spent += self.seconds
        self.seconds = spent
        return found

    def change(self, cell: tuple[str, int, int], number: float) -> None:
        """Take another input and calculate what depends on it."""
        sheet, row, col = cell
        self._order("change", sheet, col - 1, row - 1, repr(number))

    def numbers(self, raw: list[Any], areas: Sequence[Area]) -> list[NDArray[np.float64]]:
        """Return the values as arrays."""
        made = []
        for lines, area in zip(raw, areas, strict=True):
            halves = np.array([line.split("|") for line in lines], np.float64)
            made.append(halves.sum(axis=1).reshape(area.bottom - area.top + 1, -1))
        return made

    def close(self) -> None:
        """End the program."""
        self._order("end")
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
