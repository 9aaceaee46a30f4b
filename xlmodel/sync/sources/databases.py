"""Connections to databases over SQLAlchemy: secrets from the environment alone, and never shown."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from xlmodel.sync.sources.extract import UnusableSourceError

if TYPE_CHECKING:
    import sqlalchemy

__all__ = ["connected", "shown_url"]

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
#: the drivers that are taken where a URL names none, and what to install for a driver that is missing
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mssql": "mssql+pyodbc"}
_INSTALL = {"duckdb": "xlmodel[duckdb]", "postgresql": "xlmodel[postgres]", "mssql": "xlmodel[mssql]"}
_HIDDEN = "***"
_CONNECT_SECONDS = 10
_LONGEST = 2_000_000.0  #: seconds that PostgreSQL can count


@contextmanager
def connected(
    url: str, *, reading: bool, environment: Mapping[str, str] | None = None, time_limit: float = _LONGEST
) -> Iterator[sqlalchemy.Connection]:
    """Connect to a database within a transaction, which is undone where anything goes wrong.

    Parameters
    ----------
    url : str
        As it is declared, with ${NAME} for what the environment holds.
    reading : bool
        Whether nothing is to be written; the database is asked to refuse it where it can.
    environment : mapping, optional
        In place of that of this process.
    time_limit : float
        Seconds that SQLite, DuckDB and PostgreSQL may take; other databases keep to limits of their own.

    Raises
    ------
    UnusableSourceError
        The database cannot be used, or took too long; the text shows no secret.
    """
    try:
        import sqlalchemy
    except ImportError:
        raise UnusableSourceError("needs the package SQLAlchemy: pip install xlmodel[sync]") from None
    taken = _Taken(os.environ if environment is None else environment)
    engine, deadline = None, time.monotonic() + time_limit
    try:
        address = _address(url, taken)
        engine = _engine(address, reading)
        with engine.connect() as connection:
            if reading and address.get_backend_name() == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            with connection.begin() as transaction, _limited(connection, deadline - time.monotonic()):
                yield connection
                if reading:
                    transaction.rollback()
    except UnusableSourceError as reason:
        raise UnusableSourceError(taken.without(str(reason))) from None
    except sqlalchemy.exc.NoSuchModuleError:
        kind = url.split(":")[0].split("+")[0]
        raise UnusableSourceError(taken.without(_missing(kind, f"knows no database {kind!r}"))) from None
    except ImportError as error:
        raise UnusableSourceError(taken.without(_missing(address.get_backend_name(), str(error)))) from None
    except sqlalchemy.exc.DBAPIError as error:
        if time.monotonic() >= deadline:
            raise UnusableSourceError(
                f"took longer than {time_limit:g} seconds: make the query simpler, or give it more time with time_limit"
            ) from None
        raise UnusableSourceError(taken.without(f"the database says: {_first_line(error.orig)}")) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise UnusableSourceError(taken.without(f"cannot be used: {_first_line(error)}")) from None
    finally:
        if engine is not None:
            engine.dispose()


def shown_url(url: str) -> str:
    """Return a declared URL as it may be shown: what comes from the environment by its name alone."""
    return _NAME.sub(_HIDDEN, url) if not _NAME.fullmatch(url) else url


class _Taken:
    """What was taken from the environment, to be left out of all that is said."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._secrets: set[str] = set()

    def filled(self, text: str) -> str:
        """Return a text with what the environment holds for its ${NAME}s."""
        return _NAME.sub(lambda match: self._value(match[1]), text)

    def hide(self, secret: str | None) -> None:
        """Leave a text out of what is said."""
        if secret:
            self._secrets.add(secret)

    def without(self, text: str) -> str:
        """Return a text without the secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text

    def _value(self, name: str) -> str:
        value = self._environment.get(name)
        if not value:
            raise UnusableSourceError(f"needs the environment variable {name}, which is not set")
        self.hide(value)
        return value


def _address(url: str, taken: _Taken) -> sqlalchemy.URL:
    """Return a URL with its parts filled in one by one: a password may hold any character."""
    from sqlalchemy import make_url

    whole = _NAME.fullmatch(url) is not None
    try:
        address = make_url(taken.filled(url) if whole else url)
    except ValueError:
        # its text may hold a part of a password
        raise UnusableSourceError("must have a database's address: its port must be a number") from None
    if whole:
        taken.hide(address.password)
    else:
        filled: dict[str, Any] = {
            part: taken.filled(getattr(address, part))
            for part in ("username", "password", "host", "database")
            if getattr(address, part)
        }
        query = {
            key: taken.filled(value) if isinstance(value, str) else tuple(map(taken.filled, value))
            for key, value in address.query.items()
        }
        address = address.set(**filled, query=query)
    return address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))


def _engine(address: sqlalchemy.URL, reading: bool) -> sqlalchemy.Engine:
    from sqlalchemy import NullPool, create_engine, event

    kind, arguments = address.get_backend_name(), dict[str, Any]()
    file = address.database if kind in ("sqlite", "duckdb") else None
    embedded = file is not None and file != ":memory:"
    if embedded and reading:
        assert file is not None
        if not Path(file).is_file():
            raise UnusableSourceError(f"must be a database file that is there; there is no {Path(file).name}")
        if kind == "duckdb":
            arguments["read_only"] = True
        else:
            address = address.set(database=f"file:{Path(file).as_uri()[7:]}", query={"mode": "ro", "uri": "true"})
    if address.get_driver_name().startswith("psycopg") and "connect_timeout" not in address.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    engine = create_engine(address, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
    if kind == "sqlite":
        # the driver itself would begin no transaction before a table is made
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


@contextmanager
def _limited(connection: sqlalchemy.Connection, seconds: float) -> Iterator[None]:
    """Have a database stop what it does after some time."""
    kind, seconds = connection.engine.dialect.name, min(max(seconds, 0.001), _LONGEST)
    if kind in ("sqlite", "duckdb"):
        driver = connection.connection.driver_connection
        assert driver is not None
        timer = Timer(seconds, driver.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
    else:
        if kind == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {math.ceil(seconds * 1000)}")
        yield


def _missing(kind: str, said: str) -> str:
    return f"needs the driver for {kind}: pip install {_INSTALL.get(kind, f'a SQLAlchemy driver for {kind}')} ({said})"


def _first_line(error: BaseException | None) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[:2]) or type(error).__name__
