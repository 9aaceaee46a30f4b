"""A LibreOffice of the tests' own: its own profile, its own pipe, without a screen."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xlmodel.engine.libreoffice import program
from xlmodel.errors import SyncError
from xlmodel.registry import Registry
from xlmodel.sync.live.libreoffice import office_python
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.means import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}))

#: what a person does: open and close a workbook, type, undo, insert rows, protect a sheet
_PERSON = """
import json, sys, time, uno
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(600):
    try:
        context = resolver.resolve(f"uno:{sys.argv[1]};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
opened = {}
for line in sys.stdin:
    what, file, *details = json.loads(line)
    answer = ""
    if what == "open":
        hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue", "Hidden", 0, True, 0)
        opened[file] = desktop.loadComponentFromURL(uno.systemPathToFileUrl(file), "_blank", 0, (hidden,))
    document = opened[file]
    sheet = document.Sheets.getByName(details.pop(0)) if details else None
    if what == "close":
        opened.pop(file).close(True)
    if what == "undo":
        document.UndoManager.undo()
    if what == "state":
        steps = len(document.UndoManager.getAllUndoActionTitles())
        held = document.hasControllersLocked() or document.isActionLocked()
        answer = [held, document.isAutomaticCalculationEnabled(), steps]
    if what == "type":
        for place, text in zip(details[::2], details[1::2]):
            sheet.getCellRangeByName(place).setFormula(text)
    if what == "insert":
        sheet.Rows.insertByIndex(int(details[0]) - 1, 1)
    if what == "protect":
        sheet.protect("")
    if what == "shown":
        answer = sheet.getCellRangeByName(details[0]).String
    print(json.dumps(answer), flush=True)
"""


class Office:
    """A running LibreOffice, and a person who sits before it."""

    def __init__(self, connection: str) -> None:
        self.connection = connection
        self._person = subprocess.Popen(
            [office_python(), "-c", _PERSON, connection],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def person(self, what: str, path: Path, *details: str) -> object:
        self._person.stdin.write(json.dumps([what, str(path), *details]) + "\n")
        self._person.stdin.flush()
        return json.loads(self._person.stdout.readline())

    def leave(self) -> None:
        self._person.kill()
        self._person.communicate()

    @contextlib.contextmanager
    def showing(self, path: Path) -> Iterator[None]:
        self.person("open", path)
        try:
            yield
        finally:
            self.person("close", path)


@contextlib.contextmanager
def running_office(folder: Path) -> Iterator[Office]:
    soffice = program()
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    try:
        office_python()
    except SyncError as missing:
        pytest.skip(str(missing))
    connection = f"pipe,name=xlmodeltest{os.getpid()}"
    process = subprocess.Popen(
        [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
         "--nodefault", f"--accept={connection};urp;"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    office = Office(connection)
    try:
        yield office
    finally:
        office.leave()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def budget(budget_made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(budget_made, tmp_path))


@pytest.fixture(scope="session")
def budget_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of three rows with a formula column, a line below it, totals on another sheet; with saved values."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Flows"
    rows = [
        ["Code", "Amount", "Double", "When", "Open"],
        ["007", 1.5, "=B2*2", 45383, True],
        ["a", 2, "=B3*2", 45413, None],
        ["b", 3, "=B4*2", 45444, False],
    ]
    for row in rows:
        sheet.append(row)
    for row in (2, 3, 4):
        sheet.cell(row, 4).number_format = "dd/mm/yyyy"
    sheet.add_table(Table(displayName="tblFlows", ref="A1:E4"))
    sheet["A8"] = "below"
    totals = workbook.create_sheet("Totals")
    totals.append(["=SUM(Flows!B2:B4)", "=SUM(tblFlows[Amount])", "=Flows!B4", "=1+1"])
    totals["D1"].data_type = "s"
    path = tmp_path_factory.mktemp("budget") / "budget.xlsx"
    workbook.save(path)
    recalculate(path, MEANS)
    return path
