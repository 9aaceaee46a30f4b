"""Files that are no workbooks: each gets one clear line and exit code 2, and the rest is still looked at."""

import json
import os
import sys
import zipfile

import pytest
from click.testing import CliRunner
from verify.saved_books import saved_book

from xlmodel.cli import main
from xlmodel.workbook_files import named_workbooks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)


def truncated(path, good):
    path.write_bytes(good.read_bytes()[:3000])


def tampered(path, good):
    with zipfile.ZipFile(good) as opened:
        at = opened.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    content = bytearray(good.read_bytes())
    content[at : at + 40] = bytes(b ^ 0x55 for b in content[at : at + 40])
    path.write_bytes(content)


def bomb(path, good):
    with zipfile.ZipFile(good) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in given.namelist():
            out.writestr(name, b"<worksheet>" + bytes(30_000_000) if "sheet1" in name else given.read(name))


def forbidden(path, good):
    path.write_bytes(good.read_bytes())
    path.chmod(0)


#: name -> how it is made of a good workbook, and what is said of it
BAD = {
    "truncated.xlsx": (truncated, "cut short or damaged"),
    "tampered.xlsx": (tampered, "damaged"),
    "password.xlsx": (lambda p, _: p.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le")), "without one"),
    "old.xls": (lambda p, _: p.write_bytes(OLE), "save it as .xlsx"),
    "open.ods": (lambda p, _: zipped(p, mimetype="application/vnd.oasis.opendocument.spreadsheet"), "save it as .xlsx"),
    "empty.xlsx": (lambda p, _: p.touch(), "is an empty file"),
    "text.xlsx": (lambda p, _: p.write_text("a,b\n"), "is not an .xlsx workbook"),
    "zip.xlsx": (lambda p, _: zipped(p, a="b"), "is a zip, but not a workbook"),
    "bomb.xlsx": (bomb, "expands beyond the limit"),
    "folder": (lambda p, _: p.mkdir(), "is a folder with no .xlsx or .xlsm workbook in it"),
    "none.xlsx": (lambda p, _: None, "there is no such file or folder"),
    "n" * 300 + ".xlsx": (lambda p, _: None, "cannot be read: file name too long"),
    "dangling.xlsx": (lambda p, _: p.symlink_to("nowhere"), "is a link to a file that is not there"),
    "pipe.xlsx": (lambda p, _: os.mkfifo(p), "is not a file but a pipe, a socket or a device"),
    "~$good.xlsx": (lambda p, _: p.touch(), "Excel keeps such a file beside one that is open"),
    "forbidden.xlsx": (forbidden, "may not be read"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a good workbook and all that are bad."""
    folder = tmp_path_factory.mktemp("bad")
    good = saved_book(folder / "good.xlsx")
    for name, (make, _) in BAD.items():
        make(folder / name, good)
    (folder / "xlmodel.toml").write_text("[functions]\n")
    return folder


def wanted():
    can_read_all = os.name != "posix" or os.geteuid() == 0
    return {name: said for name, (_, said) in BAD.items() if not (name == "forbidden.xlsx" and can_read_all)}


@pytest.mark.skipif(sys.platform == "win32", reason="has neither pipes with names nor such permissions")
@pytest.mark.parametrize("command", ["verify", "lint"])
def test_each_bad_file_gets_one_line_and_the_rest_goes_on(folder, monkeypatch, command):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, [command, "good.xlsx", *wanted()])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    lines = result.output.splitlines()
    for name, said in wanted().items():
        about = [line for line in lines if name in line and said in line]
        assert len(about) == 1, (name, result.output)
    assert {"verify": "PASS        good.xlsx", "lint": "good.xlsx: no findings"}[command] in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="has neither pipes with names nor such permissions")
def test_machines_are_told_the_same(folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, ["verify", "good.xlsx", *wanted(), "--format", "json"])
    told = {w["path"]: w for w in json.loads(result.stdout)["workbooks"]}
    assert {name: told[name]["exit_code"] for name in wanted()} == dict.fromkeys(wanted(), 2)
    assert all(said in told[name]["error"] for name, said in wanted().items())
    assert told["good.xlsx"]["exit_code"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "device.xlsx").symlink_to("/dev/zero")
    (tmp_path / "good.xlsx").touch()
    named = named_workbooks([str(tmp_path)])
    assert named.paths == (tmp_path / "good.xlsx",)
    why = "is not a file but a pipe, a socket or a device"
    assert named.refused == dict.fromkeys((tmp_path / "pipe.xlsx", tmp_path / "device.xlsx"), why)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_folder_is_searched_to_the_bottom_and_no_link_leads_in_circles(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a" / "b" / "round").symlink_to(tmp_path)
    kept = ["a/B.XLSX", "a/b/c.xlsm", "top.xlsx"]
    for name in [*kept, "a/~$c.xlsx", ".hidden/d.xlsx", ".e.xlsx", "note.txt", "old.xls"]:
        (tmp_path / name).touch()
    named = named_workbooks([str(tmp_path)])
    assert sorted(p.relative_to(tmp_path).as_posix() for p in named.paths) == kept
    assert [p.name for p in named.passed_over] == ["old.xls"]
    assert not named.refused


def test_a_workbook_named_twice_is_looked_at_once(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").touch()
    monkeypatch.chdir(tmp_path)
    assert [str(p) for p in named_workbooks(["a.xlsx", "*.xlsx", "a.xlsx"]).paths] == ["a.xlsx"]
