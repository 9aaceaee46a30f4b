"""A real PostgreSQL server for tests, begun once and thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Postgres", "postgres"]

PASSWORD = "a p@ss/w:rd%20&'"
_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")


@dataclass(frozen=True)
class Postgres:
    """A server that listens on a socket of its own."""

    folder: Path  #: of its socket
    password: str = PASSWORD

    def url(self, password: str = "${LEDGER_PASSWORD}") -> str:
        """Return its address as a project declares it."""
        return f"postgresql://finance:{password}@/finance?host={self.folder}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with an empty database `finance`, whose user must give the password."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed: initdb and postgres were not found")
    # a socket's path must be short, which pytest's folders are not
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = None
    try:
        as_user = _unprivileged(folder)
        password = folder / "password"
        password.write_text(PASSWORD)
        _run([*as_user, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "finance", "-A", "scram-sha-256",
              "--pwfile", str(password), "-N", "-E", "UTF8", "--locale=C"])  # fmt: skip
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*as_user, str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-c",
                 "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB"],
                stdout=log, stderr=log,
            )  # fmt: skip
        _made(folder, server)
        yield Postgres(folder)
    finally:
        if server is not None:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, and make the database."""
    psycopg = pytest.importorskip("psycopg")
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(
                host=str(folder), user="finance", password=PASSWORD, dbname="postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE finance")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    for pattern in _PLACES:
        places += sorted(Path("/").glob(pattern), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _unprivileged(folder: Path) -> list[str]:
    """Return what a command begins with so that it does not run as root, which the server refuses."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv to run it as nobody")
    shutil.chown(folder, "nobody")
    folder.chmod(0o755)
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        pytest.fail(f"{command[-1]} failed: {done.stderr[-2000:]}")
