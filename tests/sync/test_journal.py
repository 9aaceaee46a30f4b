"""The journal: what was changed by whom stays known, whatever is killed, cut off or edited."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import BookInUseError, JournalError, StaleBookError
from xlmodel.sync.backups import Backups
from xlmodel.sync.journal import Journal
from xlmodel.sync.journal_lines import Entry, next_line, parsed


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


OLD, NEW, OTHER = b"old workbook", b"new workbook", b"typed since"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "books" / "budget.xlsx"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def apply(journal: Journal, book: Path, before: bytes = OLD, after: bytes = NEW, **facts: object) -> Entry:
    with journal.step(book, before=sha(before), after=sha(after), **facts) as begun:
        book.write_bytes(after)
    return begun


def test_an_apply_is_two_lines_with_all_that_is_known(journal, book):
    apply(
        journal,
        book,
        feeds=["ledger"],
        sources={"ledger_2024-05.csv": "ab" * 32},
        plan="cd" * 32,
        synced="ef" * 32,
        counts={"changed": 3},
        functions="1.2",
        note="Grüße; £m\n=1+1",
    )
    begun, applied = journal.entries()
    assert (begun.number, begun.what, begun.workbook, begun.of) == (1, "begun", "books/budget.xlsx", 0)
    assert (begun.before, begun.after) == (sha(OLD), sha(NEW))
    assert (begun.feeds, begun.counts, begun.functions) == (("ledger",), {"changed": 3}, "1.2")
    assert begun.note == "Grüße; £m\n=1+1"
    assert (applied.number, applied.what, applied.of) == (2, "applied", 1)
    assert begun.who
    assert begun.at.endswith("Z")
    assert journal.standing(book) == (begun,)
    assert (journal.faults(), journal.torn()) == ((), ())
    assert sorted(os.listdir(journal.path.parent)) == ["journal.jsonl"]


def test_an_apply_that_raises_is_judged_by_the_file(journal, book):
    with pytest.raises(OSError, match="full"), journal.step(book, before=sha(OLD), after=sha(NEW)):
        raise OSError("disk full")
    with pytest.raises(KeyboardInterrupt), journal.step(book, before=sha(OLD), after=book_becomes(book, NEW)):
        raise KeyboardInterrupt
    assert [e.what for e in journal.entries()] == ["begun", "failed", "begun", "applied"]
    assert journal.entries()[1].note == "OSError: disk full"
    assert [e.number for e in journal.standing(book)] == [3]


def test_of_two_who_apply_the_same_one_is_recorded(journal, book):
    with pytest.raises(StaleBookError), journal.step(book, before=sha(OLD), after=book_becomes(book, NEW)):
        raise StaleBookError("changed on disk")
    assert [e.what for e in journal.entries()] == ["begun", "failed"]


def test_saved_and_not_recorded_is_told_and_made_up_for(journal, book, monkeypatch):
    real = os.fsync
    step = journal.step(book, before=sha(OLD), after=book_becomes(book, NEW))
    with pytest.raises(JournalError, match=r"budget\.xlsx is saved, but .* No space left.*makes up for it"), step:
        monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(os, "fsync", real)
    assert [e.what for e in journal.entries()] == ["begun"]
    assert len(journal.standing(book)) == 1
    with journal.alone():
        pass
    assert [e.what for e in journal.entries()] == ["begun", "applied"]


def full(_: int) -> None:
    raise OSError(28, "No space left on device")


def book_becomes(book: Path, content: bytes) -> str:
    book.write_bytes(content)
    return sha(content)


def test_begun_is_on_the_disk_before_anything_is_done(journal, book):
    with journal.step(book, before=sha(OLD), after=sha(NEW)):
        assert [e.what for e in Journal(journal.folder).entries()] == ["begun"]


@pytest.mark.parametrize(
    ("found", "ends", "stands"),
    [(NEW, "applied", 1), (OLD, "failed", 0), (OTHER, "failed", 0), (None, "failed", 0)],
)
def test_what_a_kill_left_open_is_judged_by_the_file(journal, book, found, ends, stands):
    killed(journal, book, OLD, NEW)
    book.unlink() if found is None else book.write_bytes(found)
    assert len(journal.standing(book)) == stands
    assert [e.what for e in journal.entries()] == ["begun"], "asking writes nothing"
    with journal.alone():
        pass
    assert [e.what for e in journal.entries()] == ["begun", ends]
    assert len(journal.standing(book)) == stands
    assert "stopped" in journal.entries()[1].note


def killed(journal: Journal, book: Path, before: bytes, after: bytes) -> None:
    """Write "begun" and let the process die."""
    code = (
        "import os, signal, sys; from pathlib import Path; from xlmodel.sync.journal import Journal\n"
        "with Journal(Path(sys.argv[1])).step(Path(sys.argv[2]), before=sys.argv[3], after=sys.argv[4]):\n"
        "    os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(journal.folder), str(book), sha(before), sha(after)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 9


def test_a_workbook_that_was_put_back_by_other_means_counts_as_undone(journal, book):
    apply(journal, book, OLD, NEW)
    apply(journal, book, NEW, OTHER)
    book.write_bytes(OLD)
    assert journal.standing(book) == ()
    with journal.alone():
        pass
    assert [(e.what, e.of) for e in journal.entries()[-2:]] == [("undone", 3), ("undone", 1)]
    book.write_bytes(NEW)
    assert journal.standing(book) == (), "what was taken back stays so"


def test_a_workbook_as_an_earlier_change_left_it_is_without_the_later_ones(journal, book):
    apply(journal, book, OLD, NEW)
    apply(journal, book, b"typed into", OTHER)
    book.write_bytes(NEW)
    assert [e.number for e in journal.standing(book)] == [1]


def test_a_change_back_and_forth_stands(journal, book):
    apply(journal, book, OLD, NEW)
    apply(journal, book, NEW, OLD)
    apply(journal, book, OLD, OLD)
    assert [e.number for e in journal.standing(book)] == [1, 3, 5]


def test_typing_after_an_apply_undoes_nothing(journal, book):
    apply(journal, book)
    book.write_bytes(OTHER)
    assert len(journal.standing(book)) == 1


def test_workbooks_are_told_apart_and_links_are_followed(journal, book, tmp_path):
    apply(journal, book)
    other = book.with_name("other.xlsx")
    other.write_bytes(OLD)
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    assert journal.standing(other) == ()
    assert len(journal.standing(link)) == 1


def test_results_going_out_are_recorded(journal, book):
    entry = journal.exported(book, sha(OLD), to="out/stock.parquet", functions="1.2")
    assert (entry.what, entry.before, entry.note) == ("exported", sha(OLD), "out/stock.parquet")
    assert journal.standing(book) == ()


# --- the file --------------------------------------------------------------------------------------------------------


def lines(journal: Journal) -> list[bytes]:
    return journal.path.read_bytes().splitlines(keepends=True)


def rewritten(journal: Journal, new: list[bytes]) -> tuple[str, ...]:
    journal.path.write_bytes(b"".join(new))
    return journal.faults()


@pytest.fixture
def three(journal, book) -> Journal:
    apply(journal, book, OLD, NEW)
    apply(journal, book, NEW, OTHER)
    apply(journal, book, OTHER, OLD)
    return journal


@pytest.mark.parametrize("line", range(6))
def test_an_edited_line_is_named(three, line, book):
    found = lines(three)
    found[line] = found[line].replace(b" on ", b" or ", 1)
    assert rewritten(three, found) == (f"line {line + 1} was edited",)
    with pytest.raises(JournalError, match=f"line {line + 1} was edited.*another name"):
        three.standing(book)
    with pytest.raises(JournalError, match="edited"):
        apply(three, book, OLD, NEW)
    assert book.read_bytes() == OLD


@pytest.mark.parametrize("line", range(5))
def test_missing_lines_are_named(three, line):
    found = lines(three)
    del found[line]
    assert rewritten(three, found) == (f"before line {line + 1} the entries {line + 1} to {line + 1} are missing",)


def test_lines_in_another_order_are_named(three):
    found = lines(three)
    found[2], found[3] = found[3], found[2]
    assert rewritten(three, found) == (
        "before line 3 the entries 3 to 3 are missing",
        "line 4 is out of its place",
        "before line 5 the entries 4 to 4 are missing",
    )


def test_a_line_that_was_replaced_by_a_whole_other_one_is_named(three):
    found = lines(three)
    entry = json.loads(found[2])
    del entry["sha256"]
    entry["who"] = "nobody"
    body = json.dumps(entry, separators=(",", ":")).encode()
    found[2] = body[:-1] + b',"sha256":"' + sha(body).encode() + b'"}\n'
    assert rewritten(three, found) == ("line 4 does not follow the line before it: one of them was replaced",)


def test_other_ends_of_lines_are_no_edit(three):
    assert rewritten(three, [line.replace(b"\n", b"\r\n") for line in lines(three)]) == ()
    assert len(three.entries()) == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=8), st.floats(0, 1)), min_size=1, max_size=6))
def test_cut_off_anywhere_any_number_of_times_no_other_entry_is_lost(writes):
    content, whole = b"", []
    for note, cut in writes:
        entry, line = next_line(Entry(0, "exported", "", "", "", "", "", note=note), parsed(content))
        upto = round(cut * len(line))
        # a line without its end is whole all the same
        if upto >= len(line) - 1:
            whole.append(entry)
        content += line[:upto]
        read = parsed(content)
        assert read.faults == ()
        assert read.entries == tuple(whole)


def test_a_torn_line_is_said_and_goes_on(three, book):
    torn = lines(three)[-1][:40]
    three.path.write_bytes(three.path.read_bytes() + torn)
    assert (three.torn(), three.faults()) == ((7,), ())
    begun = apply(three, book, OLD, NEW)
    assert begun.number == 8
    assert (three.torn(), three.faults()) == ((7,), ())
    assert torn in three.path.read_bytes()
    assert len(three.standing(book)) == 4


def test_a_torn_line_that_is_edited_later_is_named(three, book):
    three.path.write_bytes(three.path.read_bytes() + b'{"number":7,"wh')
    apply(three, book, OLD, NEW)
    found = lines(three)
    assert rewritten(three, [*found[:6], b"{}\n", *found[7:]]) != ()


def test_another_process_waits_for_its_turn_and_is_told(journal, book, monkeypatch):
    monkeypatch.setattr("xlmodel.book.locking.LOCK_WAIT", 0.05)
    outcome: list[object] = []

    def second() -> None:
        try:
            apply(Journal(journal.folder), book)
        except BookInUseError as error:
            outcome.append(str(error))

    with journal.step(book, before=sha(OLD), after=sha(NEW)):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert outcome == ["another sync of this project is at work; try again when it is done"]


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_journal_that_cannot_be_written_stops_the_apply(journal, book):
    code = (
        "import resource, signal, sys; from pathlib import Path; from xlmodel.sync.journal import Journal\n"
        "from xlmodel.errors import JournalError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n"
        "    with Journal(Path(sys.argv[1])).step(Path(sys.argv[2]), before='a', after='b'):\n"
        "        print('applied')\n"
        "except JournalError as error:\n"
        "    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(journal.folder), str(book)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "could not be written: File too large" in done.stdout
    assert "applied" not in done.stdout
    assert (journal.entries(), journal.torn(), journal.faults()) == ((), (), ()), "nothing of the line stays"


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_backups_come_back_as_they_were(tmp_path):
    backups = Backups(tmp_path)
    kept, again, synced = backups.keep(OLD), backups.keep(OLD), backups.keep_synced('{"Grüße": 1}')
    assert kept == again == sha(OLD)
    assert backups.content(kept) == OLD
    assert backups.synced(synced) == '{"Grüße": 1}'
    assert sorted(os.listdir(tmp_path / ".xlmodel/backups")) == [".gitignore", f"{kept}.xlsx"]
    assert os.listdir(tmp_path / ".xlmodel/synced") == [f"{synced}.json"]


def test_a_damaged_backup_is_never_given_back_and_is_mended_when_kept_again(tmp_path):
    backups = Backups(tmp_path)
    kept = backups.keep(OLD)
    backups.path(kept).write_bytes(OTHER)
    with pytest.raises(JournalError, match="damaged"):
        backups.content(kept)
    backups.keep(OLD)
    assert backups.content(kept) == OLD


@pytest.mark.parametrize("name", ["", "../../x", "ab" * 31 + "/x", "AB" * 32])
def test_a_backup_is_asked_for_by_a_hash_and_nothing_else(tmp_path, name):
    with pytest.raises(JournalError, match="64 digits"):
        Backups(tmp_path).content(name)


def test_a_missing_backup(tmp_path):
    with pytest.raises(JournalError, match="cannot be read: No such file"):
        Backups(tmp_path).content("ab" * 32)


def test_without_what_was_synced_last_it_is_said_how_to_go_on(tmp_path):
    advice = (
        r"synced/abab\w+\.json cannot be read: No such file.*from version control or a backup.*move .* \.xlmodel away"
    )
    with pytest.raises(JournalError, match=advice):
        Backups(tmp_path).synced("ab" * 32)


def test_a_killed_process_lets_the_journal_go(journal, book):
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from xlmodel.sync.journal import Journal\n"
            "with Journal(Path(sys.argv[1])).alone():\n    print('held', flush=True); time.sleep(60)",
            str(journal.folder),
        ],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    apply(journal, book)
    assert os.listdir(journal.path.parent) == ["journal.jsonl"]
