"""After saving, failing or being killed, the file is either the old one or the new one."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from xlmodel.book import SetValue, locking, patch, read_book, refuse_early, replacing, save
from xlmodel.errors import BookError, BookInUseError, StaleBookError


@pytest.fixture
def book(cells):
    return cells('<row r="1"><c r="A1"><v>1</v></c></row>')


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def edited(path: Path, value: float = 2.0):
    return patch(path, read_book(path), [SetValue("Data", 1, 1, value)])


def test_saves_and_leaves_nothing_behind(book):
    book.chmod(0o640)
    result = edited(book)
    save(result.content, book, expect_sha256=hash_of(book), expect_members=result.members)
    assert book.read_bytes() == result.content
    assert book.stat().st_mode & 0o777 == 0o640
    assert os.listdir(book.parent) == [book.name]


def test_follows_a_link(book, tmp_path):
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    save(edited(book).content, link, expect_sha256=hash_of(book))
    assert link.is_symlink()
    assert read_book(book).sheets[0].value(1, 1) == 2.0


def assert_refused(book, error, message, content=None, **options):
    before = sorted(os.listdir(book.parent))
    old = book.read_bytes()
    with pytest.raises(error, match=message):
        save(edited(book).content if content is None else content, book, **{"expect_sha256": hash_of(book), **options})
    assert book.read_bytes() == old
    assert sorted(os.listdir(book.parent)) == before


def test_stale(book):
    assert_refused(book, StaleBookError, "changed on disk", expect_sha256="0" * 64)


def test_gone(book):
    content, expected = edited(book).content, hash_of(book)
    book.unlink()
    with pytest.raises(StaleBookError, match="not there any more"):
        save(content, book, expect_sha256=expected)
    assert not book.exists()


def test_open_in_excel_names_the_user(book):
    name = "Ada Lovelace"
    owner = bytes([len(name)]) + name.encode().ljust(54) + b"\0" + (chr(len(name)) + name).encode("utf-16-le")
    book.with_name(f"~${book.name}").write_bytes(owner)
    assert_refused(book, BookInUseError, "open by Ada Lovelace")


@pytest.mark.parametrize("owner", [b"", b"\xff"])
def test_open_in_excel_with_an_unreadable_owner(book, owner):
    book.with_name(f"~${book.name}").write_bytes(owner)
    assert_refused(book, BookInUseError, "is open")


def test_open_in_libreoffice(book):
    book.with_name(f".~lock.{book.name}#").write_text(",ada,host,21.11.2026 10:00,file:///x;")
    assert_refused(book, BookInUseError, "open by ada")


def windows_error(number: int | None) -> PermissionError:
    error = PermissionError(13, "used by another process")
    error.winerror = number
    return error


@pytest.mark.parametrize("number", [32, 33])
def test_sharing_violation_on_windows(book, monkeypatch, number):
    def refuse(self, target):
        raise windows_error(number)

    monkeypatch.setattr(replacing, "REPLACE_WAIT", 0.0)
    monkeypatch.setattr(Path, "replace", refuse)
    assert_refused(book, BookInUseError, "open in another program")


def test_a_scanner_that_has_the_file_for_a_moment_on_windows(book, monkeypatch):
    result, real, refusals = edited(book), Path.replace, [32, 5]

    def refuse_twice(self, target):
        if refusals:
            raise windows_error(refusals.pop())
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse_twice)
    save(result.content, book, expect_sha256=hash_of(book))
    assert book.read_bytes() == result.content


@pytest.mark.parametrize("number", [None, 5, 32])
def test_excel_on_windows_is_noticed_before_the_long_work(book, monkeypatch, number):
    real = os.open

    def refuse(path, flags, *rest, **options):
        if flags & os.O_RDWR and Path(path) == book:
            raise windows_error(number)
        return real(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BookInUseError, match=r"book\.xlsx is open in another program.*close it there and try again"):
        refuse_early(book)


def test_read_only(book):
    book.chmod(0o444)
    assert_refused(book, BookError, r"book\.xlsx is read-only; .* untick “Read-only”")
    with pytest.raises(BookError, match="read-only"):
        refuse_early(book)


def test_a_network_drive_that_loses_the_answer(book, monkeypatch):
    result, real = edited(book), Path.replace

    def replace_and_fail(self, target):
        real(self, target)
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "replace", replace_and_fail)
    save(result.content, book, expect_sha256=hash_of(book))
    assert book.read_bytes() == result.content


@pytest.mark.parametrize(
    ("mark", "value"),
    [("st_file_attributes", 0x400020), ("st_file_attributes", 0x1000), ("st_flags", 0x40000040)],
)
def test_a_placeholder_of_the_cloud(book, monkeypatch, mark, value):
    real = Path.stat

    class Marked:
        def __init__(self, found):
            self._found = found

        def __getattr__(self, name):
            return value if name == mark else getattr(self._found, name)

    monkeypatch.setattr(Path, "stat", lambda self, **options: Marked(real(self, **options)))
    with pytest.raises(BookError, match=r"only in the cloud.*Always keep on this device.*try again"):
        refuse_early(book)
    with pytest.raises(BookError, match="only in the cloud"):
        save(b"", book, expect_sha256="0" * 64)


def test_a_stand_in_of_icloud(book):
    book.rename(book.with_name(f".{book.name}.icloud"))
    with pytest.raises(BookError, match=r"only in iCloud: \.book\.xlsx\.icloud stands in for it"):
        refuse_early(book)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="attributes of files")
def test_attributes_stay(book):
    try:
        os.setxattr(book, "user.origin", b"ledger")
    except OSError:
        pytest.skip("no attributes on this file system")
    save(edited(book).content, book, expect_sha256=hash_of(book))
    assert os.getxattr(book, "user.origin") == b"ledger"


def test_what_a_killed_writer_left_is_removed(book):
    for suffix in ("lock", "tmp"):
        book.with_name(locking.hidden_name(book, suffix)).write_bytes(b"left")
    save(edited(book).content, book, expect_sha256=hash_of(book))
    assert os.listdir(book.parent) == [book.name]


def test_who_waited_for_a_lock_that_was_removed_takes_the_new_one(book):
    """Three in a row over files of the same content: the lock is the name's, not a file's."""
    with locking.exclusive(book) as held:
        assert held
        first = book.with_name(locking.hidden_name(book, "lock")).stat().st_ino
        waiting = threading.Thread(target=lambda: save(new, book, expect_sha256=old))
        new, old = edited(book).content, hash_of(book)
        waiting.start()
        time.sleep(0.1)
        assert hash_of(book) == old
        assert book.with_name(locking.hidden_name(book, "lock")).stat().st_ino == first
    waiting.join()
    assert book.read_bytes() == new


@pytest.mark.skipif(os.name != "posix", reason="flock")
def test_a_file_system_without_locks_leaves_the_hash(book, monkeypatch):
    import fcntl

    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    save(edited(book).content, book, expect_sha256=hash_of(book))
    assert os.listdir(book.parent) == [book.name]
    assert_refused(book, StaleBookError, "changed on disk", expect_sha256="0" * 64)


@pytest.mark.parametrize("step", ["fsync", "fdopen", "open"])
def test_disk_full(book, monkeypatch, step):
    content = edited(book).content

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, step, fail)
        assert_refused(book, BookError, "No space left", content)


def test_interrupted(book, monkeypatch):
    def interrupt(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    assert_refused(book, KeyboardInterrupt, "^$")


def test_what_the_disk_holds_is_verified(book, monkeypatch):
    real = os.fsync

    def corrupt(handle):
        os.lseek(handle, 100, os.SEEK_SET)
        os.write(handle, b"x")
        real(handle)

    content = edited(book).content
    monkeypatch.setattr(os, "fsync", corrupt)
    assert_refused(book, BookError, "not what was written", content)


def test_damaged_content_and_wrong_members(book):
    result = edited(book)
    assert_refused(book, BookError, "damaged", b"nothing")
    broken = bytearray(result.content)
    broken[broken.index(b"xl/workbook.xml") + 30] ^= 0xFF
    assert_refused(book, BookError, "damaged", bytes(broken))
    assert_refused(
        book, BookError, r"not those expected: xl/more\.xml", expect_members=(*result.members, "xl/more.xml")
    )
    assert_refused(book, BookError, "their order", expect_members=result.members[::-1])


def test_the_longest_name_that_a_file_can_have(book):
    # the lock files of other programs cannot exist then: their names would be longer still
    path = book.rename(book.with_name("n" * 250 + ".xlsx"))
    result = edited(path)
    save(result.content, path, expect_sha256=hash_of(path))
    assert path.read_bytes() == result.content
    assert os.listdir(path.parent) == [path.name]


def test_a_new_file_never_replaces_one_that_appeared_meanwhile(book, monkeypatch):
    new = book.with_name("new.xlsx")
    write = replacing._write

    def appear(*arguments):
        write(*arguments)
        new.write_bytes(b"somebody else's")

    monkeypatch.setattr(replacing, "_write", appear)
    monkeypatch.setattr(sys.modules["xlmodel.book.save"], "_refuse_stale", lambda *_: None)
    with pytest.raises(BookError, match=r"new\.xlsx already exists"):
        save(book.read_bytes(), new, expect_sha256=None)
    assert new.read_bytes() == b"somebody else's"
    assert sorted(os.listdir(book.parent)) == [book.name, new.name]


def test_without_hard_links_a_new_file_is_made_too(book, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    new = book.with_name("new.xlsx")
    save(book.read_bytes(), new, expect_sha256=None)
    assert new.read_bytes() == book.read_bytes()


def test_gone_while_it_is_written(book, monkeypatch):
    content, expected = edited(book).content, hash_of(book)
    write = replacing._write
    monkeypatch.setattr(replacing, "_write", lambda *arguments: (write(*arguments), book.unlink()))
    with pytest.raises(StaleBookError, match="not there any more"):
        save(content, book, expect_sha256=expected)
    assert os.listdir(book.parent) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs an administrator's rights")
def test_the_owner_stays(book):
    os.chown(book, 12_345, 23_456)
    save(edited(book).content, book, expect_sha256=hash_of(book))
    assert (book.stat().st_uid, book.stat().st_gid) == (12_345, 23_456)


def test_a_folder_that_cannot_be_synced_loses_nothing(book, monkeypatch):
    content, expected = edited(book).content, hash_of(book)
    real = os.open

    def refuse(path, *rest, **options):
        if Path(path) == book.parent:
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **options)

    monkeypatch.setattr(os, "open", refuse)
    save(content, book, expect_sha256=expected)
    assert book.read_bytes() == content


COUNTER = """
import sys
from pathlib import Path
from xlmodel.book import SetValue, patch, read_book, save
from xlmodel.errors import StaleBookError
path, left = Path(sys.argv[1]), 15
while left:
    book = read_book(path)
    try:
        new = patch(path, book, [SetValue("Data", 1, 1, book.sheets[0].value(1, 1) + 1)])
        save(new.content, path, expect_sha256=book.sha256)
        left -= 1
    except StaleBookError:
        pass
"""


def test_of_several_writers_at_once_none_is_lost(book):
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([sys.executable, "-c", COUNTER, str(book)], cwd=root) for _ in range(3)]
    assert [w.wait(120) for w in writers] == [0, 0, 0]
    assert read_book(book).sheets[0].value(1, 1) == 1 + 3 * 15


@pytest.mark.skipif(os.name != "posix", reason="Windows has no lock for this")
def test_a_lock_that_is_never_given_back(book, monkeypatch):
    import fcntl

    monkeypatch.setattr(locking, "LOCK_WAIT", 0.05)
    with book.with_name(locking.hidden_name(book, "lock")).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert_refused(book, BookInUseError, "being written by another program")


STOPPED = """
import os, signal, sys
from pathlib import Path
from xlmodel.book import replacing, save
path, step = Path(sys.argv[1]), sys.argv[2]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(replacing, step, die)
save(path.with_suffix(".new").read_bytes(), path, expect_sha256=sys.argv[3])
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize(
    ("step", "new"), [("_write", False), ("file_hash", False), ("_replace", False), ("sync_folder", True)]
)
def test_killed_at_each_step(book, step, new):
    old, content = book.read_bytes(), edited(book).content
    book.with_suffix(".new").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(book), step, hash_of(book)], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert book.read_bytes() == (content if new else old)
