"""The worker process: what it answers, how it ends, and what it never does."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from books import book, write_workbook

from xlmodel.book import DefinedName
from xlmodel.book.package import Limits
from xlmodel.engine import CellKey, Reason, client, engines, evaluation, frames
from xlmodel.engine.client import Worker, dependents, evaluate
from xlmodel.engine.evaluation import pack, unpack
from xlmodel.engine.frames import FrameError, read_frame, write_frame
from xlmodel.errors import BookError, BookLimitError, EngineError
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.values import Values

T = Registry.collect({"T": "functions_of_engine_tests"})
VOLATILE = "NOW gives another value each time"  # of an engine that calculates nothing that is


@pytest.fixture(scope="module")
def worker():
    with Worker() as made:
        yield made


@pytest.fixture
def workbook(tmp_path):
    cells = {"A1": 2.0, "A2": "=A1*2", "A3": "=A2+1", "A4": "=T_RATE(A1,0)", "A5": "=NOW()", "B1": "=A1"}
    return write_workbook(tmp_path / "book 100%.xlsx", cells, {"A2": 4.0, "A3": 6.0, "A4": 9.0, "B1": 2.0})


def key(name):
    return CellKey("S", *parse_cell(name))


def test_an_evaluation(worker, workbook):
    seen = []
    found = evaluate(workbook, worker=worker, registry=T, timeout=120, progress=lambda *at: seen.append(at))
    assert [str(found.key(i)) for i in range(len(found))] == ["S!B1", "S!A2", "S!A3", "S!A4", "S!A5"]
    place = found.places
    assert all(found.place(cell) == at for cell, at in place.items())
    assert found.place(key("A1")) is found.place(CellKey("none", 1, 1)) is None
    assert found.formula_a1(place[key("A3")]) == "A2+1"
    assert found.saved.item(place[key("A3")]) == 6.0
    assert found.calculated.values.item(place[key("A3")]) == 5.0
    assert found.local.values.item(place[key("A3")]) == 5.0
    assert found.calculated.volatile == {place[key("A5")]}
    assert not found.calculated.reasons
    assert "population must be > 0" in found.calculated.messages[place[key("A4")]]
    assert (found.facts.date1904, found.facts.externals, len(found.facts.sha256)) == (False, 0, 64)
    assert seen[0] == (0, 5)
    assert worker.call("ping", timeout=30)[0]["pid"] == worker.pid


def test_only_what_was_asked_for(worker, workbook):
    found = evaluate(workbook, worker=worker, registry=T, what=["calculate"], inputs={key("A1"): 10.0}, timeout=120)
    assert found.local is None
    assert found.calculated.values.item(found.places[key("A3")]) == 21.0


@pytest.mark.parametrize("engine", sorted(engines()))
def test_every_engine_is_told_by_its_name(worker, workbook, engine):
    found = evaluate(workbook, worker=worker, registry=T, engine=engine, what=["calculate"], timeout=120)
    assert found.engine == engine
    place, result = found.place(key("A5")), found.calculated
    assert (place in result.volatile) != (result.reasons.get(place) == Reason("volatile", VOLATILE))


def test_what_arrays_fill_reasons_and_names_come_along():
    cells = {"A1": 1.0, "A2": 2.0, "B1": "=A1:A2*2", "C1": "=A1:A2+1", "D1": "=T_NONE(A1)", "D2": "=D1", "E1": "=Both"}
    names = (DefinedName("Both", "T_RATE(One,2)", None), DefinedName("One", "SUM(S!$A$1)", None))
    saved = {"B1": 2.0, "B2": 4.0, "C1": 9.0}
    made = book(cells, saved=saved, arrays={"B1": "B1:B2"}, dynamic={"C1": "C1"}, names=names)
    engine = engines()["native"]()
    engine.load(made.stripped(), T)
    found = unpack(*pack(made, "native", engine.calculate(), None))
    b1, c1, d1, d2, e1 = (found.place(key(name)) for name in ("B1", "C1", "D1", "D2", "E1"))
    calculated = found.calculated
    assert {i: v.scalars() for i, v in found.saved_arrays.items()} == {b1: [2.0, 4.0], c1: [9.0]}
    assert {i: v.scalars() for i, v in calculated.spills.items()} == {b1: [2.0, 4.0], c1: [2.0, 3.0]}
    assert (calculated.reasons[d1].code, calculated.reasons[d2].code) == ("unknown-function", "depends")
    assert found.functions(e1) == ("SUM", "T_RATE")


def test_arrays_too_large_to_compare_are_said_to_be(monkeypatch):
    monkeypatch.setattr(evaluation, "MAX_FILLED", 3)
    made = book({"A1": "=ROW(A1:A2)", "B1": "=ROW(B1:B2)"}, arrays={"A1": "A1:A2", "B1": "B1:B2"})
    found = unpack(*pack(made, "native", None, None))
    assert [v.shape for v in found.saved_arrays.values()] == [(2, 1), (0, 0)]


def test_dependents(worker, workbook):
    assert dependents([key("A2")], worker=worker, path=workbook, timeout=60) == {key("A3")}
    assert dependents([key("A1")], worker=worker, timeout=60) == {key(n) for n in ("A2", "A3", "A4", "B1")}


@pytest.mark.parametrize(
    ("content", "kind", "limits"), [(b"no zip", BookError, None), (None, BookLimitError, Limits(cells=2))]
)
def test_errors_keep_their_kind(worker, workbook, content, kind, limits):
    if content is not None:
        workbook.write_bytes(content)
    with pytest.raises(kind):
        evaluate(workbook, worker=worker, registry=T, limits=limits, timeout=60)
    assert worker.call("ping", timeout=30)


@pytest.mark.parametrize(
    ("op", "fields", "message"),
    [
        ("dance", {}, "knows no operation 'dance'"),
        ("evaluate", {"path": "x.xlsx", "registry": T.spec(), "engine": "abacus"}, "there is no engine 'abacus'"),
        (
            "evaluate",
            {"registry": {"collections": {"T": "functions_of_engine_tests"}, "source": "old"}},
            "source differs",
        ),
        ("evaluate", {"registry": {"collections": {"T": "no_such_module"}, "source": ""}}, "functions cannot be used"),
    ],
)
def test_what_it_refuses(worker, op, fields, message):
    with pytest.raises(EngineError, match=message):
        worker.call(op, timeout=60, **fields)


SLOW = """
from typing import Annotated
import os, time
import numpy as np
from xlmodel.registry import Numbers, Number, udf

@udf
def wait(seconds: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    \"\"\"Return the seconds waited.

    Parameters
    ----------
    seconds : float
        How long.
    \"\"\"
    time.sleep(float(np.max(seconds)))
    return seconds

@udf
def ask(what: Annotated[Numbers, Number()]) -> Annotated[Numbers, Number()]:
    \"\"\"Return nothing good.

    Parameters
    ----------
    what : float
        Which way out to try.
    \"\"\"
    import socket, subprocess
    try:
        if np.max(what) == 1:
            socket.create_connection(("127.0.0.1", 9))
        elif np.max(what) == 2:
            subprocess.run(["true"])
        else:
            os.system("true")
    except PermissionError:
        return what * 0 + 13
    return what
"""


@pytest.fixture
def slow(tmp_path, monkeypatch):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "slow_functions.py").write_text(SLOW, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "code"))
    yield Registry.collect({"SLOW": "slow_functions"})
    sys.modules.pop("slow_functions", None)


def test_at_the_limit_it_is_killed(slow, tmp_path):
    path = write_workbook(tmp_path / "slow.xlsx", {"A1": "=SLOW_WAIT(600)"})
    with Worker() as worker:
        worker.call("ping", timeout=60)
        first, start = worker.pid, time.monotonic()
        with pytest.raises(EngineError, match="evaluate did not finish within 6 s"):
            evaluate(path, worker=worker, registry=slow, timeout=6)
        assert time.monotonic() - start < 30
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        assert worker.call("ping", timeout=60)[0]["pid"] != first


def test_when_it_dies_the_error_says_so(slow, tmp_path):
    path = write_workbook(tmp_path / "slow.xlsx", {"A1": "=SLOW_WAIT(600)"})
    with Worker() as worker:
        worker.call("ping", timeout=60)
        threading.Timer(4, os.kill, (worker.pid, 9)).start()
        with pytest.raises(EngineError, match=r"the worker was ended by signal 9 during evaluate"):
            evaluate(path, worker=worker, registry=slow, timeout=60)
        assert worker.call("ping", timeout=60)


def test_the_last_words_are_told(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho first >&2\necho 'cannot start' >&2\nexit 3\n")
    python.chmod(0o755)
    with (
        Worker(python=str(python)) as worker,
        pytest.raises(EngineError, match="the worker ended with code 3 during ping: cannot start"),
    ):
        worker.call("ping", timeout=30)


def test_functions_reach_neither_network_nor_programs(slow, tmp_path, worker):
    path = write_workbook(tmp_path / "ask.xlsx", {f"A{i}": f"=SLOW_ASK({i})" for i in (1, 2, 3)})
    with Worker() as fresh:
        found = evaluate(path, worker=fresh, registry=slow, what=["calculate"], timeout=60)
    assert found.calculated.values.scalars() == [13.0, 13.0, 13.0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the memory limit is enforced on Linux only")
def test_memory_is_limited(tmp_path):
    path = write_workbook(tmp_path / "big.xlsx", {"A1": '=SUMPRODUCT(LEN(REPT("x",32000)&B1:B200000&"y"))', "A2": "=1"})
    small = Limits(total_bytes=50_000_000, part_bytes=50_000_000)
    with Worker(memory_bytes=900_000_000) as worker:
        found = evaluate(path, worker=worker, registry=T, what=["calculate"], limits=small, timeout=120)
        assert [found.calculated.reasons[0].code, found.calculated.values.item(1)] == ["limit", 1.0]
        with pytest.raises(EngineError, match="needs more memory than 900 MB"):
            evaluate(path, worker=worker, registry=T, engine="formulas", what=["calculate"], limits=small, timeout=120)
        path = write_workbook(tmp_path / "small.xlsx", {"A1": "=1+1"})
        found = evaluate(path, worker=worker, registry=T, what=["calculate"], limits=small, timeout=60)
        assert found.calculated.values.scalars() == [2.0]


def conversation(*lines):
    """Send raw lines to a worker and return what it answers, and what it wrote to standard error."""
    environment = client._environment()
    run = subprocess.run(
        [sys.executable, "-P", "-m", "xlmodel.engine.worker"],
        input=b"".join(lines),
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    return run.stdout, run.stderr, run.returncode


def test_nonsense_is_answered_and_survived():
    out, _, code = conversation(b"{not json}\n", b"[1,2]\n", b'{"op":"ping"}\n')
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == 3
    assert b"error" in lines[0]
    assert b"error" in lines[1]
    assert b"pid" in lines[2]


def test_noise_on_standard_output_goes_elsewhere(worker, workbook):
    for _ in range(3):  # T_RATE prints
        assert evaluate(workbook, worker=worker, registry=T, timeout=60).calculated is not None


WATCH = """
import json, os, sys
opened = []
def hook(event, args):
    if event == "open":
        opened.append(str(args[0]))
    elif event.startswith(("socket", "subprocess")):
        opened.append(event)
path = sys.argv[1]
from xlmodel.book import read_book
from xlmodel.engine import engines
from xlmodel.registry import Registry
book = read_book(path)
engine = engines()[sys.argv[2]]()
engine.load(book, Registry())
engine.calculate()  # libraries are loaded now
sys.addaudithook(hook)
book = read_book(path)
engine.load(book.stripped(), Registry())
result = engine.calculate()
engine.local(book)
print(json.dumps([opened, [x for x in result.values.scalars() if isinstance(x, float)]]))
"""


@pytest.mark.parametrize("engine", sorted(engines()))
def test_no_formula_opens_a_file(tmp_path, engine):
    target = tmp_path / "secret.xlsx"
    write_workbook(target, {"A1": 1.0})
    formulas = [
        "='/etc/[passwd]S'!A1", f"='{tmp_path}/[secret.xlsx]S'!A1", "=[secret.xlsx]S!A1+[1]S!A1",
        '=INDIRECT("\'[secret.xlsx]S\'!A1")', '=WEBSERVICE("http://127.0.0.1:9/")', "='http://127.0.0.1:9/[x.xlsx]S'!A1",
        f"=SUM('{tmp_path}/[secret.xlsx]S'!A1:A3)", '=HYPERLINK("file:///etc/passwd")', "='secret.xlsx'!Name",
    ]  # fmt: skip
    path = write_workbook(tmp_path / "book.xlsx", {f"A{i}": f for i, f in enumerate(formulas, 1)})
    environment = client._environment()
    run = subprocess.run(
        [sys.executable, "-P", "-c", WATCH, str(path), engine],
        capture_output=True,
        env=environment,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    opened, numbers = json.loads(run.stdout)
    assert set(opened) == {str(path)}
    assert numbers == []


def test_the_workbooks_folder_is_no_place_for_code(tmp_path, monkeypatch):
    (tmp_path / "xlmodel.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", ".", *sys.path])
    path = write_workbook(tmp_path / "book.xlsx", {"A1": "=1+1"})
    with Worker() as worker:
        assert evaluate("book.xlsx", worker=worker, registry=Registry(), timeout=60).calculated.values.scalars() == [
            2.0
        ]
    assert path.exists()


def test_frames_come_back_whole(tmp_path):
    values = Values.of([[1.5, "a\nb\x00"], [True, None]])
    header, arrays = {"x": 1}, {}
    frames.pack_values("v", values, header, arrays)
    with (tmp_path / "frame").open("wb") as out:
        write_frame(out, header, arrays)
    with (tmp_path / "frame").open("rb") as source:
        header, arrays = read_frame(source)
        assert read_frame(source) is None
    assert frames.unpack_values("v", header, arrays).scalars() == values.scalars()


@pytest.mark.parametrize(
    "line",
    [b"nonsense\n", b"[]\n", b'{"arrays":[["x","O",[1],8]]}\n', b'{"arrays":[["x","<f8",[2],8]]}\n12345678',
     b'{"arrays":[["x","<f8",[2],16]]}\n12345678', b'{"arrays":[["x","<f8",[-1],-8]]}\n'],
)  # fmt: skip
def test_frames_that_are_not(tmp_path, line):
    (tmp_path / "frame").write_bytes(line)
    with (tmp_path / "frame").open("rb") as source, pytest.raises(FrameError):
        read_frame(source)
