"""Projects: a folder with `histor.toml` and `histor.db`, or with the address of a PostgreSQL database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from histor.model.errors import ConfigError, StoreError
from histor.store.access import Access
from histor.store.codings import Codings
from histor.store.database import WAIT, Database, open_database, said_as_ours
from histor.store.decisions import Decisions
from histor.store.feeds import Feeds
from histor.store.incidents import Incidents
from histor.store.matches import Matches
from histor.store.mentions import Mentions
from histor.store.migrate import upgrade
from histor.store.people import People
from histor.store.reports import Reports
from histor.store.runs import Runs
from histor.store.settings import DATABASE, SETTINGS, Settings, read_settings, write_settings
from histor.store.sketches import Sketches


class Transaction:
    """One transaction with a repository for each kind of record; they all see and write one state."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.connection)

    @cached_property
    def codings(self) -> Codings:
        return Codings(self.connection)

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(self.connection)

    @cached_property
    def matches(self) -> Matches:
        return Matches(self.connection)

    @cached_property
    def sketches(self) -> Sketches:
        return Sketches(self.connection)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.connection)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self.connection)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.connection)

    @cached_property
    def feeds(self) -> Feeds:
        return Feeds(self.connection)

    @cached_property
    def access(self) -> Access:
        return Access(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection)


class Project:
    """An open project. Threads may share it; another process opens its own."""

    def __init__(self, folder: Path, settings: Settings, database: Database) -> None:
        self.folder = folder
        self.settings = settings
        self.database = database

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state throughout, whatever others write meanwhile. Raises StoreError."""
        with self.database.read() as connection:
            yield Transaction(connection)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that writes all or nothing; writers take turns, so keep it short. Raises StoreError."""
        with self.database.write() as connection:
            yield Transaction(connection)

    def change_settings(self, settings: Settings) -> None:
        """Write the settings into `histor.toml`; they hold from now on. Raises ConfigError."""
        write_settings(self.folder / SETTINGS, settings)
        self.settings = settings

    def backup(self, target: Path) -> None:
        """Copy the whole database, as it stands at one moment, into the new file `target`.

        Others may go on reading and writing. Raises ConfigError if the file exists or the project is not on
        SQLite, StoreError if it cannot be written.
        """
        if not self.database.is_sqlite:
            raise ConfigError(
                "backup.server", "the project lies on a PostgreSQL server.", where=self.database.name,
                do="Back it up with pg_dump.",
            )  # fmt: skip
        if target.exists():
            raise ConfigError(
                "backup.exists", "there is such a file already.", where=str(target), do="Choose another name."
            )
        if not target.parent.is_dir():
            raise ConfigError(
                "backup.folder", "there is no such folder.", where=str(target.parent), do="Make it first."
            )
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            # A plain copy of a live file would lack what is still in the write-ahead log.
            with said_as_ours(str(target)), closing(sqlite3.connect(self.database.name, timeout=WAIT)) as connection:
                connection.execute("vacuum into ?", (str(part),))
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def init_project(folder: Path, database: str = DATABASE) -> Project:
    """Make a project in `folder`, which is made too. Raises ConfigError if there is one."""
    if (folder / SETTINGS).exists() or (folder / DATABASE).exists():
        raise ConfigError(
            "project.exists", "there is a project already.", where=str(folder), do="Look at it: histor status."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = _ready(database, folder, create=True)
        # Last, so that a break leaves nothing that looks like a project and is none.
        written = folder / f".{SETTINGS}.part"
        written.write_text(_FIRST_SETTINGS.format(database=msgspec.json.encode(database).decode()), encoding="utf-8")
        os.replace(written, folder / SETTINGS)
    except OSError as error:
        raise ConfigError(
            "project.folder", f"the folder cannot be written to ({error.strerror}).", where=str(folder),
            do="Choose another, or check its permissions.",
        ) from error  # fmt: skip
    return Project(folder, Settings(database), opened)


_FIRST_SETTINGS = """\
# A project of histor (https://pypi.org/project/histor).

# The file that holds it, or the address of a PostgreSQL database: "postgresql://USER@HOST/DATABASE".
database = {database}

[coding]
# A lexicon and an actors file of your own, laid over ours (paths from here).
# lexicon = "lexicon.toml"
# actors = "actors.tsv"

[review]
# Who codes this part of the reports that come in a second time, without seeing another's coding.
# second_coder = "bo"
# second_percent = 10
# Map tiles that browsers may ask for; without them the map is drawn from what ships.
# tiles = "https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
"""


def open_project(folder: Path) -> Project:
    """The project in `folder`, its tables brought up to this version.

    Raises ConfigError if there is none or its settings are wrong, StoreError if its database cannot be used
    or a newer histor made it.
    """
    if not (folder / SETTINGS).exists() and not (folder / DATABASE).exists():
        raise ConfigError(
            "project.missing", "there is no project here.", where=str(folder),
            do="Make one with histor init, or name one with --project DIR.",
        )  # fmt: skip
    settings = read_settings(folder / SETTINGS)
    if "://" not in settings.database and not (folder / settings.database).exists():
        raise StoreError(
            "store.missing", "the database is not there.", where=str(folder / settings.database),
            do="Put a backup in its place, or correct histor.toml.",
        )  # fmt: skip
    return Project(folder, settings, _ready(settings.database, folder))


def _ready(address: str, folder: Path, create: bool = False) -> Database:
    """The database with its tables brought up to this version."""
    database = open_database(address, folder)
    try:
        upgrade(database, create=create)
    except BaseException:
        database.close()
        raise
    return database


def default_folder() -> Path:
    """The project's folder where none is named: ``$HISTOR_PROJECT``, else the current folder."""
    return Path(os.environ.get("HISTOR_PROJECT") or ".")
