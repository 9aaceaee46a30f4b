"""Undo puts a workbook back byte for byte, or says why not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest

from xlmodel.book import SetValue, patch, read_book, save
from xlmodel.errors import BookInUseError, JournalError, SyncError
from xlmodel.sync.backups import Backups
from xlmodel.sync.declared import SyncSettings
from xlmodel.sync.journal import Journal
from xlmodel.sync.undoing import undo


@pytest.fixture
def project(tmp_path: Path) -> SyncSettings:
    book = openpyxl.Workbook()
    book.active.title = "Data"
    book.active["A1"] = 1
    book.save(tmp_path / "book.xlsx")
    return SyncSettings(tmp_path, {}, {}, {})


@pytest.fixture
def book(project: SyncSettings) -> Path:
    return project.folder / "book.xlsx"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def applied(project: SyncSettings, book: Path, value: float) -> int:
    """Change a cell as an apply does; return the journal's number."""
    old = read_book(book)
    new = patch(book, old, [SetValue("Data", 1, 1, value)])
    Backups(project.folder).keep(book.read_bytes())
    with Journal(project.folder).step(book, before=old.sha256, after=new.sha256, feeds=["f"]) as begun:
        save(new.content, book, expect_sha256=old.sha256)
    return begun.number


def test_back_to_the_first_hash_one_after_another(project, book):
    hashes = [hash_of(book)]
    for value in (2.0, 3.0, 4.0):
        applied(project, book, value)
        hashes.append(hash_of(book))
    for expected in reversed(hashes[:-1]):
        undone = undo(project, book)
        assert undone.sha256 == hash_of(book) == expected
        assert (undone.entry.what, undone.entry.of) == ("undone", undone.apply.number)
        assert (undone.entry.before, undone.entry.after) == (undone.apply.after, expected)
    with pytest.raises(SyncError, match=r"book\.xlsx has no sync to undo"):
        undo(project, book)
    assert Journal(project.folder).standing(book) == ()
    for kept in hashes:
        assert Backups(project.folder).content(kept), "what an undo takes away is kept too"


def test_an_older_one_is_refused_while_later_ones_stand(project, book):
    numbers = [applied(project, book, value) for value in (2.0, 3.0, 4.0)]
    now = hash_of(book)
    with pytest.raises(SyncError, match=rf"later ones on top of it; .* order: {numbers[2]}, {numbers[1]}$"):
        undo(project, book, number=numbers[0])
    assert hash_of(book) == now
    undo(project, book, number=numbers[2] + 1)  # the number of its end
    undo(project, book, number=numbers[1])
    undo(project, book, number=numbers[0])


def test_an_unknown_number(project, book):
    first = applied(project, book, 2.0)
    with pytest.raises(SyncError, match=f"sync 77 .* those that stand: {first}$"):
        undo(project, book, number=77)


def test_what_was_typed_since_is_not_lost(project, book):
    before = hash_of(book)
    applied(project, book, 2.0)
    save(patch(book, read_book(book), [SetValue("Data", 1, 1, 9.0)]).content, book, expect_sha256=hash_of(book))
    typed = hash_of(book)
    with pytest.raises(SyncError, match=rf"changed since sync 1 .*typed since\. Nothing was changed.*{before}\.xlsx"):
        undo(project, book)
    assert hash_of(book) == typed
    assert len(Journal(project.folder).standing(book)) == 1


def test_open_in_excel(project, book):
    applied(project, book, 2.0)
    book.with_name(f"~${book.name}").write_bytes(b"\x03Ada")
    with pytest.raises(BookInUseError, match="open by Ada"):
        undo(project, book)


def test_without_its_backup(project, book):
    before = hash_of(book)
    applied(project, book, 2.0)
    Backups(project.folder).path(before).unlink()
    with pytest.raises(JournalError, match="cannot be read"):
        undo(project, book)
    Backups(project.folder).path(before).write_bytes(b"other")
    with pytest.raises(JournalError, match="damaged"):
        undo(project, book)


def test_killed_after_the_file_was_put_back(project, book):
    old = book.read_bytes()
    applied(project, book, 2.0)
    book.write_bytes(old)
    with pytest.raises(SyncError, match="no sync to undo"):
        undo(project, book)
    last = Journal(project.folder).entries()[-1]
    assert (last.what, last.of) == ("undone", 1)


def test_a_sync_that_changed_no_cell_is_undone_in_the_journal_alone(project, book):
    now = hash_of(book)
    with Journal(project.folder).step(book, before=now, after=now):
        pass
    undo(project, book)
    assert hash_of(book) == now
    assert Journal(project.folder).standing(book) == ()


def test_a_sync_into_an_open_workbook_is_left_to_the_program(project, book):
    with Journal(project.folder).step(book, before=hash_of(book), after=""):
        pass
    with pytest.raises(SyncError, match="open in a program; undo it there"):
        undo(project, book)
