"""The gazetteer as one SQLite file in the user's data folder: built once, then only read."""

from __future__ import annotations

import os
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any

import platformdirs
from rapidfuzz import fuzz

from histor.model.errors import ConfigError
from histor.resolve.gazetteer import Entry, Hit, loose_key, name_key
from histor.store.gazetteer_build import build
from histor.store.gazetteer_file import SHIPPED, VERSION, Report

__all__ = ["VERSION", "Report", "SqliteGazetteer", "build", "data_folder", "default_path", "open_gazetteer"]

LEAST_LIKENESS = 72.0  # rapidfuzz ratio of folded names under which a loose match is none


def data_folder() -> Path:
    """Where histor keeps what it builds: ``$HISTOR_DATA``, else the user's data folder."""
    given = os.environ.get("HISTOR_DATA")
    return Path(given) if given else Path(platformdirs.user_data_dir("histor", appauthor=False))


def default_path() -> Path:
    return data_folder() / "gazetteer.sqlite"


class SqliteGazetteer:
    """A built gazetteer; look-ups are cached, and the file is never written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            version = int(dict(self._connection.execute("select key, value from meta"))["version"])
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise _broken(path, error) from error
        if version != VERSION:
            raise ConfigError(
                "gazetteer.version",
                f"the gazetteer has version {version}, this histor needs {VERSION}.",
                where=str(path),
                do="Build it again: histor gazetteer build.",
            )
        self.find = lru_cache(maxsize=100_000)(self._find)
        self.find_like = lru_cache(maxsize=50_000)(self._find_like)

    @property
    def added(self) -> str | None:
        """The dumps that were laid over what ships, or None."""
        sources = dict(self._ask("select key, value from meta")).get("sources", SHIPPED)
        return None if sources == SHIPPED else str(sources)

    def _ask(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises ConfigError where the file turns out to be damaged."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _broken(self._path, error) from error

    def info(self) -> dict[str, Any]:
        """Counts and sources."""
        counts = dict(self._ask("select kind, count(*) from place group by kind order by kind"))
        names = self._ask("select count(*) from name")[0][0]
        meta = dict(self._ask("select key, value from meta"))
        return {"path": str(self._path), "bytes": self._path.stat().st_size, "places": counts, "names": names, **meta}

    def has(self, identifiers: set[int]) -> set[int]:
        """Those of some GeoNames ids that the gazetteer holds."""
        query = "select 1 from place where key = ?"
        return {i for i in identifiers if self._ask(query, (i,))}

    def _find(self, name: str) -> tuple[Hit, ...]:
        """Entries under exactly this name (folded), main names first, then by population and key."""
        rows = self._ask(
            "select place.*, name.main from name join place on place.key = name.place where name.folded = ?",
            (name_key(name),),
        )
        hits = [Hit(Entry(*row[:13]), "name" if row[13] else "alternate") for row in rows]
        return tuple(sorted(hits, key=lambda h: (h.match != "name", -h.entry.population, h.entry.key)))

    def _find_like(self, name: str, country: str) -> tuple[Hit, ...]:
        """Entries of one country whose names sound like this one, best first."""
        skeleton, wanted = loose_key(name), name_key(name)
        if len(skeleton) < 3:
            return ()
        rows = self._ask(
            "select place.*, loose.name from loose join place on place.key = loose.place where loose.country = ? and loose.folded = ?",
            (country, skeleton),
        )
        best: dict[int, Hit] = {}
        for row in rows:
            likeness = fuzz.ratio(wanted, row[13])
            entry = Entry(*row[:13])
            if likeness >= LEAST_LIKENESS and (entry.key not in best or best[entry.key].likeness < likeness / 100):
                best[entry.key] = Hit(entry, "fuzzy", likeness / 100)
        return tuple(sorted(best.values(), key=lambda h: (-h.likeness, -h.entry.population, h.entry.key)))


def _broken(path: Path, error: Exception) -> ConfigError:
    return ConfigError(
        "gazetteer.broken", f"the gazetteer cannot be read ({error}).", where=str(path),
        do="Build it again: histor gazetteer build.",
    )  # fmt: skip


def open_gazetteer(path: Path | None = None, report: Report = lambda *_: None) -> SqliteGazetteer:
    """The gazetteer, built first if there is none, or if an older histor built it from what ships.

    One of an older version that holds dumps of the user's is not replaced: ConfigError says so.
    """
    path = path or default_path()
    if not path.exists():
        build(path, report=report)
    try:
        return SqliteGazetteer(path)
    except ConfigError as error:
        if error.code != "gazetteer.version" or not _only_shipped(path):
            raise
    build(path, report=report)
    return SqliteGazetteer(path)


def _only_shipped(path: Path) -> bool:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return dict(connection.execute("select key, value from meta")).get("sources") == SHIPPED
    finally:
        connection.close()
