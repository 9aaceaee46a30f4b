"""The command as a user types it: what it prints, what it writes, how it ends."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.formula import ArrayFormula

from xlmodel.cli import main


@pytest.fixture(scope="session")
def flows(tmp_path_factory):
    """A workbook of two formulas, with its saved values."""
    path = tmp_path_factory.mktemp("cli") / "flows.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Flows"
    sheet["A1"], sheet["B1"], sheet["C1"] = 198, 219, "=CSC_NET_CHANGE(A1,B1)"
    sheet["C2"] = "=C1*2"
    workbook.save(path)
    assert run("recalc", str(path)).exit_code == 0
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch, flows):
    (tmp_path / "xlmodel.toml").write_text('tolerance = 0\n[functions]\nCSC = "udfs"\n')
    monkeypatch.chdir(tmp_path)
    shutil.copy(flows, tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def altered(path, old, new):
    out = path.with_name("altered.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            target.writestr(item, source.read(item).replace(old, new))
    return out


def test_a_clean_workbook(folder):
    result = run("verify", "flows.xlsx")
    assert result.exit_code == 0
    assert "2 formula cells, all verified: each gives its saved value." in result.output


def test_an_altered_value_is_a_finding_with_its_cell_and_formula(folder):
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    result = run("verify", "altered.xlsx")
    assert result.exit_code == 1
    assert "1. Flows!C1 (warning: value-differs)\n     Saved -20, its formula gives -21." in result.output
    assert "=CSC_NET_CHANGE(A1,B1)" in result.output
    assert "1 formula cell depends on it." in result.output
    assert "Flows!C2" not in result.output


def test_the_other_engine_is_the_witness(folder):
    altered(folder / "flows.xlsx", b"<v>-42</v>", b"<v>-40</v>")
    result = run("verify", "altered.xlsx")
    assert "1. Flows!C2 (error: value-differs)\n     Saved -40, its formula gives -42." in result.output
    assert "Confirmed: a second engine, formulas, gives the same result." in result.output
    result = run("verify", "altered.xlsx", "--engine", "formulas")
    assert "Confirmed: a second engine, native, gives the same result." in result.output
    result = run("verify", "altered.xlsx", "--witness", "none")
    assert "Unconfirmed: one engine's calculation, no second engine was asked." in result.output
    assert "no second engine was asked" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize("engine", ["native", "formulas"])
def test_the_engine_can_be_chosen(folder, engine):
    assert json.loads(run("verify", "flows.xlsx", "--engine", engine, "--format", "json").stdout)["workbooks"][0][
        "engine"
    ] == engine  # fmt: skip
    assert run("values", "flows.xlsx", "--engine", engine, "--out", "v").exit_code == 0
    assert run("recalc", "flows.xlsx", "--engine", engine).exit_code == 0
    assert run("verify", "flows.xlsx", "--engine", "abacus").exit_code == 2


def test_the_tolerance_is_the_users(folder):
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-21.0000001</v>")
    assert run("verify", "altered.xlsx").exit_code == 1
    assert run("verify", "altered.xlsx", "--tolerance", "1e-6").exit_code == 0


def test_a_function_that_is_gone_is_unverified_never_a_pass(folder):
    package = folder / "few"
    shutil.copytree(__import__("udfs").__path__[0], package, ignore=shutil.ignore_patterns("flows.py", "__pycache__"))
    (folder / "xlmodel.toml").write_text('path = ["."]\n[functions]\nCSC = "few"\n')
    result = run("verify", "flows.xlsx")
    assert result.exit_code == 3
    assert "unknown function: CSC_NET_CHANGE: 1 cell, Flows!C1" in result.output
    assert "depends on a cell that was not calculated: 1 cell, Flows!C2" in result.output
    assert "0 verified (0 %)" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "none.xlsx"], "no such file or folder"),
        (["verify", "note.xlsx"], "note.xlsx"),
        (["recalc", "note.xlsx"], "note.xlsx"),
        (["functions", "CSC_NONE"], "unknown function: CSC_NONE"),
        (["verify"], "Missing argument"),
        (["verify", "flows.xlsx", "--tolerance", "-1"], "--tolerance"),
        (["verify", "flows.xlsx", "--tolerance", "nan"], "--tolerance"),
        (["verify", "flows.xlsx", "--time-limit", "inf"], "--time-limit"),
        (["verify", "n" * 300 + ".xlsx"], "file name too long"),
        (["verify", "~$flows.xlsx"], "is no workbook"),
        (["verify", "bare"], "is a folder with no .xlsx or .xlsm workbook in it"),
        (["verify", "flows.xlsx", "--report", "note.xlsx/out"], "note.xlsx/out cannot be written to"),
        (["values", "flows.xlsx", "--out", "note.xlsx/out"], "note.xlsx/out cannot be written to"),
        (["values", "flows.xlsx", "same/Flows.xlsx", "--out", "v"], "flows.xlsx and same/Flows.xlsx have one name"),
    ],
)
def test_unusable_input_or_usage_ends_with_2(folder, arguments, said):
    (folder / "note.xlsx").write_text("not a workbook")
    (folder / "~$flows.xlsx").write_bytes(b"owner")
    (folder / "same").mkdir()
    (folder / "bare").mkdir()
    shutil.copy("flows.xlsx", "same/Flows.xlsx")
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("x = = 1", "SyntaxError: invalid syntax"),
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        ("def f():\n    1 / 0\nf()", "ZeroDivisionError: division by zero, at "),
    ],
)
def test_functions_that_cannot_be_imported_are_named(folder, module, said):
    name = f"own_{abs(hash(module))}"
    (folder / f"{name}.py").write_text(module)
    (folder / "xlmodel.toml").write_text(f'path = ["."]\n[functions]\nOWN = "{name}"\n')
    result = run("functions")
    assert result.exit_code == 2
    assert said in result.output
    assert folder.name in result.output


def test_without_functions_the_list_says_how_to_name_some(folder):
    (folder / "xlmodel.toml").write_text("[functions]\n")
    assert "Name modules in xlmodel.toml" in run("functions").output


def test_2_comes_before_1_and_the_rest_is_still_verified(folder):
    (folder / "bad.xlsx").write_text("not a workbook")
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    result = run("verify", "bad.xlsx", "altered.xlsx", "flows.xlsx", "--jobs", "2")
    assert result.exit_code == 2
    assert (
        "3 workbooks: 3 of 4 formula cells verified; 1 cell differs; 1 workbook could not be verified at all."
        in " ".join(result.output.split())
    )


def test_json_and_report_files(folder):
    result = run("verify", "flows.xlsx", "--format", "json", "--report", "out")
    said = json.loads(result.stdout)
    assert said["workbooks"][0]["counts"]["verified"] == 2
    assert json.loads((folder / "out" / "report.json").read_text("utf-8")) == said
    assert "2 formula cells" in (folder / "out" / "report.txt").read_text("utf-8")


def test_patterns_are_expanded_where_the_shell_does_not(folder):
    (folder / "~$flows.xlsx").write_bytes(b"owner")
    result = run("verify", "*.xlsx")
    assert "1 workbook: 2 of 2" in result.output


def test_values_are_written_a_file_a_workbook_and_a_failure_stops_nothing(folder):
    (folder / "bad.xlsx").write_text("not a workbook")
    result = run("values", "bad.xlsx", "flows.xlsx", "--out", "values")
    assert result.exit_code == 2
    assert json.loads((folder / "values" / "flows.xlsx.json").read_text()) == {
        "sheets": {"Flows": {"C1": ["n", -21.0], "C2": ["n", -42.0]}}
    }
    assert "bad.xlsx" in json.loads((folder / "values" / "bad.xlsx.json").read_text())["error"]


def test_values_of_the_cells_that_arrays_fill_are_there_too(folder):
    workbook = openpyxl.load_workbook("flows.xlsx")
    sheet = workbook.active
    sheet["D1"] = ArrayFormula("D1:D2", "=A1:B1*2")
    sheet["F1"] = ArrayFormula("F1", "=_xlfn._xlws.FILTER(A1:B1,A1:B1>999)")
    sheet["H1"] = '=_xlfn.WEBSERVICE("x")'
    workbook.save("flows.xlsx")
    altered(folder / "flows.xlsx", b'<c r="F1"', b'<c r="F1" cm="1"')
    assert run("values", "altered.xlsx", "--out", "values").exit_code == 0
    said = json.loads((folder / "values" / "altered.xlsx.json").read_text())["sheets"]["Flows"]
    assert said == {
        "C1": ["n", -21.0],
        "D1": ["n", 396.0],
        "F1": ["e", "#VALUE!"],  # #CALC! as files hold it
        "H1": ["u", "WEBSERVICE"],
        "C2": ["n", -42.0],
        "D2": ["n", 396.0],
    }


def test_recalc_says_what_it_wrote(folder):
    assert "all saved values are right; nothing was written" in run("recalc", "flows.xlsx").output
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    assert "2 formula cells, saved values written: 1" in run("recalc", "altered.xlsx").output
    assert run("verify", "altered.xlsx").exit_code == 0


def test_recalc_says_what_it_left_alone_by_reason(folder):
    workbook = openpyxl.load_workbook("flows.xlsx")
    sheet = workbook.active
    sheet["D1"], sheet["D2"] = '=_xlfn.WEBSERVICE("x")', "=D1+1"
    sheet["E1"], sheet["E2"] = "=D1+2", '=_xlfn.WEBSERVICE("y")'
    workbook.save("flows.xlsx")
    result = run("recalc", "flows.xlsx")
    assert result.exit_code == 3
    assert result.output.splitlines()[1:] == [
        "  left alone: 2 cells: not supported by the engine: WEBSERVICE",
        "  left alone: 2 cells: depends on a cell that was not calculated",
    ]


def test_a_file_that_cannot_be_written_is_refused_before_the_work(folder, monkeypatch):
    monkeypatch.setattr("xlmodel.verify.means.evaluate", lambda *_, **__: pytest.fail("calculated in vain"))
    (folder / ".~lock.flows.xlsx#").write_text(",Ada,host,1.1.2026 10:00,file:///x;")
    result = run("recalc", "flows.xlsx")
    assert (result.exit_code, "flows.xlsx is open by Ada" in result.output) == (2, True)
    (folder / "out.xlsx").touch()
    assert "out.xlsx already exists" in run("recalc", "flows.xlsx", "--out", "out.xlsx").output


def test_functions_are_listed_and_explained(folder):
    listed = run("functions").output
    assert "CSC_RATE_PER_10K" in listed
    page = run("functions", "csc.rate.per.10k").output + run("functions", "_xldudf_CSC_RATE_PER_10K").output
    assert "CSC_RATE_PER_10K(count, population, [dp])" in page
    assert "Example" in page
    assert run("functions", "--format", "markdown").output.startswith("| Function |")


def test_settings_beside_a_workbook_are_not_obeyed(folder, monkeypatch):
    inner = folder / "inner"
    inner.mkdir()
    shutil.copy("flows.xlsx", inner)
    (inner / "xlmodel.toml").write_text('[functions]\nCSC = "evil"\n')
    (inner / "evil.py").write_text("raise SystemExit('code beside a workbook ran')")
    assert run("verify", "inner/flows.xlsx").exit_code == 0


def started(*arguments, **environment):
    command = [sys.executable, "-c", "from xlmodel.cli import main; main()", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **environment}, cwd=Path.cwd()
    )


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_an_old_console_gets_plain_characters(folder, encoding):
    with started("functions", "CSC_TIES", PYTHONIOENCODING=encoding) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"=CSC_TIES(108, 108.33, 0)  -> " in out or encoding == "ascii"


def test_json_has_plain_characters_alone(folder):
    shutil.copy("flows.xlsx", "Bücher \x9b31m.xlsx")
    result = run("verify", "Bücher \x9b31m.xlsx", "--format", "json")
    assert result.stdout.isascii()
    assert json.loads(result.stdout)["workbooks"][0]["path"] == "Bücher \x9b31m.xlsx"


@pytest.mark.skipif(os.name != "posix", reason="signals, and file names of any bytes")
def test_a_file_name_that_is_no_text_is_reported(folder):
    name = os.fsdecode(b"b\xff.xlsx")
    shutil.copy("flows.xlsx", name)
    result = run("verify", name, "--report", "out")
    assert result.exit_code == 0
    assert json.loads((folder / "out" / "report.json").read_text("utf-8"))["workbooks"][0]["path"] == r"b\udcff.xlsx"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
@pytest.mark.parametrize("command", [["verify"], ["values", "--out", "v"]])
def test_ctrl_c_ends_the_command_and_its_workers(folder, command):
    (folder / "slow.py").write_text(
        "import time\nfrom typing import Annotated\nfrom xlmodel.kinds import Number\n"
        "from xlmodel.registry import udf\n\n\n@udf\ndef net_change(\n"
        "    starts: Annotated[float, Number()], ceases: Annotated[float, Number()]\n"
        ") -> Annotated[float, Number()]:\n"
        '    """Return nothing soon.\n\n    Parameters\n    ----------\n    starts : float\n        One.\n'
        '    ceases : float\n        Two.\n    """\n    time.sleep(60)\n    return 0.0\n'
    )
    (folder / "xlmodel.toml").write_text('path = ["."]\n[functions]\nCSC = "slow"\n')
    shutil.copy("flows.xlsx", "second.xlsx")
    shutil.copy("flows.xlsx", "third.xlsx")
    with started(*command, "flows.xlsx", "second.xlsx", "third.xlsx", "--jobs", "2") as process:
        deadline = time.monotonic() + 60
        while len(workers := children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.5)
        assert len(workers) == 2
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert b"Stopped" in err
    assert b"Traceback" not in out + err
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert not any((folder / "v").glob("*")) if command[0] == "values" else True


def children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_an_output_that_is_full_is_one_line(folder):
    command = [sys.executable, "-c", "from xlmodel.cli import main; main()", "lint", str(folder)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert (done.returncode, done.stderr) == (2, "Error: the output: No space left on device\n")
