"""The same jobs on a real Dask scheduler with worker processes on this machine, one of which is killed on the way."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from verify.saved_books import MEANS, copied, saved_book

from xlmodel.errors import ConfigurationError
from xlmodel.lint.settings import LintSettings
from xlmodel.verify.also import Also
from xlmodel.verify.run import outcomes

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Dask's own, of sockets that a killed process left
    pytest.mark.skipif(os.name != "posix", reason="kills a process"),
]


def started(*arguments):
    command = [sys.executable, "-m", f"distributed.cli.{arguments[0]}", *arguments[1:]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers, each a process; its address and the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    common = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = started("dask_scheduler", "--port", address.rpartition(":")[2], *common)
    lone = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", *common)
    workers = [started("dask_worker", address, *lone) for _ in range(2)]
    with distributed.Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, workers
    for process in [*workers, scheduler]:
        process.kill()
        process.wait()


def told(found):
    cells = [o.verification and [(f.cell, f.calculated) for f in o.verification.findings] for o in found]
    return [(o.path.name, o.exit_code, o.error, judged) for o, judged in zip(found, cells, strict=True)]


def test_a_worker_is_killed_and_nothing_is_lost_or_done_twice(cluster, tmp_path):
    address, workers = cluster
    good = saved_book(tmp_path / "good.xlsx")
    paths = []
    for number in range(12):
        wrong = number % 3 == 0
        paths.append(copied(good, tmp_path / f"{number}.xlsx", *((b"<v>-21</v>", b"<v>-20</v>") if wrong else ())))
    paths.insert(5, tmp_path / "bad.xlsx")
    paths[5].write_bytes(b"PK\x03\x04")
    also, shares, found = Also(LintSettings(), baseline=True), [], []
    for outcome in outcomes(paths, MEANS, 1e-9, also, scheduler=address, advance=shares.append):
        found.append(outcome)
        if len(found) == 3:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
    assert [o.path for o in found] == paths
    assert sum(shares) == len(paths)
    assert told(found) == told(list(outcomes(paths, MEANS, 1e-9, also, jobs=2)))
    assert [o.exit_code for o in found].count(1) == 4
    assert workers[1].poll() is None


def test_no_scheduler_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setattr("xlmodel.verify.on_dask._CONNECTING", 1)
    started_at = time.monotonic()
    with pytest.raises(ConfigurationError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1\b"):
        list(outcomes([tmp_path / "a.xlsx"], MEANS, 1e-9, Also(), scheduler="tcp://127.0.0.1:1"))
    assert time.monotonic() - started_at < 30
