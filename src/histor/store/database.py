"""Connections and transactions: SQLite in one file, or a schema of a PostgreSQL server.

On SQLite a writing transaction begins with ``BEGIN IMMEDIATE``: it waits for its turn at the start, where
waiting is safe. A deferred one would find out in the middle that another has written, and be lost
("database is locked"). On PostgreSQL an advisory lock gives writers the same order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from histor.model.errors import ConfigError, HistorError, StoreError

WAIT = 120.0  # seconds that a writer waits for its turn
_LOCK = 0x686973746F72  # "histor": the advisory lock of writers


class Database:
    """An engine with the two kinds of transactions; safe to share between threads, not across a fork."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state throughout and holds up nobody. Raises StoreError."""
        with self._begin("read") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes all or nothing; writers take turns. Raises StoreError."""
        with self._begin("write") as connection:
            if not self.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection

    @contextmanager
    def _begin(self, mode: str) -> Iterator[Connection]:
        with (
            said_as_ours(self.name),
            self.engine.connect().execution_options(histor=mode) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(address: str, folder: Path) -> Database:
    """The database at `address`: a file name (relative to `folder`) or a ``postgresql://`` address.

    Raises ConfigError for an address of another kind, and where the driver of PostgreSQL is missing.
    """
    if "://" not in address:
        path = (folder / address).resolve()
        return Database(_sqlite(path), str(path))
    try:
        url = make_url(address)
        if url.get_backend_name() != "postgresql":
            raise ArgumentError(f"{url.get_backend_name()} is not known")
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), isolation_level="REPEATABLE READ", pool_pre_ping=True
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(
            "store.address", f"the database's address cannot be used ({error}).", where=_masked(address),
            do="Give a file name, or postgresql://USER@HOST/DATABASE.",
        ) from error  # fmt: skip
    except ImportError as error:
        raise ConfigError(
            "store.driver", "the driver for PostgreSQL is not installed.", do="Install it: pip install 'histor[postgres]'."
        ) from error  # fmt: skip
    _serve_postgres(engine)
    return Database(engine, url.render_as_string(hide_password=True))


def _masked(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _sqlite(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": WAIT})

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (
            "journal_mode = wal",
            "synchronous = full",  # what is committed is there after a power cut too
            "foreign_keys = on",
            "recursive_triggers = on",  # so that no REPLACE passes by the triggers of the ledger
            "trusted_schema = on",  # the search index reads a view
            "cache_size = -65536",
        ):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("histor") == "write"
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


def _serve_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        # A writer that waited must see what the one before it wrote: it reads anew with each statement.
        if connection.get_execution_options().get("histor") == "write":
            connection.exec_driver_sql("set transaction isolation level read committed")
        else:
            connection.exec_driver_sql("set transaction read only")


# --- errors --------------------------------------------------------------------------------------

_SAID: tuple[tuple[str, str, str, str], ...] = (
    ("database is locked", "store.locked", "another process holds the database.", "Wait for it to end and run this again."),
    ("disk is full", "store.full", "there is no room left.", "Make room and run this again: what is stored is whole."),
    ("readonly", "store.readonly", "the database may not be written to.", "Check the permissions of the file and folder."),
    ("unable to open", "store.open", "the database cannot be opened.", "Check the folder and its permissions."),
    ("not a database", "store.foreign", "this file is no SQLite database.", "Name the folder of a project."),
    ("malformed", "store.corrupt", "the file is damaged.", "Put the last backup in its place (histor backup makes them)."),
    ("disk I/O error", "store.io", "the disk does not answer as it should.", "Check the disk; then: histor verify."),
    ("resolve host", "store.connection", "the server's name is not known.", "Check its address."),
    ("connection", "store.connection", "the server cannot be reached.", "Check its address and that it runs."),
)  # fmt: skip


@contextmanager
def said_as_ours(where: str) -> Iterator[None]:
    """Turn what the database's driver raises into StoreError."""
    try:
        yield
    except HistorError:
        raise
    except (DBAPIError, sqlite3.Error) as error:
        raise _ours(error, where) from error


def _ours(error: Any, where: str) -> StoreError:
    original = str(getattr(error, "orig", None) or error)
    for words, code, what, do in _SAID:
        if words in original:
            return StoreError(code, what, where=where, do=do)
    return StoreError(
        "store.failed", f"the database refused ({' '.join(original.split())[:300]}).", where=where,
        do="Nothing half-written is left. Check the project: histor verify.",
    )  # fmt: skip
